// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { expect, test } from "vitest";
import type { Value } from "../../value.ts";
import { evaluateProperty, type World } from "../harness.ts";

const world: World = {
  inputs: {
    "export:vpc": { value: "vpc-1" },
    "export:app-vpc": { value: "vpc-2" },
    "export:secret": { value: "s3cret", sensitive: true },
    "export:odd": { value: "{{resolve:ssm:/a}}" },
    "stack-output:network.VpcId": { value: "vpc-3" },
    "stack-output:network.VpcId@eu-west-1": { value: "vpc-4" },
  },
};

test.each<[expression: string, value: Value, sensitive?: string[]]>([
  ["!ImportValue vpc", "vpc-1"],
  ["{ Fn::ImportValue: vpc }", "vpc-1"],
  ["{ Fn::ImportValue: !Sub '${Name}-vpc' }", "vpc-2"],
  ["!Join ['/', [!ImportValue vpc, x]]", "vpc-1/x"],
  ["!ImportValue secret", "s3cret", ["/P"]],
  // What another stack gives is data.
  ["!ImportValue odd", "{{resolve:ssm:/a}}"],
  ["!GetStackOutput { StackName: network, OutputName: VpcId }", "vpc-3"],
  ["{ Fn::GetStackOutput: { StackName: network, OutputName: VpcId, Region: eu-west-1 } }", "vpc-4"],
  ["!If [No, !ImportValue never, a]", "a"],
])("%s", (expression, value, sensitive = []) => {
  const outcome = evaluateProperty(expression, world);
  expect([outcome.value, [...outcome.evaluated.sensitive], outcome.problems]).toEqual([value, sensitive, []]);
});

test.each([
  ["!ImportValue new", ["export:new"]],
  ["{ Fn::ImportValue: !Sub '${Late}-vpc' }", ["Late"]],
  ["{ Fn::GetStackOutput: { StackName: !Ref Late, OutputName: VpcId } }", ["Late"]],
])("%s is not known yet", (expression, sources) => {
  expect(evaluateProperty(expression, world).value).toMatchObject({ sources });
});

test.each([
  ["{ Fn::ImportValue: !Ref Bucket }", ["import.name «Bucket»"]],
  ["{ Fn::ImportValue: !GetAtt Bucket.Arn }", ["import.name «Bucket.Arn»"]],
  ["{ Fn::ImportValue: !Ref Secret }", ["import.name «Secret»"]],
  ["!ImportValue [a]", ["function.form «[a]»"]],
  ["!GetStackOutput x", ["function.form «x»"]],
  ["!GetStackOutput { StackName: x }", ["function.form «{ StackName: x }»"]],
  ["!GetStackOutput { StackName: x, OutputName: y, Regoin: z }", ["function.form «Regoin»"]],
])("%s is reported: %j", (expression, problems) => {
  expect(evaluateProperty(expression, world).problems).toEqual(problems);
});
