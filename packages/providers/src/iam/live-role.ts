import type { AttachedPolicy, Role } from "@aws-sdk/client-iam";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { pages } from "../aws/pages.ts";
import { absentCode, accountDetails, documentOf, everyRole, nextMarker } from "./account.ts";

export interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: Record<string, unknown>;
}

export interface LiveRole {
  role: Partial<Role>;
  trust: Record<string, unknown>;
  attached: string[];
  inline: InlinePolicy[];
}

/** A role with all that belongs to it. undefined: IAM says that there is none. */
export async function readRole(aws: Aws, RoleName: string): Promise<LiveRole | undefined> {
  const account = await accountDetails.current(aws);
  const detail = account?.roles.get(RoleName);
  const listed = detail && (await everyRole(aws)).get(RoleName);
  // What the lists do not know yet may be there all the same.
  if (!listed) return ifFound(readByItself(aws, RoleName), absentCode);
  return {
    role: { ...listed, ...detail },
    trust: documentOf(detail.AssumeRolePolicyDocument),
    attached: arnsOf(detail.AttachedManagedPolicies),
    inline: (detail.RolePolicyList ?? []).map(({ PolicyName = "", PolicyDocument }) => ({
      PolicyName,
      PolicyDocument: documentOf(PolicyDocument),
    })),
  };
}

async function readByItself(aws: Aws, RoleName: string): Promise<LiveRole> {
  const answer = await aws.iam.getRole({ RoleName });
  const role: Partial<Role> = answer.Role ?? {};
  const [names, attached] = await Promise.all([inlineNames(aws, RoleName), attachedArns(aws, RoleName)]);
  const inline = await Promise.all(names.map((name) => readInline(aws, RoleName, name)));
  const trust = documentOf(role.AssumeRolePolicyDocument);
  return { role, trust, attached, inline: inline.filter((policy) => policy !== undefined) };
}

/** One inline policy, alone. undefined: there is no such policy, or no such role. */
export async function readInline(aws: Aws, RoleName: string, PolicyName: string): Promise<InlinePolicy | undefined> {
  const answer = await ifFound(aws.iam.getRolePolicy({ RoleName, PolicyName }), absentCode);
  return answer && { PolicyName, PolicyDocument: documentOf(answer.PolicyDocument) };
}

export async function inlineNames(aws: Aws, RoleName: string): Promise<string[]> {
  const names: string[] = [];
  const list = pages((Marker) => aws.iam.listRolePolicies({ RoleName, MaxItems: 1000, Marker }), nextMarker);
  for await (const { PolicyNames = [] } of list) names.push(...PolicyNames);
  return names;
}

export async function attachedArns(aws: Aws, RoleName: string): Promise<string[]> {
  const arns: string[] = [];
  const list = pages((Marker) => aws.iam.listAttachedRolePolicies({ RoleName, MaxItems: 1000, Marker }), nextMarker);
  for await (const { AttachedPolicies } of list) arns.push(...arnsOf(AttachedPolicies));
  return arns;
}

function arnsOf(attached: readonly AttachedPolicy[] = []): string[] {
  return attached.map(({ PolicyArn = "" }) => PolicyArn);
}
