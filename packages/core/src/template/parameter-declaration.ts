import type { Node } from "yaml";
import type { ParameterDeclaration } from "./model.ts";
import { didYouMean } from "./nearest.ts";
import {
  asMeant,
  complain,
  type Entry,
  emptyKey,
  type Reader,
  readBoolean,
  readNumber,
  readText,
  readTexts,
  readWhole,
  unknownKey,
} from "./structure.ts";

export const keys = [
  "Type",
  "Default",
  "NoEcho",
  "Description",
  "AllowedValues",
  "AllowedPattern",
  "ConstraintDescription",
  "MinLength",
  "MaxLength",
  "MinValue",
  "MaxValue",
];

/** The types whose values are AWS's own names and ids: for us they are texts, or lists of texts. */
const awsTypes = [
  "AWS::EC2::AvailabilityZone::Name",
  "AWS::EC2::Image::Id",
  "AWS::EC2::Instance::Id",
  "AWS::EC2::KeyPair::KeyName",
  "AWS::EC2::SecurityGroup::GroupName",
  "AWS::EC2::SecurityGroup::Id",
  "AWS::EC2::Subnet::Id",
  "AWS::EC2::Volume::Id",
  "AWS::EC2::VPC::Id",
  "AWS::Route53::HostedZone::Id",
];
const withoutList = ["AWS::EC2::KeyPair::KeyName"];

const lists = awsTypes.filter((type) => !withoutList.includes(type)).map((type) => `List<${type}>`);

/** What a value in Parameter Store may be. */
const storedTypes = ["String", "List<String>", "CommaDelimitedList", ...awsTypes, ...lists];

export const types = [
  "String",
  "Number",
  "List<Number>",
  "List<String>",
  "CommaDelimitedList",
  ...awsTypes,
  ...lists,
  "AWS::SSM::Parameter::Name",
  ...storedTypes.map((type) => `AWS::SSM::Parameter::Value<${type}>`),
];

/** One entry of the section Parameters. */
export function parseParameter(reader: Reader, entry: Entry & { value: Node }): ParameterDeclaration {
  const { key: name } = entry;
  const parameter: ParameterDeclaration = { name, type: "", noEcho: false, place: reader.file.placeOf(entry.keyNode) };
  const label = `The parameter "${name}"`;
  const written = readWhole(reader, entry.value, label, "a map with a Type");
  for (const part of asMeant(reader, written ?? [], "parameter.unknown-key", label, keys)) {
    if (!keys.includes(part.key)) unknownKey(reader, part, "parameter.unknown-key", label, keys);
    else if (part.value) parsePart(reader, parameter, part.key, part.value);
    else emptyKey(reader, part, `${part.key} of the parameter "${name}"`);
  }
  if (parameter.type !== "") return parameter;
  if (written)
    complain(reader, entry.keyNode, {
      code: "parameter.no-type",
      message: `The parameter "${name}" has no Type.`,
      remedy: "Add Type: String.",
    });
  return { ...parameter, type: "String" };
}

function parsePart(reader: Reader, parameter: ParameterDeclaration, key: string, value: Node): void {
  const label = `${key} of the parameter "${parameter.name}"`;
  switch (key) {
    case "Type":
      parameter.type = readType(reader, value, label);
      return;
    case "Default":
      if (readText(reader, value, label, "a text (a list is a text with commas)") !== undefined)
        parameter.default = value;
      return;
    case "NoEcho":
      parameter.noEcho = readBoolean(reader, value, label) ?? true;
      return;
    case "AllowedValues":
      parameter.allowedValues = readTexts(reader, value, label).map(({ text }) => text);
      return;
    case "Description":
      parameter.description = readText(reader, value, label) ?? "";
      return;
    case "AllowedPattern":
      assign(parameter, "allowedPattern", readText(reader, value, label));
      parameter.patternPlace = reader.file.placeOf(value);
      return;
    case "ConstraintDescription":
      assign(parameter, "constraintDescription", readText(reader, value, label));
      return;
    case "MinLength":
      assign(parameter, "minLength", readNumber(reader, value, label));
      return;
    case "MaxLength":
      assign(parameter, "maxLength", readNumber(reader, value, label));
      return;
    case "MinValue":
      assign(parameter, "minValue", readNumber(reader, value, label));
      return;
    case "MaxValue":
      assign(parameter, "maxValue", readNumber(reader, value, label));
      return;
  }
}

function assign<Key extends keyof ParameterDeclaration>(
  parameter: ParameterDeclaration,
  key: Key,
  value: ParameterDeclaration[Key] | undefined,
): void {
  if (value !== undefined) parameter[key] = value;
}

function readType(reader: Reader, node: Node, label: string): string {
  const type = readText(reader, node, label);
  if (type === undefined) return "String";
  if (types.includes(type)) return type;
  complain(reader, node, {
    code: "parameter.type",
    message: `There is no parameter type "${type}".`,
    remedy: didYouMean(type, types, "Use String, Number, CommaDelimitedList or List<Number>."),
  });
  return "String";
}
