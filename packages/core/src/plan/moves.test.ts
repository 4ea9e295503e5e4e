import { describe, expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Group } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";

const reconciled = (Reconcile: object | undefined) => (Reconcile ? { Metadata: { Reconcile } } : {});
const group = (Name: string, Reconcile?: object) => ({
  Type: "Memory::Group",
  Properties: { Name },
  ...reconciled(Reconcile),
});
const server = (Reconcile?: object) => ({
  Type: "Memory::Server",
  Properties: { Image: "v1" },
  ...reconciled(Reconcile),
});
const from = (resources: object) => stackOf({ Keep: group("keep-a"), ...resources }, { name: "a" });
const to = (resources: object) => stackOf({ Mine: group("keep-b"), ...resources }, { name: "b" });

async function living(resources: object) {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [from(resources), to({})]);
  return world;
}

const moved = (id: string) => `update ${id} /Tags/reconcile:owner`;

describe("what moves from one stack to another", proves(6, "memory"), () => {
  it.each([
    ["that has a name", group("web"), group("web", { "moved-from": "a" })],
    ["that has none", server(), server({ "moved-from": "a" })],
  ])("and %s, is taken over when it says so", async (_, before, after) => {
    const world = await living({ Web: before, Old: server() });
    const id = world.things().find((each) => each.tags?.["reconcile:resource"]?.startsWith("Web/"))?.id;
    const stacks = [from({}), to({ Web: after })];
    const seen = await planInMemory(world, stacks, { allowDelete: [] });
    expect([seen.changes, seen.reasons, seen.codes]).toEqual([
      ["delete Old", moved("Web")],
      ["not-declared", "renamed"],
      [],
    ]);
    await reconcileInMemory(world, stacks);
    const kept = world.things().find((each) => each.id === id);
    expect(kept?.tags).toMatchObject({ "reconcile:owner": "test/b@us-east-1" });
    expect((await planInMemory(world, stacks)).changes).toEqual([]);
  });

  it("is taken over from a stack that is not part of the run, under another logical id, too", async () => {
    const world = await living({ Web: server() });
    const seen = await planInMemory(world, to({ Site: server({ "moved-from": "a/Web" }) }));
    expect(seen.changes).toEqual([`${moved("Site")} /Tags/reconcile:resource`]);
  });

  it("is not what has the same name in another region", async () => {
    const world = await living({ Web: server() });
    const west = createMemoryCloud({ region: "eu-west-1" });
    const { id = "" } = world.things().find((each) => each.type === "Memory::Server") ?? {};
    const far = { ...stackOf({ Site: server({ adopt: id }) }, { name: "c" }), region: "eu-west-1" };
    west.store.put({ type: "Memory::Server", id, properties: { Image: "v1", Size: "small", GroupIds: [] }, tags: {} });
    const options = { regions: { "eu-west-1": west } };
    await reconcileInMemory(world, [far], options);
    const stacks = [far, from({}), to({ Web: server({ "moved-from": "a" }) })];
    const seen = await planInMemory(world, stacks, options);
    expect([seen.changes, seen.codes]).toEqual([[moved("Web")], []]);
  });

  it("is made where nothing of it lives", async () => {
    const world = await living({ Other: server() });
    expect((await planInMemory(world, to({ Web: server({ "moved-from": "a" }) }))).changes).toEqual(["create Web"]);
  });

  it("is found by its name where a list carries no tags", async () => {
    const world = await living({ Web: group("web") });
    const types = typesWith(
      variant(
        Group,
        {},
        {
          async *list(cloud) {
            for await (const { tags: _, ...found } of Group.handlers.list(cloud)) yield found;
          },
        },
      ),
    );
    const seen = await planInMemory(world, to({ Web: group("web", { "moved-from": "a" }) }), { types });
    expect([seen.changes, seen.codes]).toEqual([[moved("Web")], []]);
  });

  it("is refused without a word, when it has a name", async () => {
    const world = await living({ Web: group("web") });
    const seen = await planInMemory(world, [from({}), to({ Web: group("web") })]);
    expect(seen.diagnostics[0]).toMatchObject({
      code: "exists.other-owner",
      remedy: expect.stringContaining("moved-from: a"),
    });
  });

  it("is refused when its name is that of another resource there, whatever it says", async () => {
    const world = await living({ Site: group("web") });
    const seen = await planInMemory(world, to({ Web: group("web", { "moved-from": "a" }) }));
    expect([seen.changes, seen.codes]).toEqual([[], ["exists.other-owner"]]);
  });

  it("is refused when it belongs to another project, whatever it says", async () => {
    const world = await living({});
    world.store.put({
      type: "Memory::Group",
      id: "grp-x",
      properties: { Name: "web", Kind: "plain", Description: "" },
      tags: { "reconcile:owner": "other/a@us-east-1", "reconcile:resource": "Web/Memory::Group" },
    });
    const seen = await planInMemory(world, to({ Web: group("web", { "moved-from": "a" }) }));
    expect(seen.codes).toEqual(["exists.other-owner"]);
    expect(seen.diagnostics[0]?.remedy).not.toContain("moved-from");
  });

  it("is over once it has moved: what the other stack makes anew under its name is the other stack's", async () => {
    const world = await living({ Web: server() });
    const large = { ...server({ "moved-from": "a" }), Properties: { Image: "v1", Size: "large" } };
    await reconcileInMemory(world, [from({}), to({ Web: large })]);
    const another = { ...server(), Properties: { Image: "v2", Size: "huge" } };
    await reconcileInMemory(world, [from({ Web: another })]);
    // Closer to what the other stack has than to its own: still not the same one.
    const changed = { ...server({ "moved-from": "a" }), Properties: { Image: "v2", Size: "huge" } };
    expect((await planInMemory(world, to({ Web: changed }))).changes).toEqual(["replace Web /Image /Size"]);
  });

  it("may change places with what the other stack takes over: both in one run", async () => {
    const world = await living({ Web: group("one") });
    await reconcileInMemory(world, [to({ Web: group("two") })]);
    const [here, there] = [
      from({ Web: group("two", { "moved-from": "b" }) }),
      to({ Web: group("one", { "moved-from": "a" }) }),
    ];
    const alone = await planInMemory(world, here, { neighbours: [there], allowDelete: [] });
    expect(alone.codes).toEqual(["move.unclear"]);
    expect((await planInMemory(world, [here, there], { allowDelete: [] })).changes).toEqual([
      moved("Web"),
      moved("Web"),
    ]);
    await reconcileInMemory(world, [here, there]);
    expect((await planInMemory(world, [here, there])).changes).toEqual([]);
  });

  it("is refused while the other stack declares it", async () => {
    const world = await living({ Web: server() });
    const seen = await planInMemory(world, [from({ Web: server() }), to({ Web: server({ "moved-from": "a" }) })]);
    expect(seen.codes).toEqual(["move.still-declared"]);
    expect(seen.diagnostics[0]?.related?.map((each) => each.place.file)).toEqual(["a.yaml"]);
  });

  it("is refused without a word when it has no name, unless it may be deleted by name", async () => {
    const world = await living({ Web: server() });
    const stacks = [from({}), to({ Web: server() })];
    const seen = await planInMemory(world, stacks, { allowDelete: [] });
    expect(seen.diagnostics[0]).toMatchObject({ code: "move.unclear", remedy: expect.stringContaining("a/Web") });
    expect((await planInMemory(world, stacks, { allowDelete: ["a/Web"] })).codes).toEqual([]);
    expect((await planInMemory(world, stacks, { allowDelete: ["b/Web"] })).codes).toEqual(["move.unclear"]);
    expect((await planInMemory(world, [from({}), to({ Site: server() })], { allowDelete: [] })).codes).toEqual([]);
  });
});

