import { describe, expect, it } from "vitest";
import type { RunEvent } from "../apply/model.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Group, Server } from "../testing/memory-types.ts";

type World = ReturnType<typeof createMemoryCloud>;

const group = (Properties: object = {}, more: object = {}) => ({ Type: "Memory::Group", Properties, ...more });
const server = (Properties: object = {}, more: object = {}) => ({
  Type: "Memory::Server",
  Properties: { Image: "v1", ...Properties },
  ...more,
});
const ref = (Ref: string) => ({ Ref });

/** What a run does, in the order in which it began: `create Web`. */
async function done(world: World, stacks: Stack | readonly Stack[], options: RunOptions = {}): Promise<string[]> {
  const events: RunEvent[] = [];
  const { run, prepared } = await reconcileInMemory(world, [stacks].flat(), {
    parallelism: 1,
    ...options,
    watch: (event) => events.push(event),
  });
  expect([...prepared.plan.diagnostics, ...(run?.diagnostics ?? [])]).toEqual([]);
  return events.flatMap((event) =>
    event.kind === "step-finished" && event.outcome === "done"
      ? [`${event.step.operation} ${event.step.logicalId}`]
      : [],
  );
}

/** Only `first` before `then`, whatever else there is. */
function expectOrder(steps: readonly string[], ...wanted: string[]): void {
  expect(steps.filter((each) => wanted.includes(each))).toEqual(wanted);
}

describe("what is made", () => {
  it("comes after what it refers to", async () => {
    const stack = stackOf({ C: server({ Peer: ref("B") }), B: group({ Uses: [ref("A")] }), A: group() });
    expect(await done(createMemoryCloud(), stack)).toEqual(["create A", "create B", "create C"]);
  });

  it("comes after what it depends on without a reference", async () => {
    const stack = stackOf({ B: server({}, { DependsOn: "A" }), A: group() });
    expect(await done(createMemoryCloud(), stack)).toEqual(["create A", "create B"]);
  });

  it("comes after everything in a stack that its stack depends on", async () => {
    const app = stackOf({ App: server() }, { name: "app", dependsOn: ["network"] });
    const network = stackOf({ Web: group(), Db: group() }, { name: "network" });
    expect(await done(createMemoryCloud(), [app, network])).toEqual(["create Web", "create Db", "create App"]);
  });
});

describe("what is deleted", () => {
  const rest = { Rest: server() };

  it("goes before what it referred to at base", async () => {
    const world = createMemoryCloud();
    const before = stackOf({
      A: group(),
      B: group({ Description: { "Fn::Join": ["", ["uses ", ref("A")]] } }),
      ...rest,
    });
    await reconcileInMemory(world, [before]);
    expect(await done(world, stackOf(rest), { base: [before] })).toEqual(["delete B", "delete A"]);
  });

  it("goes before what it depended on at base", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ A: group(), B: group({}, { DependsOn: "A" }), ...rest });
    await reconcileInMemory(world, [before]);
    expect(await done(world, stackOf(rest), { base: [before] })).toEqual(["delete B", "delete A"]);
  });

  it("goes before what live says that it uses, where no base is known", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [
      stackOf({ A: group(), B: group({ Uses: [ref("A")] }), C: server({ Peer: ref("B") }), ...rest }),
    ]);
    expect(await done(world, stackOf(rest))).toEqual(["delete C", "delete B", "delete A"]);
  });

  it("goes after what stays has let go of it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ A: group(), App: server({ GroupIds: [ref("A")] }) })]);
    expect(await done(world, stackOf({ App: server() }))).toEqual(["update App", "delete A"]);
  });

  it("goes after what another stack of the run has let go of it", async () => {
    const world = createMemoryCloud();
    const network = (Resources: object) => stackOf(Resources, { name: "network" });
    await reconcileInMemory(world, [network({ Web: group({ Name: "web" }), Db: group() })]);
    const id = world.things().find((each) => each.properties.Name === "web")?.id;
    await reconcileInMemory(world, [stackOf({ App: server({ GroupIds: [id] }) })]);
    const steps = await done(world, [network({ Db: group() }), stackOf({ App: server() })]);
    expect(steps).toEqual(["update App", "delete Web"]);
  });

  it("goes in a stack before it goes in one that this stack depends on", async () => {
    const world = createMemoryCloud();
    const stacks = [
      stackOf({ Web: group({ Name: "web" }), Db: group() }, { name: "network" }),
      stackOf({ App: server(), Other: server() }, { name: "app", dependsOn: ["network"] }),
    ];
    await reconcileInMemory(world, stacks);
    expect(await done(world, stacks, { destroy: true })).toEqual([
      "delete App",
      "delete Other",
      "delete Web",
      "delete Db",
    ]);
  });

  it("goes in a stack after what uses it in one that depends on this stack, which is then changed first", async () => {
    const world = createMemoryCloud();
    const network = (Resources: object) => stackOf(Resources, { name: "network" });
    const app = (GroupIds: unknown[]) => stackOf({ App: server({ GroupIds }) }, { dependsOn: ["network"] });
    await reconcileInMemory(world, [network({ Web: group({ Name: "web" }), Db: group() })]);
    const id = world.things().find((each) => each.properties.Name === "web")?.id;
    await reconcileInMemory(world, [network({ Web: group({ Name: "web" }), Db: group() }), app([id])]);
    const steps = await done(world, [network({ Db: group(), New: group() }), app([])]);
    expect(steps).toEqual(["create New", "update App", "delete Web"]);
  });

  it("goes after a type that must be gone before, whatever the template says", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: group(), App: server(), ...rest });
    await reconcileInMemory(world, [before]);
    const goneAfter = async (type: typeof Group, of: string) =>
      (
        await planInMemory(world, stackOf(rest), { types: typesWith(variant(type, { deletedAfter: [of] })) })
      ).graph.order.map((each) => each.split(" ")[0]);
    expect(await goneAfter(Group, "Memory::Server")).toEqual(["app/App", "app/Web"]);
    expect(await goneAfter(Server, "Memory::Group")).toEqual(["app/Web", "app/App"]);
  });

  it("goes in the order of the references where the table of types says the opposite", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: group(), App: server({ Peer: ref("Web") }), ...rest });
    await reconcileInMemory(world, [before]);
    const types = typesWith(variant(Server, { deletedAfter: ["Memory::Group"] }));
    expect(await done(world, stackOf(rest), { base: [before], types })).toEqual(["delete App", "delete Web"]);
  });

  it("goes in some order where an accidental likeness closes a circle", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ A: group({ Name: "a" }), B: group({ Name: "b" }), ...rest })]);
    const [a, b] = ["a", "b"].map((name) => world.store.all().find((each) => each.properties.Name === name));
    if (a && b) {
      a.properties.Uses = [b.id, a.id];
      b.properties.Uses = [a.id];
    }
    const seen = await planInMemory(world, stackOf(rest));
    expect(seen.graph.order).toHaveLength(2);
  });

  it("is named by an ARN anywhere, and by another name only where such a type is meant", async () => {
    const world = createMemoryCloud();
    const named = (Description: string) =>
      stackOf({ A: group({ Name: "target" }), B: group({ Name: "user", Description }), ...rest });
    await reconcileInMemory(world, [named("")]);
    const id = world.things().find((each) => each.properties.Name === "target")?.id ?? "";
    const arn = `arn:memory:${id}`;
    const withArn = variant(
      Group,
      {},
      {
        async read(cloud, identifier) {
          const found = await Group.handlers.read(cloud, identifier);
          return (
            found && {
              ...found,
              attributes: { ...found.attributes, Arn: `arn:memory:${identifier}`, Index: 1, N: "1" },
            }
          );
        },
      },
    );
    const beforeIt = async (Description: string) => {
      await reconcileInMemory(world, [named(Description)]);
      const { graph } = await planInMemory(world, stackOf(rest), { types: typesWith(withArn) });
      const deletion = [...graph.nodes.values()].find((node) => node.step.logicalId === "A");
      return graph.before(deletion?.id ?? "").length;
    };
    expect([await beforeIt(id), await beforeIt(arn), await beforeIt("1")]).toEqual([0, 1, 0]);
    const user = world.store.all().find((each) => each.properties.Name === "user");
    if (user) user.properties.Settings = { deep: [arn] };
    expect(await beforeIt("1")).toBe(1);
  });
});

