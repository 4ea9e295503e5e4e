import { pointer, segmentsOf, valueAt } from "../pointer.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { isOwnTag, ownerTag, protectTag, resourceTag, retainedTag } from "../resource/owner.ts";
import type { Environment } from "../template/model.ts";
import { containsUnknown, type Properties, resourceIn, stableText, unknownsIn } from "../value.ts";
import { attribute, overall } from "./attribute.ts";
import { baseEnvironment } from "./base.ts";
import { canonicalProperties } from "./canonical.ts";
import type { Circumstances, Decision } from "./decide.ts";
import { desire } from "./desire.ts";
import type { Difference } from "./diff.ts";
import { environmentOf } from "./environment.ts";
import { filesOnly } from "./found-base.ts";
import { knownIn } from "./known-in.ts";
import type { Cause, Desired, PropertyChange } from "./model.ts";
import type { StackWorld } from "./observe.ts";
import { typeIn } from "./world.ts";

/** Why something that is declared does not live. Where nothing of ours does, the stack was never applied: that base declares it says only that nobody has run yet. */
export function createCause<C extends Cloud>(
  world: StackWorld<C>,
  options: { base: string | null; bases?: ReadonlyMap<string, string | null> },
  inBase: boolean,
): Cause {
  if (options.base === null) return null;
  // A commit of its own is the one that its last run applied.
  const applied = options.bases?.get(world.instance.stack.name) ?? filesOnly;
  const isApplied =
    applied !== filesOnly || [...world.live.keys()].some((id) => !world.adopting.has(id) && !world.existing.has(id));
  return inBase && isApplied ? "drift" : "change";
}

/** The resource as base declares it, evaluated with everything else as head has it. */
export function baseOf<C extends Cloud>(
  world: StackWorld<C>,
  id: string,
  type: ResourceType<C>,
  environment: Environment,
): Circumstances["base"] {
  const { base } = world;
  if (base?.stack.template.resources.get(id)?.type !== type.type) return undefined;
  const atBase = baseEnvironment(base, environment, world.undeclared, world.liveAttributes);
  const { desired } = desire(base, type, id, atBase, (properties) => world.nameOf(id, properties, "current"));
  return { properties: desired.properties, tags: desired.tags, sensitive: desired.evaluated.sensitive };
}

/** `asOthersAre`: how it would differ if every other resource stayed as it lives. */
export function causes<C extends Cloud>(
  world: StackWorld<C>,
  id: string,
  desired: Desired,
  observed: Observed | undefined,
  base: { properties: Properties; tags: Properties } | undefined,
  options: { base: string | null },
  causeOfResource: (logicalId: string) => Cause | undefined,
  asOthersAre: () => Decision["differences"],
): (difference: Decision["differences"][number]) => Cause {
  const { type } = desired;
  if (!observed) return () => null;
  const inputs = inputDependence(world, id);
  if (options.base === null) return (difference) => (difference.createOnly && inputs(difference) ? "input" : null);
  // It was somebody else's until now: whatever it is like is nothing that moved away from us.
  if (world.adopting.has(id)) return () => "change";
  const three = {
    shape: type.shape,
    head: { properties: canonicalProperties(type, desired.properties), tags: userTags(desired.tags) },
    live: { properties: canonicalProperties(type, observed.properties), tags: userTags(observed.tags ?? {}) },
    ...(base && { base: { properties: canonicalProperties(type, base.properties), tags: userTags(base.tags) } }),
    dependsOnInput: inputs,
  };
  return (difference) => {
    if (isNewName(difference) || saysOtherwise(world, id, difference)) return "change";
    const cause = attribute(difference, three);
    if (cause !== "drift") return cause;
    // It wants what another resource will be: it differs for the reason for which that one changes.
    const unknown = unknownsIn(difference.after).flatMap(({ sources }) => sources.map(resourceIn));
    const isTheirs = unknown.length === 0 && !asOthersAre().some((each) => isSame(each, difference));
    const theirs = [...unknown, ...(isTheirs ? usedAt(desired, difference.path) : [])].flatMap(
      (each) => causeOfResource(each) ?? [],
    );
    return theirs.length > 0 ? overall(theirs) : cause;
  };
}

