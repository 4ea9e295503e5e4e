import { CloudFrontClient, ListDistributionsCommand } from "@aws-sdk/client-cloudfront";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListRolesCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client, sandbox } = useSandbox();

afterEach(() => sandbox().enforceIam(Number.POSITIVE_INFINITY));

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A user who may do just that; from then on policies are enforced. */
async function enforce(...actions: string[]): Promise<Keys> {
  const iam = new IAMClient(client);
  await iam.send(new CreateUserCommand({ UserName: "u" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "u" }));
  if (actions.length > 0) {
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
    });
    await iam.send(new PutUserPolicyCommand({ UserName: "u", PolicyName: "p", PolicyDocument }));
  }
  await sandbox().enforceIam(0);
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}

const calls: Record<
  string,
  { send: (keys: Keys) => Promise<unknown>; action: string; denied: string; unknownKey: string; wrongSecret: string }
> = {
  ec2: {
    send: (credentials) => new EC2Client({ ...client, credentials }).send(new DescribeVpcsCommand({})),
    action: "ec2:DescribeVpcs",
    denied: "UnauthorizedOperation",
    unknownKey: "AuthFailure",
    wrongSecret: "AuthFailure",
  },
  iam: {
    send: (credentials) => new IAMClient({ ...client, credentials }).send(new ListRolesCommand({})),
    action: "iam:ListRoles",
    denied: "AccessDenied",
    unknownKey: "InvalidClientTokenId",
    wrongSecret: "SignatureDoesNotMatch",
  },
  ssm: {
    send: (credentials) => new SSMClient({ ...client, credentials }).send(new GetParametersCommand({ Names: ["a"] })),
    action: "ssm:GetParameters",
    denied: "AccessDeniedException",
    unknownKey: "UnrecognizedClientException",
    wrongSecret: "InvalidSignatureException",
  },
  ecr: {
    send: (credentials) => new ECRClient({ ...client, credentials }).send(new DescribeRepositoriesCommand({})),
    action: "ecr:DescribeRepositories",
    denied: "AccessDeniedException",
    unknownKey: "UnrecognizedClientException",
    wrongSecret: "InvalidSignatureException",
  },
  cloudfront: {
    send: (credentials) => new CloudFrontClient({ ...client, credentials }).send(new ListDistributionsCommand({})),
    action: "cloudfront:ListDistributions",
    denied: "AccessDenied",
    unknownKey: "InvalidClientTokenId",
    wrongSecret: "SignatureDoesNotMatch",
  },
  "the tagging API": {
    send: (credentials) =>
      new ResourceGroupsTaggingAPIClient({ ...client, credentials }).send(new GetResourcesCommand({})),
    action: "tag:GetResources",
    denied: "AccessDeniedException",
    unknownKey: "UnrecognizedClientException",
    wrongSecret: "InvalidSignatureException",
  },
};

describe.each(Object.entries(calls))(
  "where IAM is enforced, %s",
  (_, { send, action, denied, unknownKey, wrongSecret }) => {
    it("lets those in who may", async () => {
      await send(await enforce(action));
    });

    it("says who may not do what, in the form of its protocol", async () => {
      const keys = await enforce("s3:GetObject");
      const message = expect.stringMatching(new RegExp(`user/u.*${action}`));
      await expect(send(keys)).rejects.toMatchObject({ name: denied, message });
    });

    it("does not know an unknown key", async () => {
      await enforce(action);
      const stranger = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" };
      await expect(send(stranger)).rejects.toMatchObject({ name: unknownKey });
    });

    it("checks signatures", async () => {
      const keys = await enforce(action);
      await expect(send({ ...keys, secretAccessKey: "wrong" })).rejects.toMatchObject({ name: wrongSecret });
    });
  },
);

it("tells anyone with a key who they are", async () => {
  const credentials = await enforce();
  const identity = await new STSClient({ ...client, credentials }).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe("arn:aws:iam::123456789012:user/u");
});
