import { apply } from "./apply/apply.ts";
import type { BookkeepingOptions, Books } from "./apply/bookkeeping.ts";
import type { Clock } from "./apply/clock.ts";
import type { HeadRecord, StackRecord } from "./apply/head-record.ts";
import type { Run, RunEvent } from "./apply/model.ts";
import { takeStacks, unrecorded } from "./apply/recorded.ts";
import { readHistory, readRecords } from "./apply/records.ts";
import { type Held, holdUnapproved, refuseApproval } from "./approval/approval.ts";
import { type Diagnostic, DiagnosticError, hasErrors } from "./diagnostic.ts";
import { findElsewhere } from "./plan/elsewhere.ts";
import { commonRevision, type FoundBase, formerAt, labelsOf, stacksAt } from "./plan/found-base.ts";
import { guard } from "./plan/guard.ts";
import type { Plan } from "./plan/model.ts";
import { refuseSecond } from "./plan/moves.ts";
import { type ObserveOptions, observe, type StackWorld } from "./plan/observe.ts";
import { type Graph, order } from "./plan/order.ts";
import { findOrphanStacks, orphanStackNote, refusePruning, type WholeProject } from "./plan/orphan-stacks.ts";
import { plan } from "./plan/plan.ts";
import { settleAll, unique } from "./plan/settle.ts";
import type { PlanDocument } from "./report/document.ts";
import type { Cloud } from "./resource/model.ts";
import type { Stack } from "./stack/model.ts";
import type { VerificationReport } from "./verify/model.ts";
import { type VerifyOptions, verify } from "./verify/verify.ts";

export interface EngineOptions<C extends Cloud> extends ObserveOptions<C> {
  clock: Clock;
  /** Of this run alone. */
  nonce: string;
  parallelism: number;
  /** Logical ids, `stack/LogicalId`, or `all`. */
  allowDelete: readonly string[];
  /** What is let go instead of deleted, named in the same way. */
  abandon?: readonly string[];
  /** This run is of the whole folder of a project. */
  whole?: WholeProject;
  /** A saved plan: only what it says is done, where live AWS has not moved since. */
  approved?: PlanDocument;
  /** What took secrets out of it when it was saved takes them out now, before it is compared. */
  redactorOf?(prepared: Pick<Prepared<C>, "plan" | "worlds">): (text: string) => string;
  refreshInputs?: boolean;
  /** Git revisions, for the plan; null: not known. */
  revision: string | null;
  baseRevision: string | null;
  signal?: AbortSignal;
  /** How runs know of one another. Without it, nothing keeps another run out, and nothing is written down. */
  bookkeeping?: BookkeepingOptions<C>;
  /** Finds the base of a stack by what was applied last, instead of `base`. Needs `bookkeeping`. */
  findBase?(stack: Stack, record: StackRecord): Promise<FoundBase>;
  /** What the checks of the stacks need. Without it, none is run. */
  checks?: Pick<VerifyOptions, "network" | "date">;
}

/** A plan, and what it was made from. */
export interface Prepared<C extends Cloud> {
  plan: Plan<C>;
  worlds: readonly StackWorld<C>[];
  graph: Graph<C>;
  /** By stack name: what earlier runs left word of. Empty without bookkeeping. */
  records: ReadonlyMap<string, StackRecord>;
  /** What a saved plan does not say, or not any more: planned, and not done. */
  held?: Held;
}

/** The line of verbs behind the front ends. */
const verbs = { observe, plan, guard, order, apply };
export type Verbs = typeof verbs;

