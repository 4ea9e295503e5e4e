import {
  absent,
  createOnly,
  generatedName,
  keyed,
  type Location,
  policyDocument,
  refersTo,
  slot,
  tags,
  unordered,
} from "@reconcile/core";
import { z } from "zod";
import { ifFound } from "../aws/errors.ts";
import { tagList, tagMap, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { absentCode, accountDetails } from "./account.ts";
import { readRole } from "./live-role.ts";
import { nameCharacters, path, policyName } from "./names.ts";
import { emptyRole, updateAttachments, updateInline } from "./role-parts.ts";

const managedPolicy = refersTo("AWS::IAM::ManagedPolicy", z.string().min(20).max(2048));

const Policy = z.strictObject({ PolicyName: policyName, PolicyDocument: policyDocument() });

export const Role = defineResource({
  type: "AWS::IAM::Role",
  properties: z.strictObject({
    RoleName: createOnly(generatedName({ max: 64, characters: nameCharacters })),
    Path: createOnly(path.default("/")),
    AssumeRolePolicyDocument: policyDocument(),
    Description: absent(z.string().max(1000)),
    MaxSessionDuration: z.int().min(3600).max(43_200).default(3600),
    PermissionsBoundary: absent(managedPolicy),
    ManagedPolicyArns: slot("shared", unordered(z.array(managedPolicy))).default([]),
    Policies: slot("shared", keyed("PolicyName", z.array(Policy))).default([]),
    Tags: tags(),
  }),
  identifier: "RoleName",
  attributes: {
    Arn: { predict: (properties, location) => arnOf(properties, location) },
    RoleId: {},
  },
  absence: "read-by-name",
  scope: "partition",
  alwaysListed: ["iam:GetAccountAuthorizationDetails"],
  actions: {
    read: [
      "iam:GetAccountAuthorizationDetails",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "iam:ListRoles",
    ],
    write: [
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DeleteRolePermissionsBoundary",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRole",
    ],
  },
}).implement({
  async *list(aws) {
    const { roles } = await accountDetails.all(aws);
    for (const [identifier, role] of roles) yield { identifier, tags: tagMap(role.Tags) };
  },

  async read(aws, roleName) {
    const live = await readRole(aws, roleName);
    if (!live) return undefined;
    const { role } = live;
    return {
      identifier: roleName,
      properties: {
        RoleName: roleName,
        Path: role.Path ?? "/",
        AssumeRolePolicyDocument: live.trust,
        Description: role.Description || undefined,
        MaxSessionDuration: role.MaxSessionDuration ?? 3600,
        PermissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        ManagedPolicyArns: live.attached,
        Policies: live.inline,
      },
      // Of a role that it has just made IAM may give the id where the ARN belongs.
      attributes: { Arn: arnOf({ Path: role.Path, RoleName: roleName }, aws), RoleId: role.RoleId ?? "" },
      tags: tagMap(role.Tags),
    };
  },

  async create(aws, { properties, tags: wished }) {
    const { RoleName = "", Path, Description, MaxSessionDuration, PermissionsBoundary } = properties;
    const AssumeRolePolicyDocument = JSON.stringify(properties.AssumeRolePolicyDocument);
    const role = { RoleName, Path, Description, MaxSessionDuration, PermissionsBoundary, AssumeRolePolicyDocument };
    await aws.iam.createRole({ ...role, Tags: tagList(wished) });
    return RoleName;
  },

  async update(aws, { identifier: RoleName, properties: live }, { properties }, changed) {
    if (changed.has("AssumeRolePolicyDocument")) {
      const PolicyDocument = JSON.stringify(properties.AssumeRolePolicyDocument);
      await aws.iam.updateAssumeRolePolicy({ RoleName, PolicyDocument });
    }
    if (changed.has("Description") || changed.has("MaxSessionDuration")) {
      // Both, always: the one that is left out goes back to its default.
      const { Description = "" } = changed.has("Description") ? properties : live;
      const { MaxSessionDuration } = changed.has("MaxSessionDuration") ? properties : live;
      await aws.iam.updateRole({ RoleName, Description, MaxSessionDuration });
    }
    if (changed.has("PermissionsBoundary")) {
      const { PermissionsBoundary } = properties;
      await (PermissionsBoundary
        ? aws.iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary })
        : ifFound(aws.iam.deleteRolePermissionsBoundary({ RoleName }), absentCode));
    }
    await updateAttachments(aws, RoleName, changed);
    await updateInline(aws, RoleName, properties.Policies, changed);
  },

  async delete(aws, { identifier: RoleName }) {
    await ifFound(emptyRole(aws, RoleName), absentCode);
    await ifFound(aws.iam.deleteRole({ RoleName }), absentCode);
  },

  tag: (aws, { identifier: RoleName }, set, remove) =>
    writeTags(
      set,
      remove,
      (Tags) => aws.iam.tagRole({ RoleName, Tags }),
      (TagKeys) => aws.iam.untagRole({ RoleName, TagKeys }),
    ),
});

function arnOf(
  { Path, RoleName }: { Path?: string | undefined; RoleName?: string | undefined },
  { partition, account }: Location,
): string {
  return `arn:${partition}:iam::${account}:role${Path ?? "/"}${RoleName}`;
}
