import { apply } from "./apply/apply.ts";
import type { Clock } from "./apply/clock.ts";
import type { Run, RunEvent } from "./apply/model.ts";
import { DiagnosticError, hasErrors } from "./diagnostic.ts";
import { guard } from "./plan/guard.ts";
import type { Plan } from "./plan/model.ts";
import { type ObserveOptions, observe, type StackWorld } from "./plan/observe.ts";
import { type Graph, order } from "./plan/order.ts";
import { plan } from "./plan/plan.ts";
import type { Cloud } from "./resource/model.ts";
import type { Stack } from "./stack/model.ts";
import type { VerificationReport } from "./verify/model.ts";
import { type VerifyOptions, verify } from "./verify/verify.ts";

export interface EngineOptions<C extends Cloud> extends ObserveOptions<C> {
  clock: Clock;
  /** Of this run alone. */
  nonce: string;
  parallelism: number;
  /** Logical ids, or `all`. */
  allowDelete: readonly string[];
  refreshInputs?: boolean;
  /** Git revisions, for the plan; null: not known. */
  revision: string | null;
  baseRevision: string | null;
  signal?: AbortSignal;
  /** What the checks of the stacks need. Without it, none is run. */
  checks?: Pick<VerifyOptions, "network" | "date">;
}

/** A plan, and what it was made from. */
export interface Prepared<C extends Cloud> {
  plan: Plan<C>;
  worlds: readonly StackWorld<C>[];
  graph: Graph<C>;
}

/** The line of verbs behind the front ends. */
const verbs = { observe, plan, guard, order, apply };
export type Verbs = typeof verbs;

/** Plans and applies: no console, no process, no state between calls. `replaced`: other verbs, for tests that break one on purpose. */
export function createEngine<C extends Cloud>(options: EngineOptions<C>, replaced: Partial<Verbs> = {}) {
  const stages: Verbs = { ...verbs, ...replaced };

  /** Reads, and says what has to be done. Rejects with a DiagnosticError when something cannot be read; refusals are in the plan's diagnostics. */
  async function prepare(stacks: readonly Stack[]): Promise<Prepared<C>> {
    const worlds = await stages.observe(stacks, options);
    const planned = stages.plan(worlds, {
      revision: options.revision,
      base: options.destroy ? options.revision : options.baseRevision,
      allowDelete: options.allowDelete,
      refreshInputs: options.refreshInputs === true,
    });
    const refusals = await stages.guard(planned, {
      allowDelete: options.allowDelete,
      destroy: options.destroy === true,
    });
    const whole: Plan<C> = {
      ...planned,
      diagnostics: [...planned.diagnostics, ...refusals],
      calls: Object.fromEntries(worlds.map((world) => [world.instance.stack.name, world.instance.cloud.calls()])),
    };
    return { plan: whole, worlds, graph: stages.order(whole, worlds) };
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
    let confirmed = prepared;
    return yield* stages.apply(prepared.graph, prepared.worlds, {
      parallelism: options.parallelism,
      clock: options.clock,
      nonce: options.nonce,
      allowDelete: options.allowDelete,
      ...(options.signal && { signal: options.signal }),
      confirm: async () => {
        confirmed = await prepare(stacks);
        return confirmed.plan;
      },
      ...(options.checks &&
        hasChecks(stacks) &&
        !options.destroy && { verify: (onCheck) => check(confirmed, onCheck) }),
    });
  }

  return { prepare, run, check };
}

function hasChecks(stacks: readonly Stack[]): boolean {
  return stacks.some((stack) => stack.checks !== undefined);
}
