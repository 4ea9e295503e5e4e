import type { Problem } from "../scope.ts";

/** Parts of the language that are promised and not built. Each is refused by name and line, never ignored; what is built leaves this list. */
const functionsNotYet = new Set([
  "Fn::Contains",
  "Fn::EachMemberEquals",
  "Fn::EachMemberIn",
  "Fn::RefAll",
  "Fn::ValueOf",
  "Fn::ValueOfAll",
]);

/** The short forms that a reader of YAML must know to name them. */
export const shortFormsNotYet = [...functionsNotYet, "Fn::Transform"].map((name) => name.slice("Fn::".length));

const wait = "It is promised and not built yet; write the value out, or pass it as a parameter.";

export const macroFunction: Problem = {
  code: "unsupported.function",
  message: "Fn::Transform runs a macro, which only CloudFormation's service can do.",
  remedy: "Write the macro's result into the template.",
};

export function notYetFunction(name: string): Problem | undefined {
  if (name === "Fn::Transform") return macroFunction;
  if (!functionsNotYet.has(name)) return undefined;
  return { code: "not-yet.function", message: `${name} is not built yet.`, remedy: wait };
}

/** Sections of a template. */
export function notYetSection(section: string): Problem | undefined {
  if (section === "Rules") {
    return {
      code: "not-yet.section",
      message: "The section Rules is not built yet.",
      remedy: "Use AllowedValues and AllowedPattern of the parameters.",
    };
  }
  if (section === "Hooks") {
    return {
      code: "unsupported.section",
      message: "Hooks are run by CloudFormation's service only.",
      remedy: "Remove the section.",
    };
  }
  return undefined;
}

/** Types of resources that are not AWS resources but features of the service. */
export function notYetType(type: string): Problem | undefined {
  if (type === "AWS::CloudFormation::Stack" || type === "AWS::CDK::Metadata") {
    return { code: "not-yet.type", message: `The type ${type} is not built yet.`, remedy: "Leave it out for now." };
  }
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

const metadataNotYet = new Set(["existing", "expires", "renamed-from", "moved-from"]);

/** Keys of `Metadata.Reconcile`. */
export function notYetMetadata(key: string): Problem | undefined {
  if (!metadataNotYet.has(key)) return undefined;
  return {
    code: "not-yet.metadata",
    message: `Metadata.Reconcile.${key} is not built yet.`,
    remedy: "Remove it for now: it would have no effect.",
  };
}
