import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Found, Observed, ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import type { Reference, ResourceDeclaration } from "../template/model.ts";
import type { Specification } from "../validate/specification.ts";
import type { Properties } from "../value.ts";
import type { AttributesOf } from "./environment.ts";
import { withoutExpired } from "./expiry.ts";
import { linkInstances } from "./links.ts";
import type { ForeignReference, StackInstance, Unowned } from "./model.ts";
import { handOver } from "./moves.ts";
import { observeStack } from "./observe-stack.ts";
import { openStack, rebased } from "./open-stack.ts";
import { type OutsideChildren, outsideChildren } from "./outside-children.ts";
import { collect, settleAll } from "./settle.ts";
import { type Live, liveOrUnknown } from "./world.ts";

/** Something live that carries our tags. */
export interface Owned<C extends Cloud = Cloud> {
  logicalId: string;
  type: ResourceType<C>;
  observed: Observed;
}

/** What is live of one stack, and how it belongs to what is declared. All reading is done when this exists. */
export interface StackWorld<C extends Cloud = Cloud> {
  instance: StackInstance<C>;
  /** Logical ids of the resources whose conditions hold: dependencies first, else as in the template. */
  order: readonly string[];
  references: ReadonlyMap<string, readonly Reference[]>;
  /** By logical id. */
  types: ReadonlyMap<string, ResourceType<C>>;
  /** By name: the types in which resources of this stack can be children. */
  parentTypes: ReadonlyMap<string, ResourceType<C>>;
  /** By the type of a parent: properties of which children that are left out of this run may declare elements. */
  sharedSlots: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of the whole run, on its first stack. */
  outside?: OutsideChildren;
  /** By logical id: the one that is kept. */
  live: ReadonlyMap<string, Observed>;
  /** Taken over in this run: live, and not ours yet. */
  adopting: ReadonlySet<string>;
  /** A second one with the same tags: what a crash between "create new" and "delete old" leaves. */
  leftOvers: readonly Owned<C>[];
  /** The old ones of replacements that were to be kept. */
  retired: readonly Owned<C>[];
  /** What is declared as existing, whether it was found or not. */
  existing: ReadonlySet<string>;
  /** Ours by tag, and declared as existing: it is let go. */
  disowned: readonly Owned<C>[];
  /** By logical id: what is past its last day, and counts as not declared. */
  expired: ReadonlyMap<string, ResourceDeclaration>;
  /** As in the options. */
  today: string;
  /** Ours by tag, and no longer declared. */
  undeclared: readonly Owned<C>[];
  /** Children that base declares and head does not, found by their natural key. */
  removedChildren: readonly Owned<C>[];
  unowned: readonly Unowned[];
  /** By `reconcile:resource`: the other stacks of the project that own such a one, as far as what was listed says. */
  elsewhere: ReadonlyMap<string, readonly string[]>;
  /** The generated name of a resource that does not declare one: the live one's, else the first that is free. */
  nameOf(logicalId: string, properties: Properties, generation: "current" | "next"): string | undefined;
  /** The same stack as git base declares it, with this run's inputs; for a stack that is being destroyed, the stack itself. */
  base?: StackInstance<C>;
  /** What base's resources refer to: orders the deletion of what left the template. */
  baseReferences?: ReadonlyMap<string, readonly Reference[]>;
  /** By logical id: the resources of other stacks whose values a resource is made of. */
  foreign: ReadonlyMap<string, readonly ForeignReference[]>;
  baseForeign?: ReadonlyMap<string, readonly ForeignReference[]>;
  /** Of what lives, in this stack and in those that it imports from. */
  liveAttributes: AttributesOf;
  /** The stack with every outside value unknown: tells which properties depend on one. */
  blind: StackInstance<C>;
  diagnostics: readonly Diagnostic[];
}

export interface ObserveOptions<C extends Cloud> {
  registry: Registry<C>;
  specification?: Specification;
  /** Opens the cloud that a stack lives in; rejects with a DiagnosticError when it cannot, or when the account is another one. Stacks of one place may share it. */
  connect(stack: Stack): Promise<C>;
  /** Values for `{ env: NAME }`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** The day of the run, UTC: `2030-01-31`. What expires is measured by it. */
  today: string;
  /** By stack name: the stack as git base declares it. */
  base?: ReadonlyMap<string, Stack>;
  /** The project's stacks that are not in this run: read as far as its stacks import from them. */
  neighbours?: readonly Stack[];
  /** By stack name: types of which an unfinished run may have left something; `*`: any. They are listed, too. */
  left?: ReadonlyMap<string, readonly string[]>;
  /** Stacks that are about to be destroyed: nothing of them counts as declared. */
  destroy?: boolean;
}

/** Reads everything that planning needs, and nothing twice. Rejects with a DiagnosticError when any list or read fails: a failed read never means absent. */
export async function observe<C extends Cloud>(
  stacks: readonly Stack[],
  options: ObserveOptions<C>,
): Promise<StackWorld<C>[]> {
  const lists = new Map<C, Map<string, Promise<Found[]>>>();
  const found = (cloud: C, type: ResourceType<C>): Promise<Found[]> => {
    const ofCloud = lists.get(cloud) ?? new Map<string, Promise<Found[]>>();
    lists.set(cloud, ofCloud);
    const existing = ofCloud.get(type.type) ?? collect(type.handlers.list(cloud));
    ofCloud.set(type.type, existing);
    return existing;
  };
  const current = (await settleAll(stacks.map((stack) => openStack(stack, options)))).map((opened) => {
    const { stack, expired } = withoutExpired(opened.stack, options.today);
    const instance = { ...opened, stack };
    const before = options.destroy ? stack : options.base?.get(stack.name);
    return { instance, expired, base: rebased(instance, before), asWritten: before };
  });
  const instances = current.map((each) => each.instance);
  const bases = current.map((each) => each.base);
  const live: Live = new Map();
  const refusals = await linkInstances(instances, bases, { options, found, live });
  const worlds = new Map<StackInstance, Promise<StackWorld<C>>>();
  // What a stack imports is looked at before its own resources: their names may be made of it.
  const observeOnce = ({ instance, ...own }: (typeof current)[number]): Promise<StackWorld<C>> => {
    const sources = new Set([...instance.imports.values()].map((source) => source.instance));
    const before = (): Promise<unknown> =>
      settleAll(current.filter((each) => sources.has(each.instance)).map(observeOnce));
    const world = worlds.get(instance) ?? observeStack(instance, { ...own, options, found, live, before });
    worlds.set(instance, world);
    return world;
  };
  const [first, ...others] = handOver(await settleAll(current.map(observeOnce)));
  const neighbours = (options.neighbours ?? []).map((stack) => withoutExpired(stack, options.today).stack);
  const outside = outsideChildren(neighbours, instances, options.registry, liveOrUnknown(live, options.registry));
  return first ? [{ ...first, outside, diagnostics: [...refusals, ...first.diagnostics] }, ...others] : [];
}
