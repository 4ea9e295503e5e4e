import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IAM } from "@aws-sdk/client-iam";
import { SSM } from "@aws-sdk/client-ssm";
import { HistoryDocument, PlanDocument } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commit, makeFolder, type Ran, reconcile, start, writeFiles } from "./testing/cli.ts";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
beforeEach(() => sandbox.reset());
afterAll(() => sandbox?.stop());

type Environment = Readonly<Record<string, string>>;

function environment(more: Environment = {}) {
  return { ...sandboxEnvironment(sandbox.endpoint), ...more };
}

function run(cwd: string, args: string, env: Environment = {}): Promise<Ran> {
  return reconcile(args.split(" "), { cwd, env: environment(env) });
}

function client() {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { endpoint: sandbox.endpoint, region: "us-east-1", credentials };
}

const file = "desired-state/app.yaml";
const parameter = (value: string, tags = "") =>
  `  Greeting:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: /greeting, Type: String, Value: ${value}${tags} }\n`;
const template = (...resources: string[]) => ({ [file]: `Resources:\n${resources.join("")}` });

async function greeting(): Promise<string | undefined> {
  return (await new SSM(client()).getParameter({ Name: "/greeting" })).Parameter?.Value;
}

async function greetDifferently(value: string): Promise<void> {
  await new SSM(client()).putParameter({ Name: "/greeting", Value: value, Overwrite: true });
}

function causesIn({ stdout }: Ran): string[] {
  const plan = PlanDocument.parse(JSON.parse(stdout));
  return plan.stacks.flatMap(({ changes }) =>
    changes.map((change) => `${change.action} ${change.logicalId} ${change.cause}`),
  );
}

function codesIn({ stdout }: Ran): string[] {
  return PlanDocument.parse(JSON.parse(stdout)).diagnostics.map((each) => each.code);
}

async function historyOf(cwd: string) {
  const { stdout } = await run(cwd, "history --format json");
  return HistoryDocument.parse(JSON.parse(stdout)).stacks.flatMap((stack) => stack.runs);
}

describe("another region in the files", () => {
  it("makes nothing a second time, before it is committed and after, until the first is destroyed", async () => {
    const inRegion = (region: string) => ({
      ...template(parameter("hello")),
      "desired-state/reconcile.yaml": `project: shop\ndefaults: { region: ${region} }\n`,
    });
    const cwd = makeFolder(inRegion("us-east-1"));
    expect((await run(cwd, "--yes")).exitCode).toBe(0);

    writeFiles(cwd, inRegion("eu-west-1"));
    expect(codesIn(await run(cwd, "--plan --format json"))).toEqual(["stack.elsewhere"]);
    commit(cwd);
    for (const text of ["# later", "# and later"]) {
      writeFiles(cwd, {
        "desired-state/reconcile.yaml": `${inRegion("eu-west-1")["desired-state/reconcile.yaml"]}${text}\n`,
      });
      commit(cwd);
    }
    const refused = await run(cwd, "--yes");
    expect([refused.exitCode, refused.stdout]).toEqual([5, expect.stringContaining("in us-east-1")]);

    writeFiles(cwd, inRegion("us-east-1"));
    expect((await run(cwd, "destroy --confirm app")).exitCode).toBe(0);
    writeFiles(cwd, inRegion("eu-west-1"));
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
  });
});

describe("merging", () => {
  const role = `  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }]
`;
  const policy = (name: string) => `  ${name}:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: !Ref Role
      PolicyName: ${name}
      PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:ListAllMyBuckets", Resource: "*" }] }
`;

  it("removes a policy and a tag that left the YAML, because they were applied before", async () => {
    const tags = ", Tags: { Team: core, Cost: x }";
    const cwd = makeFolder(template(role, policy("Read"), policy("Write"), parameter("hello", tags)));
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    writeFiles(cwd, template(role, policy("Read"), parameter("hello", ", Tags: { Team: core }")));
    commit(cwd);

    const merged = await run(cwd, "--yes");

    expect(merged.stdout).toMatch(/Write +AWS::IAM::RolePolicy +delete/);
    expect(merged.exitCode).toBe(0);
    expect((await new IAM(client()).listRolePolicies({ RoleName: "app" })).PolicyNames).toEqual(["Read"]);
    const { TagList } = await new SSM(client()).listTagsForResource({
      ResourceType: "Parameter",
      ResourceId: "/greeting",
    });
    expect(TagList?.map((each) => each.Key).filter((key) => !key?.startsWith("reconcile:"))).toEqual(["Team"]);
  });
});

