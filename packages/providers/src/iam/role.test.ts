import { describe, expect, it } from "vitest";
import { differences } from "../testing/normal-form.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { Role } from "./role.ts";

const trust = (Service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
});

const allow = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const securityAudit = "arn:aws:iam::aws:policy/SecurityAudit";

describeOnSandbox(Role, {
  example: { AssumeRolePolicyDocument: trust("ec2.amazonaws.com") },
  name: { RoleName: "news-agent" },
  mutations: [
    {
      property: "AssumeRolePolicyDocument",
      from: trust("ec2.amazonaws.com"),
      to: trust("lambda.amazonaws.com"),
      unset: "required",
    },
    { property: "Description", from: "Reads the news", to: "Reads all news" },
    { property: "MaxSessionDuration", to: 7200 },
    { property: "PermissionsBoundary", from: readOnly, to: securityAudit },
    { property: "ManagedPolicyArns", from: [readOnly], to: [securityAudit] },
    {
      property: "Policies",
      from: [{ PolicyName: "read", PolicyDocument: allow("s3:GetObject") }],
      to: [
        { PolicyName: "read", PolicyDocument: allow("s3:Get*") },
        { PolicyName: "write", PolicyDocument: allow("s3:Put*") },
      ],
    },
    { property: "Tags", from: [{ Key: "Team", Value: "core" }], to: [{ Key: "Team", Value: "data" }] },
  ],
  replacements: { Path: "/agents/" },
  budget: 8,
});

describe("AWS::IAM::Role in normal form", () => {
  const live = {
    RoleName: "news-agent",
    Path: "/",
    AssumeRolePolicyDocument: trust("ec2.amazonaws.com"),
    MaxSessionDuration: 3600,
    ManagedPolicyArns: [securityAudit, readOnly],
    Policies: [
      { PolicyName: "write", PolicyDocument: allow("s3:Put*") },
      { PolicyName: "read", PolicyDocument: allow("s3:Get*") },
    ],
  };
  const account = (principal: string) => ({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Principal: { AWS: [principal] }, Action: ["sts:AssumeRole"] },
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ["policies in another order", { Policies: [...live.Policies].reverse() }, {}, []],
    ["attachments in another order", { ManagedPolicyArns: [readOnly, securityAudit] }, {}, []],
    ["what is not declared has its default", { Path: undefined, MaxSessionDuration: undefined }, {}, []],
    [
      "another longest session",
      { MaxSessionDuration: undefined },
      { MaxSessionDuration: 7200 },
      ["/MaxSessionDuration"],
    ],
    ["a description that nobody declares", {}, { Description: "By hand" }, ["/Description"]],
    ["a boundary that nobody declares", {}, { PermissionsBoundary: readOnly }, ["/PermissionsBoundary"]],
    [
      "an account's id, which IAM answers with as its root",
      { AssumeRolePolicyDocument: account("123456789012") },
      { AssumeRolePolicyDocument: account("arn:aws:iam::123456789012:root") },
      [],
    ],
    [
      "a trusted role that was deleted and made again",
      { AssumeRolePolicyDocument: account("arn:aws:iam::123456789012:role/deploy") },
      { AssumeRolePolicyDocument: account("AROAEXAMPLEEXAMPLE") },
      ["/AssumeRolePolicyDocument"],
    ],
    [
      "an inline policy that says something else",
      { Policies: [live.Policies[0], { PolicyName: "read", PolicyDocument: allow("s3:List*") }] },
      {},
      ["/Policies/read/PolicyDocument"],
    ],
    ["an attachment that is not there", {}, { ManagedPolicyArns: [readOnly] }, ["/ManagedPolicyArns/-"]],
  ])("%s", (_, declared, actual, paths) => {
    expect(differences(Role, { ...live, ...declared }, { ...live, ...actual })).toEqual(paths);
  });
});
