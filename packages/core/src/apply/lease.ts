import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { Clock } from "./clock.ts";
import {
  holderText,
  isUnchanged,
  type LeaseEntry,
  type LeaseText,
  leaseName,
  leasesIn,
  topLease,
} from "./lease-entry.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";

/** What a lease needs of time besides a clock that never jumps. */
export interface LeaseClock extends Clock {
  /** Milliseconds since 1970: may jump, and goes on while the machine sleeps. */
  wall(): number;
  /** Calls it again and again, so many milliseconds apart, until what it gives is called. */
  every(milliseconds: number, act: () => void): () => void;
}

/** Who takes the lease of which stack. */
export interface LeaseOptions {
  ledger: Ledger;
  /** Of the stack's entries: `/reconcile/<project>/<stack>`. */
  path: string;
  /** The stack's name, for messages. */
  stack: string;
  run: string;
  actor: string;
  clock: LeaseClock;
  /** Milliseconds. */
  leaseTime: number;
  /** How long to wait for another run, in milliseconds. */
  lockTimeout: number;
  signal?: AbortSignal;
}

/** The right to change a stack: of one run at a time. */
export interface Lease {
  number: number;
  /** The stack's other entries, as they were when it was taken. */
  others: readonly LedgerEntry[];
  /** Names of those that nobody needs any more: leases before the one before it. */
  old: readonly string[];
  /** The one before it, and how long the run that its note is about had been silent when this one was taken: milliseconds, on the ledger's clock. */
  before?: LeaseEntry & { silentFor: number };
  /** Another run may have changed the stack while this one waited for it. */
  waited: boolean;
  /** May a request be sent now? Asked immediately before each. */
  isValid(): boolean;
  /** Leaves word for the next holder, should this one not come to its end. Until then the note of the one before it is kept. */
  tell(note: unknown): Promise<void>;
  /** Gives it back; the note that is left stays for the next holder, unless there is nothing more to know. One that has expired is left alone. */
  release(left: "note" | "nothing"): Promise<void>;
  /** Gives it back by removing it, after these entries: nothing of the stack is left. */
  dissolve(names: readonly string[]): Promise<void>;
  /** Why it is not valid any more. */
  lost(): Diagnostic;
}

/**
 * Takes the lease of a stack: the number after the highest one that is released, or whose holder gave no sign of life for a lease time that was watched on this run's own
 * clock; time stamps of others are never compared. Gives every holder that it waits for. Rejects with a DiagnosticError when the time for waiting is over.
 *
 * At most one run holds a valid lease at any time. A renewal counts from before it is sent, is only sent while the last one is younger than half the lease time, and a lease
 * is valid for half the lease time after it: so the last moment of a holder that was seen alive once is within one lease time of that look, however late its answers come.
 */
export async function* takeLease(options: LeaseOptions): AsyncGenerator<LeaseEntry, Lease> {
  const { ledger, path, clock, leaseTime, lockTimeout, signal } = options;
  const deadline = clock.now() + lockTimeout;
  let seen: { entry: LeaseEntry; at: number } | undefined;
  for (let attempt = 1; ; attempt++) {
    const asked = clock.now();
    const top = topLease(path, await ledger.list(path));
    const patience = top?.text?.leaseTime ?? leaseTime;
    const isSame = seen !== undefined && isUnchanged(seen.entry, top);
    if (!top || top.text?.state === "released" || (isSame && seen && asked - seen.at >= patience)) {
      const lease = await tryToTake(options, attempt, top, seen !== undefined);
      if (lease) return lease;
    } else if (!isSame) {
      if (seen?.entry.number !== top.number) yield top;
      seen = { entry: top, at: clock.now() };
    }
    const now = clock.now();
    if (now >= deadline) throw new DiagnosticError(heldByOther(options.stack, seen?.entry ?? top));
    const expiry = seen ? seen.at + patience - now : patience;
    await clock.wait(Math.max(1, Math.min(patience / 10, expiry, deadline - now)), signal);
  }
}

