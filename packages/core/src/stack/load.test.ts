import { describe, expect, test } from "vitest";
import { load } from "./harness.ts";

const template = "Resources:\n  R: { Type: A::B::C }\n";

describe("which files are stacks", () => {
  test("a folder means the stack files and templates directly in it", async () => {
    const { names, problems } = await load(
      {
        "desired-state/reconcile.yaml": "project: news",
        "desired-state/one.yaml": "template-file-path: one/template.yaml",
        "desired-state/one/template.yaml": template,
        "desired-state/two.yml": template,
        "desired-state/three.json": '{ "Resources": { "R": { "Type": "A::B::C" } } }',
        "desired-state/package.json": "{}",
        "desired-state/notes.txt": "Resources: no",
        "desired-state/below/four.yaml": template,
      },
      "desired-state/",
    );
    expect([names, problems]).toEqual([["one", "three", "two"], []]);
  });

  test("a template that a stack file of the run names is no stack of its own", async () => {
    const files = { "d/app.yaml": "template-file-path: d/template.yaml", "d/template.yaml": template };
    expect((await load(files, "d")).names).toEqual(["app"]);
    expect((await load(files, "d/template.yaml", "d/app.yaml")).names).toEqual(["app"]);
    expect((await load(files, "d/template.yaml")).names).toEqual(["template"]);
  });

  test("a file that is given twice counts once", async () => {
    expect((await load({ "d/app.yaml": template }, "d/app.yaml", "./d//app.yaml", "d")).names).toEqual(["app"]);
  });

  test("one template can be that of many stacks, and its problems are said once", async () => {
    const { names, problems } = await load(
      {
        "a.yaml": "template-file-path: t/t.yaml",
        "b.yaml": "template-file-path: t/t.yaml",
        "t/t.yaml": `${template}Outputs: [a]\n`,
      },
      "",
    );
    expect([names, problems]).toEqual([["a", "b"], ["template.form t/t.yaml:3:10"]]);
  });

  test.each([
    [{ "d/a.yaml": template }, "e", ["path.not-found -"]],
    [{ "d/a.yaml": template }, "d/b.yaml", ["path.not-found -"]],
    [{ "d/a.txt": template }, "d", ["stack.none -"]],
    [{ "d/a.yaml": "services: {}" }, "d", ["stack.none -", "stack.ignored d/a.yaml:1:1"]],
    [{ "d/a.yaml": "services: {}", "d/b.yaml": template }, "d", ["stack.ignored d/a.yaml:1:1"]],
    [{ "d/a.yaml": "services: {}" }, "d/a.yaml", ["stack.neither d/a.yaml:1:1"]],
    [{ "d/a.yaml": "" }, "d/a.yaml", ["stack.neither d/a.yaml:1:1"]],
    [{ "d/a.yaml": "- text" }, "d/a.yaml", ["stack.neither d/a.yaml:1:1"]],
    [{ "d/reconcile.yaml": "project: a" }, "d/reconcile.yaml", ["stack.neither d/reconcile.yaml:1:1"]],
    [
      { "d/a.yaml": "template-file-pth: x" },
      "d/a.yaml",
      ["stack.unknown-key d/a.yaml:1:1", "stack.no-template d/a.yaml:1:1"],
    ],
    [{ "d/a.yaml": "a: [1" }, "d", ["yaml.syntax d/a.yaml:1:4"]],
    [{ "d/a.yaml": template }, "../d", ["file.outside -"]],
  ])("%j, %s: %j", async (files, path, problems) => {
    const loaded = await load(files as Record<string, string>, path);
    expect([...loaded.problems].sort()).toEqual([...problems].sort());
  });

  test("what is not found says what was looked for, and what may be meant", async () => {
    const [typo] = (await load({ "desired-state/app.yaml": template }, "desired-state/ap.yaml")).diagnostics;
    expect(typo?.message).toBe('There is no file or folder "desired-state/ap.yaml" in the work tree.');
    expect(typo?.remedy).toBe('Did you mean "desired-state/app.yaml"?');
    const [none] = (await load({ "a.txt": "" }, "")).diagnostics;
    expect(none?.message).toContain("no stack in the repository's root");
  });
});

