import { z } from "zod";
import type { LedgerEntry } from "./ledger.ts";

/** What the entry of a lease says. */
const LeaseText = z.object({
  state: z.enum(["held", "released"]),
  run: z.string(),
  /** How often this run has tried: every try is a lease of its own. */
  attempt: z.int(),
  actor: z.string(),
  /** When it was taken, on its holder's clock: for people, never compared. */
  since: z.string(),
  /** Milliseconds without a sign of life after which it has expired. */
  leaseTime: z.number().positive(),
  renewals: z.int(),
  /** What its holder, or one before it, wants the next one to know. */
  note: z.unknown().optional(),
  /** When the run that the note is about last gave a sign of life, where that is an earlier one: milliseconds, on the ledger's clock. */
  noteFrom: z.number().optional(),
});
export type LeaseText = z.infer<typeof LeaseText>;

/** One of a stack's leases; only the one with the highest number counts. */
export interface LeaseEntry extends Omit<LedgerEntry, "text"> {
  number: number;
  /** undefined: it cannot be read, so it is somebody's. */
  text: LeaseText | undefined;
}

/** The lease that counts. */
export function topLease(path: string, entries: readonly LedgerEntry[]): LeaseEntry | undefined {
  return leasesIn(path, entries).at(-1);
}

/** Numbers and versions begin anew where an entry was removed: who wrote it tells one from the other. */
export function isUnchanged(before: LeaseEntry | undefined, now: LeaseEntry | undefined): boolean {
  const [one, other] = [before, now].map((each) => [each?.number, each?.version, each?.text?.run, each?.text?.attempt]);
  return JSON.stringify(one) === JSON.stringify(other);
}

/** In the order of their numbers. */
export function leasesIn(path: string, entries: readonly LedgerEntry[]): LeaseEntry[] {
  const folder = `${path}/lease/`;
  return entries
    .filter(({ name }) => name.startsWith(folder) && /^\d{8}$/.test(name.slice(folder.length)))
    .map((entry) => ({
      ...entry,
      number: Number(entry.name.slice(folder.length)),
      text: parsed(LeaseText, entry.text),
    }))
    .sort((a, b) => a.number - b.number);
}

/** What an entry holds, or undefined where it is something else: anybody may have written it. */
export function parsed<S extends z.ZodType>(schema: S, text: string): z.infer<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The name of a lease in the ledger. */
export function leaseName(path: string, number: number): string {
  return `${path}/lease/${String(number).padStart(8, "0")}`;
}

/** `alice (run 3f2a1b9c, since 2026-11-21 10:00:12 UTC)`. */
export function holderText({ text }: Pick<LeaseEntry, "text">): string {
  if (!text) return "somebody whose note cannot be read";
  return `${text.actor} (run ${text.run.slice(0, 8)}, since ${text.since.slice(0, 19).replace("T", " ")} UTC)`;
}
