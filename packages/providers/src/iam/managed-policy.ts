import type { ManagedPolicyDetail, Policy, PolicyVersion } from "@aws-sdk/client-iam";
import { absent, createOnly, DiagnosticError, generatedName, type Json, policyDocument } from "@reconcile/core";
import { z } from "zod";
import type { Aws } from "../aws/context.ts";
import { hasCode, ifFound } from "../aws/errors.ts";
import { pages } from "../aws/pages.ts";
import { tagList, tagMap, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { absentCode, accountDetails, documentOf, nextMarker, ownTags, taggedInIam } from "./account.ts";
import { nameCharacters, path } from "./names.ts";

/** How many versions of a policy IAM keeps. */
const mostVersions = 5;

const fromRoles = "declare it at the role: ManagedPolicyArns of AWS::IAM::Role";

export const ManagedPolicy = defineResource({
  type: "AWS::IAM::ManagedPolicy",
  properties: z.strictObject({
    ManagedPolicyName: createOnly(generatedName({ max: 128, characters: nameCharacters })),
    Path: createOnly(path.default("/")),
    Description: createOnly(absent(z.string().max(1000))),
    PolicyDocument: policyDocument(),
  }),
  identifier: "PolicyArn",
  attributes: {
    PolicyArn: {
      predict: ({ Path, ManagedPolicyName }, { partition, account }) =>
        `arn:${partition}:iam::${account}:policy${Path}${ManagedPolicyName}`,
    },
    PolicyId: {},
    DefaultVersionId: { varies: (changed) => changed.has("PolicyDocument") },
    AttachmentCount: {},
    PermissionsBoundaryUsageCount: {},
    IsAttachable: {},
    CreateDate: {},
    UpdateDate: { varies: (changed) => changed.has("PolicyDocument") },
  },
  // A name is had once in an account, whatever its path and the case of its letters.
  naturalKey: ({ ManagedPolicyName: name }) => (typeof name === "string" ? name.toLowerCase() : undefined),
  absence: "index-and-list",
  scope: "partition",
  actions: {
    read: [
      "iam:GetAccountAuthorizationDetails",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:ListEntitiesForPolicy",
      "iam:ListPolicyTags",
      "iam:ListPolicyVersions",
      "tag:GetResources",
    ],
    write: [
      "iam:CreatePolicy",
      "iam:CreatePolicyVersion",
      "iam:DeletePolicy",
      "iam:DeletePolicyVersion",
      "iam:TagPolicy",
      "iam:UntagPolicy",
    ],
  },
  unsupported: {
    Groups: "attach it to the group itself: an attachment has one declarer",
    Roles: fromRoles,
    Users: "attach it to the user itself: an attachment has one declarer",
  },
}).implement({
  async *list(aws) {
    const [{ policies }, tagged] = await Promise.all([accountDetails.all(aws), taggedInIam(aws)]);
    for (const [identifier, { PolicyName = "" }] of policies) {
      const known = tagged.get(identifier);
      yield { identifier, naturalKey: PolicyName.toLowerCase(), ...(known && { tags: known }) };
    }
  },

  async read(aws, arn) {
    const listed = (await accountDetails.current(aws))?.policies.get(arn);
    // What the list does not know yet may be there all the same.
    if (!listed) return ifFound(readByItself(aws, arn), absentCode);
    const version = listed.PolicyVersionList?.find((each) => each.VersionId === listed.DefaultVersionId);
    const tags = (await taggedInIam(aws)).get(arn) ?? {};
    return { ...observed(arn, listed, version), tags, tagsFromIndex: true };
  },

  async create(aws, { properties, tags }) {
    const { Policy } = await aws.iam.createPolicy({
      PolicyName: properties.ManagedPolicyName,
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: JSON.stringify(properties.PolicyDocument),
      Tags: tagList(tags),
    });
    return Policy?.Arn ?? "";
  },

  async update(aws, { identifier: PolicyArn }, { properties }) {
    const versions = await otherVersions(aws, PolicyArn);
    const [oldest] = versions;
    if (oldest && versions.length + 1 >= mostVersions)
      await ifFound(aws.iam.deletePolicyVersion({ PolicyArn, VersionId: oldest }), absentCode);
    const PolicyDocument = JSON.stringify(properties.PolicyDocument);
    await aws.iam.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true });
  },

  async delete(aws, { identifier: PolicyArn }) {
    const versions = await ifFound(otherVersions(aws, PolicyArn), absentCode);
    if (!versions) return;
    for (const VersionId of versions) await ifFound(aws.iam.deletePolicyVersion({ PolicyArn, VersionId }), absentCode);
    try {
      await ifFound(aws.iam.deletePolicy({ PolicyArn }), absentCode);
    } catch (error) {
      throw hasCode(error, "DeleteConflict") ? await stillAttached(aws, PolicyArn, error) : error;
    }
  },

  tags: (aws, { identifier: PolicyArn }) =>
    ownTags((Marker) => aws.iam.listPolicyTags({ PolicyArn, MaxItems: 1000, Marker })),

  tag: (aws, { identifier: PolicyArn }, set, remove) =>
    writeTags(
      set,
      remove,
      (Tags) => aws.iam.tagPolicy({ PolicyArn, Tags }),
      (TagKeys) => aws.iam.untagPolicy({ PolicyArn, TagKeys }),
    ),
});

