import type { Allowances } from "../plan/allows.ts";
import { type AttributesOf, liveAttribute } from "../plan/environment.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { sourceOf, Unknown } from "../value.ts";
import type { Clock } from "./clock.ts";
import type { RunEvent } from "./model.ts";

/** What the steps of one run share. */
export interface StepContext<C extends Cloud> extends Allowances {
  worlds: readonly StackWorld<C>[];
  clock: Clock;
  /** Of this run alone: makes its client tokens differ from every other run's. */
  nonce: string;
  /** By `liveKey`: as it is now. */
  live: Map<string, Observed>;
  mutated: boolean;
  /** Throws when this run may not write to the stack any more. */
  permit?(stack: string): void;
  emit(event: RunEvent): void;
  elapsed(): number;
}

/** `<stack>/<LogicalId>`. */
export function liveKey(stack: string, logicalId: string): string {
  return `${stack}/${logicalId}`;
}

/** What one stack of a run sees: attributes of the resources of the run's stacks as they are now, and of the others that it imports from as they were read. */
export function attributesIn<C extends Cloud>({ worlds, live }: StepContext<C>, own: StackWorld<C>): AttributesOf {
  return (instance) => {
    const world = worlds.find((each) => each.instance.owner === instance.owner);
    if (!world) return own.liveAttributes(instance);
    return (id, attribute) => {
      const observed = live.get(liveKey(world.instance.stack.name, id));
      const type: ResourceType<C> | undefined = world.types.get(id);
      const known = observed && type && liveAttribute(type, observed, attribute);
      return known ?? { value: new Unknown([sourceOf(id, attribute)], "may-change") };
    };
  };
}
