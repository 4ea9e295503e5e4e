import { describe, expect, it, vi } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import {
  type Bookkeeping,
  changesOf,
  memoryEngine,
  type RunOptions,
  reconcileInMemory,
  stackOf,
  typesWith,
  variant,
} from "../testing/harness.ts";
import { Crash, createMemoryCloud, type Kill, Refusal } from "../testing/memory-cloud.ts";
import { Group, Server } from "../testing/memory-types.ts";
import { proves, tried } from "../testing/proofs.ts";
import { type HeadRecord, historyIn, recordIn } from "./head-record.ts";
import { takeLease } from "./lease.ts";
import type { RunEvent } from "./model.ts";

type World = ReturnType<typeof createMemoryCloud>;

const path = "/reconcile/test/app";
const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties });
const server = (Properties: object = {}) => ({ Type: "Memory::Server", Properties: { Image: "v1", ...Properties } });
const policy = (PolicyName: string) => ({
  Type: "Memory::Policy",
  Properties: { GroupId: { Ref: "Web" }, PolicyName, Document: "x" },
});
const web = stackOf({ Web: group({ Name: "web" }) });
const wider = stackOf({ Web: group({ Name: "web", Description: "wider" }) });

/** Like `reconcileInMemory`, with everything that runs know of one another. */
async function reconcile(world: World, stack = web, bookkeeping: Bookkeeping = {}, more: RunOptions = {}) {
  const waits: string[] = [];
  const watch = (event: RunEvent): void => {
    if (event.kind === "waiting") waits.push(event.message);
  };
  const { run, prepared } = await reconcileInMemory(world, [stack], { ...more, bookkeeping, watch });
  return { run, prepared, waits };
}

