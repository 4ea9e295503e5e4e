import { createRedactor, type Diagnostic, DiagnosticError, hasErrors } from "@reconcile/core";
import type { Context } from "./context.ts";
import { type DesiredState, readDesiredState } from "./desired-state.ts";
import { declaredSecrets } from "./secrets.ts";
import { validate } from "./validation.ts";

/** Reads and checks the desired state, before anything is contacted: rejects with a DiagnosticError when anything is wrong. Its diagnostics are warnings and notes then. */
export async function checkedState(paths: readonly string[], context: Context): Promise<DesiredState> {
  const desired = await openState(paths, context);
  const diagnostics = desired.diagnostics.map(needed);
  if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
  context.diagnostics = diagnostics;
  return { ...desired, diagnostics };
}

/** The desired state with everything that is wrong with it. */
export async function openState(paths: readonly string[], context: Context): Promise<DesiredState> {
  const read = await readDesiredState(paths, context.flags);
  context.sources = read.sources;
  context.terminal.hide(declaredSecrets(read.stacks, process.env), createRedactor);
  return { ...read, diagnostics: validate(read, process.env) };
}

/** That a variable is not set is a note while files are only looked at. Who plans needs it. */
function needed(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === "input.env-missing" ? { ...diagnostic, severity: "error" } : diagnostic;
}