function isSame(one: Difference, other: Difference): boolean {
  return one.path === other.path && stableText([one.before, one.after]) === stableText([other.before, other.after]);
}

/** The resources that a property is made of. */
function usedAt({ evaluated }: Desired, path: string): string[] {
  const [property] = segmentsOf(path);
  return evaluated.references.filter(({ at = "" }) => segmentsOf(at)[0] === property).map((each) => each.logicalId);
}

/** Only a declaration gives another name. */
function isNewName({ path, before }: Difference): boolean {
  return before !== undefined && [pointer("Tags", ownerTag), pointer("Tags", resourceTag)].includes(path);
}

/** Its protection and its policy stand on the resource as tags of ours: is their word another one than at base? */
function saysOtherwise<C extends Cloud>({ instance, base }: StackWorld<C>, id: string, { path }: Difference): boolean {
  const now = knownIn(instance.stack.template.resources, id);
  const before = base?.stack.template.resources.get(id);
  if (path === pointer("Tags", protectTag)) return now.reconcile.protect !== before?.reconcile.protect;
  return path === pointer("Tags", retainedTag) && now.deletionPolicy !== before?.deletionPolicy;
}

function userTags(tags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isOwnTag(key)));
}

/** Does what a difference wants depend on something outside the declaration? Found by evaluating with every outside value unknown. */
function inputDependence<C extends Cloud>(world: StackWorld<C>, id: string): (difference: Difference) => boolean {
  const { inputs, imports } = world.instance;
  const isInput = (value: unknown): boolean =>
    unknownsIn(value).some((unknown) => unknown.sources.some((source) => inputs.has(source) || imports.has(source)));
  let blind: Record<string, unknown> | undefined;
  return ({ path, after }) => {
    if (inputs.size + imports.size === 0) return false;
    const type = typeIn(world, id);
    const environment = environmentOf(world.blind, world.liveAttributes);
    blind ??= canonicalProperties(type, desire(world.blind, type, id, environment, () => undefined).desired.properties);
    const [property, ...below] = segmentsOf(path);
    const value = valueAt(blind, path);
    const list = blind[String(property)];
    if (value !== undefined || !Array.isArray(list)) return isInput(value ?? list);
    // An element of a list: it comes from outside when no element that is written out is the same.
    const written = list.some((element) => stableText(element) === stableText(after));
    return after !== undefined && below.length === 1 && !written && isInput(list);
  };
}

/** An element that goes because a newer outside value, or what another resource will be, takes its place goes for the same reason. */
export function pairReplaced(properties: readonly PropertyChange[]): PropertyChange[] {
  const listOf = (each: PropertyChange): string => each.path.slice(0, each.path.lastIndexOf("/"));
  const coming = properties.filter(
    (each) => each.before === undefined && (each.cause === "input" || containsUnknown(each.after)),
  );
  return properties.map((each) => {
    if (each.cause !== "drift" || each.after !== undefined) return each;
    const place = coming.findIndex((other) => listOf(other) === listOf(each));
    const [taking] = place === -1 ? [] : coming.splice(place, 1);
    return taking ? { ...each, cause: taking.cause } : each;
  });
}

/**
 * A newer outside value at a create-only property does not replace anything by itself: the live value stays. Gives the properties with it, and the names of those kept.
 * `leaving`: names of what this run deletes.
 */
export function keepInputs(
  desired: Desired,
  observed: Observed | undefined,
  decision: Decision,
  causeOf: (difference: Decision["differences"][number]) => Cause,
  leaving: ReadonlySet<string>,
): { kept: readonly string[]; properties: Properties } {
  const names = decision.differences
    .filter((each) => each.createOnly && causeOf(each) === "input")
    // What this very run takes away or makes anew cannot be kept.
    .filter((each) => !containsUnknown(each.after) && !leaving.has(String(each.before)))
    .flatMap((each) => segmentsOf(each.path).slice(0, 1));
  const kept = [...new Set(names)];
  const live = Object.fromEntries(kept.map((name) => [name, observed?.properties[name] as Properties[string]]));
  return { kept, properties: { ...desired.properties, ...live } };
}
