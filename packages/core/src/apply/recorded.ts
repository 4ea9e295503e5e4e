import { type Diagnostic, DiagnosticError, errorsIn } from "../diagnostic.ts";
import type { Prepared } from "../engine.ts";
import { labelOf } from "../plan/label.ts";
import type { Change, Plan } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Cloud } from "../resource/model.ts";
import { stableText } from "../value.ts";
import { type BookkeepingOptions, type Books, openBooks } from "./bookkeeping.ts";
import type { Source, StackRecord } from "./head-record.ts";
import type { RunEvent } from "./model.ts";

export interface RecordedOptions<C extends Cloud> {
  bookkeeping: BookkeepingOptions<C>;
  nonce: string;
  signal?: AbortSignal;
  destroy?: boolean;
  /** Reads and plans again. */
  prepare(records: ReadonlyMap<string, StackRecord>): Promise<Prepared<C>>;
}

/** Stacks of which the ledger has something else than that their files, as they are, were applied to the end; of those that are to go, anything at all. */
export function unrecorded<C extends Cloud>(
  { worlds, records }: Prepared<C>,
  { bookkeeping, destroy }: Pick<RecordedOptions<C>, "bookkeeping" | "destroy">,
): StackWorld<C>[] {
  return worlds.filter(({ instance: { stack } }) => {
    const record = records.get(stack.name);
    if (destroy || stack.isGone) return record?.head !== undefined || record?.lease !== undefined;
    const source = bookkeeping.source(stack);
    const applied = record?.head?.applied;
    // The same files, which are in a commit now: later ones can be compared with that.
    const isCommitted = isInCommit(source) && applied !== undefined && !isInCommit(applied);
    return record?.unfinished !== undefined || applied?.tree !== source.tree || isCommitted;
  });
}

function isInCommit({ revision, dirty }: Source): boolean {
  return revision !== null && !dirty;
}

/**
 * Takes the stacks, and makes sure that the plan still holds: when another run may have changed something, or one that did not finish may have left something that is
 * seen only now, it is made again. Rejects with a DiagnosticError when it has become another one.
 */
export async function* takeStacks<C extends Cloud>(
  prepared: Prepared<C>,
  worlds: readonly StackWorld<C>[],
  options: RecordedOptions<C>,
): AsyncGenerator<RunEvent, { books: Books<C>; current: Prepared<C> }> {
  const { bookkeeping, nonce: run, signal } = options;
  const { clock } = bookkeeping;
  const started = clock.now();
  const books = yield* openBooks(worlds, { bookkeeping, run, records: prepared.records, ...(signal && { signal }) });
  try {
    const quiet = books.quiet(prepared.graph);
    if (quiet) {
      const seconds = Math.ceil(quiet.milliseconds / 1000);
      const message = `an earlier run did not finish, and what it made may not show yet; waiting ${seconds} s before making anything that has no name`;
      yield { kind: "waiting", at: clock.now() - started, stack: quiet.stack, message };
      await clock.wait(quiet.milliseconds, signal);
    }
    const current =
      quiet || books.moved ? await options.prepare(new Map([...prepared.records, ...books.records])) : prepared;
    const problems = [...errorsIn(current.plan.diagnostics), ...unforeseen(current.plan, prepared.plan)];
    if (problems.length > 0) throw new DiagnosticError(problems);
    await books.begin(current.graph);
    return { books, current };
  } catch (error) {
    await books.close();
    throw error;
  }
}

/** Changes that nobody has agreed to. What is not needed any more is no matter. */
function unforeseen<C extends Cloud>(now: Plan<C>, approved: Plan<C>): Diagnostic[] {
  const agreed = new Set(changesIn(approved).map(fingerprint));
  return changesIn(now)
    .filter((change) => !agreed.has(fingerprint(change)))
    .map((change) => ({
      code: "plan.moved",
      severity: "error",
      message: `Another run has changed the stack since this plan was made: ${change.logicalId} would now be another ${change.action}.`,
      remedy: "plan again and look at it",
      resource: labelOf(change),
      place: change.place,
    }));
}

function changesIn<C extends Cloud>(plan: Plan<C>): Change<C>[] {
  return plan.stacks.flatMap((stack) => stack.changes).filter((change) => change.action !== "none");
}

function fingerprint({ stack, logicalId, type, action, identifier, steps, properties }: Change): string {
  const differences = properties.map(({ path, before, after }) => ({ path, before, after }));
  return stableText([stack.owner, logicalId, type.type, action, identifier, steps, differences]);
}
