import {
  checkCloudFormation,
  createRegistry,
  type Diagnostic,
  type Purpose,
  type Stack,
  validateStacks,
} from "@reconcile/core";
import { types } from "@reconcile/providers";
import { specification } from "./specification.ts";

/** Everything that can be said about stacks without asking AWS, what loading them found included. */
export function validate(
  loaded: { stacks: readonly Stack[]; diagnostics: readonly Diagnostic[] },
  environment: Readonly<Record<string, string | undefined>>,
  purpose: Purpose,
): Diagnostic[] {
  const registry = createRegistry(types);
  return validateStacks(loaded, { registry, specification: specification(), environment, purpose });
}

/** What would not go back to CloudFormation as it is: warnings and notes. */
export function cloudFormationNotes(
  stacks: readonly Stack[],
  sources: (file: string) => string | undefined,
): Diagnostic[] {
  return checkCloudFormation(stacks, { registry: createRegistry(types), specification: specification(), sources });
}
