import { readFileSync } from "node:fs";
import { createRegistry, editorSchema, editorSettings, exampleNames, type SchemaKind, scaffold } from "@reconcile/core";
import { types } from "@reconcile/providers";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { specification } from "../specification.ts";
import { makeFolder, reconcile } from "../testing/cli.ts";

const names = types.map((type) => type.type);
const options = { types: names, registry: createRegistry(types), specification: specification() };
// `markdownDescription` and its like are words of the language servers.
const ajv = new Ajv({ strict: false, allErrors: true });
const validators = new Map<SchemaKind, ValidateFunction>();

function validator(kind: SchemaKind): ValidateFunction {
  const known = validators.get(kind) ?? ajv.compile(editorSchema(kind, options));
  validators.set(kind, known);
  return known;
}

/** What a language server sees: tags are not looked at, only what stands behind them. */
function data(text: string): unknown {
  const tags = (editorSettings("", [])["yaml.customTags"] as string[]).map((each) => each.split(" ")[0] ?? "");
  const kinds = [undefined, "seq", "map"] as const;
  const customTags = [...new Set(tags)].flatMap((tag) =>
    kinds.map((collection) => ({ tag, ...(collection && { collection }), resolve: (value: unknown) => value })),
  );
  return parse(text, { customTags: customTags as never, logLevel: "error" });
}

/** Where it is wrong, and how: each place once. */
function problems(kind: SchemaKind, text: string): string[] {
  const validate = validator(kind);
  validate(data(text));
  const errors = (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
    const detail: unknown = params.additionalProperty ?? params.missingProperty ?? "";
    return `${instancePath} ${keyword} ${detail}`.trim();
  });
  return [...new Set(errors)];
}

const root = new URL("../../../../", import.meta.url);

function file(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

describe("what people have is right", () => {
  it.each<[SchemaKind, string]>([
    ["stack", "desired-state/crypto-agent.yaml"],
    ["project", "desired-state/reconcile.yaml"],
    ["template", "desired-state/crypto-agent/template.yaml"],
    ["template", "examples/smallest/template.yaml"],
    ["template", "examples/adopt/template.yaml"],
    ["stack", "examples/library/desired-state/service.yaml"],
    ["template", "examples/library/desired-state/service/template.yaml"],
  ])("as a %s: %s, and for any file", (kind, path) => {
    expect(problems(kind, file(path))).toEqual([]);
    expect(problems("any", file(path))).toEqual([]);
  });
});

it("what init writes is right", () => {
  const files = exampleNames.flatMap((example) =>
    scaffold({ folder: "d", project: "news", stack: "app", example, account: "012345678901" }).flatMap((part) => [
      ...part,
    ]),
  );

  for (const [path, text] of files) expect({ path, problems: problems("any", text) }).toEqual({ path, problems: [] });
});

const group = (properties: string) => `
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      ${properties}
`;

describe("a function may stand for every value", () => {
  it.each([
    "VpcId: !Ref Vpc",
    "VpcId: !If [IsProduction, !Ref Vpc, !Ref AWS::NoValue]",
    "VpcId: { Fn::ImportValue: network-vpc }",
    "SecurityGroupIngress: !If [Open, [{ IpProtocol: tcp }], !Ref AWS::NoValue]",
    "SecurityGroupIngress: { Fn::If: [Open, [{ IpProtocol: tcp }], { Ref: AWS::NoValue }] }",
    "SecurityGroupIngress: [!If [Open, { IpProtocol: tcp }, !Ref AWS::NoValue]]",
    'SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: !Ref Port, ToPort: "443", CidrIp: !Sub Net }]',
    "Tags: !FindInMap [Tags, All, !Ref Stage]",
  ])("%s", (properties) => {
    expect(problems("template", group(properties))).toEqual([]);
  });

  it("and for resources that a loop makes", () => {
    const loop = "Resources:\n  Fn::ForEach::Topics: [Name, [A, B], { Topic: { Type: AWS::SNS::Topic } }]\n";

    expect(problems("template", loop)).toEqual([]);
  });
});

describe("what is wrong is said at its place", () => {
  it.each<{ kind: SchemaKind; text: string; says: string }>([
    { kind: "template", text: group("GroupNam: x"), says: "/Resources/Group/Properties additionalProperties GroupNam" },
    {
      kind: "template",
      text: group("GroupName: x").replace(/GroupDescription.*/, ""),
      says: "/Resources/Group/Properties required GroupDescription",
    },
    {
      kind: "template",
      text: group("SecurityGroupIngress: [{ IpProtocol: tcp, CidrIpp: 10.0.0.0/8 }]"),
      says: "/Resources/Group/Properties/SecurityGroupIngress/0 additionalProperties CidrIpp",
    },
    {
      kind: "template",
      text: group("SecurityGroupIngress: { IpProtocol: tcp }"),
      says: "/Resources/Group/Properties/SecurityGroupIngress type",
    },
    {
      kind: "template",
      text: group("").replace("Properties", "Property"),
      says: "/Resources/Group additionalProperties Property",
    },
    { kind: "template", text: "Resources:\n  A: { Type: AWS::ECR::Repositry }", says: "/Resources/A/Type pattern" },
    {
      kind: "template",
      text: "Resources:\n  A: { Type: AWS::SSM::Parameter }",
      says: "/Resources/A required Properties",
    },
    { kind: "template", text: "Resource: {}", says: "required Resources" },
    {
      kind: "template",
      text: "Resources:\n  my-a: { Type: AWS::ECR::Repository }",
      says: "/Resources additionalProperties my-a",
    },
    {
      kind: "template",
      text: "Resources:\n  A: { Type: AWS::ECR::Repository, Metadata: { Reconcile: { adpot: true } } }",
      says: "/Resources/A/Metadata/Reconcile additionalProperties adpot",
    },
    {
      kind: "template",
      text: "Resources:\n  A: { Type: AWS::ECR::Repository, Metadata: { Reconcile: { ignore: Tags } } }",
      says: "/Resources/A/Metadata/Reconcile/ignore pattern",
    },
    {
      kind: "template",
      text: "Parameters:\n  P: { Type: Strin }\nResources: {}",
      says: "/Parameters/P/Type enum",
    },
    {
      kind: "template",
      text: "Outputs:\n  O: { Valeu: x }\nResources: {}",
      says: "/Outputs/O additionalProperties Valeu",
    },
    { kind: "stack", text: "template-file: a.yaml", says: "required template-file-path" },
    { kind: "stack", text: "template-file-path: a\nregion: Frankfurt", says: "/region pattern" },
    { kind: "stack", text: "template-file-path: a\naccount: '12345'", says: "/account pattern" },
    {
      kind: "stack",
      text: "template-file-path: a\nparameters: { P: { env: AWS_SECRET_ACCESS_KEY } }",
      says: "/parameters/P/env pattern",
    },
    {
      kind: "stack",
      text: "template-file-path: a\nparameters: { P: { evn: A } }",
      says: "/parameters/P additionalProperties evn",
    },
    {
      kind: "stack",
      text: "template-file-path: a\nchecks: [{ name: a, htpp: {} }]",
      says: "/checks/0 additionalProperties htpp",
    },
    { kind: "project", text: "project: aws-things", says: "/project pattern" },
    { kind: "project", text: "defaults: { regoin: us-east-1 }", says: "/defaults additionalProperties regoin" },
    { kind: "any", text: "template-file-path: a\nregions: x", says: "additionalProperties regions" },
    { kind: "any", text: "Resource: {}", says: "additionalProperties Resource" },
    { kind: "any", text: "project: news\ndefault: {}", says: "additionalProperties default" },
  ])("$says", ({ kind, text, says }) => {
    expect(problems(kind, text)).toContain(says);
  });
});

/** Everything below a schema that is a schema of a key. */
function keysWithout(word: string, schema: unknown, path = ""): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, part]) => {
    if (keyword !== "properties") return keysWithout(word, part, `${path}/${keyword}`);
    return Object.entries(part as Record<string, object>).flatMap(([key, each]) => [
      ...(word in each ? [] : [`${path}/${key}`]),
      ...keysWithout(word, each, `${path}/${key}`),
    ]);
  });
}

