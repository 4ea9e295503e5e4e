import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { Unknown } from "../value.ts";
import { didYouMean } from "./nearest.ts";
import { entriesOf, isTagged, textOf } from "./nodes.ts";
import { deeper, type IntrinsicFunction, needsExtensions, type Position, report, type Scope } from "./scope.ts";
import { macroFunction } from "./service.ts";
import { failed, isSensitive, type Leaf, leafText, type MapTerm, type Term } from "./term.ts";
import { isLoop } from "./unroll.ts";

/** Evaluates one node of the template: a scalar, a list, a map, or a function in its short or long form. */
export function evaluateNode(scope: Scope, written: Node): Term {
  const node = scope.template.target(written);
  const evaluate = () => (isTagged(node) ? evaluateShortForm(scope, node) : evaluateUntagged(scope, node));
  return deeper(scope, evaluate, () => failed(node));
}

/** Evaluates what a function is applied to; the tag of a short form stands on that very node. */
export function evaluateArgument(scope: Scope, argument: Node, node: Node): Term {
  return argument === node ? evaluateUntagged(scope, argument) : evaluateNode(scope, argument);
}

function evaluateShortForm(scope: Scope, node: Node): Term {
  const short = String(node.tag).slice(1);
  const name = short === "Ref" || short === "Condition" ? short : `Fn::${short}`;
  // A tag that is no function was reported when the file was read.
  if (!scope.functions.has(name) && name !== "Fn::Transform") return failed(node);
  return callFunction(scope, name, node, node, node);
}

function evaluateUntagged(scope: Scope, node: Node): Term {
  if (isScalar(node)) return evaluateScalar(scope, node);
  if (isSeq(node))
    return { kind: "list", node, items: (node as YAMLSeq<Node>).items.map((item) => evaluateNode(scope, item)) };
  // An alias without a target does not get here: a file that has one is not evaluated.
  return evaluateMap(scope, node as YAMLMap);
}

/** The value of a scalar that is no function: numbers and booleans of YAML's core schema, everything else is text. */
export function evaluateScalar(scope: Scope, node: Scalar): Term {
  const { value } = node;
  const text = textOf(node);
  if (typeof value === "string") return { kind: "leaf", node, value };
  if (value === null) {
    // The transform leaves out what is null.
    if (scope.template.extended) return { kind: "nothing", node };
    report(scope, node, {
      code: "value.null",
      message: "There is no value here, and a template knows no null.",
      remedy: "Give a value, or remove the key; !Ref AWS::NoValue removes it by a condition.",
    });
    return failed(node);
  }
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) {
    return String(value) === text ? { kind: "leaf", node, value } : { kind: "leaf", node, value, text };
  }
  // .inf and .nan: JSON has no such numbers.
  return { kind: "leaf", node, value: text };
}

function evaluateMap(scope: Scope, node: YAMLMap): Term {
  const call = functionKey(scope, node);
  if (call && isLoop(call.key)) return evaluateWaitingLoop(scope, call.key, call.keyNode, node);
  if (call) {
    // CloudFormation lets a macro stand beside other keys, which it works on.
    if (node.items.length === 1 || call.key === "Fn::Transform")
      return callFunction(scope, call.key, call.value, node, call.keyNode);
    report(scope, call.keyNode, {
      code: "function.alone",
      message: `${call.key} stands beside other keys; a function must be the only key of its map.`,
      remedy: "Move the function to a level of its own, or remove the other keys.",
    });
    return failed(node);
  }
  const entries: MapTerm["entries"] = new Map();
  for (const { key, keyNode, value } of entriesOf(node)) {
    const term = value ? evaluateNode(scope, value) : missingValue(scope, keyNode);
    (entries as Map<string, { key: Node; term: Term }>).set(key, { key: keyNode, term });
  }
  return { kind: "map", node, entries };
}

/** A loop that was not written out when the template was read: it waits for values, and so does everything beside it. */
function evaluateWaitingLoop(scope: Scope, key: string, keyNode: Node, node: YAMLMap): Term {
  if (!scope.template.extended) report(scope, keyNode, needsExtensions(key));
  return scope.template.extended ? { kind: "leaf", node, value: new Unknown([key], "unread") } : failed(node);
}

function missingValue(scope: Scope, keyNode: Node): Term {
  if (scope.template.extended) return { kind: "nothing", node: keyNode };
  report(scope, keyNode, {
    code: "value.null",
    message: "This key has no value.",
    remedy: "Give a value, or remove the key.",
  });
  return failed(keyNode);
}

