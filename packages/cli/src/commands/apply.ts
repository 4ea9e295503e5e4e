import type { Plan } from "@reconcile/core";
import { readApproval } from "../approval.ts";
import { ask, isYes } from "../ask.ts";
import { awsSettings } from "../aws.ts";
import { findBase } from "../base.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit.ts";
import { type ApplyFlags, lockOf } from "../options.ts";
import { checkTarget } from "../output.ts";
import { openPlanning } from "../planning.ts";
import { showAndRun } from "../run.ts";
import { checkedState } from "../state.ts";
import { UsageError } from "../usage.ts";
import { plan } from "./plan.ts";

/** `reconcile [PATH…]`: plans, shows the plan, asks, applies, and plans again. */
export async function apply(paths: readonly string[], flags: ApplyFlags, context: Context): Promise<ExitCode> {
  if (flags.plan && flags.planFile !== undefined)
    throw new UsageError("--plan makes a plan, and --plan-file applies one.", "use one of them");
  if (flags.plan) return plan(paths, flags, context);
  // Only a plan can be written as Markdown.
  if (flags.format === "markdown") throw new UsageError("reconcile has no --format markdown.", "use text or json");
  if (!flags.yes && !context.terminal.interactive) {
    throw new UsageError("There is no terminal to ask on.", "--yes applies without asking, --plan only looks");
  }
  await checkTarget(flags.output);
  return applyState(paths, flags, context);
}

/** Plans and applies the desired state, once it was agreed to. */
export async function applyState(
  paths: readonly string[],
  flags: ApplyFlags,
  context: Context,
  purpose?: "rollback",
): Promise<ExitCode> {
  const { terminal } = context;
  const approved = flags.planFile === undefined ? undefined : await readApproval(flags.planFile);
  const desired = await checkedState(paths, context);
  const base = await findBase(desired, { given: flags.base, purpose: "apply", environment: process.env });
  const settings = await awsSettings(flags, terminal);
  const bookkeeping = { ...lockOf(flags), ...(purpose && { purpose }) };
  const planning = await openPlanning(
    { ...flags, ...desired, base, settings, bookkeeping, ...(approved && { approved }) },
    flags,
    terminal,
  );
  const agree = async (): Promise<boolean> =>
    flags.yes || isYes(await ask(`\nApply this to ${placesOf(planning.prepared.plan)}? [y/N] `));
  try {
    return await showAndRun({ planning, context, all: flags.all, agree });
  } finally {
    planning.close();
  }
}

/** `crypto-agent in 123456789012, us-east-1`. */
function placesOf(plan: Plan): string {
  return plan.stacks
    .map(({ stack }) => `${stack.stack.name} in ${stack.location.account}, ${stack.location.region}`)
    .join("; ");
}
