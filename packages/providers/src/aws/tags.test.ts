import { describe, expect, test } from "vitest";
import { taggedResources, tagList, tagMap, writeTags } from "./tags.ts";
import { fakeAws, jsonError, type Reply } from "./testing.ts";

describe("tags", () => {
  test("as AWS writes them, and by key", () => {
    const list = [
      { Key: "Team", Value: "core" },
      { Key: "empty", Value: "" },
    ];
    const tags = { empty: "", Team: "core" };
    expect([tagList(tags), tagMap(list)]).toEqual([list, tags]);
  });

  test("no tags, and a tag without a value", () => {
    expect([tagMap(undefined), tagMap([{ Key: "a" }])]).toEqual([{}, { a: "" }]);
  });

  test("a key that is a name of every object is a key like any other", () => {
    expect(tagList(tagMap([{ Key: "__proto__", Value: "x" }]))).toEqual([{ Key: "__proto__", Value: "x" }]);
  });

  test.each([
    [{ a: "1" }, ["b"], [[{ Key: "a", Value: "1" }], ["b"]]],
    [{ a: "1" }, [], [[{ Key: "a", Value: "1" }]]],
    [{}, ["b"], [["b"]]],
  ])("set %j and removed %j: no call for nothing", async (set, remove, sent) => {
    const calls: unknown[] = [];
    const call = async (list: unknown) => void calls.push(list);
    await writeTags(set, remove, call, call);
    expect(calls).toEqual(sent);
  });
});

const repository = "arn:aws:ecr:eu-west-1:123456789012:repository/app";
const other = "arn:aws:ecr:eu-west-1:123456789012:repository/other";

function mapping(arn: string, tags: Record<string, string>) {
  return { ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

function indexOf(...answers: Reply[]) {
  return fakeAws(() => (answers.length > 1 ? answers.shift() : answers[0]) ?? {});
}

test("tags of everything of ours, over all pages", async () => {
  const { aws, bodies } = await indexOf(
    { body: { PaginationToken: "1", ResourceTagMappingList: [mapping(repository, { "reconcile:owner": "a" })] } },
    { body: { PaginationToken: "", ResourceTagMappingList: [mapping(other, { "reconcile:owner": "b" })] } },
  );
  const found = await taggedResources(aws, "ecr:repository");
  const asked = {
    ResourceTypeFilters: ["ecr:repository"],
    TagFilters: [{ Key: "reconcile:owner" }],
    ResourcesPerPage: 100,
  };
  expect(Object.fromEntries(found)).toEqual({
    [repository]: { "reconcile:owner": "a" },
    [other]: { "reconcile:owner": "b" },
  });
  expect(bodies.map((body) => JSON.parse(body))).toEqual([asked, { ...asked, PaginationToken: "1" }]);
});

test("an index that fails at the second page is not half an index", async () => {
  const { aws } = await indexOf(
    { body: { PaginationToken: "1", ResourceTagMappingList: [] } },
    jsonError("AccessDeniedException", "no"),
  );
  await expect(taggedResources(aws, "ecr:repository")).rejects.toThrow("no");
});

describe("an observation", () => {
  test("reads the index once", async () => {
    const { aws, requests } = await indexOf({ body: {} });
    await Promise.all([taggedResources(aws, "ecr:repository"), taggedResources(aws, "ecr:repository")]);
    await taggedResources(aws, "ecr:repository");
    expect(requests).toHaveLength(1);
  });

  test("asks again after a failure", async () => {
    const { aws, requests } = await indexOf(jsonError("InvalidParameterException", "no"), { body: {} });
    await expect(taggedResources(aws, "ecr:repository")).rejects.toThrow();
    await taggedResources(aws, "ecr:repository");
    expect(requests).toHaveLength(2);
  });

  test("asks again in the next observation", async () => {
    const { aws, requests } = await indexOf({ body: {} });
    await taggedResources(aws, "ecr:repository");
    aws.fresh();
    await taggedResources(aws, "ecr:repository");
    expect(requests).toHaveLength(2);
  });

  test("asks again after anything was written", async () => {
    const { aws, requests } = await indexOf({ body: {} });
    await taggedResources(aws, "ecr:repository");
    const change = { logicalId: "A", type: "AWS::SSM::Parameter", operations: ["ssm:DeleteParameter"] };
    await aws.planned(change, () => aws.ssm.deleteParameter({ Name: "/a" }));
    await taggedResources(aws, "ecr:repository");
    expect(requests).toEqual(["tagging:GetResources", "ssm:DeleteParameter", "tagging:GetResources"]);
  });
});

test("owners of a project in the region: by tags, and by records of their runs, each once", async () => {
  const mappings = ["p/b@eu-west-1", "p/a@eu-west-1", "q/a@eu-west-1", "p/a@eu-west-1"].map((owner, index) =>
    mapping(`arn:${index}`, { "reconcile:owner": owner }),
  );
  const records = ["a/head", "a/lease/00000002", "roles/head", "killed/lease/00000001"];
  const Parameters = records.map((name) => ({ Name: `/reconcile/p/${name}`, Value: "{}" }));
  const { aws, bodies } = await fakeAws((operation) =>
    operation.startsWith("ssm:") ? { body: { Parameters } } : { body: { ResourceTagMappingList: mappings } },
  );
  expect(await aws.ownedStacks("p")).toEqual([
    "p/a@eu-west-1",
    "p/b@eu-west-1",
    "p/killed@eu-west-1",
    "p/roles@eu-west-1",
  ]);
  const asked = bodies.map((body) => JSON.parse(body));
  expect(asked.map((body) => body.TagFilters ?? body.Path)).toEqual([[{ Key: "reconcile:owner" }], "/reconcile/p"]);
});

test("types that an owner has, in the region and among the global services", async () => {
  const tagged = (region: string) =>
    region === "us-east-1"
      ? [mapping("arn:aws:iam::1:policy/p", { "reconcile:resource": "Policy/AWS::IAM::ManagedPolicy" })]
      : [
          mapping(repository, { "reconcile:resource": "Repo/AWS::ECR::Repository" }),
          mapping(other, { "reconcile:resource": "Other/AWS::ECR::Repository" }),
          mapping("arn:cut", { "reconcile:resource": `${"L".repeat(238)}-0123456789abcdef` }),
          mapping("arn:odd", {}),
        ];
  const { aws, bodies } = await fakeAws((_, region) => ({ body: { ResourceTagMappingList: tagged(region) } }));
  expect(await aws.ownedTypes("p/s@eu-west-1")).toEqual(["AWS::ECR::Repository", "AWS::IAM::ManagedPolicy"]);
  expect(JSON.parse(bodies[0] ?? "")).toMatchObject({
    TagFilters: [{ Key: "reconcile:owner", Values: ["p/s@eu-west-1"] }],
  });
});
