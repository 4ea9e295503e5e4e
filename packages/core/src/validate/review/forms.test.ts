import { describe, expect, test } from "vitest";
import { reviewed } from "./fixture.ts";

/** What is said of one resource, and of what. */
async function said(type: string, properties: string): Promise<string[]> {
  const template = `Resources:\n  A: { Type: ${type}, Properties: ${properties} }\n`;
  return inTemplate(template);
}

async function inTemplate(template: string): Promise<string[]> {
  const lines = template.split("\n");
  return (await reviewed(template)).map(({ code, place }) => {
    const { line = 1, column = 1, end } = place ?? {};
    return `${code} «${(lines[line - 1] ?? "").slice(column - 1, end && end.column - 1)}»`;
  });
}

describe("values that no type takes", () => {
  test.each([
    ["DestinationCidrBlock: 10.0.0.0/16", []],
    ["DestinationCidrBlock: 10.0.0.0/64", ["network.range-form «10.0.0.0/64»"]],
    ["Addresses: [310.0.0.0/16, 10.0.0.0/8]", ["network.range-form «310.0.0.0/16»"]],
    ["DestinationCidrBlock: text, Version: 310.0.0.0/64", []],
    ["Port: 65535, TargetPort: -1, PortName: 70000", []],
    ["Listener: { Port: 70000 }", ["network.port-range «70000»"]],
    ["Support: 70000, Reports: [70000]", []],
    ["TopicArn: arn:aws:sns:eu-west-1:123456789012:news", []],
    ["TopicArn: arn:aws:s3:::pictures, SourceArn: 'arn:aws:s3:*', RoleArn: the-role", []],
    [
      "ManagedPolicyArns: ['arn:aws;iam::aws:policy/ReadOnlyAccess']",
      ["arn.form «'arn:aws;iam::aws:policy/ReadOnlyAccess'»"],
    ],
    ["TopicArn: !ImportValue Topic, Port: true", ["import.not-in-project «Topic»"]],
  ])("%s", async (properties, expected) => {
    expect(await said("AWS::Other::Thing", `{ ${properties} }`)).toEqual(expected);
  });
});

describe("the size of a task on Fargate", () => {
  test.each([
    ["Cpu: '256', Memory: '512'", []],
    ["Cpu: 1 vCPU, Memory: 8 GB", []],
    ["Cpu: '512', Memory: '512'", ["ecs.fargate-size «'512'»"]],
    ["Cpu: '300', Memory: '512'", ["ecs.fargate-size «'300'»"]],
    ["Cpu: '32768', Memory: '1'", []],
    ["Cpu: much, Memory: '1'", []],
    ["Cpu: '256'", []],
    ["Memory: '1'", []],
  ])("%s", async (size, expected) => {
    expect(await said("AWS::ECS::TaskDefinition", `{ RequiresCompatibilities: [FARGATE], ${size} }`)).toEqual(expected);
    expect(await said("AWS::ECS::TaskDefinition", `{ RequiresCompatibilities: [EC2], ${size} }`)).toEqual([]);
    expect(await said("AWS::ECS::TaskDefinition", `{ ${size} }`)).toEqual([]);
  });
});

