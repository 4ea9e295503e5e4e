import { type Kind, rulesPerGroup } from "./templates.ts";

/** Calls by `service:Operation`. */
export type Calls = Readonly<Record<string, number>>;

/** How many answers or names fit into one call, as AWS's API reference says. */
const perCall = {
  "ssm:DescribeParameters": 50,
  "ssm:GetParameters": 10,
  "tagging:GetResources": 100,
  "ec2:DescribeSecurityGroups": 1000,
  "ec2:DescribeSecurityGroupRules": 1000,
} as const;

function pages(operation: keyof typeof perCall, count: number): Calls {
  return { [operation]: Math.max(1, Math.ceil(count / perCall[operation])) };
}

/**
 * The fewest calls that tell everything that the schema of a type compares, for so many resources of one stack, and nothing else in the account: every property, the tags
 * (of rules as well, which say whose each one is), and what the stack owns besides, of types that the template no longer names.
 */
const needed: Record<Kind, (count: number) => Calls> = {
  // Metadata and values come apart, and both without tags. The index of tags also tells what else there is.
  parameters: (count) => ({
    ...pages("ssm:DescribeParameters", count),
    ...pages("ssm:GetParameters", count),
    ...pages("tagging:GetResources", count),
  }),
  // Groups come with their tags, but without those of their rules; which network is the default one is no property of a group. What else there is fits on one page of the index.
  groups: (count) => ({
    ...pages("ec2:DescribeSecurityGroups", count),
    ...pages("ec2:DescribeSecurityGroupRules", count * rulesPerGroup),
    "ec2:DescribeVpcs": 1,
    ...pages("tagging:GetResources", 1),
  }),
};

/** Of a plan: the account check, what the type needs, and the roles, which no index of tags knows. */
export function lowerBound(kind: Kind, count: number): Calls {
  return { "sts:GetCallerIdentity": 1, "iam:GetAccountAuthorizationDetails": 1, ...needed[kind](count) };
}

/** What Terraform's provider reads to refresh the same resources, one by one: GetParameter, DescribeParameters and ListTagsForResource; DescribeSecurityGroups. */
const terraformReads: Record<Kind, number> = { parameters: 3, groups: 1 };

export function terraformCalls(kind: Kind, count: number): number {
  return 1 + terraformReads[kind] * count;
}

export function sum(calls: Calls): number {
  return Object.values(calls).reduce((total, count) => total + count, 0);
}
