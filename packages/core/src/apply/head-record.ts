import { z } from "zod";
import { type LeaseEntry, parsed, topLease } from "./lease-entry.ts";
import { type LedgerEntry, ledgerPath } from "./ledger.ts";

/** The files that a run applied. */
const Source = z.object({
  /** Of git; null: the files are in no commit that is known. */
  revision: z.string().nullable(),
  /** Of the content of the stack's files. */
  tree: z.string(),
  /** The files were not as the revision has them. */
  dirty: z.boolean(),
});
export type Source = z.infer<typeof Source>;

/** What a run was for, where that is not the plain reconciling of the files as they are. */
const RunPurpose = z.enum(["destroy", "rollback"]);
export type RunPurpose = z.infer<typeof RunPurpose>;

const HeadRecord = z.object({
  run: z.string(),
  actor: z.string(),
  purpose: RunPurpose.optional(),
  source: Source,
  /** ISO 8601, UTC. */
  began: z.string(),
  ended: z.string(),
  /** `partial`: nothing failed, and something is left for a later run. `killed`: it was found unfinished by the run after it. */
  outcome: z.enum(["done", "failed", "partial", "interrupted", "killed"]),
  /** What was last applied to its end: what live AWS should be like. */
  applied: Source.optional(),
  /** Steps that were done, by operation. */
  counts: z.record(z.string(), z.int()),
  account: z.string(),
  region: z.string(),
  role: z.string().optional(),
});
/** How a run of a stack ended. One version of one entry for each run: its versions are the history. */
export type HeadRecord = z.infer<typeof HeadRecord>;

const Unfinished = z.object({
  run: z.string(),
  actor: z.string(),
  purpose: RunPurpose.optional(),
  source: Source,
  since: z.string(),
  /** Types of which it may have made something; `*`: any. */
  types: z.array(z.string()),
});
/** What a run that has not come to its end may have left. It is written before the first write, and only ever makes more be looked at. */
export type Unfinished = z.infer<typeof Unfinished>;

/** What the ledger says of a stack. */
export interface StackRecord {
  head?: HeadRecord;
  /** Of the last run, should it be unfinished. */
  unfinished?: Unfinished;
  /** The lease of the last run. */
  lease?: LeaseEntry;
}

/** The name of the record of runs in the ledger. */
export function headName(path: string): string {
  return `${path}/head`;
}

/** The stacks of a project of whose runs there is word, by the names of the ledger's entries. */
export function stacksIn(project: string, entries: readonly string[]): string[] {
  const folder = `${ledgerPath(project)}/`;
  const own = entries.filter((entry) => entry.startsWith(folder)).map((entry) => entry.slice(folder.length));
  return [...new Set(own.flatMap((entry) => entry.split("/").slice(0, -1).slice(0, 1)))];
}

/** What the entries of a stack say. What cannot be read counts as not there. */
export function recordIn(path: string, entries: readonly LedgerEntry[]): StackRecord {
  const entry = entries.find(({ name }) => name === headName(path));
  const head = entry && parsed(HeadRecord, entry.text);
  const lease = topLease(path, entries);
  const unfinished = Unfinished.safeParse(lease?.text?.note).data;
  return { ...(head && { head }), ...(lease && { lease }), ...(unfinished && { unfinished }) };
}

/** Records of earlier runs, the newest first. What cannot be read is left out: somebody else wrote it. */
export function historyIn(versions: readonly LedgerEntry[]): HeadRecord[] {
  return versions.flatMap((version) => parsed(HeadRecord, version.text) ?? []);
}

/** The last run's types are also those of the runs before it that nobody finished. */
export function typesOf(unfinished: Unfinished | undefined, types: Iterable<string>): string[] {
  const all = [...new Set([...(unfinished?.types ?? []), ...types])].sort();
  // An entry holds 4 KB, and its other fields are a quarter of that.
  return all.includes("*") || all.join().length > 1500 ? ["*"] : all;
}
