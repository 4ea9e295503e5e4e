import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { proves, stackOf } from "@reconcile/core/testing";
import { describe, expect, it, vi } from "vitest";
import { tagMap } from "../aws/tags.ts";
import { sandboxWorld } from "../testing/sandbox-world.ts";
import { changesIn, openStory, type Story } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";

vi.setConfig({ testTimeout: 60_000 });

const world = sandboxWorld(useSandbox());

const tcp = (port: number, Description?: string) => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  CidrIp: "203.0.113.10/32",
  ...(Description !== undefined && { Description }),
});
const group = (...SecurityGroupIngress: object[]) => ({
  Type: "AWS::EC2::SecurityGroup",
  Properties: { GroupDescription: "the agent", SecurityGroupIngress },
});
const child = (rule: object, GroupId: unknown = { Ref: "Group" }) => ({
  Type: "AWS::EC2::SecurityGroupIngress",
  Properties: { GroupId, ...rule },
});

/** The ingress rules that live, by port. */
async function rulesIn(story: Story): Promise<Map<number | undefined, SecurityGroupRule>> {
  const { SecurityGroupRules = [] } = await (await story.look()).ec2.describeSecurityGroupRules({});
  const own = SecurityGroupRules.filter((rule) => !rule.IsEgress && rule.CidrIpv4 === "203.0.113.10/32");
  return new Map(own.map((rule) => [rule.FromPort, rule]));
}

async function portsIn(story: Story): Promise<(number | undefined)[]> {
  return [...(await rulesIn(story)).keys()].sort((a = 0, b = 0) => a - b);
}

/** Somebody opens a port by hand, with these tags. */
async function openByHand(story: Story, port: number, tags: Record<string, string> = {}): Promise<void> {
  const GroupId = [...(await rulesIn(story)).values()][0]?.GroupId;
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await story.behindOurBack(["ec2:AuthorizeSecurityGroupIngress"], (aws) =>
    aws.ec2.authorizeSecurityGroupIngress({
      GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "203.0.113.10/32" }] }],
      ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: "security-group-rule", Tags }] }),
    }),
  );
}

describe("a rule that changes hands", () => {
  it("stays the same rule, from its group to a resource of its own and back", async () => {
    const story = await openStory(world);
    const embedded = stackOf({ Group: group(tcp(22, "home")) });
    const standalone = stackOf({ Group: group(), Ssh: child(tcp(22, "home")) });
    await story.apply([embedded]);
    const made = (await rulesIn(story)).get(22);

    const out = await story.apply([standalone]);
    expect(changesIn(out.plan)).toEqual(["update Ssh /Tags/reconcile:resource"]);
    expect(out.writes).toEqual(["ec2:CreateTags"]);
    const moved = (await rulesIn(story)).get(22);
    expect(moved?.SecurityGroupRuleId).toBe(made?.SecurityGroupRuleId);
    expect(tagMap(moved?.Tags)["reconcile:resource"]).toBe("Ssh/AWS::EC2::SecurityGroupIngress");
    expect(changesIn(await story.plan([standalone]))).toEqual([]);

    const back = await story.apply([embedded]);
    expect(back.writes).toEqual([]);
    expect((await rulesIn(story)).get(22)?.SecurityGroupRuleId).toBe(made?.SecurityGroupRuleId);

    await story.apply([stackOf({ Group: group() })]);
    expect(await portsIn(story)).toEqual([]);
  });

  it("is taken up by a child that held another rule before", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Group: group(tcp(22)), Port: child(tcp(80)) })]);
    const made = (await rulesIn(story)).get(22);
    const next = stackOf({ Group: group(), Port: child(tcp(22)) });
    const { run } = await story.apply([next]);
    expect(run.diagnostics).toEqual([]);
    expect(await portsIn(story)).toEqual([22]);
    expect((await rulesIn(story)).get(22)?.SecurityGroupRuleId).toBe(made?.SecurityGroupRuleId);
    expect(changesIn(await story.plan([next]))).toEqual([]);
  });

  it("changes places with another, and neither is missing for a moment", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Group: group(), A: child(tcp(22)), B: child(tcp(80)) })]);
    const before = await rulesIn(story);
    const { writes } = await story.apply([stackOf({ Group: group(), A: child(tcp(80)), B: child(tcp(22)) })]);
    expect(writes).toEqual(["ec2:CreateTags", "ec2:CreateTags"]);
    const after = await rulesIn(story);
    expect(after.get(22)?.SecurityGroupRuleId).toBe(before.get(22)?.SecurityGroupRuleId);
    expect(tagMap(after.get(22)?.Tags)["reconcile:resource"]).toBe("B/AWS::EC2::SecurityGroupIngress");
  });

  it("is the same rule under another logical id", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Group: group(), Ssh: child(tcp(22)) })]);
    const { writes } = await story.apply([stackOf({ Group: group(), SshFromHome: child(tcp(22)) })]);
    expect(writes).toEqual(["ec2:CreateTags"]);
  });
});

