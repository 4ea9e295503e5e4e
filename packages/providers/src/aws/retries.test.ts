import { proves } from "@reconcile/core/testing";
import { describe, expect, test } from "vitest";
import { types } from "../index.ts";
import type { Aws } from "./context.ts";
import { retryTable } from "./retry-table.ts";
import { ec2Error, type FakeAws, fakeAws, jsonError, type Reply, xmlError } from "./testing.ts";

function planned<T>(aws: Aws, operation: string, write: () => Promise<T>): Promise<T> {
  return aws.planned({ logicalId: "It", type: "AWS::Some::Thing", operations: [operation] }, write);
}

/** AWS that answers to one operation with each of these in turn, the last one for ever, and to every other one with nothing. */
function answering(operation: string, ...replies: (Reply | (() => Reply))[]): Promise<FakeAws> {
  return fakeAws((asked) => {
    if (asked !== operation)
      return { body: asked.startsWith("ec2:") || asked.startsWith("iam:") ? `<${asked.slice(4)}Response/>` : {} };
    const reply = (replies.length > 1 ? replies.shift() : replies[0]) ?? {};
    return typeof reply === "function" ? reply() : reply;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

const network = (code: string) => () => {
  throw Object.assign(new Error(`connect ${code}`), { code });
};
const unavailable = ec2Error("Unavailable", "The service is unavailable.", 503);
const limit = ec2Error("RequestLimitExceeded", "Request limit exceeded.", 503);
const vpcs: Reply = { body: "<DescribeVpcsResponse/>" };
const group: Reply = { body: "<CreateSecurityGroupResponse><groupId>sg-1</groupId></CreateSecurityGroupResponse>" };

test("a read that fails on the way is sent again, ten times at most", async () => {
  const { aws, requests } = await answering("ec2:DescribeVpcs", unavailable);
  await expect(aws.ec2.describeVpcs({})).rejects.toThrow("unavailable");
  expect(requests).toHaveLength(10);
});

test.each(["ECONNRESET", "ETIMEDOUT"])("a read without an answer (%s) is sent again", async (code) => {
  const { aws, requests } = await answering("ec2:DescribeVpcs", network(code), vpcs);
  await aws.ec2.describeVpcs({});
  expect(requests).toHaveLength(2);
});

test("a read that is refused is not sent again", async () => {
  const { aws, requests } = await answering("ec2:DescribeVpcs", ec2Error("InvalidParameterValue", "No."));
  await expect(aws.ec2.describeVpcs({})).rejects.toThrow("No.");
  expect(requests).toHaveLength(1);
});

test("throttling alone does not fail a read, however many attempts it takes", proves(9, "handler"), async () => {
  const { aws, requests, waits } = await answering("ec2:DescribeVpcs", ...Array(25).fill(limit), vpcs);
  await aws.ec2.describeVpcs({});
  expect(requests).toHaveLength(26);
  expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
});

test("throttling without end gives up after ten minutes", async () => {
  const { aws, waits } = await answering("ec2:DescribeVpcs", limit);
  await expect(aws.ec2.describeVpcs({})).rejects.toThrow("Request limit exceeded.");
  expect(sum(waits)).toBeGreaterThan(570_000);
  expect(sum(waits)).toBeLessThanOrEqual(600_000);
});

test("a throttled write is sent again", proves(9, "handler"), async () => {
  const { aws, requests } = await answering("ec2:CreateSecurityGroup", limit, group);
  await planned(aws, "ec2:CreateSecurityGroup", () =>
    aws.ec2.createSecurityGroup({ GroupName: "g", Description: "d" }),
  );
  expect(requests).toHaveLength(2);
});

test.each([
  ["reset", network("ECONNRESET")],
  ["timed out", network("ETIMEDOUT")],
  ["answered with HTTP 503", unavailable],
])("a write that was %s may have happened, so it is not sent again", async (_, failure) => {
  const { aws, requests } = await answering("ec2:CreateSecurityGroup", failure);
  const write = planned(aws, "ec2:CreateSecurityGroup", () =>
    aws.ec2.createSecurityGroup({ GroupName: "g", Description: "d" }),
  );
  await expect(write).rejects.toThrow();
  expect(requests).toHaveLength(1);
});

test("a write with a client token is sent again after a failure on the way", async () => {
  const { aws, requests } = await answering("ec2:RunInstances", network("ECONNRESET"), {
    body: "<RunInstancesResponse/>",
  });
  await planned(aws, "ec2:RunInstances", () => aws.ec2.runInstances({ MinCount: 1, MaxCount: 1, ClientToken: "t" }));
  expect(requests).toHaveLength(2);
});

test("a write that never reached AWS is sent again", async () => {
  const { aws, requests } = await answering("ec2:CreateSecurityGroup", network("ECONNREFUSED"), group);
  await planned(aws, "ec2:CreateSecurityGroup", () =>
    aws.ec2.createSecurityGroup({ GroupName: "g", Description: "d" }),
  );
  expect(requests).toHaveLength(2);
});

test.each(["ECONNREFUSED", "ENOTFOUND"])("an endpoint that is not there (%s) is tried three times", async (code) => {
  const { aws, requests, waits } = await answering("ec2:DescribeVpcs", network(code));
  await expect(aws.ec2.describeVpcs({})).rejects.toThrow(code);
  expect(requests).toHaveLength(3);
  expect(sum(waits)).toBeLessThan(2000);
});

test("a full quota, which the SDK takes for throttling, fails at once", async () => {
  const { aws, requests } = await answering(
    "iam:CreateRole",
    xmlError("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000.", 409),
  );
  const write = planned(aws, "iam:CreateRole", () =>
    aws.iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: "{}" }),
  );
  await expect(write).rejects.toThrow("Cannot exceed quota");
  expect(requests).toHaveLength(1);
});

test("an operation that an emulator does not have fails at once", async () => {
  const { aws, requests } = await fakeAws(
    () => ({ status: 500, type: "text/html; charset=utf-8", body: "<!doctype html><title>500</title>" }),
    {
      endpointUrl: "http://127.0.0.1:5555",
    },
  );
  await expect(aws.ssm.getParameters({ Names: ["a"] })).rejects.toThrow("web page");
  expect(requests).toHaveLength(1);
});

const run = { MinCount: 1, MaxCount: 1 };
const profileUnknown = ec2Error(
  "InvalidParameterValue",
  "Value (p) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
);
const inUse = ec2Error("DependencyViolation", "resource sg-1 has a dependent object");
const principalUnknown = xmlError(
  "MalformedPolicyDocument",
  'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/new"',
);
const describedRole = { RoleName: "r", PolicyDocument: "{}" };

const passing: {
  it: string;
  operation: string;
  error: Reply;
  call: (aws: Aws) => Promise<unknown>;
  after?: (aws: Aws) => Promise<unknown>;
}[] = [
  {
    it: "an instance profile made a moment ago",
    operation: "ec2:RunInstances",
    error: profileUnknown,
    call: (aws) => aws.ec2.runInstances(run),
    after: (aws) =>
      planned(aws, "iam:CreateInstanceProfile", () => aws.iam.createInstanceProfile({ InstanceProfileName: "p" })),
  },
  {
    it: "a principal made a moment ago",
    operation: "iam:UpdateAssumeRolePolicy",
    error: principalUnknown,
    call: (aws) => aws.iam.updateAssumeRolePolicy(describedRole),
    after: (aws) =>
      planned(aws, "iam:CreateInstanceProfile", () => aws.iam.createInstanceProfile({ InstanceProfileName: "p" })),
  },
  {
    it: "a group whose user is being deleted",
    operation: "ec2:DeleteSecurityGroup",
    error: inUse,
    call: (aws) => aws.ec2.deleteSecurityGroup({ GroupId: "sg-1" }),
    after: (aws) => planned(aws, "ec2:TerminateInstances", () => aws.ec2.terminateInstances({ InstanceIds: ["i-1"] })),
  },
  {
    it: "a group that this run has created",
    operation: "ec2:AuthorizeSecurityGroupIngress",
    error: ec2Error("InvalidGroup.NotFound", "The security group 'sg-77' does not exist"),
    call: (aws) => aws.ec2.authorizeSecurityGroupIngress({ GroupId: "sg-77" }),
    after: async (aws) =>
      planned(aws, "ec2:CreateVpcEndpoint", () => aws.ec2.createVpcEndpoint({ VpcId: "v", ServiceName: "s" })),
  },
  {
    it: "an interface of an instance that is starting",
    operation: "ec2:AssociateAddress",
    error: ec2Error(
      "IncorrectInstanceState",
      "The pending-instance-creation instance to which 'eni-1' is attached is not in a valid state for this operation",
    ),
    call: (aws) => aws.ec2.associateAddress({ AllocationId: "eipalloc-1", NetworkInterfaceId: "eni-1" }),
    after: (aws) => planned(aws, "ec2:RunInstances", () => aws.ec2.runInstances(run)),
  },
  {
    it: "a parameter that something else is writing",
    operation: "ssm:PutParameter",
    error: jsonError("TooManyUpdates", "There are concurrent updates."),
    call: (aws) => aws.ssm.putParameter({ Name: "/a", Value: "b" }),
  },
];

/** Like `answering`, but creating the endpoint tells of a group. */
function telling(operation: string, error: Reply, times: number): Promise<FakeAws> {
  let left = times;
  return fakeAws((asked) => {
    if (asked === operation && left-- > 0) return error;
    if (asked === "ec2:CreateVpcEndpoint") {
      return { body: "<R><vpcEndpoint><groupSet><item><groupId>sg-77</groupId></item></groupSet></vpcEndpoint></R>" };
    }
    return { body: asked.startsWith("ssm:") ? {} : `<${asked.slice(4)}Response/>` };
  });
}

test.each(passing)("$it is waited for", async ({ operation, error, call, after }) => {
  const { aws, requests, waits } = await telling(operation, error, 3);
  await after?.(aws);
  await planned(aws, operation, () => call(aws));
  expect(requests.filter((asked) => asked === operation)).toHaveLength(4);
  expect(waits).toHaveLength(3);
  expect(waits.every((ms) => ms >= 500 && ms <= 15_000)).toBe(true);
});

test.each(passing.filter(({ after }) => after))(
  "the error for $it is a mistake when the run has nothing to do with it",
  async ({ operation, error, call }) => {
    const { aws, requests } = await telling(operation, error, 3);
    await expect(planned(aws, operation, () => call(aws))).rejects.toThrow();
    expect(requests).toEqual([operation]);
  },
);

test("every row of the table is about what a type does", () => {
  const writes = types.flatMap((type) => type.actions.write);
  const idle = retryTable.filter(([operations]) => !writes.some((write) => operations.test(write)));
  expect(idle).toEqual([]);
});

test("after an unfinished run its writes count as this run's", async () => {
  const { aws, requests } = await telling("ec2:RunInstances", profileUnknown, 3);
  aws.resumed();
  await planned(aws, "ec2:RunInstances", () => aws.ec2.runInstances(run));
  expect(requests).toHaveLength(4);
});

test("waiting for what does not come ends at the deadline of the table", async () => {
  const { aws, waits } = await telling(
    "ssm:PutParameter",
    jsonError("TooManyUpdates", "There are concurrent updates."),
    1000,
  );
  const write = planned(aws, "ssm:PutParameter", () => aws.ssm.putParameter({ Name: "/a", Value: "b" }));
  await expect(write).rejects.toThrow("concurrent updates");
  expect(sum(waits)).toBeGreaterThan(45_000);
  expect(sum(waits)).toBeLessThanOrEqual(60_000);
});

describe("a run that is told to stop", proves(9, "handler"), () => {
  /** AWS that throttles every call once, and is told to stop while it waits for the next attempt, or was before. */
  async function stopping(when: "while it waits" | "before") {
    const stop = new AbortController();
    if (when === "before") stop.abort();
    const seen = new Set<string>();
    return fakeAws(
      (operation) => {
        if (!seen.has(operation)) {
          seen.add(operation);
          return operation.startsWith("ec2:") ? limit : jsonError("ThrottlingException", "Rate exceeded");
        }
        return operation.startsWith("ec2:") ? vpcs : { body: {} };
      },
      {
        stop: stop.signal,
        async wait(_, signal) {
          stop.abort();
          signal?.throwIfAborted();
        },
      },
    );
  }
  const read = (aws: Aws) => aws.ec2.describeVpcs({});
  const write = (aws: Aws) =>
    planned(aws, "ssm:PutParameter", () => aws.ssm.putParameter({ Name: "n", Value: "secret", Type: "String" }));
  const word = (aws: Aws) =>
    aws.bookkeeping(() => aws.ssm.putParameter({ Name: "/reconcile/p/s/head", Value: "v", Type: "String" }));

  test.each([
    ["a read", "while it waits", read],
    ["a write", "while it waits", write],
    ["a write", "before", write],
  ] as const)("sends %s no second time (stopped %s)", async (_, when, call) => {
    const { aws, requests } = await stopping(when);
    await expect(call(aws)).rejects.toHaveProperty("name", "AbortError");
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["what it reads afterwards", "before", read],
    ["the word that it leaves for other runs", "while it waits", word],
    ["the word that it leaves for other runs", "before", word],
  ] as const)("waits for %s all the same (stopped %s)", async (_, when, call) => {
    const { aws, requests } = await stopping(when);
    await call(aws);
    expect(requests).toHaveLength(2);
  });

  test("does not send a write that is not permitted any more, whatever stands in it", async () => {
    const { aws, requests } = await fakeAws(() => ({ body: {} }));
    const permit = (): void => AbortSignal.abort().throwIfAborted();
    const sent = aws.planned({ logicalId: "It", type: "T", operations: ["ssm:PutParameter"], permit }, () =>
      aws.ssm.putParameter({ Name: "n", Value: "abort", Type: "SecureString" }),
    );
    await expect(sent).rejects.toHaveProperty("name", "AbortError");
    expect(requests).toEqual([]);
  });

  test("ends a handler's wait", async () => {
    const { aws } = await stopping("while it waits");
    await expect(aws.wait(5000)).rejects.toHaveProperty("name", "AbortError");
  });
});
