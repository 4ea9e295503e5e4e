import { pointer } from "../pointer.ts";
import type { Cloud, Observed } from "../resource/model.ts";
import { adoptedTag, isOwnTag } from "../resource/owner.ts";
import { type Children, slotIsWanted } from "./children.ts";
import { retainedTag } from "./desire.ts";
import type { Change, Orphan } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";

/** What is live, ours and not declared: deleted, released, or left where it is. */
export function planDeletions<C extends Cloud>(
  world: StackWorld<C>,
  changes: ReadonlyMap<string, Change<C>>,
  children: Children,
  options: { base: string | null },
): { deletions: Change<C>[]; orphans: Orphan[] } {
  const deletions: Change<C>[] = [];
  const orphans: Orphan[] = [];
  const { instance, base } = world;
  const deletion = (owned: Owned<C>, reason: "left-over" | "not-declared"): Change<C> => {
    const baseDeclares = base?.stack.template.resources.has(owned.logicalId);
    return {
      stack: instance,
      logicalId: owned.logicalId,
      type: owned.type,
      action: "delete",
      identifier: owned.observed.identifier,
      observed: owned.observed,
      reasons: [reason],
      cause: options.base === null ? null : baseDeclares && reason === "not-declared" ? "change" : "drift",
      impact: "none",
      steps: owned.type.deletionSteps ?? [],
      place: base?.stack.template.resources.get(owned.logicalId)?.place ?? instance.stack.place,
      properties: [],
    };
  };
  for (const owned of world.leftOvers) deletions.push(deletion(owned, "left-over"));
  for (const owned of [...world.undeclared, ...world.removedChildren]) {
    const { tags } = owned.observed;
    if (isRetained(world, owned)) {
      orphans.push({
        logicalId: owned.logicalId,
        type: owned.type.type,
        identifier: owned.observed.identifier,
        reason: "retained",
      });
    } else if (tags?.[adoptedTag] !== undefined) {
      const released = Object.entries(tags).filter(([key]) => isOwnTag(key));
      deletions.push({
        ...deletion(owned, "not-declared"),
        action: "update",
        released: true,
        steps: ["release"],
        properties: released.map(([key, before]) => ({
          path: pointer("Tags", key),
          before,
          cause: null,
          sensitive: false,
          requiresReplacement: false,
        })),
      });
    } else if (!slotIsWanted(world, owned, changes, children)) {
      deletions.push(deletion(owned, "not-declared"));
    }
  }
  return { deletions, orphans };
}

/** What is deleted whatever the rest of the plan says: left-overs, and what carries our tags and is no longer declared. */
export function leavingAnyway<C extends Cloud>(world: StackWorld<C>): Observed[] {
  const undeclared = world.undeclared.filter(
    (each) => !isRetained(world, each) && each.observed.tags?.[adoptedTag] === undefined,
  );
  return [...world.leftOvers, ...undeclared].map((each) => each.observed);
}

function isRetained<C extends Cloud>({ base }: StackWorld<C>, { logicalId, observed }: Owned<C>): boolean {
  const declaration = base?.stack.template.resources.get(logicalId);
  return observed.tags?.[retainedTag] !== undefined || declaration?.deletionPolicy === "Retain";
}
