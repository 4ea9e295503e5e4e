import { proves } from "@reconcile/core/testing";
import { expect, test } from "vitest";
import { ec2Error, fakeAws, type Reply } from "./testing.ts";

const change = { logicalId: "Group", type: "AWS::EC2::SecurityGroup", operations: ["ec2:CreateSecurityGroup"] };
const created: Reply = { body: "<CreateSecurityGroupResponse><groupId>sg-1</groupId></CreateSecurityGroupResponse>" };
const input = { GroupName: "web", Description: "Web" };

test("reads need no planned change", proves(3, "handler"), async () => {
  const { aws, requests } = await fakeAws(() => ({ body: "<DescribeVpcsResponse/>" }));
  await aws.ec2.describeVpcs({});
  expect(requests).toEqual(["ec2:DescribeVpcs"]);
});

test("a mutating call outside a planned change is never sent", proves(3, "handler"), async () => {
  const { aws, requests } = await fakeAws(() => created);
  await expect(aws.ec2.createSecurityGroup(input)).rejects.toThrow("outside a planned change");
  expect(requests).toEqual([]);
});

test("a mutating call that the type does not declare is never sent", proves(3, "handler"), async () => {
  const { aws, requests } = await fakeAws(() => created);
  const write = aws.planned(change, () => aws.ec2.deleteSecurityGroup({ GroupId: "sg-1" }));
  await expect(write).rejects.toThrow(
    "ec2:DeleteSecurityGroup is not among the writes that AWS::EC2::SecurityGroup declares",
  );
  expect(requests).toEqual([]);
});

test("a declared mutating call is sent inside a planned change, and not after it", proves(3, "handler"), async () => {
  const { aws, requests } = await fakeAws(() => created);
  const { GroupId } = await aws.planned(change, () => aws.ec2.createSecurityGroup(input));
  await expect(aws.ec2.createSecurityGroup(input)).rejects.toThrow("outside a planned change");
  expect({ GroupId, requests }).toEqual({ GroupId: "sg-1", requests: ["ec2:CreateSecurityGroup"] });
});

test("planned changes side by side do not lend each other their operations", proves(3, "handler"), async () => {
  const { aws, requests } = await fakeAws(() => created);
  const other = { logicalId: "Other", type: "AWS::SSM::Parameter", operations: ["ssm:PutParameter"] };
  const results = await Promise.allSettled([
    aws.planned(change, () => aws.ec2.createSecurityGroup(input)),
    aws.planned(other, () => aws.ec2.createSecurityGroup(input)),
  ]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected"]);
  expect(requests).toEqual(["ec2:CreateSecurityGroup"]);
});

test("a planned change of one stack allows nothing in another", proves(3, "handler"), async () => {
  const { aws } = await fakeAws(() => created);
  const { aws: other, requests } = await fakeAws(() => created);
  const write = aws.planned(change, () => other.ec2.createSecurityGroup(input));
  await expect(write).rejects.toThrow("outside a planned change");
  expect(requests).toEqual([]);
});

test("an operation may be declared by the name of its IAM action", async () => {
  const { aws } = await fakeAws(() => ({ status: 201, body: "<Distribution><Id>E1</Id></Distribution>" }));
  const distribution = { ...change, operations: ["cloudfront:CreateDistribution"] };
  const config = {
    CallerReference: "1",
    Origins: { Quantity: 0, Items: [] },
    DefaultCacheBehavior: undefined,
    Comment: "",
    Enabled: true,
  };
  const DistributionConfigWithTags = { DistributionConfig: config, Tags: { Items: [] } } as never;
  const answer = await aws.planned(distribution, () =>
    aws.cloudfront.createDistributionWithTags({ DistributionConfigWithTags }),
  );
  expect(answer.Distribution?.Id).toBe("E1");
});

test(
  "every attempt on the wire counts, and refusals by throttling are counted apart",
  proves(9, "handler"),
  async () => {
    const replies = [
      ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503),
      { body: "<DescribeVpcsResponse/>" },
    ];
    const { aws, waits } = await fakeAws(() => replies.shift() ?? {});
    await aws.ec2.describeVpcs({});
    const waited = { milliseconds: expect.closeTo(waits[0] ?? 0), operations: ["ec2:DescribeVpcs"] };
    expect(aws.calls()).toEqual({ total: 3, byService: { ec2: 2, sts: 1 }, throttled: 1, waited });
  },
);

