import type { Instance, ModifyInstanceAttributeCommandInput } from "@aws-sdk/client-ec2";
import { type Changed, DiagnosticError, segmentsOf } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { checkArchitecture } from "./instance-architecture.ts";
import { effective } from "./instance-canonical.ts";
import { describeInstance, isGone, primaryInterface } from "./instance-reading.ts";
import type { Properties } from "./instance-schema.ts";

/** On an instance from before a change stops it until it runs again: a run that ends in between is finished by the next one. */
export const restartTag = "reconcile:restart";

/** What EC2 changes only of an instance that is stopped. */
const whileStopped = ["EbsOptimized", "InstanceType", "UserData"] as const;

export function needsStop(changed: Changed): boolean {
  return whileStopped.some((property) => changed.has(property));
}

/** Differences that no update can mend: of volumes and interfaces, EC2 changes little; and without a root volume, an instance cannot be stopped. */
export function unchangeable(changed: Changed, rootDeviceType: unknown): string[] {
  return changed.paths.filter((path) => {
    const [property = "", element, ...member] = segmentsOf(path);
    if (property === "BlockDeviceMappings") return element !== undefined && member.join() !== "Ebs,DeleteOnTermination";
    if (property === "NetworkInterfaces") return element !== undefined && member[0] !== "GroupSet";
    return rootDeviceType === "instance-store" && (whileStopped as readonly string[]).includes(property);
  });
}

/** Brings in line what `changed` names. */
export async function changeInstance(aws: Aws, InstanceId: string, wish: Properties, changed: Changed): Promise<void> {
  const live = await steady(aws, InstanceId);
  const modify = modifying(aws, InstanceId);

  if (changed.has("SecurityGroupIds") && wish.SecurityGroupIds) await setGroups(aws, live, "0", wish.SecurityGroupIds);
  if (changed.has("NetworkInterfaces")) {
    for (const { DeviceIndex, GroupSet } of wish.NetworkInterfaces ?? [])
      if (changed.modified("NetworkInterfaces").includes(DeviceIndex) && GroupSet)
        await setGroups(aws, live, DeviceIndex, GroupSet);
  }
  if (changed.has("SourceDestCheck")) {
    const NetworkInterfaceId = primaryInterface(live)?.NetworkInterfaceId;
    await aws.ec2.modifyNetworkInterfaceAttribute({
      NetworkInterfaceId,
      SourceDestCheck: { Value: wish.SourceDestCheck },
    });
  }
  if (changed.has("IamInstanceProfile")) await setProfile(aws, InstanceId, wish.IamInstanceProfile);
  if (changed.has("MetadataOptions"))
    await aws.ec2.modifyInstanceMetadataOptions({ InstanceId, ...effective(wish.MetadataOptions) });
  if (changed.has("Monitoring")) {
    const InstanceIds = [InstanceId];
    await (wish.Monitoring ? aws.ec2.monitorInstances({ InstanceIds }) : aws.ec2.unmonitorInstances({ InstanceIds }));
  }
  if (changed.has("DisableApiTermination"))
    await modify({ DisableApiTermination: { Value: wish.DisableApiTermination } });
  if (changed.has("InstanceInitiatedShutdownBehavior"))
    await modify({ InstanceInitiatedShutdownBehavior: { Value: wish.InstanceInitiatedShutdownBehavior } });
  for (const DeviceName of changed.modified("BlockDeviceMappings")) {
    const wished = wish.BlockDeviceMappings?.find((mapping) => mapping.DeviceName === DeviceName)?.Ebs;
    await modify({ BlockDeviceMappings: [{ DeviceName, Ebs: { DeleteOnTermination: wished?.DeleteOnTermination } }] });
  }
  if (needsStop(changed)) await changeStopped(aws, live, wish, changed);
  // After the type: not every one has credits.
  if (changed.has("CreditSpecification")) {
    const CpuCredits = wish.CreditSpecification?.CPUCredits;
    await aws.ec2.modifyInstanceCreditSpecification({ InstanceCreditSpecifications: [{ InstanceId, CpuCredits }] });
  }
}

/** Changes one attribute a call: EC2 takes no more. */
function modifying(aws: Aws, InstanceId: string) {
  return (attribute: Omit<ModifyInstanceAttributeCommandInput, "InstanceId">) =>
    aws.ec2.modifyInstanceAttribute({ InstanceId, ...attribute });
}

