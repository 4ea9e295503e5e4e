import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { NameRules } from "../resource/annotations.ts";
import type { Cloud, Found, Observed, ResourceType, Wish } from "../resource/model.ts";
import {
  generateName,
  nameGenerations,
  ownerInTags,
  ownerTag,
  parseResourceTag,
  resourceOf,
  resourceTag,
} from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { generatedNameOf } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import { confirmTags } from "./confirm-tags.ts";
import { knownIn } from "./known-in.ts";
import { labelOf } from "./label.ts";
import type { Desired, StackInstance } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { settleAll } from "./settle.ts";

/**
 * Reads everything whose listed tags say that it is ours, and believes only what the read says. `declared`: head and base, where a long logical id is looked up that is cut in
 * its tag. Refuses what does not say which of ours it is, and has no name by which it would be found: another one would be made in its place.
 */
export async function readTagged<C extends Cloud>(
  instance: StackInstance<C>,
  declared: readonly Stack[],
  registry: Registry<C>,
  lists: ReadonlyMap<string, readonly Found[]>,
): Promise<Owned<C>[]> {
  const candidates = [...lists].flatMap(([name, items]) =>
    items
      .filter((item) => ownerInTags(item.tags, item.identifier) === instance.owner)
      .map((item) => ({ type: typeNamed(registry, name), identifier: item.identifier })),
  );
  const resources = declared.flatMap((stack) => [...stack.template.resources.values()]);
  const known = new Map(resources.map(({ logicalId, type }) => [resourceOf(logicalId, type), { logicalId, type }]));
  const read = await settleAll(
    candidates.map(async ({ type, identifier }): Promise<Owned<C>[]> => {
      const observed = await type.handlers.read(instance.cloud, identifier);
      if (!observed || type.handlers.gone?.(observed) || ownerInTags(observed.tags, identifier) !== instance.owner)
        return [];
      const tag = observed.tags?.[resourceTag];
      const resource = known.get(tag ?? "") ?? parseResourceTag(tag);
      if (!resource && !type.naturalKey) throw new DiagnosticError(unclear(instance, type, observed));
      return resource?.type === type.type ? [{ logicalId: resource.logicalId, type, observed }] : [];
    }),
  );
  return read.flat();
}

/** What is about to be deleted is ours by the service's own word, not by an index. */
export async function confirmOwned<C extends Cloud>(
  instance: StackInstance<C>,
  owned: readonly Owned<C>[],
): Promise<Owned<C>[]> {
  const confirmed = await settleAll(
    owned.map(async (each): Promise<Owned<C>[]> => {
      const observed = await confirmTags(each.type, instance.cloud, each.observed);
      return observed ? [{ ...each, observed }] : [];
    }),
  );
  return confirmed
    .flat()
    .filter(
      ({ observed }) => observed.tags === null || ownerInTags(observed.tags, observed.identifier) === instance.owner,
    );
}

/** What lives under the natural key of something declared that no tag led to. */
export async function findByKey<C extends Cloud>(
  instance: StackInstance<C>,
  type: ResourceType<C>,
  desired: Desired,
  list: readonly Found[],
  former?: string,
): Promise<Observed | undefined> {
  const { cloud } = instance;
  const adopt = instance.stack.template.resources.get(desired.logicalId)?.reconcile.adopt;
  if (typeof adopt === "string") {
    const adopted = await findByName(cloud, type, adopt);
    if (!adopted)
      throw new DiagnosticError(nothingToAdopt(desired, `There is no ${adopt} to adopt.`, "correct the identifier"));
    return adopted;
  }
  if (adopt && !type.naturalKey) {
    const message = `${desired.logicalId} is to be adopted, and no declaration says which ${type.type} that is.`;
    throw new DiagnosticError(nothingToAdopt(desired, message, "write its identifier: adopt: IDENTIFIER"));
  }
  const keys = keysOf(instance, type, desired, former);
  const listed = list.find((item) => naturalKeysOf(item).some((key) => keys.includes(key)));
  if (listed) return findByName(cloud, type, listed.identifier);
  const named = type.absence === "read-by-name" && type.identifier.every((part) => part in desired.properties);
  const [key] = keys;
  return named && key !== undefined ? findByName(cloud, type, key) : undefined;
}

/** What a create without an answer may have made: ours under its name or its tags, and none of the `others` that carry the same ones. */
export async function findMade<C extends Cloud>(wanted: {
  cloud: C;
  type: ResourceType<C>;
  desired: Desired;
  wish: Pick<Wish, "tags">;
  others: ReadonlySet<string>;
}): Promise<Observed | undefined> {
  const { cloud, type, desired, wish, others } = wanted;
  const key = naturalKey(type, desired.properties);
  const identifiers = new Set<string>();
  for await (const item of type.handlers.list(cloud)) {
    const isNamed = key !== undefined && naturalKeysOf(item).includes(key);
    const isTagged = [ownerTag, resourceTag].every((tag) => wish.tags[tag] && item.tags?.[tag] === wish.tags[tag]);
    if ((isNamed || isTagged) && !others.has(item.identifier)) identifiers.add(item.identifier);
  }
  if (type.absence === "read-by-name" && key !== undefined) identifiers.add(key);
  for (const identifier of identifiers) {
    const observed = await findByName(cloud, type, identifier);
    const isOurs = observed?.tags === null || ownerInTags(observed?.tags, identifier) === wish.tags[ownerTag];
    if (observed && isOurs) return observed;
  }
  return undefined;
}

