import type { Problem } from "./scope.ts";

/** What only CloudFormation's service can do, by the names that templates have for it. */

export const macroFunction: Problem = {
  code: "unsupported.function",
  message: "Fn::Transform runs a macro, which only CloudFormation's service can do.",
  remedy: "Write the macro's result into the template.",
};

export const hooksSection: Problem = {
  code: "unsupported.section",
  message: "Hooks are run by CloudFormation's service only.",
  remedy: "Remove the section.",
};

/** Types of resources that are features of CloudFormation's service: what each is, and the way out. */
const serviceTypes: readonly (readonly [pattern: RegExp, what: string, remedy: string])[] = [
  [
    /^Custom::|^AWS::CloudFormation::CustomResource$/,
    "a custom resource: CloudFormation calls a function of yours to make it",
    "Declare what the function makes; or run the function as a step of its own, before or after this one.",
  ],
  [
    /^AWS::CloudFormation::WaitCondition/,
    "how CloudFormation waits for a signal",
    "Leave it out: what refers to a resource waits until that is usable. For more, write checks: in the stack file.",
  ],
  [
    /^AWS::CloudFormation::StackSet$/,
    "many stacks that CloudFormation makes",
    "Write a stack file for each account and region; they may share the template.",
  ],
  [
    /^AWS::Serverless::/,
    "a shorthand of the Serverless Application Model, which CloudFormation's service writes out",
    "Use the template that it produces: aws cloudformation get-template --template-stage Processed prints it for a stack.",
  ],
  [
    /::MODULE$/,
    "a module, which CloudFormation's service writes out",
    "Use the template that it produces: aws cloudformation get-template --template-stage Processed prints it for a stack.",
  ],
  [
    /^AWS::CloudFormation::/,
    "a feature of CloudFormation's service, which is not used here",
    "Leave it out, or keep it in a stack of CloudFormation's.",
  ],
];

/** What is wrong with a type that no provider can ever have. */
export function serviceType(type: string): Problem | undefined {
  // It is expanded where its template is a file of the repository.
  if (type === "AWS::CloudFormation::Stack") return undefined;
  const found = serviceTypes.find(([pattern]) => pattern.test(type));
  if (!found) return undefined;
  const [, what, remedy] = found;
  return { code: "unsupported.type", message: `The type ${type} is ${what}.`, remedy };
}

/** Attributes of a resource beside its properties that tell CloudFormation's service what to wait for, or how to roll a change out. The resource is the same without. */
export function serviceAttribute(attribute: string): Problem | undefined {
  if (attribute !== "CreationPolicy" && attribute !== "UpdatePolicy") return undefined;
  return {
    code: "unsupported.attribute",
    severity: "note",
    message: `${attribute} is carried out by CloudFormation's service; here it has no effect.`,
    remedy:
      attribute === "CreationPolicy"
        ? "Write checks: in the stack file to wait until the resource does its work."
        : "Let the service that owns the resource roll its changes out; instance refresh of an Auto Scaling group, for instance.",
  };
}
