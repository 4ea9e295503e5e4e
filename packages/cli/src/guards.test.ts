import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ECR } from "@aws-sdk/client-ecr";
import { SSM } from "@aws-sdk/client-ssm";
import { PlanDocument } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { commit, makeFolder, reconcile, writeFiles } from "./testing/cli.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
beforeEach(() => sandbox.reset());
afterAll(() => sandbox?.stop());

function run(cwd: string, args: string) {
  return reconcile(args.split(" "), { cwd, env: sandboxEnvironment(sandbox.endpoint) });
}

function parameter(name: string, more: object = {}, properties: object = {}) {
  return {
    Type: "AWS::SSM::Parameter",
    ...more,
    Properties: { Name: `/guards/${name}`, Type: "String", Value: "x", ...properties },
  };
}
const group = (GroupName: string, GroupDescription = "one") => ({
  Type: "AWS::EC2::SecurityGroup",
  Properties: { GroupName, GroupDescription },
});
const template = (Resources: object, Outputs: object = {}) => JSON.stringify({ Resources, Outputs }, null, 1);
const project = "project: guarded\ndefaults: { region: us-east-1 }\n";

/** The codes of a plan's refusals and warnings, and its changes. */
function seen(stdout: string) {
  const { stacks, diagnostics } = PlanDocument.parse(JSON.parse(stdout));
  const codes = diagnostics.filter((each) => each.severity !== "note").map((each) => each.code);
  const changes = stacks.flatMap((stack) => stack.changes.map((each) => `${each.action} ${each.logicalId}`));
  return { codes, changes, orphans: stacks.flatMap((stack) => stack.orphans.map((each) => each.reason)) };
}

describe("guards", proves(7, "sandbox"), () => {
  const secret = { Type: "SecureString" };
  const before = {
    Keep: parameter("keep"),
    Named: group("guarded"),
    Held: parameter("held", { Metadata: { Reconcile: { protect: true } } }),
    Secret: parameter("secret", {}, secret),
    One: parameter("one"),
    Two: parameter("two"),
  };
  const after = { Keep: parameter("keep"), Named: group("guarded", "another") };

  it("refuse all that they refuse at once, and nothing is changed until it is allowed by name", async () => {
    const files = (resources: object) => ({
      "desired-state/reconcile.yaml": project,
      "desired-state/app.yaml": template(resources),
    });
    const cwd = makeFolder(files(before));
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    writeFiles(cwd, files(after));

    const planned = await run(cwd, "--plan --strict --format json");
    expect(planned.exitCode).toBe(5);
    const { codes, orphans } = seen(planned.stdout);
    expect(codes.sort()).toEqual([
      "guard.holds-data",
      "guard.protected",
      "guard.too-many-deletions",
      "replace.name-taken",
    ]);
    expect(orphans).toEqual(["protected"]);

    const refused = await run(cwd, "--yes --allow-delete all");
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("Nothing was changed.") });
    expect(refused.stdout).toContain("is protected, and would be deleted");

    const lifted = { ...after, Held: parameter("held", { Metadata: { Reconcile: { protect: false } } }) };
    writeFiles(cwd, files(lifted));
    const allowed = await run(cwd, "--yes --allow-delete app/Secret,One,Two,Named");
    expect(allowed.exitCode).toBe(0);
    writeFiles(cwd, files(after));
    expect((await run(cwd, "--yes --abandon Held")).exitCode).toBe(0);
    expect(await run(cwd, "--plan")).toMatchObject({ exitCode: 0 });
  });

  it("are as wide as reconcile.yaml says", async () => {
    const limits = "guards: { max-delete-percent: 80, allow-data-loss-of: AWS::SSM::Parameter }\n";
    const cwd = makeFolder({
      "desired-state/reconcile.yaml": project + limits,
      "desired-state/app.yaml": template({
        Keep: before.Keep,
        Secret: before.Secret,
        One: before.One,
        Two: before.Two,
      }),
    });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    writeFiles(cwd, { "desired-state/app.yaml": template({ Keep: before.Keep }) });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
  });
});

