import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSecurityGroupCommand,
  DescribeAddressesCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Instance,
  type InstanceAttributeName,
  ModifyInstanceAttributeCommand,
  type ModifyInstanceAttributeCommandInput,
  ModifyInstanceCreditSpecificationCommand,
  ModifyInstanceMetadataOptionsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  MonitorInstancesCommand,
  ReplaceIamInstanceProfileAssociationCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  UnmonitorInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const ec2 = new EC2Client(client);
const iam = new IAMClient(client);

async function run(change: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const common = { ImageId: "ami-0c7217cde4661b399", InstanceType: "t3.small", MinCount: 1, MaxCount: 1 } as const;
  const { Instances } = await ec2.send(new RunInstancesCommand({ ...common, ...change }));
  return Instances?.[0]?.InstanceId ?? "";
}

async function read(InstanceId: string): Promise<Instance | undefined> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
  return Reservations?.[0]?.Instances?.[0];
}

const attribute = (InstanceId: string, Attribute: InstanceAttributeName) =>
  ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
const modify = (InstanceId: string, change: Partial<ModifyInstanceAttributeCommandInput>) =>
  ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, ...change }));
const stop = (InstanceId: string) => ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
const start = (InstanceId: string) => ec2.send(new StartInstancesCommand({ InstanceIds: [InstanceId] }));
const terminate = (InstanceId: string) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }));

async function group(GroupName = "app"): Promise<string> {
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "d" }));
  return GroupId ?? "";
}

it.each([
  ["ami-0c7217cde4661b399", "x86_64"],
  ["ami-05d47d29a4c2d19e1", "arm64"],
])("has the Ubuntu image %s", async (ImageId, Architecture) => {
  const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
  expect(Images).toEqual([
    expect.objectContaining({ ImageId, Architecture, RootDeviceName: "/dev/sda1", State: "available" }),
  ]);
});

it.each<[string, Partial<RunInstancesCommandInput>, string]>([
  ["image", { ImageId: "ami-00000000000000000" }, "InvalidAMIID.NotFound"],
  ["type", { InstanceType: "t3.enormous" as "t3.small" }, "InvalidInstanceType.NotFound"],
  ["key", { KeyName: "nobody" }, "InvalidKeyPair.NotFound"],
  ["group", { SecurityGroupIds: ["sg-00000000000000000"] }, "InvalidGroup.NotFound"],
])("runs nothing with an unknown %s", async (_, change, name) => {
  await expect(run(change)).rejects.toMatchObject({ name });
});

describe("a client token", () => {
  it("makes the same instance once, and finds it", async () => {
    const first = await run({ ClientToken: "t" });
    expect(await run({ ClientToken: "t" })).toBe(first);
    const Filters = [{ Name: "client-token", Values: ["t"] }];
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    expect(Reservations?.flatMap((reservation) => reservation.Instances ?? [])).toEqual([
      expect.objectContaining({ InstanceId: first, ClientToken: "t" }),
    ]);
  });

  it("makes one though several requests come at once", async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => run({ ClientToken: "t" })));
    expect(new Set(ids).size).toBe(1);
  });

  it("is refused for another request", async () => {
    await run({ ClientToken: "t" });
    await expect(run({ ClientToken: "t", InstanceType: "t3.micro" })).rejects.toMatchObject({
      name: "IdempotentParameterMismatch",
    });
  });

  it("is its own for every request that names none", async () => {
    expect(await run()).not.toBe(await run());
  });
});

it("is in the default group unless it names others", async () => {
  expect((await read(await run()))?.SecurityGroups?.map((each) => each.GroupName)).toEqual(["default"]);
  const SecurityGroupIds = [await group()];
  expect((await read(await run({ SecurityGroupIds })))?.SecurityGroups?.map((each) => each.GroupId)).toEqual(
    SecurityGroupIds,
  );
});

