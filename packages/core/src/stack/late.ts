import type { Diagnostic } from "../diagnostic.ts";
import type { Environment } from "../template/model.ts";
import type { Stack } from "./model.ts";

/** A stack with its template read again, where what it declares depends on values (`Template.late`): with those that are known now, and what is wrong then. */
export function readLate(stack: Stack, environment: Environment): { stack: Stack; diagnostics: readonly Diagnostic[] } {
  const again = stack.template.late?.read(environment);
  return again?.value
    ? { stack: { ...stack, template: again.value }, diagnostics: again.diagnostics }
    : { stack, diagnostics: [] };
}
