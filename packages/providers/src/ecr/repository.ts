import type { Repository as LiveRepository } from "@aws-sdk/client-ecr";
import {
  absent,
  createOnly,
  generatedName,
  isRecord,
  json,
  policyDocument,
  type Tags,
  tags,
  unordered,
  urlSuffixOf,
} from "@reconcile/core";
import { z } from "zod";
import type { Aws } from "../aws/context.ts";
import { hasCode, ifFound } from "../aws/errors.ts";
import { keyId } from "../aws/kms-key.ts";
import { listing } from "../aws/listing.ts";
import { pages } from "../aws/pages.ts";
import { taggedResources, tagList, tagMap, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";

const absentCode = "RepositoryNotFoundException";

const EncryptionConfiguration = z.strictObject({
  EncryptionType: z.enum(["AES256", "KMS", "KMS_DSSE"]).default("AES256"),
  KmsKey: z.string().optional(),
});

const ExclusionFilter = z.strictObject({
  ImageTagMutabilityExclusionFilterType: z.enum(["WILDCARD"]),
  ImageTagMutabilityExclusionFilterValue: z.string(),
});

export const Repository = defineResource({
  type: "AWS::ECR::Repository",
  properties: z.strictObject({
    RepositoryName: createOnly(generatedName({ min: 2, max: 256, characters: "a-z0-9/_.-" })),
    EncryptionConfiguration: createOnly(EncryptionConfiguration.prefault({})),
    ImageTagMutability: z
      .enum(["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"])
      .default("MUTABLE"),
    ImageTagMutabilityExclusionFilters: absent(unordered(z.array(ExclusionFilter))),
    ImageScanningConfiguration: z.strictObject({ ScanOnPush: z.boolean().default(false) }).prefault({}),
    LifecyclePolicy: absent(z.strictObject({ LifecyclePolicyText: json(), RegistryId: z.string().optional() })),
    RepositoryPolicyText: absent(policyDocument()),
    Tags: tags(),
  }),
  identifier: "RepositoryName",
  attributes: {
    Arn: {
      predict: ({ RepositoryName }, { partition, region, account }) =>
        `arn:${partition}:ecr:${region}:${account}:repository/${RepositoryName}`,
    },
    RepositoryUri: {
      predict: ({ RepositoryName }, { partition, region, account }) =>
        `${account}.dkr.ecr.${region}.${urlSuffixOf(partition)}/${RepositoryName}`,
    },
  },
  absence: "read-by-name",
  scope: "region",
  async holdsData(aws, { identifier: repositoryName }) {
    // Without the permission to look, it counts as full.
    // Without a word of their status, ECR leaves out images that are archived.
    const asked = aws.ecr.listImages({ repositoryName, filter: { imageStatus: "ANY" }, maxResults: 1 });
    const images = await asked.catch((error: unknown) => {
      if (hasCode(error, "AccessDeniedException")) return undefined;
      throw error;
    });
    return !images || (images.imageIds ?? []).length > 0;
  },
  actions: {
    read: [
      "ecr:DescribeRepositories",
      "ecr:GetLifecyclePolicy",
      "ecr:GetRepositoryPolicy",
      "ecr:ListImages",
      "ecr:ListTagsForResource",
      "tag:GetResources",
    ],
    write: [
      "ecr:CreateRepository",
      "ecr:DeleteLifecyclePolicy",
      "ecr:DeleteRepository",
      "ecr:DeleteRepositoryPolicy",
      "ecr:PutImageScanningConfiguration",
      "ecr:PutImageTagMutability",
      "ecr:PutLifecyclePolicy",
      "ecr:SetRepositoryPolicy",
      "ecr:TagResource",
      "ecr:UntagResource",
    ],
  },
  unsupported: { EmptyOnDelete: "say it in the run that deletes it, with --allow-delete" },
  departures: {
    "/EncryptionConfiguration/EncryptionType":
      "AWS's default is AES256, so an encryption configuration may do without it",
    "/LifecyclePolicy/LifecyclePolicyText": "a lifecycle policy without its text would be none",
  },
}).implement({
  async *list(aws) {
    const [repositories, tagged] = await Promise.all([repositoryList.all(aws), tagIndex.all(aws)]);
    for (const { repositoryName = "", repositoryArn = "" } of repositories.values()) {
      const known = tagged.get(repositoryArn);
      yield { identifier: repositoryName, ...(known && { tags: known }) };
    }
  },

  async read(aws, repositoryName) {
    const repository =
      (await repositoryList.current(aws))?.get(repositoryName) ?? (await describe(aws, repositoryName));
    const parts = repository && (await partsOf(aws, repository));
    if (!parts) return undefined;
    const { lifecycle, policy, tags: found } = parts;
    const { repositoryArn = "", repositoryUri = "", encryptionConfiguration, imageScanningConfiguration } = repository;
    const filters = repository.imageTagMutabilityExclusionFilters?.map((each) => ({
      ImageTagMutabilityExclusionFilterType: "WILDCARD" as const,
      ImageTagMutabilityExclusionFilterValue: each.filter ?? "",
    }));
    return {
      identifier: repositoryName,
      properties: {
        RepositoryName: repositoryName,
        EncryptionConfiguration: {
          EncryptionType: encryptionConfiguration?.encryptionType ?? "AES256",
          KmsKey: encryptionConfiguration?.kmsKey,
        },
        ImageTagMutability: repository.imageTagMutability ?? "MUTABLE",
        ImageTagMutabilityExclusionFilters: filters,
        ImageScanningConfiguration: { ScanOnPush: imageScanningConfiguration?.scanOnPush ?? false },
        LifecyclePolicy: lifecycle?.lifecyclePolicyText
          ? { LifecyclePolicyText: JSON.parse(lifecycle.lifecyclePolicyText), RegistryId: lifecycle.registryId }
          : undefined,
        RepositoryPolicyText: policy?.policyText ? JSON.parse(policy.policyText) : undefined,
      },
      attributes: { Arn: repositoryArn, RepositoryUri: repositoryUri },
      ...found,
    };
  },

  async create(aws, { properties, tags: wished }) {
    const { EncryptionConfiguration: encryption } = properties;
    const { repository } = await aws.ecr.createRepository({
      repositoryName: properties.RepositoryName,
      encryptionConfiguration: { encryptionType: encryption.EncryptionType, kmsKey: encryption.KmsKey },
      ...mutability(properties),
      imageScanningConfiguration: { scanOnPush: properties.ImageScanningConfiguration.ScanOnPush },
      tags: tagList(wished),
    });
    return repository?.repositoryName ?? "";
  },

  async update(aws, { identifier: repositoryName }, { properties }, changed) {
    const { LifecyclePolicy, RepositoryPolicyText } = properties;
    if (changed.has("ImageTagMutability") || changed.has("ImageTagMutabilityExclusionFilters")) {
      await aws.ecr.putImageTagMutability({ repositoryName, ...mutability(properties) });
    }
    if (changed.has("ImageScanningConfiguration")) {
      const { ScanOnPush } = properties.ImageScanningConfiguration;
      await aws.ecr.putImageScanningConfiguration({
        repositoryName,
        imageScanningConfiguration: { scanOnPush: ScanOnPush },
      });
    }
    if (changed.has("LifecyclePolicy")) {
      const lifecyclePolicyText = JSON.stringify(LifecyclePolicy?.LifecyclePolicyText);
      await (LifecyclePolicy
        ? aws.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText })
        : ifFound(aws.ecr.deleteLifecyclePolicy({ repositoryName }), "LifecyclePolicyNotFoundException"));
    }
    if (changed.has("RepositoryPolicyText")) {
      await (RepositoryPolicyText
        ? aws.ecr.setRepositoryPolicy({ repositoryName, policyText: JSON.stringify(RepositoryPolicyText) })
        : ifFound(aws.ecr.deleteRepositoryPolicy({ repositoryName }), "RepositoryPolicyNotFoundException"));
    }
  },

  async delete(aws, { identifier: repositoryName }, { dataLoss: force }) {
    await ifFound(aws.ecr.deleteRepository({ repositoryName, force }), absentCode);
  },

  tags: (aws, { attributes }) => ifFound(tagsOf(aws, String(attributes.Arn)), absentCode),

  async tag(aws, { attributes }, set, remove) {
    const resourceArn = String(attributes.Arn);
    await writeTags(
      set,
      remove,
      (tags) => aws.ecr.tagResource({ resourceArn, tags }),
      (tagKeys) => aws.ecr.untagResource({ resourceArn, tagKeys }),
    );
  },

  canonical(properties) {
    const { EncryptionConfiguration: encryption, LifecyclePolicy: lifecycle } = properties;
    const text = lifecycle?.LifecyclePolicyText;
    return {
      ...properties,
      // ECR takes a key by its id or an alias, and shows its ARN.
      ...(isRecord(encryption) && {
        EncryptionConfiguration: { ...encryption, KmsKey: keyId(encryption.KmsKey) },
      }),
      ...(isRecord(text) &&
        Array.isArray(text.rules) && {
          LifecyclePolicy: { ...lifecycle, LifecyclePolicyText: { ...text, rules: canonicalRules(text.rules) } },
        }),
    };
  },
});