/** The key that makes a map a function. `Ref` and `Condition` are also names of properties, so they count only when they stand alone. */
function functionKey(scope: Scope, node: YAMLMap): { key: string; keyNode: Node; value: Node | undefined } | undefined {
  for (const entry of entriesOf(node)) {
    // With one colon it can be meant for nothing else.
    if (entry.key.startsWith("Fn:")) return entry;
    if (node.items.length > 1) continue;
    if (entry.key === "Ref" || (entry.key === "Condition" && scope.position === "condition")) return entry;
  }
  return undefined;
}

function callFunction(scope: Scope, name: string, written: Node | undefined, node: Node, nameNode: Node): Term {
  // A mapping holds no functions, which was said when it was read.
  if (scope.position === "mapping") return failed(node);
  const found = scope.functions.get(name);
  if (!found) {
    report(scope, nameNode, name === "Fn::Transform" ? macroFunction : unknownFunction(scope, name));
    return failed(node);
  }
  if (!found.positions.includes(scope.position)) {
    report(scope, nameNode, misplaced(scope, found));
    return failed(node);
  }
  if (!written) return badForm(scope, nameNode, found);
  const argument = scope.template.target(written);
  return found.evaluate(scope, argument, node);
}

function unknownFunction(scope: Scope, name: string) {
  return {
    code: "function.unknown",
    message: `There is no function ${name}.`,
    remedy: didYouMean(name, scope.functions.keys(), "Use one of CloudFormation's functions."),
  };
}

const positionNames: Readonly<Record<Position, string>> = {
  properties: "the properties of a resource",
  condition: "a condition",
  mapping: "a mapping",
  rule: "a rule",
  output: "an output",
  early: "what says which resources there are",
};

function misplaced(scope: Scope, found: IntrinsicFunction) {
  const allowed = found.positions.map((position) => positionNames[position]);
  return {
    code: "function.place",
    message: `${found.name} cannot be used in ${positionNames[scope.position]}.`,
    remedy: `It can be used in ${allowed.join(" and ")}.`,
  };
}

/** Reports that a function is not written as it must be, and gives what stands for its value. */
export function badForm(
  scope: Scope,
  node: Node,
  found: Pick<IntrinsicFunction, "name" | "form">,
  detail?: string,
  dynamic = false,
): Leaf {
  report(scope, node, {
    dynamic,
    code: "function.form",
    message: detail ? `${found.name}: ${detail}` : `${found.name} is not written as it must be.`,
    remedy: `Write ${found.form}.`,
  });
  return failed(node);
}

/** The arguments of a function that takes a list of them, or undefined where something else stands. */
export function listArguments(argument: Node, node: Node): readonly Node[] | undefined {
  if (!isSeq(argument)) return undefined;
  return argument !== node && isTagged(argument) ? undefined : (argument as YAMLSeq<Node>).items;
}

/**
 * The name of something, which the transform AWS::LanguageExtensions lets a function give: a text, a term that stands for what is not known yet or is a problem,
 * or undefined where neither a text nor a function stands.
 */
export function nameFrom(scope: Scope, written: Node, node?: Node): string | Term | undefined {
  const literal = literalText(scope, written, node);
  if (literal !== undefined) return literal;
  const argument = scope.template.target(written);
  const isCall = isMap(argument) ? functionKey(scope, argument) !== undefined : argument !== node && isTagged(argument);
  if (!isCall) return undefined;
  if (!scope.template.extended) {
    report(scope, argument, needsExtensions("A function in the place of a name"));
    return failed(argument);
  }
  const term = argument === node ? evaluateUntagged(scope, argument) : evaluateNode(scope, argument);
  if (term.kind !== "leaf") return undefined;
  if (isSensitive(term)) {
    report(scope, argument, secretName);
    return failed(argument);
  }
  return term.value instanceof Unknown ? term : leafText(term);
}

/** It would be in every message about what has that name. */
const secretName = {
  code: "function.form",
  message: "A name cannot be a secret.",
  remedy: "Use a parameter that is not NoEcho, or write the name out.",
  dynamic: true,
} as const;

/** The text of an argument that must be written out, a name for instance; undefined where it is a function, a list or a map. */
export function literalText(scope: Scope, written: Node, node?: Node): string | undefined {
  const argument = scope.template.target(written);
  if (!isScalar(argument) || argument.value === null) return undefined;
  return argument !== node && isTagged(argument) ? undefined : textOf(argument);
}
