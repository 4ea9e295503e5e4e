import {
  type Diagnostic,
  DiagnosticError,
  filters,
  observedSecrets,
  type PlanDocument,
  type Prepared,
  type Stack,
  waitedTexts,
} from "@reconcile/core";
import {
  type Aws,
  type BookkeepingSettings,
  openReconciler,
  type Reconciler,
  type ReconcilerOptions,
  types,
} from "@reconcile/providers";
import { type AwsSettings, placed, withoutAccounts } from "./aws.ts";
import type { Base } from "./base.ts";
import type { DesiredState } from "./desired-state.ts";
import { Interrupted, type Interrupts, watchInterrupts } from "./interrupts.ts";
import type { AwsFlags } from "./options.ts";
import { progressOfRun } from "./progress.ts";
import { specification } from "./specification.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

/** A reconciler that is connected, and the plan that it made. */
export interface Planning {
  reconciler: Reconciler;
  prepared: Prepared<Aws>;
  /** By stack name. */
  durationMs: Readonly<Record<string, number>>;
  /** Names of the stacks whose files are not as git's revision has them. */
  dirty: ReadonlySet<string>;
  interrupts: Interrupts;
  /** Reads and plans once more: `prepared` is another one then. */
  again(): Promise<void>;
  close(): void;
}

/** What is planned. */
export interface PlanningOptions {
  stacks: readonly Stack[];
  neighbours: readonly Stack[];
  base: Base;
  settings: AwsSettings;
  /** Warnings and notes about the files, for a document. */
  diagnostics?: readonly Diagnostic[];
  allowDelete: readonly string[];
  abandon?: readonly string[];
  /** A saved plan: only what it says is done. */
  approved?: PlanDocument;
  /** undefined: the command does not look for stacks without a file. */
  pruneStacks?: boolean;
  whole?: DesiredState["whole"];
  refreshInputs?: boolean;
  destroy?: boolean;
  /** Of commands that take the stacks, or look at what earlier runs left word of. */
  bookkeeping?: Omit<BookkeepingSettings, "source">;
  /** What is planned, where it is not just the stacks. */
  prepare?(reconciler: Reconciler, stacks: readonly Stack[]): Promise<Prepared<Aws>>;
}

/** A connection to live AWS for a command. */
export interface Connection extends Pick<Planning, "reconciler" | "interrupts" | "close"> {
  stacks: readonly Stack[];
  /** Milliseconds that reading may take. */
  timeout?: number;
}

/** Opens a reconciler for the stacks; nothing is contacted yet. */
export function openConnection(options: PlanningOptions, flags: AwsFlags, terminal: Terminal): Connection {
  const { settings, base } = options;
  // What was applied last stands there.
  const books = options.bookkeeping ?? (base.findBase && {});
  const stacks = placed(options.stacks, flags, settings);
  const interrupts = watchInterrupts(terminal, () => progressOfRun.mutated);
  const actor = actorIn(settings.environment);
  const reconciler = openReconciler({
    types,
    stacks,
    neighbours: withoutAccounts(options.neighbours, settings),
    specification: specification(),
    ...settings,
    ...(base.revision !== null && { revision: base.revision }),
    ...(base.compared && { base: base.compared }),
    ...(base.findBase && { findBase: base.findBase }),
    bookkeeping: books ? { ...(actor !== undefined && { actor }), ...books, source: base.source } : false,
    allowDelete: options.allowDelete,
    ...(options.abandon && { abandon: options.abandon }),
    ...(options.approved && { approved: options.approved }),
    redactorOf(prepared) {
      terminal.hide(observedSecrets(prepared), filters);
      return terminal.redact;
    },
    ...wholeProject(options),
    refreshInputs: options.refreshInputs === true,
    destroy: options.destroy === true,
    parallelism: flags.parallelism,
    signal: interrupts.reading,
    stop: interrupts.applying,
    onRequest: ({ mutating, bookkeeping: isWord }) => {
      // Word for other runs changes nothing of any stack.
      progressOfRun.mutated ||= mutating && !isWord;
    },
  });
  const close = (): void => {
    interrupts.close();
    reconciler.close();
  };
  const { timeout } = flags;
  return { reconciler, stacks, interrupts, close, ...(timeout !== undefined && { timeout }) };
}

