import {
  CreateRepositoryCommand,
  type CreateRepositoryCommandInput,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  PutImageCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  paginateDescribeRepositories,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const ecr = new ECRClient(client);

const repositoryName = "app";
const create = (change: Partial<CreateRepositoryCommandInput> = {}) =>
  ecr.send(new CreateRepositoryCommand({ repositoryName, ...change }));
const read = async () =>
  (await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }))).repositories?.[0];

it("has AWS's defaults", async () => {
  await create();
  expect(await read()).toMatchObject({
    imageTagMutability: "MUTABLE",
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: "AES256" },
    repositoryUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app",
  });
});

it("keeps what it is made with, and changes it", async () => {
  await create({ imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } });
  expect(await read()).toMatchObject({
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
  });
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "MUTABLE" }));
  const imageScanningConfiguration = { scanOnPush: false };
  await ecr.send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration }));
  expect(await read()).toMatchObject({ imageTagMutability: "MUTABLE", imageScanningConfiguration });
});

it("keeps exclusions from immutability", async () => {
  const imageTagMutabilityExclusionFilters = [{ filterType: "WILDCARD" as const, filter: "latest*" }];
  const change = { imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" as const, imageTagMutabilityExclusionFilters };
  await create(change);
  expect(await read()).toMatchObject(change);
});

it("has a lifecycle policy or says that it has none", async () => {
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 10 },
    action: { type: "expire" },
  };
  const lifecyclePolicyText = JSON.stringify({ rules: [rule] });
  await create();
  const get = () => ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
  await expect(get()).rejects.toMatchObject({ name: "LifecyclePolicyNotFoundException" });
  await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  expect(JSON.parse((await get()).lifecyclePolicyText ?? "")).toEqual({ rules: [rule] });
  await ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
  await expect(get()).rejects.toMatchObject({ name: "LifecyclePolicyNotFoundException" });
});

it("has a repository policy or says that it has none", async () => {
  const policyText = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }],
  });
  await create();
  const get = () => ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
  await expect(get()).rejects.toMatchObject({ name: "RepositoryPolicyNotFoundException" });
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
  expect(JSON.parse((await get()).policyText ?? "")).toMatchObject(JSON.parse(policyText));
  await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
  await expect(get()).rejects.toMatchObject({ name: "RepositoryPolicyNotFoundException" });
});

it("keeps its tags", async () => {
  const { repository } = await create({ tags: [{ Key: "a", Value: "1" }] });
  const resourceArn = repository?.repositoryArn;
  await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: "b", Value: "2" }] }));
  await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
  expect(await ecr.send(new ListTagsForResourceCommand({ resourceArn }))).toMatchObject({
    tags: [{ Key: "b", Value: "2" }],
  });
});

it("is not deleted with images in it, unless forced", async () => {
  await create();
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      size: 2,
      digest: `sha256:${"0".repeat(64)}`,
    },
    layers: [],
  });
  await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag: "one" }));
  const remove = (force: boolean) => ecr.send(new DeleteRepositoryCommand({ repositoryName, force }));
  await expect(remove(false)).rejects.toMatchObject({ name: "RepositoryNotEmptyException" });
  await remove(true);
  await expect(read()).rejects.toMatchObject({ name: "RepositoryNotFoundException" });
});

it("is made once", async () => {
  await create();
  await expect(create()).rejects.toMatchObject({ name: "RepositoryAlreadyExistsException" });
});

it("is listed page by page", async () => {
  for (const name of ["a1", "a2", "a3"]) await create({ repositoryName: name });
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateDescribeRepositories({ client: ecr, pageSize: 2 }, {})) {
    pages.push((page.repositories ?? []).map((repository) => repository.repositoryName));
  }
  expect(pages).toEqual([["a1", "a2"], ["a3"]]);
});

it("belongs to the sandbox's account", async () => {
  const identity = await new STSClient(client).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe("123456789012");
});
