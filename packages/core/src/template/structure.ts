import { isMap, isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { booleanOf } from "../value.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { entriesOf, isTagged, textOf } from "./nodes.ts";
import type { Problem } from "./scope.ts";
import type { Unrolling } from "./unrolling.ts";
import type { YamlFile } from "./yaml.ts";

/** Reads the fixed structure of a file: maps with known keys, texts, lists of texts. Whatever is not as it must be becomes a diagnostic. */
export interface Reader {
  /** First part of the code of problems with the form: `template.form`. */
  kind: "template" | "stack" | "project";
  file: YamlFile;
  diagnostics: Diagnostic[];
  resource?: string;
  /** Of a template: what functions are evaluated in that say what it declares. */
  early?: Unrolling;
  /** Does the transform AWS::LanguageExtensions evaluate such functions? Else they stand in Metadata.Reconcile only. */
  extended?: boolean;
  /** Will a macro change the template before it is read? Then keys may be the macro's. */
  macros?: boolean;
}

/** A key of a map, and what stands there. */
export interface Entry {
  key: string;
  keyNode: Node;
  /** Aliases followed; undefined: nothing stands there. */
  value: Node | undefined;
}

/** Reports a problem with how a file is written. */
export function complain(reader: Reader, at: Node | Place, problem: Omit<Problem, "dynamic" | "related">): void {
  const place = "line" in at ? at : reader.file.placeOf(at);
  const { code, severity = "error", message, remedy } = problem;
  const diagnostic: Diagnostic = { code, severity, message, remedy, place };
  if (reader.resource !== undefined) diagnostic.resource = reader.resource;
  reader.diagnostics.push(diagnostic);
}

/** Says what must stand at a node, and what does. */
function wrongForm(reader: Reader, node: Node, name: string, wanted: string): void {
  complain(reader, node, {
    code: `${reader.kind}.form`,
    message: `${name} must be ${wanted}, and here is ${kindOfNode(reader.file.target(node))}.`,
    remedy: `Write ${wanted}.`,
  });
}

function kindOfNode(node: Node): string {
  if (isTagged(node)) return `the function ${node.tag}`;
  if (isMap(node)) return "a map";
  return isSeq(node) ? "a list" : "a single value";
}

/** Ten times what CloudFormation takes of parameters, mappings and outputs. */
export const mostNames = 2000;

export function tooManyNames(where: string, most: number): Problem {
  return {
    code: "yaml.size",
    message: `${where} has more than ${most.toLocaleString("en")} names.`,
    remedy: "Split it: into stacks that import from one another, or into nested stacks.",
  };
}

/** The entries of a map, aliases followed; a node that is none, or is a function, is reported and gives none. */
export function readMap(reader: Reader, node: Node, name: string, wanted?: string): Entry[] {
  return readWhole(reader, node, name, wanted) ?? [];
}

/** The same, and undefined for what is reported: nothing is missing of that. */
export function readWhole(reader: Reader, node: Node, name: string, wanted = "a map"): Entry[] | undefined {
  const target = reader.file.target(node);
  if (!isMap(target) || isTagged(target)) {
    wrongForm(reader, node, name, wanted);
    return undefined;
  }
  if (reader.kind !== "template" && target.items.length > mostNames) {
    complain(reader, node, tooManyNames(name, mostNames));
    return undefined;
  }
  return [...entriesOf(target)].map(({ key, keyNode, value }) => ({
    key,
    keyNode,
    value: value && presentNode(reader.file.target(value)),
  }));
}

/** `key:` with nothing after it is a scalar null with no text. */
function presentNode(node: Node): Node | undefined {
  return isScalar(node) && node.value === null && !isTagged(node) ? undefined : node;
}

/** The source text of a scalar; anything else is reported. */
export function readText(reader: Reader, node: Node, name: string, wanted = "a text"): string | undefined {
  const target = reader.file.target(node);
  if (isScalar(target) && !isTagged(target) && target.value !== null) return textOf(target);
  wrongForm(reader, node, name, wanted);
  return undefined;
}

export function readBoolean(reader: Reader, node: Node, name: string): boolean | undefined {
  const text = readText(reader, node, name, "true or false");
  const value = text === undefined ? undefined : booleanOf(text);
  if (text !== undefined && value === undefined) wrongForm(reader, node, name, "true or false");
  return value;
}

export function readNumber(reader: Reader, node: Node, name: string): number | undefined {
  const text = readText(reader, node, name, "a number");
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() !== "" && Number.isFinite(number)) return number;
  wrongForm(reader, node, name, "a number");
  return undefined;
}

/** A list of texts; one text stands for a list of one. */
export function readTexts(reader: Reader, node: Node, name: string): { text: string; node: Node }[] {
  const target = reader.file.target(node);
  const items = isSeq(target) && !isTagged(target) ? (target as YAMLSeq<Node>).items : [target];
  return items.flatMap((item) => {
    const text = readText(reader, item, name, "a text or a list of texts");
    return text === undefined ? [] : [{ text, node: item }];
  });
}

/** Reports a key with nothing after it. */
export function emptyKey(reader: Reader, entry: Pick<Entry, "keyNode">, label: string): void {
  complain(reader, entry.keyNode, {
    code: `${reader.kind}.empty`,
    message: `${label} has no value.`,
    remedy: 'Give it a value ("" for an empty text), or remove it.',
  });
}

/**
 * The entries, a misspelt key read as the one that was meant where that is not there: it is reported, and else everything that needs what it holds would be as well.
 * Other unknown keys stay as they are.
 */
export function asMeant(reader: Reader, entries: Entry[], code: string, where: string, known: readonly string[]) {
  const present = new Set(entries.map(({ key }) => key));
  return entries.map((entry) => {
    const key = known.includes(entry.key) ? undefined : nearest(entry.key, known);
    if (key === undefined || present.has(key)) return entry;
    present.add(key);
    unknownKey(reader, entry, code, where, known);
    return { ...entry, key };
  });
}

/** Reports a key that is not among those that may stand here. */
export function unknownKey(reader: Reader, entry: Entry, code: string, where: string, known: readonly string[]): void {
  complain(reader, entry.keyNode, {
    code,
    message: `${where} has no "${entry.key}".`,
    remedy: didYouMean(entry.key, known, `It can have ${known.join(", ")}.`),
  });
}
