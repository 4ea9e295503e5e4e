import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  paginateDescribeParameters,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const ssm = new SSMClient(client);

const Name = "/app/secret";
const put = (change: Partial<PutParameterCommandInput> = {}) =>
  ssm.send(new PutParameterCommand({ Name, Type: "String", Value: "v", ...change }));
const read = async (WithDecryption = true) =>
  (await ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
const metadata = async () => (await ssm.send(new DescribeParametersCommand({}))).Parameters?.[0];

describe("a SecureString that is not decrypted", () => {
  const Value = "correct horse battery staple";
  const ways: Record<string, () => Promise<unknown>> = {
    GetParameter: () => read(false),
    GetParameters: () => ssm.send(new GetParametersCommand({ Names: [Name], WithDecryption: false })),
    "GetParameters, not asked": () => ssm.send(new GetParametersCommand({ Names: [Name] })),
    GetParametersByPath: () => ssm.send(new GetParametersByPathCommand({ Path: "/app" })),
    GetParameterHistory: () => ssm.send(new GetParameterHistoryCommand({ Name })),
    DescribeParameters: () => ssm.send(new DescribeParametersCommand({})),
  };

  it.each(Object.entries(ways))("does not show its value in %s", async (_, ask) => {
    await put({ Type: "SecureString", Value });
    const answer = JSON.stringify(await ask());
    expect(answer).toContain(Name);
    expect(answer).not.toContain("horse");
    expect((await read())?.Value).toBe(Value);
  });

  it("shows the same ciphertext until it is written again", async () => {
    await put({ Type: "SecureString", Value });
    const first = (await read(false))?.Value;
    expect((await read(false))?.Value).toBe(first);
    await put({ Type: "SecureString", Value, Overwrite: true });
    expect((await read(false))?.Value).not.toBe(first);
  });
});

it("knows the key of a SecureString, and none of a String that it becomes", async () => {
  await put({ Type: "SecureString" });
  expect(await metadata()).toMatchObject({ Type: "SecureString", KeyId: "alias/aws/ssm" });
  await put({ Type: "String", Overwrite: true });
  expect(await metadata()).toMatchObject({ Type: "String", Version: 2 });
  expect(await metadata()).not.toHaveProperty("KeyId");
  expect((await read(false))?.Value).toBe("v");
});

it("keeps description and pattern that an overwrite does not name", async () => {
  await put({ Description: "why", AllowedPattern: ".*" });
  await put({ Value: "w", Overwrite: true });
  expect(await metadata()).toMatchObject({ Description: "why", AllowedPattern: ".*", Version: 2 });
});

describe("the tier", () => {
  const long = "x".repeat(4097);

  it("Standard takes 4096 bytes", async () => {
    await expect(put({ Value: long })).rejects.toMatchObject({ name: "ValidationException" });
    await put({ Value: long.slice(1) });
  });

  it.each([
    ["v", "Standard"],
    [long, "Advanced"],
  ])("is chosen where it is left open (%#)", async (Value, Tier) => {
    await put({ Value, Tier: "Intelligent-Tiering" });
    expect(await metadata()).toMatchObject({ Tier });
  });

  it("is not lowered", async () => {
    await put({ Tier: "Advanced" });
    await expect(put({ Tier: "Standard", Overwrite: true })).rejects.toMatchObject({ name: "ValidationException" });
    await put({ Overwrite: true, Value: "w" });
    expect(await metadata()).toMatchObject({ Tier: "Advanced" });
  });
});

it("lists as many as are asked for, and AWS's own only by their path", async () => {
  for (let number = 0; number < 12; number++) await put({ Name: `/p/${number}` });
  const pages: number[] = [];
  for await (const page of paginateDescribeParameters({ client: ssm, pageSize: 5 }, {}))
    pages.push(page.Parameters?.length ?? 0);
  expect(pages.filter((length) => length > 0)).toEqual([5, 5, 2]);
  const named = async () => (await ssm.send(new DescribeParametersCommand({ MaxResults: 50 }))).Parameters;
  expect(await named()).toHaveLength(12);
  const root = await ssm.send(new GetParametersByPathCommand({ Path: "/", Recursive: true }));
  expect(root.Parameters?.map((parameter) => parameter.Name?.slice(0, 3))).toEqual(Array(10).fill("/p/"));
  const images = "/aws/service/ami-amazon-linux-latest";
  const own = await ssm.send(new GetParametersByPathCommand({ Path: images }));
  expect(own.Parameters?.length).toBeGreaterThan(0);
  expect(await named()).toHaveLength(12);
});

it.each([0, 51])("refuses a page of %i", async (MaxResults) => {
  await expect(ssm.send(new DescribeParametersCommand({ MaxResults }))).rejects.toMatchObject({
    name: "ValidationException",
  });
});

it("keeps tags across overwrites, and forgets them with the parameter", async () => {
  const resource = { ResourceType: "Parameter", ResourceId: Name } as const;
  const tags = async () => (await ssm.send(new ListTagsForResourceCommand(resource))).TagList;
  await put({ Tags: [{ Key: "a", Value: "1" }] });
  await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: "b", Value: "2" }] }));
  await put({ Overwrite: true });
  expect(await tags()).toEqual([
    { Key: "a", Value: "1" },
    { Key: "b", Value: "2" },
  ]);
  await ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ["a"] }));
  expect(await tags()).toEqual([{ Key: "b", Value: "2" }]);
  await ssm.send(new DeleteParameterCommand({ Name }));
  await put();
  expect(await tags()).toEqual([]);
});

it("tells the policies that a parameter was given, until it is given none", async () => {
  const policy = { Type: "Expiration", Version: "1.0", Attributes: { Timestamp: "2099-12-02T21:34:33.000Z" } };
  await put({ Tier: "Advanced", Policies: JSON.stringify([policy]) });
  const [told] = (await metadata())?.Policies ?? [];
  expect([told?.PolicyType, JSON.parse(told?.PolicyText ?? "")]).toEqual(["Expiration", policy]);
  await put({ Tier: "Advanced", Policies: "[{}]", Overwrite: true });
  expect((await metadata())?.Policies ?? []).toEqual([]);
});
