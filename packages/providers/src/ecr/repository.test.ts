import { describe, expect, it } from "vitest";
import { fakeAws, jsonError } from "../aws/testing.ts";
import { differences } from "../testing/normal-form.ts";
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

describe("a repository's properties in normal form", () => {
  const key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd";
  const encrypted = (KmsKey?: string) => ({ EncryptionConfiguration: { EncryptionType: "KMS", KmsKey } });
  const expiring = (selection: object) => ({
    LifecyclePolicy: { LifecyclePolicyText: { rules: [{ rulePriority: 1, selection, action: { type: "expire" } }] } },
  });
  const tagged = { tagStatus: "tagged", countType: "imageCountMoreThan", countNumber: 10 };

  it.each<[difference: string, declared: object, live: object, paths: string[]]>([
    ["a key by its id", encrypted("1234abcd"), encrypted(key), []],
    ["a key by an alias", encrypted("alias/images"), encrypted(key), []],
    ["no key of one's own", encrypted(), encrypted(key), []],
    ["another key", encrypted("5678"), encrypted(key), ["/EncryptionConfiguration/KmsKey"]],
    [
      "tags in another order",
      expiring({ ...tagged, tagPrefixList: ["b", "a"] }),
      expiring({ ...tagged, tagPrefixList: ["a", "b"] }),
      [],
    ],
    [
      "an empty list of tags",
      expiring({ ...tagged, tagPatternList: ["a*"], tagPrefixList: [] }),
      expiring({ ...tagged, tagPatternList: ["a*"] }),
      [],
    ],
  ])("%s", (_difference, declared, live, paths) => {
    expect(differences(Repository, { ...declared }, { ...live })).toEqual(paths);
  });
});

it("holds data as long as it has an image, archived or not", async () => {
  const { aws, bodies } = await fakeAws(() => ({ body: { imageIds: [{ imageDigest: "sha256:0f1e" }] } }));
  const { holdsData } = Repository;
  const repository = { identifier: "news", properties: {}, attributes: {}, tags: {} } as never;

  expect(typeof holdsData === "function" && (await holdsData(aws, repository))).toBe(true);
  expect(bodies.map((body) => JSON.parse(body).filter)).toEqual([{ imageStatus: "ANY" }]);
});

it.each([
  [[], undefined],
  [
    [{ ImageTagMutabilityExclusionFilterType: "WILDCARD", ImageTagMutabilityExclusionFilterValue: "dev-*" }],
    [{ filterType: "WILDCARD", filter: "dev-*" }],
  ],
])("is made with %j as exceptions from mutability", async (ImageTagMutabilityExclusionFilters, sent) => {
  const { aws, bodies } = await fakeAws(() => ({ body: { repository: { repositoryName: "news" } } }));
  const properties = Repository.properties.parse({ RepositoryName: "news", ImageTagMutabilityExclusionFilters });
  const change = { logicalId: "Images", type: Repository.type, operations: Repository.actions.write };

  await aws.planned(change, () => Repository.handlers.create(aws, { properties, tags: {}, token: "t" } as never));

  expect(bodies.map((body) => JSON.parse(body).imageTagMutabilityExclusionFilters)).toEqual([sent]);
});
