import type { Cloud, Found, ResourceType } from "../resource/model.ts";
import { resourceOf, resourceTag } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import { evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import type { Environment, Reference } from "../template/model.ts";
import { dependencyOrder } from "../validate/index.ts";
import { claimOf } from "./claim.ts";
import { desire } from "./desire.ts";
import { diagnosed } from "./diagnosed.ts";
import { environmentOf } from "./environment.ts";
import { findByKey, naming, readTagged } from "./find.ts";
import { knownIn } from "./known-in.ts";
import type { StackInstance } from "./model.ts";
import type { ObserveOptions } from "./observe.ts";
import { openStack, unreadAttributes } from "./open-stack.ts";
import { keptOf } from "./resolve.ts";
import { settleAll } from "./settle.ts";
import { type Live, liveOrUnknown } from "./world.ts";

/** Lists a type in a cloud, once for each observation. */
export type List<C extends Cloud> = (cloud: C, type: ResourceType<C>) => Promise<Found[]>;

/** What is wanted of a stack of the project that is not part of the run. */
export interface Wanted {
  stack: Stack;
  resources: readonly string[];
  outputs: readonly string[];
  /** What its template is evaluated with before anything is read. */
  offline: Environment;
}

/** Opens such a stack: only what is wanted, and what finding that needs, is read. What lives of it is put into `live`. `link` is called before its resources are read. */
export async function openNeighbour<C extends Cloud>(
  wanted: Wanted,
  options: ObserveOptions<C>,
  found: List<C>,
  live: Live,
  link: (instance: StackInstance<C>) => Promise<void>,
): Promise<StackInstance<C>> {
  const { registry } = options;
  const opened = await openStack(reducedTo(wanted.stack, needed(wanted, registry), wanted.outputs), options, true);
  const { stack } = opened;
  // What a loop over an outside value declares is only known now.
  const references = needed({ ...wanted, stack, offline: environmentOf(opened, unreadAttributes) }, registry);
  const types = new Map(
    [...references.keys()].flatMap((id) => {
      const type = registry.get(knownIn(stack.template.resources, id).type);
      return type ? [[id, type] as const] : [];
    }),
  );
  const instance = { ...opened, stack: reducedTo(stack, references, wanted.outputs) };
  await link(instance);
  await diagnosed(instance.cloud, readInto(live, instance, references, types, found, registry));
  return instance;
}

async function readInto<C extends Cloud>(
  live: Live,
  instance: StackInstance<C>,
  references: ReadonlyMap<string, readonly Reference[]>,
  types: ReadonlyMap<string, ResourceType<C>>,
  found: List<C>,
  registry: Registry<C>,
): Promise<void> {
  const own = new Map(live.get(instance.owner));
  live.set(instance.owner, own);
  const lists = new Map(
    await settleAll(
      [...new Set(types.values())].map(async (type) => [type.type, await found(instance.cloud, type)] as const),
    ),
  );
  const tags = new Set([...types].map(([id, type]) => resourceOf(id, type.type)));
  const carriers = new Map([...lists].map(([name, items]) => [name, items.filter((item) => mayBe(item, tags))]));
  const tagged = await readTagged(instance, [instance.stack], registry, carriers);
  const environment = environmentOf(instance, liveOrUnknown(live, registry));
  const nameOf = naming(instance, (id) => knownIn(types, id), lists, own);
  for (const id of dependencyOrder([...types.keys()], references).order) {
    const type = knownIn(types, id);
    const carrying = tagged.filter((each) => each.logicalId === id && each.type.type === type.type);
    if (carrying.length === 0 && type.handlers.tag) continue;
    const { desired } = desire(instance, type, id, environment, (properties) => nameOf(id, properties, "current"));
    const kept = keptOf(desired, carrying, instance.owner);
    if (kept) own.set(id, kept);
    if (kept || type.handlers.tag) continue;
    const named = await findByKey(instance, type, desired, knownIn(lists, type.type));
    if (named && claimOf(instance, desired, named).kind === "ours") own.set(id, named);
  }
}

/** The resources that have to be found, each with those that finding it needs. */
export function needed<C extends Cloud>(
  { stack, resources, outputs, offline }: Wanted,
  registry: Registry<C>,
): Map<string, readonly Reference[]> {
  const { template } = stack;
  const all = new Map<string, readonly Reference[]>();
  const ofOutputs = outputs.flatMap((output) => evaluateOutput(template, output, offline).references);
  const pending = [...resources, ...ofOutputs.map((each) => each.logicalId)];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const declaration = template.resources.get(id);
    if (!declaration || all.has(id)) continue;
    const type = registry.get(declaration.type);
    // What carries tags is found by them; anything else by its name, which may be made of other resources' names.
    const used = type?.handlers.tag ? [] : evaluateResource(template, id, offline).references;
    all.set(id, used);
    pending.push(...used.filter((each) => each.at !== undefined).map((each) => each.logicalId));
  }
  return all;
}

/** The stack with some of its resources and outputs only. */
export function reducedTo(stack: Stack, resources: ReadonlyMap<string, unknown>, outputs: readonly string[]): Stack {
  const { template } = stack;
  return {
    ...stack,
    template: {
      ...template,
      resources: new Map([...template.resources].filter(([id]) => resources.has(id))),
      outputs: new Map([...template.outputs].filter(([name]) => outputs.includes(name))),
    },
  };
}

function mayBe({ tags }: Found, wanted: ReadonlySet<string>): boolean {
  const tag = tags?.[resourceTag];
  return tag === undefined || wanted.has(tag);
}
