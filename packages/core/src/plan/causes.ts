import { segmentsOf, valueAt } from "../pointer.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { isOwnTag } from "../resource/owner.ts";
import type { Environment } from "../template/model.ts";
import { type Properties, unknownsIn } from "../value.ts";
import { attribute } from "./attribute.ts";
import { canonicalProperties } from "./canonical.ts";
import type { Decision } from "./decide.ts";
import { desire } from "./desire.ts";
import { environmentOf } from "./environment.ts";
import type { Cause, Desired } from "./model.ts";
import type { StackWorld } from "./observe.ts";
import { liveOrUnknown, typeIn } from "./world.ts";

/** Why something that is declared does not live. Where nothing of the stack does, it was never applied: that base declares it too says only that nobody has run yet. */
export function createCause(options: { base: string | null }, inBase: boolean, isApplied: boolean): Cause {
  if (options.base === null) return null;
  return inBase && isApplied ? "drift" : "change";
}

/** The resource as base declares it, evaluated with everything else as head has it. */
export function baseOf<C extends Cloud>(
  world: StackWorld<C>,
  id: string,
  type: ResourceType<C>,
  environment: Environment,
): { properties: Properties; tags: Properties } | undefined {
  const { base } = world;
  if (base?.stack.template.resources.get(id)?.type !== type.type) return undefined;
  const { desired } = desire(base, type, id, { ...environment, parameters: base.parameters }, (properties) =>
    world.nameOf(id, properties, "current"),
  );
  return { properties: desired.properties, tags: desired.tags };
}

export function causes<C extends Cloud>(
  world: StackWorld<C>,
  id: string,
  desired: Desired,
  observed: Observed | undefined,
  base: { properties: Properties; tags: Properties } | undefined,
  options: { base: string | null },
): (difference: Decision["differences"][number]) => Cause {
  const { type } = desired;
  if (!observed) return () => null;
  const inputs = inputPaths(world, id);
  if (options.base === null) return (difference) => (difference.createOnly && inputs(difference.path) ? "input" : null);
  const three = {
    shape: type.shape,
    head: { properties: canonicalProperties(type, desired.properties), tags: userTags(desired.tags) },
    live: { properties: canonicalProperties(type, observed.properties), tags: userTags(observed.tags ?? {}) },
    ...(base && { base: { properties: canonicalProperties(type, base.properties), tags: userTags(base.tags) } }),
    dependsOnInput: inputs,
  };
  return (difference) => attribute(difference, three);
}

function userTags(tags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isOwnTag(key)));
}

/** Does the value at a pointer depend on something outside the declaration? Found by evaluating with every outside value unknown. */
function inputPaths<C extends Cloud>(world: StackWorld<C>, id: string): (path: string) => boolean {
  let blind: Properties | undefined;
  return (path) => {
    if (world.instance.inputs.size === 0) return false;
    blind ??= desire(
      world.blind,
      typeIn(world, id),
      id,
      environmentOf(world.blind, liveOrUnknown(world)),
      () => undefined,
    ).desired.properties;
    const [property] = segmentsOf(path);
    const value = property === undefined ? undefined : (valueAt(blind, path) ?? blind[property]);
    return unknownsIn(value).some((unknown) => unknown.sources.some((source) => world.instance.inputs.has(source)));
  };
}

/** A newer outside value at a create-only property does not replace anything by itself: the live value stays. Gives the properties with it, and the names of those kept. */
export function keepInputs(
  desired: Desired,
  observed: Observed | undefined,
  decision: Decision,
  causeOf: (difference: Decision["differences"][number]) => Cause,
): { kept: readonly string[]; properties: Properties } {
  const names = decision.differences
    .filter((each) => each.createOnly && causeOf(each) === "input")
    .map((each) => segmentsOf(each.path)[0] ?? "");
  const kept = [...new Set(names)];
  const live = Object.fromEntries(kept.map((name) => [name, observed?.properties[name] as Properties[string]]));
  return { kept, properties: { ...desired.properties, ...live } };
}
