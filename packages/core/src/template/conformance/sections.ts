// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Row } from "./outcome.ts";

const resources = "Resources:\n  Queue: { Type: AWS::SQS::Queue }\n";
const extensions = "Transform: AWS::LanguageExtensions\n";

/** A section, or what makes a template; with one resource. */
function section(of: string, rule: string, text: string, more: Partial<Row> = {}): Row {
  return { of, rule, template: `${text}\n${resources}`, ...more };
}

/** An expression as a condition: does it hold? */
function condition(of: string, rule: string, write: string, expected: boolean | string[], extended = false): Row {
  const template = `${extended ? extensions : ""}
Parameters:
  Stage: { Type: String, Default: live }
  Zones: { Type: CommaDelimitedList, Default: "a,b,c" }
Mappings:
  Stages: { live: { Big: yes, Region: us-east-1 } }
Conditions:
  Yes: !Equals [a, a]
  No: !Equals [a, b]
  Asked: ${write}
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Topic: { Type: AWS::SNS::Topic, Condition: Asked }
`;
  if (typeof expected !== "boolean") return { of, rule, template, says: expected };
  return { of, rule, template, resources: expected ? ["Queue", "Topic"] : ["Queue"] };
}

/** A rule with one assertion: what is said when the parameters are these? */
function rule(
  of: string,
  text: string,
  write: string,
  says: string[] = [],
  values: Record<string, string> = {},
  world: Row["world"] = {},
): Row {
  const template = `
Parameters:
  Stage: { Type: String, Default: dev }
  Size: { Type: String, Default: small }
  Zones: { Type: CommaDelimitedList, Default: "a,b" }
  Subnets: { Type: "List<AWS::EC2::Subnet::Id>", Default: "subnet-1,subnet-2" }
  Network: { Type: AWS::EC2::VPC::Id, Default: vpc-1 }
  Later: { Type: AWS::EC2::VPC::Id }
Rules:
  Sizes:
    ${write}
${resources}`;
  return { of, rule: text, template, values, says, world };
}

const assert = (expression: string) => `Assertions: [{ Assert: ${expression}, AssertDescription: It must be }]`;

const isKnown = '{ Fn::Contains: [!RefAll "AWS::EC2::VPC::Id", !Ref Network] }';
const isOurs = "!Equals [!ValueOf [Network, Tags.Team], core]";
const areInNetworks =
  '{ Fn::EachMemberIn: [!ValueOfAll ["AWS::EC2::Subnet::Id", VpcId], !RefAll "AWS::EC2::VPC::Id"] }';
