import type { Node, Scalar } from "yaml";
import type { Place } from "../diagnostic.ts";
import { joinUnknowns, Unknown } from "../value.ts";
import { evaluateNode } from "./node.ts";
import { isFunction, scalarAt } from "./nodes.ts";
import { needsExtensions } from "./scope.ts";
import { complain, type Reader, readText } from "./structure.ts";
import { isSensitive, type Leaf, leafText, leavesOf, present, type Term } from "./term.ts";
import { type Unrolling, waits } from "./unrolling.ts";

/** Texts to read; or nothing stands there (`AWS::NoValue`), or what stands there is not known yet, or it cannot be read. */
type Settled<N extends Node = Node> = readonly N[] | "nothing" | "waiting" | "failed";

/**
 * An attribute that says what a resource or output is, `DeletionPolicy` for instance. Where it is a function, the transform AWS::LanguageExtensions evaluates it before
 * anything else is done; without the transform it must be text.
 */
export function settle(reader: Reader, written: Node, attribute: string): Settled {
  const node = reader.file.target(written);
  if (!isFunction(node)) return [written];
  if (reader.extended && reader.early) return settleFunction(reader, reader.early, node, attribute);
  const missing = needsExtensions(`A function as the value of ${attribute}`);
  complain(reader, node, { ...missing, remedy: withoutTransform.get(attribute) ?? missing.remedy });
  return "failed";
}

/** What these want is nearly always a name that is known, for which nobody needs the transform. */
const withoutTransform: ReadonlyMap<string, string> = new Map([
  ["Condition", "Write the expression in the section Conditions, and here the name that it has there."],
  ["DependsOn", "Write the name of the resource itself, without a function."],
]);

/** What a function gives that says what is declared. */
export function settleFunction(reader: Reader, early: Unrolling, node: Node, attribute: string): Settled<Scalar> {
  const { scope } = early;
  const term = evaluateNode(reader.resource === undefined ? scope : { ...scope, resource: reader.resource }, node);
  if (term.kind === "nothing") return "nothing";
  const unknowns = leavesOf(term)
    .map((leaf) => leaf.value)
    .filter((value) => value instanceof Unknown);
  if (unknowns.length === 0) {
    const items = term.kind === "list" ? present(term.items) : [term];
    if (items.every(isShown)) return items.map((leaf) => scalarAt(node, leafText(leaf)));
    complain(reader, node, {
      code: "function.form",
      message: `${attribute} is text that may be shown; here is something else, or a secret.`,
      remedy: "Write it out, or make it of texts and of parameters that are not NoEcho.",
    });
    return "failed";
  }
  const { sources } = joinUnknowns(unknowns);
  // Without a source it is not there for a reason that was reported.
  return sources.length > 0 ? waits(early, node, attribute, sources) : "failed";
}

function isShown(term: Term): term is Leaf {
  return term.kind === "leaf" && !isSensitive(term);
}

/** No condition has this name: whether it holds is not known yet. */
export const undecidedCondition = "";

/** The attribute `Condition`. */
export function readCondition(reader: Reader, node: Node): { name: string; place: Place } | undefined {
  const settled = settle(reader, node, "Condition");
  const place = reader.file.placeOf(node);
  if (settled === "waiting") return { name: undecidedCondition, place };
  const [text] = typeof settled === "string" ? [] : settled;
  const name = text && readText(reader, text, "Condition", "the name of a condition");
  return name === undefined ? undefined : { name, place };
}
