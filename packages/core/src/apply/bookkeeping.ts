import type { Diagnostic } from "../diagnostic.ts";
import { diagnosed } from "../plan/diagnosed.ts";
import { knownIn } from "../plan/known-in.ts";
import type { Plan } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Graph } from "../plan/order.ts";
import { settleAll } from "../plan/settle.ts";
import type { Cloud } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import {
  type HeadRecord,
  headName,
  historyIn,
  type RunPurpose,
  recordIn,
  type Source,
  type StackRecord,
  typesOf,
  type Unfinished,
} from "./head-record.ts";
import { type Lease, type LeaseClock, takeLease } from "./lease.ts";
import { holderText, type LeaseEntry } from "./lease-entry.ts";
import { type Ledger, ledgerPath } from "./ledger.ts";
import type { Run, RunEvent } from "./model.ts";

/** How runs know of one another: who may write, and what was applied last. */
export interface BookkeepingOptions<C extends Cloud = Cloud> {
  ledger(cloud: C): Ledger;
  /** Who runs, for people. */
  actor(cloud: C): string;
  clock: LeaseClock;
  /** How long to wait for another run, in milliseconds. Default: twice the lease time, so that a run after one that was killed waits and goes on. */
  lockTimeout?: number;
  /** Milliseconds without a sign of life after which a run counts as dead. Default: 30 s. */
  leaseTime?: number;
  /** The files of a stack, as they are applied. */
  source(stack: Stack): Source;
  purpose?: RunPurpose;
}

const defaultLeaseTime = 30_000;
/** In lease times: how long something that a run made may be hidden from every list. */
const quietTime = 4;
/** Milliseconds: how long an error may be a matter of time because of what an unfinished run did. */
const recently = 300_000;

type Reading<C extends Cloud> = Pick<BookkeepingOptions<C>, "ledger"> & { connect(stack: Stack): Promise<C> };

/** What the ledger says of each stack, by name. Rejects with a DiagnosticError when it cannot be read. */
export function readRecords<C extends Cloud>(
  stacks: readonly Stack[],
  reading: Reading<C>,
): Promise<ReadonlyMap<string, StackRecord>> {
  return readEach(stacks, reading, async (ledger, path) => recordIn(path, await ledger.list(path)));
}

/** The last runs of each stack, by name, the newest first. Rejects with a DiagnosticError when they cannot be read. */
export function readHistory<C extends Cloud>(
  stacks: readonly Stack[],
  reading: Reading<C>,
): Promise<ReadonlyMap<string, readonly HeadRecord[]>> {
  return readEach(stacks, reading, async (ledger, path) => historyIn(await ledger.history(headName(path))));
}

