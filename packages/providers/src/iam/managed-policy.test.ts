import { describe, expect, it } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { ManagedPolicy } from "./managed-policy.ts";

const allow = (Action: string | string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

describeOnSandbox(ManagedPolicy, {
  example: { PolicyDocument: allow("s3:GetObject") },
  name: { ManagedPolicyName: "news-agent" },
  mutations: [{ property: "PolicyDocument", from: allow("s3:GetObject"), to: allow("s3:Get*"), unset: "required" }],
  replacements: { Description: "Reads the news", Path: "/agents/" },
  budget: 5,
});

describe("AWS::IAM::ManagedPolicy in normal form", () => {
  const live = { ManagedPolicyName: "read", Path: "/", PolicyDocument: allow(["s3:Get*", "s3:List*"]) };

  it.each([
    ["no path", { ...live, Path: undefined }, live, []],
    ["actions in another order", { ...live, PolicyDocument: allow(["s3:List*", "s3:Get*"]) }, live, []],
    ["an action less", { ...live, PolicyDocument: allow("s3:Get*") }, live, ["/PolicyDocument"]],
    ["a description that nobody declares", live, { ...live, Description: "By hand" }, ["/Description"]],
  ])("%s", (_, declared, actual, paths) => {
    expect(differences(ManagedPolicy, declared, actual)).toEqual(paths);
  });
});
