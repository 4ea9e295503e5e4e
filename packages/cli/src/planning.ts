import { createRedactor, type Diagnostic, type Prepared, type Stack } from "@reconcile/core";
import { type Aws, openReconciler, type Reconciler, types } from "@reconcile/providers";
import { type AwsSettings, placed, withoutAccounts } from "./aws.ts";
import type { Base } from "./base.ts";
import { Interrupted, type Interrupts, watchInterrupts } from "./interrupts.ts";
import type { AwsFlags } from "./options.ts";
import { progressOfRun } from "./progress.ts";
import { observedSecrets } from "./secrets.ts";
import { specification } from "./specification.ts";
import type { Terminal } from "./terminal.ts";

/** A reconciler that is connected, and the plan that it made. */
export interface Planning {
  reconciler: Reconciler;
  prepared: Prepared<Aws>;
  /** By stack name. */
  durationMs: Readonly<Record<string, number>>;
  interrupts: Interrupts;
  close(): void;
}

export interface PlanningOptions {
  stacks: readonly Stack[];
  neighbours: readonly Stack[];
  base: Base;
  settings: AwsSettings;
  /** Warnings and notes about the files, for a document. */
  diagnostics?: readonly Diagnostic[];
  allowDelete: readonly string[];
  refreshInputs?: boolean;
  destroy?: boolean;
}

/** Reads live AWS and plans. Rejects with a DiagnosticError when something cannot be read. */
export async function openPlanning(options: PlanningOptions, flags: AwsFlags, terminal: Terminal): Promise<Planning> {
  const { settings, base } = options;
  const stacks = placed(options.stacks, flags, settings);
  const interrupts = watchInterrupts(terminal, () => progressOfRun.mutated);
  const reconciler = openReconciler({
    types,
    stacks,
    neighbours: withoutAccounts(options.neighbours, settings),
    specification: specification(),
    ...settings,
    ...(base.revision !== null && { revision: base.revision }),
    ...(base.compared && { base: base.compared }),
    allowDelete: options.allowDelete,
    refreshInputs: options.refreshInputs === true,
    destroy: options.destroy === true,
    parallelism: flags.parallelism,
    signal: interrupts.reading,
    stop: interrupts.applying,
    onRequest: ({ mutating }) => {
      progressOfRun.mutated ||= mutating;
    },
  });
  const close = (): void => {
    interrupts.close();
    reconciler.close();
  };
  try {
    const started = performance.now();
    const clear = terminal.waiting("reading live AWS…");
    const prepared = await reconciler.plan().finally(clear);
    const elapsed = performance.now() - started;
    terminal.hide(observedSecrets(prepared), createRedactor);
    const durationMs = Object.fromEntries(stacks.map((stack) => [stack.name, elapsed]));
    const ofFiles = flags.format === "text" ? [] : (options.diagnostics ?? []);
    const plan = {
      ...prepared.plan,
      diagnostics: [...prepared.plan.diagnostics, ...ofFiles, ...base.diagnostics],
    };
    return { reconciler, prepared: { ...prepared, plan }, durationMs, interrupts, close };
  } catch (error) {
    close();
    if (interrupts.received) throw new Interrupted();
    throw error;
  }
}
