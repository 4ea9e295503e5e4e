import { isMap, type Node } from "yaml";
import { Unknown } from "../../value.ts";
import { combineUnknown } from "../combine.ts";
import type { InputRequest } from "../model.ts";
import { badForm, evaluateArgument, evaluateNode } from "../node.ts";
import { entriesOf } from "../nodes.ts";
import { type IntrinsicFunction, report, type Scope } from "../scope.ts";
import { failed, isSensitive, type Leaf, leafText, lift, type Term, usesOf } from "../term.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html */
export const importValue: IntrinsicFunction = {
  name: "Fn::ImportValue",
  form: "!ImportValue Name, the name of another stack's export",
  positions: ["properties", "output"],
  evaluate(scope, argument, node) {
    const name = nameOf(scope, evaluateArgument(scope, argument, node), argument, importValue);
    if (name.value instanceof Unknown) return combineUnknown(scope, node, [name]);
    return given(scope, node, { kind: "export", name: leafText(name), place: scope.template.placeOf(argument) });
  },
};

const parts = ["StackName", "OutputName", "Region", "RoleArn"];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html */
export const getStackOutput: IntrinsicFunction = {
  name: "Fn::GetStackOutput",
  form: "!GetStackOutput with StackName and OutputName, and where it is needed Region and RoleArn",
  positions: ["properties", "output"],
  evaluate(scope, argument, node) {
    if (!isMap(argument)) return badForm(scope, argument, getStackOutput);
    const leaves = new Map<string, Leaf>();
    for (const { key, keyNode, value } of entriesOf(argument)) {
      if (!parts.includes(key) || !value) return badForm(scope, keyNode, getStackOutput);
      leaves.set(key, nameOf(scope, evaluateNode(scope, value), value, getStackOutput));
    }
    const [stack, output] = [leaves.get("StackName"), leaves.get("OutputName")];
    if (!stack || !output) return badForm(scope, argument, getStackOutput);
    const all = [...leaves.values()];
    if (all.some((leaf) => leaf.value instanceof Unknown)) return combineUnknown(scope, node, all);
    const [region, roleArn] = [leaves.get("Region"), leaves.get("RoleArn")];
    const from = {
      name: leafText(stack),
      ...(region && { region: leafText(region) }),
      ...(roleArn && { roleArn: leafText(roleArn) }),
    };
    const place = scope.template.placeOf(argument);
    return given(scope, node, { kind: "stack-output", name: leafText(output), stack: from, place });
  },
};

/** A part of what is asked for: a text that is known before there are resources. Whatever else it is was reported, and is unknown. */
function nameOf(scope: Scope, term: Term, node: Node, own: IntrinsicFunction): Leaf {
  if (term.kind !== "leaf") return badForm(scope, node, own, "a name is a text.");
  if (usesOf(term).length === 0 && !isSensitive(term)) return term;
  report(scope, node, {
    code: "import.name",
    message: `${own.name} cannot be told ${isSensitive(term) ? "a name that is a secret" : "a name by a resource"}: it is looked up before there are resources.`,
    remedy: "Make the name of texts, parameters and pseudo parameters.",
  });
  return failed(node);
}

function given(scope: Scope, node: Node, request: InputRequest): Term {
  // What is not taken is not asked for: it may not exist.
  return scope.shadow ? failed(node) : lift(scope.environment.input(request), node, { verbatim: true });
}
