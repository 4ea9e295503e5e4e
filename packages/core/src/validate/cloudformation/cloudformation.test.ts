import { describe, expect, it } from "vitest";
import { z } from "zod";
import { json } from "../../resource/annotations.ts";
import { createRegistry } from "../../resource/registry.ts";
import { load, typeOf } from "../fixture.ts";
import { specification as any } from "../review/fixture.ts";
import type { SpecifiedProperties, SpecifiedType } from "../specification.ts";
import { checkCloudFormation } from "./index.ts";

const text = { kind: "string" } as const;

function specified(type: string, properties: SpecifiedProperties, more: Partial<SpecifiedType> = {}): SpecifiedType {
  return { type, properties, attributes: {}, definitions: {}, ...more };
}

const theirs: Readonly<Record<string, SpecifiedType>> = {
  "AWS::SSM::Parameter": specified("AWS::SSM::Parameter", {
    Type: { type: { kind: "string", values: ["String", "StringList"] }, required: true },
    Value: { type: text, required: true },
  }),
  "AWS::RDS::DBInstance": specified("AWS::RDS::DBInstance", { MasterUserPassword: { type: text } }),
  "Test::Mute": specified("Test::Mute", {}),
  "Test::Thing": specified(
    "Test::Thing",
    {
      Color: { type: { kind: "string", values: ["red"] } },
      Secret: { type: { kind: "string", values: ["x"] } },
      Amount: { type: { kind: "integer" } },
      Names: { type: { kind: "list", of: text } },
      Rules: { type: { kind: "list", of: { kind: "object", definition: "Rule" } } },
      Labels: { type: { kind: "map", of: text } },
      Document: { type: text },
      Policy: { type: { kind: "json" } },
      Target: {
        type: {
          kind: "union",
          of: [
            { kind: "object", definition: "Rule" },
            { kind: "list", of: text },
          ],
        },
      },
      Lock: { type: { kind: "object", definition: "Lock" } },
    },
    {
      attributes: { Arn: {} },
      definitions: {
        Rule: { properties: { Port: { type: { kind: "integer" } } } },
        Lock: { properties: { Kind: { type: text, required: true }, Key: { type: text, required: true } } },
      },
    },
  ),
};

/** A provider that takes more than CloudFormation says that AWS does. */
const Thing = typeOf({
  properties: z.strictObject({
    Color: z.enum(["red", "green"]).optional(),
    Shade: z.string().optional(),
    Document: json().optional(),
    Lock: z.strictObject({ Kind: z.string().default("bolt"), Key: z.string() }).optional(),
  }),
  attributes: { Arn: {}, Weight: {} },
});

const Mute = typeOf({ type: "Test::Mute", properties: z.strictObject({}), attributes: { Weight: {} } });

/** What is listed of these files: templates and stack files in `desired-state`, other templates beside it. */
async function listed(files: Readonly<Record<string, string>>) {
  const { stacks } = await load(files);
  return checkCloudFormation(stacks, {
    registry: createRegistry([Thing, Mute]),
    specification: { ...any, resource: (type) => theirs[type] },
    sources: (file) => files[file],
  });
}

async function lines(template: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const diagnostics = await listed({ "desired-state/t.yaml": template, ...more });
  for (const { message, remedy } of diagnostics) {
    expect(message).toMatch(/\w.*\.$/);
    expect(remedy).toMatch(/\w.*[.:…]/);
  }
  return diagnostics.map(
    ({ code, severity, place }) => `${place?.line}:${place?.column} ${severity} cloudformation${code.slice(14)}`,
  );
}

const resource = (type: string) => (properties: string) =>
  `Resources:\n  A:\n    Type: ${type}\n    Properties:\n      ${properties}\n`;
const parameter = resource("AWS::SSM::Parameter");
const thing = resource("Test::Thing");
const sound = parameter("{ Type: String, Value: x }");

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `  ${line(index)}\n`).join("");
}

