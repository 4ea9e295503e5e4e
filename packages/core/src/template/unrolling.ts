import type { Node, Scalar } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import { rangeOf, scalarAt } from "./nodes.ts";
import { report, type Scope } from "./scope.ts";

/** Nodes and characters that loops may produce in all, many times what CloudFormation accepts. */
const maxNodes = 150_000;
const maxCharacters = 10_000_000;

/** One reading of a template: what its loops have produced, and which wait for values. */
export interface Unrolling {
  /** What collections are evaluated in. */
  scope: Scope;
  nodes: number;
  characters: number;
  /** A note per part that waits for values. */
  waiting: Diagnostic[];
  /** What they wait for. */
  sources: string[];
  /** Did a loop stay as it is: because it waits, or because it cannot be read? */
  incomplete: boolean;
}

/** Nothing has been produced yet. */
export function openUnrolling(scope: Scope): Unrolling {
  return { scope, nodes: 0, characters: 0, waiting: [], sources: [], incomplete: false };
}

/** A copy keeps the place of its original, and counts. */
export function like<T extends Node>(into: Unrolling, copy: T, original: Node): T {
  const [start, end] = rangeOf(original);
  copy.range = [start, end, end];
  if (original.tag !== undefined) copy.tag = original.tag;
  into.nodes += 1;
  return copy;
}

/** A text in the place of a node, without the function that may stand there. */
export function literal(into: Unrolling, node: Node, text: string): Scalar {
  into.characters += text.length;
  into.nodes += 1;
  return scalarAt(node, text);
}

/** Without end, or so long that nobody can mean it: said once, and whatever is left is not produced. */
export function isSpent(into: Unrolling, node: Node): boolean {
  const { scope } = into;
  if (into.nodes <= maxNodes && into.characters <= maxCharacters) return false;
  if (into.nodes !== Number.POSITIVE_INFINITY) {
    report(scope, node, {
      code: "expansion.limit",
      message: `The loops of this template produce more than ${maxNodes.toLocaleString("en")} values.`,
      remedy: "Loop over less; no stack can have as many resources.",
    });
  }
  into.nodes = Number.POSITIVE_INFINITY;
  into.incomplete = true;
  return true;
}

/** Notes that a part of the template can only be read when more is known. */
export function waits(into: Unrolling, node: Node, what: string, sources: readonly string[]): "waiting" {
  into.sources.push(...sources);
  into.waiting.push({
    code: "template.waiting",
    severity: "note",
    message: `${what} depends on ${sources.join(", ")}, which is not known here: what it declares is not checked.`,
    remedy: "Nothing needs to be done: it is read when the stack is planned.",
    place: into.scope.template.placeOf(node),
  });
  return "waiting";
}