describe("the template of a stack file", () => {
  test.each([
    ["template-file-path: d/t.yaml", { "d/t.yaml": template }, []],
    ["template-file-path: t.yaml", { "d/t.yaml": template }, []],
    ["template-file-path: ../t.yaml", { "t.yaml": template }, []],
    ["template-file-path: ./d/../t.yaml", { "t.yaml": template }, []],
    ["template-file-path: x.yaml", {}, ["stack.template-missing d/s.yaml:1:21"]],
    ["template-file-path: ../../t.yaml", {}, ["file.outside d/s.yaml:1:21"]],
    ["template-file-path: /etc/passwd", {}, ["file.outside d/s.yaml:1:21"]],
    ["template-file-path: [a]", {}, ["stack.form d/s.yaml:1:21"]],
    ["template-file-path:", {}, ["stack.empty d/s.yaml:1:1"]],
    ["template-file-path: t.yaml", { "t.yaml": "a: [1" }, ["yaml.syntax t.yaml:1:4"]],
    ["template-file-path: t.yaml", { "t.yaml": "" }, ["yaml.empty t.yaml:1:1"]],
  ])("%s in %j: %j", async (stackFile, files, problems) => {
    const loaded = await load({ ...(files as Record<string, string>), "d/s.yaml": stackFile }, "d/s.yaml");
    expect(loaded.problems).toEqual(problems);
    expect(loaded.stacks).toHaveLength(problems.length === 0 ? 1 : 0);
  });

  test("is that of the repository's root where both are there, as in Git sync", async () => {
    const { stacks } = await load(
      { "d/s.yaml": "template-file-path: t.yaml", "t.yaml": template, "d/t.yaml": template },
      "d/s.yaml",
    );
    expect(stacks[0]?.template.source.path).toBe("t.yaml");
  });
});

describe("the name of a stack", () => {
  test.each([
    [{ "desired-state/app.yaml": template }, "desired-state", "app"],
    [{ "desired-state/eu/app.yaml": template }, "desired-state/eu", "eu-app"],
    [{ "infra/desired-state/eu/app.yaml": template }, "infra/desired-state/eu", "eu-app"],
    [
      { "desired-state/a.b.yaml": `template-file-path: t.yaml\nstack-name: mine`, "t.yaml": template },
      "desired-state",
      "mine",
    ],
    [{ "aws/reconcile.yaml": "project: p", "aws/eu/app.yaml": template }, "aws/eu", "eu-app"],
    [{ "reconcile.yaml": "project: p", "eu/app.yaml": template }, "eu", "eu-app"],
    [{ "any/where/app.yaml": template }, "any/where", "app"],
  ])("%j, %s: %s", async (files, path, name) => {
    const { names, problems } = await load(files as unknown as Record<string, string>, path);
    expect([names, problems]).toEqual([[name], []]);
  });

  test.each([
    [{ "my_app.yaml": template }, ["stack.name my_app.yaml:1:1"]],
    [{ "aws-app.yaml": template }, ["stack.name aws-app.yaml:1:1"]],
    [{ "SSMapp.yaml": template }, ["stack.name SSMapp.yaml:1:1"]],
    [{ "1app.yaml": template }, ["stack.name 1app.yaml:1:1"]],
    [{ [`${"a".repeat(65)}.yaml`]: template }, [`stack.name ${"a".repeat(65)}.yaml:1:1`]],
    [{ "a.yaml": "template-file-path: t/t.yaml\nstack-name: a b", "t/t.yaml": template }, ["stack.name a.yaml:2:13"]],
  ])("%j: %j", async (files, problems) => {
    expect((await load(files as Record<string, string>, "")).problems).toEqual(problems);
  });

  test("is that of one stack only", async () => {
    const { diagnostics } = await load(
      { "a.yaml": "template-file-path: t/t.yaml\nstack-name: b", "b.yaml": template, "t/t.yaml": template },
      "",
    );
    expect(diagnostics).toMatchObject([
      {
        code: "stack.duplicate",
        message: 'Two stacks have the name "b": this one and a.yaml.',
        place: { file: "b.yaml", line: 1 },
        related: [{ place: { file: "a.yaml", line: 2, column: 13 } }],
      },
    ]);
  });
});

