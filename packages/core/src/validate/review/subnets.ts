import { pointer } from "../../pointer.ts";
import { Unknown, type Value } from "../../value.ts";
import type { Finding, Review, Reviewed, ReviewedStack } from "./model.ts";

export const overlappingSubnets: Review = {
  id: "network.subnets-overlap",
  severity: "error",
  title: "Two subnets of a VPC overlap",
  about: "The ranges of two subnets have addresses in common. EC2 refuses the second one.",
  remedy: "Give each subnet a range of its own.",
  stack: (stack) => [...byVpc(stack).values()].flatMap(overlaps),
};

export const subnetOutside: Review = {
  id: "network.subnet-outside",
  severity: "error",
  title: "A subnet lies outside its VPC",
  about:
    "The range of a subnet is not within a range of its VPC, those of AWS::EC2::VPCCidrBlock included. EC2 refuses it.",
  remedy: "Take a range within that of the VPC.",
  resource: { types: ["AWS::EC2::Subnet"], look: outside },
};

interface Range {
  first: number;
  last: number;
}

/** An IPv4 range such as 10.0.0.0/16; undefined for anything else, unknown values included. */
function rangeOf(value: Value | undefined): Range | undefined {
  if (typeof value !== "string") return undefined;
  const [, ...parts] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(value) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, bits = 33] = parts.map(Number);
  if (Math.max(a, b, c, d) > 255 || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

/** By which VPC a subnet is in: a name, or what it is taken from. */
function vpcOf(resource: Reviewed): string | undefined {
  const { VpcId } = resource.properties;
  if (VpcId instanceof Unknown)
    return VpcId.sources.length === 1 ? VpcId.sources[0]?.replace(/\.VpcId$/, "") : undefined;
  return typeof VpcId === "string" ? VpcId : undefined;
}

interface Placed {
  subnet: Reviewed;
  range: Range;
}

function byVpc({ byType }: ReviewedStack): Map<string, Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const subnet of byType.get("AWS::EC2::Subnet") ?? []) {
    if (subnet.undecided) continue;
    const vpc = vpcOf(subnet);
    const range = rangeOf(subnet.properties.CidrBlock);
    if (vpc === undefined || !range) continue;
    const group = groups.get(vpc);
    if (group) group.push({ subnet, range });
    else groups.set(vpc, [{ subnet, range }]);
  }
  return groups;
}

function overlaps(subnets: readonly Placed[]): Finding[] {
  const sorted = [...subnets].sort((a, b) => a.range.first - b.range.first);
  const findings: Finding[] = [];
  let widest: Placed | undefined;
  for (const each of sorted) {
    if (widest && each.range.first <= widest.range.last) findings.push(overlap(widest, each));
    if (!widest || each.range.last > widest.range.last) widest = each;
  }
  return findings;
}

const block = pointer("CidrBlock");

function overlap({ subnet: first }: Placed, { subnet: second }: Placed): Finding {
  return {
    message: `The ranges of "${second.logicalId}" (${second.properties.CidrBlock}) and "${first.logicalId}" (${first.properties.CidrBlock}) overlap.`,
    at: block,
    resource: second,
    related: [{ message: `The range of "${first.logicalId}".`, place: first.evaluated.placeOf(block) }],
  };
}

function outside(subnet: Reviewed, stack: ReviewedStack): Finding[] {
  const range = rangeOf(subnet.properties.CidrBlock);
  const id = vpcOf(subnet);
  const vpc = id === undefined ? undefined : stack.byId.get(id);
  if (!range || vpc?.type !== "AWS::EC2::VPC") return [];
  const more = (stack.byType.get("AWS::EC2::VPCCidrBlock") ?? []).filter((each) => vpcOf(each) === id);
  const ranges = [vpc, ...more.filter((each) => !("AmazonProvidedIpv6CidrBlock" in each.properties))].map((each) =>
    rangeOf(each.properties.CidrBlock),
  );
  if (ranges.some((each) => each === undefined || (each.first <= range.first && range.last <= each.last))) return [];
  return [
    {
      message: `${subnet.properties.CidrBlock} is not within ${vpc.properties.CidrBlock}, the range of "${vpc.logicalId}".`,
      at: block,
      related: [{ message: `The range of "${vpc.logicalId}".`, place: vpc.evaluated.placeOf(block) }],
    },
  ];
}
