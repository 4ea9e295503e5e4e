import type { IpPermission, SecurityGroupRule } from "@aws-sdk/client-ec2";
import { elementKey, isRecord, unknownsIn } from "@reconcile/core";
import ipaddr from "ipaddr.js";
import { loader } from "../aws/batch.ts";
import type { Aws } from "../aws/context.ts";
import { listing } from "../aws/listing.ts";
import { pages } from "../aws/pages.ts";

/** Which way a rule's traffic goes, as the API's operations and members spell it. */
export type Direction = "Ingress" | "Egress";

/** A rule as CloudFormation writes it, embedded in a group or on its own. */
export interface Rule {
  IpProtocol: string;
  FromPort?: number | undefined;
  ToPort?: number | undefined;
  CidrIp?: string | undefined;
  CidrIpv6?: string | undefined;
  Description?: string | undefined;
  SourcePrefixListId?: string | undefined;
  SourceSecurityGroupId?: string | undefined;
  SourceSecurityGroupOwnerId?: string | undefined;
  DestinationPrefixListId?: string | undefined;
  DestinationSecurityGroupId?: string | undefined;
}

/** What makes two rules the same rule: everything but the description. The id of a group is its own everywhere, so that the account it is in adds nothing. */
export const ruleIdentity = {
  Ingress: ["IpProtocol", "FromPort", "ToPort", "CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupId"],
  Egress: [
    "IpProtocol",
    "FromPort",
    "ToPort",
    "CidrIp",
    "CidrIpv6",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
  ],
} as const;

/** What EC2 knows a rule by within its group; undefined while a part of that is not known. */
export function ruleKey(direction: Direction, rule: Rule): string | undefined {
  const { Description: _, SourceSecurityGroupOwnerId: __, ...identity } = canonicalRule(rule);
  return unknownsIn(identity).length > 0 ? undefined : elementKey(ruleIdentity[direction], identity);
}

const protocolNames: Readonly<Record<string, string>> = {
  "1": "icmp",
  "6": "tcp",
  "17": "udp",
  "58": "icmpv6",
  all: "-1",
};
const withPorts = ["tcp", "udp", "icmp", "icmpv6"];

/** A protocol as EC2 keeps it: by name where it has one (`6` is `tcp`, `all` is `-1`). */
export function protocolName(protocol: string): string {
  const lower = protocol.toLowerCase();
  return protocolNames[lower] ?? lower;
}

/**
 * A rule as EC2 keeps it: protocols by name, no ports where the protocol has none, all ICMP types as -1, the host bits of an address masked (`10.0.0.5/8` is `10.0.0.0/8`),
 * IPv6 in its shortest form. What is not known yet stays.
 */
export function canonicalRule<R extends object>(rule: R): R {
  if (!isRecord(rule)) return rule;
  const { IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, ...rest } = rule as Record<string, unknown>;
  const protocol = typeof IpProtocol === "string" ? protocolName(IpProtocol) : IpProtocol;
  const icmp = protocol === "icmp" || protocol === "icmpv6";
  const ported = typeof protocol !== "string" || withPorts.includes(protocol);
  return {
    ...rest,
    IpProtocol: protocol,
    ...(ported && { FromPort: FromPort ?? (icmp ? -1 : undefined), ToPort: ToPort ?? (icmp ? -1 : undefined) }),
    ...(CidrIp !== undefined && { CidrIp: maskedCidr(CidrIp) }),
    ...(CidrIpv6 !== undefined && { CidrIpv6: maskedCidr(CidrIpv6) }),
  } as R;
}

/** A list of rules; the whole may not be known yet. */
export function canonicalRules<R extends object>(rules: R[]): R[] {
  return Array.isArray(rules) ? rules.map(canonicalRule) : rules;
}

function maskedCidr(cidr: unknown): unknown {
  if (typeof cidr !== "string") return cidr;
  // The library tries IPv6 first, which takes most of the time that a large template needs here.
  const family = cidr.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  if (!family.isValidCIDR(cidr)) return cidr;
  const [, bits] = family.parseCIDR(cidr);
  return `${family.networkAddressFromCIDR(cidr).toString()}/${bits}`;
}

