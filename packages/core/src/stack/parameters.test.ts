// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, test } from "vitest";
import type { Known } from "../template/model.ts";
import { Unknown } from "../value.ts";
import { stackOf } from "./harness.ts";
import { inputKey } from "./input-key.ts";
import { inputsOf } from "./inputs.ts";
import { resolveParameters } from "./parameters.ts";

const resources = "Resources:\n  R: { Type: A::B::C }\n";

async function resolve(declarations: string, values: string, inputs: Record<string, Known> = {}) {
  const stack = await stackOf(`parameters:\n${values}`, `Parameters:\n${declarations}\n${resources}`);
  const { parameters, diagnostics } = resolveParameters(stack, new Map(Object.entries(inputs)));
  return { values: Object.fromEntries(parameters), diagnostics, codes: diagnostics.map((each) => each.code) };
}

describe("a parameter", () => {
  test.each([
    ["{ Type: String, Default: a }", "", { value: "a" }],
    ["{ Type: String, Default: 0123 }", "", { value: "0123" }],
    ["{ Type: String, Default: '' }", "", { value: "" }],
    ["{ Type: String, Default: a }", "b", { value: "b" }],
    ["{ Type: CommaDelimitedList, Default: 'a, b' }", "", { value: ["a", "b"] }],
    ["{ Type: CommaDelimitedList }", "[a, 01]", { value: ["a", "01"] }],
    ["{ Type: String }", "[a, b]", { value: "a,b" }],
    ["{ Type: Number }", "1.50", { value: "1.50" }],
    ["{ Type: String, NoEcho: true }", "s", { value: "s", sensitive: true }],
    ["{ Type: String, NoEcho: true, Default: s }", "", { value: "s", sensitive: true }],
  ])("%s with %j is %j", async (declaration, value, known) => {
    const { values, codes } = await resolve(`  P: ${declaration}`, value === "" ? "  {}" : `  P: ${value}`);
    expect([values, codes]).toEqual([{ P: known }, []]);
  });

  test("without a value says so at its declaration, and where it could be given", async () => {
    const { values, diagnostics } = await resolve("  P: { Type: String }\n  Q: { Type: CommaDelimitedList }", "  {}");
    expect(values).toEqual({});
    expect(diagnostics).toMatchObject([
      {
        code: "parameter.missing",
        place: { file: "t.yaml", line: 2, column: 3, end: { line: 2, column: 4 } },
        related: [{ place: { file: "s.yaml" } }],
        remedy: 'Add it to parameters: in s.yaml: "P: value".',
      },
      { code: "parameter.missing", remedy: 'Add it to parameters: in s.yaml: "Q: [value, value]".' },
    ]);
  });

  test.each([
    ["PArams: a", 'Did you mean "Param", declared at line 2?'],
    ["Other: a", "Remove it, or declare it in the template."],
  ])("that the template does not have (%s): %s", async (value, remedy) => {
    const { diagnostics } = await resolve("  Param: { Type: String, Default: a }", `  ${value}`);
    expect(diagnostics).toMatchObject([
      { code: "parameter.unknown", place: { file: "s.yaml", line: 3, column: 3 }, remedy },
    ]);
  });

  test("is held to its constraints, with its declaration as the related place", async () => {
    const { diagnostics } = await resolve("  P: { Type: Number, MaxValue: 3 }", "  P: 4");
    expect(diagnostics).toMatchObject([
      {
        code: "parameter.range",
        severity: "error",
        place: { file: "s.yaml", line: 3, column: 6 },
        related: [{ place: { file: "t.yaml", line: 2, column: 3 } }],
      },
    ]);
  });

  test("whose Default breaks them is reported at the Default", async () => {
    const { diagnostics } = await resolve("  P: { Type: Number, MaxValue: 3, Default: 4 }", "  {}");
    expect(diagnostics).toMatchObject([{ code: "parameter.range", place: { file: "t.yaml", line: 2, column: 44 } }]);
    expect(diagnostics[0]?.related).toBeUndefined();
  });

  test("with a pattern that cannot be tried is warned about", async () => {
    const { diagnostics } = await resolve("  P: { Type: String, AllowedPattern: '(?=a).' }", "  P: a");
    expect(diagnostics).toMatchObject([
      { code: "parameter.pattern-unchecked", severity: "note", place: { file: "t.yaml", line: 2, column: 38 } },
    ]);
  });
});

