import { isMap, isSeq, type Node, type YAMLSeq } from "yaml";
import { isFunction } from "./nodes.ts";
import type { Problem } from "./scope.ts";
import { complain, type Reader, readMap, readText } from "./structure.ts";

/** The one transform that is evaluated here. */
export const languageExtensions = "AWS::LanguageExtensions";

/** The names in the section `Transform`: a text, a map with a name and parameters, or a list of these. All but one are macros. */
export function parseTransforms(reader: Reader, node: Node): string[] {
  const target = reader.file.target(node);
  const items = isSeq(target) && !isFunction(target) ? (target as YAMLSeq<Node>).items : [target];
  return items.flatMap((item) => {
    const named = nameOf(reader, item);
    const name = named && readText(reader, named, "Transform", "the name of a transform");
    if (named && name !== undefined && name !== languageExtensions) complain(reader, named, macro(name));
    return name ?? [];
  });
}

function nameOf(reader: Reader, item: Node): Node | undefined {
  const target = reader.file.target(item);
  if (!isMap(target) || isFunction(target)) return item;
  const parts = readMap(reader, target, "Transform");
  return parts.find((part) => part.key === "Name")?.value ?? parts[0]?.keyNode;
}

/** What runs in CloudFormation's service before it reads a template. */
export function macro(name: string): Problem {
  const known = descriptions.find(([prefix]) => name.startsWith(prefix));
  const [, what, remedy] = known ?? ["", "a macro", processed];
  return {
    code: "unsupported.transform",
    message: `The transform ${name} is ${what}, which only CloudFormation's service runs.`,
    remedy,
  };
}

const processed =
  "Use the template that it produces: aws cloudformation get-template --template-stage Processed prints it for a stack.";

const descriptions: readonly (readonly [prefix: string, what: string, remedy: string])[] = [
  ["AWS::Serverless", "the Serverless Application Model", processed],
  ["AWS::Include", "a macro that inserts a file", "Write what the file holds into the template."],
  ["AWS::SecretsManager", "a macro that makes a rotation function", processed],
  [
    "AWS::CodeDeploy",
    "a macro of CodeDeploy's",
    "Declare the deployment in CodeDeploy itself, or deploy with rolling updates.",
  ],
  ["AWS::ServiceCatalog", "a macro of Service Catalog's", processed],
  ["AWS::CodeStar", "a macro of CodeStar's", processed],
];