async function changeStopped(aws: Aws, live: Instance, wish: Properties, changed: Changed): Promise<void> {
  const InstanceId = live.InstanceId ?? "";
  if (changed.has("InstanceType")) await checkArchitecture(aws, wish.ImageId, wish.InstanceType);
  if (live.State?.Name === "running") {
    await aws.ec2.createTags({ Resources: [InstanceId], Tags: [{ Key: restartTag, Value: "true" }] });
    await aws.ec2.stopInstances({ InstanceIds: [InstanceId] });
    await untilState(aws, InstanceId, (state) => state === "stopped");
  }
  const modify = modifying(aws, InstanceId);
  if (changed.has("InstanceType")) await modify({ InstanceType: { Value: wish.InstanceType } });
  if (changed.has("EbsOptimized")) await modify({ EbsOptimized: { Value: wish.EbsOptimized } });
  if (changed.has("UserData")) await modify({ UserData: { Value: Buffer.from(wish.UserData ?? "", "base64") } });
  if (live.State?.Name === "running" || live.Tags?.some((tag) => tag.Key === restartTag))
    await restart(aws, InstanceId);
}

/** Starts what a change has stopped, and forgets that it has. An instance that its owner stopped stays so. */
export async function restart(aws: Aws, id: string): Promise<void> {
  const { State } = await steady(aws, id);
  if (State?.Name === "stopped") await aws.ec2.startInstances({ InstanceIds: [id] });
  await aws.ec2.deleteTags({ Resources: [id], Tags: [{ Key: restartTag }] });
}

async function setGroups(aws: Aws, live: Instance, deviceIndex: string, Groups: string[]): Promise<void> {
  // Of the interface, not of the instance: EC2 refuses the latter where there are several interfaces.
  const one = live.NetworkInterfaces?.find((each) => String(each.Attachment?.DeviceIndex) === deviceIndex);
  await aws.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId: one?.NetworkInterfaceId, Groups });
}

async function setProfile(aws: Aws, InstanceId: string, name: string | undefined): Promise<void> {
  const Filters = [
    { Name: "instance-id", Values: [InstanceId] },
    { Name: "state", Values: ["associating", "associated"] },
  ];
  const { IamInstanceProfileAssociations = [] } = await aws.ec2.describeIamInstanceProfileAssociations({ Filters });
  const AssociationId = IamInstanceProfileAssociations[0]?.AssociationId;
  const IamInstanceProfile = { Name: name };
  if (name !== undefined && AssociationId !== undefined) {
    await aws.ec2.replaceIamInstanceProfileAssociation({ AssociationId, IamInstanceProfile });
  } else if (name !== undefined) {
    await aws.ec2.associateIamInstanceProfile({ InstanceId, IamInstanceProfile });
  } else if (AssociationId !== undefined) {
    await aws.ec2.disassociateIamInstanceProfile({ AssociationId });
  }
}

/** How long a launch, a stop or a termination takes at most, and how often it is looked at: milliseconds. */
const longest = 20 * 60_000;
const between = 5000;

/** The instance, when it is neither starting nor stopping. */
export async function steady(aws: Aws, id: string): Promise<Instance> {
  const live = await untilState(aws, id, (state) => state !== undefined && state !== "pending" && state !== "stopping");
  if (live && !isGone(live.State?.Name)) return live;
  throw new DiagnosticError({
    code: "instance.terminated",
    severity: "error",
    message: `${id} did not stay: ${live?.StateReason?.Message ?? "it was terminated"}.`,
    remedy: "See to the reason (a quota, a key that may not be used, an image), and run again.",
  });
}

/** Waits until the instance is in a state; undefined counts as one: it is not to be found. */
export async function untilState(
  aws: Aws,
  id: string,
  done: (state: string | undefined) => boolean,
): Promise<Instance | undefined> {
  for (let waited = 0; waited <= longest; waited += between) {
    const live = await describeInstance(aws)(id);
    if (done(live?.State?.Name)) return live;
    await aws.wait(between);
  }
  throw new DiagnosticError({
    code: "instance.still-changing",
    severity: "error",
    message: `${id} has not come to rest in ${longest / 60_000} minutes.`,
    remedy: "Look at it in the console, and run again.",
  });
}