test("what calls wait for throttling side by side is waited once", proves(9, "handler"), async () => {
  const seen = new Set<string>();
  const limit = ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503);
  const { aws, waits } = await fakeAws((operation) => {
    if (seen.has(operation)) return { body: `<${operation.slice(4)}Response/>` };
    seen.add(operation);
    return limit;
  });
  await Promise.all([aws.ec2.describeVpcs({}), aws.ec2.describeSubnets({})]);
  const { waited } = aws.calls();
  expect(waits).toHaveLength(2);
  expect(waited?.milliseconds).toBeLessThan((waits[0] ?? 0) + (waits[1] ?? 0));
  expect(waited?.operations.toSorted()).toEqual(["ec2:DescribeSubnets", "ec2:DescribeVpcs"]);
});

test("the log tells each attempt's service, operation, change, number and error", async () => {
  const replies = [ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503), created];
  const { aws } = await fakeAws(() => replies.shift() ?? {});
  await aws.planned(change, () => aws.ec2.createSecurityGroup(input));
  const call = { service: "ec2", operation: "CreateSecurityGroup", region: "eu-west-1", mutating: true };
  const planned = { change: { logicalId: "Group", type: "AWS::EC2::SecurityGroup" }, sent: true };
  expect(aws.log().slice(1)).toEqual([
    { ...call, ...planned, attempt: 1, error: "RequestLimitExceeded", ms: expect.any(Number) },
    { ...call, ...planned, attempt: 2, ms: expect.any(Number) },
  ]);
});

test("what a hook throws before sending keeps the request from being sent", async () => {
  const onRequest = ({ mutating }: { mutating: boolean }) => {
    if (mutating) throw new Error("killed");
  };
  const { aws, requests } = await fakeAws(() => created, { onRequest });
  await expect(aws.planned(change, () => aws.ec2.createSecurityGroup(input))).rejects.toThrow("killed");
  expect({ requests, sent: aws.log().at(-1)?.sent, total: aws.calls().total }).toEqual({
    requests: [],
    sent: false,
    total: 1,
  });
});

test("what a hook throws after the answer is all that the caller sees: the answer is lost, and the write not sent again", async () => {
  const onResponse = ({ mutating }: { mutating: boolean }) => {
    if (mutating) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  };
  const { aws, requests } = await fakeAws(() => created, { onResponse });
  await expect(aws.planned(change, () => aws.ec2.createSecurityGroup(input))).rejects.toThrow("socket hang up");
  expect(requests).toEqual(["ec2:CreateSecurityGroup"]);
});

test("a secret that the service quotes in its refusal is taken out of the error", proves(10, "handler"), async () => {
  const refusal = {
    status: 400,
    body: { __type: "ValidationException", message: "1 error: value 'hunter2 \"x\"' at 'value' is too long" },
  };
  const { aws } = await fakeAws(() => refusal);
  const put = { ...change, operations: ["ssm:PutParameter"] };
  const write = aws.planned(put, () =>
    aws.ssm.putParameter({ Name: "/db", Value: 'hunter2 "x"', Type: "SecureString" }),
  );
  await expect(write).rejects.toThrow("1 error: value '(sensitive)' at 'value' is too long");
});

test("after the signal has aborted no call starts", proves(9, "handler"), async () => {
  const controller = new AbortController();
  const { aws, requests } = await fakeAws(() => created, { signal: controller.signal });
  controller.abort();
  await expect(aws.planned(change, () => aws.ec2.createSecurityGroup(input))).rejects.toThrow("aborted");
  expect(requests).toEqual([]);
});
