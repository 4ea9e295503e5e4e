import type { Cloud, ResourceType } from "../resource/model.ts";
import { canonicalProperties } from "./canonical.ts";
import { desire } from "./desire.ts";
import { environmentOf } from "./environment.ts";
import type { Change, StackInstance } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { type ChildSlots, childSlotKey } from "./slots.ts";
import { placedKey, typeIn } from "./world.ts";

/** By the `placedKey` of a parent: the slots that children of any stack declare in it; under the identifier `*`, in one that is not known. */
export type Children = ReadonlyMap<string, ChildSlots>;
/** The same, while they are gathered. */
export type GrowingChildren = Map<string, Map<string, Set<string>>>;

/** The slots that children of all stacks declare, those of stacks that are not part of the run among them. */
export function declaredChildren<C extends Cloud>(worlds: readonly StackWorld<C>[]): Children {
  const children: GrowingChildren = new Map();
  for (const [parent, slots] of worlds.flatMap((world) => [...(world.outside?.children ?? [])]))
    children.set(parent, new Map([...slots].map(([property, keys]) => [property, new Set(keys)])));
  for (const world of worlds) {
    const environment = environmentOf(world.instance, world.liveAttributes);
    for (const id of world.order) {
      const within = typeIn(world, id).within;
      if (!within) continue;
      const parentType = world.parentTypes.get(within.type);
      const { desired } = desire(world.instance, typeIn(world, id), id, environment, () => undefined);
      const parent = desired.properties[within.identifiedBy];
      if (!parentType || typeof parent !== "string") continue;
      const key = childSlotKey(parentType, within.property, within.element(desired.properties));
      addSlot(children, placedKey(world.instance, parentType, { identifier: parent }), within.property, key);
    }
  }
  return children;
}

/** In what, and where in it, a child is. */
export type Within = NonNullable<ResourceType["within"]>;

/** Adds a slot of a parent. */
export function addSlot(children: GrowingChildren, parent: string, property: string, key: string): void {
  const slots = children.get(parent) ?? new Map<string, Set<string>>();
  children.set(parent, slots.set(property, new Set([...(slots.get(property) ?? []), key])));
}

/** The slots that children declare in a parent, or may declare. */
export function slotsIn(
  children: Children,
  instance: Pick<StackInstance, "location">,
  type: Pick<ResourceType, "type" | "scope">,
  identifier: string,
): ChildSlots {
  const slots = new Map<string, ReadonlySet<string>>();
  for (const parent of [identifier, "*"]) {
    for (const [property, keys] of children.get(placedKey(instance, type, { identifier: parent })) ?? [])
      slots.set(property, new Set([...(slots.get(property) ?? []), ...keys]));
  }
  return slots;
}

/** A child that left the template stays while its parent, or another child, declares the same slot; of whatever stack. */
export function slotIsWanted<C extends Cloud>(
  world: StackWorld<C>,
  owned: Owned<C>,
  changes: Iterable<Change<C>>,
  children: Children,
): boolean {
  const within = owned.type.within;
  const parentType = within && world.parentTypes.get(within.type);
  if (!within || !parentType) return false;
  const { properties } = owned.observed;
  const parent = String(properties[within.identifiedBy]);
  const key = childSlotKey(parentType, within.property, within.element(properties));
  if (slotsIn(children, world.instance, parentType, parent).get(within.property)?.has(key)) return true;
  const place = placedKey(world.instance, parentType, { identifier: parent });
  const declaring = [...changes].find(
    ({ stack, type, identifier }) => identifier !== undefined && placedKey(stack, type, { identifier }) === place,
  );
  const wished = declaring?.desired && canonicalProperties(parentType, declaring.desired.properties)[within.property];
  return [wished ?? []].flat().some((element) => childSlotKey(parentType, within.property, element) === key);
}
