import { pointer } from "../pointer.ts";
import type { Observed, ResourceType } from "../resource/model.ts";
import { ownerTag, parseResourceTag, resourceTag } from "../resource/owner.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord, stableText } from "../value.ts";
import { canonicalProperties, elementKey } from "./canonical.ts";

/** By property of a parent: the keys of the elements that children declare. */
export type ChildSlots = ReadonlyMap<string, ReadonlySet<string>>;

/** The text by which an element of a slot is found: its key in a keyed list, all of it in a set, the value itself where the property is no list. */
export function slotKey(shape: Shape, element: unknown): string {
  const list = shape.annotation.list;
  return typeof list === "object" ? elementKey(list.keyed, element) : stableText(element);
}

/** The key that a child has in its parent's property: its element brought into the parent's normal form. */
export function childSlotKey(parent: ResourceType, property: string, element: unknown): string {
  const shape = parent.shape.properties[property];
  const value = shape?.type === "array" ? [element] : element;
  const normal = canonicalProperties(parent, { [property]: value })[property];
  const first = Array.isArray(normal) ? normal[0] : normal;
  return shape ? slotKey(shape, first) : stableText(first);
}

/**
 * What a parent's diff sees of its slots: the observed properties without the elements that somebody else declares or owns. Elements that nobody declares stay in where
 * the slot is exclusive, git base declared them, or they name what is about to be deleted; otherwise they are left out and reported.
 */
export function ownSlots(options: {
  type: ResourceType;
  desired: Readonly<Record<string, unknown>>;
  observed: Readonly<Record<string, unknown>>;
  slotTags: Observed["slotTags"];
  children: ChildSlots;
  base?: Readonly<Record<string, unknown>>;
  exclusive: readonly string[];
  owner: string;
  leaving?: ReadonlySet<string>;
  shared?: ReadonlySet<string>;
}): { observed: Record<string, unknown>; unowned: { property: string; key: string; owner?: string }[] } {
  const { type, desired, children, base, exclusive, owner } = options;
  const observed = { ...options.observed };
  const unowned: { property: string; key: string; owner?: string }[] = [];
  for (const [property, shape] of Object.entries(type.shape.properties)) {
    const kind = shape.annotation.slot;
    const live = observed[property];
    if (!kind || live === undefined) continue;
    const keysOf = (value: unknown): Set<string> =>
      new Set(
        (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((element) => slotKey(shape, element)),
      );
    const wanted = keysOf(desired[property]);
    const before = keysOf(base?.[property]);
    const declaredByChildren = children.get(property);
    const complete = kind === "exclusive" || exclusive.includes(pointer(property));
    const stays = (element: unknown): boolean => {
      const key = slotKey(shape, element);
      if (wanted.has(key)) return true;
      // A property that is no list holds one thing: where a child declares it, whatever lives there is the child's to bring in line.
      if (Array.isArray(live) ? declaredByChildren?.has(key) : declaredByChildren?.size) return false;
      const tags = options.slotTags?.[property]?.[key];
      const elementOwner = tags?.[ownerTag];
      const isShared = options.shared?.has(property) === true;
      if (elementOwner === owner) return !isShared && !isChilds(tags?.[resourceTag], type.type);
      if (elementOwner === undefined && !isShared && (complete || before.has(key))) return true;
      if (Array.isArray(live) && typeof element === "string" && options.leaving?.has(element)) return true;
      if (kind !== "open") unowned.push({ property, key, ...(elementOwner !== undefined && { owner: elementOwner }) });
      return false;
    };
    if (Array.isArray(live)) observed[property] = live.filter(stays);
    else if (!isRecord(live) && !stays(live)) delete observed[property];
  }
  return { observed, unowned };
}

/** An element that a child of ours made goes with the child, when that is no longer declared. Any other of ours is the parent's, under whatever logical id it was made. */
function isChilds(resource: string | undefined, parentType: string): boolean {
  const type = parseResourceTag(resource)?.type;
  return type !== undefined && type !== parentType;
}
