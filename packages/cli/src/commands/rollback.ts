import { DiagnosticError, type StackHistory } from "@reconcile/core";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit.ts";
import type { ApplyFlags } from "../options.ts";
import { checkTarget } from "../output.ts";
import { checkedState } from "../state.ts";
import { UsageError } from "../usage.ts";
import { applyState } from "./apply.ts";
import { readHistory } from "./history.ts";

/** `reconcile rollback [REV] [PATH…]`: applies the desired state of an earlier commit, by default of the one that was applied before the current one. */
export async function rollback(words: readonly string[], flags: ApplyFlags, context: Context): Promise<ExitCode> {
  if (!flags.yes && !context.terminal.interactive) {
    throw new UsageError("There is no terminal to ask on.", "--yes applies without asking");
  }
  await checkTarget(flags.output);
  const [given, ...paths] = words;
  const ref = given ?? (await earlier(flags, context));
  const at = { ...flags, ref };
  context.flags = at;
  return applyState(paths, at, context, "rollback");
}

/** The revision that all stacks go back to, as the runs that are recorded have it. */
async function earlier(flags: ApplyFlags, context: Context): Promise<string> {
  const stacks = await readHistory(await checkedState([], context), flags, context);
  const found = new Map(stacks.map((stack) => [stack.name, revisionBefore(stack)]));
  const [revision, ...others] = new Set(found.values());
  if (others.length > 0) {
    const list = [...found].map(([name, each]) => `${name} ${each?.slice(0, 7) ?? "nowhere"}`).join(", ");
    throw new UsageError(
      `These stacks would go back to different revisions: ${list}.`,
      "name the revision (reconcile rollback REV), or one stack (--stack NAME)",
    );
  }
  if (revision === undefined) throw new DiagnosticError(nothingBefore(stacks));
  context.terminal.err(`rolling back to ${revision.slice(0, 7)}`);
  return revision;
}

/** Of the last run that was done with another revision than what is applied now. */
function revisionBefore({ runs }: StackHistory): string | undefined {
  const current = runs[0]?.applied?.revision;
  const before = runs.find(({ outcome, source }) => outcome === "done" && !source.dirty && source.revision !== current);
  return before?.source.revision ?? undefined;
}

function nothingBefore(stacks: readonly StackHistory[]) {
  const names = stacks.map(({ name }) => name).join(", ");
  return {
    code: "rollback.nothing-before",
    severity: "error",
    message: `No earlier commit that was applied to ${names} is recorded.`,
    remedy: "name the revision to go back to: reconcile rollback REV",
  } as const;
}
