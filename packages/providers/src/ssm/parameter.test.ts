import { expect, it } from "vitest";
import { fakeAws, jsonError } from "../aws/testing.ts";
import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { Parameter } from "./parameter.ts";

describeOnSandbox(Parameter, {
  example: { Type: "String", Value: "one" },
  name: { Name: "/news/model" },
  mutations: [
    { property: "Value", from: "one", to: "two", unset: "required" },
    { property: "Description", from: "what it is", to: "what it was" },
    { property: "AllowedPattern", from: "[a-z]+", to: "[a-z]*" },
    { property: "Tier", to: "Advanced", unset: "replaces" },
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
