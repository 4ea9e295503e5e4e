import type { Diagnostic } from "../diagnostic.ts";
import type { Observed } from "../resource/model.ts";
import { ownerInTags, ownerTag, parseOwner, parseResourceTag, resourceOf, resourceTag } from "../resource/owner.ts";
import { labelOf } from "./label.ts";
import type { Desired, StackInstance } from "./model.ts";
import { isOwnedBy } from "./moves.ts";

export interface Refusal {
  kind: "refused";
  owner?: string;
  diagnostic: Diagnostic;
}
export type Claim = { kind: "ours" } | { kind: "adopt" } | Refusal;

/** Whose is what lives under a declared natural key? The table of owners in the architecture, from its second row on. */
export function claimOf(instance: StackInstance, desired: Desired, observed: Observed, former?: string): Claim {
  const { logicalId, type } = desired;
  const declaration = instance.stack.template.resources.get(logicalId);
  const owner = ownerInTags(observed.tags, observed.identifier);
  const isChild = type.within !== undefined;
  if (owner === instance.owner) {
    const tag = observed.tags?.[resourceTag];
    const other = parseResourceTag(tag);
    // A slot changes hands inside a stack without a trace: from parent to child, or from one child to another, which has its own elsewhere now.
    if (isChild || [logicalId, former].some((id) => id !== undefined && tag === resourceOf(id, type.type)))
      return { kind: "ours" };
    return refusal(
      desired,
      observed,
      owner,
      `It is ${other?.logicalId ?? "another resource"} of this stack.`,
      other
        ? `give ${logicalId} a name of its own, keep the logical id ${other.logicalId}, or say renamed-from`
        : `say which with its tag ${resourceTag}: ${resourceOf(logicalId, type.type)} where it is this one; or give ${logicalId} a name of its own`,
    );
  }
  const origin = declaration?.reconcile.movedFrom;
  const moved = origin && resourceOf(origin.logicalId ?? logicalId, type.type) === observed.tags?.[resourceTag];
  if (moved && isOwnedBy(instance, origin.stack, owner)) return { kind: "ours" };
  const other = parseOwner(owner);
  if (owner !== undefined)
    return refusal(
      desired,
      observed,
      owner,
      `It belongs to ${owner}.`,
      other?.project === instance.stack.project.name
        ? `if it moved here, take it over with Metadata: { Reconcile: { moved-from: ${other.stack} } }; else give it another name`
        : "remove it there first, or give it another name here",
    );
  const stackName = observed.tags?.["aws:cloudformation:stack-name"];
  if (stackName !== undefined) {
    return refusal(
      desired,
      observed,
      undefined,
      `It belongs to the CloudFormation stack ${stackName}.`,
      "remove it from that stack with DeletionPolicy Retain first, then add Metadata: { Reconcile: { adopt: true } }",
    );
  }
  if (observed.tags?.[ownerTag] !== undefined) {
    return refusal(
      desired,
      observed,
      undefined,
      "It is a copy that carries another resource's tags.",
      `remove its tag ${ownerTag}, then adopt it, or give ${logicalId} another name`,
    );
  }
  // What cannot be tagged would be taken over anew by every run.
  if (isChild && observed.tags === null) return { kind: "ours" };
  if (declaration?.reconcile.adopt !== undefined) return { kind: "adopt" };
  // A child that cannot be told apart by a tag of its own is ours while we declare it. A generated name is proof enough for what cannot be tagged.
  if (isChild || (observed.tags === null && desired.generatedName)) return { kind: "ours" };
  return refusal(
    desired,
    observed,
    undefined,
    "Nothing says that it is ours.",
    "add Metadata: { Reconcile: { adopt: true } } to take it over, or give it another name",
  );
}

/** It is another resource of the same stack already, or is about to be. */
export function takenTwice(desired: Desired, observed: Observed, other: string, owner: string): Refusal {
  const remedy = `give ${desired.logicalId} a name of its own, or take one of the two out of the template`;
  return refusal(desired, observed, owner, `It is ${other} of this stack.`, remedy);
}

function refusal(
  desired: Desired,
  observed: Observed,
  owner: string | undefined,
  whose: string,
  remedy: string,
): Refusal {
  const diagnostic: Diagnostic = {
    code: owner === undefined ? "exists.not-ours" : "exists.other-owner",
    severity: "error",
    message: `${observed.identifier} exists already. ${whose}`,
    remedy,
    resource: labelOf(desired),
    place: desired.evaluated.placeOf(""),
  };
  return { kind: "refused", ...(owner !== undefined && { owner }), diagnostic };
}
