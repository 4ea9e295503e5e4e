import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import { typeNamed } from "./find.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";

/** The types that have to be listed: at head, at base, of what an earlier run may have left, and those that an index hints at. */
export async function concernedTypes<C extends Cloud>(
  instance: StackInstance<C>,
  registry: Registry<C>,
  active: readonly string[],
  base: Stack | undefined,
  left: readonly string[],
): Promise<ResourceType<C>[]> {
  if (left.includes("*")) return [...registry.all()];
  const { stack } = instance;
  const names = new Set([...active.map((id) => typeName(stack, id)), ...left]);
  for (const each of base?.template.resources.values() ?? []) names.add(each.type);
  for (const name of await instance.cloud.ownedTypes(instance.owner)) names.add(name);
  for (const type of registry.all()) if (type.alwaysListed) names.add(type.type);
  // A child that left the template is its own to delete and hidden from its parent: it must not depend on an index that is late.
  for (const name of [...names]) {
    for (const child of registry.slotTypes(name)) if (child.handlers.tag) names.add(child.type);
  }
  return [...names].filter((name) => registry.has(name)).map((name) => typeNamed(registry, name));
}

/** By name: the types in which others can be children. */
export function parentsOf<C>(registry: Registry<C>): Map<string, ResourceType<C>> {
  const names = registry
    .all()
    .flatMap((type) => (type.within && registry.has(type.within.type) ? [type.within.type] : []));
  return new Map(names.map((name) => [name, typeNamed(registry, name)]));
}

/** Slots of which a part of the template that is left out may declare elements. */
export function sharedSlotsOf<C extends Cloud>({ template }: Stack, registry: Registry<C>): Map<string, Set<string>> {
  const slots = new Map<string, Set<string>>();
  const { types = [], everything = false } = template.leftOut ?? {};
  const children = everything ? registry.all() : [...types].flatMap((name) => registry.get(name) ?? []);
  for (const { within } of children) {
    if (within) slots.set(within.type, new Set([...(slots.get(within.type) ?? []), within.property]));
  }
  return slots;
}

export function typeName(stack: Stack, logicalId: string): string {
  return knownIn(stack.template.resources, logicalId).type;
}
