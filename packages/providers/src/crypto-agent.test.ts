import type { Observed, Plan, Stack } from "@reconcile/core";
import { type ContractProcess, interruptions, type Kill, proves, tried } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import type { Aws } from "./aws/context.ts";
import { types } from "./index.ts";
import { openStrictAccount } from "./testing/authorization/strict-account.ts";
import { sandboxWorld } from "./testing/sandbox-world.ts";
import { changesIn } from "./testing/story.ts";
import { cryptoEnvironment as environment, loadSystem, planSystem, reconcileSystem } from "./testing/system.ts";
import { useSandbox } from "./testing/use-sandbox.ts";

const sandbox = useSandbox();
const world = sandboxWorld(sandbox);
const stack = await loadSystem("desired-state/crypto-agent.yaml");
const committed = { environment, committed: true };
const minutes = 60_000;

/** The system stands in a place of its own. */
async function standing() {
  const here = await world.open();
  const { run } = await reconcileSystem(here.process(), world, stack, { environment });
  expect(run.diagnostics).toEqual([]);
  return here;
}

/**
 * Every call of a plan of the whole system, and what it is for. One more is one to explain.
 */
const calls: Record<string, number> = {
  "sts:GetCallerIdentity": 1, // which account is this?
  "tagging:GetResources": 5, // what is ours, in the region and among the global services; tags of repositories, parameters, profiles, distributions
  "ec2:DescribeManagedPrefixLists": 1, // the id of CloudFront's list, an outside value
  "ec2:DescribeVpcs": 1, // the VPC of groups that name none
  "ec2:DescribeSecurityGroups": 2, // all groups; ours
  "ec2:DescribeSecurityGroupRules": 1, // every rule, with its tags
  "ec2:DescribeKeyPairs": 1,
  "ec2:DescribeInstances": 1,
  "ec2:DescribeVolumes": 1, // the root volume
  "ec2:DescribeInstanceAttribute": 3, // user data, termination protection, shutdown behaviour: one instance and one attribute a call
  "ec2:DescribeInstanceCreditSpecifications": 1,
  "ecr:DescribeRepositories": 1,
  "ecr:GetLifecyclePolicy": 1,
  "ecr:GetRepositoryPolicy": 1,
  "iam:GetAccountAuthorizationDetails": 1, // both roles, with their policies
  "iam:ListRoles": 1, // what that lacks: descriptions, session durations
  "iam:ListInstanceProfiles": 1,
  "iam:ListOpenIDConnectProviders": 1,
  "iam:GetOpenIDConnectProvider": 1,
  "ssm:DescribeParameters": 1, // all six
  "ssm:GetParameters": 1, // their values
  "cloudfront:ListDistributions": 1,
  "cloudfront:GetDistribution": 1,
};

/** The types that a stack declares. */
function typesOf({ template }: Stack): string[] {
  return [...template.resources.values()].map((resource) => resource.type);
}

describe("the crypto agent", () => {
  it("is created whole, and the next plan is empty", {
    ...proves([1, 3], "sandbox"),
    timeout: 2 * minutes,
  }, async (context) => {
    const here = await world.open();
    const first = await planSystem(here.process(), world, stack, { environment });
    expect(first.plan.diagnostics.filter((each) => each.severity === "error")).toEqual([]);
    expect(first.plan.stacks[0]?.changes.map((change) => change.action)).toEqual(Array(18).fill("create"));
    const { run } = await reconcileSystem(here.process(), world, stack, { environment });
    expect(run.diagnostics).toEqual([]);
    expect(changesIn((await planSystem(here.process(), world, stack, committed)).plan)).toEqual([]);
    tried(context, { types: typesOf(stack) });
  });

  it("is planned with these calls, and no other", { timeout: 2 * minutes }, async () => {
    const here = await standing();
    const process = here.process();
    await planSystem(process, world, stack, committed);
    const counted: Record<string, number> = {};
    for (const { operation } of process.operations()) counted[operation] = (counted[operation] ?? 0) + 1;
    expect(counted).toEqual(calls);
    expect(process.operations().length).toBeLessThanOrEqual(45);
  });

  it("is destroyed whole", { ...proves([1, 3], "sandbox"), timeout: 2 * minutes }, async (context) => {
    const here = await standing();
    const { run } = await reconcileSystem(here.process(), world, stack, { environment, destroy: true });
    expect(run.diagnostics).toEqual([]);
    expect(changesIn((await planSystem(here.process(), world, stack, { environment, destroy: true })).plan)).toEqual(
      [],
    );
    const again = await planSystem(here.process(), world, stack, { environment });
    expect(again.plan.stacks[0]?.changes.map((change) => change.action)).toEqual(Array(18).fill("create"));
    tried(context, { types: typesOf(stack) });
  });
});

