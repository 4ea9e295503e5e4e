import { isMap, isScalar, isSeq, type Node, Pair, type Scalar, YAMLMap, YAMLSeq } from "yaml";
import { Unknown } from "../value.ts";
import { evaluateNode, listArguments, literalText } from "./node.ts";
import { isTagged, textOf } from "./nodes.ts";
import { report, type Scope } from "./scope.ts";
import { isSensitive, leafText, present } from "./term.ts";
import { isSpent, like, literal, type Unrolling, waits } from "./unrolling.ts";

/**
 * Loops (`Fn::ForEach`) written out: the same nodes with other texts, each at the place in the file where its original stands, so that nobody else needs to know loops.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */

const prefix = "Fn::ForEach";

/** `Fn::ForEach::Name`, and `Fn::ForEach` where the name was forgotten. */
export function isLoop(key: string): boolean {
  return key === prefix || key.startsWith(`${prefix}::`);
}

type Variables = ReadonlyMap<string, string>;

/** A section with its loops written out. A loop that waits for values stays; one that cannot be read is reported and left out. */
export function unroll(into: Unrolling, section: Node): Node {
  return rewrite(into, section, new Map(), true);
}

function rewrite(into: Unrolling, written: Node, variables: Variables, loops: boolean): Node {
  const node = into.scope.template.target(written);
  if (isScalar(node)) return substitute(into, node, variables);
  if (isSeq(node)) return rewriteList(into, node as YAMLSeq<Node>, variables, loops);
  return rewriteMap(into, node as YAMLMap<Node, Node | null>, variables, loops);
}

function rewriteList(into: Unrolling, node: YAMLSeq<Node>, variables: Variables, loops: boolean): Node {
  const items = node.items.map((item) => rewrite(into, item, variables, loops));
  if (items.every((item, index) => item === node.items[index])) return node;
  const copy = new YAMLSeq<Node>();
  copy.items = items;
  return like(into, copy, node);
}

function rewriteMap(into: Unrolling, node: YAMLMap<Node, Node | null>, variables: Variables, loops: boolean): Node {
  const replaced = variableReferredTo(node, variables);
  if (replaced !== undefined) return literal(into, node, replaced);
  const pairs = node.items.flatMap((pair): Pair<Node, Node | null>[] => {
    const name = isScalar(pair.key) ? textOf(pair.key) : "";
    if (loops && isLoop(name)) return unrollLoop(into, pair, name, variables);
    const key = isScalar(pair.key) ? substitute(into, pair.key, variables) : pair.key;
    const value = pair.value && rewrite(into, pair.value, variables, loops);
    return key === pair.key && value === pair.value ? [pair] : [new Pair<Node, Node | null>(key, value)];
  });
  if (pairs.length === node.items.length && pairs.every((pair, index) => pair === node.items[index])) return node;
  const copy = new YAMLMap<Node, Node | null>();
  copy.items = withoutDuplicates(into, pairs);
  return like(into, copy, node);
}

/** `Ref` of a variable, in its short or long form. */
function variableReferredTo(node: Node, variables: Variables): string | undefined {
  if (isScalar(node)) return node.tag === "!Ref" ? variables.get(textOf(node)) : undefined;
  const [pair] = isMap(node) && node.items.length === 1 ? node.items : [];
  if (!pair || !isScalar(pair.key) || textOf(pair.key) !== "Ref") return undefined;
  return isScalar(pair.value) && !isTagged(pair.value) ? variables.get(textOf(pair.value)) : undefined;
}

const placeholder = /[$&]\{([^{}]*)\}/g;

/** `${Name}` is the item, `&{Name}` its letters and digits, in every text of the loop's body. */
function substitute(into: Unrolling, node: Scalar, variables: Variables): Node {
  if (variables.size === 0) return node;
  const replaced = variableReferredTo(node, variables);
  if (replaced !== undefined) return literal(into, node, replaced);
  const written = textOf(node);
  const text = written.replaceAll(placeholder, (whole, name: string) => {
    const item = variables.get(name.trim());
    if (item === undefined) return whole;
    return whole.startsWith("&") ? item.replaceAll(/[^A-Za-z0-9]/g, "") : item;
  });
  if (text === written) return node;
  const copy = literal(into, node, text);
  if (node.tag !== undefined) copy.tag = node.tag;
  return copy;
}

