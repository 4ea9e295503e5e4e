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
