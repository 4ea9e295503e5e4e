import { createRegistry, type Diagnostic, type Stack } from "@reconcile/core";
import { types } from "@reconcile/providers";
import { specification } from "./specification.ts";

/** Everything that can be said about stacks without asking AWS. */
export function validate(
  _stacks: readonly Stack[],
  _environment: Readonly<Record<string, string | undefined>>,
): Diagnostic[] {
  createRegistry(types);
  specification();
  return [];
}