/** Stacks whose file is gone are only known when all files were looked at. */
function wholeProject({ whole, pruneStacks }: PlanningOptions): Pick<ReconcilerOptions, "whole"> {
  if (whole && pruneStacks !== undefined) return { whole: { ...whole, prune: pruneStacks } };
  if (!pruneStacks) return {};
  throw new UsageError("--prune-stacks is for the whole folder.", "leave out PATH and --stack");
}

/** Who runs, as CI systems say; undefined: whoever calls AWS. */
function actorIn(environment: AwsSettings["environment"]): string | undefined {
  const { GITHUB_ACTOR: actor, GITHUB_RUN_ID: run, GITLAB_USER_LOGIN: user } = environment;
  if (actor) return run ? `${actor} (GitHub run ${run})` : actor;
  return user || undefined;
}

/** What ends reading, as the command line reports it. */
export async function reading<T>(connection: Connection, read: Promise<T>, terminal: Terminal): Promise<T> {
  const { interrupts, timeout, close } = connection;
  const clear = terminal.waiting("reading live AWS…");
  let tooLong: Diagnostic | undefined;
  const timer =
    timeout !== undefined &&
    setTimeout(() => {
      tooLong = timedOut(connection, timeout);
      interrupts.endReading();
    }, timeout);
  try {
    return await read;
  } catch (error) {
    close();
    if (interrupts.received) throw new Interrupted();
    throw tooLong ? new DiagnosticError(tooLong, { cause: error }) : error;
  } finally {
    clear();
    if (timer) clearTimeout(timer);
  }
}

function timedOut({ reconciler }: Connection, timeout: number): Diagnostic {
  const { total, waited } = reconciler.calls();
  // A wait is counted when it begins.
  const spent = waited && { ...waited, milliseconds: Math.min(waited.milliseconds, timeout) };
  const texts = waitedTexts({ ...(spent && { waited: spent }) }).map((text) => ` It ${text}.`);
  return {
    code: "plan.timeout",
    severity: "error",
    message: `Live AWS was not read within ${timeout / 1000} s, in ${total} calls.${texts.join("")}`,
    remedy: "allow more time with --timeout; or ask for less, with a PATH or --stack",
  };
}

/** Reads live AWS and plans. Rejects with a DiagnosticError when something cannot be read. */
export async function openPlanning(options: PlanningOptions, flags: AwsFlags, terminal: Terminal): Promise<Planning> {
  const connection = openConnection(options, flags, terminal);
  const { reconciler, interrupts, stacks, close } = connection;
  const { prepare = () => reconciler.plan() } = options;

  async function plan(): Promise<Pick<Planning, "prepared" | "durationMs">> {
    const started = performance.now();
    const prepared = await reading(connection, prepare(reconciler, stacks), terminal);
    const elapsed = performance.now() - started;
    terminal.hide(observedSecrets(prepared), filters);
    const ofFiles = flags.format === "text" ? [] : (options.diagnostics ?? []);
    const diagnostics = [...prepared.plan.diagnostics, ...ofFiles, ...options.base.diagnostics];
    return {
      prepared: { ...prepared, plan: { ...prepared.plan, diagnostics } },
      durationMs: Object.fromEntries(stacks.map((stack) => [stack.name, elapsed])),
    };
  }

  const changed = stacks.filter((stack) => options.base.source(stack).dirty);
  const planning: Planning = {
    reconciler,
    interrupts,
    close,
    dirty: new Set(changed.map((stack) => stack.name)),
    ...(await plan()),
    async again() {
      Object.assign(planning, await plan());
    },
  };
  return planning;
}