describe("the parts of a policy", () => {
  const policy = (document: string) => said("AWS::IAM::Policy", `{ PolicyDocument: ${document} }`);
  const statement = "Effect: Allow, Action: s3:GetObject, Resource: '*'";

  const jsonText = '\'{ "Verion": "2012-10-17", "Statement": [{}] }\'';

  test.each([
    ["{ Verion: 2012-10-17, Statement: [] }", ["policy.form «Verion»"]],
    // In JSON text nothing has a place of its own.
    [jsonText, Array.from({ length: 4 }, () => `policy.form «${jsonText}»`)],
    [
      `{ Statement: { ${statement}, Condition: { StringEqauls: {}, "ForAllValues:StringLikeIfExists": {} } } }`,
      ["policy.form «StringEqauls»"],
    ],
    [`{ Statement: { ${statement}, Condition: { Odd: {}, Bool: {} } } }`, ["policy.form «Odd»"]],
    ["{ Statement: { Efect: Allow, Action: s3:GetObject, Resource: '*' } }", ["policy.form «Efect»"]],
    [
      "{ Statement: { Effect: Allow, Action: s3:GetObject, Resource: [pictures, 'arn:aws:s3:::a'] } }",
      ["policy.form «pictures»"],
    ],
    ["text", ["policy.form «text»"]],
    ["'[]'", ["policy.form «'[]'»"]],
  ])("%s", async (document, expected) => {
    expect(await policy(document)).toEqual(expected);
  });

  test("a principal is one of four kinds", async () => {
    const role = (principal: string) =>
      said(
        "AWS::IAM::Role",
        `{ AssumeRolePolicyDocument: { Statement: { Effect: Allow, Action: sts:AssumeRole, Principal: ${principal} } } }`,
      );
    const found = async (principal: string) => (await role(principal)).filter((each) => each.startsWith("policy.form"));
    expect(await found("{ Serivce: ecs.amazonaws.com }")).toEqual(["policy.form «Serivce»"]);
    expect(await found("{ Service: ecs.amazonaws.com }")).toEqual([]);
    expect(await found("'*'")).toEqual([]);
    expect(await found("ecs.amazonaws.com")).toEqual(["policy.form «ecs.amazonaws.com»"]);
  });

  test("the operator that was meant is offered with what stands around it", async () => {
    const condition = '"ForAnyValue:StringLkeIfExists": {}';
    const [found] = await reviewed(
      `Resources:\n  A: { Type: AWS::IAM::Policy, Properties: { PolicyDocument: { Statement: { ${statement}, Condition: { ${condition} } } } } }\n`,
    );
    expect(found?.remedy).toBe('Did you mean "ForAnyValue:StringLikeIfExists"?');
  });
});

describe("a reference to what is not always there", () => {
  const template = (uses: string, more = "") =>
    [
      "Parameters:",
      "  P: { Type: String, Default: a }",
      "Conditions:",
      "  C: !Equals [!Ref P, a]",
      "Resources:",
      "  T: { Type: AWS::Other::Thing, Condition: C }",
      `  U: { Type: AWS::Other::Thing, ${more}Properties: { V: ${uses} } }`,
      "",
    ].join("\n");

  test.each([
    ["!Ref T", ["ref.may-be-absent «T»"]],
    ["{ Ref: T }", ["ref.may-be-absent «T»"]],
    ["[!GetAtt T.Arn]", ["ref.may-be-absent «T.Arn»"]],
    ["{ Fn::GetAtt: [T, Arn] }", ["ref.may-be-absent «[T, Arn]»"]],
    ["!If [C, !Ref T, x]", []],
    ["{ Fn::If: [C, !Ref T, x] }", []],
    ["{ Ref: [x], A: !Ref P }", []],
  ])("%s", async (uses, expected) => {
    expect((await inTemplate(template(uses))).filter((each) => each.startsWith("ref.may"))).toEqual(expected);
  });

  test("the same condition asks for it", async () => {
    expect(await inTemplate(template("!Ref T", "Condition: C, "))).toEqual([]);
  });

  test("an output is no other", async () => {
    const outputs = "Outputs:\n  A: { Value: !Ref T }\n  B: { Value: !Ref T, Condition: C }\n";
    expect(await inTemplate(template("x") + outputs)).toEqual(["ref.may-be-absent «T»"]);
  });
});

describe("one mistake is told once", () => {
  test("a condition that there is not leaves open what the resource may refer to", async () => {
    const template = [
      "Conditions:",
      "  Never: !Equals [a, b]",
      "Resources:",
      "  T: { Type: AWS::Other::Thing, Condition: Never }",
      "  U: { Type: AWS::Other::Thing, Condition: Nevr, Properties: { V: !Ref T } }",
      "",
    ].join("\n");
    expect(await inTemplate(template)).toEqual(["condition.undefined «Nevr»"]);
    expect(await inTemplate(template.replace("Condition: Nevr, ", ""))).toEqual(["ref.inactive «T»"]);
  });

  test("nothing is unused that a misspelt name means", async () => {
    const template =
      "Parameters:\n  Colour: { Type: String, Default: red }\nResources:\n  A: { Type: AWS::Other::Thing, Properties: { V: !Ref Color } }\n";
    expect(await inTemplate(template)).toEqual(["ref.undefined «Color»"]);
  });
});