describe("a stack file", () => {
  const loadFile = (text: string) =>
    load({ "s.yaml": `template-file-path: t/t.yaml\n${text}`, "t/t.yaml": template }, "s.yaml");

  test("says where its stack lives and what it is made of", async () => {
    const { stacks, problems } = await loadFile(`region: eu-west-1
account: 012345678901
role-arn: arn:aws:iam::123456789012:role/path/deployer
depends-on: [network, data]
tags: { Environment: production, Number: 0123, Empty: }
parameters:
  Text: 0123
  List: [a, 01]
  Url: { env: DATABASE_URL }
  Prefix: { prefix-list: com.amazonaws.global.cloudfront.origin-facing }
`);
    expect(problems).toEqual([]);
    expect(stacks[0]).toMatchObject({
      name: "s",
      file: "s.yaml",
      region: "eu-west-1",
      account: "012345678901",
      roleArn: "arn:aws:iam::123456789012:role/path/deployer",
      dependsOn: ["network", "data"],
      tags: { Environment: "production", Number: "0123", Empty: "" },
      place: { file: "s.yaml", line: 1, column: 1 },
    });
    expect([...(stacks[0]?.parameters ?? [])]).toMatchObject([
      ["Text", { kind: "literal", text: "0123", place: { line: 8, column: 9 }, keyPlace: { line: 8, column: 3 } }],
      ["List", { kind: "literal", text: "a,01" }],
      ["Url", { kind: "input", request: { kind: "env", name: "DATABASE_URL", place: { line: 10, column: 15 } } }],
      ["Prefix", { kind: "input", request: { kind: "prefix-list" } }],
    ]);
  });

  test.each([
    ["regoin: a", ["stack.unknown-key s.yaml:2:1"]],
    ["checks: []", []],
    ["checks: {}", ["check.form s.yaml:2:9"]],
    ["checks: !Sub x", ["check.form s.yaml:2:14"]],
    ["checks: [a]", ["stack.form s.yaml:2:10"]],
    ["checks: [{ tcp: {} }]", ["check.name s.yaml:2:10"]],
    ["checks: [{ name: }]", ["check.name s.yaml:2:10"]],
    ["checks: [{ name: [] }]", ["stack.form s.yaml:2:18"]],
    ["checks: [{ name: a/b }]", ["check.name s.yaml:2:18"]],
    ["checks: [{ name: a }, { name: b }, { name: a }]", ["check.duplicate s.yaml:2:44"]],
    [`checks: [${"{ name: a },".repeat(101)}]`, ["check.count s.yaml:2:9"]],
    ["constructor: a", ["stack.unknown-key s.yaml:2:1"]],
    ["region: somewhere", ["stack.region s.yaml:2:9"]],
    ["region: us-gov-west-1", []],
    ["region:", ["stack.empty s.yaml:2:1"]],
    ["account: 1234", ["stack.account s.yaml:2:10"]],
    ["account: [a]", ["stack.form s.yaml:2:10"]],
    ["role-arn: deployer", ["stack.role-arn s.yaml:2:11"]],
    ["depends-on: [a b]", ["stack.name s.yaml:2:14"]],
    ["depends-on: s", ["stack.cycle s.yaml:1:1"]],
    ["tags: { 'aws:x': 1 }", ["tag.form s.yaml:2:9"]],
    ["tags: { 'Reconcile:owner': 1 }", ["tag.form s.yaml:2:9"]],
    ["tags: { '': 1 }", ["tag.form s.yaml:2:9"]],
    [`tags: { ${"k".repeat(129)}: 1 }`, ["tag.form s.yaml:2:9"]],
    [`tags: { a: ${"v".repeat(257)} }`, ["tag.form s.yaml:2:9"]],
    ["tags: { a: [b] }", ["stack.form s.yaml:2:12"]],
    ["tags: [a]", ["stack.form s.yaml:2:7"]],
    ["parameters: [a]", ["stack.form s.yaml:2:13"]],
    ["parameters: { A: }", ["stack.empty s.yaml:2:15"]],
    ["parameters: { A: !Ref b }", ["parameter.form s.yaml:2:23"]],
    ["parameters: { A: [[b]] }", ["parameter.form s.yaml:2:19"]],
    ["parameters: { A: {} }", ["parameter.form s.yaml:2:18"]],
    ["parameters: { A: { env: B, ssm: C } }", ["parameter.form s.yaml:2:18"]],
    ["parameters: { A: { evn: B } }", ["parameter.source s.yaml:2:20"]],
    ["parameters: { A: { ssm: /b, versoin: 3 } }", ["parameter.form s.yaml:2:29"]],
    ["parameters: { A: { ssm: /b, version: latest } }", ["input.ssm s.yaml:2:25"]],
    ["parameters: { A: { ssm: '{{b}}' } }", ["input.ssm s.yaml:2:25"]],
    ["parameters: { A: { ssm: /b, json-key: c } }", ["parameter.form s.yaml:2:29"]],
    ["parameters: { A: { secretsmanager: b, version-stage: c, version-id: d } }", ["input.secretsmanager s.yaml:2:36"]],
    ["parameters: { A: { secretsmanager: 'a b' } }", ["input.secretsmanager s.yaml:2:36"]],
    ["parameters: { A: { secretsmanager: 'a:b' } }", ["input.secretsmanager s.yaml:2:36"]],
    ["parameters: { A: { secretsmanager: b, json-key: } }", ["stack.empty s.yaml:2:39"]],
    ["parameters: { A: { env: } }", ["stack.empty s.yaml:2:20"]],
    ["parameters: { A: { env: [B] } }", ["stack.form s.yaml:2:25"]],
    ["parameters: { A: { env: a-b } }", ["input.env s.yaml:2:25"]],
    ["parameters: { A: { env: AWS_SECRET_ACCESS_KEY } }", ["input.env s.yaml:2:25"]],
    ["parameters: { A: { env: github_token } }", ["input.env s.yaml:2:25"]],
    ["parameters: { A: { env: ACTIONS_RUNTIME_TOKEN } }", ["input.env s.yaml:2:25"]],
    ["parameters: { A: { prefix-list: 'a b' } }", ["input.prefix-list s.yaml:2:33"]],
    ["template-file-path: t/t.yaml", ["yaml.duplicate-key s.yaml:2:1"]],
  ])("%s: %j", async (text, problems) => {
    expect((await loadFile(text)).problems).toEqual(problems);
  });

  test("gives no more than two thousand values", async () => {
    const values = Array.from({ length: 2001 }, (_, index) => `P${index}: x`);
    expect((await loadFile(`parameters: { ${values.join(", ")} }`)).problems).toEqual(["yaml.size s.yaml:2:13"]);
  });

  test("can follow others, but not in a circle", async () => {
    const file = (after: string) => `template-file-path: t/t.yaml\ndepends-on: ${after}`;
    const files = {
      "a.yaml": file("b"),
      "b.yaml": file("c"),
      "c.yaml": file("b"),
      "d.yaml": file("elsewhere"),
      "t/t.yaml": template,
    };
    expect((await load(files, "")).problems).toEqual(["stack.cycle b.yaml:1:1", "stack.cycle c.yaml:1:1"]);
  });
});

