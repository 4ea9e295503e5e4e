import { DepGraph } from "dependency-graph";
import type { Step } from "../apply/model.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import type { Reference } from "../template/model.ts";
import { knownIn } from "./known-in.ts";
import { mentioned, targetsOf } from "./mentions.ts";
import type { Change, Plan } from "./model.ts";
import type { StackWorld } from "./observe.ts";
import { orderNames } from "./order-names.ts";

/** One write: a replacement is two of them. */
export interface GraphNode<C extends Cloud = Cloud> {
  id: string;
  step: Step;
  change: Change<C>;
}

/** What has to be done, and what has to be done before it. One graph over all stacks of the run. */
export interface Graph<C extends Cloud = Cloud> {
  nodes: ReadonlyMap<string, GraphNode<C>>;
  /** Ids of the nodes that come before a node. */
  before(id: string): readonly string[];
  /** All ids, each after what comes before it. */
  order: readonly string[];
}

/** An order, and what speaks against the plan that it is for. */
export interface Ordered<C extends Cloud = Cloud> extends Graph<C> {
  refusals: readonly Diagnostic[];
}

/**
 * Order is derived, never declared by rank (before → after):
 *
 * 1. a reference X → Y: last write of Y → first write of X;
 * 2. deletes: by references at base, by live values that name the other, by a small table of types; what is left over is settled by retrying on dependency violations;
 * 3. a kept X that live still refers to Y: last write of X → delete Y;
 * 4. a replacement: new one → delete old one (or the reverse, where its name cannot be had twice);
 * 5. a name that changes hands: what lets go of it → what is to have it.
 */
export function order<C extends Cloud>(plan: Plan<C>, worlds: readonly StackWorld<C>[]): Ordered<C> {
  const nodes = new Map<string, GraphNode<C>>();
  const graph = new DepGraph<undefined>();
  for (const node of plan.stacks.flatMap((stack) => stack.changes.flatMap(nodesOf))) {
    nodes.set(node.id, node);
    graph.addNode(node.id);
  }
  const replaced = new Map(
    [...nodes].filter(([, { change }]) => change.action === "replace").map(([id, { change }]) => [id, change]),
  );
  const wanted = (first: string, then: string): void => {
    if (nodes.has(first) && nodes.has(then)) graph.addDependency(then, first);
  };
  for (const world of worlds) {
    const name = world.instance.stack.name;
    for (const [id, references] of world.references) {
      for (const used of [
        ...references.map((each) => writeId(name, each.logicalId)),
        ...knownIn(world.foreign, id).map((each) => writeId(each.stack, each.logicalId)),
      ]) {
        wanted(used, writeId(name, id));
        // What used the old one lets go of it first.
        const old = replaced.get(used);
        if (old && !isOldFirst(old)) wanted(writeId(name, id), deleteId(old));
      }
    }
    for (const other of world.instance.stack.dependsOn) {
      for (const [first, then] of pairs(nodes, other, name, isWrite)) wanted(first.id, then.id);
    }
  }
  for (const { change } of nodes.values()) {
    if (change.action !== "replace") continue;
    const [made, deleted] = [writeId(change.stack.stack.name, change.logicalId), deleteId(change)];
    if (isOldFirst(change)) wanted(deleted, made);
    else wanted(made, deleted);
  }
  const changes = plan.stacks.flatMap((stack) => stack.changes);
  const ids = { write: (each: Change) => writeId(each.stack.stack.name, each.logicalId), delete: deleteId };
  const refusals = orderNames(changes, ids, graph);
  orderDeletions(nodes, worlds, wanted, graph);
  return { nodes, refusals, before: (id) => graph.directDependenciesOf(id), order: graph.overallOrder() };
}

function writeId(stack: string, logicalId: string): string {
  return `${stack}/${logicalId}`;
}

function deleteId(change: Pick<Change, "stack" | "logicalId" | "identifier">): string {
  return `${change.stack.stack.name}/${change.logicalId} delete ${change.identifier}`;
}

/** Of a replacement: its name is freed first; or it is marked as kept, so that no crash makes it look like one that is left over. */
export function isOldFirst({ deleteFirst, keepsOld }: Change): boolean {
  return deleteFirst === true || keepsOld === true;
}

