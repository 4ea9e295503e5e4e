import type { Filter, Tag } from "@aws-sdk/client-ec2";
import type { Aws } from "./context.ts";
import { pages } from "./pages.ts";

/** One thing of those that parameters name: what a parameter has as its value, and its attributes. */
interface Thing {
  name?: string;
  tags?: Tag[];
  attributes?: Readonly<Record<string, string | undefined>>;
}

interface Listing {
  action: string;
  list(aws: Aws): AsyncIterable<readonly Thing[]>;
}

/** What the rules of a template can ask for, by the type of a parameter. An attribute that takes another call is written after it. */
const listings: Readonly<Record<string, Listing>> = {
  "AWS::EC2::VPC::Id": {
    action: "ec2:DescribeVpcs",
    list: ({ ec2 }) =>
      paged(
        (NextToken) => ec2.describeVpcs({ MaxResults: 1000, NextToken }),
        ({ Vpcs = [] }) => Vpcs.map(({ VpcId, Tags }) => ({ name: VpcId, tags: Tags })),
      ),
  },
  "AWS::EC2::VPC::Id.DefaultSecurityGroup": {
    action: "ec2:DescribeSecurityGroups",
    list: ({ ec2 }) =>
      paged(
        (NextToken) =>
          ec2.describeSecurityGroups({ Filters: filters("group-name", "default"), MaxResults: 1000, NextToken }),
        ({ SecurityGroups = [] }) =>
          SecurityGroups.map(({ VpcId, GroupId }) => ({ name: VpcId, attributes: { DefaultSecurityGroup: GroupId } })),
      ),
  },
  "AWS::EC2::VPC::Id.DefaultNetworkAcl": {
    action: "ec2:DescribeNetworkAcls",
    list: ({ ec2 }) =>
      paged(
        (NextToken) => ec2.describeNetworkAcls({ Filters: filters("default", "true"), MaxResults: 1000, NextToken }),
        ({ NetworkAcls = [] }) =>
          NetworkAcls.map(({ VpcId, NetworkAclId }) => ({
            name: VpcId,
            attributes: { DefaultNetworkAcl: NetworkAclId },
          })),
      ),
  },
  "AWS::EC2::Subnet::Id": {
    action: "ec2:DescribeSubnets",
    list: ({ ec2 }) =>
      paged(
        (NextToken) => ec2.describeSubnets({ MaxResults: 1000, NextToken }),
        ({ Subnets = [] }) =>
          Subnets.map(({ SubnetId, Tags, VpcId, AvailabilityZone }) => ({
            name: SubnetId,
            tags: Tags,
            attributes: { VpcId, AvailabilityZone },
          })),
      ),
  },
  "AWS::EC2::SecurityGroup::Id": securityGroups("GroupId"),
  "AWS::EC2::SecurityGroup::GroupName": securityGroups("GroupName"),
  "AWS::EC2::Instance::Id": {
    action: "ec2:DescribeInstances",
    list: ({ ec2 }) =>
      paged(
        // What is terminated is listed for another hour.
        (NextToken) =>
          ec2.describeInstances({
            Filters: filters("instance-state-name", "pending", "running", "stopping", "stopped"),
            MaxResults: 1000,
            NextToken,
          }),
        ({ Reservations = [] }) =>
          Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => ({ name: InstanceId }))),
      ),
  },
  "AWS::EC2::Volume::Id": {
    action: "ec2:DescribeVolumes",
    list: ({ ec2 }) =>
      paged(
        (NextToken) => ec2.describeVolumes({ MaxResults: 500, NextToken }),
        ({ Volumes = [] }) => Volumes.map(({ VolumeId }) => ({ name: VolumeId })),
      ),
  },
  "AWS::EC2::KeyPair::KeyName": {
    action: "ec2:DescribeKeyPairs",
    async *list({ ec2 }) {
      const { KeyPairs = [] } = await ec2.describeKeyPairs({});
      yield KeyPairs.map(({ KeyName }) => ({ name: KeyName }));
    },
  },
  "AWS::EC2::AvailabilityZone::Name": {
    action: "ec2:DescribeAvailabilityZones",
    async *list({ ec2 }) {
      const { AvailabilityZones = [] } = await ec2.describeAvailabilityZones({});
      yield AvailabilityZones.map(({ ZoneName }) => ({ name: ZoneName }));
    },
  },
};

function securityGroups(name: "GroupId" | "GroupName"): Listing {
  return {
    action: "ec2:DescribeSecurityGroups",
    list: ({ ec2 }) =>
      paged(
        (NextToken) => ec2.describeSecurityGroups({ MaxResults: 1000, NextToken }),
        ({ SecurityGroups = [] }) => SecurityGroups.map((group) => ({ name: group[name], tags: group.Tags })),
      ),
  };
}

function filters(Name: string, ...Values: string[]): Filter[] {
  return [{ Name, Values }];
}

async function* paged<P extends { NextToken?: string }>(
  call: (token: string | undefined) => Promise<P>,
  things: (page: P) => Thing[],
): AsyncGenerator<Thing[]> {
  for await (const page of pages(call, (each) => each.NextToken)) yield things(page);
}

/** By which listing a name is answered, and the attribute that is asked for. */
function partsOf(name: string): { listed: string; listing: Listing; attribute?: string } {
  const [type = "", ...attribute] = name.split(".");
  const listed = Object.hasOwn(listings, name) ? name : type;
  const listing = listings[listed];
  if (!listing) throw new Error(`Nothing lists ${type}.`);
  return { listed, listing, ...(attribute.length > 0 && { attribute: attribute.join(".") }) };
}

/** What a stack's account and region has of what a type of parameter names (`InputRequest`, `existing`): all of it, or an attribute of those that have it. */
export async function existingOf(aws: Aws, name: string): Promise<string[] | Record<string, string>> {
  const { listed, listing, attribute } = partsOf(name);
  const things = await aws.memo(`existing:${listed}`, async () => {
    const found: Thing[] = [];
    for await (const page of listing.list(aws)) found.push(...page);
    return found;
  });
  if (attribute === undefined) return things.flatMap((each) => each.name ?? []).sort();
  const entries = things.flatMap((each): [string, string][] => {
    const value = attributeOf(each, attribute);
    return each.name === undefined || value === undefined ? [] : [[each.name, value]];
  });
  return Object.fromEntries(entries);
}

function attributeOf({ tags, attributes }: Thing, attribute: string): string | undefined {
  if (!attribute.startsWith("Tags.")) return attributes?.[attribute];
  return tags?.find((tag) => tag.Key === attribute.slice("Tags.".length))?.Value;
}

/** What `existingOf` calls. */
export function existingAction(name: string): string {
  return partsOf(name).listing.action;
}
