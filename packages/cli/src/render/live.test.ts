import type { RunEvent, Step } from "@reconcile/core";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { advance, type LiveState, liveLines } from "./live.ts";

const paint = picocolors.createColors(false);
const size = { width: 100, height: 24 };

function step(logicalId: string, operation: Step["operation"] = "create"): Step {
  return { stack: "web", logicalId, type: "AWS::SSM::Parameter", operation };
}

/** Waiting steps; each may wait for another. */
function stateOf(before: Readonly<Record<string, readonly string[]>>): LiveState {
  const rows = new Map(
    Object.keys(before).map((id) => [id, { step: step(id), status: "waiting", since: 0, message: "" } as const]),
  );
  return {
    graph: { before: (id) => before[id] ?? [] },
    rows: new Map([...rows].map(([id, row]) => [id, { ...row }])),
    phase: "running",
  };
}

function finished(logicalId: string, event: Partial<RunEvent & { kind: "step-finished" }> = {}): RunEvent {
  return {
    kind: "step-finished",
    at: 900,
    step: step(logicalId),
    outcome: "done",
    milliseconds: 900,
    diagnostics: [],
    ...event,
  };
}

describe("while a run applies", () => {
  it("shows what runs and for how long, and what waits for what", () => {
    const state = stateOf({ Images: [], Service: ["Images"], Alarm: [] });
    advance(state, { kind: "step-started", at: 500, step: step("Images") }, paint);

    expect(liveLines(state, 2600, size, paint)).toEqual([
      "  ░░░░░░░░░░░░░░░░░░░░░░░░  0 of 3   0:02",
      "  ◌ Images   creating       2.1 s",
      "  · Service  waits for Images",
      "  · Alarm    waits for its turn",
    ]);
  });

  it("leaves a line for what is done, and why something failed", () => {
    const state = stateOf({ Images: [], Service: ["Images"] });
    const diagnostics = [{ code: "aws.limit", severity: "error", message: "Too many." } as const];

    expect(advance(state, finished("Images"), paint)).toBe("  ✓ Images   created        0.9 s");
    expect(advance(state, finished("Service", { outcome: "failed", diagnostics }), paint)).toBe(
      "  ✗ Service  failed         0.9 s   Too many.",
    );
    expect(liveLines(state, 1000, size, paint)).toEqual(["  ████████████████████████  2 of 2   0:01"]);
  });

  it("tells what was begun and left from what was not begun", () => {
    const state = stateOf({ Images: [], Service: ["Images"] });
    const diagnostics = [{ code: "apply.stopped", severity: "warning", message: "It was told to stop." } as const];

    expect(advance(state, finished("Images", { outcome: "skipped", diagnostics }), paint)).toBe(
      "  · Images   cut short",
    );
    expect(advance(state, finished("Service", { outcome: "skipped" }), paint)).toBe("  · Service  not started");
  });

  it("is never higher or wider than the terminal", () => {
    const state = stateOf(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`Parameter${index}`, []])));

    const lines = liveLines(state, 0, { width: 30, height: 10 }, paint);

    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toBe("    … and 44 more");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
  });

  it("says that it plans again at the end", () => {
    const state = stateOf({ Images: [] });
    advance(state, finished("Images"), paint);
    advance(state, { kind: "confirming", at: 1000 }, paint);

    expect(liveLines(state, 1000, size, paint)[0]).toMatch(/confirming: planning again$/);
  });
});
