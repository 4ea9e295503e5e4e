import { describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import type { Tags } from "../resource/model.ts";
import { generateName, ownerTags } from "../resource/owner.ts";
import { createRegistry } from "../resource/registry.ts";
import { memoryEngine, planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { Crash, createMemoryCloud, type MemoryCloud, Refusal, type Thing } from "../testing/memory-cloud.ts";
import { Group, Server } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { observe } from "./observe.ts";

const owner = "test/app@us-east-1";
type World = ReturnType<typeof createMemoryCloud>;

const named = (Name: string, more: object = {}) => ({ Type: "Memory::Group", Properties: { Name, ...more } });
const server = (Image = "v1", more: object = {}) => ({ Type: "Memory::Server", Properties: { Image, ...more } });
const group = (id: string, Name: string, tags: Tags = {}): Thing => ({
  type: "Memory::Group",
  id,
  properties: { Name, Kind: "plain", Description: "" },
  tags: { ...tags },
});
const ofType = (world: World, type: string) => world.things().filter((thing) => thing.type === type);

describe("what lives is found again", proves(6, "memory"), () => {
  it("by its tags, whatever it is called", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: { Type: "Memory::Group" }, App: server() });
    await reconcileInMemory(world, [stack]);
    expect((await planInMemory(world, stack)).changes).toEqual([]);
  });

  it("and a copy of it, which took its tags along, is not it", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ App: server() });
    await reconcileInMemory(world, [stack]);
    const [original] = world.things();
    world.store.put({ ...(original as Thing), id: "srv-copy", properties: { Image: "v9", Size: "huge" } });
    expect((await planInMemory(world, stack)).changes).toEqual([]);
    await reconcileInMemory(world, [stack], { destroy: true });
    expect(world.things().map((thing) => thing.id)).toEqual(["srv-copy"]);
  });

  it("not by a list that is behind: what was deleted since is made again", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: named("web") });
    const ghost = variant(
      Group,
      {},
      {
        async *list() {
          yield { identifier: "grp-ghost", naturalKey: "other", tags: ownerTags(owner, "Web", "Memory::Group") };
        },
      },
    );
    expect((await planInMemory(world, stack, { types: typesWith(ghost) })).changes).toEqual(["create Web"]);
  });

  it("not by a list that is behind: what is somebody else's by now stays theirs", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "old", ownerTags("test/other@us-east-1", "Old", "Memory::Group")));
    const late = variant(
      Group,
      {},
      {
        async *list() {
          yield { identifier: "grp-1", naturalKey: "old", tags: ownerTags(owner, "Old", "Memory::Group") };
        },
      },
    );
    expect((await planInMemory(world, stackOf({ App: server() }), { types: typesWith(late) })).changes).toEqual([
      "create App",
    ]);
  });

  it("not when its tags were made for another type: a disk takes those of its machine along", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "disk", ownerTags(owner, "App", "Memory::Server")));
    expect((await planInMemory(world, stackOf({ App: server(), Web: named("web") }))).changes).toEqual([
      "create App",
      "create Web",
    ]);
  });

  it("not while it is on its way out", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ App: server(), Web: named("web") });
    await reconcileInMemory(world, [stack]);
    const types = typesWith(variant(Server, {}, { gone: () => true }), variant(Group, {}, { gone: () => true }));
    expect((await planInMemory(world, stack, { types })).changes).toEqual(["create App", "create Web"]);
  });

  it("under a logical id so long that its tag is cut", async () => {
    const world = createMemoryCloud();
    const id = "Long".repeat(62);
    const stack = stackOf({ [id]: server(), Web: named("web") });
    await reconcileInMemory(world, [stack]);
    expect((await planInMemory(world, stack)).changes).toEqual([]);
    const rest = stackOf({ Web: named("web") });
    expect((await planInMemory(world, rest, { base: [stack] })).changes).toEqual([`delete ${id}`]);
  });

  it("even of a type that the index of tags does not know", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ App: server(), Web: named("web") })]);
    const blind: Partial<MemoryCloud> = { ownedTypes: async () => [] };
    const connect = async () => ({ ...world.connect().cloud, ...blind });
    const rest = stackOf({ App: server() });
    const changes = async (types: ReturnType<typeof typesWith>) => {
      const [found] = await observe([rest], {
        registry: createRegistry(types),
        connect,
        environment: {},
        today: "2030-06-15",
      });
      return found?.undeclared.map((each) => each.logicalId);
    };
    expect(await changes(typesWith())).toEqual([]);
    expect(await changes(typesWith(variant(Group, { alwaysListed: [] })))).toEqual(["Web"]);
  });
});

