import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { Diagnostic } from "../../diagnostic.ts";
import { dynamicReferencesIn, isSecretKind } from "../../template/dynamic.ts";
import { shortForms } from "../../template/functions/index.ts";
import type { Template } from "../../template/model.ts";
import { entriesOf, textOf } from "../../template/nodes.ts";
import { parseYaml, type YamlFile } from "../../template/yaml.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const mostReferences = 60;

/** What the text of a template says that CloudFormation reads in another way, or not at all. */
export function checkText(template: Template): Diagnostic[] {
  const { value: file } = parseYaml(template.source, { functions: shortForms });
  if (!file?.root) return [];
  const walk: Walk = { file, aliases: [], references: [], diagnostics: [] };
  visit(walk, file.root, []);
  return [...aliased(walk), ...tooManyReferences(walk), ...walk.diagnostics];
}

interface Walk {
  file: YamlFile;
  aliases: Node[];
  references: Node[];
  diagnostics: Diagnostic[];
}

function visit(walk: Walk, node: Node, path: readonly string[]): void {
  if (longOnly.has(node.tag ?? "")) walk.diagnostics.push(shortForm(walk, node));
  if (isAlias(node)) walk.aliases.push(node);
  else if (isMap(node)) {
    for (const { key, value } of entriesOf(node)) if (value) visit(walk, value, [...path, key]);
  } else if (isSeq(node)) {
    for (const item of node.items as Node[]) visit(walk, item, path);
  } else if (isScalar(node)) visitScalar(walk, node, path);
}

function visitScalar(walk: Walk, node: Scalar, path: readonly string[]): void {
  const meaning = node.type === "PLAIN" ? meaningInYaml11(textOf(node)) : undefined;
  if (meaning !== undefined && !freeText.has(path.at(-1) ?? ""))
    walk.diagnostics.push(otherMeaning(walk, node, meaning));
  const references = dynamicReferencesIn(textOf(node));
  for (const _ of references) walk.references.push(node);
  const isProperty = path[0] === "Resources" && path[2] === "Properties";
  const secret = references.find(({ request }) => request && isSecretKind(request.kind));
  if (secret && !isProperty) walk.diagnostics.push(secretElsewhere(walk, node, secret.service));
}

/** What is a text wherever it stands. */
const freeText = new Set(["Description", "ConstraintDescription", "AllowedPattern"]);

/** What YAML 1.1, which CloudFormation reads, takes a plain scalar for that is a text or another number in YAML 1.2. */
function meaningInYaml11(text: string): string | undefined {
  if (/^(?:yes|on)$/i.test(text)) return "true";
  if (/^(?:no|off)$/i.test(text)) return "false";
  if (/^[-+]?0[0-7_]+$/.test(text))
    return `the number ${Number.parseInt(text.replaceAll("_", ""), 8)}, written in octal`;
  if (/^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/.test(text)) return "a number with the base of 60";
  return /^[-+]?[1-9]\d*(?:_\d+)+$/.test(text) ? `the number ${text.replaceAll("_", "")}` : undefined;
}

function otherMeaning({ file }: Walk, node: Scalar, meaning: string): Diagnostic {
  return {
    code: "cloudformation.yaml",
    severity: "note",
    message: `CloudFormation reads YAML 1.1, in which ${textOf(node)} is ${meaning}; here it is the text that it looks like.`,
    remedy: `Write "${textOf(node)}" in quotes.`,
    place: file.placeOf(node),
  };
}

/** Functions of a transform have no short form: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-languageextensions.html */
const longOnly = new Set(["!Length", "!ToJsonString"]);

function shortForm({ file }: Walk, node: Node): Diagnostic {
  const { tag = "" } = node;
  return {
    code: "cloudformation.short-form",
    severity: "warning",
    message: `CloudFormation does not know the short form ${tag}.`,
    remedy: `Write it as Fn::${tag.slice(1)}.`,
    place: file.placeOf(node),
  };
}

function aliased({ aliases, file }: Walk): Diagnostic[] {
  const [first, ...others] = aliases;
  if (!first) return [];
  const more = others.length === 0 ? "" : ` There are ${aliases.length} in this file.`;
  return [
    {
      code: "cloudformation.alias",
      severity: "warning",
      message: `CloudFormation does not support YAML's aliases.${more}`,
      remedy: "Write the value out, or keep it in a mapping.",
      place: file.placeOf(first),
    },
  ];
}

function tooManyReferences({ references, file }: Walk): Diagnostic[] {
  const first = references[mostReferences];
  if (!first) return [];
  return [
    {
      code: "cloudformation.count",
      severity: "warning",
      message: `The template has ${references.length} dynamic references, and CloudFormation takes at most ${mostReferences}.`,
      remedy: "Pass values as parameters of a type AWS::SSM::Parameter::Value<…>, or split the template.",
      place: file.placeOf(first),
    },
  ];
}

function secretElsewhere({ file }: Walk, node: Node, service: string): Diagnostic {
  return {
    code: "cloudformation.dynamic-reference",
    severity: "warning",
    message: `CloudFormation looks up {{resolve:${service}:…}} in the properties of resources only.`,
    remedy: "Move it to the property that needs it.",
    place: file.placeOf(node),
  };
}
