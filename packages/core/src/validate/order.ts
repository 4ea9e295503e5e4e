import type { Diagnostic } from "../diagnostic.ts";
import { isWithin, pointer } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import type { Reference } from "../template/model.ts";
import { listed } from "./words.ts";

/** By logical id: what a resource uses. */
export type References = ReadonlyMap<string, readonly Reference[]>;

/** What the remedy for a cycle is made from. */
export interface Types {
  typeOf(logicalId: string): string | undefined;
  registry: Pick<Registry<never>, "slotTypes">;
}

/** More would not be read; with fewer the rest is seen in the next run. */
const maxCycles = 20;

/**
 * Every id after what it uses; the order of `ids` where that leaves a choice. Uses of anything that is not among `ids` do not count. A cycle is an error
 * (`ref.cycle`), as it is in CloudFormation; `order` holds every id all the same. Deep graphs do not cost stack.
 */
export function dependencyOrder(
  ids: readonly string[],
  references: References,
  types?: Types,
): { order: string[]; cycles: Diagnostic[] } {
  const used = (id: string) => (references.get(id) ?? []).map((reference) => reference.logicalId);
  const { order, cycles } = sortGraph(ids, used);
  return { order, cycles: cycles.map((cycle) => describeCycle(cycle, references, types)) };
}

/** A cycle begins and ends with the same one. */
function sortGraph(
  ids: readonly string[],
  used: (id: string) => readonly string[],
): { order: string[]; cycles: string[][] } {
  const rank = new Map(ids.map((id, index) => [id, index]));
  const edges = new Map(ids.map((id) => [id, dependenciesOf(used(id), rank)]));
  const cycles: string[][] = [];
  while (true) {
    const found = orderOf(ids, edges);
    if (found.order) return { order: found.order, cycles };
    cycles.push(found.cycle);
    // Cut, so that the next cycle is found. Past the limit only an order is still wanted.
    for (const id of cycles.length < maxCycles ? found.cycle : ids) edges.set(id, []);
  }
}

function dependenciesOf(used: readonly string[], rank: ReadonlyMap<string, number>): string[] {
  const known = new Set(used.filter((id) => rank.has(id)));
  return [...known].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
}

/**
 * Depth first, in the order of `ids`; or the first circle that is met. By hand, as the library that plans are put in order with looks through all edges of a node for each
 * that is added.
 */
function orderOf(
  ids: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
): { order: string[]; cycle?: never } | { order?: never; cycle: string[] } {
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const path: { id: string; next: number }[] = [];
  const enter = (id: string) => {
    state.set(id, "open");
    path.push({ id, next: 0 });
  };
  for (const id of ids) {
    if (!state.has(id)) enter(id);
    for (let here = path.at(-1); here; here = path.at(-1)) {
      const to = edges.get(here.id)?.[here.next];
      here.next += 1;
      if (to === undefined) {
        state.set(here.id, "done");
        order.push(here.id);
        path.pop();
      } else if (state.get(to) === "open") {
        const open = path.map((each) => each.id);
        return { cycle: [...open.slice(open.indexOf(to)), to] };
      } else if (!state.has(to)) enter(to);
    }
  }
  return { order };
}

const longestPath = 8;

function describeCycle(cycle: readonly string[], references: References, types: Types | undefined): Diagnostic {
  const steps = cycle.slice(0, -1).map((from, index) => {
    const to = cycle[index + 1] ?? from;
    return { from, to, reference: references.get(from)?.find((reference) => reference.logicalId === to) };
  });
  const [first, ...others] = steps.filter((step) => step.reference !== undefined);
  const standalone = types ? breakers(steps, types) : [];
  const related = others
    .slice(0, longestPath)
    .flatMap(({ from, to, reference }) =>
      reference ? [{ message: `"${from}" uses "${to}" here.`, place: reference.place }] : [],
    );
  const diagnostic: Diagnostic = {
    code: "ref.cycle",
    severity: "error",
    message:
      cycle.length === 2
        ? `"${cycle[0]}" uses itself.`
        : `These resources use each other in a circle, so none can be made first: ${cyclePath(cycle)}.`,
    remedy:
      standalone.length > 0
        ? `Declare what closes the circle as a resource of its own: ${listed(standalone)}.`
        : "Remove one of the references or DependsOn.",
  };
  const type = types?.typeOf(cycle[0] ?? "");
  diagnostic.resource = type === undefined ? (cycle[0] ?? "") : `${cycle[0]} (${type})`;
  if (first?.reference) diagnostic.place = first.reference.place;
  if (related.length > 0) diagnostic.related = related;
  return diagnostic;
}

/** `A → B → A`, shortened where nobody would read it to the end. */
function cyclePath(cycle: readonly string[]): string {
  if (cycle.length <= longestPath) return cycle.join(" → ");
  return `${[...cycle.slice(0, longestPath - 2), "…", ...cycle.slice(-1)].join(" → ")} (${cycle.length - 1} in all)`;
}

/** Types that can be declared on their own instead of where the references of the cycle stand; all that its resources can hold, where none stands in such a place. */
function breakers(steps: readonly { from: string; reference: Reference | undefined }[], types: Types): string[] {
  const exact = new Set<string>();
  const possible = new Set<string>();
  for (const { from, reference } of steps) {
    const type = types.typeOf(from);
    const children: readonly ResourceType<never>[] = type === undefined ? [] : types.registry.slotTypes(type);
    for (const child of children) {
      possible.add(child.type);
      const within = child.within && pointer(child.within.property);
      if (within !== undefined && reference?.at !== undefined && isWithin(reference.at, within)) exact.add(child.type);
    }
  }
  return [...(exact.size > 0 ? exact : possible)];
}
