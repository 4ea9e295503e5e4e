// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";

describe("a loop over an outside value", () => {
  const stack = stackOf(
    {
      "Fn::ForEach::Groups": [
        "Name",
        { Ref: "Names" },
        { "Group${Name}": { Type: "Memory::Group", Properties: { Name: { Ref: "Name" } } } },
      ],
    },
    {
      template: { Transform: "AWS::LanguageExtensions", Parameters: { Names: { Type: "CommaDelimitedList" } } },
      parameters: { Names: { kind: "ssm", name: "/names" } },
    },
  );

  it("declares what the value says when the stack is planned", async () => {
    const cloud = createMemoryCloud();
    cloud.inputs.set("ssm:/names", { value: "one,two" });
    expect((await planInMemory(cloud, stack)).changes).toEqual(["create Groupone", "create Grouptwo"]);
  });

  it("is refused with its place where the value declares what cannot be", async () => {
    const cloud = createMemoryCloud();
    cloud.inputs.set("ssm:/names", { value: "on-e" });
    await expect(planInMemory(cloud, stack)).rejects.toMatchObject({ diagnostics: [{ code: "name.form" }] });
  });
});

describe("a rule of the template", () => {
  const stack = (stage: string) =>
    stackOf(
      { Group: { Type: "Memory::Group", Properties: { Name: "a" } } },
      {
        template: {
          Parameters: { Stage: { Type: "String" } },
          Rules: {
            Known: {
              Assertions: [
                { Assert: { "Fn::Contains": [["dev", "prod"], { Ref: "Stage" }] }, AssertDescription: "dev or prod" },
              ],
            },
          },
        },
        parameters: { Stage: { kind: "ssm", name: stage } },
      },
    );

  it("lets through what it allows", async () => {
    const cloud = createMemoryCloud();
    cloud.inputs.set("ssm:/stage", { value: "prod" });
    expect((await planInMemory(cloud, stack("/stage"))).changes).toEqual(["create Group"]);
  });

  it("does not keep a stack from being destroyed", async () => {
    const cloud = createMemoryCloud();
    cloud.inputs.set("ssm:/stage", { value: "prod" });
    await reconcileInMemory(cloud, [stack("/stage")]);
    cloud.inputs.set("ssm:/stage", { value: "test" });
    expect((await planInMemory(cloud, stack("/stage"), { destroy: true })).changes).toEqual(["delete Group"]);
  });

  it("is held against what there is in the account", async () => {
    const networks = (rule: object) =>
      stackOf(
        { Group: { Type: "Memory::Group", Properties: { Name: "a" } } },
        {
          template: {
            Parameters: { Network: { Type: "AWS::EC2::VPC::Id", Default: "vpc-1" } },
            Rules: { Ours: { Assertions: [{ Assert: rule }] } },
          },
        },
      );
    const cloud = createMemoryCloud();
    cloud.inputs.set("existing:AWS::EC2::VPC::Id", { value: ["vpc-1"] });
    cloud.inputs.set("existing:AWS::EC2::VPC::Id.Tags.Team", { value: { "vpc-1": "core" } });
    const exists = { "Fn::Contains": [{ "Fn::RefAll": "AWS::EC2::VPC::Id" }, { Ref: "Network" }] };
    const isOf = (team: string) => ({ "Fn::Equals": [{ "Fn::ValueOf": ["Network", "Tags.Team"] }, team] });
    expect((await planInMemory(cloud, networks(exists))).changes).toEqual(["create Group"]);
    expect((await planInMemory(cloud, networks(isOf("core")))).changes).toEqual(["create Group"]);
    await expect(planInMemory(cloud, networks(isOf("edge")))).rejects.toMatchObject({
      diagnostics: [{ code: "rule.failed" }],
    });
  });

  it("stops the plan where an outside value breaks it", async () => {
    const cloud = createMemoryCloud();
    cloud.inputs.set("ssm:/stage", { value: "production" });
    await expect(planInMemory(cloud, stack("/stage"))).rejects.toMatchObject({
      diagnostics: [{ code: "rule.failed", message: 'The rule "Known" is broken: dev or prod.' }],
    });
  });
});
