import type { Problem } from "../scope.ts";

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

/** Types of resources that are not AWS resources but features of the service. */
export function notYetType(type: string): Problem | undefined {
  // It is expanded where its template is a file of the repository.
  if (type === "AWS::CloudFormation::Stack") return undefined;
  if (type.startsWith("Custom::") || type.startsWith("AWS::CloudFormation::") || type.startsWith("AWS::Serverless::")) {
    return {
      code: "unsupported.type",
      message: `The type ${type} is a feature of CloudFormation's service, which Reconcile does not use.`,
      remedy: "Declare the resources that it would make.",
    };
  }
  return undefined;
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
