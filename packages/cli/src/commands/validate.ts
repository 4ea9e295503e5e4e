import { hasErrors, sortDiagnostics } from "@reconcile/core";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { allowFormats, type ValidateFlags } from "../options.ts";
import { checkTarget, openResult } from "../output.ts";
import { showDiagnostics, writeDiagnostics } from "../problems.ts";
import { openState } from "../state.ts";
import { cloudFormationNotes } from "../validation.ts";

/** `reconcile validate [PATH…]`: everything that can be said without asking AWS. */
export async function validate(paths: readonly string[], flags: ValidateFlags, context: Context): Promise<ExitCode> {
  allowFormats("validate", flags, "text", "json");
  await checkTarget(flags.output);
  const { stacks, diagnostics: problems } = await openState(paths, context, "files");
  const diagnostics = flags.cloudformation
    ? sortDiagnostics([...problems, ...cloudFormationNotes(stacks, context.sources)])
    : problems;
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