describe("a parameter from outside", () => {
  const secret = "  P: { env: SECRET }";

  test("is unknown until it was looked up", async () => {
    const { values } = await resolve("  P: { Type: String }", secret);
    expect(values.P).toEqual({ value: new Unknown(["env:SECRET"], "unread", true), sensitive: true, verbatim: true });
  });

  test("keeps the certainty of what is not known", async () => {
    const { values } = await resolve("  P: { Type: String }", secret, {
      "env:SECRET": { value: new Unknown(["x"], "may-change") },
    });
    expect(values.P?.value).toEqual(new Unknown(["env:SECRET"], "may-change", true));
  });

  test("is sensitive and taken as it is when it comes from the environment", async () => {
    const { values } = await resolve("  P: { Type: String }", secret, {
      "env:SECRET": { value: "{{resolve:ssm:/a}}" },
    });
    expect(values.P).toEqual({ value: "{{resolve:ssm:/a}}", sensitive: true, verbatim: true });
  });

  test("is never quoted when it breaks a constraint", async () => {
    const { diagnostics } = await resolve("  P: { Type: Number }", secret, { "env:SECRET": { value: "s3cret" } });
    expect(diagnostics.map((each) => each.code)).toEqual(["parameter.number"]);
    expect(JSON.stringify(diagnostics)).not.toContain("s3cret");
  });

  test.each([
    ["{ Type: String }", "pl-1", { value: "pl-1", verbatim: true }],
    ["{ Type: String, NoEcho: true }", "pl-1", { value: "pl-1", sensitive: true, verbatim: true }],
    ["{ Type: CommaDelimitedList }", ["a", "b"], { value: ["a", "b"], verbatim: true }],
  ])("from a prefix list, %s: %j", async (declaration, value, known) => {
    const { values } = await resolve(`  P: ${declaration}`, "  P: { prefix-list: cf }", {
      "prefix-list:cf": { value },
    });
    expect(values.P).toEqual(known);
  });

  test.each([
    ["{ ssm: /a, version: 3 }", "ssm:/a:3", {}],
    ["{ ssm-secure: /a }", "ssm-secure:/a", { sensitive: true }],
    ["{ secretsmanager: db }", "secretsmanager:db", { sensitive: true }],
    ["{ secretsmanager: db, json-key: pw }", "secretsmanager:db:SecretString:pw", { sensitive: true }],
    ["{ secretsmanager: db, version-id: v }", "secretsmanager:db:SecretString:::v", { sensitive: true }],
  ])("%s is kept as %s", async (given, key, flags) => {
    const { values } = await resolve("  P: { Type: String }", `  P: ${given}`, { [key]: { value: "v" } });
    expect(values.P).toEqual({ value: "v", verbatim: true, ...flags });
  });

  test("is sensitive when its source says so", async () => {
    const { values } = await resolve("  P: { Type: String }", "  P: { prefix-list: cf }", {
      "prefix-list:cf": { value: "x", sensitive: true },
    });
    expect(values.P?.sensitive).toBe(true);
  });
});

describe("a parameter that names one in Parameter Store", () => {
  const named = (type: string) => `  P: { Type: 'AWS::SSM::Parameter::Value<${type}>', Default: /a }`;

  test.each<[string, Known["value"], Known["value"]]>([
    ["String", "x,y", "x,y"],
    ["AWS::EC2::Image::Id", "ami-1", "ami-1"],
    ["List<String>", "x, y", ["x", "y"]],
    ["CommaDelimitedList", "x,y", ["x", "y"]],
    ["List<AWS::EC2::Subnet::Id>", ["a", "b"], ["a", "b"]],
  ])("has the value there, of the type %s", async (type, value, known) => {
    const { values } = await resolve(named(type), "  {}", { "ssm:/a": { value } });
    expect(values.P).toEqual({ value: known, verbatim: true });
  });

  test("is unknown until it was looked up, by the name that the stack file gives", async () => {
    const { values } = await resolve(named("String"), "  P: /b");
    expect(values.P?.value).toEqual(new Unknown(["ssm:/b"], "unread"));
  });

  test("is held to its constraints by the name", async () => {
    const declaration =
      "  P: { Type: AWS::SSM::Parameter::Value<String>, AllowedPattern: '/prod/.*', Default: /test/a }";
    const { codes } = await resolve(declaration, "  {}", { "ssm:/test/a": { value: "/prod/x" } });
    expect(codes).toEqual(["parameter.pattern"]);
  });

  test("is asked for once its own name, from outside, is known", async () => {
    const template = `Parameters:\n  P: { Type: AWS::SSM::Parameter::Value<String> }\n${resources}`;
    const stack = await stackOf("parameters: { P: { env: NAME } }", template);
    const keys = (inputs: Record<string, Known>) => inputsOf(stack, {}, new Map(Object.entries(inputs))).map(inputKey);
    expect(keys({})).toEqual(["env:NAME"]);
    expect(keys({ "env:NAME": { value: "/a" } })).toEqual(["ssm:/a"]);
  });

  test("is not asked for by CDK's bootstrap version, which only CDK's deployments look at", async () => {
    const template = `Parameters:
  BootstrapVersion: { Type: AWS::SSM::Parameter::Value<String>, Default: /cdk-bootstrap/hnb659fds/version }
${resources}`;
    expect(inputsOf(await stackOf("", template))).toEqual([]);
  });
});

