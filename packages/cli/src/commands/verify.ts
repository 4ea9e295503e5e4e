import { awsSettings } from "../aws.ts";
import { findBase } from "../base.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes, verificationExitCode } from "../exit.ts";
import type { AwsFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { openPlanning } from "../planning.ts";
import { checkedState } from "../state.ts";
import { showVerification } from "../verification.ts";

/** `reconcile verify [PATH…]`: is what is declared there, and does it work? Read-only. */
export async function verify(paths: readonly string[], flags: AwsFlags, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const result = await openResult(flags.output, terminal);
  const desired = await checkedState(paths, context);
  const base = await findBase(desired, { given: undefined, purpose: "look", environment: process.env });
  const settings = await awsSettings(flags, terminal);
  const planning = await openPlanning({ ...desired, base, settings, allowDelete: [] }, flags, terminal);
  try {
    const clear = terminal.waiting("checking…");
    const report = await planning.reconciler.verify(planning.prepared).finally(clear);
    showVerification(report, result, context);
    await result.finish();
    return planning.interrupts.received ? exitCodes.interrupted : verificationExitCode(report);
  } finally {
    planning.close();
  }
}
