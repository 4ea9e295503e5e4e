import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  UpdateSecurityGroupRuleDescriptionsEgressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const ec2 = new EC2Client(client);

async function group(GroupName = "app"): Promise<string> {
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: "d" }));
  return GroupId ?? "";
}

const authorize = (GroupId: string, ...IpPermissions: IpPermission[]) =>
  ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));

async function ingress(GroupId: string): Promise<IpPermission[]> {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return (SecurityGroups?.[0]?.IpPermissions ?? []).map(withoutEmptyLists);
}

function withoutEmptyLists(permission: IpPermission): IpPermission {
  const kept = Object.entries(permission).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(kept);
}

async function rules(GroupId: string, IsEgress = false) {
  const Filters = [{ Name: "group-id", Values: [GroupId] }];
  const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return SecurityGroupRules.filter((rule) => rule.IsEgress === IsEgress);
}

const port = (number: number) => ({ IpProtocol: "tcp", FromPort: number, ToPort: number });
const cidr = (CidrIp: string, Description?: string) => ({ IpRanges: [{ CidrIp, Description }] });

describe("a rule's description is kept for", () => {
  const sources: Record<string, (own: string, other: string) => Partial<IpPermission>> = {
    "an IPv4 range": () => cidr("192.0.2.0/24", "why"),
    "an IPv6 range": () => ({ Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32", Description: "why" }] }),
    "a prefix list": () => ({ PrefixListIds: [{ PrefixListId: "pl-12345678", Description: "why" }] }),
    "another group": (_, GroupId) => ({ UserIdGroupPairs: [{ GroupId, UserId: "123456789012", Description: "why" }] }),
    "the group itself": (GroupId) => ({ UserIdGroupPairs: [{ GroupId, UserId: "123456789012", Description: "why" }] }),
  };

  it.each(Object.entries(sources))("%s, in both descriptions of the group", async (_, source) => {
    const own = await group();
    const sent = { ...port(22), ...source(own, await group("other")) };
    await authorize(own, sent);
    expect(await ingress(own)).toEqual([sent]);
    expect(await rules(own)).toEqual([expect.objectContaining({ Description: "why" })]);
  });

  it.each(Object.entries(sources))("%s, changed and removed by content", async (_, source) => {
    const own = await group();
    const sent = { ...port(22), ...source(own, await group("other")) };
    await authorize(own, sent);
    const update = (Description: string | undefined) => {
      const text = JSON.stringify(sent, (key, value) => (key === "Description" ? Description : value));
      const IpPermissions = [JSON.parse(text) as IpPermission];
      return ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId: own, IpPermissions }));
    };
    expect(await update("another")).toMatchObject({ Return: true });
    expect(await rules(own)).toEqual([expect.objectContaining({ Description: "another" })]);
    await update(undefined);
    expect((await rules(own))[0]?.Description).toBeUndefined();
  });

  it.each(Object.entries(sources))("%s, and makes no other rule of it", async (_, source) => {
    const own = await group();
    const other = await group("other");
    await authorize(own, { ...port(22), ...source(own, other) });
    const renamed = JSON.parse(JSON.stringify(source(own, other)).replace("why", "other words")) as IpPermission;
    await expect(authorize(own, { ...port(22), ...renamed })).rejects.toMatchObject({
      name: "InvalidPermission.Duplicate",
    });
    await ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId: own, IpPermissions: [{ ...port(22), ...renamed }] }),
    );
    expect(await rules(own)).toEqual([]);
  });
});

it("changes descriptions by rule id", async () => {
  const GroupId = await group();
  const made = await authorize(GroupId, { ...port(22), ...cidr("192.0.2.0/24") });
  const SecurityGroupRuleId = made.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId, Description: "new" }];
  await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId, SecurityGroupRuleDescriptions }));
  expect(await rules(GroupId)).toEqual([expect.objectContaining({ SecurityGroupRuleId, Description: "new" })]);

  const egress = (await rules(GroupId, true))[0]?.SecurityGroupRuleId;
  const ofEgress = [{ SecurityGroupRuleId: egress, Description: "out" }];
  await ec2.send(
    new UpdateSecurityGroupRuleDescriptionsEgressCommand({ GroupId, SecurityGroupRuleDescriptions: ofEgress }),
  );
  expect(await rules(GroupId, true)).toEqual([expect.objectContaining({ Description: "out" })]);
});