// Both are read whole with the list. After a write, one repository read by itself is cheaper, and not late.
const repositoryList = listing("ecr repositories", async (aws) => {
  const list = pages(
    (nextToken) => aws.ecr.describeRepositories({ maxResults: 1000, nextToken }),
    (page) => page.nextToken,
  );
  const found = [];
  for await (const { repositories = [] } of list) found.push(...repositories);
  return new Map(found.map((repository) => [repository.repositoryName ?? "", repository]));
});
const tagIndex = listing("ecr tags", (aws) => taggedResources(aws, "ecr:repository"));

/** What a repository's own calls tell of it. undefined: it has gone since it was described, and is not one without tags and policies. */
function partsOf(aws: Aws, { repositoryName, repositoryArn = "" }: LiveRepository) {
  async function all() {
    const [lifecycle, policy, tagged] = await Promise.all([
      ifFound(aws.ecr.getLifecyclePolicy({ repositoryName }), "LifecyclePolicyNotFoundException"),
      ifFound(aws.ecr.getRepositoryPolicy({ repositoryName }), "RepositoryPolicyNotFoundException"),
      tagIndex.current(aws),
    ]);
    const tags = tagged
      ? { tags: tagged.get(repositoryArn) ?? {}, tagsFromIndex: true as const }
      : { tags: await tagsOf(aws, repositoryArn) };
    return { lifecycle, policy, tags };
  }
  return ifFound(all(), absentCode);
}

