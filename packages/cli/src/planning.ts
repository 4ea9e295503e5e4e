import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createEngine, createRegistry, type Diagnostic, type Plan, type Prepared, type Stack } from "@reconcile/core";
import { type Aws, openSession, types } from "@reconcile/providers";
import { type AwsSettings, placed } from "./aws.ts";
import type { Base } from "./base.ts";
import { type Interrupts, watchInterrupts } from "./interrupts.ts";
import type { AwsFlags } from "./options.ts";
import { progressOfRun } from "./progress.ts";
import { observedSecrets } from "./secrets.ts";
import { specification } from "./specification.ts";
import type { Terminal } from "./terminal.ts";

/** An engine that is connected, and the plan that it made. */
export interface Planning {
  engine: ReturnType<typeof createEngine<Aws>>;
  prepared: Prepared<Aws>;
  stacks: readonly Stack[];
  /** By stack name. */
  durationMs: Readonly<Record<string, number>>;
  interrupts: Interrupts;
  close(): void;
}

export interface PlanningOptions {
  stacks: readonly Stack[];
  base: Base;
  settings: AwsSettings;
  allowDelete: readonly string[];
  refreshInputs?: boolean;
  destroy?: boolean;
}

/** Reads live AWS and plans. Rejects with a DiagnosticError when something cannot be read. */
export async function openPlanning(options: PlanningOptions, flags: AwsFlags, terminal: Terminal): Promise<Planning> {
  const { settings, base } = options;
  const stacks = placed(options.stacks, flags, settings);
  const interrupts = watchInterrupts(terminal, () => progressOfRun.mutated);
  const session = openSession({
    environment: settings.environment,
    profile: settings.profile,
    endpointUrl: settings.endpointUrl,
    signal: interrupts.reading,
    onRequest: ({ mutating }) => {
      progressOfRun.mutated ||= mutating;
    },
  });
  const engine = createEngine<Aws>({
    registry: createRegistry(types),
    specification: specification(),
    connect: ({ region, roleArn, account }) => session.connect({ region, roleArn, account }),
    environment: settings.environment,
    base: new Map(
      placed([...base.stacks.values()], { ...flags, region: undefined }, settings).map((stack) => [stack.name, stack]),
    ),
    destroy: options.destroy === true,
    clock: { now: () => performance.now(), wait: (ms, signal) => wait(ms, undefined, signal && { signal }) },
    nonce: randomUUID(),
    parallelism: flags.parallelism,
    allowDelete: options.allowDelete,
    refreshInputs: options.refreshInputs === true,
    revision: base.revision,
    baseRevision: base.baseRevision,
    signal: interrupts.applying,
  });
  const close = (): void => {
    interrupts.close();
    session.close();
  };
  try {
    const started = performance.now();
    const prepared = await engine.prepare(stacks);
    const elapsed = performance.now() - started;
    terminal.hide(observedSecrets(prepared));
    const durationMs = Object.fromEntries(stacks.map((stack) => [stack.name, elapsed]));
    return { engine, prepared: withDiagnostics(prepared, base.diagnostics), stacks, durationMs, interrupts, close };
  } catch (error) {
    close();
    throw error;
  }
}

function withDiagnostics(prepared: Prepared<Aws>, diagnostics: readonly Diagnostic[]): Prepared<Aws> {
  const plan: Plan<Aws> = { ...prepared.plan, diagnostics: [...prepared.plan.diagnostics, ...diagnostics] };
  return { ...prepared, plan };
}
