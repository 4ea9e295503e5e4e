import type { Diagnostic } from "../diagnostic.ts";
import { pointer } from "../pointer.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { adoptedTag } from "../resource/owner.ts";
import type { Environment, Known } from "../template/model.ts";
import { type Properties, stableText, Unknown } from "../value.ts";
import { overall } from "./attribute.ts";
import { baseOf, causes, createCause, keepInputs, pairReplaced } from "./causes.ts";
import { type Children, declaredChildren } from "./children.ts";
import { type Circumstances, type Decision, decide } from "./decide.ts";
import { leavingAnyway, planDeletions } from "./deletions.ts";
import { desire } from "./desire.ts";
import { changedBy } from "./diff.ts";
import { environmentOf, futureAttribute, liveAttribute, sourceOf, uncertain, updatedAttribute } from "./environment.ts";
import { knownIn } from "./known-in.ts";
import type { Change, Desired, Plan, PropertyChange, StackPlan, Unowned } from "./model.ts";
import type { StackWorld } from "./observe.ts";
import { namesOf } from "./order.ts";
import { typeIn } from "./world.ts";

export interface PlanOptions {
  revision: string | null;
  base: string | null;
  /** Logical ids (or `all`) whose deletion is allowed in spite of a guard. */
  allowDelete: readonly string[];
  /** Apply new outside values at create-only properties too. */
  refreshInputs?: boolean;
}

/** From what is and what should be to what has to be done. Pure: it reads nothing but its arguments. */
export function plan<C extends Cloud>(worlds: readonly StackWorld<C>[], options: PlanOptions): Plan<C> {
  const children = declaredChildren(worlds);
  const stacks = worlds.map((world) => planStack(world, children, options));
  return {
    revision: options.revision,
    base: options.base,
    stacks: stacks.map((each) => each.plan),
    diagnostics: [...worlds.flatMap((world) => world.diagnostics), ...stacks.flatMap((each) => each.diagnostics)],
    calls: Object.fromEntries(worlds.map((world) => [world.instance.stack.name, world.instance.cloud.calls()])),
  };
}

function planStack<C extends Cloud>(
  world: StackWorld<C>,
  children: Children,
  options: PlanOptions,
): { plan: StackPlan<C>; diagnostics: Diagnostic[] } {
  const changes = new Map<string, Change<C>>();
  const diagnostics: Diagnostic[] = [];
  const unowned: Unowned[] = [...world.unowned];
  const notes: { logicalId: string; message: string }[] = [];
  const environment = environmentOf(world.instance, (id, attribute) =>
    plannedAttribute(world, changes.get(id), id, attribute),
  );
  const refused = new Set(world.unowned.map((each) => each.logicalId));
  const leaving = new Set(leavingAnyway(world).flatMap(namesOf));

  for (const id of world.order) {
    if (refused.has(id)) continue;
    const outcome = planResource(world, id, { environment, children, leaving }, options);
    changes.set(id, outcome.change);
    const { action, observed } = outcome.change;
    if (action === "replace" && observed) for (const name of namesOf(observed)) leaving.add(name);
    diagnostics.push(...outcome.diagnostics);
    notes.push(...outcome.notes);
    for (const each of outcome.decision.unowned) {
      unowned.push({
        logicalId: id,
        type: outcome.change.type.type,
        identifier: each.key,
        path: pointer(each.property),
        ...(each.owner !== undefined && { owner: each.owner }),
      });
    }
  }
  const { deletions, orphans } = planDeletions(world, changes, children, options);
  const inTemplateOrder = [...world.instance.stack.template.resources.keys()].flatMap((id) => changes.get(id) ?? []);
  return {
    plan: { stack: world.instance, changes: [...inTemplateOrder, ...deletions], unowned, orphans, notes },
    diagnostics,
  };
}

function plannedAttribute<C extends Cloud>(
  world: StackWorld<C>,
  change: Change<C> | undefined,
  id: string,
  attribute: string | undefined,
): Known {
  const { location } = world.instance;
  const unknown: Known = { value: new Unknown([sourceOf(id, attribute)], "may-change") };
  if (!change?.desired) return unknown;
  const { type, observed, desired } = change;
  if (change.action === "create" || change.action === "replace" || !observed) {
    const future = futureAttribute(type, id, desired.properties, attribute, location);
    return change.impact === "may-replace" ? uncertain(future) : future;
  }
  if (change.action === "none") return liveAttribute(type, observed, attribute) ?? unknown;
  const changed = changedBy(change.properties);
  return updatedAttribute(type, id, observed, desired.properties, attribute, changed, location) ?? unknown;
}