async function tagsOf(aws: Aws, resourceArn: string): Promise<Tags> {
  const { tags: live } = await aws.ecr.listTagsForResource({ resourceArn });
  return tagMap(live);
}

async function describe(aws: Aws, repositoryName: string): Promise<LiveRepository | undefined> {
  const answer = await ifFound(aws.ecr.describeRepositories({ repositoryNames: [repositoryName] }), absentCode);
  return answer?.repositories?.[0];
}

interface Mutability {
  ImageTagMutability: "MUTABLE" | "IMMUTABLE" | "MUTABLE_WITH_EXCLUSION" | "IMMUTABLE_WITH_EXCLUSION";
  ImageTagMutabilityExclusionFilters?: z.output<typeof ExclusionFilter>[] | undefined;
}

function mutability({ ImageTagMutability, ImageTagMutabilityExclusionFilters: declared = [] }: Mutability) {
  const filters = declared.map((each) => ({
    filterType: each.ImageTagMutabilityExclusionFilterType,
    filter: each.ImageTagMutabilityExclusionFilterValue,
  }));
  // ECR takes no empty list of them.
  return {
    imageTagMutability: ImageTagMutability,
    imageTagMutabilityExclusionFilters: filters.length > 0 ? filters : undefined,
  };
}

/** ECR gives rules in the order of their priority, and tag lists in an order of its own: an empty one is none. */
function canonicalRules(rules: readonly unknown[]): unknown[] {
  const sorted = rules.map((rule) => {
    if (!isRecord(rule) || !isRecord(rule.selection)) return rule;
    const selection = Object.entries(rule.selection).flatMap(([key, value]) => {
      if (!Array.isArray(value)) return [[key, value]];
      return value.length > 0 ? [[key, [...value].sort()]] : [];
    });
    return { ...rule, selection: Object.fromEntries(selection) };
  });
  return sorted.sort((a, b) => Number(isRecord(a) && a.rulePriority) - Number(isRecord(b) && b.rulePriority));
}