describe("drift", () => {
  it("is what moved since the last apply, whatever is in the files now", async () => {
    const cwd = makeFolder(template(parameter("hello")));
    await run(cwd, "--yes");
    writeFiles(cwd, template(parameter("not yet applied")));

    const none = await run(cwd, "drift");
    await greetDifferently("moved");
    const some = await run(cwd, "drift --format json");

    expect(none).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 resource as declared") });
    expect([some.exitCode, causesIn(some), codesIn(some)]).toEqual([2, ["update Greeting drift"], []]);
    expect((await run(cwd, "drift --format markdown")).stdout).toContain("1 drift");
    expect((await run(cwd, "--plan")).stdout).toMatch(/ at \w+ \+ changes$|head \w+ \+ changes$/m);
    expect((await run(cwd, "drift")).stdout).toMatch(/drift since \w+, which a run reverts$/m);
    expect(await greeting()).toBe("moved");
  });

  it("is not claimed of a stack that was never applied", async () => {
    const cwd = makeFolder(template(parameter("hello")));
    const ran = await run(cwd, "drift --format json");
    expect([ran.exitCode, causesIn(ran), codesIn(ran)]).toEqual([
      2,
      ["create Greeting change"],
      ["drift.never-applied"],
    ]);
  });
});

describe("what was applied last and git does not have", () => {
  async function appliedTwice() {
    const cwd = makeFolder(template(parameter("hello")));
    await run(cwd, "--yes");
    writeFiles(cwd, template(parameter("good morning")));
    commit(cwd);
    await greetDifferently("moved");
    return cwd;
  }
  const git = (cwd: string, ...args: string[]) => execFileSync("git", ["-C", cwd, ...args], { stdio: "pipe" });

  it("is a warning with the remedy in a shallow clone, and nothing is called drift", async () => {
    const cwd = await appliedTwice();
    const clone = makeFolder({}, { git: false });
    git(clone, "clone", "--quiet", "--depth", "1", `file://${cwd}`, "clone");

    const ran = await run(join(clone, "clone"), "drift --format json");

    expect([ran.exitCode, causesIn(ran)]).toEqual([2, ["update Greeting null"]]);
    const [warning] = PlanDocument.parse(JSON.parse(ran.stdout)).diagnostics;
    expect(warning).toMatchObject({ code: "base.unavailable", severity: "warning" });
    expect(warning?.remedy).toContain("fetch-depth: 0");
    expect((await run(join(clone, "clone"), "--yes")).exitCode).toBe(0);
    expect(await greeting()).toBe("good morning");
  });

  it("is found in the files themselves when they are the same", async () => {
    const cwd = makeFolder(template(parameter("hello")));
    await run(cwd, "--yes");
    await greetDifferently("moved");
    const clone = makeFolder({}, { git: false });
    git(clone, "clone", "--quiet", "--depth", "1", `file://${cwd}`, "clone");
    writeFiles(join(clone, "clone"), { "README.md": "more" });
    commit(join(clone, "clone"));

    const ran = await run(join(clone, "clone"), "drift --format json");

    expect([ran.exitCode, causesIn(ran), codesIn(ran)]).toEqual([2, ["update Greeting drift"], []]);
  });

  it("is a warning when it was squashed or rebased away", async () => {
    const cwd = makeFolder(template(parameter("hello")));
    git(cwd, "config", "user.email", "t@example.com");
    git(cwd, "config", "user.name", "t");
    await run(cwd, "--yes");
    writeFiles(cwd, template(parameter("good morning")));
    git(cwd, "commit", "--quiet", "--all", "--amend", "--message", "squashed");
    git(cwd, "reflog", "expire", "--expire=now", "--all");
    git(cwd, "gc", "--quiet", "--prune=now");

    const ran = await run(cwd, "--yes --format json");

    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/which was last applied to the stack app, is not in this repository/);
    expect(ran.stderr).toMatch(/It was squashed, rebased or never pushed/);
  });

  it("is a warning when it was never committed", async () => {
    const cwd = makeFolder(template(parameter("hello")));
    writeFiles(cwd, template(parameter("in a hurry")));
    await run(cwd, "--yes");
    writeFiles(cwd, template(parameter("good morning")));
    commit(cwd);

    const ran = await run(cwd, "--yes");

    expect(ran.exitCode).toBe(0);
    expect(ran.stdout.replaceAll(/\s+/g, " ")).toContain("was last applied from files that were not as");
    expect((await historyOf(cwd)).map((each) => each.dirty)).toEqual([false, true]);
  });
});

