import type { Change, Plan } from "../plan/model.ts";
import type { Run, Step } from "./model.ts";

/**
 * The changes that the plan after a run still has, without those that it was not to make, and deletions that wait for somebody else to let go. Empty: the run is at its
 * end.
 */
export function remainingChanges({ results, confirmed }: Pick<Run, "results"> & { confirmed: Plan }): Change[] {
  const left = results.filter((each) => each.outcome === "waiting" || each.outcome === "held");
  const known = new Set(left.map(({ step }) => keyOf(step)));
  const changes = confirmed.stacks.flatMap((stack) => stack.changes);
  return changes.filter((change) => {
    const { stack, logicalId, identifier } = change;
    return change.action !== "none" && !known.has(keyOf({ stack: stack.stack.name, logicalId, identifier }));
  });
}

function keyOf({
  stack,
  logicalId,
  identifier,
}: Pick<Step, "stack" | "logicalId"> & { identifier?: string | undefined }) {
  return JSON.stringify([stack, logicalId, identifier]);
}
