import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exampleNames, isPlainPath, type ScaffoldOptions, scaffold } from "./scaffold.ts";

const options: ScaffoldOptions = {
  folder: "desired-state",
  project: "news",
  stack: "app",
  example: "parameter",
  workflows: { branch: "trunk", version: "1.2.3" },
};

function filesOf(changed: Partial<ScaffoldOptions> = {}): Map<string, string> {
  return new Map(scaffold({ ...options, ...changed }).flatMap((files) => [...files]));
}

function file(path: string, changed: Partial<ScaffoldOptions> = {}): string {
  return filesOf(changed).get(path) ?? "";
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: object;
  concurrency: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, { if?: string; permissions: object; steps: { uses?: string; run?: string; with?: object }[] }>;
}

const workflows = [...filesOf()]
  .filter(([path]) => path.startsWith(".github/"))
  .map(([path, text]) => [path.split("/").at(-1) ?? "", parse(text) as Workflow] as const);

function stepsOf(workflow: Workflow) {
  return Object.values(workflow.jobs).flatMap((job) => job.steps);
}

describe("the desired state", () => {
  it("says only what was decided", () => {
    const text = file("desired-state/reconcile.yaml");

    expect(parse(text)).toEqual({ project: "news" });
  });

  it("keeps an account's zeros", () => {
    const text = file("desired-state/reconcile.yaml", { region: "eu-west-1", account: "012345678901" });

    expect(parse(text).defaults).toEqual({ region: "eu-west-1", account: "012345678901" });
  });

  it("keeps a stack file and its template together", () => {
    const [, stack] = scaffold({ ...options, folder: "infra/desired-state", stack: "web" });

    expect([...(stack?.keys() ?? [])]).toEqual([
      "infra/desired-state/web.yaml",
      "infra/desired-state/web/template.yaml",
    ]);
    expect(parse(stack?.get("infra/desired-state/web.yaml") ?? "")).toMatchObject({
      "template-file-path": "web/template.yaml",
    });
  });

  it.each(exampleNames)("ends every file with one line break: %s", (example) => {
    for (const text of filesOf({ example }).values()) expect(text).toMatch(/[^\n]\n$/);
  });
});

describe("the workflows", () => {
  it("are left out on demand", () => {
    const paths = [...filesOf({ workflows: undefined as never }).keys()];

    expect(paths.filter((path) => path.startsWith(".github"))).toEqual([]);
  });

  it("follow the branch, the folder and the version", () => {
    const text = file(".github/workflows/reconcile.yml", { folder: "infra/desired-state", region: "eu-west-1" });

    expect(parse(text).on.push).toEqual({ branches: ["trunk"], paths: ["infra/desired-state/**"] });
    expect(text).toContain("@reconcile/cli@1.2.3");
    expect(text).toContain("aws-region: eu-west-1");
    expect(text).toContain("run: reconcile infra/desired-state --yes\n");
  });

  it.each(workflows)("%s uses actions by commit, and keeps no token", (_, workflow) => {
    const used = stepsOf(workflow).filter((step) => step.uses !== undefined);

    for (const { uses } of used) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    expect(used[0]).toMatchObject({
      uses: expect.stringMatching(/^actions\/checkout@/),
      with: { "persist-credentials": false },
    });
  });

  it.each(workflows)("%s has no right that no job asks for", (_, { permissions, jobs }) => {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs))
      expect(job.permissions).toMatchObject({ contents: "read", "id-token": "write" });
  });

  it.each(workflows)("%s lets nothing of an event into a script", (_, workflow) => {
    for (const { run = "" } of stepsOf(workflow)) expect(run).not.toContain("${{");
  });

  it.each(workflows)("%s runs no code of a fork with rights", (_, { on, jobs }) => {
    expect(on).not.toHaveProperty("pull_request_target");
    if (!("pull_request" in on)) return;
    for (const job of Object.values(jobs)) expect(job.if).toContain("head.repo.full_name == github.repository");
  });

  it("apply one after the other, and to the end", () => {
    const apply = workflows.find(([name]) => name === "reconcile.yml")?.[1];

    expect(apply?.concurrency).toEqual({ group: "reconcile", "cancel-in-progress": false });
  });
});

it.each([
  ["desired-state", true],
  ["infra/a_b.c/desired-state", true],
  ["feature/x", true],
  ["../desired-state", false],
  ["my folder", false],
  ["-rf", false],
  ["a$(id)", false],
  ['a"b', false],
  ["", false],
])("%j is plain: %s", (path, plain) => {
  expect(isPlainPath(path)).toBe(plain);
});