function planResource<C extends Cloud>(
  world: StackWorld<C>,
  id: string,
  { environment, children, leaving }: { environment: Environment; children: Children; leaving: ReadonlySet<string> },
  options: PlanOptions,
): {
  change: Change<C>;
  decision: Decision;
  diagnostics: Diagnostic[];
  notes: { logicalId: string; message: string }[];
} {
  const { instance } = world;
  const type = typeIn(world, id);
  const { place, reconcile } = knownIn(instance.stack.template.resources, id);
  const observed = world.live.get(id);
  const { desired } = desire(instance, type, id, environment, (properties) => world.nameOf(id, properties, "current"));
  if (world.adopting.has(id) && type.handlers.tag) desired.tags = { ...desired.tags, [adoptedTag]: "true" };
  const base = baseOf(world, id, type, environment);
  const circumstances: Circumstances = {
    owner: instance.owner,
    children: (observed && children.get(`${type.type}|${observed.identifier}`)) ?? new Map(),
    ignore: reconcile.ignore ?? [],
    exclusive: reconcile.exclusive ?? [],
    ...(base && { base }),
    // As it is now: applying decides by the same set, and what is planned after this one is nothing that it names.
    ...(leaving.size > 0 && { leaving: new Set(leaving) }),
  };
  let decision = decide(desired, observed, circumstances);
  const causeOf = causes(world, id, desired, observed, base, options);
  const notes: { logicalId: string; message: string }[] = [];
  if (decision.action === "replace" && !options.refreshInputs) {
    const { kept, properties } = keepInputs(desired, observed, decision, causeOf);
    const lesser = decide({ ...desired, properties }, observed, circumstances);
    // What is replaced for another reason has nothing to keep.
    if (kept.length > 0 && lesser.impact !== "replaces") {
      desired.properties = properties;
      decision = lesser;
      notes.push({
        logicalId: id,
        message: `${kept.join(", ")} reads a newer outside value that would replace it; kept as it is (--refresh-inputs takes it)`,
      });
    }
  }
  const diagnostics: Diagnostic[] = [];
  const resource = `${id} (${type.type})`;
  let deleteFirst = false;
  if (decision.action === "replace" && observed) {
    if (world.adopting.has(id)) {
      diagnostics.push({
        code: "adopt.must-replace",
        severity: "error",
        message: `${observed.identifier} cannot be adopted as declared: ${decision.differences
          .filter((each) => each.createOnly)
          .map((each) => each.path.slice(1))
          .join(", ")} can only be set when it is made.`,
        remedy: "declare what is there, adopt it, and change it afterwards",
        resource,
        place,
      });
    } else if (!renamed(world, desired, observed)) {
      deleteFirst = true;
      if (!allows(options, id)) diagnostics.push(nameTaken(id, observed, decision, resource, place));
    }
  }
  const action = world.adopting.has(id) && decision.action !== "replace" ? "adopt" : decision.action;
  const properties = pairReplaced(
    decision.differences.map((each): PropertyChange => {
      const { createOnly, ...difference } = each;
      return { ...difference, cause: causeOf(each), requiresReplacement: createOnly };
    }),
  );
  if (decision.foreignTags.length > 0) notes.push({ logicalId: id, message: foreignTagNote(decision.foreignTags) });
  notes.push(...sharedNotes(type, id, desired.properties, observed));
  const change: Change<C> = {
    stack: instance,
    logicalId: id,
    type,
    action,
    ...(observed && { identifier: observed.identifier, observed }),
    reasons: action === "adopt" ? ["adopted"] : decision.reasons,
    cause:
      decision.action === "none"
        ? null
        : decision.action === "create"
          ? createCause(world, options, base !== undefined)
          : overall(properties.map((each) => each.cause)),
    impact: decision.impact,
    steps: decision.steps,
    place,
    properties,
    desired: desired,
    ...(deleteFirst && { deleteFirst }),
    circumstances,
  };
  return { change, decision, diagnostics, notes };
}

/** Can the new one stand beside the old one? It gets the next generated name, or its declared name differs; a type without names always can. */
function renamed<C extends Cloud>(world: StackWorld<C>, desired: Desired, observed: Observed): boolean {
  const { type } = desired;
  const before = type.naturalKey?.(observed.properties);
  if (before === undefined) return true;
  if (desired.generatedName) {
    const next = world.nameOf(desired.logicalId, desired.properties, "next");
    if (next === undefined) return false;
    desired.properties[desired.generatedName.property] = next;
    desired.generatedName = { ...desired.generatedName, name: next };
  }
  // What is not declared stays as it is: a group that names no VPC is made in the one where it lives.
  return type.naturalKey?.({ ...observed.properties, ...desired.properties }) !== before;
}

function nameTaken(
  id: string,
  observed: Observed,
  decision: Decision,
  resource: string,
  place: Diagnostic["place"],
): Diagnostic {
  const forcing = decision.differences.filter((each) => each.createOnly).map((each) => each.path.slice(1));
  return {
    code: "replace.name-taken",
    severity: "error",
    message: `${id} has to be replaced (${forcing.join(", ")} can only be set when it is made), and ${observed.identifier} has its name until it is deleted.`,
    remedy: `declare another name, or none so that one is generated; or delete it first with --allow-delete ${id}`,
    resource,
    ...(place && { place }),
  };
}

export function allows(options: Pick<PlanOptions, "allowDelete">, logicalId: string): boolean {
  return options.allowDelete.includes(logicalId) || options.allowDelete.includes("all");
}

function foreignTagNote(keys: readonly string[]): string {
  return `has ${keys.length} foreign tag${keys.length === 1 ? "" : "s"} (${keys.join(", ")})`;
}

function sharedNotes(
  type: ResourceType,
  logicalId: string,
  properties: Properties,
  observed: Observed | undefined,
): { logicalId: string; message: string }[] {
  return Object.entries(type.shape.properties)
    .filter(
      ([name, shape]) =>
        shape.undeclared === "shared" && properties[name] === undefined && observed?.properties[name] !== undefined,
    )
    .map(([name, shape]) => {
      const value = shape.annotation.sensitive ? "set" : stableText(observed?.properties[name]);
      return { logicalId, message: `${name} is ${value} and not declared` };
    });
}
