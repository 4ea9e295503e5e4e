import type { Diagnostic } from "../diagnostic.ts";
import { type Linkable, linkStacks, mayExport, mayImport } from "../stack/exports.ts";
import { inputsOf, resolveParameters } from "../stack/index.ts";
import type { Stack } from "../stack/model.ts";
import { offlineEnvironment } from "./offline.ts";

/**
 * Holds what stacks import against what the project exports. What it does not export may be CloudFormation's, which only a plan can see: a warning where a name is near,
 * else a note.
 */
export function checkImports(
  stacks: readonly Stack[],
  neighbours: readonly Stack[],
  variables: Readonly<Record<string, string | undefined>>,
): Diagnostic[] {
  if (!stacks.some((stack) => mayImport(stack) || mayExport(stack))) return [];
  const parties: Linkable[] = [
    ...stacks.map((stack) => partyOf(stack, variables)),
    ...neighbours.map((stack): Linkable => ({ ...partyOf(stack, variables), isNeighbour: true })),
  ];
  const importers = parties.filter((each) => stacks.includes(each.stack));
  const { missing, diagnostics } = linkStacks(importers, parties);
  const absent = missing.map(({ request, remedy, related }): Diagnostic => {
    const { name, stack, place } = request;
    const what = stack ? `has the output "${name}" of a stack "${stack.name}"` : `exports "${name}"`;
    return {
      code: "import.not-in-project",
      severity: related ? "warning" : "note",
      message: `No stack of the project ${what}; a plan looks for it among CloudFormation's stacks.`,
      remedy,
      place,
      ...(related && { related }),
    };
  });
  return [...diagnostics, ...absent];
}

/** A stack as others see it, as far as its files say. */
export function partyOf(stack: Stack, variables: Readonly<Record<string, string | undefined>>): Linkable {
  const { parameters } = resolveParameters(stack, new Map());
  const environment = offlineEnvironment(stack, parameters, new Map(), variables);
  const requests = mayImport(stack) ? inputsOf(stack, environment.pseudo) : [];
  return { stack, environment, requests, account: stack.account, region: stack.region };
}