describe("after a crash between making the new one and deleting the old one", proves(2, "memory"), () => {
  const before = stackOf({ App: server("v1") });
  const after = stackOf({ App: server("v2") });

  it("the new one is kept, and the old one is a left-over that goes", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [before]);
    await expect(reconcileInMemory(world, [after], { kill: { at: 3, answer: "never-sent" } })).rejects.toThrow(Crash);
    expect(ofType(world, "Memory::Server").map((thing) => thing.properties.Image)).toEqual(["v1", "v2"]);
    const next = await planInMemory(world, after);
    expect([next.changes, next.reasons]).toEqual([["delete App"], ["left-over"]]);
    await reconcileInMemory(world, [after]);
    expect(ofType(world, "Memory::Server").map((thing) => thing.properties.Image)).toEqual(["v2"]);
  });

  it("going back to what was keeps the old one", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [before]);
    await expect(reconcileInMemory(world, [after], { kill: { at: 3, answer: "never-sent" } })).rejects.toThrow(Crash);
    await reconcileInMemory(world, [before]);
    expect(ofType(world, "Memory::Server").map((thing) => thing.properties.Image)).toEqual(["v1"]);
  });
});

describe("what already exists under a declared name", proves(6, "memory"), () => {
  const declared = (Metadata?: object) => stackOf({ Web: { ...named("web"), ...(Metadata && { Metadata }) } });
  const adopting = declared({ Reconcile: { adopt: true } });

  it.each<[string, string, RegExp, Tags]>([
    ["nobody's", "exists.not-ours", /Nothing says that it is ours/, { Team: "x" }],
    [
      "another stack's",
      "exists.other-owner",
      /belongs to test\/other@us-east-1/,
      ownerTags("test/other@us-east-1", "Web", "Memory::Group"),
    ],
    [
      "another resource's of this stack",
      "exists.other-owner",
      /It is Site of this stack/,
      ownerTags(owner, "Site", "Memory::Group"),
    ],
    [
      "something of this stack that does not say what",
      "exists.other-owner",
      /It is another resource of this stack/,
      { "reconcile:owner": owner },
    ],
    [
      "a CloudFormation stack's",
      "exists.not-ours",
      /belongs to the CloudFormation stack legacy/,
      { "aws:cloudformation:stack-name": "legacy" },
    ],
    [
      "a copy of something of ours",
      "exists.not-ours",
      /It is a copy/,
      { ...ownerTags(owner, "Web", "Memory::Group"), "reconcile:id": "grp-0" },
    ],
  ])("and is %s is refused and left alone", async (_, code, message, tags) => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web", tags));
    const stack = stackOf({ Site: named("site"), Web: named("web") });
    const seen = await planInMemory(world, stack);
    expect(seen.codes).toEqual([code]);
    expect(seen.diagnostics[0]?.message).toMatch(message);
    expect(seen.diagnostics[0]).toMatchObject({ resource: "Web (Memory::Group)", place: { file: "app.yaml" } });
    expect(seen.diagnostics[0]?.remedy).toBeTruthy();
    expect(seen.stack.unowned).toMatchObject([{ logicalId: "Web", type: "Memory::Group", identifier: "grp-1" }]);
    const { mutations } = await reconcileInMemory(world, [stack]);
    expect(mutations).toBe(0);
    expect(world.things()).toEqual([group("grp-1", "web", tags)]);
  });

  it("whose it is stands in the plan", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web", ownerTags("test/other@us-east-1", "Web", "Memory::Group")));
    expect((await planInMemory(world, declared())).stack.unowned[0]?.owner).toBe("test/other@us-east-1");
  });

  it.each([
    ["by its name", { adopt: true }],
    ["by its identifier", { adopt: "grp-1" }],
  ])("is adopted when asked for, %s", async (_, Reconcile) => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web", { Team: "x" }));
    const stack = declared({ Reconcile });
    const seen = await planInMemory(world, stack);
    expect([seen.changes[0], seen.reasons, seen.codes]).toEqual([expect.stringMatching(/^adopt Web/), ["adopted"], []]);
    await reconcileInMemory(world, [stack]);
    expect(world.things()).toHaveLength(1);
    expect(world.things()[0]?.tags).toEqual({
      Team: "x",
      ...ownerTags(owner, "Web", "Memory::Group"),
      "reconcile:adopted": "true",
    });
    expect((await planInMemory(world, stack)).changes).toEqual([]);
  });

  it("without a name, is adopted by its identifier only", async () => {
    const world = createMemoryCloud();
    world.store.put({
      type: "Memory::Server",
      id: "srv-1",
      properties: { Image: "v1", Size: "large", GroupIds: [] },
      tags: {},
    });
    const stack = stackOf({ App: { ...server(), Metadata: { Reconcile: { adopt: "srv-1" } } } });
    await reconcileInMemory(world, [stack]);
    expect(world.things()).toMatchObject([{ id: "srv-1", properties: { Size: "small" } }]);
  });

  it.each([
    ["what belongs to somebody", ownerTags("test/other@us-east-1", "Web", "Memory::Group"), "exists.other-owner"],
    ["what CloudFormation made", { "aws:cloudformation:stack-name": "legacy" }, "exists.not-ours"],
  ])("is not adopted from %s", async (_, tags, code) => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web", tags));
    expect((await planInMemory(world, adopting)).codes).toEqual([code]);
  });

  it.each([
    ["nobody's", {}, "exists.not-ours"],
    ["another stack's", { "reconcile:owner": "test/other@us-east-1" }, "exists.other-owner"],
  ])("is not in the way of a new name before the plan says so: %s", async (_, tags, code) => {
    const world = createMemoryCloud();
    const stack = (Name: string) => stackOf({ Web: { Type: "Memory::Group", Properties: { Name } } });
    await reconcileInMemory(world, [stack("before")]);
    const properties = { Name: "taken", Kind: "plain", Description: "" };
    world.store.put({ type: "Memory::Group", id: "grp-theirs", properties, tags });
    const seen = await planInMemory(world, stack("taken"));
    expect([seen.changes, seen.codes]).toEqual([[], [code]]);
    expect((await planInMemory(world, stack("free"))).changes).toEqual(["replace Web /Name"]);
  });

  it("may be to have the name that another resource of the stack gives up", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ A: named("a"), B: named("b") })]);
    const seen = await planInMemory(world, stackOf({ A: named("b"), B: named("c") }));
    expect([seen.changes, seen.codes]).toEqual([["replace A /Name", "replace B /Name"], []]);
  });

  it("is not adopted when it would have to be replaced at once", async () => {
    const world = createMemoryCloud();
    world.store.put({ ...group("grp-1", "web"), properties: { Name: "web", Kind: "fancy", Description: "" } });
    const seen = await planInMemory(world, adopting);
    expect(seen.codes).toEqual(["adopt.must-replace"]);
    expect(seen.diagnostics[0]?.message).toContain("Kind");
  });

  it("is not there under the identifier that is to be adopted: nothing else is made instead", async () => {
    const missing = stackOf({ App: { ...server(), Metadata: { Reconcile: { adopt: "srv-404" } } } });
    await expect(planInMemory(createMemoryCloud(), missing)).rejects.toMatchObject({
      diagnostics: [{ code: "adopt.not-found", message: "There is no srv-404 to adopt." }],
    });
  });

  it("has no name to be found by: nothing else is made instead", async () => {
    const nameless = stackOf({ App: { ...server(), Metadata: { Reconcile: { adopt: true } } } });
    await expect(planInMemory(createMemoryCloud(), nameless)).rejects.toMatchObject({
      diagnostics: [{ code: "adopt.not-found", remedy: expect.stringContaining("adopt: IDENTIFIER") }],
    });
  });

  it("is not there: adopting makes it, by its name", async () => {
    expect((await planInMemory(createMemoryCloud(), adopting)).changes).toEqual(["create Web"]);
  });

  it("is released, not deleted, when it leaves the template", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web", { Team: "x" }));
    const both = stackOf({ Web: { ...named("web"), Metadata: { Reconcile: { adopt: true } } }, App: server() });
    await reconcileInMemory(world, [both]);
    const rest = stackOf({ App: server() });
    const seen = await planInMemory(world, rest);
    expect(seen.changes).toEqual(["update Web /Tags/reconcile:owner /Tags/reconcile:resource /Tags/reconcile:adopted"]);
    expect(seen.stack.changes.at(-1)).toMatchObject({ released: true, steps: ["release"] });
    await reconcileInMemory(world, [rest]);
    expect(ofType(world, "Memory::Group")).toEqual([group("grp-1", "web", { Team: "x" })]);
  });
});

