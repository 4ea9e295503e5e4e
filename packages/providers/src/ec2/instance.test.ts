import { proves, stackOf } from "@reconcile/core/testing";
import { describe, expect, it, vi } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox, sandboxWorld } from "../testing/sandbox-world.ts";
import { changesIn, openStory, type Story } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";
import { Instance } from "./instance.ts";

const ubuntu = "ami-0c7217cde4661b399";
const userData = (text: string) => ({ "Fn::Base64": text });
const group = (GroupDescription: string) => ({ Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription } });
const profile = { Type: "AWS::IAM::InstanceProfile", Properties: { Roles: [{ Ref: "Agent" }] } };
const role = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  },
};
const root = (Ebs: object) => [{ DeviceName: "/dev/sda1", Ebs }];

describeOnSandbox(Instance, {
  example: { ImageId: ubuntu, InstanceType: "t3.small" },
  prerequisites: { Web: group("web"), Admin: group("admin") },
  mutations: [
    { property: "InstanceType", from: "t3.small", to: "t3.medium", unset: "required" },
    { property: "UserData", from: userData("#!/bin/sh\n"), to: userData("#!/bin/bash\nuptime\n") },
    { property: "SecurityGroupIds", from: [{ Ref: "Web" }], to: [{ Ref: "Admin" }], unset: "refused" },
    {
      property: "BlockDeviceMappings",
      from: root({ DeleteOnTermination: true }),
      to: root({ DeleteOnTermination: false }),
      unset: "refused",
    },
    { property: "InstanceInitiatedShutdownBehavior", to: "terminate" },
    { property: "Monitoring", to: true },
    { property: "SourceDestCheck", to: false },
    { property: "MetadataOptions", to: { HttpProtocolIpv6: "enabled" } },
    {
      property: "CreditSpecification",
      from: { CPUCredits: "standard" },
      to: { CPUCredits: "unlimited" },
      unset: "refused",
    },
    { property: "Tags", from: [{ Key: "Name", Value: "one" }], to: [{ Key: "Name", Value: "two" }] },
  ],
  replacements: {
    ImageId: "ami-04b70fa74e45c3917",
    AvailabilityZone: "us-east-1b",
    BlockDeviceMappings: root({ VolumeType: "gp3", VolumeSize: 20 }),
  },
  further: {
    prerequisites: {
      Agent: role,
      One: { ...profile, Properties: { ...profile.Properties, Path: "/one/" } },
      Other: profile,
    },
    steps: [{ IamInstanceProfile: { Ref: "One" } }, { IamInstanceProfile: { Ref: "Other" } }, {}],
  },
  budget: 14,
  skips: {
    "ignores-copies": "a copy cannot be launched from what was read, as it would have the same address; told below",
  },
});

