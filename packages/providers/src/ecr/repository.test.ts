import { describe, expect, it } from "vitest";
import { fakeAws, jsonError } from "../aws/testing.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { Repository } from "./repository.ts";

const lifecycle = (count: number) => ({
  LifecyclePolicyText: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: count },
        action: { type: "expire" },
      },
    ],
  }),
});

const pull = (Principal: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal, Action: ["ecr:BatchGetImage"] }],
});

describeOnSandbox(Repository, {
  example: {},
  name: { RepositoryName: "news/agent" },
  mutations: [
    { property: "ImageTagMutability", to: "IMMUTABLE" },
    { property: "ImageScanningConfiguration", to: { ScanOnPush: true } },
    { property: "LifecyclePolicy", from: lifecycle(10), to: lifecycle(20) },
    { property: "RepositoryPolicyText", from: pull("*"), to: { ...pull("*"), Version: "2008-10-17" } },
    { property: "Tags", from: [{ Key: "Team", Value: "core" }], to: [{ Key: "Team", Value: "data" }] },
  ],
  replacements: { EncryptionConfiguration: { EncryptionType: "KMS" } },
  budget: 8,
});

describe("a repository that goes while it is read", () => {
  it.each(["GetLifecyclePolicy", "GetRepositoryPolicy", "ListTagsForResource"])("is absent: %s", async (gone) => {
    const arn = "arn:aws:ecr:eu-west-1:123456789012:repository/news";
    const { aws } = await fakeAws((operation) => {
      if (operation === `ecr:${gone}`) return jsonError("RepositoryNotFoundException", "There is none.");
      if (operation === "ecr:DescribeRepositories")
        return { body: { repositories: [{ repositoryName: "news", repositoryArn: arn }] } };
      if (operation === "ecr:GetLifecyclePolicy") return jsonError("LifecyclePolicyNotFoundException", "None.");
      return jsonError("RepositoryPolicyNotFoundException", "None.");
    });
    expect(await Repository.handlers.read(aws, "news")).toBeUndefined();
  });
});
