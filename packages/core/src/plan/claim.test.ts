import { expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Group } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";

const server = (adopt: string) => ({
  Type: "Memory::Server",
  Properties: { Image: "v1" },
  Metadata: { Reconcile: { adopt } },
});

it("one thing is adopted as one resource only", proves(6, "memory"), async () => {
  const world = createMemoryCloud();
  const properties = { Image: "v1", Size: "small", GroupIds: [] };
  for (const id of ["srv-a", "srv-b"]) world.store.put({ type: "Memory::Server", id, properties, tags: {} });
  const twice = await planInMemory(world, stackOf({ A: server("srv-a"), B: server("srv-a") }));
  expect(twice.diagnostics).toMatchObject([
    { code: "exists.other-owner", resource: "B (Memory::Server)", message: expect.stringContaining("It is A of") },
  ]);
  const each = stackOf({ A: server("srv-a"), B: server("srv-b") });
  await reconcileInMemory(world, [each]);
  expect((await planInMemory(world, each)).changes).toEqual([]);
});

it("what lost the tag that says which of ours it is is told with that tag", proves(6, "memory"), async () => {
  const world = createMemoryCloud();
  const stack = stackOf({ Web: { Type: "Memory::Group", Properties: { Name: "web" } } });
  await reconcileInMemory(world, [stack]);
  for (const each of world.store.all()) each.tags = { "reconcile:owner": "test/app@us-east-1" };
  const [refused] = (await planInMemory(world, stack)).diagnostics;
  expect(refused?.remedy).toContain("its tag reconcile:resource: Web/Memory::Group where it is this one");
});

it.each([
  ["is ours while we declare it", {}, "update Ssh /Tags/reconcile:owner /Tags/reconcile:resource"],
  [
    "is adopted where that is said",
    { adopt: true },
    "adopt Ssh /Tags/reconcile:owner /Tags/reconcile:resource /Tags/reconcile:adopted",
  ],
])("a child that carries no tag %s", async (_, Reconcile, expected) => {
  const web = { Web: { Type: "Memory::Group", Properties: { Name: "web" } } };
  const world = createMemoryCloud();
  await reconcileInMemory(world, [stackOf(web)]);
  const [{ id: GroupId } = { id: "" }] = world.things();
  world.store.put({ type: "Memory::Rule", id: "rule-x", properties: { GroupId, Port: 22, Text: "" }, tags: {} });
  const rule = { Type: "Memory::Rule", Properties: { GroupId: { Ref: "Web" }, Port: 22 }, Metadata: { Reconcile } };
  expect((await planInMemory(world, stackOf({ ...web, Ssh: rule }))).changes).toEqual([expected]);
});

it.each([
  ["a name of ours is ours", {}, []],
  ["a name that anybody could give is not", { Name: "web" }, ["exists.not-ours"]],
])("what cannot be tagged and has %s", proves(6, "memory"), async (_, Properties, codes) => {
  const types = typesWith(variant(Group, {}, { tag: undefined }));
  const world = createMemoryCloud();
  const stack = stackOf({ Web: { Type: "Memory::Group", Properties } });
  await reconcileInMemory(world, [stack], { types });
  for (const each of world.store.all()) each.tags = null;
  const seen = await planInMemory(world, stack, { types });
  expect([seen.changes, seen.codes]).toEqual([[], codes]);
});
