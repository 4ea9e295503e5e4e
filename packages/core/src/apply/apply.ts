import { createHash } from "node:crypto";
import pLimit from "p-limit";
import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import { decide } from "../plan/decide.ts";
import { desire } from "../plan/desire.ts";
import { environmentOf, liveAttribute, sourceOf } from "../plan/environment.ts";
import { refuseDataLoss } from "../plan/guard.ts";
import type { Change, Desired, Plan } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Graph, GraphNode } from "../plan/order.ts";
import { allows } from "../plan/plan.ts";
import type { Cloud, Observed, ResourceType, Wish } from "../resource/model.ts";
import { isOwnTag } from "../resource/owner.ts";
import type { Environment } from "../template/model.ts";
import { checkProperties, parse } from "../validate/index.ts";
import { stableText, Unknown, unknownsIn } from "../value.ts";
import type { Clock } from "./clock.ts";
import { changeTags, converge, createAndConverge, deleteAndConfirm, type Writing } from "./converge.ts";
import type { Run, RunEvent, Step, StepOutcome } from "./model.ts";
import { outputsOf } from "./outputs.ts";
import { createQueue } from "./queue.ts";

export interface ApplyOptions<C extends Cloud> {
  parallelism: number;
  clock: Clock;
  /** Of this run alone: makes its client tokens differ from every other run's. */
  nonce: string;
  /** Logical ids (or `all`) whose deletion was allowed by name. */
  allowDelete: readonly string[];
  /** Stops what has not begun; what is under way is finished. */
  signal?: AbortSignal;
  /** Observes and plans again, after the last write. */
  confirm(): Promise<Plan<C>>;
}

interface Context<C extends Cloud> {
  plan: Plan<C>;
  worlds: readonly StackWorld<C>[];
  options: ApplyOptions<C>;
  /** `<stack>/<LogicalId>`: as it is now. */
  live: Map<string, Observed>;
  mutated: boolean;
  emit(event: RunEvent): void;
  elapsed(): number;
}

/**
 * Runs the graph: the only writer. Gives events while it runs and the run at its end. A failed step blocks its dependents and nothing else. Never rejects for what AWS
 * says: that is in the run.
 */
export async function* apply<C extends Cloud>(
  plan: Plan<C>,
  graph: Graph<C>,
  worlds: readonly StackWorld<C>[],
  options: ApplyOptions<C>,
): AsyncGenerator<RunEvent, Run> {
  const queue = createQueue<RunEvent>();
  const started = options.clock.now();
  const live = new Map(
    worlds.flatMap((world) =>
      [...world.live].map(([id, observed]) => [`${world.instance.stack.name}/${id}`, observed] as const),
    ),
  );
  const context: Context<C> = {
    plan,
    worlds,
    options,
    live,
    mutated: false,
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
        const blocked = results.find((each) => each?.outcome === "failed" || each?.outcome === "skipped");
        return limit(() => runNode(node, blocked?.step, context, settling));
      }),
    );
  }
  const results = await Promise.all(outcomes.values());
  const settled = (await Promise.all(settling)).flat();
  const diagnostics = [...results.flatMap((each) => each.diagnostics), ...settled];
  const interrupted = options.signal?.aborted === true;
  const complete =
    results.every((each) => each.outcome === "done" || each.outcome === "unchanged") && settled.length === 0;
  const confirmed = context.mutated || complete ? await confirmRun(context, complete, diagnostics) : undefined;
  const run: Run = {
    results,
    ...(confirmed && { confirmed }),
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
  diagnostics: Diagnostic[],
): Promise<Plan<C> | undefined> {
  const { clock, confirm } = context.options;
  context.emit({ kind: "confirming", at: context.elapsed() });
  try {
    let plan = await confirm();
    for (const delay of complete ? patience : []) {
      if (plan.stacks.every((stack) => stack.changes.every((change) => change.action === "none"))) break;
      await clock.wait(delay);
      plan = await confirm();
    }
    return plan;
  } catch (error) {
    diagnostics.push(...diagnosticsOf(error, context.worlds[0]?.instance.cloud, undefined));
    return undefined;
  }
}

