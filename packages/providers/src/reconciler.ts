import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type BookkeepingOptions,
  type CallCounts,
  createEngine,
  createNetwork,
  createRegistry,
  type Diagnostic,
  type EngineOptions,
  type HeadRecord,
  type LeaseClock,
  type PlanDocument,
  type Prepared,
  type ResourceType,
  type Run,
  type RunEvent,
  type Specification,
  type Stack,
  type StackRecord,
  type VerificationReport,
  type WholeProject,
} from "@reconcile/core";
import type { Aws, SessionOptions } from "./aws/context.ts";
import { parameterLedger } from "./aws/ledger.ts";
import { openSession } from "./aws/session.ts";

/** What is reconciled, and within which limits. */
export interface ReconcilerOptions extends SessionOptions {
  /** The resource types there are: `types` of this package, and any of your own. */
  types: readonly ResourceType<Aws>[];
  /** As `loadStacks` gives them, checked by `validateStacks`. */
  stacks: readonly Stack[];
  /** The project's stacks that are not in this run: read as far as `stacks` import from them. */
  neighbours?: readonly Stack[];
  /** AWS's own specification, for better messages; `openSpecification()` of @reconcile/spec. */
  specification?: Specification;
  /** The same stacks as a git revision declares them: tells what changed here from what moved live. */
  base?: { revision: string; stacks: readonly Stack[] };
  /** Finds that by what was applied last, for each stack; instead of `base`. */
  findBase?: EngineOptions<Aws>["findBase"];
  /** How runs know of one another: whoever applies keeps other runs out of its stacks, and writes down what was applied. `false`, where nothing is applied: nothing of that is read. */
  bookkeeping?: BookkeepingSettings | false;
  /** The revision of `stacks`, for the plan. */
  revision?: string | null;
  /** Logical ids, `stack/LogicalId`, or `all`, that may be deleted although they hold data. */
  allowDelete?: readonly string[];
  /** What is let go instead of deleted, named in the same way. */
  abandon?: readonly string[];
  /** A saved plan, as `parseApproval` gives it: only what it says is done, where live AWS has not moved since. */
  approved?: PlanDocument;
  /** What took secrets out of it when it was saved takes them out now, before it is compared. */
  redactorOf?(prepared: Pick<Prepared<Aws>, "plan" | "worlds">): (text: string) => string;
  /** `stacks` are all of a project's folder: what the project owns beyond them is shown, or deleted. */
  whole?: WholeProject;
  /** Take new outside values at create-only properties too. */
  refreshInputs?: boolean;
  /** Nothing counts as declared: everything that the stacks own is deleted. */
  destroy?: boolean;
  /** Writes under way at a time. Default: 10. */
  parallelism?: number;
  /** Ends the run: what has not begun is left, waits are cut, and calls under way end. (`signal` ends reads as well.) */
  stop?: AbortSignal;
}

/** What runs leave word of for one another. */
export interface BookkeepingSettings extends Pick<BookkeepingOptions<Aws>, "lockTimeout" | "leaseTime" | "purpose"> {
  /** Who runs, for people. Default: who calls AWS, by ARN. */
  actor?: string;
  /** The files of a stack, for whoever wants to know what was applied. Default: its template, at `revision`. */
  source?: BookkeepingOptions<Aws>["source"];
}