describe("an instance", () => {
  vi.setConfig({ testTimeout: 60_000 });
  const world = sandboxWorld(useSandbox());

  const app = (properties: object = {}, others: object = {}) =>
    stackOf({
      App: { Type: "AWS::EC2::Instance", Properties: { ImageId: ubuntu, InstanceType: "t3.small", ...properties } },
      ...others,
    });
  const without = stackOf({ Stays: group("stays") });
  const living = async (story: Story) => {
    const { Reservations = [] } = await (await story.look()).ec2.describeInstances({});
    return Reservations.flatMap(({ Instances = [] }) => Instances).filter((each) => each.State?.Name !== "terminated");
  };

  it("runs again after a change that was killed while it was stopped", proves(2, "sandbox"), async () => {
    const small = app({ InstanceType: "t3.small" });
    const medium = app({ InstanceType: "t3.medium" });
    const story = await openStory(world);
    await story.apply([small]);
    let killed = 0;
    // That an answer is lost at one call leaves the same as that the next call is never sent.
    for (let at = 1; await story.killed([medium], { at, answer: "lost" }); at++) {
      killed++;
      await story.apply([medium]);
      const [instance] = await living(story);
      expect(instance, `call ${at}`).toMatchObject({ InstanceType: "t3.medium", State: { Name: "running" } });
      expect(instance?.Tags?.map(({ Key }) => Key)).not.toContain("reconcile:restart");
      await story.apply([small]);
    }
    expect(killed).toBe(
      ["CreateTags", "StopInstances", "ModifyInstanceAttribute", "StartInstances", "DeleteTags"].length,
    );
  });

  it("stays stopped when its owner stopped it", async () => {
    const story = await openStory(world);
    await story.apply([app()]);
    const [instance] = await living(story);
    const InstanceIds = [instance?.InstanceId ?? ""];
    await story.behindOurBack(["ec2:StopInstances"], (aws) => aws.ec2.stopInstances({ InstanceIds }));
    await story.apply([app({ InstanceType: "t3.medium" })]);
    expect(await living(story)).toMatchObject([{ InstanceType: "t3.medium", State: { Name: "stopped" } }]);
  });

  it("says that a change stops it, and that its address may be another one then", async () => {
    const story = await openStory(world);
    const Value = { "Fn::GetAtt": "App.PublicIp" };
    const seen = { Seen: { Type: "AWS::SSM::Parameter", Properties: { Name: "/seen", Type: "String", Value } } };
    await story.apply([app({}, seen)]);
    const { stacks } = await story.plan([app({ InstanceType: "t3.medium" }, seen)]);
    expect(stacks[0]?.changes).toMatchObject([
      { logicalId: "App", action: "update", impact: "interrupts", steps: ["stop-start"] },
      { logicalId: "Seen", action: "update", reasons: ["depends-on-unknown"] },
    ]);
  });

  it("is not terminated while that is disabled", async () => {
    const story = await openStory(world);
    await story.apply([app({ DisableApiTermination: true })]);
    const refused = await story.apply([without]);
    expect(refused.run.diagnostics).toMatchObject([{ code: "instance.termination-disabled" }]);
    const allowed = await story.apply([app()]);
    expect(changesIn(allowed.plan)).toContain("update App /DisableApiTermination");
    await story.apply([without]);
    expect(await living(story)).toEqual([]);
  });

  it("is not launched with an image that its type cannot run", async () => {
    const story = await openStory(world);
    const { run } = await story.apply([app({ InstanceType: "t4g.large" })]);
    expect(run.diagnostics).toMatchObject([
      {
        code: "instance.architecture-mismatch",
        message: expect.stringContaining("t4g.large runs arm64 images"),
        remedy: expect.stringMatching(/t3\.large.*ami-05d47d29a4c2d19e1/),
      },
    ]);
    expect(await living(story)).toEqual([]);
  });

  it("is not stopped for a type that cannot run its image", async () => {
    const story = await openStory(world);
    await story.apply([app()]);
    const { run } = await story.apply([app({ InstanceType: "t4g.small" })]);
    expect(run.diagnostics).toMatchObject([{ code: "instance.architecture-mismatch" }]);
    expect(await living(story)).toMatchObject([{ InstanceType: "t3.small", State: { Name: "running" } }]);
  });

  it("is not its copy, which has its tags", proves(6, "sandbox"), async () => {
    const story = await openStory(world);
    await story.apply([app()]);
    const [original] = await living(story);
    const copy = await story.behindOurBack(["ec2:RunInstances"], (aws) =>
      aws.ec2.runInstances({
        ImageId: ubuntu,
        InstanceType: "t3.small",
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: "instance", Tags: original?.Tags }],
      }),
    );
    expect(changesIn(await story.plan([app()]))).toEqual([]);
    await story.apply([app()], { destroy: true });
    expect(await living(story)).toMatchObject([{ InstanceId: copy.Instances?.[0]?.InstanceId }]);
  });

  it("gets an instance profile, another one, and none", async () => {
    const story = await openStory(world);
    const of = (properties: object) => app(properties, { Agent: role, First: profile, Second: profile });
    const profileOf = async () => (await living(story))[0]?.IamInstanceProfile?.Arn;
    await story.apply([of({})]);
    for (const name of ["First", "Second"]) {
      const { plan } = await story.apply([of({ IamInstanceProfile: { Ref: name } })]);
      expect(changesIn(plan)).toEqual(["update App /IamInstanceProfile"]);
      expect(await profileOf()).toContain(name);
    }
    const { plan } = await story.apply([of({})]);
    expect(changesIn(plan)).toEqual(["update App /IamInstanceProfile"]);
    expect(await profileOf()).toBeUndefined();
  });

  it("has other volumes than those declared, and nothing is said of them", async () => {
    const story = await openStory(world);
    const data = { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 10, VolumeType: "gp3" } };
    await story.apply([app({ BlockDeviceMappings: [data] })]);
    const { stacks } = await story.plan([app({ BlockDeviceMappings: [data] })]);
    expect(stacks[0]).toMatchObject({ changes: [{ action: "none" }], unowned: [] });
    const { stacks: without } = await story.plan([app({ BlockDeviceMappings: [] })]);
    expect(without[0]?.changes).toMatchObject([
      { action: "replace", properties: [{ path: "/BlockDeviceMappings/-" }] },
    ]);
  });

  it("changes the groups of a declared interface in place, and is replaced for the rest", async () => {
    const story = await openStory(world);
    const groups = { Web: group("web"), Admin: group("admin") };
    const one = { DeviceIndex: "0", AssociatePublicIpAddress: true };
    const of = (rest: object) => app({ NetworkInterfaces: [{ ...one, ...rest }] }, groups);
    await story.apply([of({ GroupSet: [{ Ref: "Web" }] })]);
    const { plan } = await story.apply([of({ GroupSet: [{ Ref: "Admin" }] })]);
    const path = "/NetworkInterfaces/0/GroupSet/-";
    expect(changesIn(plan)).toEqual([`update App ${path} ${path}`]);
    expect(changesIn(await story.plan([of({ GroupSet: [{ Ref: "Admin" }] })]))).toEqual([]);
    expect(await living(story)).toMatchObject([{ SecurityGroups: [{ GroupName: expect.stringContaining("Admin") }] }]);
    expect(changesIn(await story.plan([of({ Description: "other" })]))).toEqual([
      "replace App /NetworkInterfaces/0/Description",
    ]);
  });

  it("gives its volumes the declared tags, and never ours", async () => {
    const story = await openStory(world);
    await story.apply([app({ PropagateTagsToVolumeOnCreation: true, Tags: [{ Key: "Name", Value: "app" }] })]);
    const { Volumes = [] } = await (await story.look()).ec2.describeVolumes({});
    expect(Volumes.map((each) => each.Tags)).toEqual([[{ Key: "Name", Value: "app" }]]);
  });
});

