import {
  checkCloudFormation,
  createRegistry,
  type Diagnostic,
  type LoadedStacks,
  leaveOutUnsupported,
  type Purpose,
  type Stack,
  type ValidateOptions,
  validateStacks,
} from "@reconcile/core";
import { types } from "@reconcile/providers";
import { specification } from "./specification.ts";

/** Everything that can be said about stacks without asking AWS, what loading them found included. */
export function validate(
  loaded: Pick<LoadedStacks, "stacks" | "neighbours" | "diagnostics">,
  environment: Readonly<Record<string, string | undefined>>,
  purpose: Purpose,
): Diagnostic[] {
  return validateStacks(loaded, optionsOf(environment, purpose));
}

/** The same without what is not supported, which is left out of the stacks and listed. */
export function validateWithout(
  loaded: Pick<LoadedStacks, "stacks" | "neighbours" | "diagnostics">,
  environment: Readonly<Record<string, string | undefined>>,
  purpose: Purpose,
): { stacks: readonly Stack[]; diagnostics: readonly Diagnostic[] } {
  return leaveOutUnsupported(loaded, optionsOf(environment, purpose));
}

function optionsOf(environment: ValidateOptions["environment"], purpose: Purpose): ValidateOptions {
  return { registry: createRegistry(types), specification: specification(), environment, purpose };
}

/** What would not go back to CloudFormation as it is: warnings and notes. */
export function cloudFormationNotes(
  stacks: readonly Stack[],
  sources: (file: string) => string | undefined,
): Diagnostic[] {
  return checkCloudFormation(stacks, { registry: createRegistry(types), specification: specification(), sources });
}
