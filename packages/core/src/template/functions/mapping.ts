import { isMap, type Node } from "yaml";
import { Unknown } from "../../value.ts";
import { combineUnknown } from "../combine.ts";
import { didYouMean } from "../nearest.ts";
import { badForm, evaluateNode, listArguments } from "../node.ts";
import { entriesOf, isTagged } from "../nodes.ts";
import { everywhere, type IntrinsicFunction, needsExtensions, report, type Scope } from "../scope.ts";
import { conceal, failed, isSensitive, type Leaf, leafText, quotedText, type Term, usesOf, withUses } from "../term.ts";

export const findInMap: IntrinsicFunction = {
  name: "Fn::FindInMap",
  form: "!FindInMap [Mapping, first key, second key], with the transform AWS::LanguageExtensions also a fourth part { DefaultValue: value }",
  positions: everywhere,
  evaluate(scope, argument, node) {
    // Else a mapping could ask for itself.
    if (scope.inMapping) {
      report(scope, node, withinMapping);
      return failed(node);
    }
    const [mappingNode, firstNode, secondNode, last, ...rest] = listArguments(argument, node) ?? [];
    if (!mappingNode || !firstNode || !secondNode || rest.length > 0) return badForm(scope, argument, findInMap);
    const otherwise = last && defaultValue(scope, last);
    if (last && !otherwise) return badForm(scope, last, findInMap, "the fourth part is a map with DefaultValue.");
    const keys: Key[] = [];
    for (const written of [mappingNode, firstNode, secondNode]) {
      const key = keyAt(scope, written);
      if (!key) return badForm(scope, written, findInMap, "each of the three is a text.");
      keys.push(key);
    }
    if (keys.some((key) => key.value instanceof Unknown)) {
      if (!otherwise && !mayBeThere(scope, keys as [Key, Key, Key]))
        return withUses(failed(node), keys.flatMap(usesOf));
      return combineUnknown(scope, node, otherwise ? [...keys, evaluateNode(scope, otherwise)] : keys);
    }
    const found = lookUp(scope, keys as [Key, Key, Key], otherwise !== undefined);
    if (!found && !otherwise) return failed(node);
    // The default is checked although it is not taken: what is wrong with it is wrong today.
    if (found && otherwise) evaluateNode({ ...scope, shadow: true }, otherwise);
    const value = found
      ? evaluateNode(scope.template.extended ? { ...scope, inMapping: true } : { ...scope, position: "mapping" }, found)
      : evaluateNode(scope, otherwise as Node);
    return withUses(keys.some(isSensitive) ? conceal(value) : value, keys.flatMap(usesOf));
  },
};

const withinMapping = {
  code: "function.place",
  message: "Fn::FindInMap cannot be used in a mapping.",
  remedy: "Write the value itself.",
};

type Key = Leaf & { written: Node };

/** One of the three texts; undefined where something else stands. */
function keyAt(scope: Scope, written: Node): Key | undefined {
  const term: Term = evaluateNode(scope, written);
  return term.kind === "leaf" ? { ...term, written } : undefined;
}

function defaultValue(scope: Scope, written: Node): Node | undefined {
  const node = scope.template.target(written);
  const [entry, ...rest] = isMap(node) && !isTagged(node) ? [...entriesOf(node)] : [];
  if (entry?.key !== "DefaultValue" || rest.length > 0) return undefined;
  if (!scope.template.extended) report(scope, entry.keyNode, needsExtensions("DefaultValue"));
  return entry.value;
}

/** While some of the texts are unknown: false, and reported, where the mapping has no value whatever they are. */
function mayBeThere(scope: Scope, [mapping, first, second]: [Key, Key, Key]): boolean {
  if (mapping.value instanceof Unknown) return true;
  const maps = scope.template.mappings.get(leafText(mapping));
  if (!maps) {
    noMapping(scope, mapping);
    return false;
  }
  const inner = entriesAt(scope, maps);
  if (!(first.value instanceof Unknown) && !inner.has(leafText(first))) {
    noTopKey(scope, mapping, first, inner);
    return false;
  }
  // A mapping with functions, as the transform allows, may have any keys.
  if (second.value instanceof Unknown || scope.template.extended) return true;
  const names = new Set([...inner.values()].flatMap((values) => [...entriesAt(scope, values).keys()]));
  // A mapping of nothing was reported.
  if (names.size === 0 || names.has(leafText(second))) return true;
  const message = `Nothing in the mapping ${quotedText(mapping)} has a key ${quotedText(second)}.`;
  reportMissing(scope, second, message, [...names]);
  return false;
}

function noMapping(scope: Scope, mapping: Key): void {
  const names = [...scope.template.mappings.keys()];
  reportMissing(scope, mapping, `There is no mapping ${quotedText(mapping)}.`, names);
}

function noTopKey(scope: Scope, mapping: Key, first: Key, inner: ReadonlyMap<string, Node>): void {
  const message = `The mapping ${quotedText(mapping)} has no key ${quotedText(first)}.`;
  reportMissing(scope, first, message, [...inner.keys()]);
}

/** The value in the mapping. Where it has none that is reported, unless there is a default. */
function lookUp(scope: Scope, [mapping, first, second]: [Key, Key, Key], hasDefault: boolean): Node | undefined {
  const [name, top, key] = [leafText(mapping), leafText(first), leafText(second)];
  const maps = scope.template.mappings.get(name);
  if (!maps) {
    if (!hasDefault) noMapping(scope, mapping);
    return undefined;
  }
  const inner = entriesAt(scope, maps);
  const found = inner.get(top);
  if (!found) {
    if (!hasDefault) noTopKey(scope, mapping, first, inner);
    return undefined;
  }
  const values = entriesAt(scope, found);
  const value = values.get(key);
  if (!value && !hasDefault) {
    const message = `${upperFirst(quotedText(first))} of the mapping ${quotedText(mapping)} has no key ${quotedText(second)}.`;
    reportMissing(scope, second, message, [...values.keys()]);
  }
  return value;
}

function entriesAt(scope: Scope, node: Node): Map<string, Node> {
  const map = scope.template.target(node);
  const entries = isMap(map) ? [...entriesOf(map)] : [];
  return new Map(entries.flatMap(({ key, value }) => (value ? [[key, value] as const] : [])));
}

function reportMissing(scope: Scope, key: Key, message: string, names: readonly string[]): void {
  const known = names.length > 0 ? `It has ${listed(names)}.` : "Add it.";
  const remedy = isSensitive(key) ? known : didYouMean(leafText(key), names, known);
  report(scope, key.written, { code: "mapping.missing", message, remedy, dynamic: true });
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name}"`);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
