import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HttpRequest } from "@smithy/core/protocols";
import { expect, onTestFinished, test } from "vitest";
import { openSession } from "./session.ts";
import { account, actionIn, bodyOf, fakeAws, identityAnswer, principal, response, xmlError } from "./testing.ts";

const keys = { AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "test" };

/** A network that answers every request with nothing but identities and roles, and keeps what was asked. */
function network() {
  const requests: HttpRequest[] = [];
  const role = `<R><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></R>`;
  const requestHandler = {
    async handle(request: HttpRequest) {
      requests.push(request);
      const asked = actionIn(request);
      if (request.headers["x-amz-target"]) return response({ body: {} });
      return response({
        body: asked === "GetCallerIdentity" ? identityAnswer : asked === "AssumeRole" ? role : "<R/>",
      });
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  const actions = () => requests.map(actionIn);
  return { requests, requestHandler, actions, hosts: () => requests.map((request) => request.hostname) };
}

test("a connection knows its account, partition, region and caller", async () => {
  const { aws } = await fakeAws(() => ({}));
  expect({ ...aws }).toMatchObject({
    account,
    principal,
    partition: "aws",
    region: "eu-west-1",
    globalRegion: "us-east-1",
  });
});

test("another account than the stack's is refused before anything is read", async () => {
  const { requestHandler, actions } = network();
  const session = openSession({ environment: keys, requestHandler });
  await expect(session.connect({ region: "eu-west-1", account: "999999999999" })).rejects.toMatchObject({
    diagnostics: [{ code: "aws.wrong-account", message: expect.stringContaining("999999999999") }],
  });
  expect(actions()).toEqual(["GetCallerIdentity"]);
});

test("an error while connecting is a diagnostic", async () => {
  const connecting = fakeAws(() => ({}), {
    onRequest() {
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    },
  });
  await expect(connecting).rejects.toMatchObject({ diagnostics: [{ code: "aws.unreachable" }] });
});

test("stacks of one region and role share a connection; the caller is asked for once for each role", async () => {
  const { requestHandler, actions } = network();
  const session = openSession({ environment: keys, requestHandler });
  const [a, b, c] = await Promise.all([
    session.connect({ region: "eu-west-1" }),
    session.connect({ region: "eu-west-1" }),
    session.connect({ region: "us-east-1" }),
  ]);
  expect([a === b, a === c, actions()]).toEqual([true, false, ["GetCallerIdentity"]]);
  expect(session.calls()).toEqual({ total: 1, byService: { sts: 1 }, throttled: 0 });
});

test("connecting begins a new observation", async () => {
  const { requestHandler } = network();
  const session = openSession({ environment: keys, requestHandler });
  let made = 0;
  const memo = async () => (await session.connect({ region: "eu-west-1" })).memo("x", async () => ++made);
  await memo();
  expect(await memo()).toBe(2);
});

test("a role is assumed once for all services, with the session name reconcile, and counted", async () => {
  const { requestHandler, requests, actions } = network();
  const roleArn = "arn:aws:iam::123456789012:role/deployer";
  const aws = await openSession({ environment: keys, requestHandler }).connect({ region: "eu-west-1", roleArn });
  await Promise.all([aws.ec2.describeVpcs({}), aws.ec2.describeVpcs({}), aws.at("us-east-1").iam.listRoles({})]);
  expect(actions().filter((action) => action === "AssumeRole")).toHaveLength(1);
  expect(requests[0] && bodyOf(requests[0])).toContain("RoleSessionName=reconcile");
  expect(requests.slice(1).every((request) => request.headers.authorization?.includes("ASIAROLE"))).toBe(true);
  expect(aws.calls().byService).toEqual({ ec2: 2, iam: 1, sts: 2 });
});

test("a role that may not be assumed is named with its remedy", async () => {
  const { requestHandler } = network();
  const roleArn = "arn:aws:iam::123456789012:role/deployer";
  const user = "arn:aws:iam::123456789012:user/ci";
  const refusing = {
    ...requestHandler,
    handle: async () =>
      response(
        xmlError(
          "AccessDenied",
          `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
          403,
        ),
      ),
  };
  const connecting = openSession({ environment: keys, requestHandler: refusing }).connect({
    region: "eu-west-1",
    roleArn,
  });
  const message = `sts:AssumeRole was denied to ${user} in eu-west-1.`;
  const remedy = `Allow ${user} to assume ${roleArn}, in the role's trust policy and in its own policy; or correct \`role-arn\`.`;
  await expect(connecting).rejects.toMatchObject({ diagnostics: [{ code: "aws.access-denied", message, remedy }] });
});

test.each([
  [
    "of AWS",
    {},
    undefined,
    ["sts.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com"],
  ],
  ["of AWS_ENDPOINT_URL", { AWS_ENDPOINT_URL: "http://all.test" }, undefined, ["all.test", "all.test", "all.test"]],
  [
    "of one service",
    { AWS_ENDPOINT_URL: "http://all.test", AWS_ENDPOINT_URL_SSM: "http://ssm.test" },
    undefined,
    ["all.test", "all.test", "ssm.test"],
  ],
  [
    "asked for",
    { AWS_ENDPOINT_URL: "http://all.test", AWS_ENDPOINT_URL_SSM: "http://ssm.test" },
    "http://own.test",
    ["own.test", "own.test", "own.test"],
  ],
  [
    "switched off",
    { AWS_ENDPOINT_URL: "http://all.test", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    undefined,
    ["sts.eu-west-1.amazonaws.com", "ec2.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com"],
  ],
])("the endpoint %s", async (_, variables, endpointUrl, expected) => {
  const { requestHandler, hosts } = network();
  const aws = await openSession({ environment: { ...keys, ...variables }, endpointUrl, requestHandler }).connect({
    region: "eu-west-1",
  });
  await aws.ec2.describeVpcs({});
  await aws.ssm.getParameters({ Names: ["a"] });
  expect(hosts()).toEqual(expected);
});

async function configFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "aws-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "config"), text);
  return join(folder, "config");
}

const config = "[default]\nregion = eu-north-1\n[profile work]\nregion = eu-south-1\n";

test.each([
  ["AWS_REGION", { AWS_REGION: "us-west-1", AWS_DEFAULT_REGION: "us-west-2" }, "us-west-1"],
  ["AWS_DEFAULT_REGION", { AWS_DEFAULT_REGION: "us-west-2" }, "us-west-2"],
  ["the default profile", {}, "eu-north-1"],
  ["the profile of AWS_PROFILE", { AWS_PROFILE: "work" }, "eu-south-1"],
])("without a region of its own a stack is in that of %s", async (_, variables, expected) => {
  const environment = {
    ...keys,
    AWS_CONFIG_FILE: await configFile(config),
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    ...variables,
  };
  const aws = await openSession({ environment, requestHandler: network().requestHandler }).connect({});
  expect(aws.region).toBe(expected);
});

test("no region at all is an error with a remedy", async () => {
  const environment = { ...keys, AWS_CONFIG_FILE: "/nonexistent", AWS_SHARED_CREDENTIALS_FILE: "/nonexistent" };
  const connecting = openSession({ environment, requestHandler: network().requestHandler }).connect({});
  await expect(connecting).rejects.toMatchObject({
    diagnostics: [{ code: "aws.region-missing", remedy: expect.any(String) }],
  });
});

test("an abort ends a read, and leaves a write to end", async () => {
  const controller = new AbortController();
  const signals: Record<string, boolean> = {};
  const { requestHandler } = network();
  const listening = {
    ...requestHandler,
    async handle(request: HttpRequest, { abortSignal }: { abortSignal?: unknown } = {}) {
      signals[actionIn(request) ?? ""] = abortSignal !== undefined;
      return requestHandler.handle(request);
    },
  };
  const aws = await openSession({ environment: keys, signal: controller.signal, requestHandler: listening }).connect({
    region: "eu-west-1",
  });
  await aws.ec2.describeVpcs({});
  await aws.planned({ logicalId: "V", type: "AWS::EC2::VPC", operations: ["ec2:CreateVpc"] }, () =>
    aws.ec2.createVpc({ CidrBlock: "10.0.0.0/16" }),
  );
  expect(signals).toMatchObject({ DescribeVpcs: true, CreateVpc: false });
});

test("an operation that a service does not have is a mistake in the program", async () => {
  const { aws } = await fakeAws(() => ({}));
  const wrong = aws.ec2 as unknown as { describeNothing(): Promise<unknown> };
  await expect(wrong.describeNothing()).rejects.toThrow('ec2 has no operation "describeNothing"');
});