describe("what would not go back to CloudFormation is listed at its place", () => {
  it.each<{ what: string; template: string; says: string[] }>([
    { what: "a property", template: thing("Shade: dark"), says: ["5:7 warning cloudformation.property"] },
    { what: "a value", template: thing("Color: green"), says: ["5:14 warning cloudformation.value"] },
    {
      what: "an attribute",
      template: `${thing("Color: red")}  B: { Type: Test::Thing, Properties: { Document: !GetAtt A.Weight } }\n`,
      says: ["6:59 warning cloudformation.attribute"],
    },
    {
      what: "a SecureString",
      template: parameter("{ Type: SecureString, Value: x }"),
      says: ["5:15 warning cloudformation.secure-string"],
    },
    {
      what: "a parameter's text for a list",
      template: `Parameters:\n  N: { Type: String, Default: a }\n${thing("Names: !Ref N")}`,
      says: ["7:19 warning cloudformation.coercion"],
    },
    {
      what: "an object for JSON text",
      template: thing("Document: { a: b }"),
      says: ["5:17 warning cloudformation.coercion"],
    },
    {
      what: "JSON text for an object",
      template: thing('Lock: \'{ "Key": "a" }\''),
      says: ["5:13 warning cloudformation.coercion"],
    },
    {
      what: "JSON text for names with values",
      template: thing("Labels: '{}'"),
      says: ["5:15 warning cloudformation.coercion"],
    },
    {
      what: "a number for a document",
      template: thing("Policy: 7"),
      says: ["5:15 warning cloudformation.coercion"],
    },
    {
      what: "a list for a text, among names with values",
      template: thing("Labels: { a: [b] }"),
      says: ["5:20 warning cloudformation.coercion"],
    },
    {
      what: "what takes no form that there is",
      template: thing("Target: a"),
      says: ["5:15 warning cloudformation.coercion"],
    },
    {
      what: "what AWS requires and Reconcile does not",
      template: thing("Lock: { Key: a }"),
      says: ["5:13 warning cloudformation.required"],
    },
    {
      what: "an existing resource",
      template: sound.replace("    Properties", "    Metadata: { Reconcile: { existing: true } }\n    Properties"),
      says: ["2:3 note cloudformation.existing"],
    },
    {
      what: "a secure reference in a property that takes none",
      template: parameter('{ Type: String, Value: "{{resolve:ssm-secure:/a}}" }'),
      says: ["5:30 warning cloudformation.ssm-secure"],
    },
    {
      what: "a secure reference in a function",
      template: parameter('{ Type: String, Value: !Join ["", [a, "{{resolve:ssm-secure:/a}}"]] }'),
      says: ["5:45 warning cloudformation.ssm-secure"],
    },
    {
      what: "a secret outside of properties",
      template: `${sound}Outputs:\n  O: { Value: "{{resolve:secretsmanager:a}}" }\n`,
      says: ["7:15 warning cloudformation.dynamic-reference"],
    },
    {
      what: "aliases, once for a file",
      template: `${sound.replace("Properties:\n      ", "Properties: &a ")}${numbered(2, (index) => `B${index}: { Type: AWS::SSM::Parameter, Properties: *a }`)}`,
      says: ["5:48 warning cloudformation.alias"],
    },
    {
      what: "an alias",
      template: `${sound.replace("Properties:\n      ", "Properties: &a ")}  B: { Type: AWS::SSM::Parameter, Properties: *a }\n`,
      says: ["5:47 warning cloudformation.alias"],
    },
    {
      what: "short forms of what a transform brings",
      template: `Transform: AWS::LanguageExtensions\n${parameter("Value: !Join ['', [!Length [x], !ToJsonString { c: d }]]\n      Type: String")}`,
      says: ["6:34 warning cloudformation.short-form", "6:53 warning cloudformation.short-form"],
    },
    {
      what: "what YAML 1.1 takes for something else",
      template: parameter("{ Type: String, Value: !Join [on, [NO, 0123, 12:30:00, 1_000]] }"),
      says: [
        "5:37 note cloudformation.yaml",
        "5:42 note cloudformation.yaml",
        "5:46 note cloudformation.yaml",
        "5:52 note cloudformation.yaml",
        "5:62 note cloudformation.yaml",
      ],
    },
    {
      what: "long descriptions",
      template: `Description: ${"x".repeat(1025)}\nParameters:\n  P: { Type: String, Default: a, Description: ${"y".repeat(1025)} }\n${sound}`,
      says: ["1:1 warning cloudformation.length", "3:3 warning cloudformation.length"],
    },
    {
      what: "a large template",
      template: `# ${"x".repeat(51_200)}\n${sound}`,
      says: ["1:1 note cloudformation.size"],
    },
    {
      what: "a template that is too large",
      template: `# ${"x".repeat(1_048_576)}\n${sound}`,
      says: ["1:1 warning cloudformation.size"],
    },
    {
      what: "many resources",
      template: `Resources:\n${numbered(501, (index) => `A${index}: { Type: Test::Thing }`)}`,
      says: ["1:1 warning cloudformation.count"],
    },
    {
      what: "many keys of a mapping",
      template: `Mappings:\n  M:\n${numbered(201, (index) => `  K${index}: { a: b }`)}${sound}`,
      says: ["3:5 warning cloudformation.count"],
    },
    {
      what: "many dynamic references",
      template: parameter(`{ Type: String, Value: "${"{{resolve:ssm:/a}}".repeat(61)}" }`),
      says: ["5:30 warning cloudformation.count"],
    },
  ])("$what", async ({ template, says }) => {
    expect(await lines(template)).toEqual(says);
  });

  it.each([
    ["Test::Thing", "It gives Arn."],
    ["Test::Mute", "It gives none."],
  ])("what CloudFormation gives instead of an attribute of %s", async (type, remedy) => {
    const template = `Resources:\n  A: { Type: ${type} }\n  B: { Type: Test::Thing, Properties: { Document: !GetAtt A.Weight } }\n`;
    expect(await listed({ "desired-state/t.yaml": template })).toMatchObject([
      { code: "cloudformation.attribute", remedy },
    ]);
  });

  it("a template beside it, and what is wrong in there", async () => {
    const outer =
      "Resources:\n  A:\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: ../templates/i.yaml }\n";
    const diagnostics = await listed({
      "desired-state/t.yaml": outer,
      "templates/i.yaml": parameter('{ Type: SecureString, Value: "{{resolve:ssm-secure:/a}}" }'),
    });

    expect(diagnostics.map(({ code, place }) => `${place?.file} ${code}`)).toEqual([
      "desired-state/t.yaml cloudformation.nested-template",
      "templates/i.yaml cloudformation.secure-string",
      "templates/i.yaml cloudformation.ssm-secure",
    ]);
  });

  it.each([
    ["Yes", "true"],
    ["off", "false"],
    ["0755", "the number 493, written in octal"],
    ["-0_17", "the number -15, written in octal"],
    ["190:20:30", "a number with the base of 60"],
    ["1_000", "the number 1000"],
  ])("%s, which YAML 1.1 takes for %s", async (written, meaning) => {
    const [diagnostic] = await listed({ "desired-state/t.yaml": parameter(`{ Type: String, Value: ${written} }`) });

    expect(diagnostic?.message).toBe(
      `CloudFormation reads YAML 1.1, in which ${written} is ${meaning}; here it is the text that it looks like.`,
    );
  });

  it("no template that CloudFormation reads from an address", async () => {
    const remote = resource("AWS::CloudFormation::Stack")("TemplateURL: https://bucket.s3.amazonaws.com/i.yaml");
    expect(await listed({ "desired-state/t.yaml": remote })).toEqual([]);
  });

  it("what a stack file has and Git sync does not", async () => {
    const diagnostics = await listed({
      "desired-state/s.yaml": `template-file-path: ../templates/t.yaml\nregion: us-east-1\nparameters:\n  P: { env: P }\n  Q: [a, b]\n  R: ${"x".repeat(4097)}\ntags: { A: b }\n`,
      "templates/t.yaml": `Parameters:\n  P: { Type: String }\n  Q: { Type: CommaDelimitedList }\n  R: { Type: String }\n${sound}`,
    });

    expect(diagnostics.map(({ code, message, place }) => `${place?.line}:${place?.column} ${code} ${message}`)).toEqual(
      [
        '2:1 cloudformation.stack-file CloudFormation\'s Git sync does not know "region".',
        '4:6 cloudformation.parameter-value CloudFormation takes the parameter "P" as text, not as something to look up.',
        '5:6 cloudformation.parameter-value CloudFormation takes the parameter "Q" as text, not as a list.',
        '6:6 cloudformation.length The value of the parameter "R" has 4,097 bytes, and CloudFormation takes at most 4,096.',
      ],
    );
  });
});

