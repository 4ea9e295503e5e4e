import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHandClock } from "../testing/hand-clock.ts";
import { createMemoryLedger } from "../testing/memory-ledger.ts";
import { drawn, proves } from "../testing/proofs.ts";
import { type Lease, type LeaseClock, type LeaseOptions, takeLease } from "./lease.ts";
import { leasesIn } from "./lease-entry.ts";
import type { Ledger } from "./ledger.ts";

const path = "/reconcile/news/app";

function optionsFor(ledger: Ledger, clock: LeaseClock, run: string, more: Partial<LeaseOptions> = {}): LeaseOptions {
  return {
    ledger,
    path,
    stack: "app",
    run,
    actor: `${run}@ci`,
    clock,
    leaseTime: 30_000,
    lockTimeout: 60_000,
    ...more,
  };
}

/** Takes it; gives also whom it waited for. */
async function take(options: LeaseOptions): Promise<{ lease: Lease; waitedFor: (string | undefined)[] }> {
  const waitedFor: (string | undefined)[] = [];
  const taking = takeLease(options);
  for (;;) {
    const next = await taking.next();
    if (next.done) return { lease: next.value, waitedFor };
    waitedFor.push(next.value.text?.run);
  }
}

describe("a lease", proves(8, "memory"), () => {
  it("is taken at once where nobody holds it, and again after it was released", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const first = await take(optionsFor(ledger, clock, "one"));
    await first.lease.release("nothing");
    const second = await take(optionsFor(ledger, clock, "two"));
    expect([first.lease.number, second.lease.number]).toEqual([1, 2]);
    expect([second.lease.waited, clock.now()]).toEqual([false, 0]);
    expect(ledger.names()).toEqual([`${path}/lease/00000001`, `${path}/lease/00000002`]);
  });

  it("is refused while another run renews it, with who that is", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    await take(optionsFor(ledger, clock, "one"));
    await expect(take(optionsFor(ledger, clock, "two"))).rejects.toThrow(
      /by one@ci \(run one, since 2027-01-15 08:00:00 UTC\), holds the stack app/,
    );
    expect(clock.now()).toBe(60_000);
  });

  it("is not waited for when nobody wants to wait", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    await take(optionsFor(ledger, clock, "one"));
    await expect(take(optionsFor(ledger, clock, "two", { lockTimeout: 0 }))).rejects.toThrow(/holds the stack/);
    expect(clock.now()).toBe(0);
  });

  it("of a run that was killed is taken over after one lease time, and says so once", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const dead = await take(optionsFor(ledger, { ...clock, every: () => () => {} }, "dead"));
    await dead.lease.tell({ types: ["A"] });
    let looks = 0;
    const list: Ledger["list"] = (below) => {
      looks++;
      return ledger.list(below);
    };
    const { lease, waitedFor } = await take(optionsFor({ ...ledger, list }, clock, "two"));
    expect([waitedFor, looks]).toEqual([["dead"], 12]);
    expect(clock.now()).toBe(30_000);
    expect(lease).toMatchObject({ waited: true, before: { silentFor: 30_000, text: { note: { types: ["A"] } } } });
  });

  it("hands on what is still to be known of a run that was killed, and since when it has been silent", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const first = await take(optionsFor(ledger, { ...clock, every: () => () => {} }, "dead"));
    await first.lease.tell("it made something");
    await (await take(optionsFor(ledger, clock, "two"))).lease.release("note");
    await clock.pass(5_000);
    const { lease } = await take(optionsFor(ledger, clock, "three"));
    expect(lease.before).toMatchObject({ silentFor: 35_000, text: { note: "it made something", state: "released" } });
    await lease.release("nothing");
    expect((await take(optionsFor(ledger, clock, "four"))).lease.before?.text?.note).toBeUndefined();
  });

  it("is watched for as long as its holder said, not for as long as the waiter would be", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    await take(optionsFor(ledger, { ...clock, every: () => () => {} }, "dead"));
    await take(optionsFor(ledger, clock, "two", { leaseTime: 1000 }));
    expect(clock.now()).toBe(30_000);
  });

  it("is valid as long as it is renewed, and not from half its time without renewal on", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const { lease } = await take(optionsFor(ledger, clock, "one"));
    for (let third = 0; third < 9; third++) {
      await clock.pass(10_000);
      expect(lease.isValid()).toBe(true);
    }
    expect((await ledger.list(path))[0]?.version).toBe(10);
    ledger.overwrite = async () => {
      throw new Error("no connection");
    };
    await clock.pass(14_999);
    expect(lease.isValid()).toBe(true);
    await clock.pass(1);
    expect(lease.isValid()).toBe(false);
    expect(lease.lost().message).toContain("no connection");
  });

  it.each<[string, (clock: ReturnType<typeof createHandClock>, wall: { ahead: number }) => unknown]>([
    ["the process was suspended", (clock) => clock.pass(15_000)],
    ["the machine slept, so that only the wall's clock went on", (_, wall) => Object.assign(wall, { ahead: 15_000 })],
    [
      "the wall's clock was set back meanwhile",
      (clock, wall) => clock.pass(15_000).then(() => Object.assign(wall, { ahead: -15_000 })),
    ],
  ])("is not valid any more, and never again, when %s", async (_, sleep) => {
    const clock = createHandClock();
    const wall = { ahead: 0 };
    const ledger = createMemoryLedger(clock.wall);
    const own = { ...clock, every: () => () => {}, wall: () => clock.wall() + wall.ahead };
    const { lease } = await take(optionsFor(ledger, own, "one"));
    await sleep(clock, wall);
    expect(lease.isValid()).toBe(false);
    await lease.tell({});
    expect(lease.isValid()).toBe(false);
    const { version } = (await ledger.list(path))[0] ?? {};
    await lease.release("nothing");
    await lease.dissolve([`${path}/head`]);
    expect((await ledger.list(path)).map((each) => each.version)).toEqual([version]);
  });

  it("is taken although the answer of its creation was lost", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const create: Ledger["create"] = async (name, text) => {
      await ledger.create(name, text);
      throw new Error("socket hang up");
    };
    const { lease } = await take(optionsFor({ ...ledger, create }, clock, "one"));
    expect(lease.isValid()).toBe(true);
  });

  it("is not taken when its creation failed", async () => {
    const clock = createHandClock();
    const ledger = { ...createMemoryLedger(clock.wall), create: () => Promise.reject(new Error("denied")) };
    await expect(take(optionsFor(ledger, clock, "one"))).rejects.toThrow("denied");
  });

  it("is somebody's when it cannot be read", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    await ledger.create(`${path}/lease/00000007`, "not JSON");
    await expect(take(optionsFor(ledger, clock, "one", { lockTimeout: 10_000 }))).rejects.toThrow(
      /by somebody whose note cannot be read, holds/,
    );
    expect(clock.now()).toBe(10_000);
    const { lease } = await take(optionsFor(ledger, clock, "one"));
    expect(lease.number).toBe(8);
  });

  it("whose number was used and removed meanwhile is given back", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const first = await take(optionsFor(ledger, clock, "one"));
    await first.lease.release("nothing");
    let isSlow = true;
    // Looks, sleeps until the stack is destroyed and somebody begins anew, and takes the number that followed then.
    const list: Ledger["list"] = async (below) => {
      const entries = await ledger.list(below);
      if (!isSlow) return entries;
      isSlow = false;
      const second = await take(optionsFor(ledger, clock, "two"));
      await second.lease.dissolve([`${path}/lease/00000001`]);
      expect(ledger.names()).toEqual([]);
      await take(optionsFor(ledger, clock, "three"));
      return entries;
    };
    await expect(take(optionsFor({ ...ledger, list }, clock, "slow", { lockTimeout: 0 }))).rejects.toThrow(/holds/);
    expect(ledger.names()).toEqual([`${path}/lease/00000001`]);
  });

  it.each<[string, (lease: Lease) => Promise<void>, (string | undefined)[]]>([
    ["released", (lease) => lease.release("nothing"), ["released"]],
    ["dissolved", (lease) => lease.dissolve([]), []],
  ])("whose last renewal failed is %s all the same while there is time", async (_, giveBack, states) => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const { overwrite } = ledger;
    const { lease } = await take(optionsFor(ledger, clock, "one"));
    ledger.overwrite = async () => {
      throw new Error("no connection");
    };
    await clock.pass(10_000);
    ledger.overwrite = overwrite;
    await giveBack(lease);
    const entries = await ledger.list(path);
    expect(entries.map((entry) => JSON.parse(entry.text).state)).toEqual(states);
  });

  it("is not taken below one that is held, where the first of all was removed meanwhile", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    let isSlow = true;
    // Looks before there is any, and sleeps until three others had it.
    const list: Ledger["list"] = async (below) => {
      const entries = await ledger.list(below);
      if (!isSlow) return entries;
      isSlow = false;
      for (const run of ["one", "two"]) await (await take(optionsFor(ledger, clock, run))).lease.release("nothing");
      const { lease } = await take(optionsFor(ledger, clock, "three"));
      expect(lease.others.map((each) => each.name)).toEqual([`${path}/lease/00000001`, `${path}/lease/00000002`]);
      await ledger.remove(lease.old);
      return entries;
    };
    await expect(take(optionsFor({ ...ledger, list }, clock, "slow", { lockTimeout: 0 }))).rejects.toThrow(/holds/);
    expect(ledger.names()).toEqual([`${path}/lease/00000002`, `${path}/lease/00000003`]);
  });

  it("is what its name says, and the last by its number, in whatever order they are listed", () => {
    const entries = [
      "lease/00000010",
      "head",
      "lease/00000009",
      "lease/00000011-x",
      "lease/000000012",
      "x/00000013",
    ].map((name) => ({ name: `${path}/${name}`, text: "", version: 1, writtenAt: 0 }));
    expect(leasesIn(path, entries).map((each) => each.number)).toEqual([9, 10]);
  });

  it("that another was faster to take is not waited for when nobody wants to wait", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    const create: Ledger["create"] = async (name, text) => {
      await take(optionsFor(ledger, clock, "faster"));
      return ledger.create(name, text);
    };
    const slower = take(optionsFor({ ...ledger, create }, clock, "slower", { lockTimeout: 0 }));
    await expect(slower).rejects.toThrow("Another run holds the stack app. Nothing was changed.");
  });

  it("stops waiting when it is told to", async () => {
    const clock = createHandClock();
    const ledger = createMemoryLedger(clock.wall);
    await take(optionsFor(ledger, clock, "one"));
    const signal = AbortSignal.abort();
    await expect(take(optionsFor(ledger, clock, "two", { signal }))).rejects.toThrow(/abort/i);
  });
});

