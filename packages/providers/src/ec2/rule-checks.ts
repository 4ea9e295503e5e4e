import {
  type Check,
  type CheckInput,
  type DeclaredResource,
  isRecord,
  isWithin,
  pointer,
  type SlotElement,
  slotElements,
  Unknown,
  type Value,
} from "@reconcile/core";
import ipaddr from "ipaddr.js";
import type { Direction } from "./rules.ts";

const directions: readonly Direction[] = ["Ingress", "Egress"];
const families = ["IPv4", "IPv6"] as const;
type Family = (typeof families)[number];

/**
 * How many rules a rule counts for that names a list of AWS's ("AWS-managed prefix list weight" in the VPC user guide), by the end of the list's name, which is
 * `com.amazonaws.<region or global>.[ipv6.]<end>`.
 */
const weights: Readonly<Record<string, number>> = {
  "cloudfront.origin-facing": 55,
  dynamodb: 1,
  "ec2-instance-connect": 2,
  groundstation: 5,
  "route53-healthchecks": 25,
  s3: 1,
  s3express: 6,
  "vpc-lattice": 10,
};

/**
 * The rules of a group against the quota, its own and those that children in its stack declare. AWS counts each direction and each of IPv4 and IPv6 for itself. A list whose
 * name is not known here counts for one: that is the least.
 */
export const ruleQuota: Check = ({ resource, all, quotas }) =>
  directions.flatMap((direction) => {
    const property = `SecurityGroup${direction}`;
    const elements = slotElements(resource, property, all);
    const excess = families
      .map((family) => ({ family, ...weigh(elements, family, quotas.rulesPerSecurityGroup) }))
      .find((each) => each.total > quotas.rulesPerSecurityGroup);
    if (!excess) return [];
    const { family, total, sum, over } = excess;
    return [
      {
        code: "quota.rules-per-security-group",
        severity: "error",
        message: `"${resource.logicalId}" needs ${total} of ${quotas.rulesPerSecurityGroup} rules in ${property} (${family}): ${sum}.`,
        remedy: `Spread them over several groups: an instance may be in five. Or raise the quota "Inbound or outbound rules per security group" of the account, and say so in reconcile.yaml: quotas: { rules-per-security-group: ${total} }.`,
        place: over?.place ?? resource.evaluated.placeOf(pointer(property)),
      },
    ];
  });

/** The weight of all, how it comes about (`3 × 55 (com.amazonaws.global.cloudfront.origin-facing) + 4`), and the first rule that is too much. */
function weigh(elements: readonly SlotElement[], family: Family, quota: number) {
  const lists = new Map<string, { count: number; weight: number }>();
  let total = 0;
  let single = 0;
  let over: SlotElement | undefined;
  for (const each of elements) {
    const { weight, list } = weightOf(each.element, family);
    total += weight;
    if (total > quota) over ??= each;
    if (list === undefined) single += weight;
    else lists.set(list, { count: (lists.get(list)?.count ?? 0) + 1, weight });
  }
  const parts = [...lists].map(([name, { count, weight }]) => `${count} × ${weight} (${name})`);
  return { total, over, sum: [...parts, ...(single > 0 ? [String(single)] : [])].join(" + ") };
}

function weightOf(element: Value, family: Family): { weight: number; list?: string } {
  if (!isRecord(element)) return { weight: 0 };
  if (element.CidrIp !== undefined) return { weight: family === "IPv4" ? 1 : 0 };
  if (element.CidrIpv6 !== undefined) return { weight: family === "IPv6" ? 1 : 0 };
  const name = listName(element.SourcePrefixListId ?? element.DestinationPrefixListId);
  const [, ipv6, end = ""] = /^com\.amazonaws\.[a-z0-9-]+\.(ipv6\.)?(.+)$/.exec(name ?? "") ?? [];
  const weight = Object.hasOwn(weights, end) ? weights[end] : undefined;
  // Another group, or a list of which nothing is known, may be of either.
  if (name === undefined || weight === undefined) return { weight: 1 };
  return (ipv6 ? "IPv6" : "IPv4") === family ? { weight, list: name } : { weight: 0 };
}

/** The name by which a stack asks for a list: a list's id does not tell what it is. */
function listName(id: unknown): string | undefined {
  const prefix = "prefix-list:";
  const sources = id instanceof Unknown ? id.sources : [];
  return sources.find((source) => source.startsWith(prefix))?.slice(prefix.length);
}

/** The rules that a group declares itself, for what may be wrong with each. */
export const groupRulesMatch: Check = (input) =>
  directions.flatMap((direction) =>
    slotElements(input.resource, `SecurityGroup${direction}`, input.all)
      .filter((each) => each.by === input.resource)
      .flatMap((each) => matchesNothing(input.resource, each.element, each.at)),
  );

/** The same for a rule of its own. */
export const ruleMatches: Check = ({ resource }: CheckInput) => matchesNothing(resource, resource.properties, "");

function matchesNothing(resource: DeclaredResource, rule: Value, at: string): ReturnType<Check> {
  if (!isRecord(rule)) return [];
  return (["CidrIp", "CidrIpv6"] as const).flatMap((member) => {
    const range = rule[member];
    if (typeof range !== "string" || !isLoopback(range)) return [];
    const { evaluated } = resource;
    const path = at + pointer(member);
    const shown = [...evaluated.sensitive].some((secret) => isWithin(path, secret)) ? "this host itself" : range;
    return [
      {
        code: "rule.no-effect",
        severity: "warning",
        message: `This rule has no effect: no packet from or to ${shown} ever passes a security group, as it does not leave the host.`,
        remedy:
          "Remove it, or keep it as a note. That a service is reached from its own host only is up to what it listens on.",
        place: evaluated.placeOf(path),
      },
    ];
  });
}

/** Is every address of the range the host's own? */
function isLoopback(range: string): boolean {
  if (!/^127\.|:/.test(range) || !ipaddr.isValidCIDR(range)) return false;
  const [address, bits] = ipaddr.parseCIDR(range);
  return address.range() === "loopback" && bits >= (address.kind() === "ipv4" ? 8 : 128);
}
