import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Observed } from "../resource/model.ts";
import { resourceIn, unknownsIn } from "../value.ts";
import { type Allowances, allows } from "./allows.ts";
import type { Decision } from "./decide.ts";
import { isProtected } from "./deletions.ts";
import { knownIn } from "./known-in.ts";
import { labelOf } from "./label.ts";
import { mentioned, targetsOf } from "./mentions.ts";
import type { Change, Desired, StackPlan } from "./model.ts";
import type { StackWorld } from "./observe.ts";
import { noSnapshot, retains } from "./policies.ts";

/** What a replacement does with the old one, and what speaks against it. A generated name in `desired` becomes the next that is free. */
export function planReplacement<C extends Cloud>(
  world: StackWorld<C>,
  desired: Desired<C>,
  observed: Observed,
  decision: Decision,
  options: Allowances,
): {
  change: Pick<Change, "deleteFirst" | "keepsOld" | "snapshot" | "protected"> & Partial<Pick<Change, "steps">>;
  diagnostics: Diagnostic[];
} {
  const { logicalId, type } = desired;
  const { place, reconcile, updateReplacePolicy } = knownIn(world.instance.stack.template.resources, logicalId);
  const forcing = decision.differences.filter((each) => each.createOnly).map((each) => each.path.slice(1));
  const refusal = (code: string, message: string, remedy: string): Diagnostic => ({
    code,
    severity: "error",
    message,
    remedy,
    resource: labelOf({ logicalId, type }),
    place,
  });
  if (world.adopting.has(logicalId)) {
    const message = `${observed.identifier} cannot be adopted as declared: ${forcing.join(", ")} can only be set when it is made.`;
    const remedy = "declare what is there, adopt it, and change it afterwards";
    return { change: {}, diagnostics: [refusal("adopt.must-replace", message, remedy)] };
  }
  const diagnostics: Diagnostic[] = [];
  const keepsOld = retains(updateReplacePolicy);
  const deleteFirst = !renamed(world, desired, observed);
  const allowed = !keepsOld && allows(options, { stack: world.instance, logicalId });
  if (deleteFirst && !allowed) {
    const message = `${logicalId} has to be replaced (${forcing.join(", ")} can only be set when it is made), and ${observed.identifier} has its name until it is deleted.`;
    const other = "declare another name, or none so that one is generated";
    const remedy = keepsOld ? other : `${other}; or delete it first with --allow-delete ${logicalId}`;
    diagnostics.push(refusal("replace.name-taken", message, remedy));
  }
  if (keepsOld && !observed.tags) {
    const message = `${logicalId} has to be replaced (${forcing.join(", ")} can only be set when it is made), and the old one cannot be kept: nothing can be written on it that would say so.`;
    const remedy = "remove its UpdateReplacePolicy, or give the new one another logical id";
    diagnostics.push(refusal("replace.cannot-retain", message, remedy));
  }
  const snapshot = updateReplacePolicy === "Snapshot";
  if (snapshot && !type.handlers.snapshot) diagnostics.push(noSnapshot(desired, place));
  const isKept = reconcile.protect ?? isProtected(world, { logicalId, type, observed });
  return {
    change: {
      ...(keepsOld ? { keepsOld } : deleteFirst && { deleteFirst }),
      ...(snapshot && { snapshot, steps: [...decision.steps, "snapshot"] }),
      ...(isKept && { protected: true }),
    },
    diagnostics,
  };
}

/** Can the new one stand beside the old one? It gets the next generated name, or its declared name differs; a type without names always can. */
function renamed<C extends Cloud>(world: StackWorld<C>, desired: Desired, observed: Observed): boolean {
  const { type } = desired;
  const before = type.naturalKey?.(observed.properties);
  if (before === undefined) return true;
  if (desired.generatedName) {
    const next = world.nameOf(desired.logicalId, desired.properties, "next");
    if (next === undefined) return false;
    desired.properties[desired.generatedName.property] = next;
    desired.generatedName = { ...desired.generatedName, name: next };
  }
  // What is not declared stays as it is: a group that names no VPC is made in the one where it lives.
  return type.naturalKey?.({ ...observed.properties, ...desired.properties }) !== before;
}

/** An old one whose name is to be freed cannot go while something that stays uses it, or is a part of it and would go with it. */
export function refuseUsed<C extends Cloud>(stacks: readonly StackPlan<C>[]): Diagnostic[] {
  const all = stacks.flatMap((stack) => stack.changes);
  return all
    .filter(({ deleteFirst }) => deleteFirst)
    .flatMap((replaced) => {
      const { stack, logicalId, type, identifier = "", place } = replaced;
      const targets = targetsOf([{ id: logicalId, change: replaced }]);
      const uses = (user: Change<C>, properties: unknown): boolean =>
        mentioned(user.type.shape, properties, targets).size > 0;
      const waits = ({ stack: other, desired }: Change<C>): boolean =>
        other === stack &&
        unknownsIn(desired?.properties).some(({ sources }) => sources.some((each) => resourceIn(each) === logicalId));
      const user = all.find(
        (each) =>
          each !== replaced &&
          uses(each, each.observed?.properties) &&
          (uses(each, each.desired?.properties) || waits(each)),
      );
      if (!user) return [];
      return [
        {
          code: "replace.name-taken",
          severity: "error",
          message: `${logicalId} has to be replaced, and ${identifier} has its name until it is deleted, which it cannot be: ${user.logicalId} of the stack ${user.stack.stack.name} uses it.`,
          remedy: `declare another name, or none so that one is generated; or take it out of ${user.logicalId} first`,
          resource: labelOf({ logicalId, type }),
          place,
          related: [{ message: "It is used here.", place: user.place }],
        },
      ];
    });
}
