import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { labelOf } from "./label.ts";
import { mentioned, targetsOf } from "./mentions.ts";
import type { Change, StackPlan } from "./model.ts";
import { placedKey } from "./world.ts";

/**
 * What leaves one stack of a run and is named by what another one still wants stays where it is: an orphan until that one lets go. Names count as order counts them: an
 * ARN anywhere, any other name at a property that refers to such a type. What another one declares as existing is as good as named.
 */
export function holdUsed<C extends Cloud>(
  stacks: readonly StackPlan<C>[],
): { stacks: StackPlan<C>[]; diagnostics: Diagnostic[] } {
  const all = stacks.flatMap((stack) => stack.changes);
  const deletions = all.filter((change) => change.action === "delete");
  if (deletions.length === 0 || stacks.length === 1) return { stacks: [...stacks], diagnostics: [] };
  const targets = targetsOf(deletions.map((change) => ({ id: change, change })));
  const users = new Map<Change<C>, Change<C>>();
  for (const user of all.filter((each) => each.existing)) {
    const same = deletions.find((each) => keyIn(each.stack, each) === keyIn(user.stack, user));
    if (same && same.stack !== user.stack) users.set(same, user);
  }
  const living = new Set(all.map((each) => keyIn(each.stack, each)));
  for (const user of all) {
    // Where there is something of that name, the name does not mean what has it in another account or region.
    const isMeant = (deletion: Change<C>): boolean => {
      const nearer = keyIn(user.stack, deletion);
      return nearer === keyIn(deletion.stack, deletion) || !living.has(nearer);
    };
    for (const deletion of mentioned(user.type.shape, user.desired?.properties, targets, isMeant)) {
      if (deletion.stack !== user.stack && !users.has(deletion)) users.set(deletion, user);
    }
  }
  return {
    stacks: stacks.map((plan) => ({
      ...plan,
      changes: plan.changes.filter((change) => !users.has(change)),
      orphans: [...plan.orphans, ...plan.changes.filter((change) => users.has(change)).map(orphanOf)],
    })),
    diagnostics: [...users].map(([deletion, user]) => stillUsed(deletion, user)),
  };
}

function keyIn(stack: Change["stack"], { type, identifier = "" }: Change): string {
  return placedKey(stack, type, { identifier });
}

function orphanOf({ logicalId, type, identifier = "" }: Change): StackPlan["orphans"][number] {
  return { logicalId, type: type.type, identifier, reason: "used-elsewhere" };
}

function stillUsed({ stack, logicalId, type, identifier, place }: Change, user: Change): Diagnostic {
  return {
    code: "delete.used-elsewhere",
    severity: "warning",
    message: `${identifier} stays: ${user.logicalId} of the stack ${user.stack.stack.name} still uses it.`,
    remedy: `take it out of ${user.logicalId}; then it is deleted by the next run of ${stack.stack.name}`,
    resource: labelOf({ logicalId, type }),
    place,
    related: [{ message: "It is used here.", place: user.place }],
  };
}