describe("a replacement", () => {
  it("is made, then used, then the old one goes", async () => {
    const world = createMemoryCloud();
    const stack = (Kind: string) => stackOf({ Web: group({ Kind }), App: server({ GroupIds: [ref("Web")] }) });
    await reconcileInMemory(world, [stack("plain")]);
    expect(await done(world, stack("fancy"))).toEqual(["create Web", "update App", "delete Web"]);
  });

  it("of a whole chain goes back the way it came", async () => {
    const world = createMemoryCloud();
    const stack = (Kind: string) => stackOf({ Web: group({ Kind }), App: server({ Peer: ref("Web") }) });
    await reconcileInMemory(world, [stack("plain")]);
    expect(await done(world, stack("fancy"))).toEqual(["create Web", "create App", "delete App", "delete Web"]);
  });

  it("that cannot stand beside the old one is the other way round", async () => {
    const world = createMemoryCloud();
    const stack = (Kind: string) => stackOf({ Web: group({ Name: "web", Kind }), App: server() });
    await reconcileInMemory(world, [stack("plain")]);
    expect(await done(world, stack("fancy"))).toEqual(["delete Web", "create Web"]);
  });

  it("that cannot stand beside the old one waits for what the new one needs, in a run of several stacks, too", async () => {
    const world = createMemoryCloud();
    const other = stackOf({ Db: group() }, { name: "other" });
    const before = { Web: group({ Name: "web" }), App: server() };
    const after = { ...before, New: group(), Web: group({ Name: "web", Kind: "fancy", Description: ref("New") }) };
    await reconcileInMemory(world, [other, stackOf(before)]);
    const steps = await done(world, [other, stackOf(after)]);
    expect(steps).toEqual(["create New", "delete Web", "create Web"]);
  });

  it("comes after what it newly uses, and its old one before what it used", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ Old: group(), App: server({ Peer: ref("Old") }) })]);
    const steps = await done(world, stackOf({ New: group(), App: server({ Peer: ref("New") }) }));
    expectOrder(steps, "create New", "create App", "delete App", "delete Old");
  });

  it("that is not needed in the end has no order of its own", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: group(), App: server() });
    await reconcileInMemory(world, [stack]);
    const { graph } = await planInMemory(world, stack);
    expect([graph.nodes.size, graph.order]).toEqual([0, []]);
  });
});

describe("what is released", () => {
  it("is one step of its own, of the resource that it is", async () => {
    const world = createMemoryCloud();
    world.store.put({
      type: "Memory::Server",
      id: "srv-x",
      properties: { Image: "v1", Size: "small", GroupIds: [] },
      tags: {},
    });
    const adopted = { ...server(), Metadata: { Reconcile: { adopt: "srv-x" } } };
    expect(await done(world, stackOf({ A: adopted, B: server() }))).toEqual(["adopt A", "create B"]);
    expect(await done(world, stackOf({ B: server() }))).toEqual(["release A"]);
  });
});
