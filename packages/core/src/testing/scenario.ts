import fc from "fast-check";
import { type Resources, resources } from "./arbitraries.ts";
import { changesOf, type RunOptions, reconcileInMemory, stackOf } from "./harness.ts";
import { Crash, createMemoryCloud, type Kill, type Thing } from "./memory-cloud.ts";

const strangerTags = { "reconcile:owner": "other/stack@us-east-1", "reconcile:resource": "Web/Memory::Group" };

/** What is not ours, and must look the same at the end: a nameless thing, somebody else's, and a rule of somebody else's in their group. */
function addStrangers(world: ReturnType<typeof createMemoryCloud>): void {
  world.store.put({
    type: "Memory::Group",
    id: "grp-stranger",
    properties: { Name: "stranger", Kind: "plain", Description: "keep out" },
    tags: {},
  });
  world.store.put({
    type: "Memory::Group",
    id: "grp-other",
    properties: { Name: "other", Kind: "plain", Description: "" },
    tags: strangerTags,
  });
  world.store.put({
    type: "Memory::Rule",
    id: "rule-other",
    properties: { GroupId: "grp-other", Port: 22, Text: "" },
    tags: strangerTags,
  });
  world.store.put({
    type: "Memory::Server",
    id: "srv-stranger",
    properties: { Image: "v1", Size: "small", GroupIds: [] },
    tags: { Name: "pet" },
  });
}

/** Somebody copies a server of ours: the copy carries our tags. */
function copyAServer(world: ReturnType<typeof createMemoryCloud>): void {
  const original = world
    .things()
    .find((thing) => thing.type === "Memory::Server" && thing.tags?.["reconcile:owner"] !== undefined);
  if (original)
    world.store.put({ ...original, id: "srv-copy", properties: { Image: "v1", Size: "small", GroupIds: [] } });
}

function strangersIn(things: readonly Thing[]): Thing[] {
  return things.filter(
    (thing) => /stranger|other|copy/.test(thing.id) && !String(thing.properties.GroupId ?? "").startsWith("grp-0"),
  );
}

/** The live things of ours, as the declaration would have them: type and logical id, sorted. */
function livingIn(things: readonly Thing[]): string[] {
  const strangers = new Set(strangersIn(things).map((thing) => thing.id));
  return things
    .filter((thing) => !strangers.has(thing.id))
    .map(
      (thing) =>
        thing.tags?.["reconcile:resource"]?.replace(/^(.*)\/(.*)$/, "$2 $1") ??
        `${thing.type} ${thing.id.split("|")[1]}`,
    )
    .sort();
}

function declaredIn(declared: Resources): string[] {
  return Object.entries(declared)
    .flatMap(([id, { Type, Properties }]) => {
      const rules = (Properties.Rules as unknown[] | undefined) ?? [];
      return [
        Type === "Memory::Policy" ? `Memory::Policy ${String(Properties.PolicyName)}` : `${Type} ${id}`,
        ...rules.map(() => `${Type} ${id}`),
      ];
    })
    .sort();
}

/** Rules that changed hands may keep the tag of the one that declared them before. */
function withoutHands(names: readonly string[]): string[] {
  return names
    .map((name) => name.replace(/^Memory::(Rule|Group) (Group.)((child|other|mover)\d+)?$/, "Memory::GroupOrRule $2"))
    .sort();
}

export interface Verdict {
  /** What is wrong at the end. */
  problems: readonly string[];
  /** Was the run killed? One with fewer writes came to its end. */
  killed: boolean;
}

/**
 * The first set is reconciled; a server is copied; the second set is reconciled by a run that is killed at some write, and then by one that is not. Tells in what the end
 * is not what was declared. `broken`: an engine with a fault, which an unbroken one judges.
 */
export async function scenario(
  first: Resources,
  second: Resources,
  kill: Kill,
  broken: Pick<RunOptions, "verbs" | "types"> = {},
): Promise<Verdict> {
  const world = createMemoryCloud();
  addStrangers(world);
  const [before, after] = [stackOf(first), stackOf(second)];
  await reconcileInMemory(world, [before], broken);
  copyAServer(world);
  const strangers = strangersIn(world.things());
  let killed = false;
  try {
    await reconcileInMemory(world, [after], { base: [before], ...broken, kill });
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    killed = true;
  }
  const { prepared, run } = await reconcileInMemory(world, [after], { base: [before], ...broken });
  const judge = await reconcileInMemory(world, [after], { base: [before] });
  const problems = [
    ...prepared.plan.diagnostics.map((each) => each.message),
    ...(run?.diagnostics ?? []).map((each) => each.message),
    ...changesOf(judge.prepared).map((change) => `the next plan is not empty: ${change}`),
    ...differenceOf("live", withoutHands(livingIn(world.things())), withoutHands(declaredIn(second))),
    ...differenceOf("strangers", strangersIn(world.things()), strangers),
  ];
  return { problems, killed };
}

function differenceOf(what: string, found: unknown, wanted: unknown): string[] {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  return left === right ? [] : [`${what}: ${left} instead of ${right}`];
}

export const scenarios = fc.tuple(
  resources,
  resources,
  fc.record({ at: fc.integer({ min: 1, max: 14 }), answer: fc.constantFrom("never-sent" as const, "lost" as const) }),
);