describe("AWS::EC2::Instance in normal form", () => {
  const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString("base64");
  const ebs = (Ebs: object, DeviceName = "/dev/sda1") => ({ BlockDeviceMappings: [{ DeviceName, Ebs }] });
  const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd";
  const attached = { DeviceIndex: "0", NetworkInterfaceId: "eni-1" };
  const gzip = Uint8Array.from([0x1f, 0x8b, 0x08, 0xff]);

  it.each<[string, object, object, string[]]>([
    ["line breaks in Base64", { UserData: "IyEvYmlu\nL3No" }, { UserData: "IyEvYmluL3No" }, []],
    ["user data that is empty", { UserData: "" }, {}, []],
    ["user data of other bytes", { UserData: base64("a") }, { UserData: base64("b") }, ["/UserData"]],
    ["user data that nobody declares", {}, { UserData: base64("a") }, ["/UserData"]],
    ["bytes that are no text", { UserData: base64(gzip) }, { UserData: base64(gzip) }, []],
    ["other bytes that are no text", { UserData: base64(gzip) }, { UserData: base64(gzip.slice(1)) }, ["/UserData"]],
    ["iops of gp2", ebs({ VolumeType: "gp2" }), ebs({ VolumeType: "gp2", Iops: 100 }), []],
    [
      "iops of gp3",
      ebs({ VolumeType: "gp3", Iops: 4000 }),
      ebs({ VolumeType: "gp3", Iops: 3000 }),
      ["/BlockDeviceMappings/~1dev~1sda1/Ebs/Iops"],
    ],
    ["encryption by the account", ebs({ Encrypted: false }), ebs({ Encrypted: true, KmsKeyId: key }), []],
    [
      "encryption",
      ebs({ Encrypted: true }),
      ebs({ Encrypted: false }),
      ["/BlockDeviceMappings/~1dev~1sda1/Ebs/Encrypted"],
    ],
    ["a key by its id", ebs({ KmsKeyId: "1234abcd" }), ebs({ KmsKeyId: key }), []],
    ["a key by an alias", ebs({ KmsKeyId: "alias/app" }), ebs({ KmsKeyId: key }), []],
    [
      "another key",
      ebs({ KmsKeyId: "5678" }),
      ebs({ KmsKeyId: key }),
      ["/BlockDeviceMappings/~1dev~1sda1/Ebs/KmsKeyId"],
    ],
    ["the size that nobody declares", ebs({ VolumeType: "gp3" }), ebs({ VolumeType: "gp3", VolumeSize: 8 }), []],
    ["the size", ebs({ VolumeSize: 20 }), ebs({ VolumeSize: 8 }), ["/BlockDeviceMappings/~1dev~1sda1/Ebs/VolumeSize"]],
    ["groups in another order", { SecurityGroupIds: ["sg-2", "sg-1"] }, { SecurityGroupIds: ["sg-1", "sg-2"] }, []],
    [
      "a group that somebody added",
      { SecurityGroupIds: ["sg-1"] },
      { SecurityGroupIds: ["sg-1", "sg-2"] },
      ["/SecurityGroupIds/-"],
    ],
    [
      "the check of an interface that says so itself",
      { NetworkInterfaces: [attached] },
      { NetworkInterfaces: [{ ...attached, SubnetId: "subnet-1" }], SourceDestCheck: false },
      [],
    ],
    [
      "the check of its own interface",
      {},
      { NetworkInterfaces: [{ ...attached, SubnetId: "subnet-1" }], SourceDestCheck: false },
      ["/SourceDestCheck"],
    ],
    [
      "an IPv6 address",
      { Ipv6Addresses: [{ Ipv6Address: "2001:DB8:0::1" }] },
      { Ipv6Addresses: [{ Ipv6Address: "2001:db8::1" }] },
      [],
    ],
    ["the credits of the account's choice", {}, { CreditSpecification: { CPUCredits: "standard" } }, []],
    [
      "metadata over IPv6 where there is none at all",
      { MetadataOptions: { HttpEndpoint: "disabled" } },
      { MetadataOptions: { HttpEndpoint: "disabled", HttpProtocolIpv6: "enabled" } },
      [],
    ],
    ["the metadata options of the image's choice", {}, { MetadataOptions: { HttpTokens: "required" } }, []],
    [
      "a public address that cannot be seen",
      { NetworkInterfaces: [{ DeviceIndex: "0", AssociatePublicIpAddress: true }] },
      { NetworkInterfaces: [{ DeviceIndex: "0" }] },
      [],
    ],
    ["a key that nobody declares", {}, { KeyName: "mine" }, ["/KeyName"]],
  ])("%s", (_, declared, live, expected) => {
    const common = { ImageId: ubuntu };
    expect(differences(Instance, { ...common, ...declared }, { ...common, ...live })).toEqual(expected);
  });
});

it("is made from an image that is named by its id, not by a parameter that EC2 would look up itself", () => {
  const { error } = Instance.properties.safeParse({ ImageId: "resolve:ssm:/image", InstanceType: "t3.micro" });
  expect(error?.issues.map(({ message }) => message)).toEqual([
    "is not the id of an image: write ami-…, or {{resolve:ssm:name}} for the image that a parameter names",
  ]);
});
