import type { Change } from "../plan/model.ts";
import type { Run } from "./model.ts";

/** The changes that the plan after a run still has, without the deletions that wait for somebody else to let go. Empty: what was declared is there. */
export function remainingChanges({ results, confirmed }: Pick<Run, "results" | "confirmed">): Change[] {
  const waiting = new Set(results.filter((each) => each.outcome === "waiting").map(({ step }) => keyOf(step)));
  const changes = (confirmed?.stacks ?? []).flatMap((stack) => stack.changes);
  return changes.filter(
    ({ action, stack, identifier }) =>
      action !== "none" && !waiting.has(keyOf({ stack: stack.stack.name, identifier })),
  );
}

function keyOf({ stack, identifier }: { stack: string; identifier?: string | undefined }): string {
  return JSON.stringify([stack, identifier]);
}
