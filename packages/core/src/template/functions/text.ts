import { Unknown } from "../../value.ts";
import { combine, combineUnknown, withDynamicReferences } from "../combine.ts";
import { concatenate } from "../concatenate.ts";
import { badForm, evaluateArgument, evaluateNode, listArguments, literalText } from "../node.ts";
import { isFunction } from "../nodes.ts";
import { everywhere, type IntrinsicFunction, report } from "../scope.ts";
import { conceal, failed, isSensitive, leafText, present, quotedText, type Term, usesOf, withUses } from "../term.ts";

export const join: IntrinsicFunction = {
  name: "Fn::Join",
  form: "!Join [delimiter, [value, …]]",
  positions: everywhere,
  evaluate(scope, argument, node) {
    const [first, second, ...rest] = listArguments(argument, node) ?? [];
    if (!first || !second || rest.length > 0) return badForm(scope, argument, join);
    const delimiter = literalText(scope, first);
    if (delimiter === undefined) return badForm(scope, first, join, "the delimiter must be written out.");
    const list = evaluateNode(scope, second);
    if (list.kind === "leaf" && list.value instanceof Unknown) return combineUnknown(scope, node, [list]);
    if (list.kind !== "list") return badForm(scope, second, join, "the second part is a list.");
    return withUses(concatenate(scope, node, present(list.items), delimiter, join), list.uses ?? []);
  },
};

/** Every element is a term of its own, which takes a kilobyte. */
const maxPieces = 10_000;

export const split: IntrinsicFunction = {
  name: "Fn::Split",
  form: "!Split [delimiter, text]",
  positions: everywhere,
  evaluate(scope, argument, node) {
    const [first, second, ...rest] = listArguments(argument, node) ?? [];
    if (!first || !second || rest.length > 0) return badForm(scope, argument, split);
    const delimiter = literalText(scope, first);
    if (!delimiter) return badForm(scope, first, split, "the delimiter must be written out, and not be empty.");
    const source = evaluateNode(scope, second);
    if (source.kind !== "leaf") return badForm(scope, second, split, "the second part is a text.");
    if (source.value instanceof Unknown) return combineUnknown(scope, node, [source]);
    const pieces = leafText(source).split(delimiter);
    if (pieces.length > maxPieces) {
      const message = `Fn::Split gives ${pieces.length.toLocaleString("en")} elements, and ${maxPieces.toLocaleString("en")} are the most.`;
      report(scope, second, {
        code: "function.size",
        message,
        remedy: "Shorten the text; no property takes as many.",
        dynamic: true,
      });
      return failed(node);
    }
    const items: Term[] = pieces.map((value) => ({ ...source, uses: [], text: undefined, value }) as Term);
    return withUses({ kind: "list", node, items }, usesOf(source));
  },
};

export const select: IntrinsicFunction = {
  name: "Fn::Select",
  form: "!Select [index, [value, …]]",
  positions: everywhere,
  evaluate(scope, argument, node) {
    const [first, second, ...rest] = listArguments(argument, node) ?? [];
    if (!first || !second || rest.length > 0) return badForm(scope, argument, select);
    const index = evaluateNode(scope, first);
    const list = evaluateNode(scope, second);
    if (index.kind !== "leaf") return badForm(scope, first, select, "the index is a number.");
    const unknownList = list.kind === "leaf" && list.value instanceof Unknown;
    if (list.kind !== "list" && !unknownList) return badForm(scope, second, select, "the second part is a list.");
    const text = index.value instanceof Unknown ? undefined : leafText(index);
    if (text !== undefined && !/^\d+$/.test(text))
      return badForm(
        scope,
        first,
        select,
        `${quotedText(index)} is no index; the first element has 0.`,
        isFunction(scope.template.target(first)),
      );
    if (text === undefined || list.kind !== "list") return combineUnknown(scope, node, [index, list]);
    const items = present(list.items);
    const picked = items[Number(text)];
    if (!picked) {
      const [problem, remedy] = rangeOf(items.length);
      report(scope, first, {
        code: "select.range",
        message: `${problem}; there is none at ${isSensitive(index) ? "the index given here" : `index ${text}`}.`,
        remedy,
        dynamic: true,
      });
      return failed(node);
    }
    const others = [...(list.uses ?? []), ...usesOf(index), ...items.filter((item) => item !== picked).flatMap(usesOf)];
    return withUses(isSensitive(index) ? conceal(picked) : picked, others);
  },
};

function rangeOf(length: number): [problem: string, remedy: string] {
  if (length === 0) return ["The list is empty", "Give the list an element."];
  if (length === 1) return ["The list has one element, at index 0", "Use index 0, or give the list more elements."];
  return [`The list has ${length} elements, the last at index ${length - 1}`, `Use an index from 0 to ${length - 1}.`];
}

export const base64: IntrinsicFunction = {
  name: "Fn::Base64",
  form: "!Base64 text",
  positions: everywhere,
  evaluate(scope, argument, node) {
    const term = evaluateArgument(scope, argument, node);
    if (term.kind !== "leaf") return badForm(scope, argument, base64, "the argument is a text.");
    // Once encoded, a dynamic reference could not be found any more.
    const source = withDynamicReferences(scope, term);
    return combine(scope, node, [source], () => Buffer.from(leafText(source), "utf8").toString("base64"));
  },
};
