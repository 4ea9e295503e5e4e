import type { ManagedPolicyDetail, Role, RoleDetail, Tag } from "@aws-sdk/client-iam";
import { isRecord, type Tags } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { listing } from "../aws/listing.ts";
import { pages } from "../aws/pages.ts";
import { policyDocument } from "../aws/policy-documents.ts";
import { taggedResources, tagMap } from "../aws/tags.ts";

/** IAM's word for "there is no such thing". */
export const absentCode = "NoSuchEntity";

/** Every role, by name, and every customer managed policy, by ARN, with all their documents. */
export interface AccountDetails {
  roles: ReadonlyMap<string, RoleDetail>;
  policies: ReadonlyMap<string, ManagedPolicyDetail>;
}

/** One chain of pages instead of three calls for each role and two for each policy. */
export const accountDetails = listing("iam account", async (aws): Promise<AccountDetails> => {
  const details = pages(
    (Marker) =>
      aws.iam.getAccountAuthorizationDetails({ Filter: ["Role", "LocalManagedPolicy"], MaxItems: 1000, Marker }),
    nextMarker,
  );
  const roles = new Map<string, RoleDetail>();
  const policies = new Map<string, ManagedPolicyDetail>();
  for await (const { RoleDetailList = [], Policies = [] } of details) {
    for (const role of RoleDetailList) roles.set(role.RoleName ?? "", role);
    for (const policy of Policies) policies.set(policy.Arn ?? "", policy);
  }
  return { roles, policies };
});

/** Every role by name, for its description and longest session: the account's details lack these two. */
export function everyRole(aws: Aws): Promise<ReadonlyMap<string, Role>> {
  return aws.memo("iam roles", async () => {
    const roles = new Map<string, Role>();
    const list = pages((Marker) => aws.iam.listRoles({ MaxItems: 1000, Marker }), nextMarker);
    for await (const { Roles = [] } of list) for (const role of Roles) roles.set(role.RoleName ?? "", role);
    return roles;
  });
}

/** Tags of the policies, instance profiles and OIDC providers that carry an owner tag of ours, by ARN, from the index. It knows no roles. */
export function taggedInIam(aws: Aws): Promise<ReadonlyMap<string, Tags>> {
  return taggedResources(aws, "iam", aws.globalRegion);
}

/** The tags of one resource, from all pages of IAM's own list. undefined: IAM says that there is no such resource. */
export function ownTags(read: (Marker: string | undefined) => Promise<TagPage>): Promise<Tags | undefined> {
  async function all(): Promise<Tags> {
    const tags: Tag[] = [];
    for await (const { Tags = [] } of pages(read, nextMarker)) tags.push(...Tags);
    return tagMap(tags);
  }
  return ifFound(all(), absentCode);
}

interface TagPage {
  Tags?: Tag[] | undefined;
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}

/** IAM's pages carry a marker only where there are more. */
export function nextMarker(page: {
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}): string | undefined {
  return page.IsTruncated ? page.Marker : undefined;
}

/** A document as IAM answers with it. Throws when it is none: an empty one would pass for a change. */
export function documentOf(text: string | undefined): Record<string, unknown> {
  const document = policyDocument(text ?? "");
  if (!isRecord(document)) throw new Error("IAM answered with a policy document that is not an object.");
  return document;
}
