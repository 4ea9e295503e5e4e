import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Found } from "../resource/model.ts";
import { ownerInTags, ownerTag, parseOwner, resourceOf, resourceTag } from "../resource/owner.ts";
import type { Registry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import { resourceLabel } from "../template/label.ts";
import { type Allowances, allows } from "./allows.ts";
import { readTagged } from "./find.ts";
import { knownIn } from "./known-in.ts";
import { labelOf } from "./label.ts";
import type { Change, StackInstance, StackPlan } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { settleAll } from "./settle.ts";
import { placedKey } from "./world.ts";

/** What other stacks of the project own and this one takes over (`moved-from`), as far as lists carry tags. */
export async function movedHere<C extends Cloud>(
  instance: StackInstance<C>,
  active: ReadonlySet<string>,
  registry: Registry<C>,
  lists: ReadonlyMap<string, readonly Found[]>,
): Promise<Owned<C>[]> {
  const moved = [...active].map(async (id): Promise<Owned<C>[]> => {
    const { type, reconcile } = knownIn(instance.stack.template.resources, id);
    const { movedFrom } = reconcile;
    if (!movedFrom) return [];
    const { logicalId = id } = movedFrom;
    const carriers = knownIn(lists, type).filter(({ tags }) => tags?.[resourceTag] === resourceOf(logicalId, type));
    const owners = new Set(
      carriers.map(({ tags }) => tags?.[ownerTag]).filter((owner) => isOwnedBy(instance, movedFrom.stack, owner)),
    );
    const found = [...owners].map((owner) =>
      readTagged({ ...instance, owner: String(owner) }, [instance.stack], registry, new Map([[type, carriers]])),
    );
    return (await settleAll(found)).flat().map((each) => ({ ...each, logicalId: id }));
  });
  return (await settleAll(moved)).flat();
}

/** Is it of that stack of the same project, in whatever region it names? */
export function isOwnedBy({ stack }: Pick<StackInstance, "stack">, name: string, owner: string | undefined): boolean {
  const found = parseOwner(owner);
  return found?.project === stack.project.name && found.stack === name;
}

/** By `reconcile:resource`: the other stacks of the project that own one. */
export function ownedElsewhere({ stack, owner: own }: StackInstance, items: readonly Found[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { identifier, tags } of items) {
    const owner = ownerInTags(tags, identifier);
    const found = owner === own ? undefined : parseOwner(owner);
    const resource = tags?.[resourceTag];
    if (resource === undefined || found?.project !== stack.project.name) continue;
    names.set(resource, [...(names.get(resource) ?? []), found.stack]);
  }
  return names;
}

/** What a stack without a file owns, and is about to be made a second time: the stack has another name now, or its resource is declared elsewhere. */
export function refuseSecond<C extends Cloud>(
  stacks: readonly StackPlan<C>[],
  worlds: readonly StackWorld<C>[],
  orphans: readonly Stack[],
  options: Allowances,
): Diagnostic[] {
  return stacks.flatMap(({ stack: instance, changes }) =>
    changes
      .filter((each) => each.action === "create")
      .flatMap(({ logicalId, type, place }): Diagnostic[] => {
        const world = worlds.find((each) => each.instance === instance);
        const owners = world?.elsewhere.get(resourceOf(logicalId, type.type)) ?? [];
        const former = orphans.find(({ name }) => owners.includes(name));
        if (!former || allows(options, { stack: { stack: former }, logicalId })) return [];
        const { name } = former;
        return [
          {
            code: "move.unclear",
            severity: "error",
            message: `${logicalId} is live in the stack ${name}, which has no file any more, and would be made a second time in ${instance.stack.name}.`,
            remedy: `if it is the same, say Metadata: { Reconcile: { moved-from: ${name} } }, or call the stack ${name} again (stack-name:); if it is not, --allow-delete ${name}/${logicalId}`,
            resource: labelOf({ logicalId, type }),
            place,
          },
        ];
      }),
  );
}

/**
 * What one stack of a run takes over from another is no longer that one's to delete; what both declare is neither's to take.
 */
export function handOver<C extends Cloud>(worlds: readonly StackWorld<C>[]): StackWorld<C>[] {
  const taken = new Map<string, { world: StackWorld<C>; id: string }>();
  for (const world of worlds) {
    for (const [id, observed] of world.live) {
      const type = world.types.get(id);
      if (type && world.instance.stack.template.resources.get(id)?.reconcile.movedFrom)
        taken.set(placedKey(world.instance, type, observed), { world, id });
    }
  }
  if (taken.size === 0) return [...worlds];
  return worlds.map((world) => {
    const stays = ({ type, observed }: Owned<C>): boolean =>
      (taken.get(placedKey(world.instance, type, observed))?.world ?? world) === world;
    const diagnostics = [...world.live].flatMap(([id, observed]): Diagnostic[] => {
      const type = world.types.get(id);
      const taker = type && taken.get(placedKey(world.instance, type, observed));
      return taker && taker.world !== world ? [declaredInBoth(taker, world, id)] : [];
    });
    return {
      ...world,
      undeclared: world.undeclared.filter(stays),
      leftOvers: world.leftOvers.filter(stays),
      diagnostics: [...world.diagnostics, ...diagnostics],
    };
  });
}

function declaredInBoth<C extends Cloud>(
  { world, id }: { world: StackWorld<C>; id: string },
  source: StackWorld<C>,
  logicalId: string,
): Diagnostic {
  const declaration = knownIn(world.instance.stack.template.resources, id);
  const { name } = source.instance.stack;
  return {
    code: "move.still-declared",
    severity: "error",
    message: `${id} cannot be taken over from ${name}: it is still declared there, as ${logicalId}.`,
    remedy: `remove ${logicalId} from ${name}, or moved-from here`,
    resource: resourceLabel(declaration),
    place: declaration.place,
    related: [
      { message: "It is declared here.", place: knownIn(source.instance.stack.template.resources, logicalId).place },
    ],
  };
}

/**
 * What leaves one stack of a run and comes in another under the same name, where nothing says whether it is the same: it would be deleted and made anew, which is rarely
 * meant. What has a name of its own is refused where that is found.
 */
export function refuseUnclearMoves<C extends Cloud>(
  stacks: readonly StackPlan<C>[],
  options: Allowances,
  neighbours: readonly Stack[] = [],
): Diagnostic[] {
  const all = stacks.flatMap((stack) => stack.changes);
  const nameOf = ({ logicalId, type }: Change): string => resourceOf(logicalId, type.type);
  const going = new Map<string, Change>();
  for (const each of all) {
    const isGoing = each.action === "delete" && each.reasons.includes("not-declared") && !allows(options, each);
    if (isGoing) going.set(nameOf(each), each);
  }
  const within = all
    .filter((each) => each.action === "create")
    .flatMap((coming) => {
      const former = going.get(nameOf(coming));
      return former && former.stack !== coming.stack ? [unclearMove(coming, former)] : [];
    });
  const leaving = all.filter((each) => each.action === "delete" && !allows(options, each));
  return [...within, ...leaving.flatMap((each) => refuseTakenLater(each, neighbours))];
}

/** What a stack that is not part of the run is to take over must still be there when it is. */
function refuseTakenLater({ stack, logicalId, type, identifier }: Change, neighbours: readonly Stack[]): Diagnostic[] {
  const { name, project } = stack.stack;
  return neighbours
    .filter((each) => each.project.name === project.name)
    .flatMap((taker) =>
      [...taker.template.resources.values()]
        .filter(
          ({ logicalId: id, type: taken, reconcile: { movedFrom } }) =>
            taken === type.type && movedFrom?.stack === name && (movedFrom.logicalId ?? id) === logicalId,
        )
        .map((declaration) => ({
          code: "move.unclear",
          severity: "error",
          message: `${logicalId} leaves ${name}, and ${taker.name}, which is not part of this run, is to take it over: ${identifier} would be deleted before that.`,
          remedy: `do both in one run, or ${taker.name} first; if it is not to be kept, --allow-delete ${name}/${logicalId}`,
          resource: labelOf({ logicalId, type }),
          place: declaration.place,
        })),
    );
}

function unclearMove(coming: Change, former: Change): Diagnostic {
  const { logicalId, type, place } = coming;
  const { name } = former.stack.stack;
  return {
    code: "move.unclear",
    severity: "error",
    message: `${logicalId} leaves ${name} and comes in ${coming.stack.stack.name}: ${former.identifier} would be deleted, and another one made.`,
    remedy: `if it is the same, say Metadata: { Reconcile: { moved-from: ${name} } }; if it is not, --allow-delete ${name}/${logicalId}`,
    resource: labelOf({ logicalId, type }),
    place,
  };
}