const areOurs = '{ Fn::EachMemberEquals: [!ValueOfAll ["AWS::EC2::Subnet::Id", Tags.Team], core] }';
const account = {
  inputs: {
    "existing:AWS::EC2::VPC::Id": { value: ["vpc-1", "vpc-2"] },
    "existing:AWS::EC2::VPC::Id.Tags.Team": { value: { "vpc-1": "core", "vpc-2": "edge" } },
    "existing:AWS::EC2::Subnet::Id.VpcId": { value: { "subnet-1": "vpc-1", "subnet-2": "vpc-1", "subnet-3": "vpc-3" } },
    "existing:AWS::EC2::Subnet::Id.Tags.Team": { value: { "subnet-1": "core" } },
  },
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export const sections: readonly Row[] = [
  section("AWSTemplateFormatVersion", "the one there is, as a date", "AWSTemplateFormatVersion: 2010-09-09"),
  section("AWSTemplateFormatVersion", "the one there is, as text", 'AWSTemplateFormatVersion: "2010-09-09"'),
  section("AWSTemplateFormatVersion", "any other", "AWSTemplateFormatVersion: 2012-10-17", {
    says: ["template.version"],
  }),
  section("Description", "is text", "Description: A queue"),
  section("Description", "cannot be a function", "Description: !Sub a", { says: ["template.form"] }),
  section(
    "Metadata",
    "is anybody's",
    "Metadata: { AWS::CloudFormation::Interface: { ParameterGroups: [] }, Mine: [!Ref Nobody] }",
  ),
  section("Hooks", "are the service's", "Hooks: { H: { Type: AWS::CodeDeploy::BlueGreen } }", {
    says: ["unsupported.section"],
  }),
  section("a section", "that there is none", "Resource: {}", { says: ["section.unknown"] }),
  { of: "Resources", rule: "are needed", template: "Description: Nothing", says: ["template.no-resources"] },
  {
    of: "a template",
    rule: "may be JSON",
    template:
      '{ "Resources": { "Queue": { "Type": "AWS::SQS::Queue", "Properties": { "A": { "Ref": "AWS::Region" } } } } }',
    properties: { Queue: { A: "us-east-1" } },
  },
  {
    of: "a template",
    rule: "may be JSON with tabs",
    template: '{\n\t"Resources":\t{\n\t\t"Queue": { "Type": "AWS::SQS::Queue" }\n\t}\n}',
    resources: ["Queue"],
  },
  {
    of: "a template",
    rule: "keeps the text of plain scalars",
    template:
      "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: { A: yes, B: off, C: 2012-10-17, D: 12:30, E: ~x, F: 0x1F, G: '1' }\n",
    properties: { Queue: { A: "yes", B: "off", C: "2012-10-17", D: "12:30", E: "~x", F: 31, G: "1" } },
  },

  section("Transform", "the one that is evaluated here", "Transform: AWS::LanguageExtensions"),
  section("Transform", "the one in a list", "Transform: [AWS::LanguageExtensions]"),
  section(
    "Transform",
    "the Serverless Application Model",
    "Transform: AWS::Serverless-2016-10-31\nGlobals: { Function: {} }",
    { says: ["unsupported.transform"] },
  ),
  section("Transform", "a macro beside it", "Transform: [AWS::LanguageExtensions, Mine]", {
    says: ["unsupported.transform"],
  }),
  section("Transform", "AWS::Include", "Transform: { Name: AWS::Include, Parameters: { Location: s3://bucket/key } }", {
    says: ["unsupported.transform"],
  }),

  section(
    "Mappings",
    "two levels, and texts, numbers or lists",
    "Mappings: { M: { a: { b: c, d: 1, e: [f, g], h: true } } }",
  ),
  section(
    "Mappings",
    "maps and lists in a list",
    "Mappings: { M: { a: { Tags: [{ Key: k, Value: v }, { Keys: [{ k: v }] }], Rows: [[a, b], [c]] } } }",
  ),
  section("Mappings", "any name", 'Mappings: { Region-Map_1: { us-east-1: { "64": ami-1 } } }'),
  section("Mappings", "one level is too few", "Mappings: { M: { a: b } }", { says: ["template.form"] }),
  section("Mappings", "three levels are too many", "Mappings: { M: { a: { b: { c: d } } } }", {
    says: ["template.form"],
  }),
  section("Mappings", "no functions", "Mappings: { M: { a: { b: !Ref AWS::Region } } }", { says: ["template.form"] }),
  section(
    "Mappings",
    "no functions in a list",
    "Mappings: { M: { a: { b: [{ c: { Ref: AWS::Region } }, !Ref AWS::Region] } } }",
    {
      says: ["template.form", "template.form"],
    },
  ),

  condition("Fn::Equals", "two texts", "!Equals [a, a]", true),
  condition("Fn::Equals", "letter case counts", "!Equals [a, A]", false),
  condition("Fn::Equals", "a parameter", "!Equals [!Ref Stage, live]", true),
  condition("Fn::Equals", "a pseudo parameter", '!Equals [!Ref "AWS::Region", us-east-1]', true),
  condition("Fn::Equals", "a mapping", "!Equals [!FindInMap [Stages, !Ref Stage, Big], yes]", true),
  condition(
    "Fn::Equals",
    "Fn::Sub, Fn::Join, Fn::Select and Fn::Split",
    '!Equals [!Sub "${Stage}-x", !Join ["-", [!Select [0, !Split [",", "live,dev"]], x]]]',
    true,
  ),
  condition("Fn::Equals", "a number as it is written", '!Equals [1, "1"]', true),
  condition("Fn::Equals", "a list parameter joined", '!Equals [!Join ["", !Ref Zones], abc]', true),
  condition("Fn::Equals", "the length of a list", "!Equals [{ Fn::Length: !Ref Zones }, 3]", true, true),
  condition("Fn::Equals", "AWS::NoValue equals nothing else", '!Equals [!Ref AWS::NoValue, ""]', false),
  condition("Fn::Equals", "takes two values", "!Equals [a]", ["function.form"]),
  condition("Fn::Equals", "no resource", "!Equals [!Ref Queue, a]", ["condition.resource"]),
  condition("Fn::Equals", "no attribute", "!Equals [!GetAtt Queue.Arn, a]", ["function.place"]),
  condition("Fn::Equals", "no import", "!Equals [!ImportValue a, a]", ["function.place"]),
  condition("Fn::And", "all of them", "!And [!Condition Yes, !Equals [b, b]]", true),
  condition("Fn::And", "one does not", "!And [!Condition Yes, !Condition No]", false),
  condition(
    "Fn::And",
    "the long form, with names",
    '{ Fn::And: [{ Condition: "Yes" }, { "Fn::Not": [{ Condition: "No" }] }] }',
    true,
  ),
  condition("Fn::And", "takes two to ten", "!And [!Condition Yes]", ["function.form"]),
  condition(
    "Fn::And",
    "takes no more than ten",
    `!And [${Array.from({ length: 11 }, () => "!Condition Yes").join(", ")}]`,
    ["function.form"],
  ),
  condition("Fn::Or", "one of them", "!Or [!Condition No, !Equals [b, b]]", true),
  condition("Fn::Or", "none of them", "!Or [!Condition No, !Equals [b, c]]", false),
  condition("Fn::Or", "takes conditions", "!Or [a, b]", ["condition.form", "condition.form"]),
  condition("Fn::Not", "the opposite", "!Not [!Condition No]", true),
  condition("Fn::Not", "of a comparison", "!Not [!Equals [!Ref Stage, dev]]", true),
  condition("Fn::Not", "takes one", "!Not [!Condition No, !Condition Yes]", ["function.form"]),
  condition("Condition", "by name", "!Condition Yes", true),
  condition("Condition", "the long form", "{ Condition: No }", false),
  condition("Condition", "a name that there is none", "!Condition Perhaps", ["condition.undefined"]),
  condition("Condition", "not itself", "!Condition Asked", ["condition.cycle"]),
  condition("Conditions", "are conditions", "true", ["condition.form"]),
  condition("Conditions", "do not choose values", "!If [Yes, a, b]", ["function.place"]),
  section("Conditions", "any name", "Conditions: { Is-Live_1: !Equals [a, a], Both&More: !Condition Is-Live_1 }"),

  rule("Rules", "what holds is not said", assert("!Equals [!Ref Stage, dev]")),
  rule("Rules", "what does not hold is", assert("!Equals [!Ref Stage, live]"), ["rule.failed"]),
  rule("Rules", "for the values that are given", assert("!Equals [!Ref Stage, live]"), [], { Stage: "live" }),
  rule(
    "Rules",
    "where its condition holds",
    `RuleCondition: !Equals [!Ref Stage, live]\n    ${assert("!Equals [!Ref Size, large]")}`,
    ["rule.failed"],
    { Stage: "live" },
  ),
  rule(
    "Rules",
    "not where it does not",
    `RuleCondition: !Equals [!Ref Stage, live]\n    ${assert("!Equals [!Ref Size, large]")}`,
  ),
  rule(
    "Rules",
    "functions within one another",
    assert("!Or [!Not [!Equals [!Ref Stage, dev]], !And [!Equals [a, a], !Equals [!Ref Size, small]]]"),
  ),
  rule("Rules", "assert something", "RuleCondition: !Equals [a, a]", ["rule.no-assertions"]),
  rule("Rules", "each assertion has one", "Assertions: [{ AssertDescription: It must be }]", [
    "rule.no-assertions",
    "rule.no-assert",
  ]),
  rule(
    "Rules",
    "a key that there is none has no effect",
    "Assertions: [{ Assert: !Equals [a, a], AssetDescription: It must be }]",
    ["rule.unknown-key"],
  ),
  rule("Rules", "a key of a rule that there is none", `Assertion: []\n    ${assert("!Equals [a, a]")}`, [
    "rule.unknown-key",
  ]),
  rule("Rules", "an empty condition", `RuleCondition:\n    ${assert("!Equals [a, a]")}`, ["template.empty"]),
  rule("Rules", "no resource", assert("!Equals [!Ref Queue, a]"), ["rule.resource"]),
  rule("Fn::Contains", "one of them", assert("{ Fn::Contains: [[dev, live], !Ref Stage] }")),
  rule("Fn::Contains", "none of them", assert("{ Fn::Contains: [[dev, live], !Ref Stage] }"), ["rule.failed"], {
    Stage: "prod",
  }),
  rule("Fn::Contains", "takes a list and a value", assert("{ Fn::Contains: [dev, live] }"), ["function.form"]),
  rule("Fn::Contains", "takes both", assert("{ Fn::Contains: [[dev, live]] }"), ["function.form"]),
  rule("Fn::Contains", "takes no text", assert("{ Fn::Contains: dev }"), ["function.form"]),
  rule("Fn::EachMemberEquals", "all of them", assert("{ Fn::EachMemberEquals: [!Ref Zones, a] }"), [], {
    Zones: "a,a",
  }),
  rule("Fn::EachMemberEquals", "not all of them", assert("{ Fn::EachMemberEquals: [!Ref Zones, a] }"), ["rule.failed"]),
  rule("Fn::EachMemberIn", "all of them", assert("{ Fn::EachMemberIn: [!Ref Zones, [a, b, c]] }")),
  rule("Fn::EachMemberIn", "not all of them", assert("{ Fn::EachMemberIn: [!Ref Zones, [a, c]] }"), ["rule.failed"]),
  rule("Fn::EachMemberIn", "takes two lists", assert("{ Fn::EachMemberIn: [!Ref Zones, a] }"), ["function.form"]),
  rule("Fn::RefAll", "is not known before it is planned", assert(isKnown), ["rule.waiting"]),
  rule("Fn::RefAll", "one of what there is", assert(isKnown), [], { Network: "vpc-1" }, account),
  rule("Fn::RefAll", "none of what there is", assert(isKnown), ["rule.failed"], { Network: "vpc-3" }, account),
  rule("Fn::RefAll", "images are too many", assert('{ Fn::Contains: [!RefAll "AWS::EC2::Image::Id", a] }'), [
    "unsupported.rule-function",
  ]),
  rule("Fn::RefAll", "takes a type", assert("{ Fn::Contains: [!RefAll [a], a] }"), ["function.form"]),
  rule(
    "Fn::RefAll",
    "is not asked for where the rule does not apply",
    `RuleCondition: !Equals [!Ref Stage, live]\n    ${assert(isKnown)}`,
  ),
  rule("Fn::ValueOf", "an attribute of a parameter", assert(isOurs), [], {}, account),
  rule("Fn::ValueOf", "another value of it", assert(isOurs), ["rule.failed"], { Network: "vpc-2" }, account),
  rule("Fn::ValueOf", "without it", assert(isOurs), ["rule.failed"], { Network: "vpc-9" }, account),
  rule("Fn::ValueOf", "is not known before it is planned", assert(isOurs), ["rule.waiting"]),
  rule(
    "Fn::ValueOf",
    "of a list gives a list",
    assert("{ Fn::EachMemberEquals: [!ValueOf [Subnets, VpcId], vpc-1] }"),
    [],
    {},
    account,
  ),
  rule(
    "Fn::ValueOf",
    "of a list, not all the same",
    assert("{ Fn::EachMemberEquals: [!ValueOf [Subnets, VpcId], vpc-1] }"),
    ["rule.failed"],
    { Subnets: "subnet-1,subnet-3" },
    account,
  ),
  rule("Fn::ValueOf", "an attribute that there is none", assert("!Equals [!ValueOf [Network, Name], a]"), [
    "function.form",
  ]),
  rule("Fn::ValueOf", "a parameter that there is none", assert("!Equals [!ValueOf [Queue, VpcId], a]"), [
    "function.form",
  ]),
  rule("Fn::ValueOf", "a parameter of another type", assert("!Equals [!ValueOf [Stage, VpcId], a]"), [
    "unsupported.rule-function",
  ]),
  rule(
    "Fn::ValueOf",
    "a parameter that is not known",
    assert("!Equals [!ValueOf [Later, Tags.Team], a]"),
    [],
    {},
    account,
  ),
  rule("Fn::ValueOfAll", "of all parameters of a type", assert(areInNetworks), [], {}, account),
  rule(
    "Fn::ValueOfAll",
    "where one is elsewhere",
    assert(areInNetworks),
    ["rule.failed"],
    { Subnets: "subnet-3" },
    account,
  ),
  rule("Fn::ValueOfAll", "without those that do not have it", assert(areOurs), [], { Subnets: "subnet-2" }, account),
  rule(
    "Fn::ValueOfAll",
    "takes a type and an attribute",
    assert("{ Fn::Contains: [!ValueOfAll [a, !Ref Stage], a] }"),
    ["function.form"],
  ),
  rule("Rules", "one assertion, without a list", "Assertions: { Assert: !Equals [a, b] }", ["rule.failed"]),
  rule("Fn::ValueOf", "takes no text", assert("!Equals [!ValueOf Subnets, a]"), ["function.form"]),
  rule("Fn::ValueOfAll", "takes no text", assert("!Equals [!ValueOfAll Subnets, a]"), ["function.form"]),
  rule("Fn::ValueOf", "takes a parameter and an attribute", assert("!Equals [!ValueOf [Subnets], a]"), [
    "function.form",
  ]),
  {
    of: "Fn::Contains",
    rule: "is for rules",
    template: "Resources:\n  Queue: { Type: AWS::SQS::Queue, Properties: { A: { Fn::Contains: [[a], a] } } }\n",
    says: ["function.place"],
  },
  section("Rules", "are maps", "Rules: { Sizes: !Equals [a, b] }", { says: ["template.form"] }),
  section("Rules", "assertions are maps", "Rules: { Sizes: { Assertions: [!Equals [a, b]] } }", {
    says: ["rule.no-assertions", "template.form"],
  }),
  section("Rules", "any name", `Rules: { X86_64: { ${assert("!Equals [a, a]")} } }`),

  {
    of: "Mappings",
    rule: "a key without a value gives nothing",
    template: `Mappings: { M: { a: { Empty: , Full: b } } }
Resources: { Queue: { Type: AWS::SQS::Queue, Properties: { P: !FindInMap [M, a, Empty] } } }`,
    says: ["template.empty", "mapping.missing"],
  },
  section("Outputs", "a value", "Outputs: { O: { Value: !Ref AWS::Region, Description: Where } }", {
    outputs: { O: "us-east-1" },
  }),
  section("Outputs", "of a resource", 'Outputs: { O: { Value: !Sub "${Queue.Arn}" } }', {
    outputs: { O: "arn:q" },
    world: { attributes: { "Queue.Arn": { value: "arn:q" } } },
  }),
  section(
    "Outputs",
    "with a condition",
    "Conditions: { No: !Equals [a, b] }\nOutputs: { O: { Condition: No, Value: a } }",
    { outputs: {} },
  ),
  section(
    "Outputs",
    "with a name for other stacks",
    'Outputs: { O: { Value: a, Export: { Name: !Sub "${AWS::StackName}-o" } } }',
    { outputs: { O: "a" } },
  ),
  section("Outputs", "a function as the name of the condition", "Outputs: { O: { Condition: !Sub No, Value: a } }", {
    says: ["transform.missing"],
  }),
  section(
    "Outputs",
    "a function as the name of the condition, with the transform",
    `${extensions}Conditions: { No: !Equals [a, b] }\nOutputs: { O: { Condition: !Sub No, Value: a } }`,
    { outputs: {} },
  ),
  section(
    "Outputs",
    "an export by functions of functions",
    'Outputs: { O: { Value: a, Export: { Name: !Join [":", [!Ref AWS::StackName, !Select [0, [o]]]] } } }',
    {
      outputs: { O: "a" },
    },
  ),
  section("Outputs", "an export has a name", "Outputs: { O: { Value: a, Export: {} } }", { says: ["template.empty"] }),
  section(
    "Mappings",
    "a macro that brings some",
    "Mappings: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } } }",
    {
      says: ["unsupported.function"],
    },
  ),
  section("Outputs", "a list joined", 'Outputs: { O: { Value: !Join [",", [a, b]] } }', { outputs: { O: "a,b" } }),
  section("a template", "that cannot be read", "Outputs: {", { says: ["yaml.syntax"] }),
  section("a macro", "may read attributes of its own", "Transform: Mine", {
    template: "Transform: Mine\nResources: { R: { Type: A::B::C, Mine: a } }",
    says: ["unsupported.transform"],
  }),
  section("Outputs", "need a value", "Outputs: { O: { Description: Nothing } }", { says: ["output.no-value"] }),
  section("Outputs", "a value must be there", "Outputs: { O: { Value: !Ref AWS::NoValue } }", {
    says: ["no-value.place"],
  }),
  section("Outputs", "letters and digits", "Outputs: { my-output: { Value: a } }", { says: ["name.form"] }),
];
