import type { Row } from "./outcome.ts";

/** A parameter P and the text that is given for it: what `Ref` gives, or what is said. */
function parameter(
  of: string,
  rule: string,
  declaration: string,
  text: string | undefined,
  expected: { gives: unknown } | { says: string[] },
): Row {
  const template = `Parameters:\n  P: ${declaration}\nResources:\n  R: { Type: A::B::C, Properties: { P: !Ref P } }\n`;
  const values: Record<string, string> = text === undefined ? {} : { P: text };
  const row = { of, rule, template, values };
  return "says" in expected ? { ...row, says: expected.says } : { ...row, properties: { R: { P: expected.gives } } };
}

const awsTypes = [
  "AWS::EC2::AvailabilityZone::Name",
  "AWS::EC2::Image::Id",
  "AWS::EC2::Instance::Id",
  "AWS::EC2::SecurityGroup::GroupName",
  "AWS::EC2::SecurityGroup::Id",
  "AWS::EC2::Subnet::Id",
  "AWS::EC2::Volume::Id",
  "AWS::EC2::VPC::Id",
  "AWS::Route53::HostedZone::Id",
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export const parameters: readonly Row[] = [
  parameter("Type", "String", "{ Type: String }", "a b", { gives: "a b" }),
  parameter("Type", "Number stays text", "{ Type: Number }", "1.50", { gives: "1.50" }),
  parameter("Type", "List<Number>", "{ Type: List<Number> }", "80, 20", { gives: ["80", "20"] }),
  parameter(
    "Type",
    "CommaDelimitedList, without blanks around elements",
    "{ Type: CommaDelimitedList }",
    "test, dev ,prod",
    { gives: ["test", "dev", "prod"] },
  ),
  parameter("Type", "List<String>", "{ Type: List<String> }", "a,b", { gives: ["a", "b"] }),
  parameter("Type", "AWS::EC2::KeyPair::KeyName", "{ Type: AWS::EC2::KeyPair::KeyName }", "me", { gives: "me" }),
  parameter("Type", "AWS::SSM::Parameter::Name", "{ Type: AWS::SSM::Parameter::Name }", "/a/b", { gives: "/a/b" }),
  ...awsTypes.map((type) => parameter("Type", type, `{ Type: "${type}" }`, "x-1", { gives: "x-1" })),
  ...awsTypes.map((type) =>
    parameter("Type", `List<${type}>`, `{ Type: "List<${type}>" }`, "x-1,x-2", { gives: ["x-1", "x-2"] }),
  ),
  ...awsTypes.flatMap((type) => [
    parameter("Type", `a stored ${type}`, `{ Type: "AWS::SSM::Parameter::Value<${type}>" }`, "/a", { gives: "/a" }),
    parameter("Type", `a stored List<${type}>`, `{ Type: "AWS::SSM::Parameter::Value<List<${type}>>" }`, "/a", {
      gives: "/a",
    }),
  ]),
  parameter("Type", "numbers are not stored", "{ Type: AWS::SSM::Parameter::Value<Number> }", "/a", {
    says: ["parameter.type"],
  }),
  parameter("Type", "is needed", "{ Default: a }", undefined, { says: ["parameter.no-type"] }),
  parameter("Type", "that there is none", "{ Type: Boolean }", "true", { says: ["parameter.type"] }),
  parameter("Type", "a number", "{ Type: Number }", "one", { says: ["parameter.number"] }),
  parameter("Type", "a list of numbers", "{ Type: List<Number> }", "1,two", { says: ["parameter.number"] }),
  parameter("Default", "a text", "{ Type: String, Default: a }", undefined, { gives: "a" }),
  parameter("Default", "a value goes before it", "{ Type: String, Default: a }", "b", { gives: "b" }),
  parameter("Default", "an empty text", '{ Type: String, Default: "" }', undefined, { gives: "" }),
  parameter("Default", "a number as it is written", "{ Type: Number, Default: 0755 }", undefined, { gives: "0755" }),
  parameter(
    "Default",
    "a boolean, however it is written",
    "{ Type: String, Default: True, AllowedValues: [TRUE, false] }",
    undefined,
    {
      gives: "true",
    },
  ),
  parameter("Default", "a list is a text with commas", "{ Type: CommaDelimitedList, Default: 'a,b' }", undefined, {
    gives: ["a", "b"],
  }),
  parameter("Default", "must be allowed", "{ Type: String, Default: c, AllowedValues: [a, b] }", undefined, {
    says: ["parameter.allowed-values"],
  }),
  parameter("Default", "is no list", "{ Type: CommaDelimitedList, Default: [a, b] }", "a", { says: ["template.form"] }),
  parameter("Default", "is no function", "{ Type: String, Default: !Ref AWS::Region }", "a", {
    says: ["template.form"],
  }),
  parameter("AllowedValues", "one of them", "{ Type: String, AllowedValues: [a, b] }", "b", { gives: "b" }),
  parameter("AllowedValues", "none of them", "{ Type: String, AllowedValues: [a, b] }", "B", {
    says: ["parameter.allowed-values"],
  }),
  parameter(
    "AllowedValues",
    "booleans and numbers as they are written",
    "{ Type: String, AllowedValues: [true, 10] }",
    "true",
    { gives: "true" },
  ),
  parameter("AllowedValues", "each element of a list", "{ Type: CommaDelimitedList, AllowedValues: [a, b] }", "a,c", {
    says: ["parameter.allowed-values"],
  }),
  parameter(
    "AllowedValues",
    "a list as a whole",
    "{ Type: CommaDelimitedList, AllowedValues: ['a,b', 'c,d'] }",
    "c,d",
    { gives: ["c", "d"] },
  ),
  parameter("AllowedPattern", "the whole value", "{ Type: String, AllowedPattern: '[a-z]+' }", "abc", { gives: "abc" }),
  parameter("AllowedPattern", "not a part of it", "{ Type: String, AllowedPattern: '[a-z]+' }", "abc1", {
    says: ["parameter.pattern"],
  }),
  parameter(
    "AllowedPattern",
    "each element of a list",
    "{ Type: CommaDelimitedList, AllowedPattern: '[a-z]+' }",
    "a,1",
    { says: ["parameter.pattern"] },
  ),
  parameter("AllowedPattern", "look-around is not checked", "{ Type: String, AllowedPattern: '(?=a).*' }", "b", {
    says: ["parameter.pattern-unchecked"],
  }),
  parameter("MinLength", "as many", "{ Type: String, MinLength: 3 }", "abc", { gives: "abc" }),
  parameter("MinLength", "fewer", "{ Type: String, MinLength: '3' }", "ab", { says: ["parameter.length"] }),
  parameter("MaxLength", "more", "{ Type: String, MaxLength: 3 }", "abcd", { says: ["parameter.length"] }),
  parameter("MinValue", "less", "{ Type: Number, MinValue: 1 }", "0.5", { says: ["parameter.range"] }),
  parameter("MaxValue", "more", "{ Type: Number, MaxValue: 10 }", "11", { says: ["parameter.range"] }),
  parameter("MaxValue", "each element of a list", "{ Type: List<Number>, MaxValue: 10 }", "1,11", {
    says: ["parameter.range"],
  }),
  parameter("NoEcho", "true", "{ Type: String, NoEcho: true }", "a", { gives: "a" }),
  parameter("NoEcho", "as text", "{ Type: String, NoEcho: 'True' }", "a", { gives: "a" }),
  parameter("NoEcho", "as YAML 1.1 spells it", "{ Type: String, NoEcho: yes }", "a", { gives: "a" }),
  parameter("NoEcho", "nothing else", "{ Type: String, NoEcho: maybe }", "a", { says: ["template.form"] }),
  parameter("Description", "is text", "{ Type: String, Description: A name, ConstraintDescription: any }", "a", {
    gives: "a",
  }),
  parameter("a parameter", "a key that there is none", "{ Type: String, Pattern: a }", "a", {
    says: ["parameter.unknown-key"],
  }),
  {
    of: "a parameter",
    rule: "letters and digits",
    template: "Parameters: { my-name: { Type: String } }\nResources: { R: { Type: A::B::C } }",
    says: ["name.form"],
  },
  {
    of: "a parameter",
    rule: "no resource has its name",
    template: "Parameters: { R: { Type: String } }\nResources: { R: { Type: A::B::C } }",
    says: ["name.duplicate"],
  },
];
