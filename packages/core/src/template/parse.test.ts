import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../diagnostic.ts";
import { described } from "./harness.ts";
import type { Template } from "./model.ts";
import { parseTemplate } from "./parse.ts";

function parse(text: string): { template: Template | undefined; diagnostics: Diagnostic[]; problems: string[] } {
  const { value: template, diagnostics } = parseTemplate({ path: "template.yaml", text });
  return { template, diagnostics, problems: described(diagnostics, text) };
}

const resources = "Resources:\n  R: { Type: A::B::C }\n";

test("reads every section", () => {
  const { template, diagnostics } = parse(`
AWSTemplateFormatVersion: 2010-09-09
Description: A template
Metadata: { Anything: [goes] }
Parameters:
  P:
    Type: Number
    Default: 0123
    NoEcho: true
    Description: A number
    AllowedValues: [1, "2"]
    AllowedPattern: "[0-9]+"
    ConstraintDescription: digits
    MinLength: 1
    MaxLength: 5
    MinValue: 0
    MaxValue: 9.5
Mappings:
  M: { a: { b: c, d: [e, 1] } }
Conditions:
  C: !Equals [a, b]
Resources:
  R:
    Type: AWS::S3::Bucket
    Condition: C
    DependsOn: [S]
    DeletionPolicy: Retain
    UpdateReplacePolicy: Delete
    Metadata:
      Other: anything
      Reconcile: { adopt: true, ignore: [/A/B~1C], exclusive: /D }
    Properties: { X: 1 }
  S: { Type: AWS::SQS::Queue, DependsOn: [], Properties: }
Outputs:
  O: { Value: !Ref R, Description: The bucket, Condition: C }
`);
  expect(diagnostics).toEqual([]);
  expect(template?.description).toBe("A template");
  expect(template?.parameters.get("P")).toMatchObject({
    name: "P",
    type: "Number",
    noEcho: true,
    description: "A number",
    allowedValues: ["1", "2"],
    allowedPattern: "[0-9]+",
    constraintDescription: "digits",
    minLength: 1,
    maxLength: 5,
    minValue: 0,
    maxValue: 9.5,
    place: { line: 6, column: 3, end: { line: 6, column: 4 } },
  });
  expect([...(template?.mappings.keys() ?? []), ...(template?.conditions.keys() ?? [])]).toEqual(["M", "C"]);
  expect(template?.resources.get("R")).toMatchObject({
    logicalId: "R",
    type: "AWS::S3::Bucket",
    place: { line: 23, column: 3 },
    typePlace: { line: 24, column: 11, end: { line: 24, column: 26 } },
    condition: { name: "C", place: { line: 25, column: 16 } },
    dependsOn: [{ logicalId: "S", place: { line: 26, column: 17 } }],
    deletionPolicy: "Retain",
    reconcile: { adopt: true, ignore: ["/A/B~1C"], exclusive: ["/D"] },
  });
  expect(template?.resources.get("S")).toMatchObject({
    dependsOn: [],
    reconcile: {},
  });
  expect(template?.resources.get("S")?.properties).toBeUndefined();
  expect(template?.outputs.get("O")).toMatchObject({
    name: "O",
    description: "The bucket",
    condition: { name: "C" },
    place: { line: 35, column: 3 },
  });
});

test("reads JSON, tabs included", () => {
  const { template, diagnostics } = parse(
    '{\n\t"Resources": {\n\t\t"R": {\n\t\t\t"Type": "A::B::C",\n\t\t\t"Properties": { "A": "\\u00e9\\/" }\n\t\t}\n\t}\n}\n',
  );
  expect(diagnostics).toEqual([]);
  expect(template?.resources.get("R")?.typePlace).toMatchObject({ line: 4, column: 12 });
});

test("follows aliases everywhere", () => {
  const { template, diagnostics } = parse(
    "Metadata: [&t A::B::C, &p { X: 1 }]\nResources:\n  R: &r { Type: *t, Properties: *p }\n  S: *r\n",
  );
  expect(diagnostics).toEqual([]);
  expect([...(template?.resources.values() ?? [])].map((each) => [each.logicalId, each.type])).toEqual([
    ["R", "A::B::C"],
    ["S", "A::B::C"],
  ]);
});

