import { expect, it } from "vitest";
import { fakeAws, jsonError } from "../aws/testing.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { Parameter } from "./parameter.ts";

const expiring = (year: number) =>
  JSON.stringify([{ Type: "Expiration", Version: "1.0", Attributes: { Timestamp: `${year}-12-02T21:34:33.000Z` } }]);

describeOnSandbox(Parameter, {
  example: { Type: "String", Value: "one" },
  name: { Name: "/news/model" },
  mutations: [
    { property: "Value", from: "one", to: "two", unset: "required" },
    { property: "Description", from: "what it is", to: "what it was" },
    { property: "AllowedPattern", from: "[a-z]+", to: "[a-z]*" },
    { property: "Tier", to: "Advanced", unset: "replaces" },
    { property: "Policies", from: expiring(2098), to: expiring(2099), with: { Tier: "Intelligent-Tiering" } },
    { property: "Tags", from: { Team: "core" }, to: { Team: "data", Cost: "1" } },
  ],
  replacements: { Type: "StringList" },
  budget: 6,
});

it("is absent when it goes while it is read, and not without tags", async () => {
  const { aws } = await fakeAws((operation) => {
    if (operation === "ssm:DescribeParameters")
      return { body: { Parameters: [{ Name: "model", Type: "String", Version: 1 }] } };
    if (operation === "ssm:GetParameters") return { body: { Parameters: [{ Name: "model", Value: "one" }] } };
    return jsonError("InvalidResourceId", "There is none.");
  });
  expect(await Parameter.handlers.read(aws, "model")).toBeUndefined();
});

it.each([
  ["SecureString", "alias/own"],
  ["String", undefined],
] as const)("a %s keeps the key that it has, whatever else changes", async (Type, KeyId) => {
  const { aws, requests, bodies } = await fakeAws(() => ({
    body: { Parameters: [{ Name: "model", Type: "SecureString", KeyId: "alias/own" }] },
  }));
  const properties = { Name: "model", Type, Value: "one", DataType: "text", Tier: "Standard" } as const;
  const observed = { identifier: "model", properties, attributes: {}, tags: {} };
  const wish = { properties: { ...properties, Description: "new" }, tags: {}, token: "t" };
  const changed = {
    paths: [],
    has: () => true,
    removed: () => [],
    added: () => [],
    modified: () => [],
    valueOf: () => 0,
  };
  const write = { logicalId: "Model", type: Parameter.type, operations: Parameter.actions.write };
  await aws.planned(write, () => Parameter.handlers.update(aws, observed, wish, changed));
  expect(JSON.parse(bodies[requests.indexOf("ssm:PutParameter")] ?? "{}").KeyId).toBe(KeyId);
});