type Act = (aws: Aws, live: Observed, liveOf: (logicalId: string) => Observed) => Promise<unknown>;

/** What somebody does behind our back, and what the plan must say then: exactly that. */
const meddling: {
  what: string;
  logicalId: string;
  operations: string[];
  act: Act;
  plan: string[];
  /** Default: drift. A value that comes from outside may have moved there as well. */
  cause?: "input";
}[] = [
  {
    what: "SSH is opened to the world",
    logicalId: "AppSecurityGroup",
    operations: ["ec2:AuthorizeSecurityGroupIngress"],
    act: (aws, { identifier }) =>
      aws.ec2.authorizeSecurityGroupIngress({
        GroupId: identifier,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    plan: ["update AppSecurityGroup /SecurityGroupIngress/-"],
  },
  ...["HttpFromCloudFront", "HttpsFromCloudFront", "ApiFromCloudFront"].map((logicalId) => ({
    what: "a port is opened to everybody",
    logicalId,
    operations: ["ec2:AuthorizeSecurityGroupIngress"],
    act: ((aws, { identifier }) =>
      aws.ec2.authorizeSecurityGroupIngress({
        GroupId: identifier,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 9000, ToPort: 9000, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      })) satisfies Act,
    plan: [`update ${logicalId} /SecurityGroupIngress/-`],
  })),
  {
    what: "the trust of the role is widened",
    logicalId: "InstanceRole",
    operations: ["iam:UpdateAssumeRolePolicy"],
    act: (aws, { identifier }) =>
      aws.iam.updateAssumeRolePolicy({
        RoleName: identifier,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
        }),
      }),
    plan: ["update InstanceRole /AssumeRolePolicyDocument"],
  },
  {
    what: "the role is taken out of the profile",
    logicalId: "InstanceProfile",
    operations: ["iam:RemoveRoleFromInstanceProfile"],
    act: (aws, { identifier }, liveOf) =>
      aws.iam.removeRoleFromInstanceProfile({
        InstanceProfileName: identifier,
        RoleName: liveOf("InstanceRole").identifier,
      }),
    plan: ["update InstanceProfile /Roles/-"],
  },
  {
    what: "the audience is taken away",
    logicalId: "GitHubOidcProvider",
    operations: ["iam:RemoveClientIDFromOpenIDConnectProvider"],
    act: (aws, { identifier }) =>
      aws.iam.removeClientIDFromOpenIDConnectProvider({
        OpenIDConnectProviderArn: identifier,
        ClientID: "sts.amazonaws.com",
      }),
    plan: ["update GitHubOidcProvider /ClientIdList/-"],
  },
  {
    what: "the pipeline may do everything",
    logicalId: "GitHubActionsRole",
    operations: ["iam:PutRolePolicy"],
    act: (aws, { identifier }) =>
      aws.iam.putRolePolicy({
        RoleName: identifier,
        PolicyName: "read-parameters",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      }),
    plan: ["update GitHubActionsRole /Policies/read-parameters/PolicyDocument"],
  },
  {
    what: "tags of images are frozen",
    logicalId: "ImageRepository",
    operations: ["ecr:PutImageTagMutability"],
    act: (aws, { identifier }) =>
      aws.ecr.putImageTagMutability({ repositoryName: identifier, imageTagMutability: "IMMUTABLE" }),
    plan: ["update ImageRepository /ImageTagMutability"],
  },
  ...["DatabaseUrl", "AwsAccessKeyId", "AwsSecretAccessKey", "CoingeckoApiKey", "BucketName", "ModelId"].map(
    (name) => ({
      what: "the value is changed",
      logicalId: `${name}Parameter`,
      operations: ["ssm:PutParameter"],
      act: ((aws, { identifier, properties }) =>
        aws.ssm.putParameter({
          Name: identifier,
          Value: "changed",
          Type: properties.Type as "String",
          Overwrite: true,
        })) satisfies Act,
      plan: [`update ${name}Parameter /Value`],
      ...(["BucketName", "ModelId"].includes(name) ? {} : { cause: "input" as const }),
    }),
  ),
  {
    what: "it is tagged as something else",
    logicalId: "SshKey",
    operations: ["ec2:CreateTags"],
    act: (aws, { attributes }) =>
      aws.ec2.createTags({ Resources: [String(attributes.KeyPairId)], Tags: [{ Key: "Environment", Value: "test" }] }),
    plan: ["update SshKey /Tags/Environment"],
  },
  {
    what: "the metadata service answers without a token",
    logicalId: "AppInstance",
    operations: ["ec2:ModifyInstanceMetadataOptions"],
    act: (aws, { identifier }) =>
      aws.ec2.modifyInstanceMetadataOptions({ InstanceId: identifier, HttpTokens: "optional" }),
    plan: ["update AppInstance /MetadataOptions/HttpTokens"],
  },
  {
    what: "visitors of / get another page",
    logicalId: "Distribution",
    operations: ["cloudfront:UpdateDistribution"],
    async act(aws, { identifier }) {
      const { DistributionConfig, ETag } = await aws.cloudfront.getDistributionConfig({ Id: identifier });
      if (!DistributionConfig) throw new Error("the distribution is not there");
      await aws.cloudfront.updateDistribution({
        Id: identifier,
        IfMatch: ETag,
        DistributionConfig: { ...DistributionConfig, DefaultRootObject: "index.html" },
      });
    },
    plan: ["update Distribution /DistributionConfig/DefaultRootObject"],
  },
];

