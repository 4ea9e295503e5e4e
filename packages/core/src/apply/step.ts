import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { Allowances } from "../plan/allows.ts";
import { decide } from "../plan/decide.ts";
import { mayLoseData, refuseDataLoss, refuseProtected } from "../plan/guard.ts";
import { labelOf } from "../plan/label.ts";
import type { Change, Desired } from "../plan/model.ts";
import { type GraphNode, isOldFirst } from "../plan/order.ts";
import { replacedTags } from "../plan/policies.ts";
import type { Cloud, Observed } from "../resource/model.ts";
import { ownerTag } from "../resource/owner.ts";
import { changeTags, converge, createAndConverge, type Tools, tagsOf, type Writing } from "./converge.ts";
import { deleteAndConfirm } from "./delete.ts";
import type { StepOutcome } from "./model.ts";
import { liveKey, type StepContext } from "./step-context.ts";
import { declarationOf, resolved, wishOf } from "./wish.ts";

/** Does one step of a plan. Rejects with what it failed with. */
export async function runStep<C extends Cloud>(node: GraphNode<C>, context: StepContext<C>): Promise<StepOutcome> {
  const job = { ...toolsOf(node, context), change: node.change, context };
  switch (node.step.operation) {
    case "release":
      return releaseStep(job);
    case "delete":
      return deleteStep(job);
    case "create":
      return createStep(job);
    default:
      return updateStep(job);
  }
}

/** What one step does, and with what. */
interface Job<C extends Cloud> extends Tools<C> {
  change: Change<C>;
  context: StepContext<C>;
}

function toolsOf<C extends Cloud>({ step, change }: GraphNode<C>, context: StepContext<C>): Tools<C> {
  const { logicalId, type } = change;
  const { cloud } = change.stack;
  const permit = (): void => {
    context.permit?.(step.stack);
    context.mutated = true;
  };
  return {
    cloud,
    clock: context.clock,
    type,
    progress: (message) => context.emit({ kind: "step-progress", at: context.elapsed(), step, message }),
    write: (call) => cloud.planned({ logicalId, type: type.type, operations: type.actions.write, permit }, call),
  };
}

async function releaseStep<C extends Cloud>({ change, context, cloud, type, write }: Job<C>): Promise<StepOutcome> {
  const observed = existing(change);
  if (isKept(change, observed, context)) return "unchanged";
  await refuseUncertain(change, context);
  const { set, remove } = change.keepsOld ? { set: replacedTags, remove: [] as string[] } : tagsOf(change.properties);
  const { release } = type.handlers;
  if (release && remove.includes(ownerTag)) await write(() => release(cloud, observed));
  await write(() => changeTags(type, cloud, observed, set, remove));
  return "done";
}

async function deleteStep<C extends Cloud>({ change, context, ...tools }: Job<C>): Promise<StepOutcome> {
  const observed = existing(change);
  if (isKept(change, observed, context)) return "unchanged";
  if (isOldFirst(change)) await refuseUncertain(change, context);
  const { snapshot } = tools.type.handlers;
  if (change.snapshot && snapshot) {
    tools.progress("making a last snapshot");
    await tools.write(() => snapshot(tools.cloud, observed));
  }
  await deleteAndConfirm(observed, { ...tools, dataLoss: mayLoseData(change, context) });
  if (change.deleteFirst) context.live.delete(liveKeyOf(change));
  return "done";
}

async function createStep<C extends Cloud>({ change, context, ...tools }: Job<C>): Promise<StepOutcome> {
  const lesser = turnedOutLess(change, context);
  if (!lesser && !isOldFirst(change)) await refuseUncertain(change, context);
  const made = lesser
    ? await converge(writingOf(change, lesser, tools, context), existing(change))
    : await createAndConverge(writingOf(change, resolved(change, context), tools, context));
  context.live.set(liveKeyOf(change), made);
  return "done";
}

async function updateStep<C extends Cloud>({ change, context, ...tools }: Job<C>): Promise<StepOutcome> {
  const observed = existing(change);
  const writing = writingOf(change, resolved(change, context), tools, context);
  const needed = decide(writing.desired, observed, writing.circumstances).differences.length > 0;
  context.live.set(liveKeyOf(change), await converge(writing, observed));
  return needed ? "done" : "unchanged";
}

function writingOf<C extends Cloud>(
  change: Change<C>,
  desired: Desired<C>,
  tools: Tools<C>,
  context: StepContext<C>,
): Writing<C> {
  return {
    ...tools,
    desired,
    wish: wishOf(desired, context),
    circumstances: declarationOf(change).circumstances,
    others: othersOf(change, context),
    refuse: () => {
      throw new DiagnosticError(stronger(change));
    },
  };
}

function liveKeyOf({ stack, logicalId }: Change): string {
  return liveKey(stack.stack.name, logicalId);
}

function existing<C extends Cloud>({ logicalId, action, observed }: Change<C>): Observed {
  if (!observed) throw new Error(`${action} of ${logicalId} without a live resource`);
  return observed;
}

/** What might not have come to a replacement was left out by the guard: now that it has, the same holds, before the first of its steps. */
async function refuseUncertain<C extends Cloud>(change: Change<C>, options: Allowances): Promise<void> {
  if (change.impact !== "may-replace") return;
  const refusals = [...refuseProtected(change), ...(await refuseDataLoss(change, options))];
  if (refusals.length > 0) throw new DiagnosticError(refusals);
}

/** A replacement that fell back to less makes nothing new: the old one is the one that is kept. */
function isKept<C extends Cloud>(change: Change<C>, observed: Observed, context: StepContext<C>): boolean {
  if (isOldFirst(change)) return turnedOutLess(change, context) !== undefined;
  const now = context.live.get(liveKeyOf(change));
  return change.action === "replace" && now?.identifier === observed.identifier;
}

/** The wish, where a replacement that was planned because something was unknown is none now that it is known. */
function turnedOutLess<C extends Cloud>(change: Change<C>, context: StepContext<C>): Desired<C> | undefined {
  if (change.impact !== "may-replace") return undefined;
  const unrenamed = resolved(change, context, "current");
  const { action } = decide(unrenamed, existing(change), declarationOf(change).circumstances);
  return action === "replace" ? undefined : unrenamed;
}

/** What carries the tags of a resource and is not the one that is to be made. */
function othersOf<C extends Cloud>({ logicalId, observed, stack }: Change<C>, { worlds }: StepContext<C>): Set<string> {
  const own = worlds.filter((each) => each.instance === stack);
  const twice = own
    .flatMap((world) => [...world.leftOvers, ...world.retired])
    .filter((each) => each.logicalId === logicalId);
  return new Set([observed, ...twice.map((each) => each.observed)].flatMap((each) => each?.identifier ?? []));
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