describe("a stack that would lose everything", proves(7, "sandbox"), () => {
  it("is refused, however little that is; what is to be retained stays, and is told", async () => {
    const cwd = makeFolder({
      "desired-state/reconcile.yaml": project,
      "desired-state/app.yaml": template({
        Only: parameter("only"),
        Kept: parameter("kept", { DeletionPolicy: "Retain" }),
      }),
    });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    writeFiles(cwd, { "desired-state/app.yaml": template({ Other: parameter("other") }) });
    expect((await run(cwd, "--yes")).exitCode).toBe(5);
    const planned = await run(cwd, "--plan --format json");
    expect(seen(planned.stdout)).toMatchObject({ codes: ["guard.too-many-deletions"], orphans: ["retained"] });

    expect((await run(cwd, "--yes --allow-delete Only")).exitCode).toBe(0);
    const left = await run(cwd, "--plan --format json");
    expect([left.exitCode, seen(left.stdout).orphans]).toEqual([0, ["retained"]]);
    expect((await run(cwd, "destroy --confirm app")).exitCode).toBe(0);
  });
});

describe("what lives otherwise than the files believe", proves([6, 7], "sandbox"), () => {
  const client = () => ({
    endpoint: sandbox.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const reconciling = (Reconcile: object) => ({ Metadata: { Reconcile } });
  const address = (Properties: object) => ({ Type: "AWS::EC2::EIP", Properties });

  it("is refused, each with its own reason, before anything is changed: exit 5", async () => {
    const theirs = makeFolder({
      "desired-state/reconcile.yaml": "project: another\ndefaults: { region: us-east-1 }\n",
      "desired-state/app.yaml": template({ Theirs: parameter("theirs") }),
    });
    expect((await run(theirs, "--yes")).exitCode).toBe(0);
    const ssm = new SSM(client());
    for (const name of ["by-hand", "list"])
      await ssm.putParameter({ Name: `/guards/${name}`, Type: name === "list" ? "StringList" : "String", Value: "x" });
    const exported = { Out: { Value: { Ref: "Keep" }, Export: { Name: "kept" } } };
    const cwd = makeFolder({
      "desired-state/reconcile.yaml": project,
      "desired-state/app.yaml": template(
        { Keep: parameter("keep"), Address: address({ Address: "198.18.5.5" }) },
        exported,
      ),
      "desired-state/user.yaml": template({ User: parameter("user", {}, { Value: { "Fn::ImportValue": "kept" } }) }),
    });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    commit(cwd);

    const after = {
      Keep: parameter("keep"),
      Address: address({}),
      Theirs: parameter("theirs"),
      ByHand: parameter("by-hand"),
      Listed: parameter("list", reconciling({ adopt: true })),
      Renamed: parameter("renamed", reconciling({ "renamed-from": "Keep" })),
    };
    writeFiles(cwd, { "desired-state/app.yaml": template(after) });
    const path = "desired-state/app.yaml --base HEAD --abandon Keep,Nobody";
    const planned = await run(cwd, `${path} --plan --strict --format json`);
    expect([planned.exitCode, seen(planned.stdout).codes.sort()]).toEqual([
      5,
      [
        "abandon.declared",
        "abandon.unknown",
        "adopt.must-replace",
        "exists.not-ours",
        "exists.other-owner",
        "export.in-use",
        "rename.still-declared",
        "unset.irreversible",
      ],
    ]);
    const refused = await run(cwd, `${path} --yes --allow-delete all`);
    expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("Nothing was changed.") });

    const absent = {
      Keep: parameter("keep"),
      Adopted: parameter("nowhere", reconciling({ adopt: "/guards/nowhere" })),
    };
    writeFiles(cwd, { "desired-state/app.yaml": template(absent, exported) });
    const unmade = await run(cwd, "--yes");
    expect(unmade).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("adopt.not-found"),
    });
  });
});