describe("generated names", () => {
  const nameOf = (n: number) =>
    generateName({ stack: "app", owner, logicalId: "Web", n, rules: { max: 40, characters: "A-Za-z0-9-" } });
  const generated = (Kind: string) => stackOf({ Web: { Type: "Memory::Group", Properties: { Kind } } });
  const liveName = (world: World) => ofType(world, "Memory::Group").map((thing) => thing.properties.Name);

  it("take turns: the new one stands beside the old one, and its name is free again afterwards", async () => {
    const world = createMemoryCloud();
    const names: unknown[] = [];
    for (const kind of ["a", "b", "c"]) {
      await reconcileInMemory(world, [generated(kind)]);
      names.push(...liveName(world));
    }
    expect(names).toEqual([nameOf(0), nameOf(1), nameOf(0)]);
  });

  it("are no wish: what is ours keeps the name that it has", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "by-hand", ownerTags(owner, "Web", "Memory::Group")));
    expect((await planInMemory(world, generated("plain"))).changes).toEqual([]);
  });

  it("that something has which is not ours are refused, whichever of them it is", async () => {
    for (const n of [0, 1, 2, 3]) {
      const world = createMemoryCloud();
      world.store.put(group("grp-1", nameOf(n)));
      expect((await planInMemory(world, generated("plain"))).codes).toEqual(["exists.not-ours"]);
    }
  });

  it("that are all taken leave none for a replacement: it is refused", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [generated("a")]);
    for (const n of [1, 2]) world.store.put(group(`grp-${n}`, nameOf(n)));
    expect((await planInMemory(world, generated("b"), { allowDelete: [] })).codes).toEqual([]);
    world.store.put(group("grp-3", nameOf(3)));
    expect((await planInMemory(world, generated("b"), { allowDelete: [] })).codes).toEqual(["replace.name-taken"]);
  });

  it("prove what cannot be tagged", async () => {
    const world = createMemoryCloud();
    const untaggable = variant(Group, {}, { tag: undefined as never });
    world.store.put({ ...group("grp-1", nameOf(2)), tags: null });
    expect((await planInMemory(world, generated("plain"), { types: typesWith(untaggable) })).changes).toEqual([]);
    world.store.put({ ...group("grp-2", "declared"), tags: null });
    const stack = stackOf({ Web: named("declared") });
    expect((await planInMemory(world, stack, { types: typesWith(untaggable) })).codes).toEqual(["exists.not-ours"]);
  });
});

