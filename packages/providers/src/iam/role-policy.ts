import { createOnly, type Json, policyDocument, refersTo } from "@reconcile/core";
import { z } from "zod";
import { ifFound } from "../aws/errors.ts";
import { defineResource } from "../define.ts";
import { absentCode, accountDetails, documentOf } from "./account.ts";
import { readInline } from "./live-role.ts";
import { policyName } from "./names.ts";

export const RolePolicy = defineResource({
  type: "AWS::IAM::RolePolicy",
  properties: z.strictObject({
    PolicyName: createOnly(policyName),
    RoleName: createOnly(refersTo("AWS::IAM::Role", z.string().min(1).max(64))),
    PolicyDocument: policyDocument(),
  }),
  identifier: ["PolicyName", "RoleName"],
  within: {
    type: "AWS::IAM::Role",
    identifiedBy: "RoleName",
    property: "Policies",
    element: ({ PolicyName, PolicyDocument }) => ({ PolicyName, PolicyDocument: PolicyDocument as Json }),
  },
  absence: "read-by-name",
  scope: "partition",
  actions: {
    read: ["iam:GetAccountAuthorizationDetails", "iam:GetRolePolicy"],
    write: ["iam:DeleteRolePolicy", "iam:PutRolePolicy"],
  },
  departures: { "/PolicyDocument": "IAM takes no policy without a document" },
}).implement({
  async *list(aws) {
    const { roles } = await accountDetails.all(aws);
    for (const { RoleName, RolePolicyList = [] } of roles.values()) {
      for (const { PolicyName } of RolePolicyList) yield { identifier: `${PolicyName}|${RoleName}` };
    }
  },

  async read(aws, identifier) {
    const [PolicyName = "", RoleName = ""] = identifier.split("|");
    const account = await accountDetails.current(aws);
    const listed = account?.roles.get(RoleName)?.RolePolicyList?.find((policy) => policy.PolicyName === PolicyName);
    // What the list does not know yet may be there all the same.
    const policy = listed
      ? { PolicyName, PolicyDocument: documentOf(listed.PolicyDocument) }
      : await readInline(aws, RoleName, PolicyName);
    return policy && { identifier, properties: { ...policy, RoleName }, attributes: {}, tags: null };
  },

  async create(aws, { properties }) {
    const { PolicyName, RoleName, PolicyDocument } = properties;
    await aws.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
    return `${PolicyName}|${RoleName}`;
  },

  async update(aws, _observed, { properties: { PolicyName, RoleName, PolicyDocument } }) {
    await aws.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
  },

  async delete(aws, { properties: { PolicyName, RoleName } }) {
    await ifFound(aws.iam.deleteRolePolicy({ RoleName, PolicyName }), absentCode);
  },
});
