import type { Diagnostic } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";
import { didYouMean } from "../template/nearest.ts";
import type { ValidateOptions } from "./validate.ts";

/** A type whose data may be lost must be one: a misspelt name would protect nothing less, silently. */
export function checkGuards(
  stacks: readonly Stack[],
  { registry, specification }: Pick<ValidateOptions, "registry" | "specification">,
): Diagnostic[] {
  const names = new Map(
    stacks.flatMap(({ project }) => project.guards.allowDataLossOf.map((each) => [each.type, each])),
  );
  return [...names.values()].flatMap(({ type, place }) => {
    if (registry.has(type) || specification?.has(type)) return [];
    const known = registry.all().map((each) => each.type);
    return {
      code: "guard.unknown-type",
      severity: "error",
      message: `There is no resource type "${type}" whose data could be lost.`,
      remedy: didYouMean(type, known, "Correct the name, as in AWS::ECR::Repository."),
      place,
    } satisfies Diagnostic;
  });
}
