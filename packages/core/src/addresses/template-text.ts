import { isCollection, isMap, isScalar, type Node, type Pair, parseDocument, type YAMLMap } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import type { SourceFile } from "../template/model.ts";

/** Where the resources of a template stand in its text: so that one of them can be written, changed or taken out, and every other character stays as it is. */
export interface ResourceText {
  source: SourceFile;
  /** Before a logical id. */
  indent: string;
  /** What every level below adds to it. */
  step: string;
  /** By logical id: from the beginning of its first line to the beginning of the line after it. */
  ranges: ReadonlyMap<string, TextRange>;
}

interface TextRange {
  start: number;
  end: number;
}

/** undefined: the template is written as JSON, or its resources as a map in brackets. */
export function findResources(source: SourceFile): ResourceText | undefined {
  const { contents } = parseDocument(source.text, { logLevel: "silent" });
  const section = isMap(contents)
    ? (contents.items as Pair<Node, Node>[]).find(({ key }) => isScalar(key) && key.value === "Resources")
    : undefined;
  const resources = section?.value as YAMLMap<Node, Node | null> | undefined;
  if (!section || !isMap(resources) || resources.flow || (contents as YAMLMap).flow) return undefined;
  const [first] = resources.items;
  if (!first) return undefined;
  const indent = indentOf(source, first.key);
  const ranges = new Map(
    resources.items.map((pair) => {
      const end = lineAfter(source.text, lastOf(pair).range?.[1] ?? 0);
      const id = String((pair.key as { value?: unknown }).value);
      return [id, { start: lineAt(source, pair.key), end: afterComments(source.text, end, indent) }];
    }),
  );
  return { source, indent, step: indent.slice(indentOf(source, section.key).length), ranges };
}

/** Comments that stand deeper than a logical id belong to the resource above them. */
function afterComments(text: string, end: number, indent: string): number {
  const [comments] = new RegExp(`^(?:${indent}[^\\S\\n]+#[^\\n]*(?:\\n|$))*`).exec(text.slice(end)) ?? [""];
  return end + comments.length;
}

/** The node with which a pair ends. Maps and lists themselves may count comments after them. */
function lastOf({ key, value }: Pair<Node, Node | null>): Node {
  if (!value || !isCollection(value) || value.flow) return value ?? key;
  const last = value.items.at(-1) as Node | Pair<Node, Node | null> | undefined;
  return last === undefined
    ? value
    : "key" in last
      ? lastOf(last)
      : isCollection(last)
        ? lastOf({ key, value: last } as Pair<Node, Node>)
        : last;
}

function lineAt({ text }: SourceFile, node: Node): number {
  return text.lastIndexOf("\n", (node.range?.[0] ?? 0) - 1) + 1;
}

/** The beginning of the line after an offset; text in a block ends with its line already. */
function lineAfter(text: string, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}

function indentOf(source: SourceFile, node: Node): string {
  return source.text.slice(lineAt(source, node), node.range?.[0]);
}

/** Writes a resource over the one of its name, or after the last one. `lines`: below its logical id, each with as many steps as it is deep. */
export function writeResource(at: ResourceText, logicalId: string, lines: readonly Line[]): string {
  const { text } = at.source;
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const all = [`${at.indent}${logicalId}:`, ...lines.map(([depth, line]) => at.indent + at.step.repeat(depth) + line)];
  const written = all.map((line) => line + newline).join("");
  const own = at.ranges.get(logicalId);
  if (own) return text.slice(0, own.start) + written + text.slice(own.end);
  const ranges = [...at.ranges.values()];
  const end = ranges.at(-1)?.end ?? text.length;
  const before = text.slice(0, end);
  // As the others are set apart.
  const isApart = ranges.some(
    ({ start }, index) => index > 0 && /\n\r?\n[^\S\n]*(?:#.*\r?\n[^\S\n]*)*$/.test(text.slice(0, start)),
  );
  return `${before}${before.endsWith("\n") ? "" : newline}${isApart ? newline : ""}${written}${text.slice(end)}`;
}

/** How deep it is, and what it says. */
export type Line = readonly [depth: number, text: string];

/** The text without a resource, and without the empty line that set it apart; one that ends the text of the resource above belongs to that. Comments above it stay. */
export function withoutRange(text: string, { start, end }: TextRange, ranges: ResourceText["ranges"]): string {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const isLast = after === "" || /^\r?\n/.test(after) || /^\S/.test(after);
  const isApart = /\n\r?\n$/.test(before) && [...ranges.values()].every((each) => each.end !== start);
  return (isLast && isApart ? before.replace(/\r?\n$/, "") : before) + after;
}

export function notEditable({ path }: SourceFile): Diagnostic {
  return {
    code: "address.template",
    severity: "error",
    message: `${path} cannot be edited line by line: it is written as JSON, or its resources in brackets.`,
    remedy: "write the rule by hand, or its resources as YAML with a line for each",
    place: { file: path, line: 1, column: 1 },
  };
}