describe("the template as a whole", () => {
  test.each([
    ["", ["yaml.empty «»"]],
    ["# nothing", ["yaml.empty «# nothing»"]],
    ["- a", ["template.form «- a»"]],
    ["text", ["template.form «text»"]],
    ["Description: x", ["template.no-resources «Description: x»"]],
    ["Resources: {}", ["template.no-resources «Resources: {}»"]],
    ["Resources:", ["template.no-resources «Resources:»"]],
    ["Resources: [a]", ["template.form «[a]»"]],
    ["Resources: !Ref a", ["template.form «a»"]],
    [`${resources}Resorces: {}`, ["section.unknown «Resorces»"]],
    [`${resources}x-common: {}`, ["section.unknown «x-common»"]],
    [`${resources}Description: [a]`, ["template.form «[a]»"]],
    [`${resources}Rules: {}`, []],
    [`${resources}Hooks: {}`, ["unsupported.section «Hooks»"]],
    [`${resources}Transform: AWS::LanguageExtensions`, []],
    [
      `${resources}Transform: [AWS::Serverless-2016-10-31, Mine]`,
      ["unsupported.transform «AWS::Serverless-2016-10-31»", "unsupported.transform «Mine»"],
    ],
    [`${resources}Transform: { Name: AWS::Include }`, ["unsupported.transform «AWS::Include»"]],
    [`${resources}Transform: { AWS::Include: { Location: a } }`, ["unsupported.transform «AWS::Include»"]],
    [`${resources}Transform: {}`, []],
    [`${resources}Transform: [[Mine]]`, ["template.form «[Mine]»"]],
    ["a: [1", ["yaml.syntax «[»"]],
  ])("%j: %j", (text, problems) => {
    expect(parse(text).problems).toEqual(problems);
  });

  test("all problems come at once", () => {
    const text =
      "Paramters: {}\nResources:\n  A: { Typ: B }\n  A: { Type: A::B::C, Condition: X, DependsOn: Z }\nOutputs:\n  O: {}\n";
    expect(parse(text).problems).toEqual([
      "yaml.duplicate-key «A»",
      "section.unknown «Paramters»",
      "resource.unknown-attribute «Typ»",
      "output.no-value «O»",
      "condition.undefined «X»",
      "depends-on.undefined «Z»",
    ]);
  });

  test("an unknown section gets the nearest name", () => {
    expect(parse(`${resources}Resorces: {}`).diagnostics[0]?.remedy).toBe('Did you mean "Resources"?');
    expect(parse(`${resources}x-common: {}`).diagnostics[0]?.remedy).toContain(
      "It can have AWSTemplateFormatVersion, Description",
    );
  });
});

describe("names", () => {
  test.each([
    ["Resources:\n  My-Bucket: { Type: A::B::C }", ["name.form «My-Bucket»"]],
    ["Resources:\n  ÜÄ: { Type: A::B::C }", ["name.form «ÜÄ»"]],
    [`${resources}Outputs:\n  a.b: { Value: c }`, ["name.form «a.b»"]],
    [`${resources}Conditions:\n  a_b: !Equals [a, b]\n  Is-On&Off: !Condition a_b`, []],
    [`${resources}Parameters:\n  a b: { Type: String }`, ["name.form «a b»"]],
    [`${resources}Conditions:\n  A:`, ["template.empty «A»"]],
    ["Resources:\n  'Fn::ForEach::X': [a]", ["transform.missing «'Fn::ForEach::X'»"]],
    ["Resources:\n  'Fn::Transform': { Name: x }", ["unsupported.function «'Fn::Transform'»"]],
    ["Resources:\n  'Fn::Mine': { Type: A::B::C }", ["function.unknown «'Fn::Mine'»"]],
  ])("%j: %j", (text, problems) => {
    expect(parse(text).problems.filter((each) => !each.startsWith("template.no-resources"))).toEqual(problems);
  });

  test("get one that would do", () => {
    expect(parse("Resources:\n  My-Bucket: { Type: A::B::C }").diagnostics[0]?.remedy).toBe(
      'Rename it, for instance to "MyBucket".',
    );
    expect(parse("Resources:\n  '!': { Type: A::B::C }").diagnostics[0]?.remedy).toBe(
      'Rename it, for instance to "Name".',
    );
  });
});