describe("a plan in CI", () => {
  it("tells what the branch changes from what moved, by where it left its target", async () => {
    const cwd = makeFolder(template(parameter("hello"), other("one")));
    await run(cwd, "--yes");
    execFileSync("git", ["-C", cwd, "branch", "main-line"]);
    writeFiles(cwd, template(parameter("hello"), other("two")));
    commit(cwd);
    await greetDifferently("moved");

    const here = await run(cwd, "plan --format json");
    const inCi = await run(cwd, "plan --format json", { GITHUB_BASE_REF: "main-line" });
    const lost = await run(cwd, "plan --format json", { GITHUB_BASE_REF: "nowhere" });

    expect(causesIn(here)).toEqual(["update Greeting drift", "update Other change"]);
    expect(causesIn(inCi)).toEqual(["update Greeting drift", "update Other change"]);
    expect([causesIn(lost), codesIn(lost)]).toEqual([
      ["update Greeting null", "update Other null"],
      ["base.unavailable"],
    ]);
  });
});

function other(value: string): string {
  return `  Other:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: /other, Type: String, Value: ${value} }\n`;
}

describe("another commit", () => {
  it("is planned with --ref, and gone back to with rollback", async () => {
    const cwd = makeFolder(template(parameter("one")));
    const first = commit(cwd);
    await run(cwd, "--yes", { GITHUB_ACTOR: "alice", GITHUB_RUN_ID: "7" });
    writeFiles(cwd, template(parameter("two"), other("x")));
    const second = commit(cwd);
    await run(cwd, "--yes");

    const planned = await run(cwd, `plan --ref ${first} --format json`);
    expect(JSON.parse(planned.stdout)).toMatchObject({ revision: first });

    const back = await run(cwd, "rollback --yes --allow-delete all");
    expect(back.exitCode).toBe(0);
    expect(back.stderr).toContain(`rolling back to ${first.slice(0, 7)}`);
    expect(await greeting()).toBe("one");
    expect(readFileSync(join(cwd, file), "utf8")).toContain("two");

    // HEAD is newer than what lives: that is its change, and nobody's drift.
    await greetDifferently("moved");
    const ahead = await run(cwd, "plan --format json");
    expect([causesIn(ahead), codesIn(ahead)]).toEqual([["update Greeting both", "create Other change"], []]);

    const runs = await historyOf(cwd);
    expect(runs.map((each) => [each.purpose, each.revision, each.outcome])).toEqual([
      ["rollback", first, "done"],
      [null, second, "done"],
      [null, first, "done"],
    ]);
    expect(runs.at(-1)?.actor).toBe("alice (GitHub run 7)");
    expect((await run(cwd, "history")).stdout).toMatch(/^app · 3 runs\n.* rollback done .*1 update/);

    expect((await run(cwd, `rollback ${second} --yes`)).exitCode).toBe(0);
    expect(await greeting()).toBe("two");
  });

  it("says so when there is none to go back to", async () => {
    const cwd = makeFolder(template(parameter("one")));
    const { exitCode, stderr } = await run(cwd, "rollback --yes");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("rollback.nothing-before");
    expect(stderr).toContain("No earlier commit that was applied to app is recorded.");
  });
});