/**
 * Runs of one stack, whose steps come in any order with any time between them: each is paused wherever the scheduler pleases, for however long. Gives the largest number
 * of runs that held a valid lease at one moment, and how many were held in all.
 */
async function interleave(
  scheduler: fc.Scheduler,
  runs: readonly { writes: number; ends: "released" | "killed" | "dissolved" }[],
  breaking: { ledger?: (ledger: Ledger) => Ledger; clock?: "stands still once it holds" } = {},
) {
  let now = 0;
  const leases: Lease[] = [];
  let most = 0;
  const look = (): void => {
    most = Math.max(most, leases.filter((each) => each.isValid()).length);
  };
  const clock: LeaseClock = {
    now: () => now,
    wall: () => now + 1e12,
    async wait(milliseconds) {
      const until = now + milliseconds;
      await scheduler.schedule(Promise.resolve(), `wait ${milliseconds}`);
      now = Math.max(now, until);
      look();
    },
    every(milliseconds, act) {
      let stopped = false;
      const tick = async (): Promise<void> => {
        for (;;) {
          await clock.wait(milliseconds);
          if (stopped) return;
          act();
        }
      };
      void tick();
      return () => {
        stopped = true;
      };
    },
  };
  const kept = createMemoryLedger(clock.wall);
  /** A request takes its time to get there, and its answer to come back. */
  const slowly =
    <A extends unknown[], R>(name: string, act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve(), `${name} there`);
      const answer = await act(...args);
      look();
      await scheduler.schedule(Promise.resolve(), `${name} back`);
      return answer;
    };
  const ledger: Ledger = {
    list: slowly("list", kept.list),
    create: slowly("create", kept.create),
    overwrite: slowly("overwrite", kept.overwrite),
    remove: slowly("remove", kept.remove),
    history: kept.history,
  };

  async function run(name: string, { writes, ends }: (typeof runs)[number]): Promise<void> {
    const stops: (() => void)[] = [];
    let stands: number | undefined;
    const every: LeaseClock["every"] = (milliseconds, act) => {
      if (breaking.clock) stands = now;
      stops.push(clock.every(milliseconds, act));
      return () => stops.forEach((stop) => void stop());
    };
    const own = { ...clock, every, now: () => stands ?? now, wall: () => stands ?? now };
    const options = optionsFor(breaking.ledger?.(ledger) ?? ledger, own, name, { leaseTime: 30, lockTimeout: 200 });
    try {
      const { lease } = await take(options);
      leases.push(lease);
      look();
      for (let write = 0; write < writes && lease.isValid(); write++) await clock.wait(7);
      if (ends === "released") await lease.release("nothing");
      if (ends === "dissolved") await lease.dissolve([]);
    } finally {
      for (const stop of stops) stop();
    }
  }

  const all = runs.map((each, index) => run(`run-${index}`, each).catch(refused));
  await scheduler.waitFor(Promise.all(all));
  return { most, held: leases.length };
}

