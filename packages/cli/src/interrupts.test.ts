import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { proves } from "@reconcile/core/testing";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { watchInterrupts } from "./interrupts.ts";
import type { Terminal } from "./terminal.ts";
import { makeFolder, reconcile, start } from "./testing/cli.ts";

const many = Array.from(
  { length: 30 },
  (_, index) =>
    `  P${index}:\n    Type: AWS::SSM::Parameter\n    Properties: { Name: /p/${index}, Type: String, Value: x }`,
);
const stack = { "desired-state/many.yaml": `Resources:\n${many.join("\n")}\n` };
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
afterAll(() => sandbox?.stop());

it("finishes what is under way, says what is left, and goes on with the next run", proves(9, "sandbox"), async () => {
  const cwd = makeFolder(stack);
  const env = sandboxEnvironment(sandbox.endpoint);

  const running = start(["--yes", "--parallelism", "1"], { cwd, env });
  await running.seen(/created in/);
  running.child.kill("SIGINT");
  const interrupted = await running.ended;

  expect(interrupted.exitCode).toBe(3);
  expect(interrupted.stderr).toContain("interrupted: starting nothing more, finishing what is under way");
  expect(interrupted.stdout).toMatch(/Not started: P\d+/);
  expect(interrupted.stdout).toMatch(/Run again to continue\.$/);
  expect((await reconcile(["--yes"], { cwd, env })).exitCode).toBe(0);
  expect((await reconcile(["--plan"], { cwd, env })).exitCode).toBe(0);
});

it("ends a plan at once, and says that nothing was changed", proves(9, "sandbox"), async () => {
  let asked = (): void => {};
  const contacted = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const silent = createServer(() => asked());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;

  const running = start(["--yes"], { cwd: makeFolder(stack), env: sandboxEnvironment(endpoint) });
  await contacted;
  running.child.kill("SIGINT");
  const { exitCode, stderr } = await running.ended;
  silent.closeAllConnections();
  silent.close();

  expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "\ninterrupted   Nothing was changed." });
});

it("gives up reading when --timeout says so, and says what it waited for", proves(9, "sandbox"), async () => {
  const busy = createServer((_, response) => {
    response.writeHead(400, { "content-type": "text/xml" });
    response.end(
      "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>",
    );
  });
  await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;

  const { exitCode, stderr } = await reconcile(["--plan", "--timeout", "1.5"], {
    cwd: makeFolder(stack),
    env: sandboxEnvironment(endpoint),
  });
  busy.closeAllConnections();
  busy.close();

  expect(exitCode).toBe(1);
  const said = stderr.replace(/\s+/g, " ");
  expect(said).toMatch(/in \d calls\. It waited 1\.5 s because AWS throttled sts:GetCallerIdentity\./);
  expect(said).toContain("error plan.timeout Live AWS was not read within 1.5 s");
});

describe("a second one", proves(9, "memory"), () => {
  afterEach(() => vi.restoreAllMocks());

  /** What comes of signals at these times, in milliseconds, while changes are applied. */
  function interruptedAt(signal: "SIGINT" | "SIGTERM", times: readonly number[], hasMutated: boolean) {
    const exit = vi.spyOn(process, "exit").mockImplementation((() => undefined) as never);
    const now = vi.spyOn(performance, "now");
    const interrupts = watchInterrupts({ err: () => {} } as unknown as Terminal, () => hasMutated);
    interrupts.beginApplying();
    for (const time of times) {
      now.mockReturnValue(time);
      process.emit(signal, signal);
    }
    interrupts.close();
    const { applying, reading } = interrupts;
    return { cut: applying.aborted, endsReading: reading.aborted, exits: exit.mock.calls.flat() };
  }

  it.each(["SIGINT", "SIGTERM"] as const)("ends the process at once: %s", (signal) => {
    const first = { cut: true, endsReading: false, exits: [] };
    expect(interruptedAt(signal, [1000], true)).toEqual(first);
    expect(interruptedAt(signal, [1000, 1100], true)).toEqual(first);
    expect(interruptedAt(signal, [1000, 2000], true)).toEqual({ ...first, exits: [3] });
  });

  it("says with its code that nothing was changed", () => {
    expect(interruptedAt("SIGINT", [1000, 2000], false).exits).toEqual([130]);
  });
});
