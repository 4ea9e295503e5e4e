import { describe, expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Group } from "../testing/memory-types.ts";
import { createCause, pairReplaced } from "./causes.ts";
import { filesOnly } from "./found-base.ts";
import type { Cause, PropertyChange } from "./model.ts";

function element(list: string, cause: Cause, values: { before?: string; after?: string }): PropertyChange {
  return { path: `/${list}/-`, cause, sensitive: false, requiresReplacement: false, ...values };
}

describe("an element of a list that only live has", () => {
  it.each<[string, PropertyChange[], Cause[]]>([
    ["is drift by itself", [element("Rules", "drift", { before: "old" })], ["drift"]],
    [
      "goes for the outside value that takes its place",
      [element("Rules", "drift", { before: "old" }), element("Rules", "input", { after: "new" })],
      ["input", "input"],
    ],
    [
      "is drift where another has taken that place",
      [
        element("Rules", "drift", { before: "old" }),
        element("Rules", "drift", { before: "by hand" }),
        element("Rules", "input", { after: "new" }),
      ],
      ["input", "drift", "input"],
    ],
    [
      "is drift where the outside value comes into another list",
      [element("Rules", "drift", { before: "by hand" }), element("Ranges", "input", { after: "new" })],
      ["drift", "input"],
    ],
  ])("%s", (_, changes, causes) => {
    expect(pairReplaced(changes).map((each) => each.cause)).toEqual(causes);
  });
});

describe("what is adopted", () => {
  it("was never ours to drift, whatever base declares", async () => {
    const world = createMemoryCloud();
    world.store.put({
      type: "Memory::Group",
      id: "grp-1",
      properties: { Name: "web", Kind: "plain", Description: "by hand" },
      tags: {},
    });
    const Properties = { Name: "web", Description: "ours" };
    const stack = stackOf({ Web: { Type: "Memory::Group", Properties, Metadata: { Reconcile: { adopt: true } } } });

    const { prepared } = await reconcileInMemory(world, [stack], { base: [stack] });

    const [change] = prepared.plan.stacks.flatMap((each) => each.changes);
    expect([change?.action, change?.cause]).toEqual(["adopt", "change"]);
  });
});

describe("a tag that says what is declared of a resource", () => {
  const declared = (more: object) => stackOf({ Web: { Type: "Memory::Group", Properties: { Name: "web" }, ...more } });
  const protect = (on: boolean) => ({ Metadata: { Reconcile: { protect: on } } });
  const retain = { DeletionPolicy: "Retain" };

  it.each<[string, object, object, Cause]>([
    ["a protection that comes", {}, protect(true), "change"],
    ["one that is lifted", protect(true), protect(false), "change"],
    ["one that is lifted after its line was taken away", {}, protect(false), "change"],
    ["one that somebody took off", protect(true), protect(true), "drift"],
    ["a policy that comes", {}, retain, "change"],
    ["one that somebody took off it", retain, retain, "drift"],
  ])("has the cause of its declaration: %s", async (_, base, head, cause) => {
    const world = createMemoryCloud();
    const isLifted = JSON.stringify(head) === JSON.stringify(protect(false));
    await reconcileInMemory(world, [declared(isLifted ? protect(true) : {})]);
    const { plan } = await planInMemory(world, declared(head), { base: [declared(base)] });
    expect(plan.stacks[0]?.changes.map((each) => each.cause)).toEqual([cause]);
  });
});

describe("what is not there", () => {
  it.each<[string, Map<string, string | null>, Cause]>([
    ["has drifted where its commit was applied, though nothing is left of it", new Map([["app", "4f1c2ab"]]), "drift"],
    ["is new where that is not known", new Map([["app", filesOnly]]), "change"],
  ])("%s", (_, bases, cause) => {
    const world = { instance: { stack: { name: "app" } }, live: new Map() } as never;
    expect(createCause(world, { base: "4f1c2ab", bases }, true)).toBe(cause);
  });
});