/** undefined: another run was faster. */
async function tryToTake(
  options: LeaseOptions,
  attempt: number,
  top: LeaseEntry | undefined,
  waited: boolean,
): Promise<Lease | undefined> {
  const { ledger, path, clock, run, leaseTime } = options;
  const number = (top?.number ?? 0) + 1;
  const name = leaseName(path, number);
  const since = new Date(clock.wall()).toISOString();
  const text: LeaseText = {
    state: "held",
    run,
    attempt,
    actor: options.actor,
    since,
    leaseTime,
    renewals: 0,
    ...inherited(top),
  };
  const held = holding(options, name, text);
  // Whether a request did its work is not in its answer, which may be lost: it is in the ledger.
  const failure = await ledger.create(name, JSON.stringify(text)).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const entries = await ledger.list(path);
  const leases = leasesIn(path, entries);
  const own = leases.find((each) => each.number === number && each.text?.run === run && each.text.attempt === attempt);
  if (!own && failure) throw failure.error;
  if (!own) return undefined;
  const before = leases.find((each) => each.number === number - 1);
  // Whoever looked long ago may take a number that was used and removed since: it stands only on top, and on the one that it follows, as that was.
  const stands = leases.at(-1) === own && isUnchanged(before, top) && held.isValid();
  if (!stands) {
    await ledger.remove([name]);
    return undefined;
  }
  return {
    number,
    others: entries.filter((entry) => entry.name !== name),
    old: leases.filter((each) => each.number < number - 1).map((each) => each.name),
    ...(before && { before: { ...before, silentFor: own.writtenAt - (text.noteFrom ?? before.writtenAt) } }),
    waited,
    ...held,
    ...held.begin(),
  };
}

/** What is still to be known of earlier runs, until this one has looked. */
function inherited(top: LeaseEntry | undefined): Pick<LeaseText, "note" | "noteFrom"> {
  if (!top?.text || top.text.note === undefined) return {};
  return { note: top.text.note, noteFrom: top.text.noteFrom ?? top.writtenAt };
}

const noNote = { note: undefined, noteFrom: undefined };

/** A lease while it is held. */
function holding({ ledger, clock, leaseTime, stack }: LeaseOptions, name: string, text: LeaseText) {
  let renewed = { now: clock.now(), wall: clock.wall() };
  let failure: unknown;
  let current = text;
  let writing: Promise<void> = Promise.resolve();
  let isWriting = false;
  let isGivenBack = false;

  function isFresh(): boolean {
    const longest = leaseTime / 2;
    return clock.now() - renewed.now < longest && clock.wall() - renewed.wall < longest;
  }

  /** One after the other, and none once it is too late: what is sent then might arrive when another run holds the stack. */
  function write(change: Partial<LeaseText>): Promise<void> {
    isWriting = true;
    writing = writing
      .catch(() => undefined)
      .then(async () => {
        if (!isFresh()) return;
        const sent = { now: clock.now(), wall: clock.wall() };
        current = { ...current, ...change, renewals: current.renewals + 1 };
        await ledger.overwrite(name, JSON.stringify(current));
        renewed = sent;
      })
      .finally(() => {
        isWriting = false;
      });
    return writing;
  }

  function begin() {
    // Every third of its time; one that fails is tried again as long as it is not too late.
    const stop = clock.every(leaseTime / 12, () => {
      if (isWriting || clock.now() - renewed.now < leaseTime / 3) return;
      write({}).catch((error: unknown) => {
        failure = error;
      });
    });
    return {
      async release(left: "note" | "nothing") {
        stop();
        isGivenBack = true;
        await write({ state: "released", ...(left === "nothing" && noNote) });
      },
      async dissolve(names: readonly string[]) {
        stop();
        isGivenBack = true;
        // A renewal that failed does no harm: what counts is the age of the last one that did not.
        await writing.catch(() => undefined);
        if (!isFresh()) return;
        await ledger.remove(names);
        await ledger.remove([name]);
      },
    };
  }

  return {
    isValid: () => !isGivenBack && isFresh(),
    begin,
    tell: (note: unknown) => write({ ...noNote, note }),
    lost: () => leaseLost(stack, failure),
  };
}

function heldByOther(stack: string, entry: LeaseEntry | undefined): Diagnostic {
  const who = entry ? `Another run, by ${holderText(entry)},` : "Another run";
  return {
    code: "lease.held",
    severity: "error",
    message: `${who} holds the stack ${stack}. Nothing was changed.`,
    remedy:
      "run again when it is done, or wait longer with --lock-timeout SECONDS; the stack of a run that was killed is free after half a minute",
  };
}

/** Of a run that was paused or cut off for too long to know that it is still alone. */
function leaseLost(stack: string, failure: unknown): Diagnostic {
  const why = failure instanceof Error ? ` (${failure.message})` : "";
  return {
    code: "lease.lost",
    severity: "error",
    message: `This run could not renew its hold of the stack ${stack} in time${why}, so another run may hold it now: nothing more is sent.`,
    remedy: "run again; it waits for the other run, and continues from what is there",
  };
}
