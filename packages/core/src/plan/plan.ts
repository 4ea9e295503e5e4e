import type { Diagnostic } from "../diagnostic.ts";
import { pointer } from "../pointer.ts";
import type { Cloud } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import type { Environment, Known } from "../template/model.ts";
import { sourceOf, Unknown } from "../value.ts";
import type { Allowances } from "./allows.ts";
import { declaredChildren } from "./children.ts";
import { leavingAnyway, planDeletions, refuseAbandoning } from "./deletions.ts";
import { desire } from "./desire.ts";
import { changedBy } from "./diff.ts";
import {
  type AttributesOf,
  environmentOf,
  futureAttribute,
  liveAttribute,
  uncertain,
  updatedAttribute,
} from "./environment.ts";
import { planExisting } from "./existing.ts";
import { refuseImportedElsewhere } from "./imported-elsewhere.ts";
import { knownIn } from "./known-in.ts";
import { refuseLost } from "./lost.ts";
import { namesOf } from "./mentions.ts";
import type { Change, Plan, StackPlan, Unowned } from "./model.ts";
import { refuseUnclearMoves } from "./moves.ts";
import type { StackWorld } from "./observe.ts";
import { planResource, type Surroundings } from "./plan-resource.ts";
import { refuseUsed } from "./replacement.ts";
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
  const optionsOf = ({ instance }: StackWorld<C>): PlanOptions => {
    const base = options.bases?.get(instance.stack.name);
    return base === undefined ? options : { ...options, base };
  };
  const plans = new Map(
    inOrderOfImports(worlds).map((world) => {
      const changes: Planned<C>["changes"] = new Map();
      planned.set(world.instance.owner, { world, changes });
      const environment = environmentOf(world.instance, attributesIn(world));
      const surroundings = { environment, children, leaving, sharedSlots };
      return [world, planDeclared(world, changes, surroundings, optionsOf(world))] as const;
    }),
  );
  // What one stack declares no more may be another one's now.
  const declared = [...planned.values()].flatMap(({ changes }) => [...changes.values()]);
  const stacks = worlds.map((world) => ({
    world,
    ...withDeletions(knownIn(plans, world), planDeletions(world, declared, children, optionsOf(world))),
  }));
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
      ...refuseLost(
        stacks,
        held.stacks.flatMap((each) => each.changes),
        children,
      ),
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

/** The plan of what a stack declares. Fills `changes`. */
function planDeclared<C extends Cloud>(
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
  const inTemplateOrder = [...world.instance.stack.template.resources.keys()].flatMap((id) => changes.get(id) ?? []);
  return {
    plan: { stack: world.instance, changes: inTemplateOrder, unowned, orphans: [], notes },
    diagnostics,
  };
}

function withDeletions<C extends Cloud>(
  { plan: declared, diagnostics }: ReturnType<typeof planDeclared<C>>,
  { deletions, orphans, kept, ...own }: ReturnType<typeof planDeletions<C>>,
): { plan: StackPlan<C>; diagnostics: Diagnostic[]; kept: typeof kept } {
  return {
    plan: { ...declared, changes: [...declared.changes, ...deletions], orphans },
    diagnostics: [...diagnostics, ...own.diagnostics],
    kept,
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
