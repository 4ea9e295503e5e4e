import { Unknown } from "../../value.ts";
import { combine, combineUnknown } from "../combine.ts";
import { badForm, evaluateArgument } from "../node.ts";
import { everywhere, type IntrinsicFunction, needsExtensions, report, type Scope } from "../scope.ts";
import { leavesOf, lower, present, usesOf, withUses } from "../term.ts";

/** Functions that the transform AWS::LanguageExtensions adds. */

function checkTransform(scope: Scope, name: string, node: Parameters<typeof report>[1]): void {
  if (!scope.template.extended) report(scope, node, needsExtensions(name));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html */
export const length: IntrinsicFunction = {
  name: "Fn::Length",
  form: "Fn::Length: [value, …], or a function that gives a list",
  positions: everywhere,
  evaluate(scope, argument, node) {
    checkTransform(scope, length.name, node);
    const list = evaluateArgument(scope, argument, node);
    // An element that is not known may turn out to be none.
    if (leavesOf(list).some((leaf) => leaf.value instanceof Unknown)) return combineUnknown(scope, node, [list]);
    if (list.kind !== "list") return badForm(scope, argument, length, "it counts the elements of a list.");
    return withUses({ kind: "leaf", node, value: present(list.items).length }, usesOf(list));
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html */
export const toJsonString: IntrinsicFunction = {
  name: "Fn::ToJsonString",
  form: "Fn::ToJsonString: a map or a list",
  positions: everywhere,
  evaluate(scope, argument, node) {
    checkTransform(scope, toJsonString.name, node);
    const term = evaluateArgument(scope, argument, node);
    const isUnknown = term.kind === "leaf" && term.value instanceof Unknown;
    if (term.kind !== "list" && term.kind !== "map" && !isUnknown)
      return badForm(scope, argument, toJsonString, "only a map or a list is turned into JSON.");
    return combine(scope, node, [term], () => JSON.stringify(lower(term).value));
  },
};
