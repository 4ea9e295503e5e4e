import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import { sourceOf, Unknown } from "../value.ts";
import { type AttributesOf, liveAttribute } from "./environment.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";
import type { StackWorld } from "./observe.ts";

/** What lives of every stack that is looked at: by owner and logical id. */
export type Live = Map<string, ReadonlyMap<string, Observed>>;

/** What tells one live resource of a stack from all others. */
export function ownedKey({ type }: Pick<ResourceType, "type">, { identifier }: Pick<Observed, "identifier">): string {
  return `${type}|${identifier}`;
}

/** The same among the resources of all stacks: those of two accounts or regions may have one name. */
export function placedKey(
  { location }: Pick<StackInstance, "location">,
  type: Pick<ResourceType, "type" | "scope">,
  observed: Pick<Observed, "identifier">,
): string {
  return `${location.account}|${type.scope === "region" ? location.region : ""}|${ownedKey(type, observed)}`;
}

/** The type of a declared resource. */
export function typeIn<C extends Cloud>(world: StackWorld<C>, logicalId: string): ResourceType<C> {
  return knownIn(world.types, logicalId);
}

/** Attributes of what lives; what does not is unknown. */
export function liveOrUnknown<C extends Cloud>(live: Live, registry: Registry<C>): AttributesOf {
  return ({ stack, owner }) =>
    (id, attribute) => {
      const observed = live.get(owner)?.get(id);
      const type = registry.get(stack.template.resources.get(id)?.type ?? "");
      const known = observed && type && liveAttribute(type, observed, attribute);
      return known ?? { value: new Unknown([sourceOf(id, attribute)], "changes") };
    };
}
