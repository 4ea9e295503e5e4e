import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Environment } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { liveAttribute, sourceOf } from "./environment.ts";
import { knownIn } from "./known-in.ts";
import type { StackWorld } from "./observe.ts";

/** The type of a declared resource. */
export function typeIn<C extends Cloud>(world: StackWorld<C>, logicalId: string): ResourceType<C> {
  return knownIn(world.types, logicalId);
}

/** Attributes of what lives; what does not is unknown. */
export function liveOrUnknown<C extends Cloud>(world: StackWorld<C>): Environment["attribute"] {
  return (id, attribute) => {
    const observed = world.live.get(id);
    return (
      (observed && liveAttribute(typeIn(world, id), observed, attribute)) ?? {
        value: new Unknown([sourceOf(id, attribute)], "changes"),
      }
    );
  };
}