it("returns every rule that a call with several permissions made", async () => {
  const GroupId = await group();
  const made = await authorize(
    GroupId,
    { ...port(22), ...cidr("192.0.2.1/32") },
    { ...port(80), IpRanges: [{ CidrIp: "192.0.2.2/32" }, { CidrIp: "192.0.2.3/32" }] },
  );
  expect(made.SecurityGroupRules?.map((rule) => rule.CidrIpv4)).toEqual([
    "192.0.2.1/32",
    "192.0.2.2/32",
    "192.0.2.3/32",
  ]);
  const outward = [
    { ...port(443), ...cidr("192.0.2.1/32") },
    { ...port(444), ...cidr("192.0.2.1/32") },
  ];
  const out = await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: outward }));
  expect(out.SecurityGroupRules?.map((rule) => rule.FromPort)).toEqual([443, 444]);
});

it("makes no rule of a call of which one is a duplicate", async () => {
  const GroupId = await group();
  await authorize(GroupId, { ...port(22), ...cidr("192.0.2.1/32") });
  const again = authorize(GroupId, { ...port(80), ...cidr("192.0.2.1/32") }, { ...port(22), ...cidr("192.0.2.1/32") });
  await expect(again).rejects.toMatchObject({ name: "InvalidPermission.Duplicate" });
  expect(await rules(GroupId)).toHaveLength(1);
});

it("revokes no rule of a call of which one is unknown", async () => {
  const GroupId = await group();
  const known = { ...port(22), ...cidr("192.0.2.1/32") };
  await authorize(GroupId, known);
  const IpPermissions = [known, { ...port(80), ...cidr("192.0.2.1/32") }];
  const revoke = ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  await expect(revoke).rejects.toMatchObject({ name: "InvalidPermission.NotFound" });
  expect(await rules(GroupId)).toHaveLength(1);
});

it("revokes by rule id, and names an unknown id", async () => {
  const GroupId = await group();
  const made = await authorize(GroupId, { ...port(22), ...cidr("192.0.2.1/32") });
  const SecurityGroupRuleIds = made.SecurityGroupRules?.map((rule) => rule.SecurityGroupRuleId ?? "");
  const revoke = () => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds }));
  await revoke();
  expect(await rules(GroupId)).toEqual([]);
  await expect(revoke()).rejects.toMatchObject({ name: "InvalidSecurityGroupRuleId.NotFound" });
});

it("revokes an IPv6 rule in a network without IPv6", async () => {
  const GroupId = await group();
  const IpPermissions = [{ IpProtocol: "-1", Ipv6Ranges: [{ CidrIpv6: "::/0" }] }];
  await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  expect((await rules(GroupId, true)).map((rule) => rule.CidrIpv6 ?? rule.CidrIpv4)).toEqual(["0.0.0.0/0"]);
});

it.each([
  ["100.68.0.18/18", "100.68.0.0/18"],
  ["192.0.2.7/32", "192.0.2.7/32"],
])("masks the host bits of %s", async (sent, kept) => {
  const GroupId = await group();
  await authorize(GroupId, { ...port(22), ...cidr(sent) });
  expect((await rules(GroupId)).map((rule) => rule.CidrIpv4)).toEqual([kept]);
});

it("writes an IPv6 range in its shortest form", async () => {
  const GroupId = await group();
  await authorize(GroupId, { ...port(22), Ipv6Ranges: [{ CidrIpv6: "2001:0DB8:0:0::1/64" }] });
  expect((await rules(GroupId)).map((rule) => rule.CidrIpv6)).toEqual(["2001:db8::/64"]);
});

it.each([
  ["58", { FromPort: -1, ToPort: -1 }, "icmpv6"],
  ["50", {}, "50"],
  ["6", { FromPort: 1, ToPort: 2 }, "tcp"],
  ["-1", {}, "-1"],
])("reads protocol %s as AWS names it", async (IpProtocol, ports, name) => {
  const GroupId = await group();
  await authorize(GroupId, { IpProtocol, ...ports, ...cidr("192.0.2.1/32") });
  expect(await rules(GroupId)).toEqual([expect.objectContaining({ IpProtocol: name })]);
});

it("refuses tcp without ports", async () => {
  const sent = authorize(await group(), { IpProtocol: "tcp", ...cidr("192.0.2.1/32") });
  await expect(sent).rejects.toMatchObject({ name: "InvalidParameterValue" });
});

