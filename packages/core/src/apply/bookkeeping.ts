import type { Diagnostic } from "../diagnostic.ts";
import { diagnosed } from "../plan/diagnosed.ts";
import { knownIn } from "../plan/known-in.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Graph } from "../plan/order.ts";
import { settleAll } from "../plan/settle.ts";
import type { Cloud } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { type RunPurpose, recordIn, type Source, type StackRecord, typesOf, type Unfinished } from "./head-record.ts";
import { type LeaseClock, takeLease } from "./lease.ts";
import { holderText, type LeaseEntry } from "./lease-entry.ts";
import type { Ledger } from "./ledger.ts";
import type { RunEvent } from "./model.ts";
import { conclude, type Ended, hasMoved, type Page, tidy, unfinishedOf } from "./page.ts";
import { pathOf } from "./records.ts";

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

/** For which run books are opened. */
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
        ledger,
        path,
        stack: stack.name,
        run,
        actor,
        clock,
        leaseTime,
        lockTimeout: left,
        ...(options.signal && { signal: options.signal }),
      });
      let next = await diagnosed(cloud, taking.next());
      for (; !next.done; next = await diagnosed(cloud, taking.next())) {
        const message = waitingFor(next.value, left);
        yield { kind: "waiting", at: clock.now() - started, stack: stack.name, message };
      }
      const lease = next.value;
      const own: Unfinished = {
        run,
        actor,
        source: bookkeeping.source(stack),
        since: new Date(clock.wall()).toISOString(),
        types: [],
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
      const found = await settleAll(pages.map((page) => conclude(page, ended, bookkeeping.clock)));
      return found.flat();
    },
    async close() {
      await giveBack(pages.filter((page) => !page.isClosed));
    },
  };
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
