import { stackOf } from "@reconcile/core/testing";
import { describe, expect, it, vi } from "vitest";
import { sandboxWorld } from "../testing/sandbox-world.ts";
import { changesIn, openStory, type Story } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";

vi.setConfig({ testTimeout: 60_000 });

const world = sandboxWorld(useSandbox());

const instance = (ImageId = "ami-0c7217cde4661b399") => ({
  Type: "AWS::EC2::Instance",
  Properties: { ImageId, InstanceType: "t3.nano" },
});
const address = (InstanceId?: object) => ({
  Type: "AWS::EC2::EIP",
  Properties: { ...(InstanceId && { InstanceId }) },
});
const association = (target: object = { InstanceId: { Ref: "Web" } }) => ({
  Type: "AWS::EC2::EIPAssociation",
  Properties: { AllocationId: { "Fn::GetAtt": ["Address", "AllocationId"] }, ...target },
});
const web = { Ref: "Web" };

/** The one address that lives. */
async function addressIn(story: Story) {
  const { Addresses = [] } = await (await story.look()).ec2.describeAddresses({});
  expect(Addresses).toHaveLength(1);
  return Addresses[0];
}

describe("an address and what has it", () => {
  it("is associated by its own property or by a resource of its own, which is the same", async () => {
    const story = await openStory(world);
    const embedded = stackOf({ Web: instance(), Address: address(web) });
    const standalone = stackOf({ Web: instance(), Address: address(), OnWeb: association() });
    await story.apply([embedded]);
    const before = await addressIn(story);
    expect(before?.AssociationId).toBeDefined();
    expect((await story.apply([standalone])).writes).toEqual([]);
    expect((await story.apply([embedded])).writes).toEqual([]);
    expect((await addressIn(story))?.AssociationId).toBe(before?.AssociationId);
  });

  it("leaves the instance when the property goes", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Web: instance(), Address: address(web) })]);
    const { plan, writes } = await story.apply([stackOf({ Web: instance(), Address: address() })]);
    expect(changesIn(plan)).toEqual(["update Address /InstanceId"]);
    expect(writes).toEqual(["ec2:DisassociateAddress"]);
    expect((await addressIn(story))?.AssociationId).toBeUndefined();
  });

  it("leaves the instance when the association goes", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Web: instance(), Address: address(), OnWeb: association() })]);
    const { plan } = await story.apply([stackOf({ Web: instance(), Address: address() })]);
    expect(changesIn(plan)).toEqual(["delete OnWeb"]);
    expect((await addressIn(story))?.AssociationId).toBeUndefined();
  });

  it("follows an instance that is replaced, and stays the same address", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Web: instance(), Address: address(), OnWeb: association() })]);
    const before = await addressIn(story);
    const next = stackOf({ Web: instance("ami-04b70fa74e45c3917"), Address: address(), OnWeb: association() });
    const { run, writes } = await story.apply([next]);
    expect(run.diagnostics).toEqual([]);
    const after = await addressIn(story);
    expect(after?.PublicIp).toBe(before?.PublicIp);
    expect(after?.InstanceId).not.toBe(before?.InstanceId);
    expect(writes.indexOf("ec2:AssociateAddress")).toBeLessThan(writes.indexOf("ec2:TerminateInstances"));
    expect(changesIn(await story.plan([next]))).toEqual([]);
  });

  it("is found by the interface as well as by the instance", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Web: instance(), Address: address(), OnWeb: association() })]);
    const { NetworkInterfaceId } = (await addressIn(story)) ?? {};
    const byInterface = stackOf({ Web: instance(), Address: address(), OnWeb: association({ NetworkInterfaceId }) });
    const plan = await story.plan([byInterface]);
    expect(changesIn(plan)).toEqual([]);
    expect(plan.stacks[0]?.unowned).toEqual([]);
  });

  it("comes back where somebody has moved it", async () => {
    const story = await openStory(world);
    const app = stackOf({ Web: instance(), Other: instance(), Address: address(), OnWeb: association() });
    await story.apply([app]);
    const { AllocationId, InstanceId: declared } = (await addressIn(story)) ?? {};
    const { Reservations = [] } = await (await story.look()).ec2.describeInstances({});
    const instances = Reservations.flatMap((each) => each.Instances ?? []);
    const InstanceId = instances.find((each) => each.InstanceId !== declared)?.InstanceId;
    await story.behindOurBack(["ec2:AssociateAddress"], (aws) =>
      aws.ec2.associateAddress({ AllocationId, InstanceId }),
    );
    const { plan } = await story.apply([app]);
    expect(changesIn(plan)).toEqual(["create OnWeb"]);
    expect((await addressIn(story))?.InstanceId).toBe(declared);
  });

  it("is left where somebody has put it, if nobody declares where it is, and that is said", async () => {
    const story = await openStory(world);
    const app = stackOf({ Web: instance(), Address: address() });
    await story.apply([app]);
    const { AllocationId } = (await addressIn(story)) ?? {};
    const { Reservations = [] } = await (await story.look()).ec2.describeInstances({});
    const InstanceId = Reservations[0]?.Instances?.[0]?.InstanceId;
    await story.behindOurBack(["ec2:AssociateAddress"], (aws) =>
      aws.ec2.associateAddress({ AllocationId, InstanceId }),
    );
    const plan = await story.plan([app]);
    expect(changesIn(plan)).toEqual([]);
    expect(plan.stacks[0]?.unowned).toMatchObject([{ logicalId: "Address", path: "/InstanceId" }]);
  });

  it.each([
    ["associated by its property", { Web: instance(), Address: address(web) }],
    ["associated by a resource of its own", { Web: instance(), Address: address(), OnWeb: association() }],
  ])("is released when it is destroyed while it is %s", async (_how, resources) => {
    const story = await openStory(world);
    await story.apply([stackOf(resources)]);
    const { run, writes } = await story.apply([stackOf(resources)], { destroy: true });
    expect(run.diagnostics).toEqual([]);
    expect(writes.indexOf("ec2:DisassociateAddress")).toBeLessThan(writes.indexOf("ec2:ReleaseAddress"));
    const { Addresses } = await (await story.look()).ec2.describeAddresses({});
    expect(Addresses).toEqual([]);
  });
});
