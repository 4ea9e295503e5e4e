import { describe, expect, it } from "vitest";
import type { Run, RunEvent, Step } from "../apply/model.ts";
import { calls, change, place, plan, stackPlan, types, unchanged } from "./fixtures.ts";
import { renderEvent, renderRunEnd, verdictOf } from "./run.ts";

function step(logicalId: string, operation: Step["operation"] = "create"): Step {
  return { stack: "crypto-agent", logicalId, type: "AWS::EC2::Instance", operation };
}

function result(
  logicalId: string,
  outcome: Run["results"][number]["outcome"] = "done",
  operation: Step["operation"] = "create",
) {
  return { step: step(logicalId, operation), outcome, milliseconds: 3100, diagnostics: [] };
}

function run(given: Partial<Run>): Run {
  return {
    results: [],
    mutated: true,
    interrupted: false,
    diagnostics: [],
    outputs: {},
    calls: { "crypto-agent": calls(148) },
    milliseconds: 171_000,
    confirmed: plan([stackPlan(unchanged(3))]),
    ...given,
  };
}

function end(given: Run): string {
  return renderRunEnd(given, { color: false, sources: () => undefined });
}

const denied = {
  code: "aws.access-denied",
  severity: "error" as const,
  message: "ec2:RunInstances was denied.",
  remedy: "apply needs the policy that `reconcile policy --apply` prints",
  resource: "AppInstance (AWS::EC2::Instance)",
  place: place(44),
};

describe("the end of a run", () => {
  it("shows what was done, that nothing is left, and the outputs", () => {
    const screen = end(
      run({
        results: [result("A"), result("B"), result("C", "done", "update"), result("D", "unchanged")],
        outputs: {
          "crypto-agent": [
            { name: "AwsRoleArn", value: "arn:aws:iam::123456789012:role/GitHubActionsRole", sensitive: false },
            { name: "Subnets", value: ["a", "b c"], sensitive: false },
            { name: "Password", value: "hunter22", sensitive: true },
            { name: "Nothing", value: "", sensitive: false },
          ],
        },
      }),
    );

    expect(screen).toMatchInlineSnapshot(`
      "done   2 created, 1 updated, 0 failed   confirmed: the next plan is empty   2:51   148 calls
        AwsRoleArn  arn:aws:iam::123456789012:role/GitHubActionsRole
        Subnets     [a, "b c"]
        Password    (sensitive)
        Nothing     """
    `);
  });

  it("shows what failed with its remedy, what is left, and how to go on", () => {
    const screen = end(
      run({
        results: [
          result("A"),
          { ...result("AppInstance", "failed"), diagnostics: [denied] },
          result("Address", "skipped"),
        ],
        diagnostics: [denied],
        confirmed: undefined,
      }),
    );

    expect(screen).toMatchInlineSnapshot(`
      "failed   1 created, 1 failed, 1 not started   not confirmed   2:51   148 calls

      error  aws.access-denied   desired-state/crypto-agent/template.yaml:44:3
        AppInstance (AWS::EC2::Instance)

        ec2:RunInstances was denied.
        Fix: Apply needs the policy that \`reconcile policy --apply\` prints

      Not started: Address. Run again to continue."
    `);
  });

  it("tells how many checks passed, and of the others what is wrong", () => {
    const check = (name: string, outcome: string, message: string, nextSteps: string[] = []) => ({
      success: outcome === "passed",
      component: `crypto-agent/checks.${name}`,
      message,
      details: { outcome },
      nextSteps,
    });
    const screen = end(
      run({
        results: [result("A")],
        verification: {
          timestamp: "2026-07-01T12:00:00.000Z",
          overallStatus: "failed",
          componentResults: [
            check("port", "passed", "a.test:443: accepts connections"),
            check("health", "failed", "GET https://a.test/: answered 503, not 200 to 299", ["See the log."]),
          ],
          connectivityTests: { "crypto-agent/port": true, "crypto-agent/health": false },
          recommendations: [],
        },
      }),
    );

    expect(screen).toMatchInlineSnapshot(`
      "done   1 created, 0 failed   confirmed: the next plan is empty   checks 1 of 2   2:51   148 calls

        ✗ crypto-agent/checks.health
            failed: GET https://a.test/: answered 503, not 200 to 299 Fix: See the log."
    `);
  });

  it("tells when the next plan is not empty", () => {
    const screen = end(
      run({ results: [result("A")], confirmed: plan([stackPlan([change("A", types.alarm, { cause: "drift" })])]) }),
    );

    expect(screen).toMatchInlineSnapshot(`
      "unconfirmed   1 created, 0 failed   the next plan has 1 change (1 drifted)   2:51   148 calls

      Run again to continue."
    `);
  });

  it("tells an interruption before any change from one after", () => {
    const before = end(
      run({ results: [result("A", "skipped")], mutated: false, interrupted: true, confirmed: undefined }),
    );
    const after = end(run({ results: [result("A"), result("B", "skipped")], interrupted: true, confirmed: undefined }));

    expect(before).toContain("Not started: A. Nothing was changed.");
    expect(after).toContain("Not started: B. Run again to continue.");
  });

  it("tells what was begun and left from what was not begun", () => {
    const stopped = { code: "apply.stopped", severity: "warning" as const, message: "It was told to stop." };
    const cut = { ...result("A", "skipped"), diagnostics: [stopped] };
    const text = end(run({ results: [cut, result("B", "skipped")], interrupted: true, diagnostics: [stopped] }));

    expect(text).toContain("  0 failed, 1 cut short, 1 not started");
    expect(text).toContain("Not started: B. Run again to continue.");
    expect(renderEvent({ kind: "step-finished", at: 0, ...cut })).toContain("A  cut short: It was told to stop.");
  });

  it("says what was waited for, of the stack that waited longest", () => {
    const waited = (milliseconds: number, ...operations: string[]) => ({ waited: { milliseconds, operations } });
    const both = { a: calls(1, waited(2000, "ec2:A")), b: calls(1, waited(61_000, "ec2:B", "ec2:C")), c: calls(2) };

    expect(end(run({ calls: both })).split("\n")[1]).toBe("  waited 1:01 because AWS throttled ec2:B and 1 more");
  });

  it("puts the outputs of several stacks under their names", () => {
    const outputs = {
      a: [{ name: "X", value: "1", sensitive: false }],
      b: [{ name: "Y", value: "2", sensitive: false }],
      c: [],
    };

    expect(end(run({ outputs })).split("\n").slice(1)).toEqual(["  a", "    X  1", "  b", "    Y  2"]);
  });

  it("names at most twenty of what is left", () => {
    const results = [
      result("A", "failed"),
      ...Array.from({ length: 25 }, (_, index) => result(`R${index}`, "skipped")),
    ];

    expect(end(run({ results }))).toContain("R19 and 5 more.");
  });
});