describe("two runs of one stack", proves(8, "sandbox"), () => {
  // The first run's lease is short, so that the second need not wait long: as long as the first one said.
  /** Long enough to be caught in the middle. */
  const many = () => {
    const one = (n: number) =>
      `  P${n}:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: /p/${n}, Type: String, Value: x }\n`;
    return makeFolder(template(...Array.from({ length: 30 }, (_, n) => one(n))));
  };
  const names = async () => {
    const { Parameters = [] } = await new SSM(client()).getParametersByPath({ Path: "/p", MaxResults: 10 });
    return Parameters.length;
  };

  async function holdByAlice(): Promise<void> {
    const held = { state: "held", run: "0123456789", attempt: 1, actor: "alice", since: "2026-11-21T10:00:00.000Z" };
    await new SSM(client()).putParameter({
      Name: "/reconcile/default/app/lease/00000007",
      Value: JSON.stringify({ ...held, leaseTime: 30_000, renewals: 3 }),
      Type: "String",
    });
  }

  it("do not write at the same time: who waits says for whom, and gives up with 8", async () => {
    const cwd = makeFolder(template(parameter("hello")));
    await holdByAlice();

    const { exitCode, stdout, stderr } = await run(cwd, "--yes --lock-timeout 1");

    const who = "another run, by alice (run 01234567, since 2026-11-21 10:00:00 UTC), holds the stack";
    expect(stdout).toContain(`${who}; waiting up to 1 s`);
    expect([exitCode, stderr]).toEqual([8, expect.stringContaining("lease.held")]);
    await expect(greeting()).rejects.toThrow();
  });

  it("wait no longer when told to stop", proves(9, "sandbox"), async () => {
    await holdByAlice();
    const cwd = makeFolder(template(parameter("hello")));
    const waiting = start(["--yes"], { cwd, env: environment() });
    await waiting.seen(/waiting up to 60 s/);
    waiting.child.kill("SIGINT");
    expect((await waiting.ended).exitCode).toBe(130);
  });

  it("finish what one of them began when it was killed", proves(2, "sandbox"), async () => {
    const cwd = many();
    const first = start("--yes --parallelism 1 --lease-time 4".split(" "), { cwd, env: environment() });
    await first.seen(/P2 +created/);
    first.child.kill("SIGKILL");
    await first.ended;

    const second = await run(cwd, "--yes");

    expect(second.stdout).toMatch(/another run, by .* holds the stack; waiting up to 60 s/);
    expect(second.exitCode).toBe(0);
    expect((await historyOf(cwd)).map((each) => each.outcome)).toEqual(["done", "killed"]);
    expect((await run(cwd, "--plan")).exitCode).toBe(0);
  });

  it("do not write at the same time when one was suspended: it sends nothing more", async () => {
    const cwd = many();
    const first = start("--yes --parallelism 1 --lease-time 4".split(" "), { cwd, env: environment() });
    await first.seen(/P2 +created/);
    first.child.kill("SIGSTOP");
    const second = await run(cwd, "--yes");
    expect(second.exitCode).toBe(0);
    // Whoever writes now writes against the second run.
    const emptied = await new SSM(client()).deleteParameters({ Names: ["/p/28", "/p/29"] });
    expect(emptied.DeletedParameters).toHaveLength(2);

    first.child.kill("SIGCONT");
    const woken = await first.ended;

    expect(woken.exitCode).toBe(3);
    expect(woken.stderr + woken.stdout).toContain("lease.lost");
    expect((await new SSM(client()).getParameters({ Names: ["/p/28", "/p/29"] })).Parameters).toEqual([]);
    expect(await names()).toBe(10);
  });
});
