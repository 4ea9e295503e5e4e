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
