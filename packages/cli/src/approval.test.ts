import { SSM } from "@aws-sdk/client-ssm";
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

function client() {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new SSM({ endpoint: sandbox.endpoint, region: "us-east-1", credentials });
}

const files = (Value: string, Type = "String") => ({
  "desired-state/reconcile.yaml": "project: approved\ndefaults: { region: us-east-1 }\n",
  "desired-state/app.yaml": JSON.stringify({
    Resources: {
      One: { Type: "AWS::SSM::Parameter", Properties: { Name: "/one", Type: "String", Value } },
      Two: { Type: "AWS::SSM::Parameter", Properties: { Name: "/two", Type, Value } },
    },
  }),
});

describe("a plan that was saved", proves(4, "sandbox"), () => {
  it("is applied by another run, but for what has moved since: exit 6", async () => {
    const cwd = makeFolder(files("hunter-one", "SecureString"));
    expect((await run(cwd, "--yes")).exitCode).toBe(0);
    writeFiles(cwd, files("hunter-two", "SecureString"));
    commit(cwd);
    expect((await run(cwd, "--plan --output plan.json")).exitCode).toBe(2);

    // The same value again: only its version tells that somebody was there.
    await client().putParameter({ Name: "/two", Type: "SecureString", Value: "hunter-one", Overwrite: true });
    const applied = await run(cwd, "--yes --plan-file plan.json");
    expect(applied.exitCode).toBe(6);
    expect(applied.stdout).toMatch(/1 updated, 0 failed, 1 not approved or moved/);
    expect(applied.stdout).toContain("Two is not as it was when the plan was saved");
    const { Parameters = [] } = await client().getParameters({ Names: ["/one", "/two"], WithDecryption: true });
    expect(Parameters.map((each) => each.Value).sort()).toEqual(["hunter-one", "hunter-two"]);
  });

  it("is refused for other files, and for what is no plan", async () => {
    const cwd = makeFolder(files("hunter-one"));
    await run(cwd, "--plan --output plan.json");
    writeFiles(cwd, files("hunter-two"));
    commit(cwd);
    const other = await run(cwd, "--yes --plan-file plan.json");
    expect(other).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("The saved plan was made from") });
    writeFiles(cwd, { "bad.json": '{"formatVersion":"1.0"}' });
    const bad = await run(cwd, "--yes --plan-file bad.json");
    expect(bad).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("approval.form") });
    expect((await run(cwd, "--yes --plan-file none.json")).exitCode).toBe(64);
    expect((await run(cwd, "--plan --plan-file bad.json")).exitCode).toBe(64);
  });
});