describe("a resource", () => {
  test.each([
    ["text", ["template.form «text»"]],
    ["{ Type: [a] }", ["template.form «[a]»"]],
    ["{ Type: !Ref a }", ["template.form «a»"]],
    ["{ Properties: {} }", ["resource.no-type «R»"]],
    ["{ Type: A::B::C, Propertys: {} }", ["resource.unknown-attribute «Propertys»"]],
    ["{ Type: A::B::C, Properties: [a] }", ["template.form «[a]»"]],
    ["{ Type: A::B::C, Properties: text }", ["template.form «text»"]],
    ["{ Type: A::B::C, DependsOn: }", ["template.empty «DependsOn»"]],
    ["{ Type: A::B::C, DependsOn: R }", ["depends-on.itself «R»"]],
    ["{ Type: A::B::C, DependsOn: [{ a: b }] }", ["template.form «{ a: b }»"]],
    ["{ Type: A::B::C, Condition: [a] }", ["template.form «[a]»"]],
    ["{ Type: A::B::C, CreationPolicy: {} }", ["unsupported.attribute «CreationPolicy»"]],
    ["{ Type: A::B::C, UpdatePolicy: {} }", ["unsupported.attribute «UpdatePolicy»"]],
    ["{ Type: A::B::C, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot }", []],
    ["{ Type: A::B::C, DeletionPolicy: RetainExceptOnCreate }", []],
    [
      "{ Type: A::B::C, UpdateReplacePolicy: RetainExceptOnCreate }",
      ["resource.deletion-policy «RetainExceptOnCreate»"],
    ],
    ["{ Type: A::B::C, DeletionPolicy: retain }", ["resource.deletion-policy «retain»"]],
    ["{ Type: A::B::C, UpdateReplacePolicy: Keep }", ["resource.deletion-policy «Keep»"]],
    ["{ Type: A::B::C, DeletionPolicy: [a] }", ["template.form «[a]»"]],
    ["{ Type: AWS::CloudFormation::Stack }", []],
    ["{ Type: AWS::CDK::Metadata }", ["template.no-resources «Resources:»"]],
    ["{ Type: AWS::CloudFormation::WaitCondition }", ["unsupported.type «AWS::CloudFormation::WaitCondition»"]],
    ["{ Type: Custom::Thing }", ["unsupported.type «Custom::Thing»"]],
    ["{ Type: AWS::Serverless::Function }", ["unsupported.type «AWS::Serverless::Function»"]],
    ["{ Type: A::B::C, Metadata: text }", ["template.form «text»"]],
    ["{ Type: A::B::C, Metadata: { Other: 1 } }", []],
    ["{ Type: A::B::C, Metadata: { Reconcile: } }", []],
    ["{ Type: A::B::C, Metadata: { Reconcile: text } }", ["template.form «text»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { protect: perhaps } } }", ["template.form «perhaps»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { existing: true, adopt: true } } }", ["metadata.existing «Reconcile»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { expires: 2026-02-30 } } }", ["metadata.expires «2026-02-30»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { expires: tomorrow } } }", ["metadata.expires «tomorrow»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { expires: [a] } } }", ["template.form «[a]»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { renamed-from: [a] } } }", ["template.form «[a]»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { moved-from: a//c } } }", ["metadata.moved-from «a//c»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { moved-from: [a] } } }", ["template.form «[a]»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { adpot: true } } }", ["metadata.unknown-key «adpot»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { adopt: } } }", ["template.empty «adopt»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { adopt: [a] } } }", ["template.form «[a]»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { ignore: [A] } } }", ["metadata.pointer «A»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { ignore: [.] } } }", ["metadata.pointer «.»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { ignore: [/A~2] } } }", ["metadata.pointer «/A~2»"]],
    ["{ Type: A::B::C, Metadata: { Reconcile: { exclusive: [[/A]] } } }", ["template.form «[/A]»"]],
  ])("%j: %j", (resource, problems) => {
    expect(parse(`Resources:\n  R: ${resource}`).problems).toEqual(problems);
  });

  test.each([
    ["{ adopt: true }", { adopt: true }],
    ["{ adopt: false }", {}],
    ["{ adopt: 'true' }", { adopt: "true" }],
    ["{ adopt: sg-0123 }", { adopt: "sg-0123" }],
    ["{ adopt: 0123 }", { adopt: "0123" }],
    ["{ ignore: /A }", { ignore: ["/A"] }],
    ["{ protect: true }", { protect: true }],
    ["{ existing: true }", { existing: true }],
    ["{ existing: vpc-0123, ignore: /A }", { existing: "vpc-0123", ignore: ["/A"] }],
    ["{ expires: 2028-02-29 }", { expires: "2028-02-29" }],
    ["{ renamed-from: Old }", { renamedFrom: "Old" }],
    ["{ moved-from: network }", { movedFrom: { stack: "network" } }],
    ["{ moved-from: network/Old }", { movedFrom: { stack: "network", logicalId: "Old" } }],
    ["{ protect: false }", { protect: false }],
  ])("reads Metadata.Reconcile %s", (metadata, read) => {
    const { template, diagnostics } = parse(`Resources:\n  R: { Type: A::B::C, Metadata: { Reconcile: ${metadata} } }`);
    expect([template?.resources.get("R")?.reconcile, diagnostics]).toEqual([read, []]);
  });

  test("ignores checks, for reasons that may be missing", () => {
    const { template } = parse(
      "Resources:\n  R: { Type: A::B::C, Metadata: { Reconcile: { ignore-checks: { E1001: ours, E1002: } } } }",
    );
    expect(template?.resources.get("R")?.reconcile.ignoreChecks).toMatchObject([
      { id: "E1001", reason: "ours", place: { line: 2, column: 65 } },
      { id: "E1002", reason: "" },
    ]);
  });

  test("whose deletion policy cannot be read is kept rather than deleted", () => {
    const { template } = parse("Resources:\n  R: { Type: A::B::C, DeletionPolicy: Keep }");
    expect(template?.resources.get("R")?.deletionPolicy).toBe("Retain");
  });

  test("without a type is told how to get one", () => {
    const { diagnostics } = parse("Resources:\n  R: { Properties: {} }");
    expect(diagnostics.map(({ code, remedy }) => [code, remedy])).toEqual([
      ["resource.no-type", "Add its type, for instance Type: AWS::SSM::Parameter."],
    ]);
  });

  test.each([
    ["{ Typ: A::B::C }", ["resource.unknown-attribute «Typ»"]],
    ["{ Type: A::B::C, Typ: A::B::D }", ["resource.unknown-attribute «Typ»"]],
    ["{ Type: A::B::C, DependOn: X }", ["resource.unknown-attribute «DependOn»", "depends-on.undefined «X»"]],
  ])("with a misspelt key is read as it was meant: %s", (resource, problems) => {
    expect(parse(`Resources:\n  R: ${resource}`).problems).toEqual(problems);
  });

  test("is named by its problems", () => {
    const { diagnostics } = parse("Resources:\n  R: { Type: A::B::C, DependsOn: S, DeletionPolicy: [x] }");
    expect(diagnostics.map((each) => each.resource)).toEqual(["R (A::B::C)", "R (A::B::C)"]);
  });
});

describe("a mapping", () => {
  test.each([
    ["text", ["template.form «text»"]],
    ["{ a: text }", ["template.form «text»"]],
    ["{ a: }", ["template.empty «a»"]],
    ["{ a: { b: } }", ["template.empty «b»"]],
    ["{ a: { b: [{ c: }] } }", ["template.empty «c»"]],
    ["{ a: { b: { c: d } } }", ["template.form «{ c: d }»"]],
    ["{ a: { b: !Ref R } }", ["template.form «R»"]],
    ["{ a: { b: { Fn::Join: ['', [a]] } } }", ["template.form «{ Fn::Join: ['', [a]] }»"]],
  ])("%s: %j", (mapping, problems) => {
    expect(parse(`${resources}Mappings:\n  M: ${mapping}`).problems).toEqual(problems);
  });
});

describe("an output", () => {
  test.each([
    ["text", ["template.form «text»"]],
    ["{}", ["output.no-value «O»"]],
    ["{ Value: }", ["template.empty «Value»", "output.no-value «O»"]],
    ["{ Value: a, Vaule: b }", ["output.unknown-key «Vaule»"]],
    ["{ Value: a, Export: { Name: b } }", []],
    ["{ Value: a, Export: { Name: !Sub b } }", []],
    ["{ Value: a, Export: { Name: } }", ["template.empty «Name»"]],
    ["{ Value: a, Export: {} }", ["template.empty «{}»"]],
    ["{ Value: a, Export: { Name: b, Nmae: c } }", ["output.unknown-key «Nmae»"]],
    ["{ Value: a, Export: b }", ["template.form «b»"]],
    ["{ Value: a, Description: [b] }", ["template.form «[b]»"]],
    ["{ Value: a, Condition: [b] }", ["template.form «[b]»"]],
    ["{ Value: a, Condition: B }", ["condition.undefined «B»"]],
  ])("%s: %j", (output, problems) => {
    expect(parse(`${resources}Outputs:\n  O: ${output}`).problems).toEqual(problems);
  });
});

describe("a parameter", () => {
  test.each([
    ["text", ["template.form «text»"]],
    ["{}", ["parameter.no-type «P»"]],
    ["{ Type: Strng }", ["parameter.type «Strng»"]],
    ["{ Type: Whatever }", ["parameter.type «Whatever»"]],
    ["{ Type: [String] }", ["template.form «[String]»"]],
    ["{ Type: AWS::SSM::Parameter::Value<Number> }", ["parameter.type «AWS::SSM::Parameter::Value<Number>»"]],
    ["{ Type: AWS::EC2::VPC::Id }", []],
    ["{ Type: List<AWS::EC2::Subnet::Id> }", []],
    ["{ Type: String, Defalt: a }", ["parameter.unknown-key «Defalt»"]],
    ["{ Type: String, Default: }", ["template.empty «Default»"]],
    ["{ Type: String, Default: '' }", []],
    ["{ Type: CommaDelimitedList, Default: [a, b] }", ["template.form «[a, b]»"]],
    ["{ Type: String, Default: !Ref R }", ["template.form «R»"]],
    ["{ Type: String, NoEcho: 'True' }", []],
    ["{ Type: String, NoEcho: maybe }", ["template.form «maybe»"]],
    ["{ Type: String, NoEcho: [a] }", ["template.form «[a]»"]],
    ["{ Type: String, NoEcho: 'false' }", []],
    ["{ Type: String, MinLength: a }", ["template.form «a»"]],
    ["{ Type: String, MinLength: [1] }", ["template.form «[1]»"]],
    ["{ Type: String, MaxLength: ' ' }", ["template.form «' '»"]],
    ["{ Type: String, Description: [a] }", ["template.form «[a]»"]],
    ["{ Type: String, AllowedPattern: [a] }", ["template.form «[a]»"]],
  ])("%s: %j", (parameter, problems) => {
    expect(parse(`${resources}Parameters:\n  P: ${parameter}`).problems).toEqual(problems);
  });

  test("whose NoEcho cannot be read is not shown", () => {
    expect(
      parse(`${resources}Parameters:\n  P: { Type: String, NoEcho: maybe }`).template?.parameters.get("P")?.noEcho,
    ).toBe(true);
  });
});

describe("a section", () => {
  const outputs = (count: number) =>
    Array.from({ length: count }, (_, index) => `  O${index}: { Value: x }\n`).join("");

  test.each([
    [2000, []],
    [2001, ["yaml.size «Outputs»"]],
  ])("of %i outputs: %j", (count, expected) => {
    expect(parse(`${resources}Outputs:\n${outputs(count)}`).problems).toEqual(expected);
  });
});
