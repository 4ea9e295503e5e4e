import { proves, stackOf } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { sandboxWorld } from "../testing/sandbox-world.ts";
import { changesIn, openStory } from "../testing/story.ts";
import { useSandbox } from "../testing/use-sandbox.ts";

const world = sandboxWorld(useSandbox());

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const policy = (Description?: string) => ({
  Type: "AWS::IAM::ManagedPolicy",
  Properties: {
    ...(Description && { Description }),
    PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] },
  },
});
const role = (...ManagedPolicyArns: unknown[]) => ({
  Type: "AWS::IAM::Role",
  Properties: { RoleName: "agent", AssumeRolePolicyDocument: trust, ManagedPolicyArns },
});
const attached = { Ref: "Policy" };

describe("a managed policy that a role has", { timeout: 60_000 }, () => {
  it.each([
    ["with git base", {}],
    ["without", { withoutBase: true as const }],
  ])("is replaced: the role changes over, then the old one goes (%s)", async (_, given) => {
    const story = await openStory(world);
    await story.apply([stackOf({ Policy: policy(), Role: role(attached) })]);
    const wanted = [stackOf({ Policy: policy("Reads the news"), Role: role(attached) })];
    const { plan, run, writes } = await story.apply(wanted, given);
    expect(changesIn(plan)).toEqual([
      "replace Policy /Description",
      "update Role /ManagedPolicyArns/- /ManagedPolicyArns/-",
    ]);
    expect(run.diagnostics).toEqual([]);
    expect(writes).toEqual(["iam:CreatePolicy", "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:DeletePolicy"]);
    expect(changesIn(await story.plan(wanted))).toEqual([]);
  });

  it.each([
    ["with git base", {}],
    ["without", { withoutBase: true as const }],
  ])("leaves the template: the role lets go of it first (%s)", async (_, given) => {
    const story = await openStory(world);
    await story.apply([stackOf({ Policy: policy(), Role: role(attached) })]);
    const wanted = [stackOf({ Role: role() })];
    const { plan, run, writes } = await story.apply(wanted, given);
    expect(changesIn(plan)).toEqual(["update Role /ManagedPolicyArns/-", "delete Policy"]);
    expect(run.diagnostics).toEqual([]);
    expect(writes).toEqual(["iam:DetachRolePolicy", "iam:DeletePolicy"]);
  });

  it("is deleted after the role", async () => {
    const story = await openStory(world);
    const Other = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: trust } };
    await story.apply([stackOf({ Policy: policy(), Role: role(attached), Other })]);
    const { run, writes } = await story.apply([stackOf({ Other })]);
    expect(run.diagnostics).toEqual([]);
    expect(writes).toEqual(["iam:DetachRolePolicy", "iam:DeleteRole", "iam:DeletePolicy"]);
  });

  it("is not deleted while something else has it, which is named", async () => {
    const story = await openStory(world);
    const Other = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: trust } };
    const { plan } = await story.apply([stackOf({ Policy: policy(), Other })]);
    const made = plan.stacks[0]?.changes.find((change) => change.logicalId === "Policy")?.desired?.properties;
    await story.behindOurBack(["iam:CreateGroup", "iam:AttachGroupPolicy"], async (aws) => {
      await aws.iam.createGroup({ GroupName: "readers" });
      await aws.iam.attachGroupPolicy({
        GroupName: "readers",
        PolicyArn: `arn:aws:iam::${aws.account}:policy/${made?.ManagedPolicyName}`,
      });
    });
    const { run } = await story.apply([stackOf({ Other })]);
    expect(run.diagnostics).toEqual([
      expect.objectContaining({
        code: "delete.in-use",
        message: expect.stringMatching(/ is still attached to group readers\.$/),
      }),
    ]);
  });

  it("by hand, and that nobody declares, stays and is reported", proves(6, "sandbox"), async () => {
    const story = await openStory(world);
    const wanted = [stackOf({ Policy: policy(), Role: role() })];
    await story.apply(wanted);
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    await story.behindOurBack(["iam:AttachRolePolicy"], (aws) =>
      aws.iam.attachRolePolicy({ RoleName: "agent", PolicyArn }),
    );
    const plan = await story.plan(wanted);
    expect(changesIn(plan)).toEqual([]);
    expect(plan.stacks[0]?.unowned).toEqual([
      expect.objectContaining({ logicalId: "Role", path: "/ManagedPolicyArns", identifier: JSON.stringify(PolicyArn) }),
    ]);
  });
});

describe("a role that an instance profile has", () => {
  it("is not deleted while the profile is nobody's of ours, and keeps what it has", proves(6, "sandbox"), async () => {
    const story = await openStory(world);
    const Other = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: trust } };
    await story.apply([stackOf({ Role: role("arn:aws:iam::aws:policy/ReadOnlyAccess"), Other })]);
    const profile = { InstanceProfileName: "elsewhere", RoleName: "agent" };
    await story.behindOurBack(["iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"], async (aws) => {
      await aws.iam.createInstanceProfile(profile);
      await aws.iam.addRoleToInstanceProfile(profile);
    });
    const { run, writes } = await story.apply([stackOf({ Other })]);
    expect(run.diagnostics).toEqual([
      expect.objectContaining({
        code: "delete.in-use",
        message: "agent is still in the instance profile elsewhere.",
      }),
    ]);
    expect(writes).toEqual([]);
  });
});