describe("what refers to another resource", () => {
  const group = (Description: string) => ({ Type: "Memory::Group", Properties: { Description, Kind: "plain" } });
  const user = { Type: "Memory::Group", Properties: { Name: "user", Uses: [{ Ref: "Web" }] } };

  async function causesAfter(before: Record<string, unknown>, after: Record<string, unknown>) {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf(before)]);
    const { prepared } = await reconcileInMemory(world, [stackOf(after)], { base: [stackOf(before)] });
    return Object.fromEntries(
      prepared.plan.stacks.flatMap(({ changes }) => changes.map(({ logicalId, cause }) => [logicalId, cause])),
    );
  }

  it("changes because the other one is made anew by a change", async () => {
    const kept = { Web: { ...group("a"), Properties: { Description: "a", Kind: "special" } }, User: user };
    expect(await causesAfter({ Web: group("a"), User: user }, kept)).toEqual({ Web: "change", User: "change" });
  });

  it("changes because the name of the other one does, and has drifted where somebody else changed it", async () => {
    const attributes = {
      ...Group.attributes,
      Label: { predict: ({ Name }: Record<string, unknown>) => Name as string },
    };
    const labelled = variant(
      Group,
      { attributes },
      {
        async read(cloud, identifier) {
          const observed = await Group.handlers.read(cloud, identifier);
          return (
            observed && {
              ...observed,
              attributes: { ...observed.attributes, Label: observed.properties.Name as string },
            }
          );
        },
      },
    );
    const types = typesWith(labelled);
    const declared = (Name: string) =>
      stackOf({
        Web: { Type: "Memory::Group", Properties: { Name } },
        User: { Type: "Memory::Server", Properties: { Image: "v1", GroupIds: [{ "Fn::GetAtt": ["Web", "Label"] }] } },
      });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [declared("one")], { types });
    const seen = await planInMemory(world, declared("two"), { types, base: [declared("one")] });
    expect(seen.change("User").properties.map((each) => [each.before, each.after, each.cause])).toEqual([
      ["one", undefined, "change"],
      [undefined, "two", "change"],
    ]);

    const server = world.store.all().find((each) => each.type === "Memory::Server");
    Object.assign(server?.properties ?? {}, { GroupIds: ["by hand"] });
    const moved = await planInMemory(world, declared("two"), { types, base: [declared("one")] });
    expect(moved.change("User").properties.map((each) => [each.before, each.after, each.cause])).toEqual([
      ["by hand", undefined, "drift"],
      [undefined, "two", "change"],
    ]);
  });

  it("has drifted where the other one is not made anew, as somebody took its name", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: { Type: "Memory::Group", Properties: { Name: "web" } }, User: user });
    await reconcileInMemory(world, [stack]);
    const web = world.things().find((each) => each.properties.Name === "web");
    world.store.remove("Memory::Group", web?.id ?? "");
    world.store.put({ type: "Memory::Group", id: "grp-theirs", properties: { Name: "web" }, tags: {} });
    const { change, codes } = await planInMemory(world, stack, { base: [stack] });
    expect([codes, change("User").cause]).toEqual([["exists.not-ours"], "drift"]);
  });

  it("has not drifted when it no longer refers to one that left the template", async () => {
    const without = { User: { ...user, Properties: { Name: "user" } } };
    expect(await causesAfter({ Web: group("a"), User: user }, without)).toMatchObject({ User: "change" });
  });
});

describe("what is deleted because its condition does not hold any more", () => {
  const server = { Type: "Memory::Server", Properties: { Image: "v1" } };
  const switched = (parameter: string | { kind: "ssm"; name: string }) =>
    stackOf(
      { Keep: server, Web: { ...server, Condition: "On" } },
      {
        template: {
          Parameters: { Switch: { Type: "String" } },
          Conditions: { On: { "Fn::Equals": [{ Ref: "Switch" }, "on"] } },
        },
        parameters: { Switch: parameter },
      },
    );
  const outside = switched({ kind: "ssm", name: "/switch" });

  it.each([
    ["an outside value", outside, outside, "input"],
    ["the declaration", switched("on"), switched("off"), "change"],
  ])("goes by what %s says", async (_, before, after, cause) => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/switch", { value: "on" });
    await reconcileInMemory(world, [before]);
    world.inputs.set("ssm:/switch", { value: "off" });
    const { change } = await planInMemory(world, after, { base: [before] });
    expect(change("Web", "delete").cause).toBe(cause);
  });
});
