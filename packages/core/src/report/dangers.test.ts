import { describe, expect, it } from "vitest";
import type { Change } from "../plan/model.ts";
import { Unknown } from "../value.ts";
import { dangersOf } from "./dangers.ts";
import { change, desired, property, types } from "./fixtures.ts";

const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22 };
const world = { ...ssh, CidrIp: "0.0.0.0/0" };

function policy(statement: Record<string, unknown>) {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement }],
  };
}

function group(path: string, before: unknown, after: unknown): Change {
  return change("Group", types.group, { properties: [property(path, { before, after })] });
}

function role(before: unknown, after: unknown): Change {
  return change("Role", types.role, { properties: [property("/AssumeRolePolicyDocument", { before, after })] });
}

describe("dangersOf", () => {
  it.each<[string, Change, string[]]>([
    ["a replacement", change("A", types.alarm, { action: "replace" }), ["is replaced"]],
    ["a deletion", change("A", types.alarm, { action: "delete" }), ["is deleted"]],
    ["an interruption", change("A", types.instance, { impact: "interrupts" }), ["is interrupted"]],
    ["a rule for the world", group("/SecurityGroupIngress/-", undefined, world), ["opens tcp 22 to the world"]],
    [
      "a rule for the world of version 6",
      group("/SecurityGroupIngress/-", undefined, { ...ssh, CidrIpv6: "::/0" }),
      ["opens tcp 22 to the world"],
    ],
    [
      "all traffic for the world",
      group("/SecurityGroupIngress/-", undefined, { IpProtocol: "-1", CidrIp: "0.0.0.0/0" }),
      ["opens all traffic to the world"],
    ],
    [
      "a rule that comes to be for the world",
      group("/SecurityGroupIngress/ssh/CidrIp", "10.0.0.0/8", "0.0.0.0/0"),
      ["opens a rule to the world"],
    ],
    ["all rules at once", group("/SecurityGroupIngress", [ssh], [ssh, world]), ["opens tcp 22 to the world"]],
    [
      "a rule of its own that comes to be for the world",
      change("Rule", types.ingress, {
        properties: [property("/CidrIp", { before: "10.0.0.0/8", after: "0.0.0.0/0" })],
        observed: { identifier: "sgr-1", properties: { ...ssh, CidrIp: "10.0.0.0/8" }, attributes: {}, tags: {} },
        ...desired("Rule", types.ingress, { GroupId: "sg-1", ...world }),
      }),
      ["opens tcp 22 to the world"],
    ],
    [
      "a new group that is open to the world",
      change("Group", types.group, {
        action: "create",
        ...desired("Group", types.group, { SecurityGroupIngress: [world] }),
      }),
      ["opens tcp 22 to the world"],
    ],
    [
      "a role for everyone",
      role(policy({ Principal: { AWS: "1" } }), policy({ Principal: { AWS: "*" } })),
      ["allows everyone"],
    ],
    ["a role for everyone, in short", role(undefined, policy({ Principal: "*" })), ["allows everyone"]],
    [
      "a role for everyone under a condition",
      role(undefined, policy({ Principal: "*", Condition: { StringEquals: { a: "b" } } })),
      ["allows everyone, under a condition"],
    ],
    ["every action", role(policy({}), policy({ Action: ["s3:GetObject", "*"] })), ["allows every action"]],
    [
      "every action but a few",
      role(policy({}), policy({ Action: undefined, NotAction: "iam:*" })),
      ["allows every action but a few"],
    ],
    [
      "everyone, in a document that is text",
      role(undefined, JSON.stringify(policy({ Principal: "*" }))),
      ["allows everyone"],
    ],
    [
      "the administrator's policy",
      change("Role", types.role, {
        properties: [property("/ManagedPolicyArns/-", { after: "arn:aws:iam::aws:policy/AdministratorAccess" })],
      }),
      ["allows every action (AdministratorAccess)"],
    ],
  ])("sees %s", (_name, given, expected) => {
    expect(dangersOf(given).map((danger) => danger.text)).toEqual(expected);
  });

  it.each<[string, Change]>([
    ["an unchanged resource", change("A", types.alarm, { action: "none" })],
    ["a resource that is let go", change("A", types.alarm, { action: "delete", released: true })],
    ["a rule for some", group("/SecurityGroupIngress/-", undefined, { ...ssh, CidrIp: "203.0.113.10/32" })],
    ["a rule for the world that is taken away", group("/SecurityGroupIngress/-", world, undefined)],
    [
      "a rule for the world that gets another description",
      group("/SecurityGroupIngress", [world], [{ ...world, Description: "x" }]),
    ],
    ["an outgoing rule", group("/SecurityGroupEgress/-", undefined, world)],
    [
      "an outgoing rule of a new group",
      change("G", types.group, { action: "create", ...desired("G", types.group, { SecurityGroupEgress: [world] }) }),
    ],
    [
      "a rule whose range is not known yet",
      group("/SecurityGroupIngress/-", undefined, { ...ssh, CidrIp: new Unknown(["A"], "changes") }),
    ],
    ["everyone taken away", role(policy({ Principal: "*" }), policy({ Principal: { AWS: "1" } }))],
    ["everyone denied", role(undefined, policy({ Effect: "Deny", Principal: "*" }))],
    ["every resource", role(undefined, policy({ Resource: "*" }))],
    [
      "what must not be told",
      change("G", types.group, {
        properties: [property("/SecurityGroupIngress/-", { after: world, sensitive: true })],
      }),
    ],
    [
      "what must not be told of a new group",
      change("G", types.group, {
        action: "create",
        ...desired("G", types.group, { SecurityGroupIngress: [world] }, ["/SecurityGroupIngress/0/CidrIp"]),
      }),
    ],
  ])("does not raise its voice for %s", (_name, given) => {
    expect(dangersOf(given)).toEqual([]);
  });
});
