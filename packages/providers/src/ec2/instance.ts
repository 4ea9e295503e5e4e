import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { type Changed, DiagnosticError, isOwnTag, type Tags } from "@reconcile/core";
import { hasCode, ifFound } from "../aws/errors.ts";
import { tagMap } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { checkArchitecture } from "./instance-architecture.ts";
import { canonicalInstance, effective } from "./instance-canonical.ts";
import {
  changeInstance,
  needsStop,
  restart,
  restartTag,
  steady,
  unchangeable,
  untilState,
} from "./instance-changes.ts";
import { everyInstance, isGone, readInstance } from "./instance-reading.ts";
import { Properties } from "./instance-schema.ts";
import { changeTags, tagSpecifications } from "./tagging.ts";

const dedicatedHost = "dedicated hosts are not supported yet";

export const Instance = defineResource({
  type: "AWS::EC2::Instance",
  properties: Properties,
  identifier: "InstanceId",
  attributes: {
    InstanceId: {},
    AvailabilityZone: {},
    PrivateDnsName: {},
    PrivateIp: {},
    PublicDnsName: { varies: needsStop },
    PublicIp: { varies: needsStop },
    State: {},
    VpcId: {},
  },
  absence: "tagged-list",
  scope: "region",
  copiesInheritTags: true,
  holdsData: true,
  impact: (changed: Changed) =>
    needsStop(changed) ? { interrupts: true, steps: ["stop-start"] } : { interrupts: false },
  actions: {
    read: [
      "ec2:DescribeIamInstanceProfileAssociations",
      "ec2:DescribeImages",
      "ec2:DescribeInstanceAttribute",
      "ec2:DescribeInstanceCreditSpecifications",
      "ec2:DescribeInstanceTypes",
      "ec2:DescribeInstances",
      "ec2:DescribeVolumes",
    ],
    write: [
      "ec2:AssociateIamInstanceProfile",
      "ec2:CreateTags",
      "ec2:DeleteTags",
      "ec2:DisassociateIamInstanceProfile",
      "ec2:ModifyInstanceAttribute",
      "ec2:ModifyInstanceCreditSpecification",
      "ec2:ModifyInstanceMetadataOptions",
      "ec2:ModifyNetworkInterfaceAttribute",
      "ec2:MonitorInstances",
      "ec2:ReplaceIamInstanceProfileAssociation",
      "ec2:RunInstances",
      "ec2:StartInstances",
      "ec2:StopInstances",
      "ec2:TerminateInstances",
      "ec2:UnmonitorInstances",
      "iam:PassRole",
    ],
  },
  unsupported: {
    AdditionalInfo: "AWS keeps it for itself; CloudFormation fails with it as well",
    Affinity: dedicatedHost,
    "BlockDeviceMappings/*/NoDevice": "EC2 does not show which devices of the image were left out",
    "BlockDeviceMappings/*/VirtualName": "EC2 does not show instance store volumes",
    ElasticGpuSpecifications: "AWS ended Elastic Graphics in January 2024",
    ElasticInferenceAccelerators: "AWS ended Elastic Inference",
    HostId: dedicatedHost,
    HostResourceGroupArn: dedicatedHost,
    KernelId: "it is for paravirtual images, against which AWS advises",
    LaunchTemplate: "what it says could not be told from what nobody declared: declare it in the instance",
    LicenseSpecifications: "licences on dedicated hosts are not supported yet",
    "NetworkInterfaces/*/AssociateCarrierIpAddress": "Wavelength Zones are not supported yet",
    "NetworkInterfaces/*/EnaSrdSpecification": "ENA Express is not supported yet",
    RamdiskId: "it is for paravirtual images, against which AWS advises",
    SecurityGroups: "groups are named by their ids: SecurityGroupIds",
    SsmAssociations: "declare an AWS::SSM::Association",
    Volumes: "declare an AWS::EC2::VolumeAttachment for each",
  },
  departures: {
    "/BlockDeviceMappings/*/Ebs": "without the forms that are not supported, a mapping without a volume would be empty",
    "/ImageId": "only a launch template could name the image instead, and those are not supported",
    "/NetworkInterfaces":
      "the groups of an interface are changed in place; everything else replaces, as in CloudFormation",
  },
}).implement({
  async *list(aws) {
    for (const [identifier, { Tags, State }] of await everyInstance.all(aws))
      if (!isGone(State?.Name)) yield { identifier, tags: tagMap(Tags) };
  },

  read: readInstance,

  async create(aws, { properties, tags, token }) {
    await checkArchitecture(aws, properties.ImageId, properties.InstanceType);
    const { Instances } = await aws.ec2.runInstances({ ...launchOf(properties, tags), ClientToken: token });
    const InstanceId = Instances?.[0]?.InstanceId ?? "";
    // Its attributes can be asked for a little later than its name is known.
    for (let waits = 0; waits < 30; waits++) {
      const known = aws.ec2.describeInstanceAttribute({ InstanceId, Attribute: "userData" });
      if (await ifFound(known, "InvalidInstanceID.NotFound")) break;
      await aws.wait(2000);
    }
    return InstanceId;
  },

  async update(aws, { identifier }, { properties }, changed) {
    await changeInstance(aws, identifier, properties, changed);
  },

  async delete(aws, { identifier }) {
    try {
      await ifFound(aws.ec2.terminateInstances({ InstanceIds: [identifier] }), "InvalidInstanceID.NotFound");
    } catch (error) {
      throw hasCode(error, "OperationNotPermitted") ? terminationDisabled(identifier, error) : error;
    }
    // Until then its addresses and groups are in use.
    await untilState(aws, identifier, (state) => state === undefined || state === "terminated");
  },

  async tag(aws, { identifier }, set, remove) {
    if (remove.includes(restartTag)) await restart(aws, identifier);
    await changeTags(aws, identifier, set, remove);
  },

  canonical: canonicalInstance,

  mustReplace({ attributes }, _properties, changed) {
    return unchangeable(changed, attributes.RootDeviceType);
  },

  gone({ attributes: { State } }) {
    return isGone((State as { Name?: string } | undefined)?.Name);
  },

  async ready(aws, { identifier }) {
    await steady(aws, identifier);
  },
});

