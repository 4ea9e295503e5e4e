import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { installSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder, reconcile } from "./testing/cli.ts";

const stack = {
  "desired-state/a.yaml":
    "Resources:\n  A:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: /a, Type: String, Value: x }\n",
};
/** A home of its own: whoever runs the tests may have a sandbox in the background. */
const home = mkdtempSync(join(tmpdir(), "reconcile-sandbox-"));
const env = { XDG_CACHE_HOME: home };

function run(args: string, cwd: string) {
  return reconcile(args.split(" "), { cwd, env, alone: true });
}

beforeAll(async () => {
  await installSandbox();
  const installed = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "reconcile", "sandbox");
  const own = join(home, "reconcile", "sandbox");
  mkdirSync(own, { recursive: true });
  for (const name of existsSync(installed) ? readdirSync(installed) : [])
    if (name.startsWith("moto-")) symlinkSync(join(installed, name), join(own, name));
}, 300_000);
afterAll(async () => {
  await run("sandbox stop", "/");
  rmSync(home, { recursive: true, force: true });
});

describe("the sandbox in the background", () => {
  it("is started by --sandbox, remembered by the next run, emptied, and stopped", async () => {
    const cwd = makeFolder(stack);

    expect(await run("sandbox status", cwd)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("no sandbox is running"),
    });
    expect(await run("sandbox status --format json --output status.json", cwd)).toMatchObject({
      exitCode: 1,
      stdout: "",
    });
    expect(readFileSync(join(cwd, "status.json"), "utf8")).toBe("null\n");
    const applied = await run("--yes --sandbox", cwd);
    expect(applied).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("started: an AWS of your own on this machine"),
    });
    expect((await run("--plan --sandbox", cwd)).exitCode).toBe(0);
    expect(JSON.parse((await run("sandbox status --format json", cwd)).stdout)).toMatchObject({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    await run("sandbox reset", cwd);
    expect((await run("--plan --sandbox", cwd)).exitCode).toBe(2);
    expect((await run("sandbox stop", cwd)).stdout).toContain("the sandbox is stopped");
    expect((await run("sandbox stop", cwd)).stdout).toBe("no sandbox was running");
  });

  it("never lets a run see the real AWS", async () => {
    const real = {
      AWS_PROFILE: "production",
      AWS_ENDPOINT_URL_SSM: "http://127.0.0.1:9",
      AWS_ROLE_ARN: "arn:aws:iam::1:role/x",
      AWS_SESSION_TOKEN: "x",
    };

    const { exitCode } = await reconcile(["--plan", "--sandbox"], { cwd: makeFolder(stack), env: { ...env, ...real } });

    expect(exitCode).toBe(2);
  });
});

describe("sandbox run", () => {
  it("gives a command a sandbox of its own, and its exit code", async () => {
    const script =
      "process.stdout.write([process.env.AWS_ENDPOINT_URL, process.env.AWS_PROFILE].join()); process.exitCode = 7";

    const ran = await reconcile(["sandbox", "run", "--", process.execPath, "-e", script], {
      cwd: "/",
      env: { ...env, AWS_PROFILE: "production" },
      alone: true,
    });

    expect(ran).toMatchObject({ exitCode: 7, stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+,$/) });
  });

  it("says when there is no such command", async () => {
    const ran = await reconcile(["sandbox", "run", "--", "no-such-command"], { cwd: "/", env, alone: true });

    expect(ran).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('"no-such-command" cannot be run: there is no such command.'),
    });
  });
});
