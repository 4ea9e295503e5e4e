import { describe, expect, it } from "vitest";
import type { ResourceType } from "../resource/model.ts";
import { ownerTags } from "../resource/owner.ts";
import { createRegistry } from "../resource/registry.ts";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud, type MemoryCloud } from "../testing/memory-cloud.ts";
import { Group, memoryTypes, Policy, Server } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { findMade, typeNamed } from "./find.ts";
import { knownIn } from "./known-in.ts";

const Unlisted = variant(Policy, {}, { async *list() {} });

describe("what is asked for and not there", () => {
  it("is a mistake in the program: what was never listed must not look absent", () => {
    expect(() => knownIn(new Map([["A", 1]]), "B")).toThrow("B is not known here");
    expect(knownIn(new Map([["A", 0]]), "A")).toBe(0);
  });

  it("is a mistake in the program, for a type too", () => {
    expect(() => typeNamed(createRegistry(memoryTypes), "Memory::Nothing")).toThrow(
      "There is no type Memory::Nothing.",
    );
  });
});

describe("generated names", () => {
  it("are of types that have some", async () => {
    const { worlds } = await planInMemory(
      createMemoryCloud(),
      stackOf({ App: { Type: "Memory::Server", Properties: { Image: "v1" } }, Web: { Type: "Memory::Group" } }),
    );
    expect(worlds[0]?.nameOf("App", {}, "next")).toBeUndefined();
    expect(worlds[0]?.nameOf("Web", {}, "next")).toMatch(/^app-Web-[a-z2-7]{8}$/);
  });
});

describe("what lives is found", proves(6, "memory"), () => {
  const app = stackOf({ App: { Type: "Memory::Server", Properties: { Image: "v1" } } });
  const web = { Web: { Type: "Memory::Group", Properties: { Name: "web" } } };

  it("and has to say which of ours it is, where no name says it: no second one is made", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [app]);
    for (const thing of world.things()) {
      const { "reconcile:resource": _, ...tags } = { ...thing.tags };
      world.store.put({ ...thing, tags });
    }
    const problem = (remedy: string) => ({ code: "exists.unclear", remedy: expect.stringContaining(remedy) });
    await expect(planInMemory(world, app)).rejects.toMatchObject({ diagnostics: [problem("App/Memory::Server;")] });
    const without = planInMemory(world, stackOf(web), { base: [app] });
    await expect(without).rejects.toMatchObject({ diagnostics: [problem("LogicalId/Memory::Server;")] });
  });

  it("by what the service says of its tags, not by what a list says", async () => {
    const world = createMemoryCloud();
    const properties = { Image: "v0", Size: "small", GroupIds: [] };
    const theirs = ownerTags("test/other@us-east-1", "App", "Memory::Server");
    world.store.put({ type: "Memory::Server", id: "srv-theirs", properties, tags: theirs });
    const list: typeof Server.handlers.list = async function* (cloud) {
      const tags = ownerTags("test/app@us-east-1", "App", "Memory::Server");
      for await (const found of Server.handlers.list(cloud)) yield { ...found, tags };
    };
    const types = typesWith(variant(Server, {}, { list }));
    expect((await planInMemory(world, app, { types })).changes).toEqual(["create App"]);
  });

  it("under any of the names that it has", async () => {
    const world = createMemoryCloud();
    const properties = { Name: "web", Kind: "plain", Description: "" };
    world.store.put({ type: "Memory::Group", id: "grp-theirs", properties, tags: {} });
    const list: typeof Group.handlers.list = async function* (cloud) {
      for await (const found of Group.handlers.list(cloud)) yield { ...found, naturalKey: ["alias", "web"] };
    };
    const types = typesWith(variant(Group, {}, { list }));
    expect((await planInMemory(world, stackOf(web), { types })).codes).toEqual(["exists.not-ours"]);
  });

  it("by reading it where no list tells of it, and its name says which one it is", async () => {
    const types = typesWith(Unlisted);
    const policy = { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Web" }, PolicyName: "p", Document: "X" } };
    const stack = stackOf({ ...web, Policy: policy });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack], { types });
    expect((await planInMemory(world, stack, { types })).changes).toEqual([]);
  });
});

describe("what a create without an answer made", proves(2, "memory"), () => {
  const tagsOf = (stack: string, id: string, type: ResourceType) => ownerTags(`test/${stack}@us-east-1`, id, type.type);
  const policy = { GroupId: "grp-1", PolicyName: "p" };

  /** Looks for `Mine` of the stack `app`, where one thing lives: `carries` says whose. */
  async function made(
    type: ResourceType<MemoryCloud>,
    properties: object,
    carries: [string, string] | null,
    named = "",
  ) {
    const world = createMemoryCloud();
    const tags = carries && tagsOf(...carries, type);
    world.store.put({ type: type.type, id: named || "it", properties: { ...properties }, tags });
    const wanted = type.type === Policy.type ? policy : type === Group ? { Name: "web" } : {};
    return findMade({
      cloud: world.connect().cloud,
      type,
      desired: { properties: wanted } as never,
      wish: { tags: type.type === Policy.type ? {} : tagsOf("app", "Mine", type) },
      others: new Set(),
    });
  }

  it.each<[string, Parameters<typeof made>]>([
    ["by its tags", [Server, {}, ["app", "Mine"]]],
    ["by its name, where it is ours", [Group, { Name: "web" }, ["app", "Lost"]]],
    ["by its name, where it cannot be tagged", [Policy, policy, null, "grp-1|p"]],
    ["by its name, where no list tells of it", [Unlisted, policy, null, "grp-1|p"]],
  ])("is found %s", async (_, given) => {
    expect(await made(...given)).toBeDefined();
  });

  it.each<[string, Parameters<typeof made>]>([
    ["another resource of the stack", [Server, {}, ["app", "Other"]]],
    ["another stack's of the same name", [Server, {}, ["other", "Mine"]]],
    ["another stack's under its name", [Group, { Name: "web" }, ["other", "Mine"]]],
    ["another one that cannot be tagged", [Policy, { ...policy, PolicyName: "q" }, null, "grp-1|q"]],
  ])("is not %s", async (_, given) => {
    expect(await made(...given)).toBeUndefined();
  });
});