describe("a stack that has another name now", proves(6, "memory"), () => {
  const whole = { names: ["b"], prune: false };
  const codes = async (resources: object, options: object = {}) => {
    const world = await living({ Web: server() });
    return (await planInMemory(world, to(resources), { whole, allowDelete: [], ...options })).codes;
  };

  it.each<[string, object, object, string[]]>([
    ["says what was its own", { Web: server({ "moved-from": "a" }) }, {}, ["stack.orphan"]],
    ["says nothing", { Web: server() }, {}, ["stack.orphan", "move.unclear"]],
    ["says that it is another one", { Web: server() }, { allowDelete: ["a/Web"] }, ["stack.orphan"]],
    ["has something else", { Site: server() }, {}, ["stack.orphan"]],
    ["is another one beside the first", { Web: server() }, { whole: { ...whole, names: ["a", "b"] } }, []],
  ])("makes nothing a second time that %s", async (_, resources, options, expected) => {
    expect(await codes(resources, options)).toEqual(expected);
  });

  it("makes nothing a second time beside other stacks of the run, either", async () => {
    const world = await living({ Web: server() });
    const stacks = [stackOf({ Own: group("own") }, { name: "c" }), to({ Web: server() })];
    const seen = await planInMemory(world, stacks, { whole: { names: ["b", "c"], prune: false }, allowDelete: [] });
    expect(seen.codes).toEqual(["stack.orphan", "move.unclear"]);
  });
});

