import { describe, expect, it } from "vitest";
import type { Handlers, ResourceType, Tags } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud, type MemoryCloud, type Thing } from "../testing/memory-cloud.ts";
import { Group, Server } from "../testing/memory-types.ts";

type World = ReturnType<typeof createMemoryCloud>;
type Type = ResourceType<MemoryCloud>;

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties: { Name: "web", ...Properties } });
const server = (Properties: object = {}) => ({ Type: "Memory::Server", Properties: { Image: "v1", ...Properties } });

function thing(world: World, type: string): Thing {
  const found = world.store.all().find((each) => each.type === `Memory::${type}`);
  if (!found) throw new Error(`there is no ${type}`);
  return found;
}

/** Runs, and says how it ended: in virtual seconds, with which updates, creations and deletions. */
async function run(world: World, stack: Stack, options: RunOptions = {}) {
  const started = world.clock.now();
  const { run: ended, mutations, prepared } = await reconcileInMemory(world, [stack], options);
  if (!ended) throw new Error(prepared.plan.diagnostics.map((each) => each.message).join(" "));
  return {
    mutations,
    diagnostics: ended.diagnostics,
    outcomes: ended.results.map(({ step, outcome }) => `${step.operation} ${step.logicalId}: ${outcome}`),
    seconds: (world.clock.now() - started) / 1000,
  };
}

/** The type with an update that is counted, and does what `does` says, given the usual one. */
function updating(
  type: Type,
  does: (usual: () => Promise<void>, time: number, ...args: Parameters<Type["handlers"]["update"]>) => Promise<void>,
) {
  const counted = { times: 0 };
  const handlers: Partial<Handlers<Record<string, unknown>, MemoryCloud>> = {
    update: (...args) => does(() => type.handlers.update(...args), ++counted.times, ...args),
  };
  return { types: typesWith(variant(type, {}, handlers)), counted };
}

describe("bringing in line what lives", () => {
  const small = stackOf({ App: server() });
  const large = stackOf({ App: server({ Size: "large" }) });

  async function live() {
    const world = createMemoryCloud();
    await run(world, small);
    return world;
  }

  it("takes one update", async () => {
    const { types, counted } = updating(Server, (usual) => usual());
    const { diagnostics } = await run(await live(), large, { types });
    expect([diagnostics, counted.times]).toEqual([[], 1]);
  });

  it("may take a second one, when the first does not do all", async () => {
    const { types, counted } = updating(Server, async (usual, time) => {
      if (time === 2) await usual();
    });
    const { diagnostics } = await run(await live(), large, { types });
    expect([diagnostics, counted.times]).toEqual([[], 2]);
  });

  it("never takes a third one: what still differs is named, with its place", async () => {
    const { types, counted } = updating(Server, async () => undefined);
    const { diagnostics, outcomes } = await run(await live(), large, { types });
    expect([outcomes, counted.times]).toEqual([["update App: failed"], 2]);
    expect(diagnostics).toEqual([
      {
        code: "converge.not-equal",
        severity: "error",
        message: "After two updates these still differ from what is declared: Size.",
        remedy: expect.any(String),
        resource: "App (Memory::Server)",
        place: expect.objectContaining({ file: "app.yaml" }),
      },
    ]);
    expect(diagnostics[0]?.place?.line).toBeGreaterThan(large.template.resources.get("App")?.place.line ?? 0);
  });

  it("gives up where something else writes it back", async () => {
    const { types, counted } = updating(Server, async (usual, _time, cloud, observed) => {
      await usual();
      await cloud.mutate("memory:Update", (store) => {
        const found = store.get("Memory::Server", observed.identifier);
        if (found) found.properties.Size = "medium";
      });
    });
    const { diagnostics } = await run(await live(), large, { types });
    expect([diagnostics.map((each) => each.code), counted.times]).toEqual([["converge.not-equal"], 2]);
  });

  it("waits out reads that lag behind, instead of writing again", async () => {
    const { types, counted } = updating(Server, (usual) => usual());
    const { diagnostics, seconds } = await run(await live(), large, { types, lag: 2500 });
    expect([diagnostics, counted.times]).toEqual([[], 1]);
    expect(seconds).toBeGreaterThanOrEqual(2.5);
  });

  it("says when it vanishes meanwhile", async () => {
    const { types } = updating(Server, async (_usual, _time, cloud, observed) =>
      cloud.mutate("memory:Delete", (store) => store.remove("Memory::Server", observed.identifier)),
    );
    const { diagnostics, outcomes } = await run(await live(), large, { types });
    expect(outcomes).toEqual(["update App: failed"]);
    expect(diagnostics).toMatchObject([{ code: "converge.vanished", resource: "App (Memory::Server)" }]);
  });

  it("tells the type what changed, and nothing of tags", async () => {
    const told: (readonly string[])[] = [];
    const { types } = updating(Server, (usual, _time, _cloud, _observed, _wish, changed) => {
      told.push(changed.paths);
      return usual();
    });
    const tagged = stackOf({ App: server({ Size: "large", Tags: { Team: "core" } }) });
    const world = await live();
    await run(world, tagged, { types });
    expect(told).toEqual([["/Size"]]);
    expect(thing(world, "Server").tags?.Team).toBe("core");
  });

  it("sends no update where only tags differ", async () => {
    const { types, counted } = updating(Server, (usual) => usual());
    const { mutations } = await run(await live(), stackOf({ App: server({ Tags: { Team: "core" } }) }), { types });
    expect([counted.times, mutations]).toEqual([0, 1]);
  });

  it("is nothing to do when what was not known turns out equal", async () => {
    const types = typesWith(variant(Server, { attributes: { ServerId: {}, Address: { varies: true } } }));
    const stack = (GroupIds: object[]) =>
      stackOf({
        Web: group(),
        First: server({ GroupIds }),
        Second: server({ Size: { "Fn::GetAtt": ["First", "Address"] } }),
      });
    const world = createMemoryCloud();
    await run(world, stack([]), { types });
    const { outcomes } = await run(world, stack([{ Ref: "Web" }]), { types });
    expect(outcomes).toEqual(["update First: done", "update Second: unchanged"]);
  });

  it("of a type that shows tags and cannot change them is a mistake in the type", async () => {
    const world = createMemoryCloud();
    const { types } = updating(variant(Server, {}, { tag: undefined as never }), (usual) => usual());
    await expect(run(world, stackOf({ App: server() }), { types })).rejects.toThrow("cannot change them");
  });
});

