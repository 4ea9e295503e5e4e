import type { DepGraph } from "dependency-graph";
import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { naturalKey } from "./find.ts";
import { labelOf } from "./label.ts";
import type { Change } from "./model.ts";

/** A resource whose name another one of its stack is to have. */
interface Holder<C extends Cloud> {
  change: Change<C>;
  /** The node after which its name is free; undefined: it stays. */
  freedBy: string | undefined;
}

/**
 * What is to have the name that another resource of its stack has until then comes after that has let go of it. Adds the edges; gives refusals where there is no such
 * order: two that change names cannot both have the other's.
 */
export function orderNames<C extends Cloud>(
  changes: readonly Change<C>[],
  ids: { write(change: Change<C>): string; delete(change: Change<C>): string },
  graph: DepGraph<undefined>,
): Diagnostic[] {
  const holders = new Map<string, Holder<C>>();
  for (const change of changes) {
    const [before, after] = namesOfChange(change);
    if (before !== undefined) holders.set(before, { change, freedBy: before === after ? undefined : freedBy(change) });
  }
  return changes.flatMap((change) => {
    const [before, after] = namesOfChange(change);
    const holder = after === undefined || before === after ? undefined : holders.get(after);
    const write = ids.write(change);
    if (!holder || !graph.hasNode(write)) return [];
    const { freedBy: first } = holder;
    if (first === undefined || graph.dependenciesOf(first).includes(write)) return [notFree(change, holder.change)];
    graph.addDependency(write, first);
    return [];
  });

  function freedBy(change: Change<C>): string | undefined {
    const id = change.action === "update" ? ids.write(change) : ids.delete(change);
    return !change.keepsOld && !change.released && graph.hasNode(id) ? id : undefined;
  }
}

/** By what a resource is found now, and by what it is after the change: text that differs between stacks and types. */
function namesOfChange({ stack, type, observed, desired }: Change): (string | undefined)[] {
  // What is inside of something else takes up what lives in its place.
  if (type.within) return [];
  const wished = desired && { ...observed?.properties, ...desired.properties };
  return [observed?.properties, wished].map((properties) => {
    const key = properties && naturalKey(type, properties);
    return key === undefined ? undefined : `${stack.owner} ${type.type} ${key}`;
  });
}

function notFree({ logicalId, type, place }: Change, holder: Change): Diagnostic {
  return {
    code: "replace.name-taken",
    severity: "error",
    message: `${logicalId} is to have the name of ${holder.logicalId} (${holder.identifier}), which cannot be free before that.`,
    remedy: `give ${holder.logicalId} a name that nothing has, and apply that first`,
    resource: labelOf({ logicalId, type }),
    place,
    related: [{ message: `${holder.logicalId} is declared here.`, place: holder.place }],
  };
}