describe("what another stack is to take over that is not part of the run", proves(6, "memory"), () => {
  it.each([
    ["under its own name", { Web: server({ "moved-from": "a" }) }],
    ["under another one", { Site: server({ "moved-from": "a/Web" }) }],
  ])("is not deleted before that, unless it may be: %s", async (_, after) => {
    const world = await living({ Web: server() });
    const options = { neighbours: [to(after)], allowDelete: [] };
    const seen = await planInMemory(world, from({}), options);
    expect(seen.diagnostics).toMatchObject([
      {
        code: "move.unclear",
        message: expect.stringContaining("b, which is not part of this run, is to take it over"),
      },
    ]);
    expect((await planInMemory(world, from({}), { ...options, allowDelete: ["a/Web"] })).codes).toEqual([]);
  });

  it.each([
    ["something else", { Web: server({ "moved-from": "a/Other" }) }, {}],
    ["it from elsewhere", { Web: server({ "moved-from": "c" }) }, {}],
    ["something else under its name", { Web: group("web", { "moved-from": "a" }) }, {}],
    ["it, and is of another project", { Web: server({ "moved-from": "a" }) }, { name: "other" }],
  ])("goes when that takes over %s", async (_, after, project) => {
    const world = await living({ Web: server() });
    const neighbours = [{ ...to(after), project: { ...to(after).project, ...project } }];
    const seen = await planInMemory(world, from({}), { neighbours, allowDelete: [] });
    expect([seen.changes, seen.codes]).toEqual([["delete Web"], []]);
  });
});

describe("what is abandoned", () => {
  const policy = { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Keep" }, PolicyName: "p", Document: "x" } };

  it.each([["Web"], ["a/Web"]])("is let go instead of deleted: %s", async (name) => {
    const world = await living({ Web: server() });
    const seen = await planInMemory(world, from({}), { abandon: [name], allowDelete: [] });
    expect(seen.stack.changes.at(-1)).toMatchObject({ logicalId: "Web", released: true, steps: ["release"] });
    await reconcileInMemory(world, [from({})], { abandon: [name] });
    const left = world.things().find((each) => each.type === "Memory::Server");
    expect(left?.tags).toEqual({});
    expect((await planInMemory(world, from({}))).changes).toEqual([]);
  });

  it("may have been retained or protected", async () => {
    const world = await living({ Web: { ...server({ protect: true }), DeletionPolicy: "Retain" } });
    await reconcileInMemory(world, [from({})], { abandon: ["Web"] });
    expect(world.things().find((each) => each.type === "Memory::Server")?.tags).toEqual({});
  });

  it("and cannot be tagged is not deleted", async () => {
    const world = await living({ Policy: policy });
    const seen = await planInMemory(world, from({}), { base: [from({ Policy: policy })], abandon: ["Policy"] });
    expect([seen.changes, seen.codes]).toEqual([[], []]);
  });

  describe("and what it is a part of lets nothing else stand", () => {
    const rule = { Type: "Memory::Rule", Properties: { GroupId: { Ref: "Keep" }, Port: 22 } };
    const keep = (settings: object) => ({ Keep: group("keep-a", settings) });

    it.each([
      ["the rules of a group", rule, {}],
      ["what is declared to be exclusive", policy, { exclusive: ["/Policies"] }],
    ])("is refused: %s", async (_, Child, settings) => {
      const world = await living({ Child });
      const options = { base: [from({ Child })], abandon: ["Child"] };
      const seen = await planInMemory(world, from(keep(settings)), options);
      expect(seen.codes).toEqual(["deletion-policy.lost-to-parent"]);
    });

    it("stays when it is declared there instead", async () => {
      const world = await living({ Rule: rule });
      const inside = from({ Keep: { Type: "Memory::Group", Properties: { Name: "keep-a", Rules: [{ Port: 22 }] } } });
      const { run } = await reconcileInMemory(world, [inside], { base: [from({ Rule: rule })], abandon: ["Rule"] });
      expect(run?.diagnostics).toEqual([]);
      expect((await planInMemory(world, inside)).changes).toEqual([]);
      expect(world.things().filter((each) => each.type === "Memory::Rule")).toHaveLength(1);
    });

    it("stays where others may write, too", async () => {
      const world = await living({ Rule: rule });
      const open = from(keep({ ignore: ["/Rules"] }));
      await reconcileInMemory(world, [open], { base: [from({ Rule: rule })], abandon: ["Rule"] });
      expect((await planInMemory(world, open)).changes).toEqual([]);
      expect(world.things().find((each) => each.type === "Memory::Rule")?.tags).toEqual({});
    });
  });

  it.each([
    ["Keep", "abandon.declared"],
    ["Nothing", "abandon.unknown"],
    ["b/Web", "abandon.unknown"],
  ])("cannot be %s: %s", async (name, code) => {
    const world = await living({ Web: server() });
    expect((await planInMemory(world, from({}), { abandon: [name] })).codes).toEqual([code]);
  });

  it("may be the old one of a replacement", async () => {
    const data = (Image: string) => ({
      Web: { Type: "Memory::Server", Properties: { Image }, UpdateReplacePolicy: "Retain" },
    });
    const world = await living(data("v1"));
    await reconcileInMemory(world, [from(data("v2"))]);
    const seen = await planInMemory(world, from(data("v2")), { abandon: ["Web"] });
    expect([seen.changes.map((each) => each.split(" /")[0]), seen.stack.orphans, seen.codes]).toEqual([
      ["update Web"],
      [],
      [],
    ]);
  });
});