describe("a repository", proves(7, "sandbox"), () => {
  const repository = (RepositoryName: string) => ({ Type: "AWS::ECR::Repository", Properties: { RepositoryName } });

  it("goes when it is seen to be empty, and is refused while it holds an image: exit 5", async () => {
    const files = (resources: object) => ({
      "desired-state/reconcile.yaml": project,
      "desired-state/app.yaml": template(resources),
    });
    const rest = { Keep: parameter("keep"), Empty: repository("empty"), Full: repository("full") };
    const cwd = makeFolder(files(rest));
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    const client = { endpoint: sandbox.endpoint, region: "us-east-1" };
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType, config: { digest: "sha256:0" }, layers: [] });
    const ecr = new ECR({ ...client, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
    await ecr.putImage({ repositoryName: "full", imageTag: "v1", imageManifest: manifest });

    writeFiles(cwd, files({ Keep: rest.Keep, Full: rest.Full }));
    expect(await run(cwd, "--yes")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 deleted") });
    writeFiles(cwd, files({ Keep: rest.Keep }));
    const refused = await run(cwd, "--yes");
    expect(refused).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("holds what cannot be made again") });
    expect((await ecr.describeRepositories({ repositoryNames: ["full"] })).repositories).toHaveLength(1);
  });
});

describe("what is used elsewhere", () => {
  const rule = (source: string) => ({
    Type: "AWS::EC2::SecurityGroup",
    Properties: {
      GroupDescription: "the app",
      SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 80, ToPort: 80, SourceSecurityGroupId: source }],
    },
  });

  it("stays while the other stack names it: exit 4", async () => {
    const id = { Id: { Value: { "Fn::GetAtt": ["Shared", "GroupId"] } } };
    const cwd = makeFolder({
      "desired-state/reconcile.yaml": project,
      "desired-state/network.yaml": template({ Keep: group("keep"), Shared: group("shared") }, id),
    });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    const shared = /sg-[0-9a-f]+/.exec((await run(cwd, "outputs")).stdout)?.[0] ?? "";
    writeFiles(cwd, { "desired-state/app.yaml": template({ App: rule(shared) }) });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);

    writeFiles(cwd, { "desired-state/network.yaml": template({ Keep: group("keep") }) });
    const waiting = await run(cwd, "--yes");
    expect(waiting.exitCode).toBe(4);
    expect(waiting.stdout).toContain("App of the stack app still uses it");

    writeFiles(cwd, { "desired-state/app.yaml": template({ App: group("app") }) });
    expect((await run(cwd, "--yes --allow-delete all")).exitCode).toBe(0);
  });
});

describe("a stack whose file is gone", proves(7, "sandbox"), () => {
  it("is shown, and deleted when that is asked for", async () => {
    const cwd = makeFolder({
      "desired-state/reconcile.yaml": project,
      "desired-state/kept.yaml": template({ Keep: parameter("keep") }),
      "desired-state/gone.yaml": template({ A: parameter("a"), B: parameter("b") }),
      "desired-state/team/own.yaml": "template-file-path: desired-state/team/own/template.yaml\n",
      "desired-state/team/own/template.yaml": template({ C: parameter("c") }),
    });
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    expect((await run(cwd, "desired-state/team --yes")).exitCode).toBe(0);
    rmSync(join(cwd, "desired-state/gone.yaml"));

    const shown = await run(cwd, "--plan --format json");
    expect([shown.exitCode, seen(shown.stdout)]).toMatchObject([0, { codes: ["stack.orphan"], changes: [] }]);
    expect((await run(cwd, "desired-state/kept.yaml --plan --prune-stacks")).exitCode).toBe(64);
    const nameless = makeFolder({ "desired-state/app.yaml": template({ Keep: parameter("keep") }) });
    const unnamed = await run(nameless, "--yes --prune-stacks");
    expect([unnamed.exitCode, unnamed.stdout]).toEqual([5, expect.stringContaining("for a project that has a name")]);

    // Emptied by a slip: what its stack owns must not go with what has no file.
    const own = join(cwd, "desired-state/team/own.yaml");
    const text = readFileSync(own, "utf8");
    writeFileSync(own, "");
    const refused = await run(cwd, "--plan --prune-stacks --format json");
    expect(seen(refused.stdout).codes).toContain("stack.prune-unread");
    expect((await run(cwd, "--yes --prune-stacks")).exitCode).toBe(5);
    writeFileSync(own, text);

    const pruned = await run(cwd, "--yes --prune-stacks");
    expect([pruned.exitCode, pruned.stdout]).toEqual([0, expect.stringContaining("2 deleted")]);
    expect(seen((await run(cwd, "--plan --format json")).stdout).codes).toEqual([]);
  });
});