describe("a child that cannot be tagged", proves(6, "memory"), () => {
  const groups = { A: named("a"), B: named("b") };
  const policy = (parent: string, name = "read") => ({
    Type: "Memory::Policy",
    Properties: { GroupId: { Ref: parent }, PolicyName: name, Document: "x" },
  });
  const at = (parent: string) => stackOf({ ...groups, Read: policy(parent) });
  const policies = (world: World) => ofType(world, "Memory::Policy").map((thing) => thing.id);

  it("is ours while it is declared, whoever made it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf(groups)]);
    const parent = ofType(world, "Memory::Group")[0]?.id;
    world.store.put({
      type: "Memory::Policy",
      id: `${parent}|read`,
      properties: { GroupId: parent, PolicyName: "read", Document: "Y" },
      tags: null,
    });
    expect((await planInMemory(world, at("A"))).changes).toEqual(["update Read /Document"]);
  });

  it("moves to another parent: made there, deleted where base had it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [at("A")]);
    const [first, second] = ["a", "b"].map((name) => world.things().find((each) => each.properties.Name === name)?.id);
    expect(policies(world)).toEqual([`${first}|read`]);
    expect((await planInMemory(world, at("B"), { base: [at("A")] })).changes).toEqual(["replace Read /GroupId"]);
    await reconcileInMemory(world, [at("B")], { base: [at("A")] });
    expect(policies(world)).toEqual([`${second}|read`]);
  });

  it("that is at both after a crash is a left-over where it was", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [at("A")]);
    await expect(
      reconcileInMemory(world, [at("B")], { base: [at("A")], kill: { at: 3, answer: "never-sent" } }),
    ).rejects.toThrow(Crash);
    expect(policies(world)).toHaveLength(2);
    const next = await planInMemory(world, at("B"), { base: [at("A")] });
    expect([next.changes, next.reasons]).toEqual([["delete Read"], ["left-over"]]);
  });

  it("goes when base declares it and head does not", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [at("A")]);
    expect((await planInMemory(world, stackOf(groups), { base: [at("A")] })).changes).toEqual(["delete Read"]);
    expect((await planInMemory(world, stackOf(groups))).changes).toEqual([]);
  });

  it("goes with a parent that head does not declare either", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [at("A")]);
    const rest = stackOf({ B: groups.B });
    const seen = await planInMemory(world, rest, { base: [at("A")] });
    expect(seen.changes).toEqual(["delete A", "delete Read"]);
    await reconcileInMemory(world, [rest], { base: [at("A")] });
    expect(policies(world)).toEqual([]);
  });

  it("is somebody's who made it by hand, when base would have made it under a condition that did not hold", async () => {
    const world = createMemoryCloud();
    const conditional = (more: object) =>
      stackOf(
        { ...groups, Read: { ...policy("A"), Condition: "IsTest" }, ...more },
        { template: { Conditions: { IsTest: { "Fn::Equals": ["a", "b"] } } } },
      );
    await reconcileInMemory(world, [conditional({})]);
    const parent = ofType(world, "Memory::Group")[0]?.id;
    world.store.put({
      type: "Memory::Policy",
      id: `${parent}|read`,
      properties: { GroupId: parent, PolicyName: "read", Document: "X" },
      tags: null,
    });
    expect((await planInMemory(world, conditional({}), { base: [conditional({})] })).changes).toEqual([]);
    expect((await planInMemory(world, stackOf(groups), { base: [conditional({})] })).changes).toEqual([]);
    expect((await planInMemory(world, at("B"), { base: [conditional({})] })).changes).toEqual(["create Read"]);
  });
});