describe("volumes", () => {
  async function volumes(InstanceId: string) {
    const Filters = [{ Name: "attachment.instance-id", Values: [InstanceId] }];
    const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters }));
    return Volumes;
  }

  it("have what was sent, and gp3's defaults", async () => {
    const Ebs = { VolumeType: "gp3", VolumeSize: 20 } as const;
    const id = await run({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs }] });
    expect(await volumes(id)).toEqual([
      expect.objectContaining({ VolumeType: "gp3", Size: 20, Iops: 3000, Throughput: 125 }),
    ]);
    const [mapping] = (await read(id))?.BlockDeviceMappings ?? [];
    expect(mapping).toMatchObject({ DeviceName: "/dev/sda1", Ebs: { DeleteOnTermination: true } });
  });

  it("keep speed and encryption", async () => {
    const Ebs = { VolumeType: "gp3", VolumeSize: 20, Iops: 4000, Throughput: 250, Encrypted: true } as const;
    const id = await run({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs }] });
    expect(await volumes(id)).toEqual([expect.objectContaining({ Iops: 4000, Throughput: 250, Encrypted: true })]);
  });

  it("include the image's root volume beside others, and its size where none is given", async () => {
    const id = await run({ BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 5 } }] });
    expect((await volumes(id)).map((volume) => `${volume.Attachments?.[0]?.Device} ${volume.Size}`).sort()).toEqual([
      "/dev/sda1 8",
      "/dev/sdf 5",
    ]);
    const sized = await run({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeType: "gp3" } }] });
    expect((await volumes(sized)).map((volume) => volume.Size)).toEqual([8]);
  });

  it("go with the instance", async () => {
    const id = await run({ BlockDeviceMappings: [{ DeviceName: "/dev/sda1", Ebs: { VolumeSize: 5 } }] });
    await terminate(id);
    expect(await volumes(id)).toEqual([]);
  });
});

describe("ModifyInstanceAttribute", () => {
  it.each<[string, Partial<ModifyInstanceAttributeCommandInput>]>([
    ["the type", { InstanceType: { Value: "t3.large" } }],
    ["the user data", { UserData: { Value: new TextEncoder().encode("#!/bin/sh") } }],
    ["EBS optimisation", { EbsOptimized: { Value: true } }],
  ])("changes %s only of a stopped instance", async (_, change) => {
    const id = await run();
    await expect(modify(id, change)).rejects.toMatchObject({ name: "IncorrectInstanceState" });
    await stop(id);
    await modify(id, change);
  });

  it("changes the type, which is there after the start", async () => {
    const id = await run();
    await stop(id);
    await modify(id, { InstanceType: { Value: "t3.large" } });
    await start(id);
    expect(await read(id)).toMatchObject({ InstanceType: "t3.large", State: { Name: "running" } });
  });

  it("changes user data", async () => {
    const id = await run({ UserData: Buffer.from("one").toString("base64") });
    expect((await attribute(id, "userData")).UserData?.Value).toBe(Buffer.from("one").toString("base64"));
    await stop(id);
    await modify(id, { UserData: { Value: Buffer.from("two") } });
    expect((await attribute(id, "userData")).UserData?.Value).toBe(Buffer.from("two").toString("base64"));
  });

  it("changes what a running instance allows", async () => {
    const id = await run();
    await modify(id, { InstanceInitiatedShutdownBehavior: { Value: "terminate" } });
    await modify(id, { SourceDestCheck: { Value: false } });
    expect((await attribute(id, "instanceInitiatedShutdownBehavior")).InstanceInitiatedShutdownBehavior?.Value).toBe(
      "terminate",
    );
    expect(await read(id)).toMatchObject({
      SourceDestCheck: false,
      SecurityGroups: [{ GroupName: "default" }],
      NetworkInterfaces: [{ SourceDestCheck: false }],
    });
  });

  it("protects from termination", async () => {
    const id = await run({ DisableApiTermination: true });
    expect((await attribute(id, "disableApiTermination")).DisableApiTermination?.Value).toBe(true);
    await expect(terminate(id)).rejects.toMatchObject({ name: "OperationNotPermitted" });
    await modify(id, { DisableApiTermination: { Value: false } });
    await terminate(id);
  });

  it("changes groups, on the interface too", async () => {
    const id = await run({ SecurityGroupIds: [await group("one")] });
    const second = await group("two");
    await modify(id, { Groups: [second] });
    const instance = await read(id);
    expect(instance?.SecurityGroups?.map((each) => each.GroupId)).toEqual([second]);
    expect(instance?.NetworkInterfaces?.[0]?.Groups?.map((each) => each.GroupId)).toEqual([second]);
    await expect(modify(id, { Groups: ["sg-00000000000000000"] })).rejects.toMatchObject({
      name: "InvalidGroup.NotFound",
    });
  });

  it("has the groups and the check of its primary interface", async () => {
    const id = await run({ SecurityGroupIds: [await group("one")] });
    const NetworkInterfaceId = (await read(id))?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
    const second = await group("two");
    await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [second] }));
    const SourceDestCheck = { Value: false };
    await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck }));
    const groups = [{ GroupId: second, GroupName: "two" }];
    expect(await read(id)).toMatchObject({
      SourceDestCheck: false,
      SecurityGroups: groups,
      NetworkInterfaces: [{ Groups: groups, SourceDestCheck: false }],
    });
  });

  it("takes one attribute a call", async () => {
    const id = await run();
    const change = { SourceDestCheck: { Value: false }, DisableApiTermination: { Value: true } };
    await expect(modify(id, change)).rejects.toMatchObject({ name: "InvalidParameterCombination" });
  });
});

