import type { Cloud, Found } from "../resource/model.ts";
import { ownerInTags } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import { evaluateResource } from "../template/index.ts";
import type { Environment } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { desire } from "./desire.ts";
import { type AttributesOf, environmentOf, liveAttribute } from "./environment.ts";
import { findByKey, typeNamed } from "./find.ts";
import { knownIn } from "./known-in.ts";
import { withForeign } from "./links.ts";
import type { StackInstance } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { unreadAttributes } from "./open-stack.ts";
import { settleAll } from "./settle.ts";

/** What base's declarations refer to may have left the template, and still be there. */
export function baseEnvironment<C extends Cloud>(
  base: StackInstance<C>,
  environment: Environment,
  owned: readonly Owned<C>[],
  liveAttributes: AttributesOf,
): Environment {
  return {
    ...environment,
    parameters: base.parameters,
    input: environmentOf(base, liveAttributes).input,
    attribute(id, attribute) {
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
  const removed = [...base.stack.template.resources.values()].filter(
    (each) => !declared.has(each.logicalId) && registry.has(each.type) && typeNamed(registry, each.type).within,
  );
  const children = await settleAll(
    removed.map(async ({ logicalId, type: name }): Promise<Owned<C>[]> => {
      const type = typeNamed(registry, name);
      const { desired } = desire(base, type, logicalId, environment, () => undefined);
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
