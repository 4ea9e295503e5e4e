import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Resources, resources } from "./testing/arbitraries.ts";
import { changesOf, reconcileInMemory, stackOf } from "./testing/harness.ts";
import { Crash, createMemoryCloud, type Thing } from "./testing/memory-cloud.ts";

const strangerTags = { "reconcile:owner": "other/stack@us-east-1", "reconcile:resource": "Web/Memory::Group" };

/** What is not ours, and must look the same at the end: a nameless thing, somebody else's, and a rule of somebody else's in their group. */
function addStrangers(world: ReturnType<typeof createMemoryCloud>): void {
  world.store.put({ type: "Memory::Group", id: "grp-stranger", properties: { Name: "stranger", Kind: "plain", Description: "keep out" }, tags: {} });
  world.store.put({ type: "Memory::Group", id: "grp-other", properties: { Name: "other", Kind: "plain", Description: "" }, tags: strangerTags });
  world.store.put({ type: "Memory::Rule", id: "rule-other", properties: { GroupId: "grp-other", Port: 22, Text: "" }, tags: strangerTags });
  world.store.put({ type: "Memory::Server", id: "srv-stranger", properties: { Image: "v1", Size: "small", GroupIds: [] }, tags: { Name: "pet" } });
}

/** Somebody copies a server of ours: the copy carries our tags. */
function copyAServer(world: ReturnType<typeof createMemoryCloud>): void {
  const original = world.things().find((thing) => thing.type === "Memory::Server" && thing.tags?.["reconcile:owner"] !== undefined);
  if (original) world.store.put({ ...original, id: "srv-copy", properties: { Image: "v1", Size: "small", GroupIds: [] } });
}

function strangersIn(things: readonly Thing[]): Thing[] {
  return things.filter((thing) => /stranger|other|copy/.test(thing.id) && !String(thing.properties.GroupId ?? "").startsWith("grp-0"));
}

/** The live things of ours, as the declaration would have them: type and logical id, sorted. */
function livingIn(things: readonly Thing[]): string[] {
  const strangers = new Set(strangersIn(things).map((thing) => thing.id));
  return things
    .filter((thing) => !strangers.has(thing.id))
    .map((thing) => thing.tags?.["reconcile:resource"]?.replace(/^(.*)\/(.*)$/, "$2 $1") ?? `${thing.type} ${thing.id.split("|")[1]}`)
    .sort();
}

function declaredIn(declared: Resources): string[] {
  return Object.entries(declared)
    .flatMap(([id, { Type, Properties }]) => {
      const rules = (Properties.Rules as unknown[] | undefined) ?? [];
      return [Type === "Memory::Policy" ? `Memory::Policy ${String(Properties.PolicyName)}` : `${Type} ${id}`, ...rules.map(() => `${Type} ${id}`)];
    })
    .sort();
}

/** Rules that changed hands may keep the tag of the one that declared them before. */
function withoutHands(names: readonly string[]): string[] {
  return names.map((name) => name.replace(/^Memory::(Rule|Group) (Group.)((child|other)\d+)?$/, "Memory::GroupOrRule $2")).sort();
}

export async function scenario(first: Resources, second: Resources, kill: { at: number; answer: "never-sent" | "lost" }, broken: Parameters<typeof reconcileInMemory>[2] = {}): Promise<void> {
  const world = createMemoryCloud();
  addStrangers(world);
  const [before, after] = [stackOf(first), stackOf(second)];
  await reconcileInMemory(world, [before], broken);
  copyAServer(world);
  const strangers = strangersIn(world.things());
  try {
    await reconcileInMemory(world, [after], { base: [before], ...broken, kill });
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  const { prepared, run } = await reconcileInMemory(world, [after], { base: [before], ...broken });
  expect(prepared.plan.diagnostics).toEqual([]);
  expect(run?.diagnostics).toEqual([]);
  // Judged by an engine that nobody broke.
  const judge = await reconcileInMemory(world, [after], { base: [before] });
  expect(changesOf(judge.prepared)).toEqual([]);
  expect(withoutHands(livingIn(world.things()))).toEqual(withoutHands(declaredIn(second)));
  expect(strangersIn(world.things())).toEqual(strangers);
}

export const scenarios = fc.tuple(resources, resources, fc.record({ at: fc.integer({ min: 1, max: 14 }), answer: fc.constantFrom("never-sent" as const, "lost" as const) }));

describe("whatever is declared, and wherever a run is killed", () => {
  it("the next run reaches what is declared, and touches nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, ([first, second, kill]) => scenario(first, second, kill)),
      { numRuns: Number(process.env.RECONCILE_CASES ?? 300) },
    );
  }, 3_600_000);
});