function unclear({ owner, stack }: StackInstance, { type }: ResourceType, { identifier }: Observed): Diagnostic {
  const declared = [...stack.template.resources.values()].filter((each) => each.type === type).slice(0, 3);
  const tags = declared.map(({ logicalId }) => resourceOf(logicalId, type)).join(" or ");
  return {
    code: "exists.unclear",
    severity: "error",
    message: `${identifier} (${type}) carries the tag ${ownerTag}: ${owner}, and its ${resourceTag} does not say which resource of that stack it is.`,
    remedy: `set its tag ${resourceTag} to ${tags || resourceOf("LogicalId", type)}; or take ${ownerTag} off if it is not the stack's`,
    place: stack.place,
  };
}

/** What is to be adopted is there: making another instead would be a second one. */
function nothingToAdopt({ logicalId, type, evaluated }: Desired, message: string, remedy: string): Diagnostic {
  return {
    code: "adopt.not-found",
    severity: "error",
    message,
    remedy: `${remedy}; or take the line away, and one is made`,
    resource: labelOf({ logicalId, type }),
    place: evaluated.placeOf(""),
  };
}

/** By its identifier. Whose it is decides what may be done with it: its tags are the service's own word. */
export async function findByName<C extends Cloud>(
  cloud: C,
  type: ResourceType<C>,
  identifier: string,
): Promise<Observed | undefined> {
  const observed = await type.handlers.read(cloud, identifier);
  return observed && !type.handlers.gone?.(observed) ? confirmTags(type, cloud, observed) : undefined;
}

function naturalKeysOf(item: Found): readonly string[] {
  return typeof item.naturalKey === "string" ? [item.naturalKey] : (item.naturalKey ?? [item.identifier]);
}

/** The natural keys under which a declared resource may live: its name's, or those of all its generated names, of its former logical id too. */
function keysOf(instance: StackInstance, type: ResourceType, desired: Desired, former: string | undefined): string[] {
  const generated = desired.generatedName && generatedNameOf(type.shape);
  if (!generated) return [naturalKey(type, desired.properties)].filter((key) => key !== undefined);
  const names = [desired.logicalId, former]
    .filter((id) => id !== undefined)
    .flatMap((id) => Array.from({ length: nameGenerations }, (_, n) => generate(instance, generated.rules, id, n)));
  return names
    .map((name) => naturalKey(type, { ...desired.properties, [generated.property]: name }))
    .filter((key) => key !== undefined);
}

/** undefined: the type has none, or it holds something that does not exist yet, so that nothing can live under it. */
export function naturalKey(type: ResourceType, properties: Readonly<Record<string, unknown>>): string | undefined {
  const key = type.naturalKey?.({ ...properties });
  return typeof key === "string" ? key : undefined;
}

/** Has it the natural key that is declared? What a declaration leaves to AWS may be part of a key, and is no difference. */
export function hasNaturalKey(type: ResourceType, desired: Record<string, unknown>, observed: Record<string, unknown>) {
  const declared = Object.entries(observed).filter(([name]) => desired[name] !== undefined);
  const key = naturalKey(type, desired);
  return [observed, Object.fromEntries(declared)].some((properties) => naturalKey(type, properties) === key);
}

function generate(instance: StackInstance, rules: NameRules, logicalId: string, n: number): string {
  return generateName({ stack: instance.stack.name, owner: instance.owner, logicalId, n, rules });
}

export function naming<C extends Cloud>(
  instance: StackInstance<C>,
  typeOf: (id: string) => ResourceType<C>,
  lists: ReadonlyMap<string, readonly Found[]>,
  live: ReadonlyMap<string, Observed>,
): StackWorld<C>["nameOf"] {
  return (logicalId, properties, generation) => {
    const type = typeOf(logicalId);
    const generated = generatedNameOf(type.shape);
    if (!generated) return undefined;
    const { property, rules } = generated;
    const current = live.get(logicalId)?.properties[property];
    if (generation === "current" && typeof current === "string") return current;
    const taken = new Set(knownIn(lists, type.type).flatMap(naturalKeysOf));
    for (let n = 0; n < nameGenerations; n++) {
      const name = generate(instance, rules, logicalId, n);
      const key = naturalKey(type, { ...properties, [property]: name });
      if (name !== current && (key === undefined || !taken.has(key))) return name;
    }
    return undefined;
  };
}

export function typeNamed<C>(registry: Registry<C>, name: string): ResourceType<C> {
  const type = registry.get(name);
  if (!type) throw new Error(`There is no type ${name}.`);
  return type;
}
