import type { Node } from "yaml";
import type { Place } from "../../diagnostic.ts";
import { Unknown } from "../../value.ts";
import { combineUnknown } from "../combine.ts";
import { conditionValue } from "../condition.ts";
import type { PseudoParameter } from "../model.ts";
import { nearest } from "../nearest.ts";
import { badForm, evaluateNode, listArguments, literalText } from "../node.ts";
import { type IntrinsicFunction, reportAt, type Scope } from "../scope.ts";
import { failed, leafText, lift, type Term } from "../term.ts";

export const ref: IntrinsicFunction = {
  name: "Ref",
  form: "!Ref Name, the name of a parameter, a resource or a pseudo parameter",
  positions: ["properties", "condition", "output"],
  evaluate(scope, argument, node) {
    const name = literalText(scope, argument, node);
    return name ? refer(scope, name, argument, scope.template.placeOf(argument)) : badForm(scope, argument, ref);
  },
};

export const getAtt: IntrinsicFunction = {
  name: "Fn::GetAtt",
  form: "!GetAtt LogicalId.Attribute, or a list of the two",
  positions: ["properties", "output"],
  evaluate(scope, argument, node) {
    const text = literalText(scope, argument, node);
    if (text !== undefined) {
      const [logicalId, attribute] = cut(text);
      if (!logicalId || !attribute) return badForm(scope, argument, getAtt, `"${text}" names no attribute.`);
      return attributeOf(scope, logicalId, attribute, argument, scope.template.placeOf(argument));
    }
    const parts = listArguments(argument, node);
    const [first, second] = parts ?? [];
    const logicalId = first && literalText(scope, first);
    if (!logicalId || !second || parts?.length !== 2) return badForm(scope, argument, getAtt);
    const term = evaluateNode(scope, second);
    if (term.kind !== "leaf") return badForm(scope, second, getAtt, "the name of an attribute is a text.");
    if (term.value instanceof Unknown) return combineUnknown(scope, node, [term]);
    return attributeOf(scope, logicalId, leafText(term), argument, scope.template.placeOf(first));
  },
};

/** `a.b.c` as `a` and `b.c`. */
export function cut(text: string): [string, string | undefined] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}

const pseudoParameters: readonly PseudoParameter[] = [
  "AWS::AccountId",
  "AWS::NotificationARNs",
  "AWS::Partition",
  "AWS::Region",
  "AWS::StackId",
  "AWS::StackName",
  "AWS::URLSuffix",
];

function isPseudo(name: string): name is PseudoParameter {
  return (pseudoParameters as readonly string[]).includes(name);
}

/** What `Ref` gives for a name; `place` is that of the name itself. */
export function refer(scope: Scope, name: string, node: Node, place: Place): Term {
  if (name === "AWS::NoValue") return { kind: "nothing", node };
  if (isPseudo(name)) return lift({ value: scope.environment.pseudo[name] }, node);
  if (scope.template.parameters.has(name)) {
    // Without a value there is a diagnostic already (`parameter.missing`): unknown says nothing twice.
    return lift(scope.environment.parameters.get(name) ?? { value: new Unknown([name], "unread") }, node);
  }
  if (!scope.template.resources.has(name)) return undefinedName(scope, name, node, place);
  return useOf(scope, name, undefined, node, place);
}

/** What `Fn::GetAtt` gives. */
export function attributeOf(scope: Scope, logicalId: string, attribute: string, node: Node, place: Place): Term {
  if (scope.template.resources.has(logicalId)) return useOf(scope, logicalId, attribute, node, place);
  const isParameter = scope.template.parameters.has(logicalId);
  const near = nearest(logicalId, scope.template.resources.keys());
  reportAt(scope, place, {
    code: "ref.undefined",
    message: isParameter
      ? `"${logicalId}" is a parameter, and a parameter has no attributes.`
      : `There is no resource "${logicalId}".`,
    remedy: isParameter
      ? `Use !Ref ${logicalId}.`
      : near
        ? meant(scope, near)
        : "Declare the resource, or correct its name.",
  });
  return failed(node);
}

function useOf(scope: Scope, logicalId: string, attribute: string | undefined, node: Node, place: Place): Term {
  if (scope.position === "condition") {
    reportAt(scope, place, {
      code: "condition.resource",
      message: `A condition cannot depend on the resource "${logicalId}": conditions decide which resources there are.`,
      remedy: "Use a parameter, a pseudo parameter or a mapping.",
    });
    return failed(node);
  }
  const declaration = scope.template.resources.get(logicalId);
  const condition = declaration?.condition;
  if (condition && conditionValue(scope, condition.name) === false) {
    reportAt(scope, place, {
      code: "ref.inactive",
      message: `"${logicalId}" is not part of this stack: its condition "${condition.name}" is false.`,
      remedy: `Put the reference in an !If with the condition "${condition.name}", or give both the same condition.`,
      related: [{ message: `"${logicalId}" has this condition.`, place: condition.place }],
      dynamic: true,
    });
    return failed(node);
  }
  const use = attribute === undefined ? { logicalId, place } : { logicalId, attribute, place };
  return lift(scope.environment.attribute(logicalId, attribute), node, { uses: [use], verbatim: true });
}

function undefinedName(scope: Scope, name: string, node: Node, place: Place): Term {
  const { parameters, resources } = scope.template;
  const pseudo = name.startsWith("AWS::");
  const near = nearest(
    name,
    pseudo ? [...pseudoParameters, "AWS::NoValue"] : [...parameters.keys(), ...resources.keys()],
  );
  reportAt(scope, place, {
    code: "ref.undefined",
    message: pseudo ? `There is no pseudo parameter "${name}".` : `There is no parameter or resource "${name}".`,
    remedy: near
      ? meant(scope, near)
      : pseudo
        ? "Use one of CloudFormation's pseudo parameters."
        : "Declare it, or correct the name.",
  });
  return failed(node);
}

function meant(scope: Scope, near: string): string {
  const parameter = scope.template.parameters.get(near);
  const place = parameter?.place ?? scope.template.resources.get(near)?.place;
  if (!place) return `Did you mean "${near}"?`;
  return `Did you mean "${near}", the ${parameter ? "parameter" : "resource"} at line ${place.line}?`;
}
