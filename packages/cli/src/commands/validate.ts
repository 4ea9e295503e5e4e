import { hasErrors } from "@reconcile/core";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { allowFormats, type LoadFlags } from "../options.ts";
import { checkTarget, openResult } from "../output.ts";
import { showDiagnostics, writeDiagnostics } from "../problems.ts";
import { openState } from "../state.ts";

/** `reconcile validate [PATH…]`: everything that can be said without asking AWS. */
export async function validate(paths: readonly string[], flags: LoadFlags, context: Context): Promise<ExitCode> {
  allowFormats("validate", flags, "text", "json");
  await checkTarget(flags.output);
  const { stacks, diagnostics } = await openState(paths, context, "files");
  const isValid = !hasErrors(diagnostics);
  if (flags.format === "json") {
    await writeDiagnostics(diagnostics, context);
  } else {
    showDiagnostics(diagnostics, context);
    const names = stacks.map((stack) => stack.name).join(", ");
    const resources = stacks.reduce((sum, stack) => sum + stack.template.resources.size, 0);
    const result = await openResult(flags.output, context.terminal);
    if (isValid) result.text(() => `valid   ${names}: ${resources} ${resources === 1 ? "resource" : "resources"}`);
    await result.finish();
  }
  return isValid ? exitCodes.done : exitCodes.error;
}
