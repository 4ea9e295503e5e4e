import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createEngine,
  createNetwork,
  createRegistry,
  type EngineOptions,
  type Prepared,
  type ResourceType,
  type Run,
  type RunEvent,
  type Specification,
  type Stack,
  type VerificationReport,
} from "@reconcile/core";
import { type Aws, openSession, type SessionOptions } from "./aws/context.ts";

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
  /** The revision of `stacks`, for the plan. */
  revision?: string | null;
  /** Logical ids, or `all`, that may be deleted although they hold data. */
  allowDelete?: readonly string[];
  /** Take new outside values at create-only properties too. */
  refreshInputs?: boolean;
  /** Nothing counts as declared: everything that the stacks own is deleted. */
  destroy?: boolean;
  /** Writes under way at a time. Default: 10. */
  parallelism?: number;
  /** Stops what has not begun; what is under way is finished. (`signal` ends reads as well.) */
  stop?: AbortSignal;
}

export interface Reconciler {
  /** Reads live AWS and says what has to be done. Rejects with a DiagnosticError when something cannot be read; refusals are errors in the plan's diagnostics. */
  plan(): Promise<Prepared<Aws>>;
  /** Does what a plan without refusals says, confirms it with another plan, and runs the checks. Gives events while it runs; the run is what the generator returns, and in its last event. */
  apply(prepared: Prepared<Aws>): AsyncGenerator<RunEvent, Run>;
  /** Runs the checks of the stacks against what a plan found; read-only. An apply does it by itself, once it is confirmed. */
  verify(prepared: Prepared<Aws>): Promise<VerificationReport>;
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
  const engineOptions: EngineOptions<Aws> = {
    registry: createRegistry(options.types),
    ...(specification && { specification }),
    connect: ({ region, roleArn, account }) => session.connect({ region, roleArn, account }),
    environment: options.environment,
    today: new Date().toISOString().slice(0, 10),
    ...(base && { base: new Map(base.stacks.map((stack) => [stack.name, stack])) }),
    destroy: options.destroy === true,
    clock: { now: () => performance.now(), wait: (ms, signal) => sleep(ms, undefined, signal && { signal }) },
    nonce: randomUUID(),
    parallelism: options.parallelism ?? 10,
    allowDelete: options.allowDelete ?? [],
    refreshInputs: options.refreshInputs === true,
    checks: { network: createNetwork(), date: () => new Date() },
    revision: options.revision ?? null,
    baseRevision: base?.revision ?? null,
    ...(stop && { signal: stop }),
  };
  const engine = createEngine(engineOptions);
  return {
    plan: () => engine.prepare(stacks),
    apply: (prepared) => engine.run(prepared, stacks),
    verify: (prepared) => engine.check(prepared),
    close: session.close,
  };
}