/** The request that launches one instance. All of it can be asked for at launch but SourceDestCheck. */
function launchOf(wish: Properties, tags: Tags): RunInstancesCommandInput {
  const { CreditSpecification, NetworkInterfaces, PlacementGroupName, AvailabilityZone, Tenancy } = wish;
  // Our own would make a volume look like one that is declared.
  const declared = Object.fromEntries(Object.entries(tags).filter(([key]) => !isOwnTag(key)));
  const ofVolumes = wish.PropagateTagsToVolumeOnCreation ? declared : {};
  return {
    MinCount: 1,
    MaxCount: 1,
    BlockDeviceMappings: wish.BlockDeviceMappings,
    CpuOptions: wish.CpuOptions,
    CreditSpecification: CreditSpecification && { CpuCredits: CreditSpecification.CPUCredits },
    DisableApiTermination: wish.DisableApiTermination,
    EbsOptimized: wish.EbsOptimized,
    // These three EC2 refuses on some types and images even where they say what holds anyway.
    EnclaveOptions: wish.EnclaveOptions.Enabled ? wish.EnclaveOptions : undefined,
    HibernationOptions: wish.HibernationOptions.Configured ? wish.HibernationOptions : undefined,
    InstanceInitiatedShutdownBehavior: wish.InstanceInitiatedShutdownBehavior === "stop" ? undefined : "terminate",
    IamInstanceProfile: wish.IamInstanceProfile === undefined ? undefined : { Name: wish.IamInstanceProfile },
    ImageId: wish.ImageId,
    InstanceType: wish.InstanceType as RunInstancesCommandInput["InstanceType"],
    Ipv6AddressCount: wish.Ipv6AddressCount,
    Ipv6Addresses: wish.Ipv6Addresses,
    KeyName: wish.KeyName,
    MetadataOptions: effective(wish.MetadataOptions),
    Monitoring: { Enabled: wish.Monitoring },
    NetworkInterfaces: NetworkInterfaces?.map(({ DeviceIndex, GroupSet, ...rest }) => ({
      ...rest,
      DeviceIndex: Number(DeviceIndex),
      Groups: GroupSet,
    })),
    Placement: { AvailabilityZone, Tenancy, GroupName: PlacementGroupName },
    PrivateDnsNameOptions: wish.PrivateDnsNameOptions,
    PrivateIpAddress: wish.PrivateIpAddress,
    SecurityGroupIds: wish.SecurityGroupIds,
    SubnetId: wish.SubnetId,
    TagSpecifications: [
      ...tagSpecifications("instance", tags),
      ...(Object.keys(ofVolumes).length > 0 ? tagSpecifications("volume", ofVolumes) : []),
    ],
    UserData: wish.UserData,
  };
}

function terminationDisabled(instanceId: string, cause: unknown): DiagnosticError {
  return new DiagnosticError(
    {
      code: "instance.termination-disabled",
      severity: "error",
      message: `${instanceId} cannot be terminated: its DisableApiTermination is true.`,
      remedy: "Apply it once with DisableApiTermination: false, then delete it.",
    },
    { cause },
  );
}
