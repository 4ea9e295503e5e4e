import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Pointer } from "../pointer.ts";
import type { Observed, ResourceType } from "../resource/model.ts";
import { retainedTag } from "../resource/owner.ts";
import type { Policy, ResourceDeclaration } from "../template/model.ts";
import { labelOf } from "./label.ts";
import type { Change } from "./model.ts";

/**
 * What becomes of a resource that leaves its template: what its declaration says, else its own tag, else CloudFormation's default.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function deletionPolicyOf(
  declaration: Pick<ResourceDeclaration, "deletionPolicy"> | undefined,
  type: Pick<ResourceType, "type">,
  observed: Pick<Observed, "properties" | "tags">,
): Policy {
  const tag = observed.tags?.[retainedTag];
  // Both have to let it go: the tag is what the last run was told, and the declaration may be of a revision that never ran.
  if (retains(declaration?.deletionPolicy) || (tag !== undefined && tag !== tagOf.Snapshot)) return "Retain";
  return declaration?.deletionPolicy ?? (tag === undefined ? defaultPolicy(type, observed) : "Snapshot");
}

export function retains(policy: Policy | undefined): boolean {
  return policy === "Retain" || policy === "RetainExceptOnCreate";
}

/** Databases that are no member of a cluster, and clusters: by default CloudFormation makes a last snapshot of them. */
function defaultPolicy({ type }: Pick<ResourceType, "type">, { properties }: Pick<Observed, "properties">): Policy {
  const isAlone = type === "AWS::RDS::DBInstance" && properties.DBClusterIdentifier === undefined;
  return isAlone || type === "AWS::RDS::DBCluster" ? "Snapshot" : "Delete";
}

const tagOf: Readonly<Record<Policy, string | undefined>> = {
  Delete: undefined,
  Retain: "true",
  // No run of ours takes a creation back.
  RetainExceptOnCreate: "true",
  Snapshot: "snapshot",
};

/** Written on the resource itself, for the run in which its declaration is gone. */
export function policyTags(policy: Policy | undefined): Record<string, string> {
  const value = policy && tagOf[policy];
  return value === undefined ? {} : { [retainedTag]: value };
}

/** Says of the old one of a replacement that it was let go: what carries it is never taken for a second one that is left over. */
export const replacedTags = { [retainedTag]: "replaced" };

export function isRetired({ tags }: Pick<Observed, "tags">): boolean {
  return tags?.[retainedTag] === replacedTags[retainedTag];
}

/** A last snapshot is due and cannot be made: nothing is deleted without it. */
export function noSnapshot(
  { logicalId, type }: { logicalId: string; type: Pick<ResourceType, "type"> },
  place: Place,
): Diagnostic {
  return {
    code: "deletion-policy.no-snapshot",
    severity: "error",
    message: `${logicalId} would be deleted after a last snapshot (DeletionPolicy: Snapshot, the default of some databases), and no snapshot of ${type.type} can be made yet.`,
    remedy: "declare DeletionPolicy and UpdateReplacePolicy as Delete and make a snapshot by hand, or as Retain",
    resource: labelOf({ logicalId, type }),
    place,
  };
}

/** What is to stay cannot outlive what it is a part of. */
export function lostWithParent(
  { logicalId, type }: { logicalId: string; type: Pick<ResourceType, "type"> },
  parent: Pick<Change, "logicalId" | "identifier" | "action">,
  place: Place,
): Diagnostic {
  const policy = parent.action === "replace" ? "UpdateReplacePolicy" : "DeletionPolicy";
  return {
    code: "deletion-policy.lost-with-parent",
    severity: "error",
    message: `${logicalId} is to stay, and would be lost with ${parent.logicalId} (${parent.identifier}), which it is a part of.`,
    remedy: `let ${parent.logicalId} stay too (${policy}: Retain), or let ${logicalId} go: reconcile with DeletionPolicy: Delete first`,
    resource: labelOf({ logicalId, type }),
    place,
  };
}

export function lostToParent(
  { logicalId, type }: { logicalId: string; type: Pick<ResourceType, "type"> },
  parent: { logicalId: string; path: Pointer },
  place: Place,
): Diagnostic {
  return {
    code: "deletion-policy.lost-to-parent",
    severity: "error",
    message: `${logicalId} is to stay without being declared, and ${parent.logicalId} would delete it: what nobody declares does not stay at its ${parent.path}.`,
    remedy: `declare it there instead; or let others write there, too: Metadata: { Reconcile: { ignore: [${parent.path}] } } at ${parent.logicalId}`,
    resource: labelOf({ logicalId, type }),
    place,
  };
}

export function protectedRefusal(
  { logicalId, type, identifier, place }: Pick<Change, "logicalId" | "type" | "identifier" | "place">,
  action: Change["action"],
  remedy: string,
): Diagnostic {
  return {
    code: "guard.protected",
    severity: "error",
    message: `${logicalId} (${identifier}) is protected, and would be ${action}d.`,
    remedy,
    resource: labelOf({ logicalId, type }),
    place,
  };
}
