import { createHash } from "node:crypto";
import { type Diagnostic, DiagnosticError, errorsIn } from "../diagnostic.ts";
import type { Allowances } from "../plan/allows.ts";
import { decide } from "../plan/decide.ts";
import { desire } from "../plan/desire.ts";
import { type AttributesOf, environmentOf, liveAttribute } from "../plan/environment.ts";
import { mayLoseData, refuseDataLoss, refuseProtected } from "../plan/guard.ts";
import { labelOf } from "../plan/label.ts";
import type { Change, Desired } from "../plan/model.ts";
import type { StackWorld } from "../plan/observe.ts";
import { type GraphNode, isOldFirst } from "../plan/order.ts";
import { replacedTags } from "../plan/policies.ts";
import type { Cloud, Observed, ResourceType, Wish } from "../resource/model.ts";
import { ownerTag } from "../resource/owner.ts";
import { checkProperties, parse } from "../validate/index.ts";
import { sourceOf, stableText, Unknown, unknownsIn } from "../value.ts";
import type { Clock } from "./clock.ts";
import { changeTags, converge, createAndConverge, tagsOf, type Writing } from "./converge.ts";
import { deleteAndConfirm } from "./delete.ts";
import type { RunEvent, StepOutcome } from "./model.ts";

/** What the steps of one run share. */
export interface StepContext<C extends Cloud> extends Allowances {
  worlds: readonly StackWorld<C>[];
  clock: Clock;
  /** Of this run alone: makes its client tokens differ from every other run's. */
  nonce: string;
  /** `<stack>/<LogicalId>`: as it is now. */
  live: Map<string, Observed>;
  mutated: boolean;
  /** Throws when this run may not write to the stack any more. */
  permit?(stack: string): void;
  emit(event: RunEvent): void;
  elapsed(): number;
}

/** Does one step of a plan. Rejects with what it failed with. */
export async function runStep<C extends Cloud>(node: GraphNode<C>, context: StepContext<C>): Promise<StepOutcome> {
  const { step, change } = node;
  const { type } = change;
  const { cloud } = change.stack;
  const progress = (message: string): void =>
    context.emit({ kind: "step-progress", at: context.elapsed(), step, message });
  const permit = (): void => {
    context.permit?.(step.stack);
    context.mutated = true;
  };
  const write = <T>(call: () => Promise<T>): Promise<T> =>
    cloud.planned({ logicalId: change.logicalId, type: type.type, operations: type.actions.write, permit }, call);
  const key = `${step.stack}/${step.logicalId}`;
  if (step.operation === "release") {
    const observed = existing(change);
    if (isKept(change, observed, context)) return "unchanged";
    await refuseUncertain(change, context);
    const { set, remove } = change.keepsOld ? { set: replacedTags, remove: [] as string[] } : tagsOf(change.properties);
    const { release } = type.handlers;
    if (release && remove.includes(ownerTag)) await write(() => release(cloud, observed));
    await write(() => changeTags(type, cloud, observed, set, remove));
    return "done";
  }
  if (step.operation === "delete") {
    const observed = existing(change);
    if (isKept(change, observed, context)) return "unchanged";
    if (isOldFirst(change)) await refuseUncertain(change, context);
    const dataLoss = mayLoseData(change, context);
    const { snapshot } = type.handlers;
    if (change.snapshot && snapshot) {
      progress("making a last snapshot");
      await write(() => snapshot(cloud, observed));
    }
    await deleteAndConfirm({ cloud, clock: context.clock, type, observed, dataLoss, write, progress });
    if (change.deleteFirst) context.live.delete(key);
    return "done";
  }
  const converging = (desired: Desired<C>): Writing<C> => ({
    cloud,
    clock: context.clock,
    type,
    desired,
    wish: wishOf(desired, context),
    circumstances: declarationOf(change).circumstances,
    others: othersOf(change, context),
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
    if (!isOldFirst(change)) await refuseUncertain(change, context);
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

/** What might not have come to a replacement was left out by the guard: now that it has, the same holds, before the first of its steps. */
async function refuseUncertain<C extends Cloud>(change: Change<C>, options: Allowances): Promise<void> {
  if (change.impact !== "may-replace") return;
  const refusals = [...refuseProtected(change), ...(await refuseDataLoss(change, options))];
  if (refusals.length > 0) throw new DiagnosticError(refusals);
}

/** A replacement that fell back to less makes nothing new: the old one is the one that is kept. */
function isKept<C extends Cloud>(change: Change<C>, observed: Observed, context: StepContext<C>): boolean {
  if (isOldFirst(change)) return turnedOutLess(change, context) !== undefined;
  const now = context.live.get(`${change.stack.stack.name}/${change.logicalId}`);
  return change.action === "replace" && now?.identifier === observed.identifier;
}

/** The wish, where a replacement that was planned because something was unknown is none now that it is known. */
function turnedOutLess<C extends Cloud>(change: Change<C>, context: StepContext<C>): Desired<C> | undefined {
  if (change.impact !== "may-replace") return undefined;
  const unrenamed = resolved(change, context, currentName(change));
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
function resolved<C extends Cloud>(change: Change<C>, context: StepContext<C>, name: string | undefined): Desired<C> {
  const world = context.worlds.find((each) => each.instance === change.stack);
  if (!world) throw new Error(`${change.logicalId} is of no stack of this run`);
  const environment = environmentOf(change.stack, attributesIn(context, world));
  const { desired, diagnostics } = desire(change.stack, change.type, change.logicalId, environment, () => name);
  const kept = keptInputs(change, desired);
  const problems = errorsIn([...diagnostics, ...checkProperties(change.type, kept.properties, kept.evaluated)]);
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

/** What one stack of a run sees: attributes of the resources of the run's stacks as they are now, and of the others that it imports from as they were read. */
export function attributesIn<C extends Cloud>({ worlds, live }: StepContext<C>, own: StackWorld<C>): AttributesOf {
  return (instance) => {
    const world = worlds.find((each) => each.instance.owner === instance.owner);
    if (!world) return own.liveAttributes(instance);
    return (id, attribute) => {
      const observed = live.get(`${world.instance.stack.name}/${id}`);
      const type: ResourceType<C> | undefined = world.types.get(id);
      const known = observed && type && liveAttribute(type, observed, attribute);
      return known ?? { value: new Unknown([sourceOf(id, attribute)], "may-change") };
    };
  };
}

function wishOf<C extends Cloud>(desired: Desired<C>, context: StepContext<C>): Wish {
  const unknowns = [...unknownsIn(desired.properties), ...unknownsIn(desired.tags)];
  const parsed = unknowns.length === 0 ? parse(desired.type, desired.properties) : undefined;
  if (!parsed?.value) {
    throw new DiagnosticError(parsed?.diagnostics ?? stillUnknown(desired, unknowns));
  }
  const token = createHash("sha256")
    .update(`${stableText(desired.properties)}|${desired.logicalId}|${context.nonce}`)
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
