import pLimit from "p-limit";
import type { Held } from "../approval/approval.ts";
import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import { labelOf } from "../plan/label.ts";
import type { Plan } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Graph, GraphNode } from "../plan/order.ts";
import type { Cloud } from "../resource/model.ts";
import type { VerificationReport } from "../verify/model.ts";
import type { VerifyOptions } from "../verify/verify.ts";
import type { Books } from "./bookkeeping.ts";
import type { Run, RunEvent, StepOutcome } from "./model.ts";
import { outputsOf } from "./outputs.ts";
import { createQueue } from "./queue.ts";
import { remainingChanges } from "./remaining.ts";
import { runStep } from "./step.ts";
import { attributesIn, liveKey, type StepContext } from "./step-context.ts";

export interface ApplyOptions<C extends Cloud> extends Pick<StepContext<C>, "clock" | "nonce" | "allowDelete"> {
  parallelism: number;
  /** What was not approved, and is not done. */
  held?: Held;
  /** Ends waits, and lets nothing more be sent; calls under way are left to end. */
  signal?: AbortSignal;
  /** The right to write, and what is written down of the run. */
  books?: Pick<Books<C>, "isHeld" | "lost" | "conclude">;
  /** Observes and plans again, after the last write. */
  confirm(): Promise<Plan<C>>;
  /** Runs the checks, after a run that was confirmed. */
  verify?(onCheck: VerifyOptions["onCheck"]): Promise<VerificationReport>;
}

interface Context<C extends Cloud> extends StepContext<C> {
  options: ApplyOptions<C>;
}

/**
 * Runs the graph: the only writer. Gives events while it runs and the run at its end. A failed step blocks its dependents and nothing else. Never rejects for what AWS
 * says: that is in the run.
 */
export async function* apply<C extends Cloud>(
  graph: Graph<C>,
  worlds: readonly StackWorld<C>[],
  options: ApplyOptions<C>,
): AsyncGenerator<RunEvent, Run> {
  const queue = createQueue<RunEvent>();
  const started = options.clock.now();
  const live = new Map(
    worlds.flatMap((world) =>
      [...world.live].map(([id, observed]) => [liveKey(world.instance.stack.name, id), observed] as const),
    ),
  );
  const { clock, signal } = options;
  const context: Context<C> = {
    ...options,
    clock: { ...clock, wait: (milliseconds) => clock.wait(milliseconds, signal) },
    worlds,
    options,
    live,
    mutated: false,
    permit(stack) {
      const { books } = options;
      signal?.throwIfAborted();
      if (books && !books.isHeld(stack)) throw new DiagnosticError(books.lost(stack));
    },
    emit: queue.push,
    elapsed: () => options.clock.now() - started,
  };
  const finished = runAll(graph, context).finally(queue.close);
  // Whoever reads the events may be busy when it fails: it is told when it comes to the end.
  finished.catch(() => undefined);
  yield* queue;
  return finished;
}

async function runAll<C extends Cloud>(graph: Graph<C>, context: Context<C>): Promise<Run> {
  const { options, emit, elapsed } = context;
  emit({ kind: "run-started", at: elapsed(), steps: [...graph.nodes.values()].map((node) => node.step) });
  const limit = pLimit(options.parallelism);
  const outcomes = new Map<string, Promise<Run["results"][number]>>();
  const settling: Promise<Diagnostic[]>[] = [];
  for (const id of graph.order) {
    const node = graph.nodes.get(id);
    if (!node) continue;
    const before = graph.before(id).map((each) => outcomes.get(each));
    outcomes.set(
      id,
      Promise.all(before).then((results) => {
        const ends = new Set(results.map((each) => each?.outcome));
        const isLost = ends.has("failed") || ends.has("skipped");
        const blocked = isLost ? "skipped" : ends.has("waiting") ? "waiting" : undefined;
        return limit(() => runNode(node, blocked, context, settling));
      }),
    );
  }
  const results = await Promise.all(outcomes.values());
  const settled = (await Promise.all(settling)).flat();
  const diagnostics = [...results.flatMap((each) => each.diagnostics), ...settled];
  const interrupted = options.signal?.aborted === true;
  const complete =
    results.every((each) => each.outcome !== "failed" && each.outcome !== "skipped") && settled.length === 0;
  const confirmed = context.mutated || complete ? await confirmRun(context, complete, results, diagnostics) : undefined;
  diagnostics.push(
    ...((await options.books?.conclude({ results, interrupted, ...(confirmed && { confirmed }) })) ?? []),
  );
  const verification =
    complete && confirmed && remainingChanges({ results, confirmed }).length === 0
      ? await verifyRun(context)
      : undefined;
  const run: Run = {
    results,
    ...(confirmed && { confirmed }),
    ...(verification && { verification }),
    mutated: context.mutated,
    interrupted,
    diagnostics,
    outputs: complete
      ? Object.fromEntries(
          context.worlds.map((world) => [
            world.instance.stack.name,
            outputsOf(world.instance, attributesIn(context, world)),
          ]),
        )
      : {},
    calls: Object.fromEntries(context.worlds.map((world) => [world.instance.stack.name, world.instance.cloud.calls()])),
    milliseconds: elapsed(),
  };
  emit({ kind: "run-finished", at: elapsed(), run });
  return run;
}

