import {
  type Diagnostic,
  DiagnosticError,
  diagnosticDocument,
  isLeftOutNotice,
  redactDiagnostics,
  renderDiagnostics,
} from "@reconcile/core";
import type { Context } from "./context.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit.ts";
import { Interrupted } from "./interrupts.ts";
import { openResult } from "./output.ts";
import { progressOfRun } from "./progress.ts";

/** Shows diagnostics to people. */
export function showDiagnostics(diagnostics: readonly Diagnostic[], { terminal, sources }: Context): void {
  if (diagnostics.length === 0) return;
  const redacted = redactDiagnostics(diagnostics, terminal.redact);
  terminal.err(renderDiagnostics(redacted, { ...terminal.errStyle, sources }));
}

/** A plan is to be read at one look: of warnings about the files it says only that there are some, and names what is left out. Documents have room for all of them. */
export function mentionWarnings({ terminal, flags, diagnostics }: Context): void {
  const count = diagnostics.filter((each) => each.severity === "warning").length;
  if (count === 0 || flags.format !== "text") return;
  const left = flags.skipUnsupported ? new Set(diagnostics.filter(isLeftOutNotice).map((each) => each.resource)) : [];
  const names = [...left].filter((each) => each !== undefined);
  if (names.length > 0)
    terminal.err(`left out of this run: ${names.join(", ")}; \`reconcile validate --skip-unsupported\` says why`);
  terminal.err(
    `${count} ${count === 1 ? "warning" : "warnings"} about the files: \`reconcile validate\` shows ${count === 1 ? "it" : "them"}`,
  );
}

/** Reports what ended a command, but for wrong usage: to people on stderr, and with --format json as a document. Gives the exit code. */
export async function reportFailure(error: unknown, context: Context): Promise<ExitCode> {
  const { terminal, flags } = context;
  if (error instanceof Interrupted) {
    terminal.err("\ninterrupted   Nothing was changed.");
    return exitCodes.interrupted;
  }
  const diagnostics = diagnosticsOf(error);
  showDiagnostics(diagnostics, context);
  if (flags.debug) terminal.err(`\n${stackOf(error)}`);
  if (flags.format === "json") await writeDiagnostics([...context.diagnostics, ...diagnostics], context);
  return progressOfRun.mutated ? exitCodes.incomplete : exitCodeOf(diagnostics);
}

/** `{ "diagnostics": […] }`, the document of whatever could not be planned. */
export async function writeDiagnostics(
  diagnostics: readonly Diagnostic[],
  { terminal, flags }: Context,
): Promise<void> {
  const document = diagnosticDocument(redactDiagnostics(diagnostics, terminal.redact));
  const result = await openResult(flags.output, terminal);
  result.json(document, { indent: 2 });
  await result.finish();
}

function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (isSandboxError(error))
    return [{ code: "sandbox.failed", severity: "error", message: error.message, remedy: error.remedy }];
  const message = error instanceof Error ? error.message : String(error);
  return [
    {
      code: "internal.error",
      severity: "error",
      message: `This should not have happened: ${message}`,
      remedy: "Run again with --debug and report it.",
    },
  ];
}

/** By name: loading the sandbox to compare classes would slow down every error. */
function isSandboxError(error: unknown): error is Error & { remedy: string } {
  return error instanceof Error && error.name === "SandboxError" && "remedy" in error;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
