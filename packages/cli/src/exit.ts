import {
  type Diagnostic,
  isHeld,
  isWaiting,
  type Plan,
  type Run,
  remainingChanges,
  type VerificationReport,
} from "@reconcile/core";

/** Stable from the first release. */
export const exitCodes = {
  done: 0,
  /** Nothing was changed. */
  error: 1,
  /** Of a plan: there is something to do. */
  changes: 2,
  /** Some changes failed, or the plan after them is not empty. */
  incomplete: 3,
  /** Something that is to go is still used; a later run deletes it. */
  waiting: 4,
  /** A guard said no; nothing was changed. */
  refused: 5,
  /** Live AWS is not any more as it was when the plan was made. */
  moved: 6,
  /** Applied, and something does not work. */
  unverified: 7,
  /** Another run has the stack. */
  held: 8,
  usage: 64,
  /** Before any change. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Another account than the stack's is a guard's refusal; everything else that keeps a plan from being made is an error. */
const guards = new Set(["aws.wrong-account"]);

/** Of what kept a run from starting. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const codes = diagnostics.filter((each) => each.severity === "error").map(codeOf);
  const ranked = [exitCodes.error, exitCodes.held, exitCodes.moved, exitCodes.refused];
  return ranked.find((code) => codes.includes(code)) ?? exitCodes.error;
}

function codeOf({ code }: Diagnostic): ExitCode {
  if (guards.has(code)) return exitCodes.refused;
  if (code === "lease.held" || code === "lease.lost") return exitCodes.held;
  return code === "plan.moved" ? exitCodes.moved : exitCodes.error;
}

/** Is there anything to do? */
export function hasChanges(plan: Plan): boolean {
  return plan.stacks.some((stack) => stack.changes.some((change) => change.action !== "none"));
}

/** A plan is shown with its refusals; it is not applied with them. */
export function isRefused(plan: Plan): boolean {
  return plan.diagnostics.some((each) => each.severity === "error");
}

/** Of a command that only plans. `strict`: refusals are an exit code of their own. */
export function planExitCode(plan: Plan, strict: boolean): ExitCode {
  if (isRefused(plan)) return strict ? exitCodes.refused : exitCodes.changes;
  return hasChanges(plan) ? exitCodes.changes : exitCodes.done;
}

/** Of a run that came to its end. */
export function runExitCode(run: Run): ExitCode {
  const { results, confirmed } = run;
  const failed =
    results.some((result) => result.outcome === "failed") ||
    run.diagnostics.some((each) => each.severity === "error") ||
    (confirmed !== undefined && remainingChanges({ results, confirmed }).length > 0);
  const waits = isWaiting(run) ? exitCodes.waiting : exitCodes.done;
  const verified = (run.verification && verificationExitCode(run.verification)) || exitCodes.done;
  const ended = (isHeld(run) ? exitCodes.moved : undefined) ?? (waits || verified);
  if (run.mutated) return failed || run.interrupted || !confirmed ? exitCodes.incomplete : ended;
  if (run.interrupted) return exitCodes.interrupted;
  return failed ? exitCodeOf(run.diagnostics) : ended;
}

/** Of what was applied, now or earlier. What works and needs attention is done. */
export function verificationExitCode({ overallStatus }: VerificationReport): ExitCode {
  return overallStatus === "failed" ? exitCodes.unverified : exitCodes.done;
}
