import type { Diagnostic } from "../diagnostic.ts";
import { evaluateOutput } from "../template/evaluate.ts";
import { resourceLabel } from "../template/label.ts";
import type { Environment, Reference, Template } from "../template/model.ts";

/** What expires must not be needed by anything: one day it counts as not declared. Said from the first day on. */
export function checkExpiry(
  template: Template,
  references: ReadonlyMap<string, readonly Reference[]>,
  outputs: Iterable<string>,
  environment: Environment,
): Diagnostic[] {
  const expiring = new Map([...template.resources].filter(([, { reconcile }]) => reconcile.expires !== undefined));
  if (expiring.size === 0) return [];
  const ofOutputs = [...outputs].flatMap((name) => evaluateOutput(template, name, environment).references);
  return [...[...references.values()].flat(), ...ofOutputs].flatMap(({ logicalId, place }) => {
    const declaration = expiring.get(logicalId);
    if (!declaration) return [];
    return {
      code: "expires.referred",
      severity: "error",
      message: `${logicalId} expires on ${declaration.reconcile.expires}, and is referred to here.`,
      remedy: "Remove the reference, or expires.",
      resource: resourceLabel(declaration),
      place,
      related: [{ message: `"${logicalId}" is declared here.`, place: declaration.place }],
    } satisfies Diagnostic;
  });
}
