import type { Cloud, Found } from "../resource/model.ts";
import { ownerInTags } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { evaluateResource } from "../template/index.ts";
import type { Environment, Reference } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { desire } from "./desire.ts";
import { environmentOf, liveAttribute } from "./environment.ts";
import { findByKey, typeNamed } from "./find.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";
import type { Owned } from "./observe.ts";
import { unreadAttribute } from "./open-stack.ts";
import { settleAll } from "./settle.ts";

/** What base's declarations refer to may have left the template, and still be there. */
export function baseEnvironment<C extends Cloud>(
  base: StackInstance<C>,
  environment: Environment,
  owned: readonly Owned<C>[],
): Environment {
  return {
    ...environment,
    parameters: base.parameters,
    attribute(id, attribute) {
      const known = environment.attribute(id, attribute);
      const gone = known.value instanceof Unknown ? owned.find((each) => each.logicalId === id) : undefined;
      return (gone && liveAttribute(gone.type, gone.observed, attribute)) ?? known;
    },
  };
}

export function referencesOf<C extends Cloud>(
  instance: StackInstance<C>,
  registry: Registry<C>,
): Map<string, readonly Reference[]> {
  const environment = environmentOf(instance, unreadAttribute);
  const declared = [...instance.stack.template.resources.values()].filter((each) => registry.has(each.type));
  return new Map(
    declared.map(({ logicalId }) => [
      logicalId,
      evaluateResource(instance.stack.template, logicalId, environment).references,
    ]),
  );
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
  const removed = [...base.stack.template.resources.values()].filter(
    (each) => !declared.has(each.logicalId) && registry.has(each.type) && typeNamed(registry, each.type).within,
  );
  const outer = baseEnvironment(base, environment, undeclared);
  const children = await settleAll(
    removed.map(async ({ logicalId, type: name }): Promise<Owned<C>[]> => {
      const type = typeNamed(registry, name);
      const { desired } = desire(base, type, logicalId, outer, () => undefined);
      const observed = await findByKey(base, type, desired, knownIn(lists, name));
      const known = undeclared.some(
        (each) => each.observed.identifier === observed?.identifier && each.type.type === name,
      );
      const owner = observed && ownerInTags(observed.tags, observed.identifier);
      return observed && !known && (owner === undefined || owner === base.owner) ? [{ logicalId, type, observed }] : [];
    }),
  );
  return children.flat();
}
