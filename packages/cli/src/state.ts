import { DiagnosticError, hasErrors } from "@reconcile/core";
import type { Context } from "./context.ts";
import { type DesiredState, readDesiredState } from "./desired-state.ts";
import { showDiagnostics } from "./problems.ts";
import { declaredSecrets } from "./secrets.ts";
import { validate } from "./validation.ts";

/** Reads and checks the desired state, offline: rejects with a DiagnosticError when there is anything wrong. Warnings and notes are shown. */
export async function checkedState(paths: readonly string[], context: Context): Promise<DesiredState> {
  const desired = await openState(paths, context);
  if (hasErrors(desired.diagnostics)) throw new DiagnosticError(desired.diagnostics);
  // That a variable is not set is a note as long as nothing needs it: whoever goes on to plan gets the error.
  showDiagnostics(
    desired.diagnostics.filter((each) => each.code !== "input.env-missing"),
    context,
  );
  context.diagnostics = desired.diagnostics;
  return desired;
}

/** The desired state with everything that is wrong with it. */
export async function openState(paths: readonly string[], context: Context): Promise<DesiredState> {
  const read = await readDesiredState(paths, context.flags);
  context.sources = read.sources;
  context.terminal.hide(declaredSecrets(read.stacks, process.env));
  return { ...read, diagnostics: [...read.diagnostics, ...validate(read.stacks, process.env)] };
}
