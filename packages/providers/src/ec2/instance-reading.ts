import type {
  Filter,
  Instance,
  InstanceAttribute,
  InstanceAttributeName,
  InstanceNetworkInterface,
  Volume,
} from "@aws-sdk/client-ec2";
import type { Json, Observed } from "@reconcile/core";
import { loader } from "../aws/batch.ts";
import type { Aws } from "../aws/context.ts";
import { listing } from "../aws/listing.ts";
import { pages } from "../aws/pages.ts";
import { tagMap } from "../aws/tags.ts";
import type { Interface, Mapping, Properties } from "./instance-schema.ts";

/** What DescribeInstances does not say of an instance. */
interface Rest {
  volumes: readonly Volume[];
  cpuCredits?: string | undefined;
  userData?: InstanceAttribute;
  termination?: InstanceAttribute;
  shutdown?: InstanceAttribute;
}

/** On its way out, or out: EC2 lists a terminated instance for another hour. */
export function isGone(state: string | undefined): boolean {
  return state === "shutting-down" || state === "terminated";
}

/** Types that spend CPU credits: not t1, for which EC2 refuses to tell any, and with it all that are asked for in the same call. */
export function isBurstable(instanceType: string | undefined): boolean {
  return /^t[2-9]/.test(instanceType ?? "");
}

export const everyInstance = listing("ec2 instances", (aws) => instancesWhere(aws));

/** A page may be empty although there is another one, with a filter as well. */
async function instancesWhere(aws: Aws, Filters?: Filter[]): Promise<Map<string, Instance>> {
  const list = pages(
    (NextToken) => aws.ec2.describeInstances({ Filters, MaxResults: 1000, NextToken }),
    (page) => page.NextToken,
  );
  const found: Instance[] = [];
  for await (const { Reservations = [] } of list)
    for (const { Instances = [] } of Reservations) found.push(...Instances);
  return new Map(found.map((instance) => [instance.InstanceId ?? "", instance]));
}

/** The instance as it is at this moment. */
export function describeInstance(aws: Aws): (instanceId: string) => Promise<Instance | undefined> {
  return loader(
    aws,
    "ec2:DescribeInstances",
    // A filter, not ids: EC2 answers with an error when one of the ids is not there.
    (ids) => instancesWhere(aws, [{ Name: "instance-id", Values: [...ids] }]),
    200,
  );
}

export async function readInstance(aws: Aws, instanceId: string): Promise<Observed<Properties> | undefined> {
  const listed = (await everyInstance.current(aws))?.get(instanceId);
  const instance = listed ?? (await describeInstance(aws)(instanceId));
  if (!instance) return undefined;
  const rest = isGone(instance.State?.Name) ? { volumes: [] } : await readRest(aws, instanceId, instance.InstanceType);
  return {
    identifier: instanceId,
    properties: propertiesOf(instance, rest),
    attributes: attributesOf(instance),
    tags: tagMap(instance.Tags),
  };
}

async function readRest(aws: Aws, instanceId: string, instanceType: string | undefined): Promise<Rest> {
  const attribute = (Attribute: InstanceAttributeName) =>
    aws.ec2.describeInstanceAttribute({ InstanceId: instanceId, Attribute });
  const [volumes, cpuCredits, userData, termination, shutdown] = await Promise.all([
    volumesOf(aws)(instanceId),
    isBurstable(instanceType) ? cpuCreditsOf(aws)(instanceId) : undefined,
    attribute("userData"),
    attribute("disableApiTermination"),
    attribute("instanceInitiatedShutdownBehavior"),
  ]);
  return { volumes: volumes ?? [], cpuCredits, userData, termination, shutdown };
}

function volumesOf(aws: Aws): (instanceId: string) => Promise<Volume[] | undefined> {
  return loader(
    aws,
    "ec2:DescribeVolumes of instances",
    async (ids) => {
      const Filters = [{ Name: "attachment.instance-id", Values: [...ids] }];
      const list = pages(
        (NextToken) => aws.ec2.describeVolumes({ Filters, MaxResults: 500, NextToken }),
        (page) => page.NextToken,
      );
      const found = new Map<string, Volume[]>(ids.map((id) => [id, []]));
      for await (const { Volumes = [] } of list) {
        for (const volume of Volumes)
          for (const { InstanceId = "" } of volume.Attachments ?? []) found.get(InstanceId)?.push(volume);
      }
      return found;
    },
    200,
  );
}

function cpuCreditsOf(aws: Aws): (instanceId: string) => Promise<string | undefined> {
  return loader(
    aws,
    "ec2:DescribeInstanceCreditSpecifications",
    async (ids) => {
      // By ids: without them EC2 leaves out what is "standard".
      const list = await aws.ec2.describeInstanceCreditSpecifications({ InstanceIds: [...ids] });
      const { InstanceCreditSpecifications = [] } = list;
      return new Map(InstanceCreditSpecifications.map((each) => [each.InstanceId ?? "", each.CpuCredits ?? ""]));
    },
    1000,
  );
}