describe("verdictOf", () => {
  it.each<[string, Partial<Run>]>([
    ["done", { results: [result("A")] }],
    ["done", { mutated: false, confirmed: undefined }],
    ["failed", { results: [result("A", "failed")] }],
    ["failed", { diagnostics: [denied] }],
    ["held", { results: [result("A", "held")] }],
    ["waiting", { results: [result("A", "waiting")] }],
    ["interrupted", { interrupted: true }],
    ["unconfirmed", { confirmed: undefined }],
    ["unconfirmed", { confirmed: plan([stackPlan([change("A", types.alarm, {})])]) }],
  ])("is %s", (verdict, given) => {
    expect(verdictOf(run(given))).toBe(verdict);
  });
});

it("is not said to have an empty plan next when something was held", () => {
  expect(end(run({ results: [result("A", "held")] }))).toContain(
    "confirmed: the next plan has only what was left as it is",
  );
});

describe("an event on one line", () => {
  const finished = { kind: "step-finished", at: 42_000, milliseconds: 21_000, diagnostics: [] } as const;

  it.each<[RunEvent, string]>([
    [{ kind: "run-started", at: 0, steps: [step("A")] }, " 0:00  started: 1 step"],
    [{ kind: "step-started", at: 500, step: step("A") }, " 0:01  crypto-agent/A  creating"],
    [
      { kind: "step-progress", at: 3_723_000, step: step("A"), message: "waiting\nuntil usable" },
      "1:02:03  crypto-agent/A  waiting\\nuntil usable",
    ],
    [{ ...finished, step: step("A"), outcome: "done" }, " 0:42  crypto-agent/A  created in 21.0 s"],
    [
      { ...finished, step: step("A", "delete"), outcome: "unchanged" },
      " 0:42  crypto-agent/A  already as declared in 21.0 s",
    ],
    [
      { ...finished, step: step("A"), outcome: "failed", diagnostics: [denied], milliseconds: 90_000 },
      " 0:42  crypto-agent/A  failed: creating after 1:30: ec2:RunInstances was denied.",
    ],
    [{ ...finished, step: step("A"), outcome: "skipped" }, " 0:42  crypto-agent/A  not started"],
    [
      { kind: "waiting", at: 1000, stack: "crypto-agent", message: "another run\nhas it" },
      " 0:01  crypto-agent  another run\\nhas it",
    ],
    [{ kind: "checking", at: 60_000 }, " 1:00  checking whether it works"],
    [
      {
        kind: "check-finished",
        at: 60_000,
        stack: "crypto-agent",
        check: { name: "health", outcome: "passed", message: "answered 200", milliseconds: 300 },
      },
      " 1:00  crypto-agent/checks.health  passed in 0.3 s: answered 200",
    ],
    [{ kind: "confirming", at: 60_000 }, " 1:00  confirming: planning again"],
    [
      { kind: "run-finished", at: 61_000, run: run({ results: [result("A")] }) },
      " 1:01  done: 1 created, 0 failed; confirmed: the next plan is empty",
    ],
  ])("%#: %s", (event, line) => {
    expect(renderEvent(event)).toBe(line);
  });
});
