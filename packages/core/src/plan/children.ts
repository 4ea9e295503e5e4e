import type { Cloud, ResourceType } from "../resource/model.ts";
import { canonicalProperties } from "./canonical.ts";
import { desire } from "./desire.ts";
import { environmentOf } from "./environment.ts";
import type { Change } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { type ChildSlots, childSlotKey } from "./slots.ts";
import { typeIn } from "./world.ts";

/** `<type>|<identifier>` of a parent, to the slots that children of any stack of the run declare in it. */
export type Children = ReadonlyMap<string, ChildSlots>;

export function declaredChildren<C extends Cloud>(worlds: readonly StackWorld<C>[]): Children {
  const children = new Map<string, Map<string, Set<string>>>();
  for (const world of worlds) {
    const environment = environmentOf(world.instance, world.liveAttributes);
    for (const id of world.order) {
      const within = typeIn(world, id).within;
      if (!within) continue;
      const parentType = parentOf(world, within.type);
      const { desired } = desire(world.instance, typeIn(world, id), id, environment, () => undefined);
      const parent = desired.properties[within.identifiedBy];
      if (!parentType || typeof parent !== "string") continue;
      const slots = children.get(`${within.type}|${parent}`) ?? new Map<string, Set<string>>();
      children.set(`${within.type}|${parent}`, slots);
      const keys = slots.get(within.property) ?? new Set<string>();
      slots.set(
        within.property,
        keys.add(childSlotKey(parentType, within.property, within.element(desired.properties))),
      );
    }
  }
  return children;
}

function parentOf<C extends Cloud>(world: StackWorld<C>, type: string): ResourceType<C> | undefined {
  return world.parentTypes.get(type);
}

/** A child that left the template stays while its parent, or another child, declares the same slot. */
export function slotIsWanted<C extends Cloud>(
  world: StackWorld<C>,
  owned: Owned<C>,
  changes: ReadonlyMap<string, Change<C>>,
  children: Children,
): boolean {
  const within = owned.type.within;
  const parentType = within && parentOf(world, within.type);
  if (!within || !parentType) return false;
  const { properties } = owned.observed;
  const parent = String(properties[within.identifiedBy]);
  const key = childSlotKey(parentType, within.property, within.element(properties));
  if (children.get(`${within.type}|${parent}`)?.get(within.property)?.has(key)) return true;
  const declaring = [...changes.values()].find(
    (change) => change.type.type === within.type && change.identifier === parent,
  );
  const wished = declaring?.desired && canonicalProperties(parentType, declaring.desired.properties)[within.property];
  return [wished ?? []].flat().some((element) => childSlotKey(parentType, within.property, element) === key);
}
