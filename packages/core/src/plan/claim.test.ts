import { expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
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
