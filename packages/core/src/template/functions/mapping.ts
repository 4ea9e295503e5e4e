import { isMap, type Node } from "yaml";
import { Unknown } from "../../value.ts";
import { combineUnknown } from "../combine.ts";
import { didYouMean } from "../nearest.ts";
import { badForm, evaluateNode, listArguments } from "../node.ts";
import { entriesOf } from "../nodes.ts";
import { type IntrinsicFunction, report, type Scope } from "../scope.ts";
import { conceal, failed, isSensitive, type Leaf, leafText, usesOf, withUses } from "../term.ts";
import { notYetDefaultValue } from "./not-yet.ts";

export const findInMap: IntrinsicFunction = {
  name: "Fn::FindInMap",
  form: "!FindInMap [Mapping, first key, second key]",
  positions: ["properties", "condition", "output"],
  evaluate(scope, argument, node) {
    const parts = listArguments(argument, node) ?? [];
    if (parts.length === 4) {
      report(scope, argument, notYetDefaultValue);
      return failed(node);
    }
    if (parts.length !== 3) return badForm(scope, argument, findInMap);
    const keys: (Leaf & { written: Node })[] = [];
    for (const written of parts) {
      const term = evaluateNode(scope, written);
      if (term.kind !== "leaf") return badForm(scope, written, findInMap, "each of the three is a text.");
      keys.push({ ...term, written });
    }
    if (keys.some((key) => key.value instanceof Unknown)) return combineUnknown(scope, node, keys);
    const [mapping, first, second] = keys.map((key) => ({ text: leafText(key), node: key.written })) as [Key, Key, Key];
    const found = lookUp(scope, mapping, first, second);
    if (!found) return failed(node);
    const value = evaluateNode({ ...scope, position: "mapping" }, found);
    return withUses(keys.some(isSensitive) ? conceal(value) : value, keys.flatMap(usesOf));
  },
};

interface Key {
  text: string;
  node: Node;
}

function lookUp(scope: Scope, mapping: Key, first: Key, second: Key): Node | undefined {
  const top = scope.template.mappings.get(mapping.text);
  if (!top) {
    missing(scope, mapping, `There is no mapping "${mapping.text}".`, [...scope.template.mappings.keys()]);
    return undefined;
  }
  const middle = entry(scope, top, first, `The mapping "${mapping.text}"`);
  return middle && entry(scope, middle, second, `"${first.text}" of the mapping "${mapping.text}"`);
}

function entry(scope: Scope, node: Node, key: Key, where: string): Node | undefined {
  const map = scope.template.target(node);
  const entries = isMap(map) ? [...entriesOf(map)] : [];
  const found = entries.find((each) => each.key === key.text);
  if (!found)
    missing(
      scope,
      key,
      `${where} has no key "${key.text}".`,
      entries.map((each) => each.key),
    );
  return found?.value;
}

function missing(scope: Scope, key: Key, message: string, candidates: readonly string[]): void {
  const remedy = didYouMean(key.text, candidates, candidates.length > 0 ? `It has ${listed(candidates)}.` : "Add it.");
  report(scope, key.node, { code: "mapping.missing", message, remedy, dynamic: true });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
