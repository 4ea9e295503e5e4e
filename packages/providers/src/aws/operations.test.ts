import { expect, test } from "vitest";
import { actionOf, isMutating, operationNamed } from "./operations.ts";

test.each([
  ["ec2", "DescribeVpcs", false],
  ["ssm", "GetParameters", false],
  ["ecr", "BatchGetImage", false],
  ["ecr", "BatchCheckLayerAvailability", false],
  ["iam", "ListRoles", false],
  ["sts", "AssumeRole", false],
  ["tagging", "GetResources", false],
  ["ec2", "SearchLocalGatewayRoutes", false],
  ["ec2", "RunInstances", true],
  ["ecr", "BatchDeleteImage", true],
  ["ssm", "LabelParameterVersion", true],
  ["iam", "GenerateCredentialReport", true],
  // Begins like a verb that reads.
  ["ec2", "Getaway", true],
] as const)("%s:%s changes something: %s", (service, operation, mutating) => {
  expect(isMutating(service, operation)).toBe(mutating);
});

test("methods are named like operations, and waiters only read", () => {
  expect([operationNamed("describeVpcs"), operationNamed("waitUntilInstanceRunning")]).toEqual([
    "DescribeVpcs",
    "Describe",
  ]);
});

test("an operation's IAM action", () => {
  expect([
    actionOf("ec2", "RunInstances"),
    actionOf("tagging", "GetResources"),
    actionOf("cloudfront", "CreateDistributionWithTags"),
  ]).toEqual(["ec2:RunInstances", "tag:GetResources", "cloudfront:CreateDistribution"]);
});
