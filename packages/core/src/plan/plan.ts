import type { Diagnostic } from "../diagnostic.ts";
import { pointer } from "../pointer.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { adoptedTag, protectTag } from "../resource/owner.ts";
import type { Stack } from "../stack/model.ts";
import type { Environment, Known } from "../template/model.ts";
import { containsUnknown, type Properties, stableText, Unknown } from "../value.ts";
import type { Allowances } from "./allows.ts";
import { overall } from "./attribute.ts";
import { baseOf, causes, createCause, keepInputs, pairReplaced } from "./causes.ts";
import { type Children, declaredChildren, slotIsWanted, slotsIn } from "./children.ts";
import { type Circumstances, type Decision, decide } from "./decide.ts";
import { leavingAnyway, planDeletions, refuseAbandoning } from "./deletions.ts";
import { desire } from "./desire.ts";
import { changedBy } from "./diff.ts";
import {
  type AttributesOf,
  environmentOf,
  futureAttribute,
  liveAttribute,
  sourceOf,
  uncertain,
  updatedAttribute,
} from "./environment.ts";
import { planExisting } from "./existing.ts";
import { expiryNote } from "./expiry.ts";
import { hasNaturalKey } from "./find.ts";
import { refuseImportedElsewhere } from "./imported-elsewhere.ts";
import { knownIn } from "./known-in.ts";
import type { Cause, Change, Desired, Plan, PropertyChange, StackPlan, Unowned } from "./model.ts";
import { refuseUnclearMoves } from "./moves.ts";
import type { StackWorld } from "./observe.ts";
import { namesOf } from "./order.ts";
import { planReplacement, refuseUsed } from "./replacement.ts";
import { refuseUnset } from "./unset.ts";
import { holdUsed } from "./used-elsewhere.ts";
import { typeIn } from "./world.ts";

export interface PlanOptions extends Allowances {
  revision: string | null;
  base: string | null;
  /** By stack name, where stacks have bases of their own; null: not known. */
  bases?: ReadonlyMap<string, string | null>;
  /** Logical ids (or `stack/LogicalId`) of what is let go instead of deleted. */
  abandon: readonly string[];
  /** The project's stacks that are not in this run. */
  neighbours?: readonly Stack[];
  /** Apply new outside values at create-only properties too. */
  refreshInputs?: boolean;
}

/** From what is and what should be to what has to be done. Pure: it reads nothing but its arguments. */
export function plan<C extends Cloud>(worlds: readonly StackWorld<C>[], options: PlanOptions): Plan<C> {
  const children = declaredChildren(worlds);
  // What leaves in one stack may be named in another.
  const leaving = new Set(worlds.flatMap((world) => leavingAnyway(world, options)).flatMap(namesOf));
  const sharedSlots = new Map<string, Set<string>>();
  for (const [type, properties] of worlds.flatMap((world) => [...world.sharedSlots, ...(world.outside?.shared ?? [])]))
    sharedSlots.set(type, new Set([...(sharedSlots.get(type) ?? []), ...properties]));
  const planned = new Map<string, Planned<C>>();
  const attributesIn =
    (world: StackWorld<C>): AttributesOf =>
    (instance) => {
      const found = planned.get(instance.owner);
      return found ? plannedAttributes(found) : world.liveAttributes(instance);
    };
  const plans = new Map(
    inOrderOfImports(worlds).map((world) => {
      const changes: Planned<C>["changes"] = new Map();
      planned.set(world.instance.owner, { world, changes });
      const environment = environmentOf(world.instance, attributesIn(world));
      const { base = options.base } = { base: options.bases?.get(world.instance.stack.name) };
      const own = { ...options, base };
      return [world, planStack(world, changes, { environment, children, leaving, sharedSlots }, own)] as const;
    }),
  );
  const stacks = worlds.map((world) => knownIn(plans, world));
  const held = holdUsed(stacks.map((each) => each.plan));
  return {
    revision: options.revision,
    base: options.base,
    stacks: held.stacks,
    diagnostics: [
      ...worlds.flatMap((world) => world.diagnostics),
      ...noteMissing(worlds),
      ...stacks.flatMap((each) => each.diagnostics),
      ...held.diagnostics,
      ...refuseUsed(held.stacks),
      ...refuseUnclearMoves(held.stacks, options, options.neighbours),
      ...refuseImportedElsewhere(held.stacks, worlds, options.neighbours ?? [], { ...options, planned: attributesIn }),
      ...refuseAbandoning(worlds, options),
    ],
    calls: Object.fromEntries(worlds.map((world) => [world.instance.stack.name, world.instance.cloud.calls()])),
  };
}

