import { CloudFrontClient, CreateDistributionWithTagsCommand } from "@aws-sdk/client-cloudfront";
import {
  AllocateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateKeyPairCommand,
  CreateSecurityGroupCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import {
  GetResourcesCommand,
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const tagging = new ResourceGroupsTaggingAPIClient(client);
const ec2 = new EC2Client(client);
const ecr = new ECRClient(client);
const iam = new IAMClient(client);
const ssm = new SSMClient(client);
const cloudfront = new CloudFrontClient(client);

const Tags = [{ Key: "owner", Value: "us" }];
const document = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
});

async function taggedArns(region = "us-east-1", ...ResourceTypeFilters: string[]): Promise<string[]> {
  const TagFilters = [{ Key: "owner", Values: ["us"] }];
  const answer = await new ResourceGroupsTaggingAPIClient({ ...client, region }).send(
    new GetResourcesCommand({ TagFilters, ResourceTypeFilters }),
  );
  return (answer.ResourceTagMappingList ?? []).map((mapping) => mapping.ResourceARN ?? "");
}

const tagSpecifications = (type: "elastic-ip" | "key-pair" | "security-group" | "security-group-rule") => [
  { ResourceType: type, Tags },
];

const kinds: Record<string, { create: () => Promise<unknown>; filter: string; arn: RegExp; global?: boolean }> = {
  "an ECR repository": {
    create: () => ecr.send(new CreateRepositoryCommand({ repositoryName: "app", tags: Tags })),
    filter: "ecr:repository",
    arn: /^arn:aws:ecr:us-east-1:123456789012:repository\/app$/,
  },
  "an Elastic IP address": {
    create: () => ec2.send(new AllocateAddressCommand({ TagSpecifications: tagSpecifications("elastic-ip") })),
    filter: "ec2:elastic-ip",
    arn: /^arn:aws:ec2:us-east-1:123456789012:elastic-ip\/eipalloc-/,
  },
  "a key pair": {
    create: () =>
      ec2.send(new CreateKeyPairCommand({ KeyName: "k", TagSpecifications: tagSpecifications("key-pair") })),
    filter: "ec2:key-pair",
    arn: /^arn:aws:ec2:us-east-1:123456789012:key-pair\/key-/,
  },
  "a security group": {
    create: () =>
      ec2.send(
        new CreateSecurityGroupCommand({
          GroupName: "g",
          Description: "d",
          TagSpecifications: tagSpecifications("security-group"),
        }),
      ),
    filter: "ec2:security-group",
    arn: /^arn:aws:ec2:us-east-1:123456789012:security-group\/sg-/,
  },
  "a security group rule": {
    create: async () => {
      const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: "g", Description: "d" }));
      const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "192.0.2.1/32" }] }];
      const TagSpecifications = tagSpecifications("security-group-rule");
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions, TagSpecifications }));
    },
    filter: "ec2:security-group-rule",
    arn: /^arn:aws:ec2:us-east-1:123456789012:security-group-rule\/sgr-/,
  },
  "an SSM parameter": {
    create: () => ssm.send(new PutParameterCommand({ Name: "/a/b", Value: "v", Type: "String", Tags })),
    filter: "ssm:parameter",
    arn: /^arn:aws:ssm:us-east-1:123456789012:parameter\/a\/b$/,
  },
  "a managed policy": {
    create: () => iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument: document, Tags })),
    filter: "iam:policy",
    arn: /^arn:aws:iam::123456789012:policy\/p$/,
    global: true,
  },
  "an instance profile": {
    create: () => iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "i", Tags })),
    filter: "iam:instance-profile",
    arn: /^arn:aws:iam::123456789012:instance-profile\/i$/,
    global: true,
  },
  "an OIDC provider": {
    create: () => iam.send(new CreateOpenIDConnectProviderCommand({ Url: "https://token.example.com", Tags })),
    filter: "iam:oidc-provider",
    arn: /^arn:aws:iam::123456789012:oidc-provider\/token.example.com$/,
    global: true,
  },
  "a CloudFront distribution": {
    create: () =>
      cloudfront.send(
        new CreateDistributionWithTagsCommand({
          DistributionConfigWithTags: { Tags: { Items: Tags }, DistributionConfig: distribution },
        }),
      ),
    filter: "cloudfront:distribution",
    arn: /^arn:aws:cloudfront::123456789012:distribution\//,
    global: true,
  },
};

const distribution = {
  CallerReference: "once",
  Comment: "",
  Enabled: false,
  Origins: {
    Quantity: 1,
    Items: [
      {
        Id: "o",
        DomainName: "example.com",
        CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "http-only" as const },
      },
    ],
  },
  DefaultCacheBehavior: {
    TargetOriginId: "o",
    ViewerProtocolPolicy: "allow-all" as const,
    ForwardedValues: { QueryString: false, Cookies: { Forward: "none" as const } },
  },
};

describe("GetResources finds by its tag", () => {
  it.each(Object.entries(kinds))("%s", async (_, { create, filter, arn, global }) => {
    await create();
    await ec2.send(new CreateKeyPairCommand({ KeyName: "untagged" }));
    expect(await taggedArns()).toEqual([expect.stringMatching(arn)]);
    expect(await taggedArns("us-east-1", filter)).toEqual([expect.stringMatching(arn)]);
    expect(await taggedArns("us-east-1", "s3:bucket")).toEqual([]);
    if (global) expect(await taggedArns("eu-west-1")).toEqual([]);
  });
});

it("does not list roles, as AWS does not", async () => {
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: trust, Tags }));
  expect(await taggedArns()).toEqual([]);
});

it("gives every resource on exactly one page, though others come and go in between", async () => {
  for (let number = 0; number < 5; number++) {
    await ssm.send(new PutParameterCommand({ Name: `/p/${number}`, Value: "v", Type: "String", Tags }));
  }
  const seen: string[] = [];
  for await (const page of paginateGetResources({ client: tagging, pageSize: 2 }, {})) {
    seen.push(...(page.ResourceTagMappingList ?? []).map((mapping) => mapping.ResourceARN?.split("/").at(-1) ?? ""));
    await ssm.send(new PutParameterCommand({ Name: `/later/${seen.length}`, Value: "v", Type: "String", Tags }));
  }
  expect(seen).toEqual(["0", "1", "2", "3", "4"]);
});