describe("a child that carries another owner's tag", proves(6, "memory"), () => {
  it("stays when base declares it and head does not", async () => {
    const world = createMemoryCloud();
    const rule = { Type: "Memory::Rule", Properties: { GroupId: { Ref: "A" }, Port: 22 } };
    const before = stackOf({ A: named("a"), Ssh: rule });
    await reconcileInMemory(world, [stackOf({ A: named("a") })]);
    const parent = ofType(world, "Memory::Group")[0]?.id;
    const tags = ownerTags("test/other@us-east-1", "Ssh", "Memory::Rule");
    world.store.put({ type: "Memory::Rule", id: "rule-1", properties: { GroupId: parent, Port: 22, Text: "" }, tags });
    const seen = await planInMemory(world, stackOf({ A: named("a") }), { base: [before] });
    expect(seen.changes).toEqual([]);
    expect(seen.stack.unowned).toEqual([
      { logicalId: "A", type: "Memory::Group", identifier: "22", path: "/Rules", owner: "test/other@us-east-1" },
    ]);
  });
});

describe("tags from an index", () => {
  /** Groups whose tags are read from an index that says `index`; `asked` counts how often the service itself was asked. */
  function indexed(index: (tags: Tags) => Tags) {
    const asked: string[] = [];
    const type = variant(
      Group,
      {},
      {
        async read(cloud, identifier) {
          const found = await Group.handlers.read(cloud, identifier);
          return found && { ...found, tags: index(found.tags ?? {}), tagsFromIndex: true };
        },
        async tags(cloud, { identifier }) {
          asked.push(identifier);
          return (await Group.handlers.read(cloud, identifier))?.tags ?? {};
        },
      },
    );
    return { types: typesWith(type), asked };
  }
  const stack = stackOf({ Web: named("web", { Tags: { Team: "core" } }), App: server() });

  it("are believed when they say that nothing differs", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const { types, asked } = indexed((tags) => tags);
    expect((await planInMemory(world, stack, { types })).changes).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("are confirmed by the service before a difference is planned", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const { types, asked } = indexed((tags) => ({ ...tags, Team: "late" }));
    expect((await planInMemory(world, stack, { types })).changes).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it("are confirmed before something is deleted", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const released = world.store.all().find((thing) => thing.type === "Memory::Group") as Thing;
    const before = { ...released.tags };
    released.tags = {};
    const { types, asked } = indexed(() => before);
    const late = types.map((type) =>
      type.type === "Memory::Group"
        ? variant(
            type,
            {},
            {
              async *list() {
                yield { identifier: released.id, naturalKey: "web", tags: before };
              },
            },
          )
        : type,
    );
    expect((await planInMemory(world, stackOf({ Site: named("site") }), { types: late })).changes).toEqual([
      "create Site",
      "delete App",
    ]);
    expect(asked).toEqual([released.id]);
  });

  it("may be of what the service says is gone: there is nothing to delete", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const { types } = indexed((tags) => tags);
    const gone = types.map((type) =>
      type.type === "Memory::Group" ? variant(type, {}, { tags: async () => undefined }) : type,
    );
    expect((await planInMemory(world, stackOf({ App: server() }), { types: gone })).changes).toEqual([]);
  });

  it("are confirmed before something under a declared name is called somebody else's", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web"));
    const { types, asked } = indexed(() => ownerTags("test/other@us-east-1", "Web", "Memory::Group"));
    expect((await planInMemory(world, stack, { types })).codes).toEqual(["exists.not-ours"]);
    expect(asked).toEqual(["grp-1"]);
  });

  it.each([
    ["a declared name", named("web")],
    ["a generated name", { Type: "Memory::Group" }],
  ])("may not know yet what is taken away again: it is found by %s", async (_name, web) => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: web, App: server() });
    await reconcileInMemory(world, [before]);
    const { types } = indexed(() => ({}));
    const late = types.map((type) =>
      type.type === "Memory::Group"
        ? variant(
            type,
            {},
            {
              async *list(cloud) {
                for await (const { tags: _, ...found } of Group.handlers.list(cloud)) yield found;
              },
            },
          )
        : type,
    );
    const { changes } = await planInMemory(world, stackOf({ App: server() }), { types: late, base: [before] });
    expect(changes).toEqual(["delete Web"]);
  });

  it("are a mistake in a type that cannot confirm them", async () => {
    const world = createMemoryCloud();
    world.store.put(group("grp-1", "web"));
    const type = variant(
      Group,
      {},
      {
        async read(cloud, identifier) {
          const found = await Group.handlers.read(cloud, identifier);
          return found && { ...found, tagsFromIndex: true };
        },
      },
    );
    await expect(planInMemory(world, stack, { types: typesWith(type) })).rejects.toThrow("add the handler");
  });
});

