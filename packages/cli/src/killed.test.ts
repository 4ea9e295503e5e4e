import { proves, tried } from "@reconcile/core/testing";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder, reconcile, start } from "./testing/cli.ts";
import { openDeadlyProxy } from "./testing/deadly-proxy.ts";
import { secret, webStack } from "./testing/stacks.ts";

// The real command line, killed with SIGKILL at a mutating request of its own: of the books, and of every resource.
const { "desired-state/web/template.yaml": web } = webStack;
const cwd = makeFolder({
  ...webStack,
  "desired-state/web/template.yaml": web.replace("Resources:\n", "Resources:\n  Address: { Type: AWS::EC2::EIP }\n"),
});
/** Signs of life every few hundred milliseconds, so that nobody waits half a minute for the dead. */
const apply = ["--yes", "--parallelism", "1", "--lease-time", "1"];

let empty: Sandbox;
beforeAll(async () => {
  empty = await startSandbox();
}, 300_000);
afterAll(() => empty?.stop());

function environment(endpoint: string) {
  return { ...sandboxEnvironment(endpoint), TEST_DATABASE_URL: secret };
}

/** What lives at the end, as the plan of everything says it. */
async function standing({ endpoint }: Sandbox) {
  const { stdout, exitCode } = await reconcile(["--plan", "--all", "--format", "json"], {
    cwd,
    env: environment(endpoint),
  });
  const [stack] = JSON.parse(stdout).stacks;
  return { exitCode, actions: stack.changes.map((each: { action: string }) => each.action), orphans: stack.orphans };
}

async function mutationsOfAWholeRun(): Promise<number> {
  const sandbox = await empty.copy();
  const proxy = await openDeadlyProxy({ endpoint: sandbox.endpoint });
  const { exitCode } = await reconcile(apply, { cwd, env: environment(proxy.endpoint) });
  expect(exitCode).toBe(0);
  proxy.close();
  await sandbox.stop();
  return proxy.mutations();
}

async function killedAt(at: number, answer: "never-sent" | "lost"): Promise<void> {
  const sandbox = await empty.copy();
  const proxy = await openDeadlyProxy({
    endpoint: sandbox.endpoint,
    at,
    answer,
    kill: () => void run.child.kill("SIGKILL"),
  });
  const run = start(apply, { cwd, env: environment(proxy.endpoint) });
  expect((await run.ended).exitCode, `it came to its end before request ${at}`).toBeUndefined();
  proxy.close();

  const again = await reconcile(apply, { cwd, env: environment(sandbox.endpoint) });

  const story = `request ${at}, ${answer}:\n${again.stdout}${again.stderr}`;
  expect(again.exitCode, story).toBe(0);
  expect(await standing(sandbox), story).toEqual({ exitCode: 0, actions: Array(5).fill("none"), orphans: [] });
  await sandbox.stop();
}

describe("killed at any of its mutating requests", () => {
  it("the next run ends the same", { timeout: 1_800_000, ...proves(2, "sandbox") }, async (context) => {
    const all = await mutationsOfAWholeRun();
    const boundaries = (["never-sent", "lost"] as const).flatMap((answer) =>
      Array.from({ length: all }, (_, index) => ({ at: index + 1, answer })),
    );
    // In the ordinary run two of them, other ones each day.
    const first = (new Date().getUTCDate() * 7) % boundaries.length;
    const chosen = process.env.RECONCILE_CASES ? boundaries : [...boundaries, ...boundaries].slice(first, first + 2);
    for (const { at, answer } of chosen) await killedAt(at, answer);
    tried(context, { cases: chosen.length, casesInCi: 2, boundaries: chosen.length });
    expect(all).toBeGreaterThan(8);
  });
});
