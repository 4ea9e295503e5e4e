import type { RunEvent } from "@reconcile/core";
import { expect, it } from "vitest";
import { plainProgress } from "./progress.ts";

it("says once what begins, however many begin at a time", () => {
  const lines: string[] = [];
  const progress = plainProgress({ out: (line) => lines.push(line) });
  const steps = ["Images", "Key"].map(
    (logicalId) => ({ stack: "web", logicalId, type: "AWS::SSM::Parameter", operation: "create" }) as const,
  );
  const events: RunEvent[] = [
    ...steps.map((step) => ({ kind: "step-started", at: 0, step }) as const),
    ...steps.map((step) => ({ kind: "step-progress", at: 0, step, message: "creating" }) as const),
    ...steps.map((step) => ({ kind: "step-progress", at: 0, step, message: "waiting until usable" }) as const),
  ];
  for (const event of events) progress.event(event);

  expect(lines).toEqual([
    " 0:00  web/Images  creating",
    " 0:00  web/Key  creating",
    " 0:00  web/Images  waiting until usable",
    " 0:00  web/Key  waiting until usable",
  ]);
});
