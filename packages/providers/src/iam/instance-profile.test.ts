import { describe, expect, it } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { InstanceProfile } from "./instance-profile.ts";

const role = {
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
  },
};

describeOnSandbox(InstanceProfile, {
  prerequisites: { Agent: role, Other: role },
  example: { Roles: [{ Ref: "Agent" }] },
  name: { InstanceProfileName: "news-agent" },
  mutations: [{ property: "Roles", from: [{ Ref: "Agent" }], to: [{ Ref: "Other" }], unset: "required" }],
  replacements: { Path: "/agents/" },
  budget: 7,
});

describe("AWS::IAM::InstanceProfile in normal form", () => {
  const live = { InstanceProfileName: "agent", Path: "/", Roles: ["agent"] };

  it.each([
    ["no path", { ...live, Path: undefined }, []],
    ["another role", { ...live, Roles: ["other"] }, ["/Roles/-", "/Roles/-"]],
  ])("%s", (_, declared, paths) => {
    expect(differences(InstanceProfile, declared, live)).toEqual(paths);
  });
});
