import {
  DiagnosticError,
  eventDocument,
  isWaiting,
  type Run,
  type RunEvent,
  redactRun,
  renderEvent,
  renderRunEnd,
} from "@reconcile/core";
import type { Context } from "./context.ts";
import { type ExitCode, exitCodes, hasChanges, isRefused, runExitCode, verificationExitCode } from "./exit.ts";
import { openResult, type Result } from "./output.ts";
import type { Planning } from "./planning.ts";
import { mentionWarnings, showDiagnostics } from "./problems.ts";
import { viewOf } from "./render/plan.ts";
import { openProgress } from "./render/progress.ts";
import { showVerification } from "./verification.ts";

/** What a run shows and asks. */
export interface RunPlanOptions {
  planning: Planning;
  context: Context;
  /** Unchanged resources too. */
  all: boolean;
  /** Then there are no outputs to show. */
  destroys?: boolean;
  /** Asked before anything is changed. */
  agree(): Promise<boolean>;
}

/** How often a plan is made anew because another run came between. */
const mostPlans = 3;

/** Shows a plan, and does what it says: unless it is empty, refused, or not agreed to. When another run has changed the stacks meanwhile, it is made and shown anew. */
export async function showAndRun(options: RunPlanOptions): Promise<ExitCode> {
  const { planning, context } = options;
  for (let plans = 1; ; plans++) {
    try {
      return await showAndRunOnce(options);
    } catch (error) {
      if (plans >= mostPlans || planning.interrupts.received || !hasMoved(error)) throw error;
      context.terminal.err("\nanother run has changed the stacks since this plan was made: planning again\n");
      await planning.again();
    }
  }
}

function hasMoved(error: unknown): boolean {
  return error instanceof DiagnosticError && error.diagnostics.every((each) => each.code === "plan.moved");
}

async function showAndRunOnce(options: RunPlanOptions): Promise<ExitCode> {
  const { planning, context, all } = options;
  const { terminal, flags } = context;
  const { plan } = planning.prepared;
  const result = await openResult(flags.output, terminal);
  const view = viewOf(plan, { durationMs: planning.durationMs, all, dirty: planning.dirty }, terminal);
  if (flags.format === "json") {
    result.json(view.document());
    terminal.err(view.text(terminal.errStyle));
  } else {
    result.text(view.text);
  }
  if (!options.destroys) mentionWarnings(context);
  if (isRefused(plan)) {
    terminal.err("\nrefused   Nothing was changed.");
    await result.finish();
    return exitCodes.refused;
  }
  if (!hasChanges(plan)) {
    await settle(planning, context);
    const verified = options.destroys ? exitCodes.done : await verifyUnchanged(planning, context, result);
    const code = isWaiting({ results: [], confirmed: plan }) ? exitCodes.waiting : verified;
    await result.finish();
    return code;
  }
  if (planning.interrupts.received || !(await options.agree())) {
    terminal.err("Nothing was changed.");
    return exitCodes.interrupted;
  }
  planning.interrupts.beginApplying();
  const run = await follow(planning, context, (event) => {
    if (flags.format !== "json") return;
    const told = event.kind === "run-finished" ? { ...event, run: shownRun(event.run, options) } : event;
    result.json(eventDocument(told));
  });
  const sources = context.sources;
  const redacted = redactRun(shownRun(run, options), terminal.redact);
  if (flags.format === "json") terminal.err(renderRunEnd(redacted, { ...terminal.errStyle, sources }));
  else result.text((style) => `\n${renderRunEnd(redacted, { ...style, sources })}`);
  await result.finish();
  return runExitCode(run);
}

/** Writes down that live AWS is as the files have it, where that is not known yet. */
async function settle({ reconciler, prepared, interrupts }: Planning, context: Context): Promise<void> {
  interrupts.beginApplying();
  const events = reconciler.settle(prepared);
  for (let next = await events.next(); ; next = await events.next()) {
    if (next.done) return showDiagnostics(next.value, context);
    context.terminal.err(renderEvent(next.value));
  }
}

/** That nothing is to change does not say that it works. Runs the checks, where there are any. */
async function verifyUnchanged(planning: Planning, context: Context, result: Result): Promise<ExitCode> {
  const { reconciler, prepared } = planning;
  if (prepared.worlds.every((world) => world.instance.stack.checks === undefined)) return exitCodes.done;
  const clear = context.terminal.waiting("checking…");
  const report = await reconciler.verify(prepared).finally(clear);
  showVerification(report, result, context, { line: true });
  return verificationExitCode(report);
}

/** What is destroyed has no outputs. */
function shownRun(run: Run, { destroys }: RunPlanOptions): Run {
  return destroys ? { ...run, outputs: {} } : run;
}

async function follow(planning: Planning, context: Context, tell: (event: RunEvent) => void): Promise<Run> {
  const { reconciler, prepared } = planning;
  const progress = await openProgress(prepared.graph, context);
  try {
    const events = reconciler.apply(prepared);
    for (let next = await events.next(); ; next = await events.next()) {
      if (next.done) return next.value;
      tell(next.value);
      progress.event(next.value);
    }
  } finally {
    progress.end();
  }
}
