import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type TagId,
  type YAMLMap,
} from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { SourceFile } from "./model.ts";
import { syntaxDiagnostic } from "./syntax.ts";

/** A YAML or JSON file as nodes that know their place. Aliases are checked: each has a target, and none contains itself. */
export interface YamlFile {
  source: SourceFile;
  /** undefined: the file is empty. */
  root: Node | undefined;
  /** The node itself, or what an alias stands for. */
  target(node: Node): Node;
  placeOf(node: Node): Place;
  /** The place of the text between two offsets. `end` is left out where it is on another line. */
  placeAt(start: number, end: number): Place;
}

/** The tags that CloudFormation's short forms use, `!Ref` and the like, in every kind of node that YAML has. */
export interface YamlOptions {
  /** Names without the exclamation mark. Any other tag is an error. */
  functions?: readonly string[];
}

/** Deeper than any template is; keeps every later walk far from the end of the stack. */
const maxDepth = 200;
/** Values that a file's aliases may stand for in all. */
const maxExpanded = 100_000;
/** CloudFormation takes 1 MB; a project file is far below. */
export const maxFileBytes = 10_000_000;

/** After these, what the file says is not known, and whatever else one would find in it is noise. */
const broken = new Set([
  "yaml.syntax",
  "yaml.tab",
  "yaml.multiple-documents",
  "yaml.depth",
  "yaml.alias",
  "yaml.aliases",
]);

/** Reads YAML (JSON is YAML). Gives every syntax problem at once; `value` is left out where the text is not what its author can have meant. */
export function parseYaml(
  source: SourceFile,
  options: YamlOptions = {},
): { value?: YamlFile; diagnostics: Diagnostic[] } {
  const functions = options.functions ?? [];
  const lines = new LineCounter();
  const placeAt = (start: number, end: number) => placeBetween(source, lines, start, end);
  const document: Document.Parsed = parseDocument(source.text, {
    lineCounter: lines,
    customTags: customTags(functions),
    schema: "core",
    resolveKnownTags: false,
    // Our own walk does it: the library compares every key with every other, and names only the second place.
    uniqueKeys: false,
    prettyErrors: false,
    // Not "silent": that would also keep silent about a second document.
    logLevel: "error",
  });
  const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const first = problems.filter((problem, index) => problem.pos[0] !== problems[index - 1]?.pos[0]);
  const diagnostics = first.map((problem) => syntaxDiagnostic(problem, source, functions, placeAt));
  const root = document.contents ?? undefined;
  const targets = new Map<Node, Node>();
  const file: YamlFile = {
    source,
    root,
    target: (node) => targets.get(node) ?? node,
    placeOf: (node) => placeAt(...rangeOf(node)),
    placeAt,
  };
  if (root) walk(file, root, targets, diagnostics);
  return diagnostics.some((diagnostic) => broken.has(diagnostic.code)) ? { diagnostics } : { value: file, diagnostics };
}

function customTags(functions: readonly string[]) {
  const kinds = [undefined, "seq", "map"] as const;
  const tags = functions.flatMap((name) =>
    kinds.map((collection) => ({
      tag: `!${name}`,
      ...(collection && { collection }),
      resolve: (value: unknown) => value,
    })),
  );
  return tags as unknown as TagId[];
}

function placeBetween(source: SourceFile, lines: LineCounter, start: number, end: number): Place {
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(start, end));
  const place: Place = { file: source.path, line: Math.max(1, from.line), column: Math.max(1, from.col) };
  // A caret under several lines helps nobody: the start says where to look.
  if (to.line === from.line && to.col > from.col) place.end = { line: to.line, column: to.col };
  return place;
}

