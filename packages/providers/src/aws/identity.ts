import { type Diagnostic, DiagnosticError } from "@reconcile/core";
import type { Services } from "./services.ts";

/** Who calls. */
export interface Identity {
  account: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
  /** ARN of who calls. */
  principal: string;
}

/** Who calls, and in which account and partition: one call of STS. */
export async function identify(services: Pick<Services, "sts">): Promise<Identity> {
  const { Account: account, Arn: principal } = await services.sts.getCallerIdentity({});
  if (!account || !principal) throw new Error("sts:GetCallerIdentity answered without an account.");
  return { account, principal, partition: principal.split(":")[1] ?? "aws" };
}

/** Where the global services of a partition (IAM, CloudFront) and their tags are asked. */
const globalRegions: Readonly<Record<string, string>> = {
  aws: "us-east-1",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
};

/** Where the global services of a partition are asked. */
export function globalRegionOf(partition: string, region: string): string {
  return globalRegions[partition] ?? region;
}

/** Regions whose credentials and identities are the same: `cn-north-1` → `cn`. */
export function partitionGroup(region: string): string {
  return /^(cn|us-gov|us-iso\w*|eu-isoe)-/.exec(region)?.[1] ?? "aws";
}

/** Throws a DiagnosticError where another account was expected. */
export function refuseAccount(expected: string, { account, principal }: Identity): void {
  if (account === expected) return;
  const diagnostic: Diagnostic = {
    code: "aws.wrong-account",
    severity: "error",
    message: `The stack belongs to account ${expected}, but the credentials (${principal}) are of account ${account}. Nothing was read or changed.`,
    remedy: `Use credentials of ${expected} (--profile, \`role-arn\`), or correct \`account\`.`,
  };
  throw new DiagnosticError(diagnostic);
}