describe("creating", () => {
  it("makes it exist, and leaves the rest to updates", async () => {
    const world = createMemoryCloud();
    const { types, counted } = updating(Group, (usual) => usual());
    await run(world, stackOf({ Web: group({ Rules: [{ Port: 22 }] }) }), { types });
    expect(counted.times).toBe(1);
    expect(thing(world, "Rule").properties).toMatchObject({ Port: 22 });
  });

  it("waits for what is not visible at once", async () => {
    const { diagnostics, seconds } = await run(createMemoryCloud(), stackOf({ Web: group() }), { lag: 30_000 });
    expect(diagnostics).toEqual([]);
    expect(seconds).toBeGreaterThanOrEqual(30);
  });

  it("says in the end that it cannot be found", async () => {
    const invisible = variant(Group, {}, { read: async () => undefined });
    const { diagnostics, outcomes, seconds } = await run(createMemoryCloud(), stackOf({ Web: group() }), {
      types: typesWith(invisible),
    });
    expect(outcomes).toEqual(["create Web: failed"]);
    expect(diagnostics).toMatchObject([
      { code: "converge.not-found", resource: "Web (Memory::Group)", remedy: expect.stringContaining("run again") },
    ]);
    expect(seconds).toBeGreaterThan(60);
  });

  it("of something that comes out other than declared, where that cannot be changed, is told", async () => {
    const willful = variant(
      Server,
      {},
      {
        create: (cloud, wish) =>
          Server.handlers.create(cloud, { ...wish, properties: { ...wish.properties, Image: "other" } }),
      },
    );
    const { diagnostics } = await run(createMemoryCloud(), stackOf({ App: server() }), { types: typesWith(willful) });
    expect(diagnostics).toMatchObject([
      { code: "plan.moved", message: expect.stringContaining("the plan said create") },
    ]);
  });

  it("of something that is gone when it should be ready is told by the next plan", async () => {
    const fleeting = variant(
      Server,
      {},
      {
        ready: (cloud, { identifier }) =>
          cloud.mutate("memory:Delete", (store) => store.remove("Memory::Server", identifier)),
      },
    );
    const world = createMemoryCloud();
    const stack = stackOf({ App: server() });
    const { outcomes } = await run(world, stack, { types: typesWith(fleeting) });
    expect(outcomes).toEqual(["create App: done"]);
    expect((await planInMemory(world, stack)).changes).toEqual(["create App"]);
  });
});

