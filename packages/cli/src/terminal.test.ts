import { PassThrough } from "node:stream";
import { filters, sarifDocument, sarifWords } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { openTerminal, type TerminalOptions } from "./terminal.ts";

/** A stream that says what a terminal says of itself, and keeps what it is sent. */
function stream({ isTTY = false, columns }: { isTTY?: boolean; columns?: number } = {}) {
  const through = new PassThrough({ encoding: "utf8" });
  return Object.assign(through, { isTTY, columns }) as unknown as NodeJS.WriteStream & NodeJS.ReadStream;
}

function terminalWith(options: Partial<TerminalOptions> = {}) {
  const streams = { stdin: stream(), stdout: stream(), stderr: stream() };
  return { ...streams, terminal: openTerminal({ environment: {}, color: true, ...streams, ...options }) };
}

describe("colour", () => {
  const tty = { stdout: stream({ isTTY: true }) };

  it.each([
    { name: "on a terminal", options: tty, color: true },
    { name: "into a file", options: {}, color: false },
    { name: "on a terminal with NO_COLOR", options: { ...tty, environment: { NO_COLOR: "1" } }, color: false },
    { name: "on a terminal with --no-color", options: { ...tty, color: false }, color: false },
    { name: "on a dumb terminal", options: { ...tty, environment: { TERM: "dumb" } }, color: false },
    { name: "into a file with FORCE_COLOR", options: { environment: { FORCE_COLOR: "1" } }, color: true },
    { name: "on a terminal with FORCE_COLOR=0", options: { ...tty, environment: { FORCE_COLOR: "0" } }, color: false },
    {
      name: "with both variables",
      options: { ...tty, environment: { NO_COLOR: "1", FORCE_COLOR: "1" } },
      color: false,
    },
  ])("$name: $color", ({ options, color }) => {
    expect(terminalWith(options).terminal.outStyle.color).toBe(color);
  });
});

describe("width", () => {
  it("is the terminal's, else 100", () => {
    const { terminal } = terminalWith({ stdout: stream({ isTTY: true, columns: 72 }) });

    expect([terminal.outStyle.width, terminal.errStyle.width]).toEqual([72, 100]);
  });
});

describe("secrets", proves(10, "memory"), () => {
  it("do not reach a stream once they are known", () => {
    const { terminal, stdout, stderr } = terminalWith();

    terminal.hide(["swordfish"], filters);
    terminal.out("the password is swordfish");
    terminal.err(`in base64 ${Buffer.from("swordfish").toString("base64")}`);

    expect(stdout.read()).toBe("the password is (sensitive)\n");
    expect(stderr.read()).not.toContain("c3dvcmRmaXNo");
  });

  it.each(["before", "true", "null", "4242", "update", "properties", "error", "sensitive", '"},{"'])(
    "that are words of JSON, as %s, leave documents what they are",
    (secret) => {
      const { terminal, stdout } = terminalWith();
      const document = {
        action: "update",
        properties: [{ path: "/Text", before: `x${secret}y`, sensitive: true, line: 4242, after: null }],
        diagnostics: [{ severity: "error", message: `the value ${secret} is wrong` }],
      };

      terminal.hide([secret], filters);
      terminal.json(document);

      expect(JSON.parse(String(stdout.read()))).toEqual({
        action: "update",
        properties: [{ path: "/Text", before: "x(sensitive)y", sensitive: true, line: 4242, after: null }],
        diagnostics: [{ severity: "error", message: "the value (sensitive) is wrong" }],
      });
    },
  );

  it("that are words of SARIF leave it what it is", () => {
    const { terminal } = terminalWith();
    terminal.hide(["error", "2.1.0"], filters);
    const problem = { code: "a.error", severity: "error", message: "an error of 2.1.0" } as const;
    const sarif = sarifDocument([problem], { version: "2.1.0", sources: () => undefined, page: () => undefined });

    expect(JSON.parse(terminal.jsonText(sarif, { words: sarifWords }))).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "a.error", level: "error", message: { text: "an (sensitive) of (sensitive)" } }] }],
    });
  });
});

describe("lines that are redrawn", () => {
  it("stay below what is said meanwhile", () => {
    const { terminal, stderr } = terminalWith();
    const above: string[] = [];

    const ended = terminal.redrawing((text) => above.push(text));
    terminal.err("interrupted");
    ended();
    terminal.err("done");

    expect({ above, stderr: stderr.read() }).toEqual({ above: ["interrupted"], stderr: "done\n" });
  });
});

describe("a reader that has gone", () => {
  it("ends the output quietly", async () => {
    const { terminal, stdout } = terminalWith();
    terminal.out("before");

    stdout.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await new Promise((resolve) => stdout.once("close", resolve));

    expect(() => terminal.out("after")).not.toThrow();
  });
});