/** A live rule as CloudFormation writes it. The owner of a group that is referred to is only told where it is another account. */
export function ruleOf(live: SecurityGroupRule, account: string): Rule {
  const { IpProtocol = "-1", CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo, Description } = live;
  const owner = ReferencedGroupInfo?.UserId;
  const peer = live.IsEgress
    ? { DestinationPrefixListId: PrefixListId, DestinationSecurityGroupId: ReferencedGroupInfo?.GroupId }
    : {
        SourcePrefixListId: PrefixListId,
        SourceSecurityGroupId: ReferencedGroupInfo?.GroupId,
        SourceSecurityGroupOwnerId: owner === account ? undefined : owner,
      };
  return canonicalRule({
    IpProtocol,
    FromPort: live.FromPort,
    ToPort: live.ToPort,
    CidrIp: CidrIpv4,
    CidrIpv6,
    ...peer,
    Description: Description || undefined,
  });
}

/** A rule as the API takes it. */
export function permissionOf(declared: Rule): IpPermission {
  const rule = canonicalRule(declared);
  const { Description, CidrIp, CidrIpv6, SourceSecurityGroupOwnerId } = rule;
  const prefixList = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  return {
    IpProtocol: rule.IpProtocol,
    FromPort: rule.FromPort,
    ToPort: rule.ToPort,
    ...(CidrIp !== undefined && { IpRanges: [{ CidrIp, Description }] }),
    ...(CidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6, Description }] }),
    ...(prefixList !== undefined && { PrefixListIds: [{ PrefixListId: prefixList, Description }] }),
    ...(group !== undefined && {
      UserIdGroupPairs: [{ GroupId: group, UserId: SourceSecurityGroupOwnerId, Description }],
    }),
  };
}

interface Rules {
  byId: ReadonlyMap<string, SecurityGroupRule>;
  byGroup: ReadonlyMap<string, readonly SecurityGroupRule[]>;
}

/** Every rule in the region, once for an observation. */
export const everyRule = listing<Rules>("ec2 security group rules", async (aws) => indexed(await rulesWhere(aws, {})));

/** A rule by its id; those asked for side by side share a request. */
export async function ruleById(aws: Aws, id: string): Promise<SecurityGroupRule | undefined> {
  const listed = await everyRule.current(aws);
  return listed ? listed.byId.get(id) : by(aws, "security-group-rule-id", (found) => found.byId)(id);
}

/** The rules of a group; groups asked for side by side share a request. */
export async function rulesOf(aws: Aws, groupId: string): Promise<readonly SecurityGroupRule[]> {
  const listed = await everyRule.current(aws);
  const found = listed ? listed.byGroup.get(groupId) : await by(aws, "group-id", (each) => each.byGroup)(groupId);
  return found ?? [];
}

function by<V>(aws: Aws, filter: string, index: (rules: Rules) => ReadonlyMap<string, V>) {
  return loader(
    aws,
    `ec2:DescribeSecurityGroupRules ${filter}`,
    async (ids) => index(indexed(await rulesWhere(aws, { Filters: [{ Name: filter, Values: [...ids] }] }))),
    200,
  );
}

function indexed(rules: readonly SecurityGroupRule[]): Rules {
  const byGroup = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) {
    const others = byGroup.get(rule.GroupId ?? "");
    if (others) others.push(rule);
    else byGroup.set(rule.GroupId ?? "", [rule]);
  }
  return { byId: new Map(rules.map((rule) => [rule.SecurityGroupRuleId ?? "", rule])), byGroup };
}

async function rulesWhere(
  aws: Aws,
  where: { Filters?: { Name: string; Values: string[] }[] },
): Promise<SecurityGroupRule[]> {
  const list = pages(
    (NextToken) => aws.ec2.describeSecurityGroupRules({ ...where, MaxResults: 1000, NextToken }),
    (page) => page.NextToken,
  );
  const found: SecurityGroupRule[] = [];
  for await (const { SecurityGroupRules = [] } of list) found.push(...SecurityGroupRules);
  return found;
}
