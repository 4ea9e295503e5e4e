import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { registry, specification } from "./fixture.ts";
import { editorSchema, editorSettings, type SchemaKind } from "./schema.ts";

const options = { registry, specification, types: ["AWS::Shop::Store", "AWS::Shop::Supplier"] };
// `markdownDescription` and its like are words of the language servers.
const ajv = new Ajv({ strict: false, allErrors: true });
const validators = new Map<SchemaKind, ValidateFunction>();

function validator(kind: SchemaKind): ValidateFunction {
  const known = validators.get(kind) ?? ajv.compile(editorSchema(kind, options));
  validators.set(kind, known);
  return known;
}

/** Where it is wrong, and how: each place once. A tag that is not known is read over, as by a language server. */
function problems(kind: SchemaKind, text: string): string[] {
  const validate = validator(kind);
  validate(parse(text, { logLevel: "error" }));
  const errors = (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
    const detail: unknown = params.additionalProperty ?? params.missingProperty ?? "";
    return `${instancePath} ${keyword} ${detail}`.trim();
  });
  return [...new Set(errors)];
}

const store = (properties: string) => `
Resources:
  Store:
    Type: AWS::Shop::Store
    Properties:
      City: Bergen
      ${properties}
`;

describe("a desired state that is right", () => {
  it.each<[SchemaKind, string]>([
    ["stack", "crypto-agent.yaml"],
    ["project", "reconcile.yaml"],
  ])("as a %s: our own %s, and for any file", (kind, name) => {
    const text = readFileSync(new URL(`../../../../desired-state/${name}`, import.meta.url), "utf8");

    expect(problems(kind, text)).toEqual([]);
    expect(problems("any", text)).toEqual([]);
  });

  it("may have every section and every attribute", () => {
    const text = `
AWSTemplateFormatVersion: "2010-09-09"
Description: a shop
Metadata: { Other: tools }
Transform: AWS::LanguageExtensions
Parameters:
  City: { Type: String, Default: Bergen, AllowedValues: [Bergen, Oslo], Description: where, NoEcho: "true" }
Mappings: { Sizes: { Bergen: { Floors: 2, Kinds: [corner, market] } } }
Conditions: { IsBergen: !Equals [!Ref City, Bergen] }
Rules: { Any: { Assertions: [] } }
Resources:
  Store:
    Type: AWS::Shop::Store
    Condition: IsBergen
    DependsOn: [Supplier]
    DeletionPolicy: Retain
    UpdateReplacePolicy: !If [IsBergen, Retain, Delete]
    Metadata: { Reconcile: { protect: true, ignore: [/Floors, /Kind], ignore-checks: { unused.parameter: it is for others } } }
    Properties: { City: !Ref City }
  Supplier: { Type: AWS::Shop::Supplier }
  Made: { Type: "Custom::Thing", Version: "1" }
Outputs:
  Queue: { Value: !GetAtt Store.Queue, Condition: IsBergen, Export: { Name: !Sub "\${AWS::StackName}-queue" } }
`;

    expect(problems("template", text)).toEqual([]);
    expect(problems("any", text)).toEqual([]);
  });

  it.each([
    "StoreName: bakery",
    "StoreName: 7",
    "Kind: market",
    "Floors: 2",
    "Area: 20.5",
    "Open: true",
    "Plan: [anything, { goes: here }]",
    "Rules: { Statement: [] }",
    "Rules: '{ \"Statement\": [] }'",
    "Labels: { a: b }",
    "Days: [saturday]",
    "Lease: five years",
    "Lease: { Years: 5 }",
    "Signs: [{ Text: open }]",
    "Shelves: [{ Label: bread, Boards: [{ Width: 1, Boards: [{ Boards: [{ Width: 2 }] }] }] }]",
  ])("has values as AWS takes them: %s", (property) => {
    expect(problems("template", store(property))).toEqual([]);
  });

  it.each([
    "Floors: !Ref Floors",
    "Floors: !If [IsLarge, !Ref Floors, !Ref AWS::NoValue]",
    "Floors: { Fn::ImportValue: town-floors }",
    "Shelves: !If [IsLarge, [{ Label: bread }], !Ref AWS::NoValue]",
    "Shelves: { Fn::If: [IsLarge, [{ Label: bread }], { Ref: AWS::NoValue }] }",
    "Shelves: [!If [IsLarge, { Label: bread }, !Ref AWS::NoValue]]",
    "Shelves: [{ Label: !Sub bread, Boards: !FindInMap [Sizes, Bergen, Boards] }]",
    "Labels: { a: !Ref Label }",
  ])("has a function for any value: %s", (property) => {
    expect(problems("template", store(property))).toEqual([]);
  });

  it("has resources and properties that a loop makes", () => {
    const loop = "Resources:\n  Fn::ForEach::Shelves: [Name, [A, B], { Shelf: { Type: AWS::Shop::Shelf } }]\n";

    expect(problems("template", loop)).toEqual([]);
    expect(problems("template", store("Fn::ForEach::Kinds: [Name, [Kind], { Kind: corner }]"))).toEqual([]);
  });

  it.each([
    'Mappings: { Region-Map_1: { us-east-1: { "64": ami-1 } } }',
    "Mappings: { Tags: { all: { Tags: [{ Key: a, Value: b }], Rows: [[a], [b]] } } }",
    'Mappings: { Late: { a: { b: { "Fn::Sub": c } } } }',
    'Conditions: { Is-Live_1: { "Fn::Equals": [a, a] } }',
    "Rules: { X86_64: { Assertions: [] } }",
  ])("has names and values as CloudFormation takes them: %s", (section) => {
    expect(problems("template", `${section}\nResources: { A: { Type: AWS::Shop::Supplier } }`)).toEqual([]);
  });

  it("has functions for what its resources depend on", () => {
    const attributes = 'DependsOn: { "Fn::Sub": B }, Condition: { "Fn::Sub": C }';

    expect(problems("template", `Resources: { A: { Type: AWS::Shop::Supplier, ${attributes} } }`)).toEqual([]);
  });

  it("needs no properties where none must be there", () => {
    expect(problems("template", "Resources: { Supplier: { Type: AWS::Shop::Supplier } }")).toEqual([]);
  });
});

