import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  type AssociateAddressCommandInput,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DisassociateAddressCommand,
  EC2Client,
  ReleaseAddressCommand,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const ec2 = new EC2Client(client);

async function run(): Promise<string> {
  const common = { ImageId: "ami-0c7217cde4661b399", InstanceType: "t3.small", MinCount: 1, MaxCount: 1 } as const;
  const { Instances } = await ec2.send(new RunInstancesCommand(common));
  return Instances?.[0]?.InstanceId ?? "";
}

const allocate = async () => (await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }))).AllocationId ?? "";
const associate = async (AllocationId: string, InstanceId: string, more: Partial<AssociateAddressCommandInput> = {}) =>
  (await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId, ...more }))).AssociationId ?? "";
const release = (AllocationId: string) => ec2.send(new ReleaseAddressCommand({ AllocationId }));

async function read(AllocationId: string) {
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
  return Addresses?.[0];
}

async function publicIp(InstanceId: string) {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
  return Reservations?.[0]?.Instances?.[0]?.PublicIpAddress;
}

it("is neither this machine nor anybody's", async () => {
  expect((await read(await allocate()))?.PublicIp).toMatch(/^198\.1[89]\./);
  expect((await publicIp(await run())) ?? "198.18.").toMatch(/^198\.1[89]\./);
});

it("keeps the tags of its allocation", async () => {
  const TagSpecifications = [{ ResourceType: "elastic-ip" as const, Tags: [{ Key: "a", Value: "1" }] }];
  await ec2.send(new AllocateAddressCommand({ TagSpecifications }));
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({ Filters: [{ Name: "tag:a", Values: ["1"] }] }));
  expect(Addresses).toEqual([expect.objectContaining({ Tags: [{ Key: "a", Value: "1" }], Domain: "vpc" })]);
});

it("is not released while it is associated", async () => {
  const id = await allocate();
  const AssociationId = await associate(id, await run());
  await expect(release(id)).rejects.toMatchObject({ name: "InvalidIPAddress.InUse" });
  await ec2.send(new DisassociateAddressCommand({ AssociationId }));
  expect((await read(id))?.AssociationId).toBeUndefined();
  await release(id);
  await expect(read(id)).rejects.toMatchObject({ name: "InvalidAllocationID.NotFound" });
});

describe("an association", () => {
  it("made again is the same", async () => {
    const [id, instance] = [await allocate(), await run()];
    const first = await associate(id, instance);
    expect(await associate(id, instance)).toBe(first);
    expect(await read(id)).toMatchObject({ AssociationId: first, InstanceId: instance });
  });

  it("moves, unless that is forbidden", async () => {
    const [id, from, to] = [await allocate(), await run(), await run()];
    await associate(id, from);
    await expect(associate(id, to, { AllowReassociation: false })).rejects.toMatchObject({
      name: "Resource.AlreadyAssociated",
    });
    await associate(id, to);
    const address = (await read(id))?.PublicIp;
    expect(await publicIp(to)).toBe(address);
    expect(await publicIp(from)).not.toBe(address);
  });

  it("replaces the address that the instance had", async () => {
    const [first, second, instance] = [await allocate(), await allocate(), await run()];
    await associate(first, instance);
    await associate(second, instance);
    expect((await read(first))?.AssociationId).toBeUndefined();
    expect(await publicIp(instance)).toBe((await read(second))?.PublicIp);
    await release(first);
  });
});
