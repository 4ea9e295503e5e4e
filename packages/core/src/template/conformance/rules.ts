// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Row } from "./outcome.ts";
import { resources, section } from "./section.ts";

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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html */
export const rules: readonly Row[] = [
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
];
