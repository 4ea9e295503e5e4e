import { describe, expect, it } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { RolePolicy } from "./role-policy.ts";

const allow = (Action: string | string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

const role = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
    Policies: [{ PolicyName: "of-the-role", PolicyDocument: allow("s3:ListBucket") }],
  },
};

describeOnSandbox(RolePolicy, {
  prerequisites: { Agent: role, Other: role },
  example: { PolicyName: "read", RoleName: { Ref: "Agent" }, PolicyDocument: allow("s3:GetObject") },
  mutations: [
    {
      property: "PolicyDocument",
      from: allow("s3:GetObject"),
      to: allow(["s3:GetObject", "s3:PutObject"]),
      unset: "required",
    },
  ],
  replacements: { PolicyName: "read-all", RoleName: { Ref: "Other" } },
  budget: 4,
});

describe("AWS::IAM::RolePolicy in normal form", () => {
  const live = { PolicyName: "read", RoleName: "agent", PolicyDocument: allow(["s3:Get*", "s3:List*"]) };

  it.each([
    ["actions in another order and case", { ...live, PolicyDocument: allow(["S3:list*", "s3:Get*"]) }, []],
    ["an action less", { ...live, PolicyDocument: allow("s3:Get*") }, ["/PolicyDocument"]],
  ])("%s", (_, declared, paths) => {
    expect(differences(RolePolicy, declared, live)).toEqual(paths);
  });
});