function nodesOf<C extends Cloud>(change: Change<C>): GraphNode<C>[] {
  const step = (operation: Step["operation"]): Step => ({
    stack: change.stack.stack.name,
    logicalId: change.logicalId,
    type: change.type.type,
    operation,
    ...(change.identifier !== undefined && { identifier: change.identifier }),
  });
  const write = (operation: Step["operation"]): GraphNode<C> => ({
    id: writeId(change.stack.stack.name, change.logicalId),
    step: step(operation),
    change,
  });
  const removal = (operation: Step["operation"]): GraphNode<C> => ({
    id: deleteId(change),
    step: step(operation),
    change,
  });
  switch (change.action) {
    case "none":
      return [];
    case "replace":
      return [write("create"), removal(change.keepsOld ? "release" : "delete")];
    case "delete":
      return [removal("delete")];
    default:
      return change.released ? [removal("release")] : [write(change.action)];
  }
}

function isDeletion(node: { step: Step }): boolean {
  return node.step.operation === "delete";
}

function isWrite(node: { step: Step }): boolean {
  return !isDeletion(node);
}

/** Every such node of one stack with every one of another. */
function* pairs<C extends Cloud>(
  nodes: ReadonlyMap<string, GraphNode<C>>,
  one: string,
  another: string,
  wanted: (node: GraphNode<C>) => boolean,
): Generator<[GraphNode<C>, GraphNode<C>]> {
  const of = (stack: string) => [...nodes.values()].filter((node) => node.step.stack === stack && wanted(node));
  for (const first of of(one)) for (const then of of(another)) yield [first, then];
}

type Edge = (first: string, then: string) => void;

function orderDeletions<C extends Cloud>(
  nodes: ReadonlyMap<string, GraphNode<C>>,
  worlds: readonly StackWorld<C>[],
  wanted: Edge,
  graph: DepGraph<undefined>,
): void {
  const deletions = [...nodes.values()].filter(isDeletion);
  const byStackAndId = new Map<string, GraphNode<C>[]>();
  for (const node of deletions) {
    const key = writeId(node.step.stack, node.step.logicalId);
    byStackAndId.set(key, [...(byStackAndId.get(key) ?? []), node]);
  }
  // No edge between deletions may close a circle: where one is left out, AWS itself says what is in use.
  const weak: Edge = (first, then) => {
    if (first !== then && nodes.has(first) && !graph.dependenciesOf(first).includes(then)) wanted(first, then);
  };
  // What base says needed the other goes first; of stacks, the one that depends on the other.
  for (const world of worlds) {
    const { name, dependsOn } = world.instance.stack;
    for (const [id, references] of world.baseReferences ?? new Map<string, readonly Reference[]>()) {
      for (const reference of references) {
        for (const first of byStackAndId.get(writeId(name, id)) ?? []) {
          for (const then of byStackAndId.get(writeId(name, reference.logicalId)) ?? []) weak(first.id, then.id);
        }
      }
    }
    for (const [id, foreign] of world.baseForeign ?? []) {
      // What imports it is another stack's, which may stay: it lets go of it first.
      const users = [writeId(name, id), ...(byStackAndId.get(writeId(name, id)) ?? []).map((node) => node.id)];
      for (const each of foreign) {
        for (const then of byStackAndId.get(writeId(each.stack, each.logicalId)) ?? [])
          for (const first of users) weak(first, then.id);
      }
    }
    for (const other of dependsOn) {
      for (const [first, then] of pairs(nodes, name, other, isDeletion)) weak(first.id, then.id);
    }
  }
  for (const then of deletions) {
    const { deletedAfter } = then.change.type;
    if (!deletedAfter) continue;
    for (const first of deletions) if (deletedAfter.includes(first.step.type)) weak(first.id, then.id);
  }
  // What live still names the other goes first, or is changed first.
  const targets = targetsOf(deletions);
  for (const { id, step, change } of nodes.values()) {
    // Of a replaced one, the old still names what it names until it is deleted: that is a node of its own.
    if (!change.observed || (change.action === "replace" && step.operation === "create")) continue;
    for (const then of mentioned(change.type.shape, change.observed.properties, targets)) weak(id, then);
  }
  // What has to go before the new one is made goes when what that needs is there, so that it is not missing for long, or for good.
  const first = [...nodes.values()].filter(({ id, change }) => isOldFirst(change) && id === deleteId(change));
  for (const { id, change } of first) {
    const { name } = change.stack.stack;
    const references = worlds.flatMap((world) =>
      world.instance === change.stack ? knownIn(world.references, change.logicalId) : [],
    );
    for (const { logicalId } of references) weak(writeId(name, logicalId), id);
  }
}