it("what lives of no stack is nothing", async () => {
  const { engine, run } = memoryEngine(createMemoryCloud());
  const { worlds, plan } = await engine.prepare([]);
  expect([worlds, plan.stacks, run.operations()]).toEqual([[], [], []]);
});

describe("what fails is never absent", proves(5, "memory"), () => {
  const stack = stackOf({
    Web: named("web", { Rules: [{ Port: 22 }] }),
    App: server("v1", { GroupIds: [{ Ref: "Web" }] }),
    Read: { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Web" }, PolicyName: "read", Document: "x" } },
  });

  async function failure(promise: Promise<unknown>): Promise<string[]> {
    const error = await promise.then(
      () => new Error("it succeeded"),
      (reason: unknown) => reason,
    );
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map((each) => each.code);
  }

  it.each(["memory:List", "memory:Read"])("%s denied", async (failing) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const { engine, run } = memoryEngine(world, { failing });
    expect(await failure(engine.prepare([stack]))).toEqual(["memory.denied"]);
    expect(run.mutations()).toBe(0);
  });

  it.each(["Group", "Server", "Policy", "Rule"])("the list of %s, cut at its second page", async (name) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const types = typesWith().map((type) =>
      type.type === `Memory::${name}`
        ? variant(
            type,
            {},
            {
              async *list(cloud) {
                for await (const found of type.handlers.list(cloud)) {
                  yield found;
                  break;
                }
                throw new DiagnosticError({ code: "memory.page", severity: "error", message: "page 2 failed" });
              },
            },
          )
        : type,
    );
    expect(await failure(planInMemory(world, stack, { types }))).toEqual(["memory.page"]);
  });

  it.each(["connect", "ownedTypes"] as const)("%s", async (call) => {
    const fails = async () => {
      throw new DiagnosticError({ code: "memory.denied", severity: "error", message: "denied" });
    };
    const { cloud } = createMemoryCloud().connect();
    const connect = call === "connect" ? fails : async () => ({ ...cloud, ownedTypes: fails });
    expect(
      await failure(
        observe([stack], { registry: createRegistry(typesWith()), connect, environment: {}, today: "2030-06-15" }),
      ),
    ).toEqual(["memory.denied"]);
  });

  it("what a call ended with is said in words", async () => {
    const type = variant(
      Server,
      {},
      {
        async *list() {
          yield* [];
          throw new Refusal("throttled", "too many calls");
        },
      },
    );
    expect(await failure(planInMemory(createMemoryCloud(), stack, { types: typesWith(type) }))).toEqual([
      "memory.throttled",
    ]);
  });

  it("all failures are told at once, each once", async () => {
    const world = createMemoryCloud();
    const two = [stackOf({ A: server() }, { name: "a" }), stackOf({ B: named("b") }, { name: "b" })];
    const denied = (type: typeof Group) =>
      variant(
        type,
        {},
        {
          async *list() {
            yield* [];
            throw new DiagnosticError({ code: `denied.${type.type.slice(8)}`, severity: "error", message: "denied" });
          },
        },
      );
    const types = typesWith(denied(Group), denied(Server));
    expect((await failure(planInMemory(world, two, { types }))).sort()).toEqual(["denied.Group", "denied.Server"]);
  });
});

