import { existsSync, readFileSync } from "node:fs";
import { proves } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import type { Context } from "./context.ts";
import { parse } from "./program.ts";
import { makeFolder, reconcile } from "./testing/cli.ts";

const sound = {
  "desired-state/a.yaml":
    "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: { Type: String, Value: x }\n",
};
const twoStacks = { ...sound, "desired-state/b.yaml": sound["desired-state/a.yaml"] };

describe("wrong usage gets a sentence and 64, and nothing is contacted", proves(12, "memory"), () => {
  it.concurrent.for([
    { args: "--plna", says: "Unknown option '--plna'.", fix: "did you mean --plan?" },
    { args: "plan --target A", says: "Unknown option '--target'.", fix: "--target is not built yet" },
    { args: "--format yaml", says: "'yaml' is invalid", fix: "see reconcile --help" },
    { args: "--plan --parallelism 0", says: "'0' is invalid. It is a whole number from 1 to 100." },
    { args: "--plan --region us_east", says: '--region "us_east" is not the name of a region.' },
    { args: "--plan --endpoint-url localhost", says: '--endpoint-url "localhost" is not a URL.' },
    { args: "--plan --allow-delete A,,B", says: "'A,,B' is invalid. There is an empty name in it." },
    { args: "--plan --sandbox --profile me", says: "--sandbox and --profile name two different places." },
    { args: "--plan --stack nope", says: 'There is no stack "nope".', fix: "the stacks here are: a" },
    { args: "--plan --output nowhere/x.json", says: "is not there, or may not be written to" },
    ...(existsSync("/dev/full")
      ? [
          {
            args: "validate --format json --output /dev/full",
            says: "--output: /dev/full could not be written: ENOSPC",
          },
        ]
      : []),
    { args: "--plan --output desired-state", says: "desired-state is a folder." },
    { args: "--yes --format markdown", says: "has no --format markdown" },
    { args: "validate --format markdown", says: "Allowed choices are text, json, sarif, github." },
    { args: "--debug plan", says: '"plan" is a command and has to come first.', fix: "./plan" },
    { args: "--yes destory", says: 'no command and no file "destory"', fix: "did you mean reconcile destroy?" },
    { args: "plna --bogus", says: "Unknown option '--bogus'.", fix: "see reconcile --help" },
    { args: "", says: "There is no terminal to ask on.", fix: "--yes" },
    { args: "destroy", says: "There is no terminal to ask on.", fix: "--confirm NAME" },
    { args: "destroy --confirm b", says: "This would also destroy a" },
    { args: "destroy --confirm a,b", says: "--confirm names b, which is no stack of this run." },
    { args: "sandbox", says: "There is a command missing.", fix: "see reconcile sandbox --help" },
    { args: "sandbox run", says: "missing required argument" },
    { args: "sandbox start --port 99999", says: "is invalid", fix: "see reconcile sandbox start --help" },
    { args: "policy --branch next", says: "--branch is for the roles that --github prints.", fix: "add --github" },
    {
      args: "policy --github me/news --branch a --environment b",
      says: "--branch and --environment do not go together.",
    },
    { args: "graph --whatever x", says: '"graph" is not built yet.', fix: "./graph" },
    { args: "rollback HEAD", says: "There is no terminal to ask on.", fix: "--yes" },
    { args: "rollback --yes --ref HEAD", says: "Unknown option '--ref'.", fix: "see reconcile rollback --help" },
    { args: "allow-ip 192.0.2.1 --ref HEAD", says: "Unknown option '--ref'.", fix: "see reconcile allow-ip --help" },
    { args: "sandbox start --format markdown", says: "Allowed choices are text, json." },
    { args: "sandbox status --ref HEAD", says: "Unknown option '--ref'." },
    { args: "sandbox stop --stack a", says: "Unknown option '--stack'." },
    { args: "sandbox reset --format json", says: "Unknown option '--format'." },
    { args: "--yes --lock-timeout soon", says: "option '--lock-timeout <seconds>' argument 'soon' is invalid." },
  ])("reconcile $args", async ({ args, says, fix = "" }, context) => {
    const cwd = makeFolder(sound);

    const { exitCode, stdout, stderr } = await reconcile(args.split(" ").filter(Boolean), { cwd });

    context.expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    context.expect(stderr.toLowerCase()).toContain(says.toLowerCase());
    context.expect(stderr).toMatch(/\n {2}Fix: ./);
    context.expect(stderr).toContain(fix);
    context.expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe("a command of the future", () => {
  const names = ["import", "graph", "matrix"];

  it.each(names)("%s is refused by name, wherever it stands", async (name) => {
    await expect(parse([name, "--x"], () => {})).rejects.toThrow(`"${name}" is not built yet.`);
    const invocation = await parse(["--plan", name], () => {});
    await expect(invocation?.run({} as Context)).rejects.toThrow(`"${name}" is a command and has to come first.`);
  });
});

describe("what needs nothing", () => {
  it("tells its version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    };

    expect(await reconcile(["--version"], { cwd: "/" })).toEqual({ exitCode: 0, stdout: version, stderr: "" });
  });

  it("lists the commands by their names, so that a terminal has room for what they do", async () => {
    const { stdout } = await reconcile(["--help"], { cwd: "/" });

    expect(stdout).toMatch(/^ {2}allow-ip {2,9}write a rule/m);
  });

  it.each([[["--help"]], [["plan", "--help"]], [["sandbox", "--help"]]])("explains %j", async (args) => {
    const { exitCode, stdout } = await reconcile(args, { cwd: "/" });

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^Usage: reconcile/) });
  });
});

