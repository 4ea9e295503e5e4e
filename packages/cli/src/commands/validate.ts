import {
  hasErrors,
  redactDiagnostics,
  renderDiagnostics,
  renderWorkflowCommands,
  sarifDocument,
  sarifWords,
  sortDiagnostics,
  validationSummary,
} from "@reconcile/core";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { ValidateFlags } from "../options.ts";
import { checkTarget, openResult } from "../output.ts";
import { writeDiagnostics } from "../problems.ts";
import { openState } from "../state.ts";
import { cloudFormationNotes } from "../validation.ts";
import { repository, version } from "../version.ts";

/** `reconcile validate [PATH…]`: everything that can be said without asking AWS. */
export async function validate(paths: readonly string[], flags: ValidateFlags, context: Context): Promise<ExitCode> {
  await checkTarget(flags.output);
  const { stacks, diagnostics: problems } = await openState(paths, context, "files");
  const diagnostics = flags.cloudformation
    ? sortDiagnostics([...problems, ...cloudFormationNotes(stacks, context.sources)])
    : problems;
  const exitCode = hasErrors(diagnostics) ? exitCodes.error : exitCodes.done;
  if (flags.format === "json") {
    await writeDiagnostics(diagnostics, context);
    return exitCode;
  }
  const result = await openResult(flags.output, context.terminal);
  const redacted = redactDiagnostics(diagnostics, context.terminal.redact);
  if (flags.format === "sarif") {
    const { findEntry: page } = await import("@reconcile/core/catalogue");
    // What a result is recognised by is a hash of its line, which may hold a secret.
    const sources = (file: string) => context.terminal.redact(context.sources(file) ?? "");
    const options = { version, sources, page, ...(repository && { repository: repository.url }) };
    result.json(sarifDocument(redacted, options), { indent: 2, words: sarifWords });
  } else if (flags.format === "github")
    result.document([renderWorkflowCommands(redacted), validationSummary(stacks, diagnostics)].join("\n").trim());
  else {
    const { sources } = context;
    if (redacted.length > 0) result.text((style) => renderDiagnostics(redacted, { ...style, sources }), "err");
    result.text(() => validationSummary(stacks, diagnostics));
  }
  await result.finish();
  return exitCode;
}
