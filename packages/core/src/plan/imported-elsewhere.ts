import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { evaluateOutput } from "../template/evaluate.ts";
import type { InputRequest } from "../template/model.ts";
import { containsUnknown, stableText, type Value } from "../value.ts";
import { type Allowances, allows } from "./allows.ts";
import { type AttributesOf, environmentOf } from "./environment.ts";
import { resourcesBehind } from "./foreign.ts";
import { knownIn } from "./known-in.ts";
import { labelOf } from "./label.ts";
import { importsOfNeighbours } from "./links.ts";
import type { Change, ImportSource, StackPlan } from "./model.ts";
import type { StackWorld } from "./observe.ts";

/**
 * What would be replaced or deleted although a stack that is not part of the run imports its value, and keeps the one that goes: AWS refuses that for few types. What that
 * stack has made of it is not looked at.
 */
export function refuseImportedElsewhere<C extends Cloud>(
  stacks: readonly StackPlan<C>[],
  worlds: readonly StackWorld<C>[],
  neighbours: readonly Stack[],
  { planned, ...options }: Allowances & { planned(world: StackWorld<C>): AttributesOf },
): Diagnostic[] {
  const worldOf = new Map(worlds.map((world) => [world.instance, world]));
  const all = stacks.flatMap((stack) => stack.changes);
  return importsOfNeighbours(neighbours, [...worldOf.keys()]).flatMap(({ by, request, from, output }) => {
    // An output that is asked for by its stack's name is held by nobody, in CloudFormation too.
    if (request.kind !== "export") return [];
    const world = knownIn(worldOf, from);
    const now = { instance: from, output };
    const base = world.base?.stack.template.outputs.has(output) ? { instance: world.base, output } : now;
    // Nothing of a stack that is destroyed is declared: who uses what it exports has been looked at.
    const isKept = resourcesBehind(now).every(
      (each) => each.stack !== from.stack.name || world.order.includes(each.logicalId),
    );
    if (!isKept || isSame(exportedValue(base, world.liveAttributes), exportedValue(now, planned(world)))) return [];
    const behind = [...resourcesBehind(base), ...resourcesBehind(now)];
    const isLost = (change: Change<C>): boolean =>
      (change.action === "delete" || (change.action === "replace" && !change.keepsOld)) &&
      behind.some((each) => each.stack === change.stack.stack.name && each.logicalId === change.logicalId) &&
      !allows(options, change);
    const lost = all.find(isLost);
    return lost ? [stillImported(lost, by, request)] : [];
  });
}

function exportedValue({ instance, output }: ImportSource, attributesOf: AttributesOf): Value {
  return evaluateOutput(instance.stack.template, output, environmentOf(instance, attributesOf)).known.value;
}

function isSame(before: Value, after: Value): boolean {
  return !containsUnknown([before, after]) && stableText(before) === stableText(after);
}

function stillImported(lost: Change, by: Stack, request: InputRequest): Diagnostic {
  const { logicalId, type, identifier, action, stack } = lost;
  return {
    code: "export.in-use",
    severity: "error",
    message: `"${request.name}" would have another value, as ${logicalId} is ${action}d: the stack "${by.name}", which is not part of this run, imports it and would lose ${identifier}.`,
    remedy: `Do both stacks in one run; or, where "${by.name}" does not use it, --allow-delete ${stack.stack.name}/${logicalId}.`,
    resource: labelOf({ logicalId, type }),
    place: lost.place,
    related: [{ message: "It is imported here.", place: request.place }],
  };
}