describe("outside values", () => {
  const withParameter = (request: { kind: "env" | "ssm"; name: string }) =>
    stackOf(
      { Web: named("web", { Description: { Ref: "Text" } }) },
      { template: { Parameters: { Text: { Type: "String" } } }, parameters: { Text: request } },
    );

  it("from the environment are secrets", proves(10, "memory"), async () => {
    const world = createMemoryCloud();
    const stack = withParameter({ kind: "env", name: "TEXT" });
    await reconcileInMemory(world, [stack], { environment: { TEXT: "one" } });
    expect(world.things()[0]?.properties.Description).toBe("one");
    const seen = await planInMemory(world, stack, { environment: { TEXT: "two" } });
    expect(seen.stack.changes[0]?.properties).toMatchObject([{ path: "/Description", sensitive: true }]);
  });

  it("from a store of secrets are kept as secrets, so that no report shows them", proves(10, "memory"), async () => {
    const world = createMemoryCloud();
    world.inputs.set("secretsmanager:db:SecretString:user", { value: "admin" });
    const stack = stackOf({ Web: named("web", { Description: "{{resolve:secretsmanager:db:SecretString:user}}" }) });
    const { worlds } = await planInMemory(world, stack);
    expect([...(worlds[0]?.instance.inputs.values() ?? [])]).toEqual([{ value: "admin", sensitive: true }]);
  });

  it("that are not set in the environment stop the plan, with their place", async () => {
    const stack = withParameter({ kind: "env", name: "TEXT" });
    const error = await planInMemory(createMemoryCloud(), stack).catch((reason: unknown) => reason);
    expect((error as DiagnosticError).diagnostics).toEqual([
      {
        code: "input.env-missing",
        severity: "error",
        message: "The environment variable TEXT is not set.",
        remedy: expect.stringContaining("secrets.TEXT"),
        place: { file: "app.yaml", line: 1, column: 1 },
      },
    ]);
  });

  it("that do not exist stop the plan", async () => {
    await expect(planInMemory(createMemoryCloud(), withParameter({ kind: "ssm", name: "/text" }))).rejects.toThrow(
      "There is no ssm /text.",
    );
  });

  it("may be named by other outside values", async () => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/stage", { value: "test" });
    world.inputs.set("ssm:/test/text", { value: "found" });
    const stack = stackOf(
      { Web: named("web", { Description: { "Fn::Join": ["", ["{{resolve:ssm:/", { Ref: "Stage" }, "/text}}"]] } }) },
      {
        template: { Parameters: { Stage: { Type: "String" } } },
        parameters: { Stage: { kind: "ssm", name: "/stage" } },
      },
    );
    await reconcileInMemory(world, [stack]);
    expect(world.things()[0]?.properties.Description).toBe("found");
  });

  it("that a parameter refuses stop the plan", async () => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/text", { value: "wrong" });
    const stack = stackOf(
      { Web: named("web", { Description: { Ref: "Text" } }) },
      {
        template: { Parameters: { Text: { Type: "String", AllowedValues: ["right"] } } },
        parameters: { Text: { kind: "ssm", name: "/text" } },
      },
    );
    await expect(planInMemory(world, stack)).rejects.toBeInstanceOf(DiagnosticError);
  });

  it("that only base asks for are not looked up", async () => {
    const world = createMemoryCloud();
    const head = stackOf({ Web: named("web", { Description: "text" }) });
    expect(
      (await planInMemory(world, head, { base: [withParameter({ kind: "ssm", name: "/text" })] })).changes,
    ).toEqual(["create Web"]);
  });
});

