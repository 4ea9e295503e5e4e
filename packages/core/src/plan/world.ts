import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Environment } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { liveAttribute } from "./environment.ts";
import type { StackWorld } from "./observe.ts";

/** The type of a declared resource. */
export function typeIn<C extends Cloud>(world: StackWorld<C>, logicalId: string): ResourceType<C> {
  const type = world.types.get(logicalId);
  if (!type) throw new Error(`${logicalId} is not a resource of ${world.instance.stack.name}`);
  return type;
}

/** Attributes of what lives; what does not is unknown. */
export function liveOrUnknown<C extends Cloud>(world: StackWorld<C>): Environment["attribute"] {
  return (id, attribute) => {
    const observed = world.live.get(id);
    return (
      (observed && liveAttribute(typeIn(world, id), observed, attribute)) ?? {
        value: new Unknown([attribute ? `${id}.${attribute}` : id], "changes"),
      }
    );
  };
}