async function readByItself(aws: Aws, PolicyArn: string) {
  const { Policy: policy = {} } = await aws.iam.getPolicy({ PolicyArn });
  const { PolicyVersion } = await aws.iam.getPolicyVersion({ PolicyArn, VersionId: policy.DefaultVersionId });
  return { ...observed(PolicyArn, policy, PolicyVersion), tags: tagMap(policy.Tags) };
}

function observed(arn: string, policy: ManagedPolicyDetail | Policy, version: PolicyVersion | undefined) {
  const { PolicyId, DefaultVersionId, AttachmentCount, PermissionsBoundaryUsageCount, IsAttachable } = policy;
  const attributes: Record<string, Json | undefined> = {
    PolicyArn: arn,
    PolicyId,
    DefaultVersionId,
    AttachmentCount,
    PermissionsBoundaryUsageCount,
    IsAttachable,
    CreateDate: policy.CreateDate?.toISOString(),
    UpdateDate: policy.UpdateDate?.toISOString(),
  };
  return {
    identifier: arn,
    // Nothing but the document can change, and each has a version.
    ...(DefaultVersionId !== undefined && { version: DefaultVersionId }),
    properties: {
      ManagedPolicyName: policy.PolicyName,
      Path: policy.Path ?? "/",
      Description: policy.Description || undefined,
      PolicyDocument: documentOf(version?.Document),
    },
    attributes: Object.fromEntries(
      Object.entries(attributes).filter((entry): entry is [string, Json] => entry[1] !== undefined),
    ),
  };
}

/** The ids of the versions that are not in force, the oldest first. */
async function otherVersions(aws: Aws, PolicyArn: string): Promise<string[]> {
  const others: string[] = [];
  const list = pages((Marker) => aws.iam.listPolicyVersions({ PolicyArn, MaxItems: 1000, Marker }), nextMarker);
  for await (const { Versions = [] } of list)
    others.push(...Versions.filter((each) => !each.IsDefaultVersion).map(({ VersionId = "" }) => VersionId));
  return others.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** IAM only says that it is attached, and not to what. */
async function stillAttached(aws: Aws, PolicyArn: string, cause: unknown): Promise<DiagnosticError> {
  const users: string[] = [];
  const list = pages((Marker) => aws.iam.listEntitiesForPolicy({ PolicyArn, MaxItems: 1000, Marker }), nextMarker);
  for await (const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } of list) {
    users.push(...PolicyRoles.map(({ RoleName }) => `role ${RoleName}`));
    users.push(...PolicyUsers.map(({ UserName }) => `user ${UserName}`));
    users.push(...PolicyGroups.map(({ GroupName }) => `group ${GroupName}`));
  }
  const diagnostic = {
    code: "delete.in-use",
    severity: "error" as const,
    message: `${PolicyArn} is still attached to ${users.join(", ")}.`,
    remedy: "detach it there and run again, or keep it with DeletionPolicy: Retain",
  };
  return new DiagnosticError(diagnostic, { cause });
}
