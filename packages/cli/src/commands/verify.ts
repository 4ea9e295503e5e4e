import type { Context } from "../context.ts";
import { type ExitCode, exitCodes, verificationExitCode } from "../exit.ts";
import { openLooking } from "../looking.ts";
import type { AwsFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { showVerification } from "../verification.ts";

/** `reconcile verify [PATH…]`: is what is declared there, and does it work? Read-only. */
export async function verify(paths: readonly string[], flags: AwsFlags, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const result = await openResult(flags.output, terminal);
  const planning = await openLooking(paths, flags, context);
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