/** What the library leaves to its users: duplicate keys, alias targets, merge keys, keys that are no text, depth. In the order of the text, because an anchor may be set again. */
function walk(file: YamlFile, root: Node, targets: Map<Node, Node>, diagnostics: Diagnostic[]): void {
  const anchors = new Map<string, { node: Node; extent?: Extent }>();
  let expanded = 0;
  visit(root, 1);

  function visit(node: Node, depth: number): Extent {
    if (depth > maxDepth) {
      diagnostics.push(tooDeep(file, node));
      return leaf;
    }
    if (isAlias(node)) return bind(node, node.source, depth);
    const anchor: { node: Node; extent?: Extent } = { node };
    if (node.anchor) anchors.set(node.anchor, anchor);
    anchor.extent = isMap(node)
      ? visitMap(node, depth)
      : isSeq(node)
        ? total((node.items as Node[]).map((item) => visit(item, depth + 1)))
        : leaf;
    return anchor.extent;
  }

  function visitMap(node: YAMLMap, depth: number): Extent {
    const seen = new Map<string, Node>();
    const parts: Extent[] = [];
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      checkKey(key, seen);
      if (value) parts.push(visit(value, depth + 1));
    }
    return total(parts);
  }

  function checkKey(key: Node, seen: Map<string, Node>): void {
    if (!isScalar(key) || key.tag) {
      diagnostics.push(badKey(file, key));
      return;
    }
    if (key.anchor) anchors.set(key.anchor, { node: key, extent: leaf });
    const text = textOf(key);
    const first = seen.get(text);
    if (first) diagnostics.push(duplicateKey(file, text, key, first));
    else seen.set(text, key);
    if (text === "<<" && key.type === "PLAIN") diagnostics.push(mergeKey(file, key));
  }

  /** An alias bomb of a few lines stands for billions of values: counted here, nobody else needs to count. */
  function bind(alias: Node, name: string, depth: number): Extent {
    const anchor = anchors.get(name);
    if (!anchor?.extent) {
      diagnostics.push(badAlias(file, alias, name, anchor !== undefined));
      return leaf;
    }
    if (depth + anchor.extent.height > maxDepth) {
      diagnostics.push(tooDeep(file, alias));
      return leaf;
    }
    const before = expanded;
    expanded += anchor.extent.size;
    if (expanded > maxExpanded) {
      if (before <= maxExpanded) diagnostics.push(tooManyAliases(file, alias));
      return leaf;
    }
    targets.set(alias, anchor.node);
    return anchor.extent;
  }
}

/** Of a node and all below it, aliases followed. */
interface Extent {
  size: number;
  height: number;
}

const leaf: Extent = { size: 1, height: 1 };

function total(parts: readonly Extent[]): Extent {
  const extent = { size: 1, height: 1 };
  for (const part of parts) {
    extent.size += part.size;
    extent.height = Math.max(extent.height, part.height + 1);
  }
  return extent;
}

function badAlias(file: YamlFile, alias: Node, name: string, inside: boolean): Diagnostic {
  return {
    code: "yaml.alias",
    severity: "error",
    message: inside
      ? `The alias "*${name}" stands inside what it repeats.`
      : `Nothing before this alias is marked "&${name}".`,
    remedy: inside
      ? "Repeat a value that ends before the alias."
      : `Write "&${name}" before the value that is to be repeated.`,
    place: file.placeOf(alias),
  };
}

function tooManyAliases(file: YamlFile, alias: Node): Diagnostic {
  return {
    code: "yaml.aliases",
    severity: "error",
    message: `Aliases make this file more than ${maxExpanded.toLocaleString("en")} values longer than it is written.`,
    remedy: "Use fewer aliases, and none of a value that holds aliases itself.",
    place: file.placeOf(alias),
  };
}

function tooDeep(file: YamlFile, node: Node): Diagnostic {
  return {
    code: "yaml.depth",
    severity: "error",
    message: `This is nested more than ${maxDepth} levels deep.`,
    remedy: "Flatten the structure; no template needs as many levels.",
    place: file.placeOf(node),
  };
}

function badKey(file: YamlFile, key: Node): Diagnostic {
  return {
    code: "yaml.key",
    severity: "error",
    message: "A key must be plain or quoted text.",
    remedy: "Write the key as text, without a tag, an alias, a list or a map.",
    place: file.placeOf(key),
  };
}

function duplicateKey(file: YamlFile, text: string, key: Node, first: Node): Diagnostic {
  const place = file.placeOf(first);
  return {
    code: "yaml.duplicate-key",
    severity: "error",
    message: `The key "${text}" is here a second time; the first is at line ${place.line}.`,
    remedy: "Remove one of the two, or rename it.",
    place: file.placeOf(key),
    related: [{ message: "First here.", place }],
  };
}

function mergeKey(file: YamlFile, key: Node): Diagnostic {
  return {
    code: "yaml.merge-key",
    severity: "error",
    message: 'The merge key "<<" is not part of CloudFormation\'s YAML.',
    remedy: "Write the merged keys out; an alias of a whole value (*name) is allowed.",
    place: file.placeOf(key),
  };
}

/** The source text of a scalar: what was written, without its quotes. */
export function textOf(scalar: Scalar): string {
  // Every scalar that was read has one; only those that a program makes have none.
  return scalar.source as string;
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
