import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { entriesOf, isTagged } from "./nodes.ts";
import { needsExtensions, type Problem } from "./scope.ts";
import { macroFunction } from "./service.ts";
import { complain, type Entry, emptyKey, type Reader, readMap, readText } from "./structure.ts";
import { isLoop } from "./unroll.ts";

/** What CloudFormation gives names by; of all others it takes any. */
const strictKinds = ["parameter", "resource", "output"];

/** A section of named things. What cannot be read is left out, with its reason among the diagnostics. */
export function parseNamed<T>(
  reader: Reader,
  section: Node,
  kind: string,
  into: Map<string, T>,
  parse: (entry: Entry & { value: Node }) => T | undefined,
): void {
  for (const entry of readMap(reader, section, `The section of ${kind}s`, "a map of names")) {
    if (entry.key.startsWith("Fn::")) {
      parseFunctionKey(reader, entry, kind);
      continue;
    }
    if (strictKinds.includes(kind) && !/^[A-Za-z0-9]{1,255}$/.test(entry.key)) badName(reader, entry, kind);
    else if (!entry.value) emptyKey(reader, entry, `The ${kind} "${entry.key}"`);
    if (!entry.value) continue;
    const parsed = parse({ ...entry, value: entry.value });
    if (parsed !== undefined) into.set(entry.key, parsed);
  }
}

/** A function in the place of a name: a loop that was not written out, or a macro. */
function parseFunctionKey(reader: Reader, { key, keyNode }: Entry, kind: string): void {
  if (!isLoop(key)) complain(reader, keyNode, key === "Fn::Transform" ? macroFunction : unknownFunctionKey(key));
  else if (!kindsOfLoops.includes(kind)) complain(reader, keyNode, loopPlace(kind));
  // With the transform it waits for values, or was reported.
  else if (!reader.extended) complain(reader, keyNode, needsExtensions(key));
}

const kindsOfLoops = ["condition", "resource", "output"];

function loopPlace(kind: string): Problem {
  return {
    code: "function.place",
    message: `A loop cannot declare ${kind}s.`,
    remedy: "Write them out; loops can declare conditions, resources, properties and outputs.",
  };
}

function unknownFunctionKey(key: string): Problem {
  return {
    code: "function.unknown",
    message: `${key} cannot stand here.`,
    remedy: "Write a name with letters and digits only.",
  };
}

function badName(reader: Reader, entry: Entry, kind: string): void {
  complain(reader, entry.keyNode, {
    code: "name.form",
    message: `"${entry.key}" cannot be the name of a ${kind}: names have letters and digits only, at most 255.`,
    remedy: `Rename it, for instance to "${entry.key.replace(/[^A-Za-z0-9]/g, "").slice(0, 255) || "Name"}".`,
  });
}

/** Two levels of keys, and at the end a text or a list. */
export function parseMapping(reader: Reader, entry: Entry & { value: Node }): Node {
  for (const top of readMap(reader, entry.value, `The mapping "${entry.key}"`, "a map of maps")) {
    const label = `"${top.key}" of the mapping "${entry.key}"`;
    const keys = top.value ? readMap(reader, top.value, label) : [];
    if (!top.value) emptyKey(reader, top, label);
    for (const { key, keyNode, value } of keys) {
      if (value) readMapped(reader, value, `"${key}" of ${label}`);
      else emptyKey(reader, { keyNode }, `"${key}" of ${label}`);
    }
  }
  return entry.value;
}

function readMapped(reader: Reader, node: Node, name: string): void {
  if (isLateFunction(reader, node)) return;
  const items = itemsOf(reader, node);
  if (!items) readText(reader, node, name, "a text or a list");
  for (const item of items ?? []) readElement(reader, item, name);
}

/** CloudFormation takes maps here too, and lists in lists: people keep the tags that all their resources have in a mapping. */
function readElement(reader: Reader, node: Node, name: string): void {
  if (isLateFunction(reader, node)) return;
  const target = reader.file.target(node);
  if (isMap(target) && !isTagged(target)) {
    for (const { key, keyNode, value } of readMap(reader, target, name)) {
      if (isFunctionKey(key, target)) noFunction(reader, keyNode, key);
      else if (value) readElement(reader, value, name);
      else emptyKey(reader, { keyNode }, name);
    }
    return;
  }
  const items = itemsOf(reader, node);
  if (!items) readText(reader, node, name, "a text, a list or a map");
  for (const item of items ?? []) readElement(reader, item, name);
}

/** The transform AWS::LanguageExtensions writes the value to where the mapping is used, and what functions are in it is evaluated there. */
function isLateFunction(reader: Reader, node: Node): boolean {
  const target = reader.file.target(node);
  if (!reader.extended) return false;
  return isTagged(target) || (isMap(target) && [...entriesOf(target)].some(({ key }) => isFunctionKey(key, target)));
}

function isFunctionKey(key: string, { items }: YAMLMap): boolean {
  return key.startsWith("Fn::") || (key === "Ref" && items.length === 1);
}

function noFunction(reader: Reader, keyNode: Node, key: string): void {
  complain(reader, keyNode, {
    code: "template.form",
    message: `A mapping holds no functions without the transform AWS::LanguageExtensions, and here is ${key}.`,
    remedy: "Write the value itself, or the function where the mapping is used.",
  });
}

function itemsOf(reader: Reader, node: Node): readonly Node[] | undefined {
  const target = reader.file.target(node);
  return isSeq(target) && !isTagged(target) ? (target as YAMLSeq<Node>).items : undefined;
}