/** The run ends where it is killed. */
async function killed(
  world: World,
  stack = web,
  bookkeeping: Bookkeeping = {},
  more: RunOptions = {},
): Promise<boolean> {
  try {
    await reconcile(world, stack, bookkeeping, more);
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

async function historyOf(world: World): Promise<HeadRecord[]> {
  return historyIn(await world.ledger.history(`${path}/head`));
}

describe("the head record", () => {
  it("says what was applied, by whom and how it ended", async () => {
    const world = createMemoryCloud();
    await reconcile(world, web, { revision: "a1", actor: "alice" });
    const [record] = await historyOf(world);
    expect(record).toMatchObject({
      actor: "alice",
      outcome: "done",
      counts: { create: 1 },
      account: "123456789012",
      region: "us-east-1",
      source: { revision: "a1", dirty: false },
      applied: { revision: "a1", dirty: false },
    });
    expect(JSON.stringify(record).length).toBeLessThan(2048);
  });

  it("says with which role", async () => {
    const world = createMemoryCloud();
    await reconcile(world, { ...web, roleArn: "arn:aws:iam::123456789012:role/deploy" });
    expect(await historyOf(world)).toMatchObject([{ role: "arn:aws:iam::123456789012:role/deploy" }]);
  });

  it("is a warning where it cannot be written: what lives is as declared all the same", async () => {
    const world = createMemoryCloud();
    const { overwrite } = world.ledger;
    world.ledger.overwrite = async (name, text) => {
      if (name === `${path}/head`) throw new Refusal("Full", "the store is full");
      await overwrite(name, text);
    };
    const { run } = await reconcile(world);
    expect(run?.diagnostics).toMatchObject([{ code: "record.not-written", severity: "warning" }]);
    expect(world.things()).toHaveLength(1);
    world.ledger.overwrite = overwrite;
    const again = await reconcile(world);
    expect([again.waits, again.run?.results]).toEqual([[], []]);
    expect(await historyOf(world)).toMatchObject([{ outcome: "done", counts: {} }]);
  });

  it("has one version for each run, so that a hundred versions are a hundred runs", async () => {
    const world = createMemoryCloud();
    for (const revision of ["a", "b", "c"])
      await reconcile(world, stackOf({ Web: group({ Name: "web", Description: revision }) }), { revision });
    const { engine } = memoryEngine(world, { bookkeeping: {} });
    const runs = (await engine.history([web])).get("app");
    expect(runs?.map((each) => each.source.revision)).toEqual(["c", "b", "a"]);
  });

  it("keeps what was applied before when a run fails", async () => {
    const world = createMemoryCloud();
    await reconcile(world, web, { revision: "a" });
    const after = stackOf({ Web: group({ Name: "web", Description: "b" }), App: server() });
    const Failing = variant(Server, {}, { create: () => Promise.reject(new Refusal("denied", "not today")) });
    await reconcile(world, after, { revision: "b" }, { types: typesWith(Failing) });
    expect((await historyOf(world))[0]).toMatchObject({
      outcome: "failed",
      counts: { update: 1 },
      source: { revision: "b" },
      applied: { revision: "a" },
    });
  });

  it("tells a run that was told to stop from one that failed", async () => {
    const world = createMemoryCloud();
    const stop = new AbortController();
    const Stopping = variant(Group, {}, { settled: async () => stop.abort() });
    const both = stackOf({ Web: group({ Name: "web" }), App: server({ GroupIds: [{ Ref: "Web" }] }) });
    await reconcile(world, both, {}, { signal: stop.signal, types: typesWith(Stopping) });
    expect(await historyOf(world)).toMatchObject([{ outcome: "interrupted", counts: { create: 1 } }]);
  });

  it("is removed with the lease when the stack is destroyed and nothing is left", async () => {
    const world = createMemoryCloud();
    await reconcile(world);
    expect(world.ledger.names()).toEqual([`${path}/head`, `${path}/lease/00000001`]);
    await reconcile(world, web, { purpose: "destroy" }, { destroy: true });
    expect(world.ledger.names()).toEqual([]);
  });

  it("stays when something that is kept is left", async () => {
    const world = createMemoryCloud();
    const kept = stackOf({ Web: { ...group({ Name: "web" }), DeletionPolicy: "Retain" }, App: server() });
    await reconcile(world, kept);
    await reconcile(world, kept, { purpose: "destroy" }, { destroy: true });
    const left = world.things().length;
    expect([left, world.ledger.names().length > 0]).toEqual([
      1,
      world.things()[0]?.tags?.["reconcile:owner"] !== undefined,
    ]);
  });
});

describe("two runs of one stack", proves(8, "memory"), () => {
  it("do not write at the same time: the second says for whom it waits, and gives up", async () => {
    const world = createMemoryCloud();
    const holder = { ledger: world.ledger, clock: world.clock, path, stack: "app", run: "0123456789", actor: "alice" };
    await takeLease({ ...holder, leaseTime: 30_000, lockTimeout: 0 }).next();
    const waits: RunEvent[] = [];
    const running = reconcileInMemory(world, [web], { bookkeeping: {}, watch: (event) => waits.push(event) });
    await expect(running).rejects.toThrow(/by alice \(run 01234567, .* holds the stack app/);
    expect(waits.map((each) => each.kind)).toEqual(["waiting"]);
    expect([world.clock.now(), world.things()]).toEqual([60_000, []]);
  });

  it("plan anew when the first has changed what the second was about to change", async () => {
    const world = createMemoryCloud();
    await reconcile(world);
    const { engine } = memoryEngine(world, { bookkeeping: {} });
    const prepared = await engine.prepare([wider]);
    await reconcile(world, wider);
    const events = engine.run(prepared, [wider]);
    const seen: RunEvent["kind"][] = [];
    for (let next = await events.next(); ; next = await events.next()) {
      if (next.done) break;
      seen.push(next.value.kind);
      if (next.value.kind === "run-started") expect(next.value.steps).toEqual([]);
    }
    expect(seen).toContain("run-finished");
  });

  it("never do what nobody has agreed to", async () => {
    const world = createMemoryCloud();
    await reconcile(world, wider);
    const { engine } = memoryEngine(world, { bookkeeping: {} });
    const both = stackOf({ Web: group({ Name: "web", Description: "wider" }), App: server() });
    const prepared = await engine.prepare([both]);
    await reconcile(world, web);
    const running = engine.run(prepared, [both]).next();
    await expect(running).rejects.toThrow(/Web would now be another update/);
    expect(world.things()).toHaveLength(1);
    // It has given the stack back.
    const { waits } = await reconcile(world, both);
    expect(waits).toEqual([]);
  });

  it("never overwrite what nobody has seen, in one of several stacks either", async () => {
    const world = createMemoryCloud();
    const other = (Name: string) => stackOf({ Db: group({ Name }) }, { name: "aaa" });
    await reconcileInMemory(world, [web, other("db")], { bookkeeping: {} });
    const { engine } = memoryEngine(world, { bookkeeping: {} });
    const stacks = [wider, other("data")];
    const prepared = await engine.prepare(stacks);
    await reconcile(world, stackOf({ Web: group({ Name: "web", Description: "theirs" }) }));
    await expect(engine.run(prepared, stacks).next()).rejects.toThrow(/Web would now be another update/);
  });

  it("never leave out a last snapshot that was agreed to", async () => {
    const types = typesWith(variant(Group, {}, { snapshot: async () => {} }));
    const data = (DeletionPolicy: string) =>
      stackOf({ Web: group({ Name: "web" }), Data: { ...group({ Name: "data" }), DeletionPolicy } });
    const world = createMemoryCloud();
    await reconcile(world, data("Snapshot"), {}, { types });
    const { engine } = memoryEngine(world, { bookkeeping: {}, types });
    const prepared = await engine.prepare([web]);
    expect(changesOf(prepared)).toEqual(["delete Data"]);
    await reconcile(world, data("Delete"), {}, { types });
    await expect(engine.run(prepared, [web]).next()).rejects.toThrow(/Data would now be another delete/);
    expect(world.things()).toHaveLength(2);
  });

  it("never begin what is refused by now", async () => {
    const world = createMemoryCloud();
    const { engine } = memoryEngine(world, { bookkeeping: {} });
    const both = stackOf({ Web: group({ Name: "web" }), Db: group({ Name: "db" }) });
    const prepared = await engine.prepare([both]);
    await reconcile(world, web);
    world.store.put({ type: "Memory::Group", id: "grp-theirs", properties: { Name: "db", Kind: "plain" }, tags: {} });
    await expect(engine.run(prepared, [both]).next()).rejects.toThrow("grp-theirs exists already.");
  });

  it("of several stacks take them in one order, in whatever order they are given", async () => {
    const other = stackOf({ Db: group({ Name: "db" }) }, { name: "aaa" });
    for (const stacks of [
      [web, other],
      [other, web],
    ]) {
      const world = createMemoryCloud();
      const { create } = world.ledger;
      const taken: string[] = [];
      world.ledger.create = (name, text) => {
        taken.push(name);
        return create(name, text);
      };
      await reconcileInMemory(world, stacks, { bookkeeping: {} });
      expect(taken).toEqual(["/reconcile/test/aaa/lease/00000001", `${path}/lease/00000001`]);
    }
  });
});

it("a run whose events nobody reads any more gives back what it has taken", async () => {
  const world = createMemoryCloud();
  const holder = { ledger: world.ledger, clock: world.clock, path, stack: "app", run: "0123456789", actor: "alice" };
  await takeLease({ ...holder, leaseTime: 30_000, lockTimeout: 0 }).next();
  const other = stackOf({ Db: group({ Name: "db" }) }, { name: "aaa" });
  const { engine } = memoryEngine(world, { bookkeeping: {} });
  const events = engine.run(await engine.prepare([web, other]), [web, other]);
  expect((await events.next()).value).toMatchObject({ kind: "waiting", stack: "app" });
  await events.return(undefined as never);
  const { lease } = recordIn("/reconcile/test/aaa", await world.ledger.list("/reconcile/test/aaa"));
  expect(lease?.text?.state).toBe("released");
});

describe("a run that is told to stop while it waits for another", proves([8, 9], "memory"), () => {
  it("ends without having begun anything, and leaves nothing behind", async () => {
    const world = createMemoryCloud();
    const holder = { ledger: world.ledger, clock: world.clock, path, stack: "app", run: "0123456789", actor: "alice" };
    await takeLease({ ...holder, leaseTime: 30_000, lockTimeout: 0 }).next();
    const stop = new AbortController();
    const { run } = await reconcileInMemory(world, [web], {
      bookkeeping: {},
      signal: stop.signal,
      watch: (event) => (event.kind === "waiting" ? stop.abort() : undefined),
    });
    expect([run?.interrupted, run?.mutated, run?.results.map((each) => each.outcome)]).toEqual([
      true,
      false,
      ["skipped"],
    ]);
    expect(world.ledger.names()).toEqual([`${path}/lease/00000001`]);
  });
});

describe("a run that was stopped for so long that another may have begun", proves(8, "memory"), () => {
  it("sends nothing more", async () => {
    const world = createMemoryCloud();
    // The process sleeps between the beginning of a step and its first request: nothing is renewed meanwhile.
    const Sleepy = variant(
      Group,
      {},
      {
        async create(cloud, wish) {
          world.clock.sleep(20_000);
          return Group.handlers.create(cloud, wish);
        },
      },
    );
    const stack = stackOf({ Web: group({ Name: "web" }), App: server({ GroupIds: [{ Ref: "Web" }] }) });
    const { run } = await reconcile(world, stack, {}, { types: typesWith(Sleepy) });
    expect(world.things()).toEqual([]);
    expect(run?.results.map((each) => each.outcome)).toEqual(["failed", "skipped"]);
    expect(run?.diagnostics.map((each) => each.code)).toEqual(["lease.lost", "lease.lost"]);
    expect(run?.mutated).toBe(false);
  });
});

describe("after a run that was killed", proves(2, "memory"), () => {
  const both = stackOf({ Web: group({ Name: "web" }), App: server() });

  it("the next one waits for its lease, takes over, and writes down that it was killed", async () => {
    const world = createMemoryCloud();
    expect(await killed(world, web, { actor: "alice", revision: "a" }, { kill: { at: 1, answer: "lost" } })).toBe(true);
    const { run, waits } = await reconcile(world, web, { revision: "a", actor: "bob" });
    expect(waits[0]).toMatch(
      /^another run, by alice \(run run-\d+, since 2027-01-15 .* holds the stack; waiting up to 60 s$/,
    );
    expect(run?.diagnostics).toEqual([]);
    expect((await historyOf(world)).map((each) => [each.actor, each.outcome])).toEqual([
      ["bob", "done"],
      ["alice", "killed"],
    ]);
  });

  it("the next one lists the types that it may have touched, although nobody declares them any more", async () => {
    const world = createMemoryCloud();
    await reconcile(world, web);
    await killed(world, both, {}, { kill: { at: 1, answer: "lost" } });
    const { engine, run } = memoryEngine(world, { bookkeeping: {} });
    // The index is late.
    run.cloud.ownedTypes = async () => [];
    const prepared = await engine.prepare([web]);
    expect(prepared.records.get("app")?.unfinished?.types).toEqual(["Memory::Server"]);
    expect(changesOf(prepared)).toEqual(["delete App"]);
    await reconcile(world, web);
    expect(world.things().map((each) => each.type)).toEqual(["Memory::Group"]);
    expect(recordIn(path, await world.ledger.list(path)).unfinished).toBeUndefined();
  });

  it("the next one lists every type where the first may have touched too many to name them", async () => {
    const world = createMemoryCloud();
    await killed(world, both, {}, { kill: { at: 2, answer: "lost" } });
    const name = `${path}/lease/00000001`;
    const [lease] = (await world.ledger.list(path)).map((entry) => JSON.parse(entry.text));
    await world.ledger.overwrite(name, JSON.stringify({ ...lease, note: { ...lease.note, types: ["*"] } }));
    const { engine, run } = memoryEngine(world, { bookkeeping: {} });
    // The index is late.
    run.cloud.ownedTypes = async () => [];
    expect(changesOf(await engine.prepare([web]))).toEqual(["delete App"]);
  });

  it("the next one waits before it makes something without a name that might be there already", async () => {
    const world = createMemoryCloud();
    await killed(world, both, {}, { kill: { at: 1, answer: "never-sent" } });
    const { waits, run } = await reconcile(world, both);
    expect(waits[1]).toMatch(
      /^an earlier run did not finish, .*; waiting 105 s before making anything that has no name$/,
    );
    expect(run?.results.every((each) => each.outcome === "done")).toBe(true);
    // 120 s after the last moment at which the first might have written: half a lease time after its last sign of life.
    expect(world.clock.now()).toBe(135_000);
  });

  it("the next one of several stacks waits for the one that needs it longest", async () => {
    const world = createMemoryCloud();
    const later = stackOf({ Late: server() }, { name: "later" });
    await killed(world, both, {}, { kill: { at: 1, answer: "never-sent" } });
    await world.clock.pass(50_000);
    await killed(world, later, {}, { kill: { at: 1, answer: "never-sent" } });
    const waits: RunEvent[] = [];
    await reconcileInMemory(world, [both, later], {
      bookkeeping: {},
      watch: (event) => (event.kind === "waiting" ? waits.push(event) : undefined),
    });
    expect(waits.at(-1)).toMatchObject({ stack: "later", message: expect.stringContaining("waiting 75 s") });
  });

  it.each([
    ["is told", 200_000, 1],
    ["need not be told", 300_000, 0],
  ])("the next one's cloud %s after %i ms, when errors may be a matter of time", async (_, milliseconds, told) => {
    const world = createMemoryCloud();
    await killed(world, web, {}, { kill: { at: 1, answer: "never-sent" } });
    await world.clock.pass(milliseconds);
    const { engine, run } = memoryEngine(world, { bookkeeping: {} });
    const resumed = vi.fn();
    run.cloud.resumed = resumed;
    const events = engine.run(await engine.prepare([web]), [web]);
    while (!(await events.next()).done);
    expect(resumed).toHaveBeenCalledTimes(told);
  });

  it("and does not wait for what has a name", async () => {
    const world = createMemoryCloud();
    await killed(world, web, {}, { kill: { at: 1, answer: "never-sent" } });
    await reconcile(world, web);
    expect(world.clock.now()).toBe(30_000);
  });

  it("finds what shows late instead of making it again", async () => {
    const world = createMemoryCloud();
    await killed(world, both, {}, { kill: { at: 2, answer: "lost" } });
    await reconcile(world, both, {}, { lag: 60_000 });
    expect(world.things().filter((each) => each.type === "Memory::Server")).toHaveLength(1);
  });

  it("wherever it was killed, its books are in order after the next one", async (context) => {
    for (const answer of ["never-sent", "lost"] as const) {
      for (let at = 1; ; at++) {
        const world = createMemoryCloud();
        const kill: Kill = { at, answer };
        if (!(await killed(world, both, { revision: "a" }, { killAtLedger: kill }))) break;
        await settleOrRun(world);
        const { head, unfinished, lease } = recordIn(path, await world.ledger.list(path));
        expect([head?.applied?.revision, head?.outcome, unfinished, lease?.text?.state], JSON.stringify(kill)).toEqual([
          "a",
          "done",
          undefined,
          "released",
        ]);
        expect(world.things()).toHaveLength(2);
        expect(at).toBeLessThan(20);
        tried(context, { boundaries: 1 });
      }
    }

    async function settleOrRun(world: World): Promise<void> {
      const { engine } = memoryEngine(world, { bookkeeping: { revision: "a" } });
      const prepared = await engine.prepare([both]);
      const events = changesOf(prepared).length > 0 ? engine.run(prepared, [both]) : engine.settle(prepared, [both]);
      while (!(await events.next()).done);
    }
  });
});

describe("a run with nothing to do", () => {
  async function settle(world: World, stack = web, bookkeeping: Bookkeeping = {}, destroy = false) {
    const { engine, run } = memoryEngine(world, { bookkeeping, ...(destroy && { destroy }) });
    const prepared = await engine.prepare([stack]);
    const events = engine.settle(prepared, [stack]);
    while (!(await events.next()).done);
    return run.ledgerCalls();
  }

  it("writes nothing down when nothing has changed since", async () => {
    const world = createMemoryCloud();
    await reconcile(world, web, { revision: "a" });
    expect(await settle(world, web, { revision: "b" })).toBe(1);
    expect(await historyOf(world)).toHaveLength(1);
  });

  it.each<[string, Bookkeeping]>([
    ["that were in no commit", {}],
    ["that were not as committed", { revision: "a", dirty: true }],
  ])("writes down the commit in which the files are now %s", async (_, before) => {
    const world = createMemoryCloud();
    await reconcile(world, web, before);
    expect(await settle(world, web, before)).toBe(1);
    await settle(world, web, { revision: "b" });
    expect((await historyOf(world)).at(0)?.applied).toMatchObject({ revision: "b", dirty: false });
  });

  it("writes down the files that turned out to be what lives", async () => {
    const world = createMemoryCloud();
    await reconcile(world, web, { revision: "a" });
    const same = stackOf({ Web: group({ Name: "web" }) }, { template: { Description: "in other words" } });
    await settle(world, same, { revision: "b" });
    expect((await historyOf(world)).map((each) => each.applied?.revision)).toEqual(["b", "a"]);
  });

  it("removes what is left of a stack of which a run was killed before it made anything", async () => {
    const world = createMemoryCloud();
    await killed(world, web, {}, { kill: { at: 1, answer: "never-sent" } });
    await settle(world, web, { purpose: "destroy" }, true);
    expect(world.ledger.names()).toEqual([]);
  });

  it("removes what is left of a stack that is gone", async () => {
    const world = createMemoryCloud();
    await reconcile(world, web);
    world.store.remove("Memory::Group", world.things()[0]?.id ?? "");
    await settle(world, web, { purpose: "destroy" }, true);
    expect(world.ledger.names()).toEqual([]);
  });
});

describe("the base of a run", () => {
  const named = (...names: string[]) =>
    stackOf({ Web: group({ Name: "web" }), ...Object.fromEntries(names.map((name) => [name, policy(name)])) });
  const commits = { a: [named("Read", "Write")], b: [named("Read")] };

  it("is what was applied last: an untagged child that left the YAML goes on the merge", async () => {
    const world = createMemoryCloud();
    await reconcile(world, named("Read", "Write"), { revision: "a", commits });
    const { prepared } = await reconcile(world, named("Read"), { revision: "b", commits });
    expect(changesOf(prepared)).toEqual(["delete Write"]);
    expect(prepared.plan.base).toBe("a");
    expect(world.things().filter((each) => each.type === "Memory::Policy")).toHaveLength(1);
  });

  it("is not what a run that failed was about: what it had still to remove is removed by the next", async () => {
    const world = createMemoryCloud();
    await reconcile(world, named("Read", "Write"), { revision: "a", commits });
    await killed(world, named("Read"), { revision: "b", commits }, { kill: { at: 1, answer: "never-sent" } });
    const { prepared } = await reconcile(world, named("Read"), { revision: "b", commits });
    expect(changesOf(prepared)).toEqual(["delete Write"]);
  });

  it(
    "is the same wherever the run on the merge is killed: the next one ends where it would have",
    proves(2, "memory"),
    async (context) => {
      const before = stackOf({
        Web: group({ Name: "web" }),
        Old: server(),
        Read: policy("Read"),
        Write: policy("Write"),
      });
      const after = stackOf({ Web: group({ Name: "web" }), New: server(), Read: policy("Read") });
      const both = { a: [before], b: [after] };
      for (const answer of ["never-sent", "lost"] as const) {
        for (let at = 1; ; at++) {
          const world = createMemoryCloud();
          await reconcile(world, before, { revision: "a", commits: both });
          if (!(await killed(world, after, { revision: "b", commits: both }, { kill: { at, answer } }))) break;
          await reconcile(world, after, { revision: "b", commits: both });
          const { prepared } = await reconcile(world, after, { revision: "b", commits: both });
          const types = world.things().map((each) => each.type);
          expect([changesOf(prepared), types.sort()], `${answer} ${at}`).toEqual([
            [],
            ["Memory::Group", "Memory::Policy", "Memory::Server"],
          ]);
          tried(context, { boundaries: 1 });
          expect(at).toBeLessThan(20);
        }
      }
    },
  );

  it("makes everything a change where nothing was ever applied", async () => {
    const world = createMemoryCloud();
    const { prepared } = await reconcile(world, named("Read"), { revision: "b", commits });
    const causes = prepared.plan.stacks.flatMap((stack) => stack.changes.map((change) => change.cause));
    expect(causes).toEqual(["change", "change"]);
  });

  it("is not known where git has lost it: nothing is called drift then, and no child is removed", async () => {
    const world = createMemoryCloud();
    await reconcile(world, named("Read", "Write"), { revision: "a", commits });
    world.store.put({ ...onlyGroup(world), properties: { ...onlyGroup(world).properties, Description: "moved" } });
    const { prepared } = await reconcile(world, named("Read"), { revision: "c", commits: { b: commits.b } });
    expect(changesOf(prepared)).toEqual(["update Web /Description"]);
    expect(prepared.plan.stacks[0]?.changes.find((each) => each.action === "update")?.cause).toBeNull();
  });

  function onlyGroup(world: World) {
    const found = world.things().find((each) => each.type === "Memory::Group");
    if (!found) throw new Error("there is no group");
    return found;
  }
});

it("a plan with refusals takes nothing", async () => {
  const world = createMemoryCloud();
  world.store.put({ type: "Memory::Group", id: "grp-x", properties: { Name: "web", Kind: "plain" }, tags: {} });
  const { engine } = memoryEngine(world, { bookkeeping: {} });
  await expect(engine.run(await engine.prepare([web]), [web]).next()).rejects.toBeInstanceOf(DiagnosticError);
  expect(world.ledger.names()).toEqual([]);
});