describe("validate", () => {
  it("says what it has looked at", async () => {
    const ran = await reconcile(["validate"], { cwd: makeFolder(twoStacks) });

    expect(ran).toEqual({ exitCode: 0, stdout: "valid   a, b: 2 resources", stderr: "" });
  });

  it("reads what it is told to, from wherever it is started", async () => {
    const root = makeFolder(twoStacks);

    const ran = await reconcile(["validate", "b.yaml"], { cwd: `${root}/desired-state` });

    expect(ran.stdout).toBe("valid   b: 1 resource");
  });

  it("takes a folder that is called like a command when its path is written", async () => {
    const ran = await reconcile(["validate", "./plan"], {
      cwd: makeFolder({ "plan/a.yaml": sound["desired-state/a.yaml"] }),
    });

    expect(ran.exitCode).toBe(0);
  });

  it("does not need the environment, and says so", async () => {
    const files = {
      "desired-state/a.yaml": "template-file-path: t.yaml\nparameters:\n  P: { env: NOT_SET_ANYWHERE }\n",
      "t.yaml": `Parameters:\n  P: { Type: String }\n${sound["desired-state/a.yaml"].replace("Value: x", "Value: !Ref P")}`,
    };

    const ran = await reconcile(["validate", "--format", "json"], { cwd: makeFolder(files) });

    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout).diagnostics).toMatchObject([{ code: "input.env-missing", severity: "note" }]);
  });

  it("says what it found as a summary, as SARIF and as annotations of GitHub's", async () => {
    const cwd = makeFolder({
      ...sound,
      "desired-state/b.yaml": sound["desired-state/a.yaml"].replace("Value: x", "Other: x"),
    });
    const run = (format: string) => reconcile(["validate", "--format", format], { cwd });

    const [text, sarif, github] = await Promise.all([run("text"), run("sarif"), run("github")]);

    expect(text.stdout).toBe("invalid   a, b: 2 resources · 2 errors");
    expect(JSON.parse(sarif.stdout).runs[0].results).toMatchObject([
      { ruleId: "property.missing", level: "error" },
      { ruleId: "property.unknown", level: "error" },
    ]);
    expect(github.stdout.split("\n")).toEqual([
      expect.stringMatching(/^::error file=desired-state\/b.yaml,line=4,/),
      expect.stringMatching(/^::error file=desired-state\/b.yaml,line=4,/),
      text.stdout,
    ]);
    expect([text, sarif, github].map((ran) => ran.exitCode)).toEqual([1, 1, 1]);
  });

  it("writes what it found into a file, and not only how much", async () => {
    const cwd = makeFolder({ "desired-state/a.yaml": sound["desired-state/a.yaml"].replace("Value: x", "Other: x") });

    const { stderr } = await reconcile(["validate", "--output", "found.txt"], { cwd });

    const found = readFileSync(`${cwd}/found.txt`, "utf8");
    expect(found).toContain("property.unknown");
    expect(found).toMatch(/\ninvalid {3}a: 1 resource · 2 errors\n$/);
    expect(stderr).toContain("property.unknown");
  });

  it("keeps the problems of other stacks out of the way of --stack", async () => {
    const files = { ...sound, "desired-state/b.yaml": sound["desired-state/a.yaml"].replace("Value: x", "Valu: x") };

    const codes = [];
    for (const name of ["a", "b"])
      codes.push((await reconcile(["validate", "--stack", name], { cwd: makeFolder(files) })).exitCode);

    expect(codes).toEqual([0, 1]);
  });
});

describe("the policies of a stack", () => {
  it("are documents on stdout, with nothing else, and roles of GitHub are a template that is valid", async () => {
    const cwd = makeFolder(sound);
    const planned = await reconcile(["policy", "--plan"], { cwd });
    expect([planned.exitCode, planned.stderr]).toEqual([0, ""]);
    expect(JSON.parse(planned.stdout)).toMatchObject({ Version: "2012-10-17" });
    const roles = await reconcile(["policy", "--github", "me/news", "--output", "roles.yaml"], { cwd });
    expect([roles.exitCode, roles.stdout]).toEqual([0, ""]);
    expect(await reconcile(["validate", "roles.yaml"], { cwd })).toMatchObject({ exitCode: 0 });
  });
});
