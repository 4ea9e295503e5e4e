import { describe, expect, it, test } from "vitest";
import { load, memoryTree } from "./harness.ts";
import { loadStacks } from "./load.ts";

const importing = "Resources: { R: { Type: A::B::C, Properties: { P: !ImportValue x } } }";
const exporting = "Resources: { R: { Type: A::B::C } }\nOutputs: { O: { Value: a, Export: { Name: x } } }";
const plain = "Resources: { R: { Type: A::B::C } }";

async function neighboursOf(files: Record<string, string>, ...paths: string[]): Promise<string[]> {
  const { neighbours, problems } = await load(files, ...paths);
  expect(problems).toEqual([]);
  return neighbours.map((stack) => stack.name);
}

test("the other stacks of the project are looked for where a stack imports or exports something", async () => {
  const files = { "desired-state/a.yaml": importing, "desired-state/b.yaml": exporting, "desired-state/c.yaml": plain };
  expect(await neighboursOf(files, "desired-state/a.yaml")).toEqual(["b", "c"]);
  expect(await neighboursOf(files, "desired-state/b.yaml")).toEqual(["a", "c"]);
  expect(await neighboursOf(files, "desired-state/c.yaml")).toEqual([]);
  expect(await neighboursOf(files, "desired-state")).toEqual([]);
});

test("they are stack files anywhere in the project, and templates beside its own", async () => {
  const stackFile = "template-file-path: desired-state/shared/template.yaml\n";
  const files = {
    "desired-state/app/a.yaml": importing,
    "desired-state/app/beside.yaml": plain,
    "desired-state/network/deep/vpc.yaml": stackFile,
    "desired-state/shared/template.yaml": exporting,
    "desired-state/shared/other.yaml": plain,
    "elsewhere/s.yaml": stackFile,
  };
  expect(await neighboursOf(files, "desired-state/app/a.yaml")).toEqual(["app-beside", "network-deep-vpc"]);
});

test("the project is what one reconcile.yaml holds for", async () => {
  const files = {
    "infra/reconcile.yaml": "project: news",
    "infra/a/a.yaml": importing,
    "infra/b/b.yaml": "template-file-path: t.yaml",
    "infra/b/t.yaml": exporting,
    "other/c.yaml": "template-file-path: infra/b/t.yaml",
  };
  expect(await neighboursOf(files, "infra/a")).toEqual(["b-b"]);
});

test("what is wrong with them is not said here", async () => {
  const files = {
    "desired-state/a.yaml": importing,
    "desired-state/b.yaml": "Resources: [",
    "desired-state/c.yaml": "x: 1",
  };
  expect(await neighboursOf(files, "desired-state/a.yaml")).toEqual([]);
});

describe("of a whole project", () => {
  const template = "Resources: { P: { Type: AWS::SSM::Parameter } }";
  const files = {
    "desired-state/a.yaml": template,
    "desired-state/sub/b.yaml": "template-file-path: b/template.yaml",
    "desired-state/sub/b/template.yaml": template,
  };
  const wholeOf = async (more: Record<string, string>) =>
    (await loadStacks({ tree: memoryTree({ ...files, ...more }), paths: ["desired-state"], wholeProject: true })).whole;

  it("names every stack that somebody may have made, also of a template that no stack file names", async () => {
    const whole = await wholeOf({ "desired-state/other/loose.yaml": template });
    expect([new Set(whole?.names), whole?.unread]).toEqual([new Set(["a", "sub-b", "other-loose"]), []]);
  });

  it.each([
    ["is empty", { "desired-state/c.yaml": "" }],
    ["is empty, below", { "desired-state/sub/c.yaml": "\n" }],
    ["is not YAML any more", { "desired-state/sub/c.yaml": "<<<<<<< HEAD\ntemplate-file-path: [\n=======\n" }],
    ["names a template that is not there", { "desired-state/sub/c.yaml": "template-file-path: gone.yaml" }],
  ])("tells which file %s", async (_, more) => {
    expect((await wholeOf(more))?.unread).toEqual(Object.keys(more));
  });

  it("does not mind files that are no stacks", async () => {
    expect(
      (await wholeOf({ "desired-state/sub/helm.yaml": "{{ if }}: [", "desired-state/x.json": "{}" }))?.unread,
    ).toEqual([]);
  });
});

describe("where a run may take away what they need, whether anything is shared or not", () => {
  const neighboursOf = async (folder: string, more: Record<string, string> = {}) => {
    const stackFile = `template-file-path: ${folder}/other/c/template.yaml`;
    const files = {
      [`${folder}/a.yaml`]: plain,
      [`${folder}/b.yaml`]: plain,
      [`${folder}/other/c.yaml`]: stackFile,
      [`${folder}/other/c/template.yaml`]: plain,
      ...more,
    };
    const loaded = await loadStacks({ tree: memoryTree(files), paths: [`${folder}/a.yaml`], neighbours: true });
    expect(loaded.whole).toBeUndefined();
    return loaded.neighbours.map((stack) => stack.name);
  };

  it.each([
    ["all of desired-state", "desired-state", {}],
    ["all of a project", "infra", { "infra/reconcile.yaml": "project: news" }],
  ])("they are looked for in %s", async (_, folder, more) => {
    expect(await neighboursOf(folder, more)).toEqual(["b", "other-c"]);
  });

  it("they are looked for beside a stack where there is no project", async () => {
    expect(await neighboursOf("infra")).toEqual(["b"]);
  });
});
