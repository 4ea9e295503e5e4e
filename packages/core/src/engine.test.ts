import { describe, expect, it } from "vitest";
import type { Run } from "./apply/model.ts";
import { createEngine, type EngineOptions } from "./engine.ts";
import { createRegistry } from "./resource/registry.ts";
import type { Stack } from "./stack/model.ts";
import { changesOf, reconcileInMemory, stackOf, typesWith, variant } from "./testing/harness.ts";
import { createMemoryCloud, type MemoryCloud } from "./testing/memory-cloud.ts";
import { Group, memoryTypes } from "./testing/memory-types.ts";
import { proves } from "./testing/proofs.ts";

type World = ReturnType<typeof createMemoryCloud>;

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties });
const server = (Properties: object = {}) => ({ Type: "Memory::Server", Properties: { Image: "v1", ...Properties } });
const system = stackOf(
  {
    Web: group({ Rules: [{ Port: 443 }] }),
    App: server({ GroupIds: [{ Ref: "Web" }] }),
    Ssh: { Type: "Memory::Rule", Properties: { GroupId: { Ref: "Web" }, Port: 22 } },
  },
  { template: { Outputs: { App: { Value: { Ref: "App" } } } } },
);

function engineOf(world: World, changes: Partial<EngineOptions<MemoryCloud>> = {}) {
  const process = world.connect();
  const engine = createEngine<MemoryCloud>({
    registry: createRegistry(memoryTypes),
    connect: async () => process.cloud,
    environment: {},
    today: "2030-06-15",
    clock: world.clock,
    nonce: "n",
    parallelism: 4,
    allowDelete: [],
    revision: "head",
    baseRevision: null,
    ...changes,
  });
  return { ...engine, process };
}

/** Plans and runs, as a program would. */
async function reconcile(world: World, stacks: readonly Stack[], changes: Partial<EngineOptions<MemoryCloud>> = {}) {
  const { prepare, run, process } = engineOf(world, changes);
  const prepared = await prepare(stacks);
  const events = run(prepared, stacks);
  for (;;) {
    const next = await events.next();
    if (next.done) return { prepared, run: next.value as Run, mutations: process.mutations() };
  }
}

describe("a system", proves(1, "memory"), () => {
  it("is made, stays as it is, is repaired, and is taken away", async () => {
    const world = createMemoryCloud();
    const made = await reconcile(world, [system]);
    expect(changesOf(made.prepared)).toEqual(["create Web", "create App", "create Ssh"]);
    expect(made.run.outputs.app?.[0]?.value).toMatch(/^srv-/);

    const again = await reconcile(world, [system]);
    expect([changesOf(again.prepared), again.mutations]).toEqual([[], 0]);

    world.store.put({
      type: "Memory::Rule",
      id: "rule-by-hand",
      properties: { GroupId: world.things().find((each) => each.type === "Memory::Group")?.id, Port: 8080, Text: "" },
      tags: {},
    });
    const drifted = await reconcile(world, [system], { base: new Map([["app", system]]), baseRevision: "head" });
    expect(changesOf(drifted.prepared)).toEqual(["update Web /Rules/-"]);
    expect(drifted.prepared.plan.stacks[0]?.changes[0]).toMatchObject({
      cause: "drift",
      properties: [{ before: { Port: 8080, Text: "" } }],
    });
    expect(drifted.run.confirmed?.stacks[0]?.changes.map((each) => each.action)).toEqual(["none", "none", "none"]);

    const destroyed = await reconcile(world, [system], { destroy: true });
    expect(destroyed.run.diagnostics).toEqual([]);
    expect(world.things()).toEqual([]);
  });
});

describe("a plan", () => {
  it("has the refusals of planning and of the guards, and is made without a write", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: group({ Name: "web" }), A: server(), B: server(), C: server() });
    await reconcile(world, [before]);
    const { prepare, process } = engineOf(world);
    const { plan, graph, worlds } = await prepare([stackOf({ Web: group({ Name: "web", Kind: "fancy" }) })]);
    expect(plan.diagnostics.map((each) => each.code)).toEqual(["replace.name-taken", "guard.too-many-deletions"]);
    expect([process.mutations(), worlds.length, graph.nodes.size]).toEqual([0, 1, 5]);
  });

  it("counts the calls of all its stages", async () => {
    const world = createMemoryCloud();
    await reconcile(world, [stackOf({ Web: group(), App: server() })]);
    const asking = variant(Group, {
      async holdsData(cloud, { identifier }) {
        return (await cloud.read("Memory::Group", identifier)) === undefined;
      },
    });
    const { prepare, process } = engineOf(world, { registry: createRegistry(typesWith(asking)) });
    const { plan } = await prepare([stackOf({ App: server() })]);
    expect(plan.calls.app).toEqual(process.cloud.calls());
  });

  it("knows the revisions that it was made from", async () => {
    const { prepare } = engineOf(createMemoryCloud(), { baseRevision: "base" });
    const { plan } = await prepare([system]);
    expect([plan.revision, plan.base]).toEqual(["head", "base"]);
  });

  it("of destroying compares with what is destroyed", async () => {
    const world = createMemoryCloud();
    await reconcile(world, [system]);
    const { prepare } = engineOf(world, { destroy: true });
    const { plan } = await prepare([system]);
    expect(plan.base).toBe("head");
    expect(plan.stacks[0]?.changes.map((each) => [each.action, each.cause])).toEqual([
      ["delete", "change"],
      ["delete", "change"],
      ["delete", "change"],
    ]);
  });
});

describe("a run", () => {
  it("stops when it is told to", proves(9, "memory"), async () => {
    const { run, mutations } = await reconcile(createMemoryCloud(), [system], { signal: AbortSignal.abort() });
    expect([run.interrupted, mutations]).toEqual([true, 0]);
  });

  it("is not begun when its plan was refused", async () => {
    const world = createMemoryCloud();
    world.store.put({ type: "Memory::Group", id: "grp-x", properties: { Name: "web" }, tags: {} });
    const { prepare, run, process } = engineOf(world);
    const stacks = [stackOf({ Web: group({ Name: "web" }), App: server() })];
    const events = run(await prepare(stacks), stacks);
    await expect(events.next()).rejects.toThrow("grp-x exists already");
    expect(process.mutations()).toBe(0);
    expect((await reconcileInMemory(world, stacks)).run).toBeUndefined();
  });
});
