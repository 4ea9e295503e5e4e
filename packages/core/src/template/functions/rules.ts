import { Unknown } from "../../value.ts";
import { combine, combineUnknown } from "../combine.ts";
import { badForm, evaluateNode, listArguments, literalText } from "../node.ts";
import { type IntrinsicFunction, report } from "../scope.ts";
import { leafText, leavesOf, present, type Term } from "../term.ts";

/**
 * The functions of the section Rules.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
 */

/** A comparison of texts with a text or with texts. */
function comparison(
  name: string,
  form: string,
  second: "text" | "list",
  holds: (left: readonly string[], right: readonly string[]) => boolean,
): IntrinsicFunction {
  const own: IntrinsicFunction = {
    name: `Fn::${name}`,
    form: `Fn::${name}: ${form}`,
    positions: ["rule"],
    evaluate(scope, argument, node) {
      const [left, right, ...rest] = listArguments(argument, node) ?? [];
      if (!left || !right || rest.length > 0) return badForm(scope, argument, own);
      const lists = [left, right].map((part) => evaluateNode(scope, part)) as [Term, Term];
      if (lists.some(isOpen)) return combineUnknown(scope, node, lists);
      if (lists[0].kind !== "list") return badForm(scope, left, own, "the first part is a list.");
      if (lists[1].kind !== (second === "text" ? "leaf" : "list"))
        return badForm(scope, right, own, `the second part is a ${second}.`);
      return combine(scope, node, lists, () => holds(textsOf(lists[0]), textsOf(lists[1])));
    },
  };
  return own;
}

function isOpen(term: Term): boolean {
  return leavesOf(term).some((leaf) => leaf.value instanceof Unknown);
}

function textsOf(term: Term): string[] {
  const parts = term.kind === "list" ? present(term.items) : [term];
  return parts.flatMap(leavesOf).map(leafText);
}

export const contains = comparison("Contains", "[[value, …], value]", "text", (left, [value]) =>
  left.some((each) => each === value),
);

export const eachMemberEquals = comparison("EachMemberEquals", "[[value, …], value]", "text", (left, [value]) =>
  left.every((each) => each === value),
);

export const eachMemberIn = comparison("EachMemberIn", "[[value, …], [value, …]]", "list", (left, right) =>
  left.every((each) => right.includes(each)),
);

/** What CloudFormation's service looks up for a rule; `parts` texts say what. The assertion that needs it is not checked. */
function lookUp(name: string, parts: 1 | 2, form: string): IntrinsicFunction {
  const own: IntrinsicFunction = {
    name: `Fn::${name}`,
    form: `Fn::${name}: ${form}`,
    positions: ["rule"],
    evaluate(scope, argument, node) {
      const nodes = parts === 1 ? [argument] : (listArguments(argument, node) ?? []);
      const texts = nodes.map((each) => literalText(scope, each, node));
      if (texts.length !== parts || !texts.every((text) => text)) return badForm(scope, argument, own);
      report(scope, argument, {
        code: "unsupported.rule-function",
        severity: "note",
        message: `${own.name} asks CloudFormation's service for what there is in the account; this part of the rule is not checked.`,
        remedy: "Nothing needs to be done: what does not exist is noticed when a resource that uses it is made.",
      });
      return { kind: "leaf", node, value: new Unknown([own.name], "unread") };
    },
  };
  return own;
}

export const refAll = lookUp("RefAll", 1, "a type of parameter, as AWS::EC2::VPC::Id");
export const valueOfParameter = lookUp("ValueOf", 2, "[parameter, attribute]");
export const valueOfAll = lookUp("ValueOfAll", 2, "[type of parameter, attribute]");