it("changes only those metadata options that are sent", async () => {
  const InstanceId = await run({ MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 2 } });
  await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, InstanceMetadataTags: "enabled" }));
  expect((await read(InstanceId))?.MetadataOptions).toMatchObject({
    HttpTokens: "required",
    HttpPutResponseHopLimit: 2,
    HttpEndpoint: "enabled",
    InstanceMetadataTags: "enabled",
  });
});

it("switches detailed monitoring", async () => {
  const InstanceIds = [await run()];
  await ec2.send(new MonitorInstancesCommand({ InstanceIds }));
  expect((await read(InstanceIds[0] ?? ""))?.Monitoring?.State).toBe("enabled");
  await ec2.send(new UnmonitorInstancesCommand({ InstanceIds }));
  expect((await read(InstanceIds[0] ?? ""))?.Monitoring?.State).toBe("disabled");
});

it("has CPU credits by its family, or as set", async () => {
  const credits = async (InstanceId: string) => {
    const answer = await ec2.send(new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [InstanceId] }));
    return answer.InstanceCreditSpecifications?.[0]?.CpuCredits;
  };
  expect(await credits(await run())).toBe("unlimited");
  expect(await credits(await run({ InstanceType: "t2.small" }))).toBe("standard");
  const InstanceId = await run({ CreditSpecification: { CpuCredits: "standard" } });
  expect(await credits(InstanceId)).toBe("standard");
  const InstanceCreditSpecifications = [{ InstanceId, CpuCredits: "unlimited" }];
  await ec2.send(new ModifyInstanceCreditSpecificationCommand({ InstanceCreditSpecifications }));
  expect(await credits(InstanceId)).toBe("unlimited");
});

describe("a terminated instance", () => {
  it("is neither started nor stopped, but terminated again", async () => {
    const id = await run();
    await terminate(id);
    await expect(start(id)).rejects.toMatchObject({ name: "IncorrectInstanceState" });
    await expect(stop(id)).rejects.toMatchObject({ name: "IncorrectInstanceState" });
    await terminate(id);
    expect((await read(id))?.State?.Name).toBe("terminated");
  });

  it("leaves no interface, and its address free", async () => {
    const InstanceId = await run();
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({}));
    await ec2.send(new AssociateAddressCommand({ InstanceId, AllocationId }));
    await terminate(InstanceId);
    const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
    expect(Addresses?.map((address) => address.AssociationId)).toEqual([undefined]);
    expect((await ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces).toEqual([]);
  });
});

it("shows its instance profile, and the one that replaces it", async () => {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
  });
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
  const profile = async (InstanceProfileName: string) => {
    const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: "r" }));
    return InstanceProfile?.Arn;
  };
  const [first, second] = [await profile("i"), await profile("j")];
  const id = await run({ IamInstanceProfile: { Name: "i" } });
  expect((await read(id))?.IamInstanceProfile?.Arn).toBe(first);
  const Filters = [{ Name: "instance-id", Values: [id] }];
  const list = await ec2.send(new DescribeIamInstanceProfileAssociationsCommand({ Filters }));
  const AssociationId = list.IamInstanceProfileAssociations?.[0]?.AssociationId;
  const IamInstanceProfile = { Name: "j" };
  await ec2.send(new ReplaceIamInstanceProfileAssociationCommand({ AssociationId, IamInstanceProfile }));
  expect((await read(id))?.IamInstanceProfile?.Arn).toBe(second);
});
