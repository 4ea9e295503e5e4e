import { isMap, isScalar, type Node, type Pair, Scalar, type YAMLMap } from "yaml";

/** Does a function in its short form stand here? */
export function isTagged(node: Node): boolean {
  return node.tag?.startsWith("!") === true && node.tag !== "!";
}

/** Does a function stand here, in its short or long form? Where conditions are named, `Condition` is one too, which is not asked here. */
export function isFunction(node: Node): boolean {
  if (isTagged(node)) return true;
  if (!isMap(node) || node.items.length !== 1) return false;
  const [entry] = entriesOf(node);
  return entry?.key === "Ref" || entry?.key.startsWith("Fn::") === true;
}

/** The source text of a scalar: what was written, without its quotes. */
export function textOf(scalar: Scalar): string {
  // As CloudFormation does, for which True and true are one value, which is no text.
  if (typeof scalar.value === "boolean") return String(scalar.value);
  // Every scalar that was read has one; only those that a program makes have none.
  return scalar.source as string;
}

/** A text in the place of a node. */
export function scalarAt(node: Node, text: string): Scalar {
  const scalar = new Scalar(text);
  const [start, end] = rangeOf(node);
  scalar.source = text;
  scalar.range = [start, end, end];
  return scalar;
}

/** Where a node stands in the text: its value, without what surrounds it. */
export function rangeOf(node: Node): [start: number, end: number] {
  // Every node that was read has a range; only those that a program makes have none.
  const [start, end] = node.range as [number, number, number];
  return [start, end];
}

/** The keys and values of a map, through aliases. Keys as they are written; a missing value is undefined. */
export function* entriesOf(map: YAMLMap): Generator<{ key: string; keyNode: Node; value: Node | undefined }> {
  for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
    const isEmpty = !value || (isScalar(value) && value.value === null && value.source === "");
    yield { key: isScalar(key) ? textOf(key) : "", keyNode: key, value: isEmpty ? undefined : value };
  }
}