/** What a stack depends on and is not part of the run is neither waited for nor looked at. */
function noteMissing<C extends Cloud>(worlds: readonly StackWorld<C>[]): Diagnostic[] {
  const stacks = worlds.map((world) => world.instance.stack);
  return stacks.flatMap(({ name, dependsOn, place }) =>
    dependsOn
      .filter((other) => !stacks.some((each) => each.name === other))
      .map(
        (other): Diagnostic => ({
          code: "stack.depends-on-absent",
          severity: "note",
          message: `${name} depends on ${other}, which is not part of this run.`,
          remedy: `what ${name} needs of it has to be there; to do both in one run, give both, or their folder`,
          place,
        }),
      ),
  );
}

/** A stack whose planning has begun. */
interface Planned<C extends Cloud> {
  world: StackWorld<C>;
  /** So far. */
  changes: Map<string, Change<C>>;
}

/** What a stack imports from comes before it. */
function inOrderOfImports<C extends Cloud>(worlds: readonly StackWorld<C>[]): StackWorld<C>[] {
  const ordered = new Set<StackWorld<C>>();
  const visit = (world: StackWorld<C>): void => {
    if (ordered.has(world)) return;
    const sources = new Set([...world.instance.imports.values()].map((source) => source.instance));
    for (const other of worlds) if (other !== world && sources.has(other.instance)) visit(other);
    ordered.add(world);
  };
  for (const world of worlds) visit(world);
  return [...ordered];
}

/** What the resources of a stack look like from each other while it is planned. */
interface Surroundings {
  environment: Environment;
  children: Children;
  /** Names of what is deleted by this run. */
  leaving: Set<string>;
  /** See `StackWorld.sharedSlots`, of all stacks. */
  sharedSlots: ReadonlyMap<string, ReadonlySet<string>>;
}