describe("a group, a child beside it, and a child in another stack", () => {
  it("hold their own rules and leave each other's alone", proves(6, "sandbox"), async () => {
    const story = await openStory(world);
    const app = stackOf({ Group: group(tcp(22)), Https: child(tcp(443)) });
    await story.apply([app]);
    const groupId = (await rulesIn(story)).get(22)?.GroupId;
    const other = stackOf({ Api: child(tcp(8000), groupId), Admin: child(tcp(9000), groupId) }, { name: "other" });
    await story.apply([other]);

    expect(changesIn(await story.plan([app, other]))).toEqual([]);
    const alone = await story.plan([app]);
    expect(changesIn(alone)).toEqual([]);
    const theirs = ["/SecurityGroupIngress", "test/other@us-east-1"];
    expect(alone.stacks[0]?.unowned.map(({ path, owner }) => [path, owner])).toEqual([theirs, theirs]);

    await story.apply([stackOf({ Group: group(tcp(22), tcp(80)) })]);
    expect(await portsIn(story)).toEqual([22, 80, 8000, 9000]);
    await story.apply([stackOf({ Admin: child(tcp(9000), groupId) }, { name: "other" })]);
    expect(await portsIn(story)).toEqual([22, 80, 9000]);
  });

  it("lose a child's rule with the child, even where no base says that there was one", async () => {
    const story = await openStory(world);
    await story.apply([stackOf({ Group: group(tcp(22)), Https: child(tcp(443)) })]);
    const { plan } = await story.apply([stackOf({ Group: group(tcp(22)) })], { withoutBase: true });
    expect(changesIn(plan)).toEqual(["delete Https"]);
    expect(await portsIn(story)).toEqual([22]);
  });
});

describe("a group that is adopted", () => {
  it("is let go with the rules that were added to it", async () => {
    const story = await openStory(world);
    await story.behindOurBack(["ec2:CreateSecurityGroup"], (aws) =>
      aws.ec2.createSecurityGroup({ GroupName: "theirs", Description: "the agent" }),
    );
    const adopting = group(tcp(22));
    const Properties = { ...adopting.Properties, GroupName: "theirs" };
    const other = { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "other" } };
    const Metadata = { Reconcile: { adopt: true } };
    await story.apply([stackOf({ Theirs: { ...adopting, Properties, Metadata }, Other: other })]);
    expect(tagMap((await rulesIn(story)).get(22)?.Tags)).toHaveProperty(["reconcile:owner"]);
    await story.apply([stackOf({ Other: other })]);
    expect(tagMap((await rulesIn(story)).get(22)?.Tags)).toEqual({});
  });
});

describe("a rule that nobody declares", () => {
  it("is drift, and goes", async () => {
    const story = await openStory(world);
    const app = stackOf({ Group: group(tcp(22)), Https: child(tcp(443)) });
    await story.apply([app]);
    await openByHand(story, 5432);
    const { plan } = await story.apply([app]);
    const changed = plan.stacks[0]?.changes.find((change) => change.logicalId === "Group");
    expect(changed?.properties).toMatchObject([
      { path: "/SecurityGroupIngress/-", before: { FromPort: 5432 }, cause: "drift" },
    ]);
    expect(await portsIn(story)).toEqual([22, 443]);
  });

  it("stays where it carries another owner's tag, and is reported", proves(6, "sandbox"), async () => {
    const story = await openStory(world);
    const app = stackOf({ Group: group(tcp(22)) });
    await story.apply([app]);
    await openByHand(story, 5432, { "reconcile:owner": "database/main@us-east-1" });
    const { plan } = await story.apply([app]);
    expect(changesIn(plan)).toEqual([]);
    expect(plan.stacks[0]?.unowned).toMatchObject([{ logicalId: "Group", owner: "database/main@us-east-1" }]);
    expect(await portsIn(story)).toEqual([22, 5432]);
  });
});

describe("the rules that let everything out", () => {
  const egress = async (story: Story) => {
    const { SecurityGroupRules = [] } = await (await story.look()).ec2.describeSecurityGroupRules({});
    const { SecurityGroups = [] } = await (await story.look()).ec2.describeSecurityGroups({});
    const ours = SecurityGroups.find((each) => each.Description === "the agent");
    const own = SecurityGroupRules.filter((rule) => rule.IsEgress && rule.GroupId === ours?.GroupId);
    return own.map((rule) => rule.CidrIpv4 ?? rule.CidrIpv6).sort();
  };

  it("are there for IPv4 and IPv6 unless egress is declared, and come back when it no longer is", async () => {
    const story = await openStory(world);
    const Group = (SecurityGroupEgress?: object[]) => ({
      Type: "AWS::EC2::SecurityGroup",
      Properties: { GroupDescription: "the agent", ...(SecurityGroupEgress && { SecurityGroupEgress }) },
    });
    await story.apply([stackOf({ Group: Group() })]);
    expect(await egress(story)).toEqual(["0.0.0.0/0", "::/0"]);
    await story.apply([stackOf({ Group: Group([]) })]);
    expect(await egress(story)).toEqual([]);
    await story.apply([stackOf({ Group: Group() })]);
    expect(await egress(story)).toEqual(["0.0.0.0/0", "::/0"]);
  });
});
