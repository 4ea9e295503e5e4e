import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Observed } from "../resource/model.ts";
import { adoptedTag } from "../resource/owner.ts";
import type { Environment } from "../template/model.ts";
import { containsUnknown } from "../value.ts";
import { overall } from "./attribute.ts";
import { baseOf, causes, createCause, keepInputs, pairReplaced } from "./causes.ts";
import { type Children, slotIsWanted, slotsIn } from "./children.ts";
import { type Circumstances, type Decision, decide } from "./decide.ts";
import { desire } from "./desire.ts";
import { environmentOf } from "./environment.ts";
import { expiryNote } from "./expiry.ts";
import { hasNaturalKey } from "./find.ts";
import { knownIn } from "./known-in.ts";
import type { Cause, Change, Desired, PropertyChange } from "./model.ts";
import { foreignTagNote, protectionNotes, sharedNotes } from "./notes.ts";
import type { StackWorld } from "./observe.ts";
import type { PlanOptions } from "./plan.ts";
import { planReplacement } from "./replacement.ts";
import { refuseUnset } from "./unset.ts";
import { typeIn } from "./world.ts";

/** What the resources of a stack look like from each other while it is planned. */
export interface Surroundings {
  environment: Environment;
  children: Children;
  /** Names of what is deleted by this run. */
  leaving: Set<string>;
  /** See `StackWorld.sharedSlots`, of all stacks. */
  sharedSlots: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is to be done about one declared resource, and what speaks against it. */
export function planResource<C extends Cloud>(
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
    children: observed ? slotsIn(children, instance, type, observed.identifier) : new Map(),
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
    desired,
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
  return slotIsWanted(world, { logicalId, type, observed }, changes.values(), children) ? undefined : observed;
}