/** Milliseconds to wait before confirming once more: what lists and indexes say may lag behind the last write. */
const patience = [2000, 4000, 8000];

async function confirmRun<C extends Cloud>(
  context: Context<C>,
  complete: boolean,
  results: Run["results"],
  diagnostics: Diagnostic[],
): Promise<Plan<C> | undefined> {
  const { clock, options } = context;
  const { confirm } = options;
  context.emit({ kind: "confirming", at: context.elapsed() });
  let plan: Plan<C> | undefined;
  try {
    plan = await confirm();
    for (const delay of complete ? patience : []) {
      if (options.signal?.aborted || remainingChanges({ results, confirmed: plan }).length === 0) break;
      await clock.wait(delay);
      plan = await confirm();
    }
    return plan;
  } catch (error) {
    if (isStop(error, options.signal)) return plan;
    diagnostics.push(...diagnosticsOf(error, context.worlds[0]?.instance.cloud, undefined));
    return undefined;
  }
}

async function verifyRun<C extends Cloud>({
  options,
  emit,
  elapsed,
}: Context<C>): Promise<VerificationReport | undefined> {
  if (!options.verify) return undefined;
  emit({ kind: "checking", at: elapsed() });
  return options.verify((stack, check) => emit({ kind: "check-finished", at: elapsed(), stack, check }));
}

async function runNode<C extends Cloud>(
  node: GraphNode<C>,
  blocked: "skipped" | "waiting" | undefined,
  context: Context<C>,
  settling: Promise<Diagnostic[]>[],
): Promise<Run["results"][number]> {
  const { step, change } = node;
  const { emit, elapsed, options } = context;
  const started = elapsed();
  const finish = (outcome: StepOutcome, diagnostics: readonly Diagnostic[] = []): Run["results"][number] => {
    const milliseconds = elapsed() - started;
    emit({ kind: "step-finished", at: elapsed(), step, outcome, milliseconds, diagnostics });
    return { step, outcome, milliseconds, diagnostics };
  };
  // What waits for a deletion that waits is a deletion, too; or it needs what that would make room for.
  if (blocked === "waiting" && step.operation === "delete") return finish("waiting");
  const held = options.held?.get(node.id);
  if (held) return finish("held", [held]);
  if (blocked || options.signal?.aborted || options.books?.isHeld(step.stack) === false) return finish("skipped");
  emit({ kind: "step-started", at: elapsed(), step });
  try {
    const outcome = await runStep(node, context);
    const observed = context.live.get(liveKey(step.stack, step.logicalId));
    const { settled } = change.type.handlers;
    if (outcome === "done" && settled && observed && step.operation !== "delete" && step.operation !== "release") {
      emit({ kind: "step-progress", at: elapsed(), step, message: "settling" });
      const told = settled(change.stack.cloud, observed).then(
        () => [],
        (error: unknown) =>
          isStop(error, options.signal)
            ? [stopped(change, "had settled")]
            : diagnosticsOf(error, change.stack.cloud, labelOf(change)),
      );
      // Whoever waits for it may be busy when it fails.
      told.catch(() => undefined);
      settling.push(told);
    }
    return finish(outcome);
  } catch (error) {
    if (isStop(error, options.signal)) return finish("skipped", [stopped(change, "was done")]);
    const problems = diagnosticsOf(error, change.stack.cloud, labelOf(change), change.place);
    const isUsed = step.operation === "delete" && problems.every((each) => each.code.endsWith("in-use"));
    if (!isUsed) return finish("failed", problems);
    return finish(
      "waiting",
      problems.map((each) => ({ ...each, severity: "warning" })),
    );
  }
}

/** Did it end because the run was told to stop? */
function isStop(error: unknown, signal: AbortSignal | undefined): boolean {
  if (!signal?.aborted || !(error instanceof Error)) return false;
  return error === signal.reason || error.name === "AbortError" || isStop(error.cause, signal);
}

function stopped<C extends Cloud>(change: GraphNode<C>["change"], end: string): Diagnostic {
  return {
    code: "apply.stopped",
    severity: "warning",
    message: `The run was told to stop before this ${end}: what was sent for it may still be under way.`,
    remedy: "run again: it goes on from what is there",
    resource: labelOf(change),
    place: change.place,
  };
}

function diagnosticsOf(
  error: unknown,
  cloud: Cloud | undefined,
  resource: string | undefined,
  place?: Diagnostic["place"],
): Diagnostic[] {
  const problems = error instanceof DiagnosticError ? error.diagnostics : cloud && [cloud.diagnose(error, resource)];
  // A run of nothing has no cloud that could say what it was.
  if (!problems) throw error;
  return problems.map((each) => ({ ...(resource !== undefined && { resource }), ...(place && { place }), ...each }));
}
