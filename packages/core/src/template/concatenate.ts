import type { Node } from "yaml";
import { combine } from "./combine.ts";
import { badForm } from "./node.ts";
import { type IntrinsicFunction, report, type Scope } from "./scope.ts";
import { failed, type Leaf, leafText, type Term } from "./term.ts";

/** CloudFormation's whole template is at most as long. */
const maxCharacters = 10_000_000;

/** Texts and scalar terms, one after the other with a delimiter between them. Anything else among them is an error of the function. */
export function concatenate(
  scope: Scope,
  node: Node,
  parts: readonly (string | Term)[],
  delimiter: string,
  called: IntrinsicFunction,
): Leaf {
  const leaves: Leaf[] = [];
  for (const part of parts) {
    const term: Term = typeof part === "string" ? { kind: "leaf", node, value: part } : part;
    if (term.kind !== "leaf") return notText(scope, node, term, called);
    leaves.push(term);
  }
  return combine(scope, node, leaves, () => {
    const texts = leaves.map(leafText);
    return spend(scope, node, texts, delimiter) ? texts.join(delimiter) : failed(node).value;
  });
}

function notText(scope: Scope, node: Node, part: Exclude<Term, Leaf>, called: IntrinsicFunction): Leaf {
  if (part.kind !== "nothing") return badForm(scope, part.node, called, `a ${part.kind} cannot be part of a text.`);
  report(scope, part.node, {
    code: "no-value.place",
    message: `AWS::NoValue cannot be part of the text of ${called.name}.`,
    remedy: 'Use an empty text (""), or put AWS::NoValue in the place of the whole value.',
  });
  return failed(node);
}

/** Counts what functions produce: variables of variables can double a text with every line. */
function spend(scope: Scope, node: Node, texts: readonly string[], delimiter: string): boolean {
  const { shared } = scope;
  shared.characters += texts.reduce((sum, text) => sum + text.length + delimiter.length, 0);
  if (shared.characters <= maxCharacters) return true;
  report(scope, node, {
    code: "function.size",
    message: `The functions here produce more than ${maxCharacters.toLocaleString("en")} characters.`,
    remedy: "Shorten the texts; no template needs as much.",
  });
  return false;
}
