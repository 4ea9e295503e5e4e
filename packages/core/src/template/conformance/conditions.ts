// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import type { Row } from "./outcome.ts";
import { extensions, section } from "./section.ts";

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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html */
export const conditions: readonly Row[] = [
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
];
