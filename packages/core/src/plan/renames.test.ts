import { describe, expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { Crash, createMemoryCloud } from "../testing/memory-cloud.ts";

const group = (Properties: object = {}, Reconcile?: object) => ({
  Type: "Memory::Group",
  Properties,
  ...(Reconcile && { Metadata: { Reconcile } }),
});
const server = (Image = "v1", Reconcile?: object) => ({
  Type: "Memory::Server",
  Properties: { Image },
  ...(Reconcile && { Metadata: { Reconcile } }),
});
const keep = group({ Name: "keep" });
const renamed = "update New /Tags/reconcile:resource";

async function living(resources: object) {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [stackOf(resources)]);
  return world;
}

describe("a resource under another logical id", () => {
  it.each([
    ["that is named", group({ Name: "web" }), group({ Name: "web" }, { "renamed-from": "Old" })],
    ["whose name was generated", group(), group({}, { "renamed-from": "Old" })],
    ["that has no name", server(), server("v1", { "renamed-from": "Old" })],
  ])("and %s, is the same when it says so", async (_, before, after) => {
    const world = await living({ Old: before, Keep: keep });
    const ids = world.things().map((each) => each.id);
    const stack = stackOf({ New: after, Keep: keep });
    const seen = await planInMemory(world, stack);
    expect([seen.changes, seen.reasons, seen.codes]).toEqual([[renamed], ["renamed"], []]);
    await reconcileInMemory(world, [stack]);
    expect(world.things().map((each) => each.id)).toEqual(ids);
    for (const base of [{}, { base: [stack] }]) expect((await planInMemory(world, stack, base)).changes).toEqual([]);
  });

  it("is the same without a word, when exactly one goes and exactly one like it comes", async () => {
    const world = await living({ Old: server(), Keep: keep });
    const base = [stackOf({ Old: server(), Keep: keep })];
    const seen = await planInMemory(world, stackOf({ New: server(), Keep: keep }), { base });
    expect(seen.changes).toEqual([renamed]);
  });

  it("may change at the same time, when it says so", async () => {
    const world = await living({ Old: group({ Name: "web" }), Keep: keep });
    const base = [stackOf({ Old: group({ Name: "web" }), Keep: keep })];
    const stack = stackOf({ New: group({ Name: "web", Description: "x" }, { "renamed-from": "Old" }), Keep: keep });
    const seen = await planInMemory(world, stack, { base });
    expect(seen.changes).toEqual(["update New /Description /Tags/reconcile:resource"]);
    expect(seen.change("New").properties.map((each) => each.cause)).toEqual(["change", "change"]);
  });

  it("loses what base declared under its former name, and nothing else", async () => {
    const tagged = (Tags: object) => group({ Name: "web", Tags });
    const world = await living({ Old: tagged({ Team: "x" }), Keep: keep });
    const stack = stackOf({ New: group({ Name: "web" }, { "renamed-from": "Old" }), Keep: keep });
    const changes = async (before: object) =>
      (await planInMemory(world, stack, { base: [stackOf({ ...before, Keep: keep })] })).changes;
    expect(await changes({ Old: tagged({ Team: "x" }) })).toEqual(["update New /Tags/reconcile:resource /Tags/Team"]);
    expect(await changes({ Old: tagged({}) })).toEqual([renamed]);
    expect(await changes({})).toEqual([renamed]);
  });

  it.each<[string, object, object]>([
    ["it is not like the one that went", { Old: server() }, { New: server("v2") }],
    ["two went", { Old: server(), Older: server() }, { New: server() }],
    ["two came", { Old: server() }, { New: server(), Newer: server() }],
    ["no base is known", { Old: server() }, { New: server() }],
  ])("is another one when %s", async (why, before, after) => {
    const world = await living({ ...before, Keep: keep });
    const base = why === "no base is known" ? {} : { base: [stackOf({ ...before, Keep: keep })] };
    const seen = await planInMemory(world, stackOf({ ...after, Keep: keep }), base);
    expect(seen.changes.map((each) => each.split(" ")[0])).toContain("create");
    expect(seen.changes.map((each) => each.split(" ")[0])).toContain("delete");
  });

  it("is another one when both were declared before", async () => {
    const world = await living({ Old: server(), Keep: keep });
    const base = [stackOf({ Old: server(), New: server(), Keep: keep })];
    const seen = await planInMemory(world, stackOf({ New: server(), Keep: keep }), { base });
    expect(seen.changes).toEqual(["create New", "delete Old"]);
  });

  it("cannot be one that is still declared", async () => {
    const stack = stackOf({ Old: server(), New: server("v1", { "renamed-from": "Old" }) });
    const seen = await planInMemory(createMemoryCloud(), stack);
    expect(seen.codes).toEqual(["rename.still-declared"]);
  });

  it("is left over when something has the new name already", async () => {
    const world = await living({ Old: server(), New: server(), Keep: keep });
    const stack = stackOf({ New: server("v1", { "renamed-from": "Old" }), Keep: keep });
    expect((await planInMemory(world, stack)).changes).toEqual(["delete Old"]);
  });

  it("takes what uses it along", async () => {
    const uses = (id: string) => ({ Type: "Memory::Server", Properties: { Image: "v1", GroupIds: [{ Ref: id }] } });
    const world = await living({ Old: group(), App: uses("Old") });
    const base = [stackOf({ Old: group(), App: uses("Old") })];
    const seen = await planInMemory(world, stackOf({ New: group(), App: uses("New") }), { base });
    expect(seen.changes).toEqual([renamed]);
  });

  it("that cannot be tagged is found by the name that its former logical id gave it", async () => {
    const world = await living({ Keep: keep });
    expect(
      (await planInMemory(world, stackOf({ Keep2: group({ Name: "keep" }, { "renamed-from": "Keep" }) }))).changes,
    ).toEqual(["update Keep2 /Tags/reconcile:resource"]);
  });
});

