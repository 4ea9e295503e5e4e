import { DiagnosticError, declaredSecrets, filters, hasErrors, type Purpose } from "@reconcile/core";
import type { Context } from "./context.ts";
import { type DesiredState, readDesiredState } from "./desired-state.ts";
import { validate, validateWithout } from "./validation.ts";

/** Reads and checks the desired state, before anything is contacted: rejects with a DiagnosticError when anything is wrong. Its diagnostics are warnings and notes then. */
export async function checkedState(paths: readonly string[], context: Context): Promise<DesiredState> {
  const desired = await openState(paths, context, "plan");
  if (hasErrors(desired.diagnostics)) throw new DiagnosticError(desired.diagnostics);
  context.diagnostics = desired.diagnostics;
  return desired;
}

/** The desired state with everything that is wrong with it. */
export async function openState(paths: readonly string[], context: Context, purpose: Purpose): Promise<DesiredState> {
  const read = await readDesiredState(paths, context.flags, purpose === "plan");
  context.sources = read.sources;
  context.terminal.hide(declaredSecrets(read.stacks, process.env), filters);
  if (context.flags.skipUnsupported) return { ...read, ...validateWithout(read, process.env, purpose) };
  return { ...read, diagnostics: validate(read, process.env, purpose) };
}
