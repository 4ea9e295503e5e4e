import { describe, expect, it } from "vitest";
import { memoryEngine, planInMemory, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";

const group = (Name: string) => ({ Type: "Memory::Group", Properties: { Name } });
const network = (resources: object) => stackOf({ Keep: group("keep"), ...resources }, { name: "network" });
const app = (GroupIds: string[]) =>
  stackOf({ App: { Type: "Memory::Server", Properties: { Image: "v1", GroupIds } } }, { name: "app" });

/** A group of one stack, which a server of another one names by its identifier. */
async function used() {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [network({ Shared: group("shared") })]);
  const id = world.things().find((each) => each.properties.Name === "shared")?.id ?? "";
  await reconcileInMemory(world, [app([id])]);
  return { world, id };
}

describe("what leaves one stack while another one names it", () => {
  it("stays, as long as that one wants it", async () => {
    const { world, id } = await used();
    const seen = await planInMemory(world, [network({}), app([id])]);
    expect(seen.changes).toEqual([]);
    expect(seen.stack.orphans).toEqual([
      { logicalId: "Shared", type: "Memory::Group", identifier: id, reason: "used-elsewhere" },
    ]);
    expect(seen.diagnostics).toMatchObject([
      { code: "delete.used-elsewhere", severity: "warning", message: expect.stringContaining("App of the stack app") },
    ]);
  });

  it("is told by the first of those that use it, once", async () => {
    const { world, id } = await used();
    const both = (GroupIds: string[]) => {
      const server = { Type: "Memory::Server", Properties: { Image: "v1", GroupIds } };
      return stackOf({ App: server, Web: server }, { name: "app" });
    };
    await reconcileInMemory(world, [both([id])]);
    const { diagnostics, stack } = await planInMemory(world, [network({}), both([id])]);
    expect(diagnostics.map((each) => each.message)).toEqual([`${id} stays: App of the stack app still uses it.`]);
    expect(stack.orphans).toHaveLength(1);
  });

  it("goes where only its own stack names it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network({ Shared: group("shared") })]);
    const id = world.things().find((each) => each.properties.Name === "shared")?.id ?? "";
    const uses = { Type: "Memory::Group", Properties: { Name: "inner", Uses: [id] } };
    const { changes } = await planInMemory(world, [network({ Inner: uses }), app([])]);
    expect(changes).toContain("delete Shared");
  });

  it.each<[string, object, string[], string[]]>([
    [
      "goes where that has something of that name in its own region",
      { Shared: group("shared") },
      ["delete Shared"],
      [],
    ],
    ["stays where that has not", {}, [], ["used-elsewhere"]],
  ])("%s", async (_, own, changes, reasons) => {
    const [east, west] = [createMemoryCloud(), createMemoryCloud({ region: "eu-west-1" })];
    const options = { regions: { "eu-west-1": west } };
    await reconcileInMemory(east, [network({ Shared: group("shared") })]);
    const id = east.things().find((each) => each.properties.Name === "shared")?.id ?? "";
    const user = { App: { Type: "Memory::Server", Properties: { Image: "v1", GroupIds: [id] } } };
    const far = { ...stackOf({ First: group("first"), ...own, ...user }, { name: "far" }), region: "eu-west-1" };
    await reconcileInMemory(west, [stackOf({ First: group("first"), ...own }, { name: "far" })]);
    const seen = await planInMemory(east, [network({}), far], options);
    expect([
      seen.changes.filter((each) => each.startsWith("delete")),
      seen.stack.orphans.map((each) => each.reason),
    ]).toEqual([changes, reasons]);
  });

  it("goes once that one has let go of it, in one run", async () => {
    const { world, id } = await used();
    const { prepared, run } = await reconcileInMemory(world, [network({}), app([])]);
    expect(prepared.graph.order).toEqual(["app/App", `network/Shared delete ${id}`]);
    expect(run?.diagnostics).toEqual([]);
    expect(world.things().map((each) => each.properties.Name)).not.toContain("shared");
  });

  it("waits when that one is not part of the run, and is no failure", async () => {
    const { world, id } = await used();
    const { run } = await reconcileInMemory(world, [network({ More: group("more") })]);
    expect(run?.results.map((each) => [each.step.logicalId, each.outcome])).toEqual([
      ["More", "done"],
      ["Shared", "waiting"],
    ]);
    expect(run?.diagnostics).toMatchObject([{ code: "memory.in-use", severity: "warning" }]);
    expect(run?.outputs).toEqual({ network: [] });
    await reconcileInMemory(world, [app([])]);
    await reconcileInMemory(world, [network({ More: group("more") })]);
    expect(world.store.get("Memory::Group", id)).toBeUndefined();
  });

  it("keeps what waits for it waiting, and lets nothing begin that needs its place", async () => {
    const world = createMemoryCloud();
    const uses = { Type: "Memory::Group", Properties: { Name: "inner", Uses: [{ Ref: "Shared" }] } };
    await reconcileInMemory(world, [network({ Shared: group("shared"), Inner: uses })]);
    const inner = world.things().find((each) => each.properties.Name === "inner")?.id ?? "";
    await reconcileInMemory(world, [app([inner])]);
    const { run } = await reconcileInMemory(world, [network({})], {
      base: [network({ Shared: group("shared"), Inner: uses })],
    });
    expect(run?.results.map((each) => [each.step.logicalId, each.outcome])).toEqual([
      ["Inner", "waiting"],
      ["Shared", "waiting"],
    ]);
    const fancy = { Type: "Memory::Group", Properties: { Name: "inner", Kind: "fancy" } };
    const replaced = await reconcileInMemory(world, [network({ Inner: fancy })], { allowDelete: ["Inner"] });
    expect(replaced.run?.results.map((each) => [each.step.operation, each.outcome])).toContainEqual([
      "create",
      "skipped",
    ]);
  });

  it("says what is used, wherever the same names are of other types", async () => {
    const { world, id } = await used();
    const { engine } = memoryEngine(world);
    const named = stackOf({ Note: group(id) }, { name: "notes" });
    const { plan } = await engine.prepare([network({}), named]);
    expect(plan.stacks[0]?.orphans).toEqual([]);
  });
});

describe("what is replaced while a stack that imports it is not part of the run", () => {
  it("stays until that one has moved on to the new one, each in a run of its own", async () => {
    const exporting = (Kind: string) =>
      stackOf(
        { Keep: group("keep"), Shared: { Type: "Memory::Group", Properties: { Kind } } },
        { name: "network", template: { Outputs: { Id: { Value: { Ref: "Shared" }, Export: { Name: "shared" } } } } },
      );
    const server = { Type: "Memory::Server", Properties: { Image: "v1", GroupIds: [{ "Fn::ImportValue": "shared" }] } };
    const importing = stackOf({ App: server }, { name: "app" });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [exporting("plain"), importing]);
    const steps = async (stack: ReturnType<typeof stackOf>, neighbour: ReturnType<typeof stackOf>) => {
      const { run } = await reconcileInMemory(world, [stack], { neighbours: [neighbour] });
      return run?.results.map(({ step, outcome }) => `${step.operation} ${step.logicalId} ${outcome}`);
    };
    const changed = exporting("fancy");
    expect(await steps(changed, importing)).toEqual(["create Shared done", "delete Shared waiting"]);
    expect(await steps(importing, changed)).toEqual(["update App done"]);
    expect(await steps(changed, importing)).toEqual(["delete Shared done"]);
    expect((await planInMemory(world, [changed, importing])).changes).toEqual([]);
  });
});