/** Plans and applies: no console, no process, no state between calls. `replaced`: other verbs, for tests that break one on purpose. */
export function createEngine<C extends Cloud>(options: EngineOptions<C>, replaced: Partial<Verbs> = {}) {
  const stages: Verbs = { ...verbs, ...replaced };

  /** Reads, and says what has to be done. Rejects with a DiagnosticError when something cannot be read; refusals are in the plan's diagnostics. */
  async function prepare(given: readonly Stack[], recorded?: Prepared<C>["records"]): Promise<Prepared<C>> {
    const { whole: project } = options;
    const orphans = project ? await findOrphanStacks(given, project, options) : [];
    const stacks = project?.prune ? [...given, ...orphans] : given;
    const records = recorded ?? (await recordsOf(stacks));
    const known = await findBases(stacks, records);
    const bases = options.destroy ? undefined : known;
    const worlds = await stages.observe(stacks, {
      ...options,
      ...(bases && { base: stacksAt(bases) }),
      left: new Map([...records].map(([name, { unfinished }]) => [name, unfinished?.types ?? []])),
    });
    const planned = stages.plan(worlds, {
      revision: options.revision,
      base: options.destroy ? options.revision : bases ? commonRevision(bases.values()) : options.baseRevision,
      ...(bases && { bases: labelsOf(bases) }),
      allowDelete: options.allowDelete,
      refreshInputs: options.refreshInputs === true,
      abandon: options.abandon ?? [],
      ...(options.neighbours && { neighbours: options.neighbours }),
    });
    const refusals = await stages.guard(planned, {
      allowDelete: options.allowDelete,
      destroy: options.destroy === true,
      pruned: new Set(orphans.map((stack) => stack.name)),
    });
    const unknown = [...(bases?.values() ?? [])].flatMap((base) => (base.isKnown ? [] : base.diagnostics));
    const former = known ? formerAt(known) : (options.base ?? new Map<string, Stack>());
    const elsewhere = await findElsewhere(worlds, former, {
      connect: options.connect,
      recordOf: async (stack) => (await recordsOf([stack])).get(stack.name),
      isWhole: project !== undefined,
    });
    const { refusals: disorder, ...graph } = stages.order(planned, worlds);
    const whole: Plan<C> = {
      ...planned,
      diagnostics: [
        ...planned.diagnostics,
        ...unique(unknown),
        ...refusals,
        ...disorder,
        ...elsewhere,
        ...(options.approved ? refuseApproval(planned, options.approved) : []),
        ...(project?.prune ? refusePruning(given, orphans, project) : orphans.map(orphanStackNote)),
        ...(project?.prune ? [] : refuseSecond(planned.stacks, worlds, orphans, options)),
      ],
      calls: Object.fromEntries(worlds.map((world) => [world.instance.stack.name, world.instance.cloud.calls()])),
    };
    const { approved } = options;
    const redact = approved && options.redactorOf?.({ plan: whole, worlds });
    return { plan: whole, worlds, graph, records, ...(approved && { held: holdUnapproved(graph, approved, redact) }) };
  }

  /** By stack name: what earlier runs left word of. Empty without bookkeeping. */
  async function recordsOf(stacks: readonly Stack[]): Promise<ReadonlyMap<string, StackRecord>> {
    const { bookkeeping, connect } = options;
    return bookkeeping ? readRecords(stacks, { ...bookkeeping, connect }) : new Map();
  }

  /** By stack name: the last runs, the newest first. Empty without bookkeeping. */
  async function history(stacks: readonly Stack[]): Promise<ReadonlyMap<string, readonly HeadRecord[]>> {
    const { bookkeeping, connect } = options;
    return bookkeeping ? readHistory(stacks, { ...bookkeeping, connect }) : new Map();
  }

  /** undefined: the base does not depend on what was applied. */
  async function findBases(
    stacks: readonly Stack[],
    records: Prepared<C>["records"],
  ): Promise<Map<string, FoundBase> | undefined> {
    const { findBase } = options;
    if (!findBase) return undefined;
    const found = stacks.map(
      async (stack) => [stack.name, await findBase(stack, records.get(stack.name) ?? {})] as const,
    );
    return new Map(await settleAll(found));
  }

  /** Runs the checks of the stacks. The plan says whether what they look at is as declared. */
  async function check(prepared: Prepared<C>, onCheck?: VerifyOptions["onCheck"]): Promise<VerificationReport> {
    const { checks, registry, specification, clock, signal } = options;
    if (!checks) throw new Error("An engine that runs checks needs a network.");
    return verify(prepared, {
      ...checks,
      registry,
      clock,
      ...(specification && { specification }),
      ...(signal && { signal }),
      ...(onCheck && { onCheck }),
    });
  }

  /** Does what a plan says, confirms it with another plan, and runs the checks. A plan with refusals is not begun: rejects with them. */
  async function* run(prepared: Prepared<C>, stacks: readonly Stack[]): AsyncGenerator<RunEvent, Run> {
    if (hasErrors(prepared.plan.diagnostics)) throw new DiagnosticError(prepared.plan.diagnostics);
    if (!options.bookkeeping) return yield* write(prepared, stacks);
    const written = new Set([...prepared.graph.nodes.values()].map((node) => node.step.stack));
    const late = new Set(unrecorded(prepared, { ...options, bookkeeping: options.bookkeeping }));
    const worlds = prepared.worlds.filter((world) => written.has(world.instance.stack.name) || late.has(world));
    const taken = yield* take(prepared, stacks, worlds);
    // It was told to stop: nothing begins.
    if (!taken) return yield* write(prepared, stacks);
    try {
      return yield* write(taken.current, stacks, taken.books);
    } finally {
      await taken.books.close();
    }
  }

  /** Nothing is to be done: writes down that the stacks are as their files have them, where that is not known yet. Gives warnings. */
  async function* settle(prepared: Prepared<C>, stacks: readonly Stack[]): AsyncGenerator<RunEvent, Diagnostic[]> {
    const { bookkeeping } = options;
    const worlds = bookkeeping ? unrecorded(prepared, { ...options, bookkeeping }) : [];
    const taken = worlds.length > 0 ? yield* take(prepared, stacks, worlds) : undefined;
    if (!taken) return [];
    try {
      return await taken.books.conclude({ results: [], interrupted: false, confirmed: taken.current.plan });
    } finally {
      await taken.books.close();
    }
  }

  /** undefined: this run was told to stop before it had them. */
  async function* take(prepared: Prepared<C>, stacks: readonly Stack[], worlds: readonly StackWorld<C>[]) {
    const { bookkeeping, nonce, signal, destroy = false } = options;
    if (!bookkeeping) throw new Error("An engine that takes stacks needs bookkeeping.");
    try {
      return yield* takeStacks(prepared, worlds, {
        bookkeeping,
        nonce,
        destroy,
        prepare: (records) => prepare(stacks, records),
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) return undefined;
      throw error;
    }
  }

  function write(prepared: Prepared<C>, stacks: readonly Stack[], books?: Books<C>): AsyncGenerator<RunEvent, Run> {
    let confirmed = prepared;
    return stages.apply(prepared.graph, prepared.worlds, {
      parallelism: options.parallelism,
      clock: options.clock,
      nonce: options.nonce,
      allowDelete: options.allowDelete,
      ...(options.signal && { signal: options.signal }),
      ...(books && { books }),
      ...(prepared.held && { held: prepared.held }),
      confirm: async () => {
        confirmed = await prepare(stacks, prepared.records);
        return confirmed.plan;
      },
      ...(options.checks &&
        hasChecks(stacks) &&
        !options.destroy && { verify: (onCheck) => check(confirmed, onCheck) }),
    });
  }

  return { prepare, run, settle, check, history, records: recordsOf };
}

function hasChecks(stacks: readonly Stack[]): boolean {
  return stacks.some((stack) => stack.checks !== undefined);
}