async function readEach<C extends Cloud, T>(
  stacks: readonly Stack[],
  { ledger, connect }: Reading<C>,
  read: (ledger: Ledger, path: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const found = stacks.map(async (stack) => {
    const cloud = await connect(stack);
    return [stack.name, await diagnosed(cloud, read(ledger(cloud), pathOf(stack)))] as const;
  });
  return new Map(await settleAll(found));
}

function pathOf({ project, name }: Stack): string {
  return ledgerPath(project.name, name);
}

/** What a run knows at its end. */
export type Ended = Pick<Run, "results" | "interrupted" | "confirmed">;

/** The books of a run that writes: the lease of each of its stacks, and what is written down. */
export interface Books<C extends Cloud> {
  /** As they were when the leases were taken. */
  records: ReadonlyMap<string, StackRecord>;
  /** Another run may have written since the plan was made. */
  moved: boolean;
  /** Writes down what may be made, before anything is. */
  begin(graph: Graph<C>): Promise<void>;
  /** May this run write to the stack now? */
  isHeld(stack: string): boolean;
  /** Why it may not. */
  lost(stack: string): Diagnostic;
  /** Milliseconds until what an unfinished run of these stacks made shows in every list, and the stack that has to wait. */
  quiet(graph: Graph<C>): { stack: string; milliseconds: number } | undefined;
  /** Writes down how it ended, and gives the leases back. */
  conclude(ended: Ended): Promise<Diagnostic[]>;
  /** Gives back what is still held: a run that was cut short is unfinished. */
  close(): Promise<void>;
}

interface Page<C extends Cloud> {
  world: StackWorld<C>;
  ledger: Ledger;
  path: string;
  lease: Lease;
  record: StackRecord;
  /** On the run's own clock. */
  takenAt: number;
  /** Of this run: what is left of it, should it end here. */
  own: Unfinished;
  isClosed: boolean;
}

export interface OpenBooksOptions<C extends Cloud> {
  bookkeeping: BookkeepingOptions<C>;
  run: string;
  /** As they were when the plan was made. */
  records: ReadonlyMap<string, StackRecord>;
  signal?: AbortSignal;
}

/**
 * Takes the lease of every stack, in the order of their names, so that two runs never wait for one another. Gives an event for each run that it waits for. Rejects with a
 * DiagnosticError when another run keeps one.
 */
export async function* openBooks<C extends Cloud>(
  worlds: readonly StackWorld<C>[],
  options: OpenBooksOptions<C>,
): AsyncGenerator<RunEvent, Books<C>> {
  const { bookkeeping, run } = options;
  const { clock, leaseTime = defaultLeaseTime } = bookkeeping;
  const { lockTimeout = 2 * leaseTime } = bookkeeping;
  const pages: Page<C>[] = [];
  const started = clock.now();
  const sorted = worlds.toSorted((a, b) => (a.instance.stack.name < b.instance.stack.name ? -1 : 1));
  let isComplete = false;
  try {
    for (const world of sorted) {
      const { stack, cloud } = world.instance;
      const path = pathOf(stack);
      const ledger = bookkeeping.ledger(cloud);
      const actor = bookkeeping.actor(cloud).slice(0, 256);
      const left = Math.max(0, started + lockTimeout - clock.now());
      const taking = takeLease({
        ...{ ledger, path, stack: stack.name, run, actor, clock, leaseTime, lockTimeout: left },
        ...(options.signal && { signal: options.signal }),
      });
      let next = await diagnosed(cloud, taking.next());
      for (; !next.done; next = await diagnosed(cloud, taking.next())) {
        const message = waitingFor(next.value, left);
        yield { kind: "waiting", at: clock.now() - started, stack: stack.name, message };
      }
      const lease = next.value;
      const own: Unfinished = {
        ...{ run, actor, source: bookkeeping.source(stack), since: new Date(clock.wall()).toISOString(), types: [] },
        ...(bookkeeping.purpose && { purpose: bookkeeping.purpose }),
      };
      const record = recordIn(path, lease.others);
      pages.push({ world, ledger, path, lease, record, takenAt: clock.now(), own, isClosed: false });
    }
    isComplete = true;
    return booksOf(pages, options);
  } finally {
    if (!isComplete) await giveBack(pages);
  }
}

/** A lease that cannot be given back expires by itself. */
async function giveBack<C extends Cloud>(pages: readonly Page<C>[]): Promise<void> {
  await Promise.allSettled(pages.map((page) => page.lease.release("note")));
}

function waitingFor(holder: LeaseEntry, milliseconds: number): string {
  return `another run, by ${holderText(holder)}, holds the stack; waiting up to ${Math.round(milliseconds / 1000)} s`;
}

function booksOf<C extends Cloud>(pages: readonly Page<C>[], options: OpenBooksOptions<C>): Books<C> {
  const { bookkeeping } = options;
  const pageOf = new Map(pages.map((page) => [page.world.instance.stack.name, page]));
  return {
    records: new Map(pages.map((page) => [page.world.instance.stack.name, page.record])),
    moved: pages.some((page) => hasMoved(page, options.records)),
    isHeld: (stack) => knownIn(pageOf, stack).lease.isValid(),
    lost: (stack) => knownIn(pageOf, stack).lease.lost(),
    async begin(graph) {
      await settleAll(
        pages.map(async (page) => {
          const { world, lease, record } = page;
          const { cloud } = world.instance;
          const earlier = unfinishedOf(page);
          if (earlier && earlier.silence < recently) cloud.resumed?.();
          await diagnosed(cloud, tidy(page, bookkeeping.clock));
          const types = typesIn(graph, world);
          if (types.length === 0) return;
          page.own = { ...page.own, types: typesOf(record.unfinished, types) };
          await diagnosed(cloud, lease.tell(page.own));
        }),
      );
    },
    quiet(graph) {
      const waits = pages.flatMap((page) => {
        const earlier = unfinishedOf(page);
        if (!earlier || !makesNameless(graph, page.world)) return [];
        const passed = earlier.silence + bookkeeping.clock.now() - page.takenAt;
        return [{ stack: page.world.instance.stack.name, milliseconds: quietTime * earlier.leaseTime - passed }];
      });
      return waits.filter((each) => each.milliseconds > 0).sort((a, b) => b.milliseconds - a.milliseconds)[0];
    },
    async conclude(ended) {
      const found = await settleAll(pages.map((page) => conclude(page, ended, bookkeeping)));
      return found.flat();
    },
    async close() {
      await giveBack(pages.filter((page) => !page.isClosed));
    },
  };
}

/** Another lease has come between the plan and this run's own, or the one that was there has changed. */
function hasMoved<C extends Cloud>(page: Page<C>, planned: ReadonlyMap<string, StackRecord>): boolean {
  const seen = planned.get(page.world.instance.stack.name)?.lease;
  const { before } = page.lease;
  return page.lease.waited || seen?.number !== before?.number || seen?.version !== before?.version;
}

function typesIn<C extends Cloud>(graph: Graph<C>, world: StackWorld<C>): string[] {
  return nodesOf(graph, world).map(({ change }) => change.type.type);
}

function nodesOf<C extends Cloud>(graph: Graph<C>, { instance }: StackWorld<C>) {
  return [...graph.nodes.values()].filter((node) => node.step.stack === instance.stack.name);
}

/** Does it make something that could not be found again by a name, should it exist already? */
function makesNameless<C extends Cloud>(graph: Graph<C>, world: StackWorld<C>): boolean {
  return nodesOf(graph, world).some(({ step, change }) => step.operation === "create" && !change.type.naturalKey);
}

/**
 * A run that did not come to its end: its lease time, and how long ago it may have written when this one took the lease, as it may write for half of that after its last
 * sign of life. Both in milliseconds.
 */
function unfinishedOf<C extends Cloud>({ record, lease: { before } }: Page<C>) {
  if (!record.unfinished || !before?.text) return undefined;
  const { leaseTime } = before.text;
  return { leaseTime, silence: before.silentFor - leaseTime / 2 };
}

/** Removes leases of long ago, and writes down a run that was killed. */
async function tidy<C extends Cloud>(page: Page<C>, clock: LeaseClock): Promise<void> {
  const { ledger, lease, record, path } = page;
  if (lease.old.length > 0) await ledger.remove(lease.old);
  const { unfinished } = record;
  const isKilled = lease.before?.text?.state === "held" && lease.before.text.run === unfinished?.run;
  if (!unfinished || !isKilled) return;
  const killed = recordOf(page, unfinished, clock, { outcome: "killed", counts: {} });
  await ledger.overwrite(headName(path), JSON.stringify(killed));
}

function recordOf<C extends Cloud>(
  { world, record }: Page<C>,
  run: Unfinished,
  clock: LeaseClock,
  end: Pick<HeadRecord, "outcome" | "counts">,
): HeadRecord {
  const { location, stack } = world.instance;
  const applied = end.outcome === "done" ? run.source : record.head?.applied;
  return {
    ...{ run: run.run, actor: run.actor, source: run.source, began: run.since },
    ended: new Date(clock.wall()).toISOString(),
    ...end,
    ...(run.purpose && { purpose: run.purpose }),
    ...(applied && { applied }),
    ...{ account: location.account, region: location.region },
    ...(stack.roleArn !== undefined && { role: stack.roleArn }),
  };
}

async function conclude<C extends Cloud>(
  page: Page<C>,
  ended: Ended,
  { clock }: BookkeepingOptions<C>,
): Promise<Diagnostic[]> {
  const { world, lease, ledger, path, own } = page;
  const { name, isGone } = world.instance.stack;
  page.isClosed = true;
  if (!lease.isValid()) {
    await lease.release("note");
    return [lease.lost()];
  }
  const { outcome, counts } = endOf(name, ended);
  try {
    if ((isGone || own.purpose === "destroy") && outcome === "done" && isEmpty(ended.confirmed, name)) {
      // The head may have come since: with the word that the run before this one was killed.
      await lease.dissolve([...new Set([...lease.others.map((each) => each.name), headName(path)])]);
      return [];
    }
    await ledger.overwrite(headName(path), JSON.stringify(recordOf(page, own, clock, { outcome, counts })));
    await lease.release(outcome === "done" ? "nothing" : "note");
    return [];
  } catch (error) {
    const { message } = world.instance.cloud.diagnose(error);
    return [notRecorded(name, message)];
  }
}

/** Of one stack: what failed in another is not its own. */
function endOf(stack: string, { results, interrupted }: Ended): Pick<HeadRecord, "outcome" | "counts"> {
  const own = results.filter((result) => result.step.stack === stack);
  const counts: Record<string, number> = {};
  for (const { step, outcome } of own)
    if (outcome === "done") counts[step.operation] = (counts[step.operation] ?? 0) + 1;
  const isDone = own.every((result) => result.outcome === "done" || result.outcome === "unchanged");
  const isFailed = own.some((result) => result.outcome === "failed");
  const left = isFailed ? "failed" : interrupted ? "interrupted" : "partial";
  return { counts, outcome: isDone ? "done" : left };
}

function isEmpty(confirmed: Plan | undefined, stack: string): boolean {
  const plan = confirmed?.stacks.find((each) => each.stack.stack.name === stack);
  return plan !== undefined && plan.orphans.length === 0 && plan.changes.every((change) => change.action === "none");
}

function notRecorded(stack: string, why: string): Diagnostic {
  return {
    code: "record.not-written",
    severity: "warning",
    message: `What was done to the stack ${stack} could not be written down: ${why}`,
    remedy: "run again: it finds nothing to do, and writes it down",
  };
}
