import { ledgerPath } from "@reconcile/core";
import { type Sandbox, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { Aws } from "./context.ts";
import { parameterLedger } from "./ledger.ts";
import { connect } from "./session.ts";
import { fakeAws, jsonError } from "./testing.ts";

describe("the ledger in Parameter Store", () => {
  let sandbox: Sandbox;
  let aws: Aws;

  beforeAll(async () => {
    sandbox = await startSandbox();
    aws = await connect({
      environment: { AWS_REGION: "us-east-1" },
      endpointUrl: sandbox.endpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  }, 300_000);
  afterAll(() => sandbox?.stop());

  it("creates an entry once, and tells who comes second", async () => {
    const ledger = parameterLedger(aws);
    const path = ledgerPath("news", "once");
    expect([await ledger.create(`${path}/lease/1`, "a"), await ledger.create(`${path}/lease/1`, "b")]).toEqual([
      true,
      false,
    ]);
    await ledger.overwrite(`${path}/lease/1`, "c");
    expect(await ledger.list(path)).toEqual([
      { name: `${path}/lease/1`, text: "c", version: 2, writtenAt: expect.any(Number) },
    ]);
  });

  it("lists everything below a path, however many pages that takes, and nothing of a stack whose name is longer", async () => {
    const ledger = parameterLedger(aws);
    const path = ledgerPath("news", "many");
    for (let n = 10; n < 22; n++) await ledger.create(`${path}/lease/${n}`, "x");
    await ledger.create(`${path}-other/head`, "x");
    expect(await ledger.list(path)).toHaveLength(12);
    await ledger.remove((await ledger.list(path)).map(({ name }) => name));
    expect(await ledger.list(path)).toEqual([]);
    await ledger.remove([`${path}/lease/10`]);
  }, 60_000);

  it("keeps a hundred versions of an entry, the newest first", async () => {
    const ledger = parameterLedger(aws);
    const name = `${ledgerPath("news", "long")}/head`;
    for (let n = 1; n <= 102; n++) await ledger.overwrite(name, String(n));
    const history = await ledger.history(name);
    expect([history.length, history[0]?.text, history.at(-1)?.text]).toEqual([100, "102", "3"]);
    expect(await ledger.history(`${name}-of-nobody`)).toEqual([]);
  }, 60_000);
});

const answer = { body: { Version: 1 } };

test("leaving word is no planned change, and is allowed for the ledger only", async () => {
  const { aws, requests } = await fakeAws(() => answer);
  await parameterLedger(aws).overwrite("/reconcile/news/app/head", "{}");
  const elsewhere = aws.bookkeeping(() => aws.ssm.putParameter({ Name: "/app/secret", Value: "x" }));
  await expect(elsewhere).rejects.toThrow("ssm:PutParameter of /app/secret is no bookkeeping");
  const several = aws.bookkeeping(() => aws.ssm.deleteParameters({ Names: ["/reconcile/a/b/head", "/app/secret"] }));
  await expect(several).rejects.toThrow("is no bookkeeping");
  const other = aws.bookkeeping(() => aws.ec2.deleteVpc({ VpcId: "vpc-1" }));
  await expect(other).rejects.toThrow("is no bookkeeping");
  await expect(aws.ssm.putParameter({ Name: "/reconcile/news/app/head", Value: "x" })).rejects.toThrow(
    "planned change",
  );
  expect(requests).toEqual(["ssm:PutParameter"]);
});

test("it counts as a call and shows as what it is, and what was read of a stack still holds", async () => {
  const seen: unknown[] = [];
  const { aws } = await fakeAws(() => answer, { onRequest: ({ bookkeeping }) => void seen.push(bookkeeping) });
  let made = 0;
  await aws.memo("list", async () => ++made);
  await parameterLedger(aws).overwrite("/reconcile/news/app/head", "{}");
  expect([await aws.memo("list", async () => ++made), seen.at(-1), aws.calls().byService.ssm]).toEqual([1, true, 1]);
});

test("word that may have been lost on the way is left again", async () => {
  const replies = [jsonError("InternalServerError", "try again", 500), answer];
  const { aws, requests } = await fakeAws(() => replies.shift() ?? answer);
  await parameterLedger(aws).overwrite("/reconcile/news/app/head", "{}");
  expect(requests).toHaveLength(2);
});

test("before each request of a planned change it is asked whether it may be sent", async () => {
  const { aws, requests } = await fakeAws(() => answer);
  let isHeld = true;
  const permit = () => {
    if (!isHeld) throw new Error("another run holds the stack");
  };
  const change = { logicalId: "P", type: "AWS::SSM::Parameter", operations: ["ssm:PutParameter"], permit };
  const writing = aws.planned(change, async () => {
    await aws.ssm.putParameter({ Name: "/a", Value: "x" });
    isHeld = false;
    await aws.ssm.putParameter({ Name: "/b", Value: "x" });
  });
  await expect(writing).rejects.toThrow("another run holds the stack");
  expect(requests).toEqual(["ssm:PutParameter"]);
});