test("a bare template is told how to get parameters", async () => {
  const { load } = await import("./harness.ts");
  const { stacks } = await load({ "t.yaml": `Parameters:\n  P: { Type: String }\n${resources}` }, "t.yaml");
  const diagnostics = stacks.flatMap((stack) => resolveParameters(stack, new Map()).diagnostics);
  expect(diagnostics).toMatchObject([
    { remedy: "Give it a Default, or write a stack file that names this template and has parameters:.", related: [] },
  ]);
});

describe("what a stack asks for from outside", () => {
  const ask = async (template: string, stackFile = "", pseudo = {}, inputs = new Map<string, Known>()) =>
    inputsOf(await stackOf(stackFile, template), pseudo, inputs).map(({ kind, name, version, place }) => [
      kind,
      version ? `${name}@${version}` : name,
      `${place.file}:${place.line}`,
    ]);

  test("are the values of its parameters and its dynamic references, each once", async () => {
    const requests = await ask(
      `Parameters:
  Url: { Type: String }
  Prefix: { Type: String }
  Stage: { Type: String, Default: prod }
Resources:
  R:
    Type: A::B::C
    Properties:
      A: "{{resolve:ssm:/a}} {{resolve:ssm:/a}} {{resolve:ssm:/a:2}}"
      B: !Sub "{{resolve:ssm:/\${Stage}/b}}"
      C: !Sub "{{resolve:ssm:/\${R2}/c}}"
  R2: { Type: A::B::C }
Outputs:
  O: { Value: "{{resolve:ssm:/o}}" }
`,
      "parameters:\n  Url: { env: URL }\n  Prefix: { prefix-list: cf }\n",
    );
    expect(requests).toEqual([
      ["env", "URL", "s.yaml:3"],
      ["prefix-list", "cf", "s.yaml:4"],
      ["ssm", "/a", "t.yaml:9"],
      ["ssm", "/a@2", "t.yaml:9"],
      ["ssm", "/prod/b", "t.yaml:10"],
      ["ssm", "/o", "t.yaml:14"],
    ]);
  });

  test("are not those of what is not part of the stack", async () => {
    const template = `Conditions:
  No: !Equals [a, b]
Resources:
  R: { Type: A::B::C, Properties: { P: !If [No, "{{resolve:ssm:/no}}", "{{resolve:ssm:/yes}}"] } }
  Gone: { Type: A::B::C, Condition: No, Properties: { P: "{{resolve:ssm:/gone}}" } }
`;
    expect(await ask(template)).toEqual([["ssm", "/yes", "t.yaml:4"]]);
  });

  test("are those of both branches where the condition is not known yet", async () => {
    const template = `Parameters:
  Url: { Type: String }
Conditions:
  Maybe: !Equals [a, !Ref Url]
Resources:
  R: { Type: A::B::C, Properties: { P: !If [Maybe, "{{resolve:ssm:/a}}", "{{resolve:ssm:/b}}"] } }
`;
    const names = (await ask(template, "parameters:\n  Url: { env: URL }\n")).map(([, name]) => name);
    expect(names).toEqual(["URL", "/a", "/b"]);
  });

  test("are those beside what is not known yet", async () => {
    const template = `Resources:
  R:
    Type: A::B::C
    Properties:
      A: !Sub "{{resolve:ssm:/a}}\${S}"
      B: !Join ["", ["{{resolve:ssm:/b}}", !GetAtt S.Arn]]
      C: !Join ["", ["{{resolve:", !Ref S, "}}"]]
  S: { Type: A::B::C }
`;
    expect((await ask(template)).map(([, name]) => name)).toEqual(["/a", "/b"]);
  });

  test("may depend on what others give", async () => {
    const template = `Parameters:
  Stage: { Type: String }
Resources:
  R: { Type: A::B::C, Properties: { P: !Sub "{{resolve:ssm:/\${Stage}/p}}" } }
`;
    const stackFile = "parameters:\n  Stage: { env: STAGE }\n";
    expect(await ask(template, stackFile)).toEqual([["env", "STAGE", "s.yaml:3"]]);
    const inputs = new Map([["env:STAGE", { value: "prod", sensitive: true }]]);
    expect(await ask(template, stackFile, {}, inputs)).toEqual([["ssm", "/prod/p", "t.yaml:4"]]);
  });

  test("may depend on the account and the region, where they are known", async () => {
    const template =
      'Resources:\n  R: { Type: A::B::C, Properties: { P: !Sub "{{resolve:ssm:/${AWS::Region}/${AWS::AccountId}}}" } }\n';
    expect(await ask(template)).toEqual([]);
    expect(await ask(template, "region: eu-west-1\naccount: 123456789012\n")).toEqual([
      ["ssm", "/eu-west-1/123456789012", "t.yaml:2"],
    ]);
    expect(await ask(template, "", { "AWS::Region": "us-east-1", "AWS::AccountId": "1" })).toEqual([
      ["ssm", "/us-east-1/1", "t.yaml:2"],
    ]);
  });
});