async function runNode<C extends Cloud>(
  node: GraphNode<C>,
  blocking: Step | undefined,
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
  if (blocking || options.signal?.aborted) return finish("skipped");
  emit({ kind: "step-started", at: elapsed(), step });
  try {
    const outcome = await runStep(node, context);
    const observed = context.live.get(`${step.stack}/${step.logicalId}`);
    const { settled } = change.type.handlers;
    if (outcome === "done" && settled && observed && step.operation !== "delete" && step.operation !== "release") {
      emit({ kind: "step-progress", at: elapsed(), step, message: "settling" });
      settling.push(
        settled(change.stack.cloud, observed).then(
          () => [],
          (error: unknown) => diagnosticsOf(error, change.stack.cloud, labelOf(change)),
        ),
      );
    }
    return finish(outcome);
  } catch (error) {
    return finish("failed", diagnosticsOf(error, change.stack.cloud, labelOf(change), change.place));
  }
}

function labelOf(change: Pick<Change, "logicalId" | "type">): string {
  return `${change.logicalId} (${change.type.type})`;
}

function diagnosticsOf(
  error: unknown,
  cloud: Cloud | undefined,
  resource: string | undefined,
  place?: Diagnostic["place"],
): Diagnostic[] {
  const diagnostics = error instanceof DiagnosticError ? error.diagnostics : diagnosed(error, cloud, resource);
  return diagnostics.map((each) => ({ ...(resource !== undefined && { resource }), ...(place && { place }), ...each }));
}

function diagnosed(error: unknown, cloud: Cloud | undefined, resource: string | undefined): Diagnostic[] {
  if (!cloud) throw error;
  return [cloud.diagnose(error, resource)];
}

async function runStep<C extends Cloud>(node: GraphNode<C>, context: Context<C>): Promise<StepOutcome> {
  const { step, change } = node;
  const { type } = change;
  const { cloud } = change.stack;
  const progress = (message: string): void =>
    context.emit({ kind: "step-progress", at: context.elapsed(), step, message });
  const write = <T>(call: () => Promise<T>): Promise<T> => {
    context.mutated = true;
    return cloud.planned({ logicalId: change.logicalId, type: type.type, operations: type.actions.write }, call);
  };
  const key = `${step.stack}/${step.logicalId}`;
  if (step.operation === "release") {
    const observed = existing(change);
    const own = Object.keys({ ...observed.tags }).filter(isOwnTag);
    await write(() => changeTags(type, cloud, observed, {}, own));
    return "done";
  }
  if (step.operation === "delete") {
    const observed = existing(change);
    if (isKept(change, observed, context)) return "unchanged";
    const dataLoss = allows(context.options, change.logicalId);
    await deleteAndConfirm({ cloud, clock: context.options.clock, type, observed, dataLoss, write, progress });
    if (change.deleteFirst) context.live.delete(key);
    return "done";
  }
  const converging = (desired: Desired<C>): Writing<C> => ({
    cloud,
    clock: context.options.clock,
    type,
    desired,
    wish: wishOf(desired, context),
    circumstances: declarationOf(change).circumstances,
    progress,
    write,
    refuse: () => {
      throw new DiagnosticError(stronger(change));
    },
  });
  if (step.operation === "create") {
    const lesser = turnedOutLess(change, context);
    if (lesser) {
      context.live.set(key, await converge(converging(lesser), existing(change)));
      return "done";
    }
    // What might not have come to this was left out by the guard.
    const refusals = change.impact === "may-replace" ? await refuseDataLoss(change, context.options) : [];
    if (refusals.length > 0) throw new DiagnosticError(refusals);
    const desired = resolved(change, context, change.desired?.generatedName?.name);
    context.live.set(key, await createAndConverge(converging(desired)));
    return "done";
  }
  const observed = existing(change);
  const job = converging(resolved(change, context, change.desired?.generatedName?.name));
  const needed = decide(job.desired, observed, job.circumstances).differences.length > 0;
  context.live.set(key, await converge(job, observed));
  return needed ? "done" : "unchanged";
}

function existing<C extends Cloud>({ logicalId, action, observed }: Change<C>): Observed {
  if (!observed) throw new Error(`${action} of ${logicalId} without a live resource`);
  return observed;
}

/** A replacement that fell back to less makes nothing new: the old one is the one that is kept. */
function isKept<C extends Cloud>(change: Change<C>, observed: Observed, context: Context<C>): boolean {
  if (change.deleteFirst) return turnedOutLess(change, context) !== undefined;
  const now = context.live.get(`${change.stack.stack.name}/${change.logicalId}`);
  return change.action === "replace" && now?.identifier === observed.identifier;
}

