import { expect, it } from "vitest";
import { reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";

const group = { Type: "Memory::Group", Properties: { Description: "two", Tags: { Team: "b" } } };
it.each([1, 2, 3])("children of what was renamed go, though the run was killed at its write %i", async (at) => {
  const world = createMemoryCloud();
  const before = stackOf({
    Former: group,
    Policy: { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Former" }, PolicyName: "p", Document: "x" } },
  });
  const after = stackOf({ Latter: group });
  await reconcileInMemory(world, [before]);
  await reconcileInMemory(world, [after], { base: [before], kill: { at, answer: "never-sent" } }).catch(
    () => undefined,
  );
  await reconcileInMemory(world, [after], { base: [before] });
  expect(world.store.all().filter((each) => each.type === "Memory::Policy")).toEqual([]);
});