describe("children that change places", () => {
  const rule = (Port: number, GroupId: unknown = { Ref: "Web" }) => ({
    Type: "Memory::Rule",
    Properties: { GroupId, Port },
  });
  const web = (...ports: number[]) => group({ Name: "web", Rules: ports.map((Port) => ({ Port })) });

  async function moves(before: object, after: object) {
    const world = await living(before);
    const options = { base: [stackOf(before)], allowDelete: [] };
    const seen = await planInMemory(world, stackOf(after), options);
    const { run } = await reconcileInMemory(world, [stackOf(after)], options);
    const next = await planInMemory(world, stackOf(after), options);
    expect([seen.codes, run?.diagnostics, next.changes]).toEqual([[], [], []]);
    const ports = world
      .things()
      .flatMap((each) => (each.type === "Memory::Rule" ? [Number(each.properties.Port)] : []));
    return { changes: seen.changes, ports: ports.sort() };
  }

  it("swap, and nothing is taken away for a moment", async () => {
    const before = { Web: web(), A: rule(22), B: rule(80) };
    const { changes, ports } = await moves(before, { Web: web(), A: rule(80), B: rule(22) });
    expect(changes).toEqual(["update A /Tags/reconcile:resource", "update B /Tags/reconcile:resource"]);
    expect(ports).toEqual([22, 80]);
  });

  it("take a place that becomes free", async () => {
    const before = { Web: web(), A: rule(22), B: rule(80), C: rule(443) };
    const { changes, ports } = await moves(before, { Web: web(), A: rule(80), C: rule(443) });
    expect(changes).toEqual(["update A /Tags/reconcile:resource", "delete A"]);
    expect(ports).toEqual([80, 443].sort());
  });

  it("go round", async () => {
    const before = { Web: web(), A: rule(22), B: rule(80), C: rule(443) };
    const { ports } = await moves(before, { Web: web(), A: rule(80), B: rule(443), C: rule(22) });
    expect(ports).toEqual([22, 80, 443].sort());
  });

  it("take what their parent declared", async () => {
    const { ports } = await moves({ Web: web(80), A: rule(22) }, { Web: web(), A: rule(80) });
    expect(ports).toEqual([80]);
  });

  it("leave to their parent what it declares now", async () => {
    const { ports } = await moves({ Web: web(), A: rule(22) }, { Web: web(22), A: rule(80) });
    expect(ports).toEqual([22, 80]);
  });

  it("leave to another what they have, and move into what is not there yet", async () => {
    const before = { Web: web(), A: rule(22), B: rule(80) };
    const after = { Web: web(), New: group(), A: rule(22, { Ref: "New" }), B: rule(22) };
    const { ports } = await moves(before, after);
    expect(ports).toEqual([22, 22]);
  });
});

it.each([1, 2])("children of what was renamed go, though the run was killed at its write %i", async (at) => {
  const before = {
    Former: group({ Description: "two", Tags: { Team: "b" } }),
    Policy: { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Former" }, PolicyName: "p", Document: "x" } },
  };
  const after = stackOf({ Latter: before.Former });
  const world = await living(before);
  const base = [stackOf(before)];
  const killed = reconcileInMemory(world, [after], { base, kill: { at, answer: "never-sent" } });
  await expect(killed).rejects.toThrow(Crash);
  await reconcileInMemory(world, [after], { base });
  expect(world.store.all().filter((each) => each.type === "Memory::Policy")).toEqual([]);
});
