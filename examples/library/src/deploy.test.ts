import { fileURLToPath } from "node:url";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DeployOptions, deploy } from "./deploy.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
beforeEach(() => sandbox.reset());
afterAll(() => sandbox?.stop());

function deployHere(options: Partial<DeployOptions> = {}) {
  return deploy({
    root: fileURLToPath(new URL("..", import.meta.url)),
    paths: ["desired-state"],
    environment: { ...sandboxEnvironment(sandbox.endpoint), SERVICE_API_KEY: "an example" },
    approve: () => true,
    ...options,
  });
}

test("what is approved is applied, and then there is nothing to do", async () => {
  const kinds: string[] = [];
  const first = await deployHere({ onEvent: (event) => kinds.push(event.kind) });
  const second = await deployHere();
  expect([first.outcome, second.outcome]).toEqual(["done", "unchanged"]);
  expect([kinds[0], kinds.at(-1)]).toEqual(["run-started", "run-finished"]);
  expect(kinds.filter((kind) => kind === "step-finished")).toHaveLength(4);
});

test("what is not approved is not applied", async () => {
  const declined = await deployHere({ approve: () => false });
  const events: string[] = [];
  await deployHere({ onEvent: ({ kind }) => events.push(kind) });
  expect(declined.outcome).toBe("declined");
  expect(events.filter((kind) => kind === "step-finished")).toHaveLength(4);
});

test("files with errors are told as diagnostics, before AWS is asked for", async () => {
  const invalid = await deployHere({ paths: ["nowhere.yaml"], endpointUrl: "http://127.0.0.1:9" });
  expect(invalid).toMatchObject({ outcome: "invalid", diagnostics: [{ severity: "error" }] });
});

test("the library writes to no stream, sets no exit code, and leaves the process alone", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const writes = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write"));
  await deployHere();
  const called = [exit, ...writes].map((spy) => spy.mock.calls.length);
  vi.restoreAllMocks();
  expect([...called, process.exitCode]).toEqual([0, 0, 0, undefined]);
});
