import { awsSettings } from "../aws.ts";
import { findBase } from "../base.ts";
import type { Context } from "../context.ts";
import { type ExitCode, planExitCode } from "../exit.ts";
import type { PlanFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { openPlanning } from "../planning.ts";
import { mentionWarnings } from "../problems.ts";
import { showPlan, viewOf } from "../render/plan.ts";
import { checkedState } from "../state.ts";

/** `reconcile plan [PATH…]`: reads, and says what would be done. */
export async function plan(paths: readonly string[], given: PlanFlags, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  // A file of that name is a plan that is to be applied as it was saved.
  const isSaved = given.format === "text" && given.output?.endsWith(".json");
  const flags: PlanFlags = isSaved ? { ...given, format: "json" } : given;
  const result = await openResult(flags.output, terminal);
  const desired = await checkedState(paths, context);
  const base = await findBase(desired, { given: flags.base, purpose: "plan", environment: process.env });
  const settings = await awsSettings(flags, terminal);
  const planning = await openPlanning({ ...flags, ...desired, base, settings }, flags, terminal);
  planning.close();
  const { plan: made } = planning.prepared;
  const { durationMs, dirty } = planning;
  const view = viewOf(made, { durationMs, all: flags.all, dirty }, terminal);
  showPlan(view, flags.format, result);
  mentionWarnings(context);
  await result.finish();
  return planExitCode(made, flags.strict);
}
