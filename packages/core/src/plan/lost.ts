import type { Diagnostic } from "../diagnostic.ts";
import { isWithin, type Pointer, pointer } from "../pointer.ts";
import type { Cloud } from "../resource/model.ts";
import { type Children, slotIsWanted, type Within } from "./children.ts";
import { placeOf } from "./deletions.ts";
import type { Change } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { lostToParent, lostWithParent } from "./policies.ts";
import { placedKey } from "./world.ts";

/** What stays of a stack although nothing declares it. */
interface Kept<C extends Cloud> {
  world: StackWorld<C>;
  kept: readonly Owned<C>[];
}

/** What is to stay and would not, in whatever stack of the run: it is a part of what goes, or of what deletes whatever nobody declares in it. */
export function refuseLost<C extends Cloud>(
  stacks: readonly Kept<C>[],
  changes: readonly Change<C>[],
  children: Children,
): Diagnostic[] {
  return stacks.flatMap(({ world, kept }) =>
    kept.flatMap((owned) => {
      const { within } = owned.type;
      if (!within) return [];
      const parents = changes.filter((each) => isParent(each, world, owned, within));
      const gone = parents.find(({ action, keepsOld }) => action === "delete" || (action === "replace" && !keepsOld));
      if (gone) return [lostWithParent(owned, gone, placeOf(world, owned))];
      const carriesTags = owned.observed.tags && !changes.some((each) => isLetGo(each, owned));
      if (carriesTags || slotIsWanted(world, owned, changes, children)) return [];
      const path = pointer(within.property);
      const taker = parents.find((each) => isComplete(each, within.property, path));
      return taker ? [lostToParent(owned, { logicalId: taker.logicalId, path }, placeOf(world, owned))] : [];
    }),
  );
}

function isParent<C extends Cloud>(
  { stack, type, identifier }: Change<C>,
  { instance }: StackWorld<C>,
  { observed }: Owned<C>,
  within: Within,
): boolean {
  if (within.type !== type.type || identifier === undefined) return false;
  const parent = { identifier: String(observed.properties[within.identifiedBy]) };
  return placedKey(stack, type, { identifier }) === placedKey(instance, type, parent);
}

/** Its tags are taken off. */
function isLetGo({ released, observed, properties }: Change, owned: Owned): boolean {
  return released === true && observed === owned.observed && properties.some(({ after }) => after === undefined);
}

/** Does a declared parent delete what nobody declares there? What is declared as existing deletes nothing. */
function isComplete({ type, circumstances }: Change, property: string, path: Pointer): boolean {
  if (!circumstances || circumstances.ignore.some((each) => isWithin(path, each))) return false;
  return type.shape.properties[property]?.annotation.slot === "exclusive" || circumstances.exclusive.includes(path);
}