function planStack<C extends Cloud>(
  world: StackWorld<C>,
  changes: Map<string, Change<C>>,
  surroundings: Surroundings,
  options: PlanOptions,
): { plan: StackPlan<C>; diagnostics: Diagnostic[] } {
  const { children, leaving } = surroundings;
  const diagnostics: Diagnostic[] = [];
  const unowned: Unowned[] = [...world.unowned];
  const notes: { logicalId: string; message: string }[] = [];
  const absent = [...world.existing].filter((id) => !world.live.has(id));
  const refused = new Set([...world.unowned.map((each) => each.logicalId), ...absent]);
  for (const id of world.order) {
    if (refused.has(id)) continue;
    const found = world.existing.has(id) ? world.live.get(id) : undefined;
    if (found) {
      const { desired } = desire<C>(world.instance, typeIn(world, id), id, surroundings.environment, () => undefined);
      const { change, diagnostics: differing } = planExisting<C>(world.instance, desired, found, children);
      changes.set(id, change);
      diagnostics.push(...differing);
      continue;
    }
    const outcome = planResource(world, id, changes, surroundings, options);
    changes.set(id, outcome.change);
    const { action, observed, keepsOld } = outcome.change;
    if (action === "replace" && observed && !keepsOld) for (const name of namesOf(observed)) leaving.add(name);
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
  const { deletions, orphans, diagnostics: ofDeletions } = planDeletions(world, changes, children, options);
  diagnostics.push(...ofDeletions);
  const inTemplateOrder = [...world.instance.stack.template.resources.keys()].flatMap((id) => changes.get(id) ?? []);
  return {
    plan: { stack: world.instance, changes: [...inTemplateOrder, ...deletions], unowned, orphans, notes },
    diagnostics,
  };
}

function plannedAttributes<C extends Cloud>({ world, changes }: Planned<C>): Environment["attribute"] {
  return (id, attribute) => plannedAttribute(world, changes.get(id), id, attribute);
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
  changes: ReadonlyMap<string, Change<C>>,
  { environment, children, leaving, sharedSlots: allSharedSlots }: Surroundings,
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
  const { desired } = desire(instance, type, id, environment, (properties) => world.nameOf(id, properties, "current"));
  if (world.adopting.has(id) && type.handlers.tag) desired.tags = { ...desired.tags, [adoptedTag]: "true" };
  const observed = liveOf(world, desired, { changes, children });
  const base = baseOf(world, id, type, environment);
  const sharedSlots = allSharedSlots.get(type.type);
  const circumstances: Circumstances = {
    owner: instance.owner,
    children: observed ? slotsIn(children, type.type, observed.identifier) : new Map(),
    ignore: reconcile.ignore ?? [],
    exclusive: reconcile.exclusive ?? [],
    ...(reconcile.protect !== undefined && { protect: reconcile.protect }),
    ...(base && { base }),
    // As it is now: applying decides by the same set, and what is planned after this one is nothing that it names.
    ...(leaving.size > 0 && { leaving: new Set(leaving) }),
    ...(sharedSlots && { sharedSlots }),
  };
  let decision = decide(desired, observed, circumstances);
  const asOthersAre = (): Decision["differences"] => {
    const live = environmentOf(instance, world.liveAttributes);
    const { desired } = desire(instance, type, id, live, (properties) => world.nameOf(id, properties, "current"));
    return decide(desired, observed, circumstances).differences;
  };
  const causeOfOther = (source: string): Cause | undefined => changes.get(source)?.cause;
  const causeOf = causes(world, id, desired, observed, base, options, causeOfOther, asOthersAre);
  const notes: { logicalId: string; message: string }[] = [];
  if (decision.action === "replace" && !options.refreshInputs) {
    const { kept, properties } = keepInputs(desired, observed, decision, causeOf, leaving);
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
  const replacement =
    decision.action === "replace" && observed
      ? planReplacement(world, desired, observed, decision, options)
      : { change: {}, diagnostics: [] };
  const action = world.adopting.has(id) && decision.action !== "replace" ? "adopt" : decision.action;
  const properties = pairReplaced(
    decision.differences.map((each): PropertyChange => {
      const { createOnly, ...difference } = each;
      return { ...difference, cause: causeOf(each), requiresReplacement: createOnly };
    }),
  );
  if (decision.foreignTags.length > 0) notes.push({ logicalId: id, message: foreignTagNote(decision.foreignTags) });
  const expiry = expiryNote(knownIn(instance.stack.template.resources, id), world.today);
  if (expiry !== undefined) notes.push({ logicalId: id, message: expiry });
  notes.push(...protectionNotes(type, id, reconcile.protect, observed));
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
    circumstances,
    ...replacement.change,
  };
  const stays =
    observed && decision.action !== "replace"
      ? refuseUnset(desired, observed, circumstances, decision.differences, place)
      : [];
  return { change, decision, diagnostics: [...replacement.diagnostics, ...stays], notes };
}

/** What lives of a resource. A child that moves on leaves what its parent declares now to that: nothing of its own lives then. */
function liveOf<C extends Cloud>(
  world: StackWorld<C>,
  { logicalId, type, properties }: Desired<C>,
  { changes, children }: { changes: ReadonlyMap<string, Change<C>>; children: Children },
): Observed | undefined {
  const observed = world.live.get(logicalId);
  if (!observed || hasNaturalKey(type, properties, observed.properties)) return observed;
  // Its parent is made anew, and it with its parent.
  if (type.within && containsUnknown(properties[type.within.identifiedBy])) return observed;
  // Something else that it is made of is made anew: as of now it is where it is declared itself.
  const now = desire(
    world.instance,
    type,
    logicalId,
    environmentOf(world.instance, world.liveAttributes),
    () => undefined,
  );
  if (hasNaturalKey(type, now.desired.properties, observed.properties)) return observed;
  return slotIsWanted(world, { logicalId, type, observed }, changes, children) ? undefined : observed;
}

function foreignTagNote(keys: readonly string[]): string {
  return `has ${keys.length} foreign tag${keys.length === 1 ? "" : "s"} (${keys.join(", ")})`;
}

/** A protection that does not do what its line says by itself. */
function protectionNotes(
  type: ResourceType,
  logicalId: string,
  declared: boolean | undefined,
  observed: Observed | undefined,
): { logicalId: string; message: string }[] {
  if (declared && !type.handlers.tag)
    return [{ logicalId, message: "cannot be tagged: it is protected as long as git says so" }];
  if (declared === undefined && observed?.tags?.[protectTag] !== undefined)
    return [{ logicalId, message: "is still protected; protect: false lifts it" }];
  return [];
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
