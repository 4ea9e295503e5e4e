import type { Problem } from "../scope.ts";

/** Parts of the language that are promised and not built. Each is refused by name and line, never ignored; what is built leaves this list. */
const functionsNotYet = new Set([
  "Fn::Cidr",
  "Fn::GetAZs",
  "Fn::ImportValue",
  "Fn::Length",
  "Fn::ToJsonString",
  "Fn::GetStackOutput",
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

export function notYetFunction(name: string): Problem | undefined {
  if (name === "Fn::Transform") {
    return {
      code: "unsupported.function",
      message: "Fn::Transform runs a macro, which only CloudFormation's service can do.",
      remedy: "Write the macro's result into the template.",
    };
  }
  const isLoop = name === "Fn::ForEach" || name.startsWith("Fn::ForEach::");
  if (!isLoop && !functionsNotYet.has(name)) return undefined;
  return { code: "not-yet.function", message: `${name} is not built yet.`, remedy: wait };
}

export const notYetDefaultValue: Problem = {
  code: "not-yet.function",
  message: "The DefaultValue of Fn::FindInMap is not built yet.",
  remedy: "Add the missing key to the mapping.",
};

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

/** Entries of the section `Transform`. */
export function notYetTransform(name: string): Problem {
  if (name === "AWS::LanguageExtensions") {
    return {
      code: "not-yet.transform",
      message: `The transform ${name} is not built yet.`,
      remedy: "Write out what it would produce.",
    };
  }
  return {
    code: "unsupported.transform",
    message: `The transform ${name} is run by CloudFormation's service only.`,
    remedy: "Use the template as it is after the transform.",
  };
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

/** Attributes of a resource beside its properties. */
export function notYetAttribute(attribute: string): Problem | undefined {
  if (attribute !== "CreationPolicy" && attribute !== "UpdatePolicy") return undefined;
  return {
    code: "not-yet.attribute",
    message: `The attribute ${attribute} is not built yet.`,
    remedy: "Remove it for now.",
  };
}

const policiesNotYet = new Set(["Snapshot", "RetainExceptOnCreate"]);

/** Values of DeletionPolicy and UpdateReplacePolicy. */
export function notYetPolicy(attribute: string, value: string): Problem | undefined {
  if (!policiesNotYet.has(value)) return undefined;
  return {
    code: "not-yet.deletion-policy",
    message: `${attribute}: ${value} is not built yet.`,
    remedy: "Use Retain or Delete.",
  };
}

const metadataNotYet = new Set(["protect", "existing", "expires", "renamed-from", "moved-from"]);

/** Keys of `Metadata.Reconcile`. */
export function notYetMetadata(key: string): Problem | undefined {
  if (!metadataNotYet.has(key)) return undefined;
  return {
    code: "not-yet.metadata",
    message: `Metadata.Reconcile.${key} is not built yet.`,
    remedy: "Remove it for now: it would have no effect.",
  };
}

export const notYetExport: Problem = {
  code: "not-yet.export",
  message: "Exports of outputs are not built yet.",
  remedy: "Remove Export for now.",
};
