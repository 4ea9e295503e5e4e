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
const apply = ["--yes", "--parallelism", "1", "--lease-time", "3"];

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

/** false: it came to its end before. */
async function killedAt(at: number, answer: "never-sent" | "lost"): Promise<boolean> {
  const sandbox = await empty.copy();
  const proxy = await openDeadlyProxy({
    endpoint: sandbox.endpoint,
    at,
    answer,
    kill: () => void run.child.kill("SIGKILL"),
  });
  const run = start(apply, { cwd, env: environment(proxy.endpoint) });
  const { exitCode } = await run.ended;
  proxy.close();
  if (exitCode !== undefined) {
    expect(exitCode).toBe(0);
    await sandbox.stop();
    return false;
  }

  const again = await reconcile(apply, { cwd, env: environment(sandbox.endpoint) });

  const story = `request ${at}, ${answer}:\n${again.stdout}${again.stderr}`;
  expect(again.exitCode, story).toBe(0);
  expect(await standing(sandbox), story).toEqual({ exitCode: 0, actions: Array(5).fill("none"), orphans: [] });
  await sandbox.stop();
  return true;
}

/** In the ordinary run one for each answer, another one each day; all of them where RECONCILE_CASES says so. */
async function killedEverywhere(answer: "never-sent" | "lost"): Promise<number> {
  const all = process.env.RECONCILE_CASES !== undefined;
  const first = all ? 1 : 1 + ((new Date().getUTCDate() + (answer === "lost" ? 5 : 0)) % 10);
  let boundaries = 0;
  for (let at = first; (all || at === first) && (await killedAt(at, answer)); at++) boundaries++;
  return boundaries;
}

describe("killed at any of its mutating requests", () => {
  it.for(["never-sent", "lost"] as const)(
    "with the answer %s, the next run ends the same",
    { timeout: 1_800_000, ...proves(2, "sandbox") },
    async (answer, context) => {
      const boundaries = await killedEverywhere(answer);
      tried(context, { cases: boundaries, casesInCi: 1, boundaries });
      expect(boundaries).toBeGreaterThan(process.env.RECONCILE_CASES ? 10 : 0);
    },
  );
});
