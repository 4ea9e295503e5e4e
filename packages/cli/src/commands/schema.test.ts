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
    ["template", "examples/smallest/smallest.yaml"],
    ["template", "examples/adopt/adopt.yaml"],
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

it("what AWS describes is checked", () => {
  const text = "Resources: { Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupNam: x } } }";

  expect(problems("template", text)).toEqual(
    expect.arrayContaining([
      "/Resources/Group/Properties additionalProperties GroupNam",
      "/Resources/Group/Properties required GroupDescription",
    ]),
  );
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
