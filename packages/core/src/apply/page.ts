import type { Diagnostic } from "../diagnostic.ts";
import type { Plan } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Cloud } from "../resource/model.ts";
import { type HeadRecord, headName, type StackRecord, type Unfinished } from "./head-record.ts";
import type { Lease, LeaseClock } from "./lease.ts";
import type { Ledger } from "./ledger.ts";
import type { Run } from "./model.ts";

/** What a run knows at its end. */
export type Ended = Pick<Run, "results" | "interrupted" | "confirmed">;

/** What a run has of one stack between taking its lease and giving it back. */
export interface Page<C extends Cloud> {
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

/** Another lease has come between the plan and this run's own, or the one that was there has changed. */
export function hasMoved<C extends Cloud>(page: Page<C>, planned: ReadonlyMap<string, StackRecord>): boolean {
  const seen = planned.get(page.world.instance.stack.name)?.lease;
  const { before } = page.lease;
  return page.lease.waited || seen?.number !== before?.number || seen?.version !== before?.version;
}

/**
 * A run that did not come to its end: its lease time, and how long ago it may have written when this one took the lease, as it may write for half of that after its last
 * sign of life. Both in milliseconds.
 */
export function unfinishedOf<C extends Cloud>({ record, lease: { before } }: Page<C>) {
  if (!record.unfinished || !before?.text) return undefined;
  const { leaseTime } = before.text;
  return { leaseTime, silence: before.silentFor - leaseTime / 2 };
}

/** Removes leases of long ago, and writes down a run that was killed. */
export async function tidy<C extends Cloud>(page: Page<C>, clock: LeaseClock): Promise<void> {
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
    run: run.run,
    actor: run.actor,
    source: run.source,
    began: run.since,
    ended: new Date(clock.wall()).toISOString(),
    ...end,
    ...(run.purpose && { purpose: run.purpose }),
    ...(applied && { applied }),
    account: location.account,
    region: location.region,
    ...(stack.roleArn !== undefined && { role: stack.roleArn }),
  };
}

/**
 * Writes down how the run of a stack ended, and gives the lease back: removes both where nothing of the stack is left. Where that fails the page stays open: as whoever
 * opened it closes it, the next run is told that this one is unfinished.
 */
export async function conclude<C extends Cloud>(page: Page<C>, ended: Ended, clock: LeaseClock): Promise<Diagnostic[]> {
  const { world, lease, ledger, path, own } = page;
  const { name, isGone } = world.instance.stack;
  if (!lease.isValid()) return [lease.lost()];
  const { outcome, counts } = endOf(name, ended);
  try {
    if ((isGone || own.purpose === "destroy") && outcome === "done" && isEmpty(ended.confirmed, name)) {
      // The head may have come since: with the word that the run before this one was killed.
      await lease.dissolve([...new Set([...lease.others.map((each) => each.name), headName(path)])]);
    } else {
      await ledger.overwrite(headName(path), JSON.stringify(recordOf(page, own, clock, { outcome, counts })));
      await lease.release(outcome === "done" ? "nothing" : "note");
    }
    page.isClosed = true;
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