/** Plans and applies some stacks. */
export interface Reconciler {
  /** What earlier runs left word of, by stack name; read-only. */
  records(): Promise<ReadonlyMap<string, StackRecord>>;
  /** The last runs by stack name, the newest first; read-only. */
  history(): Promise<ReadonlyMap<string, readonly HeadRecord[]>>;
  /** Reads live AWS and says what has to be done. Rejects with a DiagnosticError when something cannot be read; refusals are errors in the plan's diagnostics. */
  plan(): Promise<Prepared<Aws>>;
  /** The same for the stacks as they were at another time; `records`: of this reconciler. */
  planAt(stacks: readonly Stack[], records: ReadonlyMap<string, StackRecord>): Promise<Prepared<Aws>>;
  /** Does what a plan without refusals says, confirms it with another plan, and runs the checks. Gives events while it runs; the run is what the generator returns, and in its last event. */
  apply(prepared: Prepared<Aws>): AsyncGenerator<RunEvent, Run>;
  /** Where a plan says that nothing is to be done: writes down that this is what lives, if that is not known yet. Gives warnings. */
  settle(prepared: Prepared<Aws>): AsyncGenerator<RunEvent, readonly Diagnostic[]>;
  /** Runs the checks of the stacks against what a plan found; read-only. An apply does it by itself, once it is confirmed. */
  verify(prepared: Prepared<Aws>): Promise<VerificationReport>;
  /** Every call so far. */
  calls(): CallCounts;
  /** Closes connections, so that a program can end at once. */
  close(): void;
}

/**
 * Reconciles stacks with live AWS: no console, no process exit, nothing kept between runs.
 *
 * ```ts
 * const { stacks } = await loadStacks({ tree: diskTree("."), paths: ["desired-state"] });
 * const reconciler = openReconciler({ types, stacks, environment: process.env });
 * const prepared = await reconciler.plan();
 * for await (const event of reconciler.apply(prepared)) …
 * ```
 */
export function openReconciler(options: ReconcilerOptions): Reconciler {
  const { stacks, base, stop, specification } = options;
  const session = openSession(options);
  const { bookkeeping = {}, findBase } = options;
  const engineOptions: EngineOptions<Aws> = {
    registry: createRegistry(options.types),
    ...(specification && { specification }),
    connect: ({ region, roleArn, account }) => session.connect({ region, roleArn, account }),
    environment: options.environment,
    today: new Date().toISOString().slice(0, 10),
    ...(options.neighbours && { neighbours: options.neighbours }),
    ...(base && { base: new Map(base.stacks.map((stack) => [stack.name, stack])) }),
    destroy: options.destroy === true,
    clock,
    ...(findBase && { findBase }),
    ...(bookkeeping && { bookkeeping: bookkeepingOf(bookkeeping, options.revision ?? null) }),
    nonce: randomUUID(),
    parallelism: options.parallelism ?? 10,
    allowDelete: options.allowDelete ?? [],
    abandon: options.abandon ?? [],
    ...(options.approved && { approved: options.approved }),
    ...(options.redactorOf && { redactorOf: options.redactorOf }),
    ...(options.whole && { whole: options.whole }),
    refreshInputs: options.refreshInputs === true,
    checks: { network: createNetwork(), date: () => new Date() },
    revision: options.revision ?? null,
    baseRevision: base?.revision ?? null,
    ...(stop && { signal: stop }),
  };
  const engine = createEngine(engineOptions);
  return {
    records: () => engine.records(stacks),
    history: () => engine.history(stacks),
    plan: () => engine.prepare(stacks),
    planAt: engine.prepare,
    apply: (prepared) => engine.run(prepared, stacks),
    settle: (prepared) => engine.settle(prepared, stacks),
    verify: (prepared) => engine.check(prepared),
    calls: session.calls,
    close: session.close,
  };
}

const clock: LeaseClock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, signal && { signal }),
  wall: () => Date.now(),
  every(milliseconds, act) {
    const timer = setInterval(act, milliseconds);
    // A program that has nothing else to do ends.
    timer.unref();
    return () => clearInterval(timer);
  },
};

function bookkeepingOf(settings: BookkeepingSettings, revision: string | null): BookkeepingOptions<Aws> {
  const { actor, source } = settings;
  return {
    ...settings,
    clock,
    ledger: parameterLedger,
    actor: (aws) => actor ?? aws.principal,
    source: source ?? (({ template }) => ({ revision, dirty: false, tree: hashOf(template.source.text) })),
  };
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
