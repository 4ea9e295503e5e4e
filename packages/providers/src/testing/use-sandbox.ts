import { type Sandbox, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll } from "vitest";

/** A sandbox for the tests around this call. What it gives throws when none of them runs. */
export function useSandbox(): () => Sandbox {
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    sandbox = await startSandbox();
  }, 300_000);
  afterAll(() => sandbox?.stop());
  return () => {
    if (!sandbox) throw new Error("The sandbox runs only during a test.");
    return sandbox;
  };
}