describe("behind our back", () => {
  it("has a case for every resource of the system", () => {
    expect([...new Set(meddling.map((each) => each.logicalId))].sort()).toEqual(
      [...stack.template.resources.keys()].sort(),
    );
  });

  it("each change is named, repaired, and nothing else is touched", {
    ...proves([1, 3], "sandbox"),
    timeout: 5 * minutes,
  }, async (context) => {
    const here = await standing();
    let before: Pick<Plan, "stacks"> = (await planSystem(here.process(), world, stack, committed)).plan;
    for (const { what, logicalId, operations, act, plan, cause = "drift" } of meddling) {
      const liveOf = (id: string): Observed => observedIn(before, id);
      const aws = await here.process().connect();
      await aws.planned({ logicalId, type: "somebody", operations }, () => act(aws, liveOf(logicalId), liveOf));
      const process = here.process();
      const { prepared, run } = await reconcileSystem(process, world, stack, committed);
      expect(changesIn(prepared.plan), what).toEqual(plan);
      expect(prepared.plan.stacks[0]?.changes.find((change) => change.logicalId === logicalId)?.cause, what).toBe(
        cause,
      );
      expect(run.diagnostics, what).toEqual([]);
      expect(
        run.results.map((result) => result.step.logicalId),
        what,
      ).toEqual([logicalId]);
      expect(run.confirmed && changesIn(run.confirmed), what).toEqual([]);
      if (run.confirmed) before = run.confirmed;
    }
    tried(context, { cases: meddling.length, types: typesOf(stack) });
  });

  it.each([
    [
      "AppInstance",
      ["create AppInstance", "update Distribution /DistributionConfig/Origins/crypto-agent-origin/DomainName"],
    ],
    ["Distribution", ["create Distribution"]],
    ["ImageRepository", ["create ImageRepository"]],
    ["DatabaseUrlParameter", ["create DatabaseUrlParameter"]],
  ])(
    "%s is deleted: it is made again, with what depends on it",
    async (logicalId, plan) => {
      const here = await standing();
      const { plan: before } = await planSystem(here.process(), world, stack, committed);
      const change = before.stacks[0]?.changes.find((each) => each.logicalId === logicalId);
      const { type, observed } = change ?? {};
      if (!type || !observed) throw new Error(`${logicalId} does not live`);
      const aws = await here.process().connect();
      await aws.planned({ logicalId, type: type.type, operations: type.actions.write }, () =>
        type.handlers.delete(aws, observed, { dataLoss: true }),
      );
      const { prepared, run } = await reconcileSystem(here.process(), world, stack, committed);
      expect(changesIn(prepared.plan)).toEqual(plan);
      expect(run.diagnostics).toEqual([]);
      expect(changesIn((await planSystem(here.process(), world, stack, committed)).plan)).toEqual([]);
    },
    5 * minutes,
  );
});

