import { z } from "zod";
import type { HeadRecord } from "../apply/head-record.ts";
import { codeSpan, escapeText } from "./markdown-escape.ts";
import { printable } from "./printable.ts";
import { plural, shortRevision } from "./words.ts";

/** The last runs of a stack, the newest first. */
export interface StackHistory {
  name: string;
  project: string;
  runs: readonly HeadRecord[];
}

const HistoryRun = z.strictObject({
  run: z.string(),
  actor: z.string(),
  /** null: the plain reconciling of the files. */
  purpose: z.enum(["destroy", "rollback"]).nullable(),
  /** ISO 8601, UTC. */
  began: z.string(),
  ended: z.string(),
  /** `partial`: something is left for a later run. `killed`: it was found unfinished by the run after it. */
  outcome: z.enum(["done", "failed", "partial", "interrupted", "killed"]),
  /** null: the files were in no commit. */
  revision: z.string().nullable(),
  /** The files were not as the revision has them. */
  dirty: z.boolean(),
  /** Of the content of the stack's files. */
  tree: z.string(),
  /** Steps that were done, by operation. */
  counts: z.record(z.string(), z.int()),
  account: z.string(),
  region: z.string(),
  role: z.string().nullable(),
});

/** The document of `history --format json`. */
export const HistoryDocument = z.strictObject({
  formatVersion: z.literal("1.0"),
  stacks: z.array(z.strictObject({ name: z.string(), project: z.string(), runs: z.array(HistoryRun) })),
});
export type HistoryDocument = z.infer<typeof HistoryDocument>;

/** The last runs of the stacks, the newest first: `history --format json`. */
export function historyDocument(stacks: readonly StackHistory[]): HistoryDocument {
  return {
    formatVersion: "1.0",
    stacks: stacks.map(({ name, project, runs }) => ({
      name,
      project,
      runs: runs.map(({ source, applied: _, purpose, role, ...rest }) => ({
        ...rest,
        ...source,
        purpose: purpose ?? null,
        role: role ?? null,
      })),
    })),
  };
}

/** A line for each run: when, what, how it ended, what was done, who. */
export function renderHistory(stacks: readonly StackHistory[]): string {
  return stacks.map(stackText).join("\n\n");
}

function stackText({ name, runs }: StackHistory): string {
  const heading = `${printable(name)} · ${runs.length === 0 ? "no run is recorded" : plural(runs.length, "run")}`;
  const rows = runs.map(cellsOf);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [heading, ...lines.map((line) => `  ${line}`)].join("\n");
}

function cellsOf(run: HeadRecord): string[] {
  return [timeText(run.ended), revisionText(run), outcomeText(run), countsText(run), run.actor].map(printable);
}

/** The same runs as tables, one for each stack. */
export function renderHistoryMarkdown(stacks: readonly StackHistory[]): string {
  return stacks.map(stackMarkdown).join("\n\n");
}

function stackMarkdown({ name, runs }: StackHistory): string {
  const heading = `### ${escapeText(name)}`;
  if (runs.length === 0) return `${heading}\n\nNo run is recorded.`;
  const rows = runs.map((run) => {
    const [time = "", revision = "", outcome = "", counts = "", actor = ""] = cellsOf(run);
    return `| ${[codeSpan(time), codeSpan(revision), escapeText(outcome), escapeText(counts), escapeText(actor)].join(" | ")} |`;
  });
  return [heading, "", "| Ended (UTC) | Revision | Outcome | Changes | By |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

/** `2026-11-21 02:17:05`. */
function timeText(time: string): string {
  return time.slice(0, 19).replace("T", " ");
}

function revisionText({ source }: HeadRecord): string {
  if (source.revision === null) return "(no commit)";
  return shortRevision(source.revision) + (source.dirty ? " + changes" : "");
}

function outcomeText({ outcome, purpose }: HeadRecord): string {
  return purpose === undefined ? outcome : `${purpose} ${outcome}`;
}

function countsText({ counts, outcome }: HeadRecord): string {
  // It came to no end at which it could have counted.
  if (outcome === "killed") return "changes not known";
  const done = Object.entries(counts).map(([operation, count]) => `${count} ${operation}`);
  return done.length === 0 ? "nothing changed" : done.join(", ");
}