describe("conditions", () => {
  const stack = (stage: string) =>
    stackOf(
      { Web: named("web"), Debug: { ...named("debug"), Condition: "IsTest" } },
      {
        template: {
          Parameters: { Stage: { Type: "String" } },
          Conditions: { IsTest: { "Fn::Equals": [{ Ref: "Stage" }, "test"] } },
        },
        parameters: { Stage: stage },
      },
    );

  it("that do not hold leave a resource out", async () => {
    expect((await planInMemory(createMemoryCloud(), stack("production"))).changes).toEqual(["create Web"]);
  });

  it("that no longer hold take it away", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack("test")]);
    expect((await planInMemory(world, stack("production"))).changes).toEqual(["delete Debug"]);
  });
});

describe("what is declared", () => {
  it("with a problem that only shows now is refused, with its place", async () => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/size", { value: "22" });
    const stack = stackOf({ Web: named("web"), Bad: named("{{resolve:ssm:/size}}/no slash allowed") });
    const seen = await planInMemory(world, stack);
    expect(seen.codes).toEqual(["property.pattern"]);
    expect(seen.diagnostics[0]).toMatchObject({ resource: "Bad (Memory::Group)", place: { file: "app.yaml" } });
  });

  it("of a type that nobody knows is no part of the plan", async () => {
    const stack = stackOf({ Web: named("web"), Other: { Type: "Memory::Unknown" } });
    expect((await planInMemory(createMemoryCloud(), stack, { base: [stack] })).changes).toEqual(["create Web"]);
  });

  it("in two stacks of one place is listed once", async () => {
    const { engine, run } = memoryEngine(createMemoryCloud(), {});
    await engine.prepare([stackOf({ A: server() }, { name: "a" }), stackOf({ B: server() }, { name: "b" })]);
    expect(run.operations().map((each) => each.operation)).toEqual(["memory:List"]);
  });

  it("in a stack that is destroyed counts for nothing", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: named("web"), App: server() });
    await reconcileInMemory(world, [stack]);
    expect((await planInMemory(world, stack, { destroy: true })).changes).toEqual(["delete Web", "delete App"]);
  });
});
