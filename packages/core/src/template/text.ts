import type { Node } from "yaml";
import { badForm } from "./node.ts";
import { type IntrinsicFunction, report, type Scope } from "./scope.ts";
import { combine, failed, type Leaf, leafText, type Term } from "./term.ts";

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
  const terms: Term[] = [];
  for (const part of parts) {
    if (typeof part === "string") continue;
    if (part.kind === "list" || part.kind === "map") {
      return badForm(scope, part.node, called, `a ${part.kind} cannot be part of a text.`);
    }
    if (part.kind === "nothing") {
      report(scope, part.node, {
        code: "no-value.place",
        message: `AWS::NoValue cannot be part of the text of ${called.name}.`,
        remedy: 'Use an empty text (""), or put AWS::NoValue in the place of the whole value.',
      });
      return failed(node);
    }
    terms.push(part);
  }
  return combine(node, terms, () => {
    const texts = parts.flatMap((part) =>
      typeof part === "string" ? [part] : part.kind === "leaf" ? [leafText(part)] : [],
    );
    return spend(scope, node, texts, delimiter) ? texts.join(delimiter) : failed(node).value;
  });
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