/** That a run does not get the stack is no fault. */
function refused(error: unknown): void {
  if (!(error instanceof Error) || !/holds the stack/.test(error.message)) throw error;
}

const someRuns = fc.array(
  fc.record({
    writes: fc.integer({ min: 0, max: 6 }),
    ends: fc.constantFrom("released" as const, "killed" as const, "dissolved" as const),
  }),
  { minLength: 2, maxLength: 4 },
);

describe("whatever the order of their steps, and however long each is paused", () => {
  it("never do two runs hold a valid lease of one stack", {
    ...proves(8, "memory"),
    timeout: 60 * 60_000,
  }, async (context) => {
    const parameters = drawn(context, 300);
    let held = 0;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), someRuns, async (scheduler, runs) => {
        const found = await interleave(scheduler, runs);
        held += found.held;
        expect(found.most).toBeLessThanOrEqual(1);
      }),
      parameters,
    );
    expect(held).toBeGreaterThan(parameters.numRuns);
  });

  it.each<[string, Parameters<typeof interleave>[2]]>([
    [
      "a name can be created twice",
      { ledger: (ledger) => ({ ...ledger, create: (name, text) => ledger.overwrite(name, text).then(() => true) }) },
    ],
    ["a holder's clock stands still", { clock: "stands still once it holds" }],
  ])("and this test finds out when they do: %s", async (_, breaking) => {
    const result = await fc.check(
      fc.asyncProperty(fc.scheduler(), someRuns, async (scheduler, runs) => {
        expect((await interleave(scheduler, runs, breaking)).most).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300, endOnFailure: true },
    );
    expect(result.failed).toBe(true);
  });
});
