import { describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import {
  memoryEngine,
  planInMemory,
  type RunOptions,
  reconcileInMemory,
  stackOf,
  typesWith,
  variant,
} from "../testing/harness.ts";
import { createMemoryCloud, Refusal } from "../testing/memory-cloud.ts";
import { Group } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { findOrphanStacks } from "./orphan-stacks.ts";

const group = (Name: string) => ({ Type: "Memory::Group", Properties: { Name } });
const kept = stackOf({ Keep: group("keep") }, { name: "kept" });
const gone = stackOf(
  { Web: group("web"), App: { Type: "Memory::Server", Properties: { Image: "v1" } } },
  { name: "gone" },
);
const whole = (prune: boolean, ...names: string[]) => ({ whole: { names: ["kept", ...names], prune } });

async function living() {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [kept, gone]);
  return world;
}

/** What a run does that finds nothing to change. */
async function settled(world: ReturnType<typeof createMemoryCloud>, stack: typeof kept, options: RunOptions) {
  const { engine } = memoryEngine(world, options);
  const events = engine.settle(await engine.prepare([stack]), [stack]);
  while (!(await events.next()).done);
}

describe("a stack whose file is gone", proves(7, "memory"), () => {
  it("is found in every region that the project's other stacks are in", async () => {
    const [east, west] = [createMemoryCloud(), createMemoryCloud({ region: "eu-west-1" })];
    const far = { ...stackOf({ Keep: group("keep") }, { name: "far" }), region: "eu-west-1" };
    const regions = { "eu-west-1": west };
    await reconcileInMemory(east, [kept, far, { ...gone, region: "eu-west-1" }], { regions });
    const seen = await planInMemory(east, [far, kept], { regions, ...whole(false, "far") });
    expect(seen.codes).toEqual(["stack.orphan"]);
  });

  it("is said to be there, and left alone", async () => {
    const seen = await planInMemory(await living(), kept, whole(false));
    expect(seen.changes).toEqual([]);
    expect(seen.diagnostics).toMatchObject([
      {
        code: "stack.orphan",
        severity: "warning",
        message:
          "The stack gone of the project test has resources, or a record of its runs, in us-east-1, and has no file any more.",
      },
    ]);
  });

  it.each([
    ["its file is only not part of this run", whole(false, "gone")],
    ["the run is not of the whole folder", {}],
  ])("is none when %s", async (_, options) => {
    expect((await planInMemory(await living(), kept, options)).codes).toEqual([]);
  });

  it("is deleted when that is asked for, in the order that base tells, whatever its share", async () => {
    const world = await living();
    const options = { ...whole(true), allowDelete: [], base: [kept, gone] };
    const seen = await planInMemory(world, kept, options);
    expect([seen.changes, seen.codes]).toEqual([["delete Web", "delete App"], []]);
    const { run } = await reconcileInMemory(world, [kept], options);
    expect(run?.diagnostics).toEqual([]);
    expect(world.things().map((each) => each.properties.Name)).toEqual(["keep"]);
    expect((await planInMemory(world, kept, whole(false))).codes).toEqual([]);
  });

  it("leaves no record of its runs behind", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [kept, gone], { bookkeeping: {} });
    await reconcileInMemory(world, [kept], { ...whole(true), bookkeeping: {} });
    expect(world.ledger.names()).toEqual(["/reconcile/test/kept/head", "/reconcile/test/kept/lease/00000001"]);
  });

  it("keeps the record of its runs while something that it owns is kept", async () => {
    const world = createMemoryCloud();
    const types = typesWith(variant(Group, {}, { delete: () => Promise.reject(new Refusal("in-use", "still used")) }));
    await reconcileInMemory(world, [kept, gone], { bookkeeping: {} });
    await reconcileInMemory(world, [kept], { ...whole(true), bookkeeping: {}, types });
    expect(world.ledger.names()).toContain("/reconcile/test/gone/head");
  });

  it("loses the record of its runs when it owns nothing any more", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [kept, gone], { bookkeeping: {} });
    for (const { type, id, tags } of world.things()) {
      if (tags?.["reconcile:owner"]?.startsWith("test/gone@")) world.store.remove(type, id);
    }
    const seen = await planInMemory(world, kept, whole(false));
    expect([seen.changes, seen.codes]).toEqual([[], ["stack.orphan"]]);
    await settled(world, kept, { ...whole(true), bookkeeping: {} });
    expect(world.ledger.names().filter((name) => name.includes("/gone/"))).toEqual([]);
    expect((await planInMemory(world, kept, whole(false))).codes).toEqual([]);
  });

  it("is not deleted while a file that may be its own cannot be read", async () => {
    const unread = { whole: { names: ["kept"], unread: ["desired-state/gone.yaml"], prune: true } };
    const seen = await planInMemory(await living(), kept, unread);
    expect(seen.diagnostics).toMatchObject([
      {
        code: "stack.prune-unread",
        message: expect.stringContaining("gone has no file any more cannot be told"),
        place: { file: "desired-state/gone.yaml" },
      },
    ]);
    const nothingGone = { whole: { ...unread.whole, names: ["kept", "gone"] } };
    expect((await planInMemory(await living(), kept, nothingGone)).codes).toEqual([]);
  });

  it("is not deleted as far as it holds data", async () => {
    const types = typesWith(variant(Group, { holdsData: true }));
    const seen = await planInMemory(await living(), kept, { ...whole(true), allowDelete: [], types });
    expect(seen.codes).toEqual(["guard.holds-data"]);
  });

  it("is not overlooked because looking for it failed", async () => {
    const { cloud } = createMemoryCloud().connect();
    const connect = async () => ({ ...cloud, ownedStacks: () => Promise.reject(new Refusal("denied", "no")) });
    await expect(findOrphanStacks([kept], { names: [], prune: false }, { connect })).rejects.toThrow(DiagnosticError);
  });

  it("is nobody's to find in a project without a name", async () => {
    const nameless = { ...kept, project: { ...kept.project, name: "default" } };
    const lost = { ...gone, project: { ...gone.project, name: "default" } };
    const world = createMemoryCloud();
    await reconcileInMemory(world, [nameless, lost]);
    expect((await planInMemory(world, nameless, whole(false))).codes).toEqual([]);
    const seen = await planInMemory(world, nameless, whole(true));
    expect([seen.changes, seen.codes]).toEqual([[], ["stack.prune-nameless"]]);
  });

  it("is only found where this run looks, by a whole tag", async () => {
    const world = await living();
    world.store.put({
      type: "Memory::Group",
      id: "grp-far",
      properties: { Name: "far", Kind: "plain", Description: "" },
      tags: { "reconcile:owner": "test/far@eu-west-1", "reconcile:resource": "Far/Memory::Group" },
    });
    world.store.put({
      type: "Memory::Group",
      id: "grp-odd",
      properties: { Name: "odd", Kind: "plain", Description: "" },
      tags: { "reconcile:owner": "test/odd" },
    });
    expect((await planInMemory(world, kept, whole(false, "gone"))).codes).toEqual([]);
  });
});

it("a stack that others of no run depend on is said to be missing", async () => {
  const app = stackOf({ Keep: group("keep") }, { name: "app", dependsOn: ["network"] });
  const seen = await planInMemory(createMemoryCloud(), app);
  expect(seen.diagnostics).toMatchObject([
    {
      code: "stack.depends-on-absent",
      severity: "note",
      message: "app depends on network, which is not part of this run.",
    },
  ]);
});