describe("what the parsers know is explained", () => {
  it.each<SchemaKind>(["stack", "project"])("every key of a %s file has a description", (kind) => {
    const { definitions: _, ...schema } = editorSchema(kind, options);

    expect(keysWithout("description", schema)).toEqual([]);
  });

  it("every section, attribute, and key of Metadata.Reconcile has one", () => {
    const { definitions, ...schema } = editorSchema("template", { ...options, types: [] });
    const { function: _, ...others } = definitions as Record<string, unknown>;

    expect(keysWithout("description", { ...schema, others })).toEqual(["/others/resource/Type"]);
  });

  it("every property of a type says what AWS says of it, and what Reconcile does", () => {
    const { definitions } = editorSchema("template", options) as {
      definitions: Record<string, { properties: Record<string, { markdownDescription: string }> }>;
    };

    expect(definitions["AWS::ECR::Repository"]?.properties.RepositoryName?.markdownDescription).toMatch(
      /^\*a change replaces the resource · made when not declared\*\n\nThe name to use for the repository/,
    );
    expect(definitions["AWS::ECR::Repository"]?.properties.EmptyOnDelete?.markdownDescription).toContain(
      "Reconcile does not support it yet",
    );
  });
});

describe("reconcile schema", () => {
  it("describes the types in use, and those that it is told to", async () => {
    const cwd = makeFolder({
      "desired-state/a.yaml": "Resources:\n  A: { Type: AWS::SNS::Topic }\n",
      "desired-state/broken.yaml": "Resources: [",
    });

    const { exitCode, stdout } = await reconcile(["schema", "template", "--type", "AWS::SQS::Queue"], { cwd });

    expect(exitCode).toBe(0);
    const { definitions } = JSON.parse(stdout);
    expect(Object.keys(definitions)).toEqual(expect.arrayContaining(["AWS::SNS::Topic", "AWS::SQS::Queue", ...names]));
    expect(definitions).not.toHaveProperty("AWS::Lambda::Function");
  });

  it.each([
    { args: ["--type", "AWS::SNS::Topik"], exitCode: 64, says: "did you mean AWS::SNS::Topic?" },
    { args: ["settings", "x"], exitCode: 64, says: "takes no PATH" },
    { args: ["template", "nowhere.yaml"], exitCode: 1, says: 'There is no file or folder "nowhere.yaml"' },
    { args: ["--format", "text"], exitCode: 64, says: "Unknown option '--format'" },
  ])("refuses $args", async ({ args, exitCode, says }) => {
    const ran = await reconcile(["schema", ...args], { cwd: makeFolder({}) });

    expect(ran).toMatchObject({ exitCode, stdout: "", stderr: expect.stringContaining(says) });
  });
});
