import type { Node } from "yaml";
import { joinUnknowns, stableText, Unknown } from "../../value.ts";
import { combine, combineUnknown } from "../combine.ts";
import { conditionValue, truth } from "../condition.ts";
import { didYouMean } from "../nearest.ts";
import { badForm, evaluateNode, listArguments, literalText } from "../node.ts";
import { type IntrinsicFunction, report, type Scope } from "../scope.ts";
import { isName, type Leaf, leafText, lower, type Term } from "../term.ts";

export const condition: IntrinsicFunction = {
  name: "Condition",
  form: "!Condition Name",
  positions: ["condition", "rule"],
  evaluate(scope, argument, node) {
    const name = literalText(scope, argument, node);
    if (!name) return badForm(scope, argument, condition);
    if (scope.shared.conditions.get(name) === "open") scope.shared.circles.set(name, argument);
    return { kind: "leaf", node, value: named(scope, name, argument) };
  },
};

export const fnIf: IntrinsicFunction = {
  name: "Fn::If",
  form: "!If [Condition, value if true, value if false]",
  positions: ["properties", "output", "early"],
  evaluate(scope, argument, node) {
    const [first, yes, no, ...rest] = listArguments(argument, node) ?? [];
    const name = first && literalText(scope, first);
    if (!name || !yes || !no || rest.length > 0) return badForm(scope, argument, fnIf);
    const holds = named(scope, name, first);
    if (holds instanceof Unknown) {
      const branches = [evaluateNode(scope, yes), evaluateNode(scope, no)];
      const decided: Leaf = { kind: "leaf", node, value: holds };
      return combineUnknown(scope, node, [decided, ...branches]);
    }
    // The other branch is checked all the same: a name that does not exist is wrong today, not on the day the condition turns.
    evaluateNode({ ...scope, shadow: true }, holds ? no : yes);
    return evaluateNode(scope, holds ? yes : no);
  },
};

/** The value of a condition by its name; reports a name that does not exist. */
function named(scope: Scope, name: string, node: Node): boolean | Unknown {
  if (!scope.template.conditions.has(name) && !scope.template.partial) {
    report(scope, node, {
      code: "condition.undefined",
      message: `There is no condition "${name}".`,
      remedy: didYouMean(name, scope.template.conditions.keys(), "Declare it in the section Conditions."),
    });
  }
  return conditionValue(scope, name);
}

export const equals: IntrinsicFunction = {
  name: "Fn::Equals",
  form: "!Equals [value, value]",
  positions: ["condition", "rule"],
  evaluate(scope, argument, node) {
    const parts = listArguments(argument, node);
    if (parts?.length !== 2) return badForm(scope, argument, equals);
    const terms = parts.map((part) => evaluateNode(scope, part));
    // "Is it given?" is what conditions of nested stacks ask most, of what is made in the same run.
    if (terms.some(isName) && terms.some(isEmpty)) return { kind: "leaf", node, value: false };
    return combine(scope, node, terms, () => new Set(terms.map(comparable)).size === 1);
  },
};

function isEmpty(term: Term): boolean {
  return term.kind === "leaf" && term.value === "";
}

/** Scalars compare by their source text, everything else by its structure. */
function comparable(term: Term): string {
  // Nothing equals nothing else.
  if (term.kind === "nothing") return "";
  return term.kind === "leaf" ? `=${leafText(term)}` : stableText(lower(term).value);
}

/** And, Or: as known as possible. One false part decides And, one true part decides Or, whatever the others turn out to be. */
function junction(name: string, deciding: boolean): IntrinsicFunction {
  const own: IntrinsicFunction = {
    name: `Fn::${name}`,
    form: `!${name} [condition, condition, …], with 2 to 10 conditions`,
    positions: ["condition", "rule"],
    evaluate(scope, argument, node) {
      const parts = listArguments(argument, node);
      if (!parts || parts.length < 2 || parts.length > 10) return badForm(scope, argument, own);
      const values = parts.map((part) => truth(scope, part));
      const unknowns = values.filter((value) => value instanceof Unknown);
      const value = values.includes(deciding) ? deciding : unknowns.length > 0 ? joinUnknowns(unknowns) : !deciding;
      return { kind: "leaf", node, value };
    },
  };
  return own;
}

export const and = junction("And", false);
export const or = junction("Or", true);

export const not: IntrinsicFunction = {
  name: "Fn::Not",
  form: "!Not [condition]",
  positions: ["condition", "rule"],
  evaluate(scope, argument, node) {
    const [part, ...rest] = listArguments(argument, node) ?? [];
    if (!part || rest.length > 0) return badForm(scope, argument, not);
    const value = truth(scope, part);
    return { kind: "leaf", node, value: value instanceof Unknown ? value : !value };
  },
};