describe("what is wrong is said at its place", () => {
  it.each<{ kind: SchemaKind; text: string; says: string }>([
    { kind: "template", text: store("Ciyt: x"), says: "/Resources/Store/Properties additionalProperties Ciyt" },
    {
      kind: "template",
      text: store("").replace(/City.*/, "Kind: corner"),
      says: "/Resources/Store/Properties required City",
    },
    {
      kind: "template",
      text: store("Shelves: [{ Label: bread, Lable: x }]"),
      says: "/Resources/Store/Properties/Shelves/0 additionalProperties Lable",
    },
    {
      kind: "template",
      text: store("Shelves: [{ Label: bread, Boards: [{ Boards: [{ Depth: 1 }] }] }]"),
      says: "/Resources/Store/Properties/Shelves/0/Boards/0/Boards/0 additionalProperties Depth",
    },
    {
      kind: "template",
      text: store("Shelves: { Label: bread }"),
      says: "/Resources/Store/Properties/Shelves type",
    },
    { kind: "template", text: store("Lease: { Year: 5 }"), says: "/Resources/Store/Properties/Lease type" },
    { kind: "template", text: store("Labels: { a: { b: c } }"), says: "/Resources/Store/Properties/Labels/a type" },
    { kind: "template", text: store("Kind: { is: kiosk }"), says: "/Resources/Store/Properties/Kind enum" },
    { kind: "template", text: store("Doors: 3"), says: "/Resources/Store/Properties/Doors enum" },
    { kind: "template", text: store("Floors: 1.5"), says: "/Resources/Store/Properties/Floors type" },
    { kind: "template", text: store("Open: 1"), says: "/Resources/Store/Properties/Open type" },
    { kind: "template", text: store("Area: true"), says: "/Resources/Store/Properties/Area type" },
    {
      kind: "template",
      text: store("").replace("Properties", "Property"),
      says: "/Resources/Store additionalProperties Property",
    },
    { kind: "template", text: "Resources:\n  A: { Type: AWS::Shop::Stor }", says: "/Resources/A/Type pattern" },
    { kind: "template", text: "Resources:\n  A: { Type: AWS::Shop::Store }", says: "/Resources/A required Properties" },
    { kind: "template", text: "Resource: {}", says: "required Resources" },
    {
      kind: "template",
      text: "Resources:\n  my-a: { Type: AWS::Shop::Supplier }",
      says: "/Resources additionalProperties my-a",
    },
    {
      kind: "template",
      text: "Resources:\n  A: { Type: AWS::Shop::Supplier, Metadata: { Reconcile: { adpot: true } } }",
      says: "/Resources/A/Metadata/Reconcile additionalProperties adpot",
    },
    {
      kind: "template",
      text: "Resources:\n  A: { Type: AWS::Shop::Supplier, Metadata: { Reconcile: { ignore: Tags } } }",
      says: "/Resources/A/Metadata/Reconcile/ignore pattern",
    },
    { kind: "template", text: "Parameters:\n  P: { Type: Strin }\nResources: {}", says: "/Parameters/P/Type enum" },
    {
      kind: "template",
      text: "Outputs:\n  O: { Valeu: x }\nResources: {}",
      says: "/Outputs/O additionalProperties Valeu",
    },
    { kind: "template", text: "Outputs:\n  O: { Description: x }\nResources: {}", says: "/Outputs/O required Value" },
    { kind: "template", text: "Parameters:\n  P: { Default: x }\nResources: {}", says: "/Parameters/P required Type" },
    { kind: "template", text: "Resources:\n  A: { Properties: {} }", says: "/Resources/A required Type" },
    { kind: "stack", text: "template-file: a.yaml", says: "required template-file-path" },
    { kind: "stack", text: "template-file-path: a\nregion: Frankfurt", says: "/region pattern" },
    { kind: "stack", text: "template-file-path: a\naccount: '12345'", says: "/account pattern" },
    { kind: "stack", text: "template-file-path: a\nrole-arn: deployer", says: "/role-arn pattern" },
    { kind: "stack", text: "template-file-path: a\ndepends-on: [ssm-keys]", says: "/depends-on/0 pattern" },
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
      text: "template-file-path: a\nparameters: { P: { env: A, version: 1 } }",
      says: "/parameters/P additionalProperties version",
    },
    {
      kind: "stack",
      text: "template-file-path: a\nchecks: [{ name: a, htpp: {} }]",
      says: "/checks/0 additionalProperties htpp",
    },
    {
      kind: "stack",
      text: "template-file-path: a\nchecks: [{ name: a, http: { url: https://example.com, staus: [200] } }]",
      says: "/checks/0/http additionalProperties staus",
    },
    { kind: "project", text: "project: aws-things", says: "/project pattern" },
    { kind: "project", text: "defaults: { regoin: us-east-1 }", says: "/defaults additionalProperties regoin" },
    { kind: "project", text: "guards: { max-delete-percent: 101 }", says: "/guards/max-delete-percent maximum" },
    { kind: "project", text: "checks: { unused.parameter: loud }", says: "/checks/unused.parameter enum" },
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

  it("a property says what AWS says of it, and what Reconcile does", () => {
    const { definitions } = editorSchema("template", options) as {
      definitions: Record<string, { properties: Record<string, object> }>;
    };

    expect(definitions["AWS::Shop::Store"]?.properties).toMatchObject({
      StoreName: {
        description: "The name. It is shown to customers.\n\na change replaces the resource · made when not declared",
        markdownDescription:
          "*a change replaces the resource · made when not declared*\n\nThe name. It is shown to customers.",
      },
      Kind: { default: "corner" },
      Plan: { markdownDescription: "*not supported*\n\nReconcile does not support it yet: it is drawn by hand." },
      Fax: { deprecationMessage: "AWS says that this is deprecated." },
    });
  });

  it("a type that is chosen brings its own text", () => {
    const { definitions } = editorSchema("template", options) as { definitions: Record<string, { allOf: object[] }> };

    expect(definitions.resource?.allOf[0]).toHaveProperty(
      "then.properties.Type.description",
      "Makes a shop, which sells things.",
    );
  });
});

it("only the types that are asked for are described, and of the others the name is known", () => {
  const { definitions } = editorSchema("template", { ...options, types: ["AWS::Shop::Supplier", "Custom::Thing"] });

  expect(Object.keys(definitions as object)).toEqual(
    expect.arrayContaining(["AWS::Shop::Supplier", "AWS::Shop::Supplier.Route"]),
  );
  expect(definitions).not.toHaveProperty("AWS::Shop::Store");
  expect(definitions).not.toHaveProperty("Custom::Thing");
});

it("an editor is told where the schema holds, and of every short form on every kind of value", () => {
  const settings = editorSettings("schema.json", ["desired-state/**/*.yaml"]);

  expect(settings["yaml.schemas"]).toEqual({ "schema.json": ["desired-state/**/*.yaml"] });
  expect(settings["yaml.customTags"]).toEqual(
    expect.arrayContaining([
      "!Ref scalar",
      "!Sub scalar",
      "!Sub sequence",
      "!GetAtt scalar",
      "!GetAtt sequence",
      "!If sequence",
      "!Transform mapping",
    ]),
  );
});
