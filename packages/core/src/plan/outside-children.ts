import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import { evaluateConditions } from "../template/index.ts";
import { templatesIn } from "../template/nested.ts";
import { resourceIn, unknownsIn, type Value } from "../value.ts";
import { addSlot, type Children, type GrowingChildren, type Within } from "./children.ts";
import { desire } from "./desire.ts";
import { type AttributesOf, environmentOf } from "./environment.ts";
import { naturalKey, typeNamed } from "./find.ts";
import { viewNeighbours } from "./links.ts";
import type { StackInstance } from "./model.ts";
import { childSlotKey } from "./slots.ts";
import { placedKey } from "./world.ts";

/** What stacks that are not part of a run declare inside of what may be its resources. */
export interface OutsideChildren {
  children: Children;
  /** By the type of a parent: properties of which they declare elements that are not known. */
  shared: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What children of other stacks declare that carry no tags of their own: of anything else, the tags say whose it is. */
export function outsideChildren<C extends Cloud>(
  neighbours: readonly Stack[],
  instances: readonly StackInstance<C>[],
  registry: Registry<C>,
  attributesOf: AttributesOf,
): OutsideChildren {
  const children: GrowingChildren = new Map();
  const shared = new Map<string, Set<string>>();
  const share = ({ type, property }: Within): unknown =>
    shared.set(type, new Set([...(shared.get(type) ?? []), property]));
  const types = registry.all().flatMap((type) => {
    const { within, handlers } = type;
    return within && registry.has(within.type) && !handlers.tag ? [{ type, within }] : [];
  });
  const mayDeclare = (stack: Stack, { type }: ResourceType<C>): boolean =>
    templatesIn(stack.template).some(({ source }) => source.text.includes(type));
  const concerned = neighbours.filter((stack) => types.some(({ type }) => mayDeclare(stack, type)));
  for (const view of viewNeighbours(concerned, instances)) {
    const { template } = view.stack;
    const environment = environmentOf(view, attributesOf);
    const active = evaluateConditions(template, environment).resources;
    for (const { type, within } of types) {
      // What a loop over an outside value declares is not known.
      if (template.late?.notes.length && mayDeclare(view.stack, type)) share(within);
      for (const id of [...active].filter((each) => template.resources.get(each)?.type === type.type)) {
        const { properties } = desire(view, type, id, environment, () => undefined).desired;
        const parent = properties[within.identifiedBy];
        if (isOwn(view, parent)) continue;
        if (naturalKey(type, { ...properties, [within.identifiedBy]: "*" }) === undefined) share(within);
        else {
          const parentType = typeNamed(registry, within.type);
          const key = childSlotKey(parentType, within.property, within.element(properties));
          const identifier = typeof parent === "string" ? parent : "*";
          addSlot(children, placedKey(view, parentType, { identifier }), within.property, key);
        }
      }
    }
  }
  return { children, shared };
}

/** Is it made of what the stack itself makes? Then it is nothing of the run's. */
function isOwn({ stack }: StackInstance, parent: unknown): boolean {
  const ids = unknownsIn(parent as Value).flatMap((each) => each.sources.map(resourceIn));
  const declarations = ids.map((id) => stack.template.resources.get(id));
  return ids.length > 0 && declarations.every((each) => each && each.reconcile.existing === undefined);
}