describe("what goes back as it is, without a word", () => {
  it.each([
    ["numbers and booleans as text", thing('{ Amount: "2", Rules: [{ Port: "1" }], Document: true }')],
    [
      "either form of what has two",
      `${thing("Target: { Port: 1 }")}  B: { Type: Test::Thing, Properties: { Target: [a] } }\n`,
    ],
    ["one object for a list", thing("Rules: { Port: 1 }")],
    ["a document written out", thing("Policy: { Statement: [] }")],
    ["names with values", thing("Labels: { a: b }")],
    [
      "an attribute that AWS gives",
      `${thing("Color: red")}  B: { Type: Test::Thing, Properties: { Document: !GetAtt A.Arn } }\n`,
    ],
    [
      "metadata of Reconcile's own",
      sound.replace("    Properties", "    Metadata: { Reconcile: { protect: true } }\n    Properties"),
    ],
    [
      "a secure reference where AWS takes one",
      resource("AWS::RDS::DBInstance")("MasterUserPassword: '{{resolve:ssm-secure:/a:1}}'"),
    ],
    ["what only AWS can know", thing("{ Color: !ImportValue color, Names: !Ref AWS::NotificationARNs }")],
    ["a secret", `Parameters: { S: { Type: String, NoEcho: true, Default: y } }\n${thing("Secret: !Ref S")}`],
    ["what AWS does not know of a type without a provider", parameter("{ Type: Other, Value: x, Shade: dark }")],
    [
      "long forms of what a transform brings",
      `Transform: AWS::LanguageExtensions\n${thing("Document: { Fn::ToJsonString: { c: d } }")}`,
    ],
    ["texts that describe, and what stands in quotes", `Description: no\n${thing('Document: "on"')}`],
    ["JSON", '{ "Resources": { "A": { "Type": "Test::Thing", "Properties": { "Document": "on" } } } }'],
  ])("%s", async (_, template) => {
    expect(await lines(template)).toEqual([]);
  });

  it("a stack file of Git sync's own", async () => {
    const files = {
      "desired-state/s.yaml": "template-file-path: ../templates/t.yaml\nparameters: { P: a }\ntags: { A: b }\n",
      "templates/t.yaml": `Parameters:\n  P: { Type: String }\n${sound}`,
    };

    expect(await listed(files)).toEqual([]);
  });
});