describe("reconcile.yaml", () => {
  test("holds for all stacks below its folder; what a stack file says comes first", async () => {
    const { project, stacks } = await load(
      {
        "reconcile.yaml": `project: news
defaults: { region: us-east-1, account: 012345678901, tags: { Team: core } }
quotas: { rules-per-security-group: 120 }
guards: { max-delete-percent: 50, min-deletes: 5, allow-data-loss-of: AWS::ECR::Repository }
checks: { unused.parameter: off, storage.public: error }`,
        "d/a.yaml": template,
        "d/b.yaml": "template-file-path: t.yaml\nregion: eu-west-1",
        "t.yaml": template,
      },
      "d",
    );
    expect(project).toEqual({
      name: "news",
      defaults: { region: "us-east-1", account: "012345678901", tags: { Team: "core" } },
      guards: {
        maxDeletePercent: 50,
        minDeletes: 5,
        allowDataLossOf: [{ type: "AWS::ECR::Repository", place: expect.objectContaining({ file: "reconcile.yaml" }) }],
      },
      quotas: { rulesPerSecurityGroup: 120 },
      checks: new Map([
        ["unused.parameter", expect.objectContaining({ severity: "off" })],
        ["storage.public", expect.objectContaining({ severity: "error" })],
      ]),
    });
    expect(stacks.map(({ region, account, tags }) => ({ region, account, tags }))).toEqual([
      { region: "us-east-1", account: "012345678901", tags: {} },
      { region: "eu-west-1", account: "012345678901", tags: {} },
    ]);
  });

  test("that is nearest wins", async () => {
    const { project } = await load(
      { "reconcile.yaml": "project: far", "d/reconcile.yaml": "project: near", "d/a.yaml": template },
      "d/a.yaml",
    );
    expect(project.name).toBe("near");
  });

  test("is not needed", async () => {
    const { project } = await load({ "d/a.yaml": template }, "d/a.yaml");
    expect(project).toEqual({
      name: "default",
      defaults: { tags: {} },
      guards: { maxDeletePercent: 30, minDeletes: 3, allowDataLossOf: [] },
      quotas: { rulesPerSecurityGroup: 60 },
      checks: new Map(),
    });
  });

  test("is read where there is no stack, too", async () => {
    expect((await load({ "d/reconcile.yaml": "project: news", "d/a.txt": "" }, "d")).project.name).toBe("news");
    expect((await load({ "reconcile.yaml": "project: news" })).project.name).toBe("news");
  });

  test.each([
    ["", []],
    ["# later", []],
    ["[a]", ["project.form reconcile.yaml:1:1"]],
    ["a: [1", ["yaml.syntax reconcile.yaml:1:4"]],
    ["projct: a", ["project.unknown-key reconcile.yaml:1:1"]],
    ["project: aws-news", ["stack.name reconcile.yaml:1:10"]],
    ["environments: {}", ["not-yet.environments reconcile.yaml:1:1"]],
    ["defaults: { regoin: a }", ["project.unknown-key reconcile.yaml:1:13"]],
    ["defaults: { region: a }", ["stack.region reconcile.yaml:1:21"]],
    ["defaults: { account: a }", ["stack.account reconcile.yaml:1:22"]],
    ["defaults: { role-arn: a }", ["not-yet.role-arn reconcile.yaml:1:13"]],
    ["defaults: { tags: { 'aws:a': b } }", ["tag.form reconcile.yaml:1:21"]],
    ["guards: { max-deletes: 1 }", ["project.unknown-key reconcile.yaml:1:11"]],
    ["guards: { max-delete-percent: 101 }", ["project.guard reconcile.yaml:1:31"]],
    ["guards: { max-delete-percent: a }", ["project.form reconcile.yaml:1:31"]],
    ["guards: { min-deletes: 0 }", ["project.guard reconcile.yaml:1:24"]],
    ["quotas: { rules: 1 }", ["project.unknown-key reconcile.yaml:1:11"]],
    ["quotas: { rules-per-security-group: many }", ["project.form reconcile.yaml:1:37"]],
    ["quotas: { rules-per-security-group: 0 }", ["project.quota reconcile.yaml:1:37"]],
    ["quotas: { rules-per-security-group: 1.5 }", ["project.quota reconcile.yaml:1:37"]],
    ["checks: { storage.public: [] }", ["project.form reconcile.yaml:1:27"]],
    ["checks: { storage.public: warn }", ["project.check-severity reconcile.yaml:1:27"]],
    ["checks: { storage.public: }", ["project.check-severity reconcile.yaml:1:11"]],
    ["project: !Ref a", ["yaml.tag reconcile.yaml:1:10", "project.form reconcile.yaml:1:15"]],
  ])("%j: %j", async (text, problems) => {
    expect((await load({ "reconcile.yaml": text, "a.yaml": template }, "a.yaml")).problems).toEqual(problems);
  });
});