function unrollLoop(
  into: Unrolling,
  pair: Pair<Node, Node | null>,
  key: string,
  variables: Variables,
): Pair<Node, Node | null>[] {
  const loop = readLoop(into, pair, key, variables);
  if (loop === "waiting") {
    into.incomplete = true;
    const value = pair.value && rewrite(into, pair.value, variables, false);
    return [value === pair.value ? pair : new Pair<Node, Node | null>(pair.key, value)];
  }
  if (!loop) {
    into.incomplete = true;
    return [];
  }
  const pairs: Pair<Node, Node | null>[] = [];
  for (const item of loop.items) {
    into.nodes += 1;
    if (isSpent(into, pair.key)) return [];
    const body = rewriteMap(into, loop.body, new Map([...variables, [loop.identifier, item]]), true);
    pairs.push(...(body as YAMLMap<Node, Node | null>).items);
  }
  return pairs;
}

export interface Loop {
  identifier: string;
  items: readonly string[];
  body: YAMLMap<Node, Node | null>;
}

function readLoop(
  into: Unrolling,
  pair: Pair<Node, Node | null>,
  key: string,
  variables: Variables,
): Loop | "waiting" | undefined {
  const { scope } = into;
  const { template } = scope;
  const value = pair.value && template.target(pair.value);
  const [first, second, third, ...rest] = (value && !isTagged(value) && listArguments(value, value)) || [];
  const identifier = first && literalText(scope, first);
  const body = third && template.target(third);
  if (!/^::[A-Za-z0-9]+$/.test(key.slice(prefix.length)))
    return badLoop(into, pair.key, "its name has letters and digits only, and there must be one.");
  if (!first || !second || !identifier || rest.length > 0) return badLoop(into, pair.key);
  if (!isMap(body) || isTagged(body)) return badLoop(into, third ?? pair.key, "what it repeats is a map.");
  if (!isFreeName(scope, first, identifier, variables)) return undefined;
  const items = itemsOf(into, rewrite(into, second, variables, false), key);
  return typeof items === "object" ? { identifier, items, body: body as Loop["body"] } : items;
}

function badLoop(into: Unrolling, node: Node, detail = "it is not written as it must be."): undefined {
  report(into.scope, node, {
    code: "function.form",
    message: `Fn::ForEach: ${detail}`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax, shown to the user.
    remedy: 'Write "Fn::ForEach::Name": [Identifier, [value, …], { "Key${Identifier}": … }].',
  });
}

/** An identifier must not stand for two things: CloudFormation refuses one that is a parameter's name, or an outer loop's. */
function isFreeName(scope: Scope, node: Node, identifier: string, variables: Variables): boolean {
  const isParameter = scope.template.parameters.has(identifier);
  if (!isParameter && !variables.has(identifier)) return true;
  report(scope, node, {
    code: "loop.identifier",
    message: `"${identifier}" is ${isParameter ? "the name of a parameter" : "the identifier of a loop around this one"} already.`,
    remedy: "Give the identifier a name that nothing else in the template has.",
  });
  return false;
}

/** What a loop runs over; "waiting" where that needs values which are not known yet, undefined after a problem. */
function itemsOf(into: Unrolling, collection: Node, key: string): string[] | "waiting" | undefined {
  const { scope } = into;
  const term = evaluateNode(scope, collection);
  const parts = term.kind === "list" ? present(term.items) : [term];
  const items: string[] = [];
  for (const part of parts) {
    if (part.kind === "leaf" && isSensitive(part)) return secretItem(into, collection, key);
    if (part.kind === "leaf" && part.value instanceof Unknown) {
      const { sources } = part.value;
      // Without a source it is not there for a reason that was reported.
      return sources.length > 0 ? waits(into, collection, key, sources) : undefined;
    }
    if (term.kind !== "list" || part.kind !== "leaf") return badLoop(into, collection, "it runs over a list of texts.");
    items.push(leafText(part));
  }
  return items;
}

function secretItem(into: Unrolling, collection: Node, key: string): undefined {
  report(into.scope, collection, {
    code: "loop.secret",
    message: `${key} runs over values that must not be shown, and what it declares would be named after them.`,
    remedy: "Loop over a parameter without NoEcho.",
  });
}

function withoutDuplicates(into: Unrolling, pairs: readonly Pair<Node, Node | null>[]): Pair<Node, Node | null>[] {
  const seen = new Set<string>();
  return pairs.filter(({ key }) => {
    const text = isScalar(key) ? textOf(key) : "";
    if (!seen.has(text)) {
      seen.add(text);
      return true;
    }
    report(into.scope, key, {
      code: "loop.duplicate",
      message: `The loop produces "${text}", which is here already.`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax, shown to the user.
      remedy: 'Use the identifier in the key, as in "Name${Identifier}", and no item twice.',
    });
    return false;
  });
}