function propertiesOf(live: Instance, { volumes, cpuCredits, userData, termination, shutdown }: Rest): Properties {
  const primary = primaryInterface(live);
  const { MetadataOptions: metadata, PrivateDnsNameOptions: dns, CpuOptions: cpu, Placement: placement } = live;
  return {
    AvailabilityZone: placement?.AvailabilityZone,
    BlockDeviceMappings: mappingsOf(live, volumes),
    CpuOptions: cpu && { CoreCount: cpu.CoreCount, ThreadsPerCore: cpu.ThreadsPerCore },
    CreditSpecification: cpuCredits ? { CPUCredits: cpuCredits as "standard" | "unlimited" } : undefined,
    DisableApiTermination: termination?.DisableApiTermination?.Value ?? false,
    EbsOptimized: live.EbsOptimized,
    EnclaveOptions: { Enabled: live.EnclaveOptions?.Enabled ?? false },
    HibernationOptions: { Configured: live.HibernationOptions?.Configured ?? false },
    IamInstanceProfile: live.IamInstanceProfile?.Arn?.split("/").at(-1),
    ImageId: live.ImageId ?? "",
    InstanceInitiatedShutdownBehavior: (shutdown?.InstanceInitiatedShutdownBehavior?.Value ?? "stop") as "stop",
    InstanceType: live.InstanceType,
    Ipv6AddressCount: primary?.Ipv6Addresses?.length,
    Ipv6Addresses: ipv6AddressesOf(primary),
    KeyName: live.KeyName || undefined,
    MetadataOptions: {
      HttpEndpoint: metadata?.HttpEndpoint,
      HttpProtocolIpv6: metadata?.HttpProtocolIpv6 ?? "disabled",
      HttpPutResponseHopLimit: metadata?.HttpPutResponseHopLimit,
      HttpTokens: metadata?.HttpTokens,
      InstanceMetadataTags: metadata?.InstanceMetadataTags,
    },
    Monitoring: ["enabled", "pending"].includes(live.Monitoring?.State ?? ""),
    NetworkInterfaces: live.NetworkInterfaces?.length ? live.NetworkInterfaces.map(interfaceOf) : undefined,
    PlacementGroupName: placement?.GroupName || undefined,
    PrivateDnsNameOptions: dns && {
      EnableResourceNameDnsAAAARecord: dns.EnableResourceNameDnsAAAARecord,
      EnableResourceNameDnsARecord: dns.EnableResourceNameDnsARecord,
      HostnameType: dns.HostnameType,
    },
    PrivateIpAddress: primary?.PrivateIpAddress ?? live.PrivateIpAddress,
    PropagateTagsToVolumeOnCreation: false,
    SecurityGroupIds: (primary?.Groups ?? live.SecurityGroups)?.map(({ GroupId = "" }) => GroupId),
    SourceDestCheck: primary?.SourceDestCheck ?? live.SourceDestCheck ?? true,
    SubnetId: live.SubnetId,
    Tenancy: placement?.Tenancy as "default" | undefined,
    UserData: userData?.UserData?.Value || undefined,
  };
}

/** The interface that is there from launch on, and whose groups and addresses count as the instance's. */
export function primaryInterface(live: Instance): InstanceNetworkInterface | undefined {
  return live.NetworkInterfaces?.find((each) => each.Attachment?.DeviceIndex === 0);
}

/** undefined: not all of them are known yet, as in the first seconds of an instance. */
function mappingsOf(live: Instance, volumes: readonly Volume[]): Mapping[] | undefined {
  const devices = live.BlockDeviceMappings ?? [];
  const mappings = devices.flatMap(({ DeviceName = "", Ebs }): Mapping[] => {
    const volume = volumes.find((each) => each.VolumeId === Ebs?.VolumeId);
    if (!volume) return [];
    const { Encrypted, Iops, KmsKeyId, SnapshotId, Size, VolumeType } = volume;
    const rest = { Encrypted, Iops, KmsKeyId, SnapshotId: SnapshotId || undefined, VolumeSize: Size, VolumeType };
    return [{ DeviceName, Ebs: { DeleteOnTermination: Ebs?.DeleteOnTermination, ...rest } }];
  });
  return mappings.length === devices.length && devices.length > 0 ? mappings : undefined;
}

function interfaceOf(live: InstanceNetworkInterface): Interface {
  const addresses = live.PrivateIpAddresses ?? [];
  return {
    DeleteOnTermination: live.Attachment?.DeleteOnTermination,
    Description: live.Description,
    DeviceIndex: String(live.Attachment?.DeviceIndex),
    GroupSet: live.Groups?.map(({ GroupId = "" }) => GroupId),
    Ipv6AddressCount: live.Ipv6Addresses?.length,
    Ipv6Addresses: ipv6AddressesOf(live),
    NetworkInterfaceId: live.NetworkInterfaceId,
    PrivateIpAddress: live.PrivateIpAddress,
    PrivateIpAddresses: addresses.map(({ PrivateIpAddress = "", Primary = false }) => ({ PrivateIpAddress, Primary })),
    SecondaryPrivateIpAddressCount: addresses.filter((each) => !each.Primary).length,
    SubnetId: live.SubnetId,
  };
}

function ipv6AddressesOf(live: InstanceNetworkInterface | undefined): { Ipv6Address: string }[] | undefined {
  return live?.Ipv6Addresses?.map(({ Ipv6Address = "" }) => ({ Ipv6Address }));
}

/** RootDeviceType is no attribute of CloudFormation's: it decides whether the instance can be stopped. */
function attributesOf(live: Instance): Record<string, Json> {
  const attributes = {
    InstanceId: live.InstanceId,
    AvailabilityZone: live.Placement?.AvailabilityZone,
    PrivateDnsName: live.PrivateDnsName,
    PrivateIp: live.PrivateIpAddress,
    PublicDnsName: live.PublicDnsName,
    PublicIp: live.PublicIpAddress,
    RootDeviceType: live.RootDeviceType,
    VpcId: live.VpcId,
  };
  const State = { Code: String(live.State?.Code ?? ""), Name: live.State?.Name ?? "" };
  return { State, ...Object.fromEntries(Object.entries(attributes).filter(([, value]) => value)) } as Record<
    string,
    Json
  >;
}
