import { describe, expect, it } from "vitest";
import { changesOf, planInMemory, type RunOptions, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { proves } from "../testing/proofs.ts";

const group = (Name: string, Uses: unknown = undefined) => ({
  Type: "Memory::Group",
  Properties: { Name, ...(Uses !== undefined && { Uses: [Uses] }) },
});

/** What a run says and does that takes one template to the other, and what the next one would do. */
async function run(before: object, after: object, options: RunOptions = {}) {
  const world = createMemoryCloud();
  const base = [stackOf(before)];
  await reconcileInMemory(world, base);
  const { prepared, run } = await reconcileInMemory(world, [stackOf(after)], { base, allowDelete: [], ...options });
  const names = world.things().map((each) => String(each.properties.Name));
  return {
    diagnostics: prepared.plan.diagnostics,
    outcomes: new Set(run?.results.map((each) => each.outcome)),
    names: names.sort(),
    next: changesOf(await planInMemory(world, stackOf(after))),
  };
}

describe("a name that another resource of the stack has", proves(1, "memory"), () => {
  const ab = { A: group("a"), B: group("b") };

  it.each<[string, object, object, string[]]>([
    ["another name", ab, { A: group("b"), B: group("c") }, ["b", "c"]],
    [
      "a name that a third lets go of",
      { ...ab, C: group("c") },
      { A: group("b"), B: group("c"), C: group("d") },
      ["b", "c", "d"],
    ],
  ])("is free when that has got %s", async (_, before, after, names) => {
    const { diagnostics, outcomes, next, ...done } = await run(before, after);
    expect([diagnostics, outcomes, next]).toEqual([[], new Set(["done"]), []]);
    expect(done.names).toEqual(names);
  });

  it.each<[string, object, object]>([
    ["both are to have the other's", ab, { A: group("b"), B: group("a") }],
    ["that waits for the one which is to have it", ab, { A: group("b"), B: group("c", { Ref: "A" }) }],
    ["that keeps it, as it declares none", ab, { A: group("b"), B: { Type: "Memory::Group" } }],
    ["the old one of that is kept", ab, { A: group("b"), B: { ...group("c"), UpdateReplacePolicy: "Retain" } }],
  ])("cannot be had where %s", async (_, before, after) => {
    const { diagnostics, names } = await run(before, after);
    expect(diagnostics.map((each) => each.code)).toEqual(["replace.name-taken"]);
    expect(names).toEqual(["a", "b"]);
  });

  it("cannot be had, and it is said which two they are and what to do", async () => {
    const { diagnostics } = await run(ab, { A: group("b"), B: group("a") });
    expect(diagnostics).toMatchObject([
      {
        message: expect.stringMatching(/^B is to have the name of A \(grp-\d+\), which cannot be free before that\.$/),
        remedy: "give A a name that nothing has, and apply that first",
        resource: "B (Memory::Group)",
        related: [{ place: { file: "app.yaml" } }],
      },
    ]);
  });
});