describe("ModifySecurityGroupRules", () => {
  async function modify(GroupId: string, change: object): Promise<void> {
    const [rule] = await rules(GroupId);
    const SecurityGroupRules = [
      { SecurityGroupRuleId: rule?.SecurityGroupRuleId, SecurityGroupRule: { ...port(80), ...change } },
    ];
    await ec2.send(new ModifySecurityGroupRulesCommand({ GroupId, SecurityGroupRules }));
  }

  it.each([
    ["an IPv4 range", cidr("192.0.2.0/24", "old"), { CidrIpv4: "198.51.100.0/24" }],
    ["an IPv6 range", { Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32" }] }, { CidrIpv6: "2001:db8:1::/48" }],
    ["a prefix list", { PrefixListIds: [{ PrefixListId: "pl-11111111" }] }, { PrefixListId: "pl-22222222" }],
  ])("changes %s, ports and description under the same id", async (_, before, change) => {
    const GroupId = await group();
    const made = await authorize(GroupId, { ...port(22), ...before });
    await modify(GroupId, { ...change, Description: "new" });
    const SecurityGroupRuleId = made.SecurityGroupRules?.[0]?.SecurityGroupRuleId;
    expect(await rules(GroupId)).toEqual([
      expect.objectContaining({ SecurityGroupRuleId, ...port(80), ...change, Description: "new" }),
    ]);
  });

  it("changes the referenced group", async () => {
    const own = await group();
    const [first, second] = [await group("first"), await group("second")];
    await authorize(own, { ...port(22), UserIdGroupPairs: [{ GroupId: first }] });
    await modify(own, { ReferencedGroupId: second });
    expect((await rules(own)).map((rule) => rule.ReferencedGroupInfo?.GroupId)).toEqual([second]);
  });

  it("refuses another kind of source", async () => {
    const GroupId = await group();
    await authorize(GroupId, { ...port(22), ...cidr("192.0.2.0/24") });
    await expect(modify(GroupId, { CidrIpv6: "2001:db8::/32" })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  it("refuses what another rule already is", async () => {
    const GroupId = await group();
    await authorize(GroupId, { ...port(22), ...cidr("192.0.2.0/24") }, { ...port(80), ...cidr("192.0.2.0/24") });
    await expect(modify(GroupId, { CidrIpv4: "192.0.2.0/24" })).rejects.toMatchObject({
      name: "InvalidPermission.Duplicate",
    });
  });
});

describe("a group is not deleted", () => {
  const remove = (GroupId: string) => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));

  it("while another group refers to it", async () => {
    const [used, user] = [await group("used"), await group("user")];
    await authorize(user, { ...port(22), UserIdGroupPairs: [{ GroupId: used }] });
    await expect(remove(used)).rejects.toMatchObject({ name: "DependencyViolation" });
    await remove(user);
    await remove(used);
  });

  it("while an instance is in it", async () => {
    const GroupId = await group();
    const run = { ImageId: "ami-0c7217cde4661b399", InstanceType: "t3.small", MinCount: 1, MaxCount: 1 } as const;
    const { Instances } = await ec2.send(new RunInstancesCommand({ ...run, SecurityGroupIds: [GroupId] }));
    await expect(remove(GroupId)).rejects.toMatchObject({ name: "DependencyViolation" });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [Instances?.[0]?.InstanceId ?? ""] }));
    await remove(GroupId);
  });

  it("when it is a network's default group", async () => {
    const Filters = [{ Name: "group-name", Values: ["default"] }];
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    await expect(remove(SecurityGroups?.[0]?.GroupId ?? "")).rejects.toMatchObject({ name: "CannotDelete" });
  });

  it("unless only its own rules refer to it", async () => {
    const GroupId = await group();
    await authorize(GroupId, { ...port(22), UserIdGroupPairs: [{ GroupId }] });
    await remove(GroupId);
    const describe = ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
    await expect(describe).rejects.toMatchObject({ name: "InvalidGroup.NotFound" });
  });
});

it("is listed page by page, and so are its rules", async () => {
  const GroupId = await group();
  const IpRanges = [1, 2, 3, 4, 5, 6].map((number) => ({ CidrIp: `192.0.2.${number}/32` }));
  await authorize(GroupId, { ...port(22), IpRanges });
  const Filters = [{ Name: "group-id", Values: [GroupId] }];
  const rulePages: number[] = [];
  for await (const page of paginateDescribeSecurityGroupRules({ client: ec2, pageSize: 5 }, { Filters })) {
    rulePages.push(page.SecurityGroupRules?.length ?? 0);
  }
  expect(rulePages).toEqual([5, 2]); // with the egress rule that AWS makes
  for (const name of ["a", "b", "c", "d", "e"]) await group(name);
  const groupPages: number[] = [];
  for await (const page of paginateDescribeSecurityGroups({ client: ec2, pageSize: 5 }, {})) {
    groupPages.push(page.SecurityGroups?.length ?? 0);
  }
  expect(groupPages).toEqual([5, 2]); // with the default group
});

it("knows CloudFront's prefix list by name", async () => {
  const Filters = [{ Name: "prefix-list-name", Values: ["com.amazonaws.global.cloudfront.origin-facing"] }];
  const { PrefixLists } = await ec2.send(new DescribeManagedPrefixListsCommand({ Filters }));
  expect(PrefixLists).toEqual([
    expect.objectContaining({ PrefixListId: expect.stringMatching(/^pl-/), OwnerId: "AWS" }),
  ]);
});
