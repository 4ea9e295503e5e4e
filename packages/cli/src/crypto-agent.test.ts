import { fileURLToPath } from "node:url";
import { CloudFront } from "@aws-sdk/client-cloudfront";
import { EC2, type IpPermission } from "@aws-sdk/client-ec2";
import { ECR } from "@aws-sdk/client-ecr";
import { IAM } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPI } from "@aws-sdk/client-resource-groups-tagging-api";
import { SSM } from "@aws-sdk/client-ssm";
import { PlanDocument } from "@reconcile/core";
import { type Sandbox, sandboxEnvironment, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reconcile } from "./testing/cli.ts";

// The reference system from nothing to live and back, through the real command line, looked at with AWS's own SDK. The tests are one story: each goes on where the
// one before ended.
const cwd = fileURLToPath(new URL("../../..", import.meta.url));
const file = "desired-state/crypto-agent.yaml";
const secrets = {
  CRYPTO_DATABASE_URL: "postgresql://agent:marker-database@localhost:5432/news",
  CRYPTO_AWS_ACCESS_KEY_ID: "AKIAMARKERACCESSKEY0",
  CRYPTO_AWS_SECRET_ACCESS_KEY: "marker-secret-access-key",
  CRYPTO_COINGECKO_API_KEY: "marker-coingecko",
};
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
}, 300_000);
afterAll(() => sandbox?.stop());

function run(args: string) {
  return reconcile(args.split(" "), { cwd, env: { ...sandboxEnvironment(sandbox.endpoint), ...secrets }, alone: true });
}

