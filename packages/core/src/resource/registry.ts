import type { Cloud, ResourceType } from "./model.ts";

/** The resource types that a program knows. */
export interface Registry<C = Cloud> {
  get(type: string): ResourceType<C> | undefined;
  has(type: string): boolean;
  /** In the order in which they were registered. */
  all(): readonly ResourceType<C>[];
  /** The types that can be declared inside this one as well as on their own. */
  slotTypes(parentType: string): readonly ResourceType<C>[];
}

/** Throws when two types have one name: that is a mistake in the program, not in a template. */
export function createRegistry<C = Cloud>(types: readonly ResourceType<C>[]): Registry<C> {
  const byName = new Map<string, ResourceType<C>>();
  const children = new Map<string, ResourceType<C>[]>();
  for (const type of types) {
    if (byName.has(type.type)) throw new Error(`Two resource types are named ${type.type}.`);
    byName.set(type.type, type);
    if (!type.within) continue;
    const siblings = children.get(type.within.type);
    if (siblings) siblings.push(type);
    else children.set(type.within.type, [type]);
  }
  return {
    get: (type) => byName.get(type),
    has: (type) => byName.has(type),
    all: () => [...byName.values()],
    slotTypes: (parentType) => children.get(parentType) ?? [],
  };
}