describe("tags from an index", () => {
  it("are not believed when they differ right after a write", async () => {
    const world = createMemoryCloud();
    const stale: Tags = { "reconcile:owner": "late" };
    let asked = 0;
    const indexed = variant(
      Group,
      {},
      {
        async read(cloud, identifier) {
          const found = await Group.handlers.read(cloud, identifier);
          return found && { ...found, tags: stale, tagsFromIndex: true };
        },
        async tags(cloud, { identifier }) {
          asked++;
          return (await Group.handlers.read(cloud, identifier))?.tags ?? {};
        },
      },
    );
    const { outcomes, mutations } = await run(world, stackOf({ Web: group() }), { types: typesWith(indexed) });
    expect([outcomes, mutations]).toEqual([["create Web: done"], 1]);
    expect(asked).toBeGreaterThan(0);
  });

  it("are asked for where they differ, and may be those of something that is gone already", async () => {
    const fleeting = variant(
      Group,
      {},
      {
        async read(cloud, identifier) {
          const found = await Group.handlers.read(cloud, identifier);
          return found && { ...found, tags: {}, tagsFromIndex: true };
        },
        tags: async () => undefined,
      },
    );
    const types = typesWith(fleeting);
    const { outcomes, diagnostics } = await run(createMemoryCloud(), stackOf({ Web: group() }), { types });
    expect(outcomes).toEqual(["create Web: failed"]);
    expect(diagnostics).toMatchObject([{ code: "converge.vanished", resource: "Web (Memory::Group)" }]);
  });
});

describe("deleting", () => {
  const before = stackOf({ Web: group(), App: server() });
  const after = stackOf({ App: server() });

  async function deleting(handlers: Partial<Type["handlers"]>, options: RunOptions = {}) {
    const world = createMemoryCloud();
    await run(world, before);
    return run(world, after, { types: typesWith(variant(Group, {}, handlers)), ...options });
  }

  it("is done when it is gone", async () => {
    const { outcomes, seconds } = await deleting({});
    expect([outcomes, seconds]).toEqual([["delete Web: done"], 0]);
  });

  it("is done when it is on its way out for good", async () => {
    const { outcomes, seconds } = await deleting({
      delete: (cloud, { identifier }) =>
        cloud.mutate("memory:Delete", (store) => {
          const found = store.get("Memory::Group", identifier);
          if (found) found.properties.Description = "terminated";
        }),
      gone: ({ properties }) => properties.Description === "terminated",
    });
    expect([outcomes, seconds]).toEqual([["delete Web: done"], 0]);
  });

  it("waits until it is gone", async () => {
    const { outcomes, seconds } = await deleting({}, { lag: 60_000 });
    expect(outcomes).toEqual(["delete Web: done"]);
    expect(seconds).toBeGreaterThanOrEqual(60);
  });

  it("says after twenty minutes that it is still there", async () => {
    const { outcomes, diagnostics, seconds } = await deleting({ delete: async () => undefined });
    expect(outcomes).toEqual(["delete Web: failed"]);
    expect(diagnostics).toMatchObject([
      { code: "delete.still-there", resource: "Web (Memory::Group)", place: { file: "app.yaml" } },
    ]);
    expect(seconds).toBeGreaterThan(20 * 60);
    expect(seconds).toBeLessThan(21 * 60);
  });

  it("says what still uses it", async () => {
    const world = createMemoryCloud();
    await run(world, before);
    world.store.put({ type: "Memory::Server", id: "srv-x", properties: { Peer: thing(world, "Group").id }, tags: {} });
    const { diagnostics } = await run(world, after);
    expect(diagnostics).toMatchObject([{ code: "memory.in-use", message: expect.stringContaining("srv-x") }]);
  });
});