function client() {
  return {
    endpoint: sandbox.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}

/** What the tag index knows of ours. A terminated instance stays visible for a while, here as in AWS. */
async function owned(): Promise<string[]> {
  const { ResourceTagMappingList = [] } = await new ResourceGroupsTaggingAPI(client()).getResources({
    TagFilters: [{ Key: "reconcile:owner" }],
  });
  const { Reservations = [] } = await new EC2(client()).describeInstances({
    Filters: [{ Name: "instance-state-name", Values: ["terminated"] }],
  });
  const gone = Reservations.flatMap((each) => each.Instances ?? []).map((each) => each.InstanceId);
  return ResourceTagMappingList.map((each) => each.ResourceARN ?? "").filter(
    (arn) => !gone.some((id) => arn.endsWith(`/${id}`)),
  );
}

async function readPlan() {
  const { stdout, exitCode } = await run(`--plan ${file} --format json`);
  const [stack] = PlanDocument.parse(JSON.parse(stdout)).stacks;
  if (!stack) throw new Error("a plan of one stack");
  return { exitCode, stack };
}

describe.sequential("the crypto agent", () => {
  it("is planned on an empty account without changing anything", async () => {
    const { exitCode, stack } = await readPlan();

    expect({ exitCode, summary: stack.summary }).toEqual({
      exitCode: 2,
      summary: { create: stack.changes.length, update: 0, replace: 0, delete: 0, adopt: 0, unchanged: 0 },
    });
    expect(await owned()).toEqual([]);
  });

  it("is made", async () => {
    const { exitCode, stdout } = await run(`${file} --yes`);

    expect(stdout).toContain("confirmed: the next plan is empty");
    expect(exitCode).toBe(0);
  }, 120_000);

  it("lets in exactly whom it names", async () => {
    const { SecurityGroups = [] } = await new EC2(client()).describeSecurityGroups({
      Filters: [{ Name: "tag:Project", Values: ["crypto-agent"] }],
    });
    const rules = (permissions: IpPermission[] = []) =>
      permissions
        .flatMap((each) => {
          const ports = each.IpProtocol === "-1" ? "all" : `${each.FromPort}-${each.ToPort}`;
          const lists = (each.PrefixListIds ?? []).map(() => "a prefix list");
          return [...(each.IpRanges ?? []).map((range) => range.CidrIp), ...lists].map((from) => `${ports} ${from}`);
        })
        .sort();

    const groups = SecurityGroups.map((each) => ({
      in: rules(each.IpPermissions),
      out: rules(each.IpPermissionsEgress),
    }));

    expect(groups).toHaveLength(4);
    expect(groups).toEqual(
      expect.arrayContaining([
        {
          in: ["22-22 192.0.2.30/32", "22-22 198.51.100.20/32", "22-22 203.0.113.10/32", "5432-5432 127.0.0.1/32"],
          out: ["all 0.0.0.0/0"],
        },
        ...[80, 443, 8000].map((port) => ({ in: [`${port}-${port} a prefix list`], out: [] })),
      ]),
    );
  });

  it("runs the instance it asks for", async () => {
    const ec2 = new EC2(client());
    const { Reservations = [] } = await ec2.describeInstances({
      Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }],
    });
    const [instance, ...others] = Reservations.flatMap((each) => each.Instances ?? []);
    const { Volumes = [] } = await ec2.describeVolumes({
      Filters: [{ Name: "attachment.instance-id", Values: [instance?.InstanceId ?? ""] }],
    });
    const tags = Object.fromEntries((instance?.Tags ?? []).map((tag) => [tag.Key, tag.Value]));

    expect(others).toEqual([]);
    expect(instance).toMatchObject({
      InstanceType: "t3.small",
      ImageId: "ami-0c7217cde4661b399",
      KeyName: "crypto-agent-key",
    });
    expect(instance?.IamInstanceProfile?.Arn).toMatch(/:instance-profile\//);
    expect(instance?.SecurityGroups).toHaveLength(4);
    expect(Volumes).toMatchObject([{ Size: 20, VolumeType: "gp3" }]);
    expect(tags).toMatchObject({ Name: "crypto-sentiment-agent", Environment: "production" });
  });

  it("gives the instance and the pipeline the rights that are written down", async () => {
    const iam = new IAM(client());
    const { Roles = [] } = await iam.listRoles({});
    const pipeline = Roles.find((role) => role.RoleName === "GitHubActionsRole");
    const instanceRole = Roles.find((role) =>
      decodeURIComponent(role.AssumeRolePolicyDocument ?? "").includes("ec2.amazonaws.com"),
    );
    const { PolicyDocument = "" } = await iam.getRolePolicy({
      RoleName: instanceRole?.RoleName,
      PolicyName: "crypto-agent-ec2-policy",
    });

    expect(JSON.parse(decodeURIComponent(PolicyDocument))).toMatchObject({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: [
            "ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchGetImage",
          ],
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: ["ssm:GetParameter", "ssm:GetParameters"],
          Resource: "arn:aws:ssm:*:*:parameter/crypto-agent/*",
        },
      ],
    });
    expect(JSON.parse(decodeURIComponent(pipeline?.AssumeRolePolicyDocument ?? "{}"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
            StringLike: { "token.actions.githubusercontent.com:sub": "repo:example-org/crypto-news-agent:*" },
          },
        },
      ],
    });
  });

  it("keeps the last ten images", async () => {
    const ecr = new ECR(client());
    const { repositories } = await ecr.describeRepositories({ repositoryNames: ["crypto-sentiment-agent"] });
    const { lifecyclePolicyText = "" } = await ecr.getLifecyclePolicy({ repositoryName: "crypto-sentiment-agent" });

    expect(repositories).toMatchObject([
      {
        imageTagMutability: "MUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: "AES256" },
      },
    ]);
    expect(JSON.parse(lifecyclePolicyText).rules).toMatchObject([
      { selection: { countType: "imageCountMoreThan", countNumber: 10 } },
    ]);
  });

  it("stores six parameters, four of them secret", async () => {
    const { Parameters = [] } = await new SSM(client()).getParametersByPath({
      Path: "/crypto-agent",
      Recursive: true,
      WithDecryption: true,
    });

    expect(Object.fromEntries(Parameters.map(({ Name, Type, Value }) => [Name, `${Type} ${Value}`]))).toEqual({
      "/crypto-agent/database/url": `SecureString ${secrets.CRYPTO_DATABASE_URL}`,
      "/crypto-agent/aws/access-key-id": `SecureString ${secrets.CRYPTO_AWS_ACCESS_KEY_ID}`,
      "/crypto-agent/aws/secret-access-key": `SecureString ${secrets.CRYPTO_AWS_SECRET_ACCESS_KEY}`,
      "/crypto-agent/coingecko/api-key": `SecureString ${secrets.CRYPTO_COINGECKO_API_KEY}`,
      "/crypto-agent/s3/bucket-name": "String crypto-agent-news-example",
      "/crypto-agent/bedrock/model-id": "String anthropic.claude-3-haiku-20240307-v1:0",
    });
  });

  it("is served by CloudFront, which never keeps the health check", async () => {
    const { DistributionList } = await new CloudFront(client()).listDistributions({});
    const [distribution, ...others] = DistributionList?.Items ?? [];

    expect(others).toEqual([]);
    expect(distribution).toMatchObject({
      Enabled: true,
      Origins: {
        Items: [
          { Id: "crypto-agent-origin", CustomOriginConfig: { HTTPPort: 8000, OriginProtocolPolicy: "http-only" } },
        ],
      },
      DefaultCacheBehavior: { ViewerProtocolPolicy: "redirect-to-https", MinTTL: 0, DefaultTTL: 3600, MaxTTL: 86400 },
      CacheBehaviors: { Items: [{ PathPattern: "/health", MinTTL: 0, DefaultTTL: 0, MaxTTL: 0 }] },
    });
  });

  it("says what the pipeline needs to know", async () => {
    const { stdout } = await run(`outputs ${file} --format json`);

    const outputs: { name: string; value: unknown }[] = JSON.parse(stdout).stacks[0].outputs;
    expect(Object.fromEntries(outputs.map(({ name, value }) => [name, value]))).toEqual({
      AwsRoleArn: "arn:aws:iam::123456789012:role/GitHubActionsRole",
      Ec2Host: expect.stringMatching(/^[\d.]+$/),
      Ec2User: "ubuntu",
      CloudFrontDomain: expect.stringMatching(/\.cloudfront\.net$/),
    });
  });

  it("is found as declared, with at most 45 calls", async () => {
    const { exitCode, stack } = await readPlan();

    expect({ exitCode, changes: stack.changes }).toEqual({ exitCode: 0, changes: [] });
    expect(stack.calls.total).toBeLessThanOrEqual(45);
  });

  it("is gone when it is destroyed", async () => {
    const { exitCode } = await run(`destroy ${file} --confirm crypto-agent --allow-delete all`);

    expect(exitCode).toBe(0);
    expect(await owned()).toEqual([]);
  }, 120_000);
});
