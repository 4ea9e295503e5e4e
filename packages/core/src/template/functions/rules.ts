import type { Node } from "yaml";
import { Unknown } from "../../value.ts";
import { combine, combineUnknown } from "../combine.ts";
import { badForm, evaluateNode, listArguments, literalText } from "../node.ts";
import { storedType } from "../parameter-value.ts";
import { type IntrinsicFunction, report, type Scope } from "../scope.ts";
import { failed, leafText, leavesOf, lift, present, type Term } from "../term.ts";
import { refer } from "./reference.ts";

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

/** Attributes of what a parameter names, beside `Tags.key`, by the type of the parameter. */
const attributesOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["AWS::EC2::SecurityGroup::Id", []],
  ["AWS::EC2::Subnet::Id", ["AvailabilityZone", "VpcId"]],
  ["AWS::EC2::VPC::Id", ["DefaultNetworkAcl", "DefaultSecurityGroup"]],
]);

/** Types of parameters whose values in an account can be listed. Not images, of which AWS has too many, nor zones of Route 53. */
const listable = [
  ...attributesOf.keys(),
  "AWS::EC2::AvailabilityZone::Name",
  "AWS::EC2::Instance::Id",
  "AWS::EC2::KeyPair::KeyName",
  "AWS::EC2::SecurityGroup::GroupName",
  "AWS::EC2::Volume::Id",
];

export const refAll: IntrinsicFunction = {
  name: "Fn::RefAll",
  form: "Fn::RefAll: a type of parameter, as AWS::EC2::VPC::Id",
  positions: ["rule"],
  evaluate(scope, argument, node) {
    const type = literalText(scope, argument, node);
    if (!type) return badForm(scope, argument, refAll);
    return listable.includes(type) ? existing(scope, node, type, refAll) : notListed(scope, argument, refAll, type);
  },
};

export const valueOfParameter: IntrinsicFunction = {
  name: "Fn::ValueOf",
  form: "Fn::ValueOf: [parameter, attribute]",
  positions: ["rule"],
  evaluate(scope, argument, node) {
    const [name, attribute] = twoTexts(scope, argument, node) ?? [];
    if (!name || !attribute) return badForm(scope, argument, valueOfParameter);
    const type = namedType(scope.template.parameters.get(name)?.type);
    if (type === undefined) return badForm(scope, argument, valueOfParameter, `"${name}" is no parameter.`);
    const named = refer(scope, name, argument, scope.template.placeOf(argument));
    return valuesOf(scope, node, valueOfParameter, { type, attribute, argument, named });
  },
};

export const valueOfAll: IntrinsicFunction = {
  name: "Fn::ValueOfAll",
  form: "Fn::ValueOfAll: [type of parameter, attribute]",
  positions: ["rule"],
  evaluate(scope, argument, node) {
    const [type, attribute] = twoTexts(scope, argument, node) ?? [];
    if (!type || !attribute) return badForm(scope, argument, valueOfAll);
    const parameters = [...scope.template.parameters.values()].filter((each) => namedType(each.type) === type);
    const values = parameters.map((each) => refer(scope, each.name, argument, each.place));
    const list: Term = { kind: "list", node, items: values };
    return valuesOf(scope, node, valueOfAll, { type, attribute, argument, named: list });
  },
};

function twoTexts(scope: Scope, argument: Node, node: Node): (string | undefined)[] | undefined {
  const parts = listArguments(argument, node);
  return parts?.length === 2 ? parts.map((each) => literalText(scope, each)) : undefined;
}

/** What a parameter's type says that its values name, each of them where it is a list, also when it stands in Parameter Store. */
function namedType(type: string | undefined): string | undefined {
  const stored = type && (storedType(type) ?? type);
  return stored && (/^List<(.+)>$/.exec(stored)?.[1] ?? stored);
}

/** The attribute of each thing that is named: one for a text, a list for a list, without those that do not have it. */
function valuesOf(
  scope: Scope,
  node: Node,
  own: IntrinsicFunction,
  { type, attribute, argument, named }: { type: string; attribute: string; argument: Node; named: Term },
): Term {
  const attributes = attributesOf.get(type);
  if (!attributes) return notListed(scope, argument, own, type);
  if (!attributes.includes(attribute) && !/^Tags\../.test(attribute)) {
    const known = [...attributes, "Tags.key"].join(", ");
    return badForm(scope, argument, own, `${type} has no attribute "${attribute}", only ${known}.`);
  }
  const found = existing(scope, node, `${type}.${attribute}`, own);
  if (found.kind !== "map" || isOpen(named)) return combineUnknown(scope, node, [named, found]);
  const values = leavesOf(named).flatMap((leaf) => found.entries.get(leafText(leaf))?.term ?? []);
  const none: Term = { kind: "leaf", node, value: "" };
  return named.kind === "list" ? { kind: "list", node, items: values } : (values[0] ?? none);
}

/** What there is in the account and region; not known before it is planned. */
function existing(scope: Scope, node: Node, name: string, own: IntrinsicFunction): Term {
  // What is not taken is not asked for.
  if (scope.shadow) return failed(node);
  const known = scope.environment.input({ kind: "existing", name, place: scope.template.placeOf(node) });
  if (known.value instanceof Unknown)
    report(scope, node, {
      code: "rule.waiting",
      severity: "note",
      message: `${own.name} asks for what there is in the account: this part of the rule is checked when the stack is planned.`,
      remedy: "Nothing needs to be done.",
    });
  return lift(known, node, { verbatim: true });
}

/** The assertion that needs it is not checked. */
function notListed(scope: Scope, argument: Node, own: IntrinsicFunction, type: string): Term {
  report(scope, argument, {
    code: "unsupported.rule-function",
    severity: "note",
    message: `${own.name} cannot tell what there is of ${type}; this part of the rule is not checked.`,
    remedy: "Nothing needs to be done: what does not exist is noticed when a resource that uses it is made.",
  });
  return { kind: "leaf", node: argument, value: new Unknown([own.name], "unread") };
}
