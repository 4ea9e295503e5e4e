import { type Document, isNode, LineCounter, type Node, parseDocument, type Tags, visit, type YAMLError } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { boundsProblem } from "./bounds.ts";
import { checkNodes } from "./check-nodes.ts";
import { withMissing } from "./lenient.ts";
import type { SourceFile } from "./model.ts";
import { rangeOf } from "./nodes.ts";
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
  const outOfBounds = boundsProblem(source.text, (start) => placeIn(source, start));
  if (outOfBounds) return { diagnostics: [outOfBounds] };
  const document = readDocument(source.text, customTags(functions), lines);
  const found = withoutTwins([...document.errors, ...document.warnings]);
  const problems = withoutEchoes(
    found.sort((a, b) => a.pos[0] - b.pos[0]),
    lines,
  );
  const diagnostics = problems.map((problem) => syntaxDiagnostic(problem, source, functions, placeAt));
  const root = document.contents ?? undefined;
  const targets = new Map<Node, Node>();
  const file: YamlFile = {
    source,
    root,
    target: (node) => targets.get(node) ?? node,
    placeOf: (node) => placeAt(...rangeOf(node)),
    placeAt,
  };
  if (root) checkNodes(file, root, targets, diagnostics);
  if (!diagnostics.some(({ code }) => broken.has(code))) return { value: file, diagnostics };
  // What is taken for a key after a mistake seldom is one.
  return { diagnostics: diagnostics.filter(({ code }) => code !== "yaml.key") };
}

function readDocument(text: string, tags: (known: Tags) => Tags, lines: LineCounter): Document.Parsed {
  const parse = (written: string, lineCounter: LineCounter): Document.Parsed =>
    parseDocument(written, {
      lineCounter,
      customTags: tags,
      schema: "core",
      resolveKnownTags: false,
      // Our own walk does it: the library compares every key with every other, and names only the second place.
      uniqueKeys: false,
      prettyErrors: false,
      // Not "silent": that would also keep silent about a second document.
      logLevel: "error",
    });
  const document = parse(text, lines);
  const mended = document.errors.length > 0 ? withMissing(text) : undefined;
  if (!mended) return document;
  const again = parse(mended.text, new LineCounter());
  if (again.errors.length > 0) return document;
  // Lines and columns are those of the text as it is written.
  visit(again, (_, node) => {
    if (isNode(node) && node.range) node.range = node.range.map(mended.original) as [number, number, number];
  });
  for (const warning of again.warnings)
    warning.pos = [mended.original(warning.pos[0]), mended.original(warning.pos[1])];
  return again;
}

/** Without what our own walk tells of each alias, and without the other complaint about a value in brackets that goes on as a key. */
function withoutTwins(problems: readonly YAMLError[]): YAMLError[] {
  const inFlow = new Set(problems.filter(({ code }) => code === "BLOCK_IN_FLOW").map(({ pos }) => pos[0]));
  return problems.filter(
    ({ code, message, pos }) =>
      message !== "Alias cannot be an empty string" && !(code === "MULTILINE_IMPLICIT_KEY" && inFlow.has(pos[0])),
  );
}

const neverEchoes: ReadonlySet<string> = new Set([
  "MULTIPLE_DOCS",
  "RESOURCE_EXHAUSTION",
  "TAB_AS_INDENT",
  "TAG_RESOLVE_FAILED",
]);

/** What is wrong by itself, whatever went wrong before. */
const ownMistakes: ReadonlySet<string> = new Set([
  "BAD_DQ_ESCAPE",
  "BAD_SCALAR_START",
  "BLOCK_AS_IMPLICIT_KEY",
  "MULTIPLE_TAGS",
]);

/** After a syntax error the library stumbles over the rest of the line and the next as well, and over whatever no longer belongs to anything. */
function withoutEchoes(problems: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const seen = new Set<number>();
  return problems.filter(({ code, pos: [start] }) => {
    const { line } = lines.linePos(start);
    const isEcho =
      seen.has(line) ||
      (code === "BLOCK_AS_IMPLICIT_KEY" && seen.has(line - 1)) ||
      (!ownMistakes.has(code) && seen.size > 0);
    if (code !== "TAG_RESOLVE_FAILED") seen.add(line);
    return neverEchoes.has(code) || !isEcho;
  });
}

/**
 * What can be nothing but text, asked before all others: else the library tries every tag there is, with each plain scalar of the file. What begins like a number, and the
 * words of YAML's core schema, are left to its own.
 */
const plainText = {
  tag: "tag:yaml.org,2002:str",
  default: true,
  test: /^(?!(?:[nN]ull|NULL|[tT]rue|TRUE|[fF]alse|FALSE)$)[^-+.~\d]/,
  resolve: (text: string) => text,
};

function customTags(functions: readonly string[]): (known: Tags) => Tags {
  const kinds = [undefined, "seq", "map"] as const;
  const tags = functions.flatMap((name) =>
    kinds.map((collection) => ({
      tag: `!${name}`,
      ...(collection && { collection }),
      resolve: (value: unknown) => value,
    })),
  );
  return (known) => [plainText, ...known, ...(tags as unknown as Tags)];
}

/** Of an offset in a text that is not read. */
function placeIn({ path, text }: SourceFile, offset: number): Place {
  const before = text.slice(0, offset);
  return { file: path, line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function placeBetween(source: SourceFile, lines: LineCounter, start: number, end: number): Place {
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(start, end));
  const place: Place = { file: source.path, line: Math.max(1, from.line), column: Math.max(1, from.col) };
  // A caret under several lines helps nobody: the start says where to look.
  if (to.line === from.line && to.col > from.col) place.end = { line: to.line, column: to.col };
  return place;
}
