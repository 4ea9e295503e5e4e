import type { Cloud, Found, ResourceType } from "../resource/model.ts";
import { ownerInTags } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { evaluateResource } from "../template/index.ts";
import type { Environment } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { desire } from "./desire.ts";
import { type AttributesOf, environmentOf, liveAttribute } from "./environment.ts";
import { findExisting } from "./existing.ts";
import { findByKey, typeNamed } from "./find.ts";
import { withForeign } from "./foreign.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { unreadAttributes } from "./open-stack.ts";
import type { Renames } from "./renames.ts";
import { settleAll } from "./settle.ts";
import { ownedKey } from "./world.ts";

/** What base's declarations refer to may have left the template, and still be there; or it is there under the name that it has now. */
export function baseEnvironment<C extends Cloud>(
  base: StackInstance<C>,
  environment: Environment,
  owned: readonly Owned<C>[],
  liveAttributes: AttributesOf,
  renames: Renames = new Map(),
): Environment {
  const now = new Map([...renames].map(([id, former]) => [former, id]));
  return {
    ...environment,
    parameters: base.parameters,
    input: environmentOf(base, liveAttributes).input,
    attribute(former, attribute) {
      const id = now.get(former) ?? former;
      const known = environment.attribute(id, attribute);
      const gone = known.value instanceof Unknown ? owned.find((each) => each.logicalId === id) : undefined;
      return (gone && liveAttribute(gone.type, gone.observed, attribute)) ?? known;
    },
  };
}

/** What base's resources refer to, in their own stack and in others. */
export function referencesOf<C extends Cloud>(
  instance: StackInstance<C>,
  registry: Registry<C>,
): Required<Pick<StackWorld<C>, "baseReferences" | "baseForeign">> {
  const environment = environmentOf(instance, unreadAttributes);
  const declared = [...instance.stack.template.resources.values()].filter((each) => registry.has(each.type));
  const used = declared.map(
    ({ logicalId }) =>
      [
        logicalId,
        withForeign(
          instance,
          environment,
          (recording) => evaluateResource(instance.stack.template, logicalId, recording).references,
        ),
      ] as const,
  );
  return {
    baseReferences: new Map(used.map(([id, { result }]) => [id, result])),
    baseForeign: new Map(used.map(([id, { foreign }]) => [id, foreign])),
  };
}

/** Children have no tags to be found by once they have left the template, but base says where they were. */
export async function findRemovedChildren<C extends Cloud>(
  base: StackInstance<C>,
  registry: Registry<C>,
  declared: ReadonlySet<string>,
  environment: Environment,
  lists: ReadonlyMap<string, readonly Found[]>,
  undeclared: readonly Owned<C>[],
): Promise<Owned<C>[]> {
  const removed = removedFrom(base, registry, declared).filter(({ type }) => type.within);
  const found = await findWhereBaseHad(base, removed, environment, lists, undeclared);
  return found.filter(({ observed }) =>
    [undefined, base.owner].includes(ownerInTags(observed.tags, observed.identifier)),
  );
}

/** An index of tags learns late of what was made a moment ago. What has left the template since then is found by its name, and is ours by the service's own word. */
export async function findUnindexed<C extends Cloud>(
  base: StackInstance<C>,
  registry: Registry<C>,
  declared: ReadonlySet<string>,
  environment: Environment,
  lists: ReadonlyMap<string, readonly Found[]>,
  undeclared: readonly Owned<C>[],
): Promise<Owned<C>[]> {
  const removed = removedFrom(base, registry, declared).filter(({ type }) => !type.within && type.handlers.tag);
  const found = await findWhereBaseHad(base, removed, environment, lists, undeclared);
  return found.filter(({ observed }) => ownerInTags(observed.tags, observed.identifier) === base.owner);
}

/** What base declares as existing and head does not: what base's children were part of. */
export async function findFormerlyExisting<C extends Cloud>(
  base: StackInstance<C>,
  registry: Registry<C>,
  declared: ReadonlySet<string>,
  environment: Environment,
  lists: ReadonlyMap<string, readonly Found[]>,
): Promise<Owned<C>[]> {
  const former = [...base.stack.template.resources.values()].filter(
    ({ logicalId, type, reconcile }) =>
      reconcile.existing !== undefined && !declared.has(logicalId) && registry.has(type),
  );
  const found = await settleAll(
    former.map(async ({ logicalId, type: name }): Promise<Owned<C>[]> => {
      const type = typeNamed(registry, name);
      const { desired } = desire(base, type, logicalId, environment, () => undefined);
      const observed = await findExisting(base, type, desired, knownIn(lists, name));
      return "code" in observed ? [] : [{ logicalId, type, observed }];
    }),
  );
  return found.flat();
}

interface Removed<C extends Cloud> {
  logicalId: string;
  type: ResourceType<C>;
}

function removedFrom<C extends Cloud>(
  base: StackInstance<C>,
  registry: Registry<C>,
  declared: ReadonlySet<string>,
): Removed<C>[] {
  return [...base.stack.template.resources.values()]
    .filter((each) => !declared.has(each.logicalId) && registry.has(each.type))
    .filter((each) => each.reconcile.existing === undefined)
    .map(({ logicalId, type }) => ({ logicalId, type: typeNamed(registry, type) }));
}

/** What lives under the natural keys that they had, but for what is known already. */
async function findWhereBaseHad<C extends Cloud>(
  base: StackInstance<C>,
  removed: readonly Removed<C>[],
  environment: Environment,
  lists: ReadonlyMap<string, readonly Found[]>,
  known: readonly Owned<C>[],
): Promise<Owned<C>[]> {
  const keys = new Set(known.map((each) => ownedKey(each.type, each.observed)));
  const found = await settleAll(
    removed.map(async ({ logicalId, type }): Promise<Owned<C>[]> => {
      // Which of its generated names it has does not matter: it is looked for under all of them.
      const { desired } = desire(base, type, logicalId, environment, () => "");
      const observed = await findByKey(base, type, desired, knownIn(lists, type.type));
      return observed && !keys.has(ownedKey(type, observed)) ? [{ logicalId, type, observed }] : [];
    }),
  );
  return found.flat();
}
