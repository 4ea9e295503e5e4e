import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { DiagnosticError, exampleNames } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import type { Context } from "../context.ts";
import { parse } from "../program.ts";
import type { Terminal } from "../terminal.ts";
import { makeFolder, type Ran, reconcile } from "../testing/cli.ts";
import { UsageError } from "../usage.ts";

/** In this process: starting one for each case would take seconds. */
async function init(folder: string, ...args: string[]): Promise<Ran> {
  const lines: string[] = [];
  const terminal = { interactive: false, out: (line: string) => lines.push(line) } as unknown as Terminal;
  try {
    const invocation = await parse(["init", folder, "--yes", ...args], () => {});
    const exitCode = await invocation?.run({ terminal } as Context);
    return { exitCode, stdout: lines.join("\n"), stderr: "" };
  } catch (error) {
    if (error instanceof UsageError) return { exitCode: 64, stdout: "", stderr: `${error.message} ${error.remedy}` };
    if (error instanceof DiagnosticError) {
      const lines = error.diagnostics.map(({ code, message }) => `${code} ${message}`);
      return { exitCode: 1, stdout: "", stderr: lines.join("\n") };
    }
    throw error;
  }
}

function filesIn(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const paths = found.map((each) => path.relative(folder, path.join(each.parentPath, each.name)));
  return paths.filter((each) => !each.startsWith(".git/")).sort();
}

const all = [
  ".github/workflows/reconcile-drift.yml",
  ".github/workflows/reconcile-plan.yml",
  ".github/workflows/reconcile.yml",
  "desired-state/app.yaml",
  "desired-state/app/template.yaml",
  "desired-state/reconcile.yaml",
];

describe("reconcile init", () => {
  it.each(exampleNames)("writes what is valid: %s", async (example) => {
    const cwd = makeFolder({});

    const { exitCode } = await init(
      cwd,
      "--example",
      example,
      "--project",
      "news",
      "--region",
      "eu-west-1",
      "--account",
      "012345678901",
    );

    expect({ exitCode, files: filesIn(cwd) }).toEqual({ exitCode: 0, files: all });
    expect(await reconcile(["validate"], { cwd })).toEqual({
      exitCode: 0,
      stdout: "valid   app: 1 resource",
      stderr: "",
    });
  });

  it("writes workflows that the command line understands", async () => {
    const cwd = makeFolder({});
    await init(cwd);

    const runs = all.slice(0, 3).flatMap((file) => {
      const { jobs } = parseYaml(readFileSync(path.join(cwd, file), "utf8"));
      return Object.values(jobs as Record<string, { steps: { run?: string }[] }>).flatMap((job) => job.steps);
    });
    const lines = runs.flatMap(({ run = "" }) => run.split("\n")).filter((line) => /^reconcile /.test(line));

    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const args = line
        .replace(/ \|\| .*/, "")
        .split(" ")
        .slice(1);
      expect(await parse(args, () => {})).toBeDefined();
    }
  });

  it("writes over nothing, and says so", async () => {
    const cwd = makeFolder({ "desired-state/reconcile.yaml": "project: mine\n", "desired-state/app.yaml": "# mine\n" });

    const { exitCode, stdout } = await init(cwd, "--project", "news");

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^kept .*desired-state\/reconcile\.yaml \(it is there already\)$/m);
    expect(readFileSync(path.join(cwd, "desired-state/reconcile.yaml"), "utf8")).toBe("project: mine\n");
    expect(readFileSync(path.join(cwd, "desired-state/app.yaml"), "utf8")).toBe("# mine\n");
    expect(existsSync(path.join(cwd, "desired-state/app/template.yaml"))).toBe(false);
    expect(existsSync(path.join(cwd, ".github/workflows/reconcile.yml"))).toBe(true);
  });

  it("puts workflows where GitHub looks for them, and names the folder in them", async () => {
    const cwd = makeFolder({});

    const { exitCode } = await init(path.join(cwd, "infra"));

    expect(exitCode).toBe(0);
    expect(filesIn(cwd)).toContain("infra/desired-state/app.yaml");
    expect(readFileSync(path.join(cwd, ".github/workflows/reconcile.yml"), "utf8")).toContain(
      '"infra/desired-state/**"',
    );
  });

  it("works without git, and without workflows", async () => {
    const cwd = makeFolder({}, { git: false });

    const { exitCode } = await init(path.join(cwd, "new"), "--no-workflows");

    expect({ exitCode, files: filesIn(cwd) }).toEqual({
      exitCode: 0,
      files: all.slice(3).map((file) => `new/${file}`),
    });
  });

  it.each([
    { args: ["--project", "aws-news"], says: '--project "aws-news" is refused.', fix: "not starting with" },
    { args: ["--stack", "a b"], says: '--stack "a b" is refused.', fix: "letters, digits" },
    { args: ["--example", "blog"], says: '--example "blog" is refused.', fix: "parameter, images" },
    { args: ["--region", "Frankfurt"], says: '--region "Frankfurt" is refused.', fix: "us-east-1" },
    { args: ["--account", "123"], says: '--account "123" is refused.', fix: "12 digits" },
    { args: ["another"], says: "Too many arguments", fix: "init --help" },
  ])("refuses $args, and writes nothing", async ({ args, says, fix }) => {
    const cwd = makeFolder({});

    const { exitCode, stderr } = await init(cwd, ...args);

    expect({ exitCode, files: filesIn(cwd) }).toEqual({ exitCode: 64, files: [] });
    expect(stderr).toContain(says);
    expect(stderr).toContain(fix);
  });

  it("does not let a folder's name into a script", async () => {
    const cwd = makeFolder({});

    const { exitCode, stderr } = await init(path.join(cwd, "my folder"));

    expect({ exitCode, files: filesIn(cwd) }).toEqual({ exitCode: 64, files: [] });
    expect(stderr).toContain('cannot name the folder "my folder/desired-state". --no-workflows leaves them out');
  });

  it("asks nobody who is not there", async () => {
    const { exitCode, stderr } = await reconcile(["init"], { cwd: makeFolder({}) });

    expect(exitCode).toBe(64);
    expect(stderr).toContain("There is no terminal to ask on.");
  });

  it("never writes through a link to somewhere else", async () => {
    const cwd = makeFolder({});
    const elsewhere = makeFolder({}, { git: false });
    symlinkSync(elsewhere, path.join(cwd, "desired-state"));

    const { exitCode, stderr } = await init(cwd);

    expect({ exitCode, files: filesIn(elsewhere) }).toEqual({ exitCode: 1, files: [] });
    expect(stderr).toContain("a link leads outside the repository");
  });

  it("says what is in the way", async () => {
    const cwd = makeFolder({ "desired-state": "a file" });

    const { exitCode, stderr } = await init(cwd);

    expect(exitCode).toBe(1);
    expect(stderr).toContain("init.write");
    expect(stderr).toContain("desired-state/reconcile.yaml cannot be written: a file stands where a folder is needed.");
  });
});
