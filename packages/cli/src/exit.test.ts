import { readFileSync } from "node:fs";
import type { Diagnostic, Plan, Run, VerificationReport } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { type ExitCode, exitCodeOf, exitCodes, planExitCode, runExitCode } from "./exit.ts";

function planWith(actions: readonly string[], severities: readonly Diagnostic["severity"][] = []): Plan {
  const diagnostics = severities.map((severity) => ({ code: "x", severity, message: "x" }));
  const stack = { stack: { name: "app" } };
  const changes = actions.map((action) => ({ action, stack, identifier: "it" }));
  return { stacks: [{ changes, orphans: [] }], diagnostics } as unknown as Plan;
}

function runWith(run: Partial<Run>): Run {
  return { results: [], mutated: false, interrupted: false, diagnostics: [], ...run } as Run;
}

function verified(overallStatus: VerificationReport["overallStatus"]): VerificationReport {
  return { timestamp: "", overallStatus, componentResults: [], connectivityTests: {}, recommendations: [] };
}

const empty = planWith(["none"]);
const held = { stacks: [{ changes: [], orphans: [{ reason: "used-elsewhere" }] }] } as unknown as Plan;
const waiting = [{ outcome: "waiting", step: { stack: "app", identifier: "it" } }] as unknown as Run["results"];
const failed = [{ outcome: "failed" }] as unknown as Run["results"];
const lost: Diagnostic = { code: "lease.lost", severity: "error", message: "x" };
const unapproved = [{ outcome: "held", step: { stack: "app", identifier: "it" } }] as unknown as Run["results"];
const error: Diagnostic = { code: "x", severity: "error", message: "x" };

describe("of a plan", () => {
  it.each([
    { name: "nothing to do", plan: planWith(["none"]), strict: true, code: 0 },
    { name: "changes", plan: planWith(["none", "update"]), strict: true, code: 2 },
    { name: "changes with a note", plan: planWith(["update"], ["note"]), strict: true, code: 2 },
    { name: "a refusal", plan: planWith(["delete"], ["error"]), strict: false, code: 2 },
    { name: "a refusal, strictly", plan: planWith(["delete"], ["error"]), strict: true, code: 5 },
  ])("$name: $code", ({ plan, strict, code }) => {
    expect(planExitCode(plan, strict)).toBe(code);
  });
});

describe("of a run", () => {
  it.each([
    { name: "all done and confirmed", run: { mutated: true, confirmed: empty }, code: 0 },
    { name: "nothing was needed in the end", run: { confirmed: empty }, code: 0 },
    { name: "a check failed", run: { mutated: true, confirmed: empty, verification: verified("failed") }, code: 7 },
    { name: "something needs attention", run: { confirmed: empty, verification: verified("degraded") }, code: 0 },
    { name: "a step failed before anything was sent", run: { results: failed }, code: 1 },
    { name: "another run took the stack before anything was sent", run: { diagnostics: [lost] }, code: 8 },
    { name: "another run took the stack in the middle", run: { mutated: true, diagnostics: [lost] }, code: 3 },
    {
      name: "a step failed after another was done",
      run: { mutated: true, results: failed, confirmed: empty },
      code: 3,
    },
    { name: "the next plan is not empty", run: { mutated: true, confirmed: planWith(["update"]) }, code: 3 },
    { name: "something was not approved", run: { results: unapproved, confirmed: planWith(["update"]) }, code: 6 },
    {
      name: "something was not approved, and something failed",
      run: { mutated: true, results: [...unapproved, ...failed] },
      code: 3,
    },
    { name: "a deletion waits", run: { mutated: true, results: waiting, confirmed: planWith(["delete"]) }, code: 4 },
    {
      name: "a deletion waits, and more is left",
      run: { mutated: true, results: waiting, confirmed: planWith(["delete"]), diagnostics: [error] },
      code: 3,
    },
    { name: "another stack uses what is to go", run: { mutated: true, confirmed: held }, code: 4 },
    {
      name: "a deletion waits, and a check failed",
      run: { mutated: true, confirmed: held, verification: verified("failed") },
      code: 4,
    },
    { name: "it could not be confirmed", run: { mutated: true }, code: 3 },
    { name: "something settled badly", run: { mutated: true, confirmed: empty, diagnostics: [error] }, code: 3 },
    { name: "interrupted before any change", run: { interrupted: true }, code: 130 },
    {
      name: "interrupted after a change",
      run: { interrupted: true, mutated: true, confirmed: planWith(["create"]) },
      code: 3,
    },
  ])("$name: $code", ({ run, code }) => {
    expect(runExitCode(runWith(run))).toBe(code);
  });
});

describe("of what kept a run from starting", () => {
  it.each([
    { codes: ["ref.undefined"], code: 1 },
    { codes: ["aws.wrong-account"], code: 5 },
    { codes: ["aws.wrong-account", "aws.unreachable"], code: 1 },
    { codes: ["lease.held", "aws.wrong-account"], code: 8 },
    { codes: ["lease.held", "aws.unreachable"], code: 1 },
    { codes: ["plan.moved"], code: 6 },
  ])("$codes: $code", ({ codes, code }) => {
    expect(exitCodeOf(codes.map((each) => ({ ...error, code: each })))).toBe(code);
  });
});

/** Where the command line itself ends with it. */
const endedWith: Record<ExitCode, readonly [file: string, test: string]> = {
  0: ["crypto-agent.test.ts", "is found as declared, with at most 45 calls"],
  1: ["wrong-inputs.test.ts", "a wrong input gets one readable diagnostic, and nothing is contacted"],
  2: ["crypto-agent.test.ts", "is planned on an empty account without changing anything"],
  3: ["interrupts.test.ts", "finishes what is under way, says what is left, and goes on with the next run"],
  4: ["guards.test.ts", "stays while the other stack names it: exit 4"],
  5: ["guards.test.ts", "refuse all that they refuse at once, and nothing is changed until it is allowed by name"],
  6: ["approval.test.ts", "is applied by another run, but for what has moved since: exit 6"],
  7: ["aws.test.ts", "is verified: after the run, when nothing is to change, and by itself"],
  8: ["bookkeeping.test.ts", "do not write at the same time: who waits says for whom, and gives up with 8"],
  64: ["usage.test.ts", "wrong usage gets a sentence and 64, and nothing is contacted"],
  130: ["interrupts.test.ts", "ends a plan at once, and says that nothing was changed"],
};

describe("through the command line", () => {
  it.each(Object.entries(exitCodes))("%s (%i) has a test", (_, code) => {
    const [file, test] = endedWith[code];
    const text = readFileSync(new URL(file, import.meta.url), "utf8");
    const from = text.indexOf(`"${test}"`);
    expect(from, `${file}: ${test}`).toBeGreaterThan(0);
    const [own = ""] = text.slice(from).split(/\n *(?:it|test|describe)\b/);
    expect(own).toMatch(new RegExp(`\\b${code}\\b`));
  });
});