/** The wish, where a replacement that was planned because something was unknown is none now that it is known. */
function turnedOutLess<C extends Cloud>(change: Change<C>, context: Context<C>): Desired<C> | undefined {
  if (change.impact !== "may-replace") return undefined;
  const unrenamed = resolved(change, context, currentName(change));
  const { action } = decide(unrenamed, existing(change), declarationOf(change).circumstances);
  return action === "replace" ? undefined : unrenamed;
}

function declarationOf<C extends Cloud>({ logicalId, desired, circumstances }: Change<C>) {
  if (!desired || !circumstances) throw new Error(`${logicalId} has no declaration`);
  return { desired, circumstances };
}

function currentName<C extends Cloud>(change: Change<C>): string | undefined {
  const property = change.desired?.generatedName?.property;
  const name = property === undefined ? undefined : change.observed?.properties[property];
  return typeof name === "string" ? name : undefined;
}

/** The declaration with everything that was unknown at plan time, checked once more. */
function resolved<C extends Cloud>(change: Change<C>, context: Context<C>, name: string | undefined): Desired<C> {
  const world = context.worlds.find((each) => each.instance === change.stack);
  if (!world) throw new Error(`${change.logicalId} is of no stack of this run`);
  const environment = environmentOf(change.stack, attributesIn(context, world));
  const { desired, diagnostics } = desire(change.stack, change.type, change.logicalId, environment, () => name);
  const kept = keptInputs(change, desired);
  const problems = [...diagnostics, ...checkProperties(change.type, kept.properties, kept.evaluated)].filter(
    (each) => each.severity === "error",
  );
  if (problems.length > 0) throw new DiagnosticError(problems);
  return { ...kept, tags: { ...declarationOf(change).desired.tags, ...kept.tags } };
}

/** A newer outside value at a create-only property was left aside by the plan: the live value stands in its place. A generated name is none. */
function keptInputs<C extends Cloud>(change: Change<C>, desired: Desired): Desired {
  if (change.action !== "update" && change.action !== "adopt" && change.impact !== "may-replace") return desired;
  const properties = { ...desired.properties };
  for (const [name, shape] of Object.entries(change.type.shape.properties)) {
    const planned = change.desired?.properties[name];
    const isKept = shape.annotation.createOnly && name !== change.desired?.generatedName?.property;
    if (isKept && planned !== undefined && unknownsIn(planned).length === 0) properties[name] = planned;
  }
  return { ...desired, properties };
}

function attributesIn<C extends Cloud>(context: Context<C>, world: StackWorld<C>): Environment["attribute"] {
  return (id, attribute) => {
    const observed = context.live.get(`${world.instance.stack.name}/${id}`);
    const type: ResourceType<C> | undefined = world.types.get(id);
    const known = observed && type && liveAttribute(type, observed, attribute);
    return known ?? { value: new Unknown([sourceOf(id, attribute)], "may-change") };
  };
}

function wishOf<C extends Cloud>(desired: Desired<C>, context: Context<C>): Wish {
  const unknowns = [...unknownsIn(desired.properties), ...unknownsIn(desired.tags)];
  const parsed = unknowns.length === 0 ? parse(desired.type, desired.properties) : undefined;
  if (!parsed?.value) {
    throw new DiagnosticError(parsed?.diagnostics ?? stillUnknown(desired, unknowns));
  }
  const token = createHash("sha256")
    .update(`${stableText(desired.properties)}|${desired.logicalId}|${context.options.nonce}`)
    .digest("hex");
  return {
    properties: parsed.value,
    tags: Object.fromEntries(Object.entries(desired.tags).map(([key, value]) => [key, String(value)])),
    token,
  };
}

function stillUnknown<C extends Cloud>(desired: Desired<C>, unknowns: readonly Unknown[]): Diagnostic {
  return {
    code: "apply.still-unknown",
    severity: "error",
    message: `${unknowns.flatMap((each) => each.sources).join(", ")} is not known even now that what it comes from is done.`,
    remedy:
      "check that the attribute exists in this state of the resource (an instance without a public address has no PublicIp)",
    resource: labelOf(desired),
    place: desired.evaluated.placeOf(""),
  };
}

function stronger<C extends Cloud>(change: Change<C>): Diagnostic {
  return {
    code: "plan.moved",
    severity: "error",
    message: `${change.logicalId} would have to be replaced now, and the plan said ${change.action}: live AWS moved since, or a value turned out different.`,
    remedy: "plan again and look at it",
    resource: labelOf(change),
    place: change.place,
  };
}