describe("with the policies that are printed for it", () => {
  it("everything is done, and nothing else can be", {
    ...proves(11, "sandbox"),
    timeout: 5 * minutes,
  }, async (context) => {
    const account = await openStrictAccount(sandbox().endpoint, "400000000001");
    expect(changesIn(await account.plan(stack, { environment }))).toHaveLength(18);
    await account.apply(stack, { environment });
    const given = { environment, base: stack };
    const plan = await account.plan(stack, given);
    expect(changesIn(plan)).toEqual([]);
    const liveOf = (id: string): Observed => observedIn(plan, id);
    for (const { logicalId, operations, act } of meddling) {
      await account.owner.planned({ logicalId, type: "somebody", operations }, () =>
        act(account.owner, liveOf(logicalId), liveOf),
      );
    }
    expect(await account.apply(stack, given)).toHaveLength(meddling.length);
    await account.apply(stack, { environment, destroy: true });
    tried(context, { types: typesOf(stack) });
  });
});

describe("killed at any mutating call of the whole system", () => {
  it("before it is sent, or before its answer comes, the next run ends the same, and nothing is there twice", {
    ...proves(2, "sandbox"),
    timeout: 15 * minutes,
  }, async (context) => {
    const whole = await world.open();
    const untroubled = whole.process();
    await reconcileSystem(untroubled, world, stack, { environment });
    const inventory = await inventoryOf(whole.process());
    const all: Kill[] = [];
    const go = (process: ContractProcess<Aws>) => reconcileSystem(process, world, stack, { environment });
    for await (const { here, kills } of interruptions(() => world.open(), go)) {
      all.push(...kills);
      const message = kills.map((kill) => `${kill.answer}, call ${kill.at}`).join("; ");
      const { run } = await reconcileSystem(here.process(), world, stack, { environment });
      expect(run.diagnostics, message).toEqual([]);
      expect(run.confirmed && changesIn(run.confirmed), message).toEqual([]);
      expect(await inventoryOf(here.process()), message).toEqual(inventory);
    }
    expect(untroubled.mutations()).toBeGreaterThan(25);
    for (const answer of ["never-sent", "lost"]) {
      const calls = all.filter((kill) => kill.answer === answer).map((kill) => kill.at);
      expect(calls.sort((a, b) => a - b)).toEqual(
        Array.from({ length: untroubled.mutations() }, (_, index) => index + 1),
      );
    }
    tried(context, { boundaries: all.length, types: typesOf(stack) });
  });
});

function observedIn({ stacks }: Pick<Plan, "stacks">, id: string): Observed {
  const observed = stacks[0]?.changes.find((change) => change.logicalId === id)?.observed;
  if (!observed) throw new Error(`${id} does not live`);
  return observed;
}

/** How many of each type live, as the lists say it: an account of a test has nothing else in it. */
async function inventoryOf(process: ContractProcess<Aws>): Promise<Record<string, number>> {
  const aws = await process.connect();
  const names = new Set([...stack.template.resources.values()].map((resource) => resource.type));
  const counts: Record<string, number> = {};
  for (const type of types) {
    if (!names.has(type.type)) continue;
    for await (const _ of type.handlers.list(aws)) counts[type.type] = (counts[type.type] ?? 0) + 1;
  }
  return counts;
}
