import { SandboxError } from "@reconcile/sandbox";
import { expect, it } from "vitest";
import type { Context } from "./context.ts";
import { reportFailure } from "./problems.ts";
import type { Terminal } from "./terminal.ts";

/** A terminal on which nobody looks, and what it was told. */
function silent(): { context: Context; told: string[] } {
  const told: string[] = [];
  const style = { color: false, width: 100 };
  const terminal: Terminal = {
    out: (text) => void told.push(text),
    json: (document) => void told.push(JSON.stringify(document)),
    jsonText: (document) => JSON.stringify(document),
    err: (text) => void told.push(text),
    outStyle: style,
    errStyle: style,
    interactive: false,
    live: false,
    waiting: () => () => {},
    redrawing: () => () => {},
    hide: () => {},
    redact: (text) => text,
  };
  const flags = { format: "text", stack: [] } as unknown as Context["flags"];
  return { context: { terminal, flags, sources: () => undefined, diagnostics: [] }, told };
}

it("says what the sandbox lacks, and how to get it", async () => {
  const { context, told } = silent();

  const exitCode = await reportFailure(new SandboxError("There is no Python.", "install Python 3.10"), context);

  expect(exitCode).toBe(1);
  expect(told.join("\n")).toContain("error  sandbox.failed");
  expect(told.join("\n")).toContain("There is no Python.\n  Fix: Install Python 3.10");
});
