import { expect, test } from "vitest";
import { load } from "./harness.ts";

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
