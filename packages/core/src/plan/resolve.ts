import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, Found, Observed, ResourceType } from "../resource/model.ts";
import { ownerInTags } from "../resource/owner.ts";
import type { Environment } from "../template/model.ts";
import { claimOf, type Refusal, takenTwice } from "./claim.ts";
import { confirmTags } from "./confirm-tags.ts";
import { type Circumstances, closest, decide } from "./decide.ts";
import { desire } from "./desire.ts";
import { findExisting } from "./existing.ts";
import { findByKey, hasNaturalKey, naturalKey } from "./find.ts";
import { knownIn } from "./known-in.ts";
import type { Desired, StackInstance, Unowned } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { isRetired } from "./policies.ts";
import type { Renames } from "./renames.ts";
import { settleAll } from "./settle.ts";
import { ownedKey } from "./world.ts";

export interface ResolveOptions<C extends Cloud>
  extends Pick<StackWorld<C>, "instance" | "order" | "references" | "nameOf"> {
  typeOf(id: string): ResourceType<C>;
  lists: ReadonlyMap<string, readonly Found[]>;
  /** What carries tags that say that it is ours, under the names of head. */
  tagged: readonly Owned<C>[];
  renames: Renames;
  base?: StackInstance<C>;
  baseEnvironment?: Environment;
  /** Filled: a natural key may hold the identifier of another resource. */
  live: Map<string, Observed>;
  environment: Environment;
}

/** How what lives belongs to what is declared. */
export interface Resolved<C extends Cloud> {
  adopting: Set<string>;
  leftOvers: Owned<C>[];
  retired: Owned<C>[];
  unowned: Unowned[];
  existing: Set<string>;
  disowned: Owned<C>[];
  /** What a child had before it took up what lives in its slot. */
  displaced: Owned<C>[];
  diagnostics: Diagnostic[];
}

/** What the other decisions need of circumstances is not known yet. */
export function plain(owner: string): Circumstances {
  return { owner, children: new Map(), ignore: [], exclusive: [] };
}

/** Of what carries the tags of one resource, the one that it is. What was let go is taken up again only where nothing came in its place. */
export function keptOf(desired: Desired, carrying: readonly Pick<Owned, "observed">[], owner: string) {
  const all = carrying.map((each) => each.observed);
  const current = all.filter((each) => !isRetired(each));
  const candidates = current.length > 0 ? current : all;
  return candidates.length > 1 ? closest(desired, candidates, plain(owner)) : candidates[0];
}

/** Finds what lives of each declared resource: by its tag, by its natural key, or where base had it; a child by its slot first. */
export async function resolveAll<C extends Cloud>(options: ResolveOptions<C>): Promise<Resolved<C>> {
  const { instance, order, references, typeOf, lists, tagged, renames, base, live, environment, nameOf } = options;
  const result: Resolved<C> = {
    adopting: new Set(),
    leftOvers: [],
    retired: [],
    unowned: [],
    existing: new Set(),
    disowned: [],
    displaced: [],
    diagnostics: [],
  };
  const carriersOf = new Map<string, Owned<C>[]>();
  for (const each of tagged) {
    const carriers = carriersOf.get(each.logicalId);
    if (carriers) carriers.push(each);
    else carriersOf.set(each.logicalId, [each]);
  }
  const desiredOf = (id: string): Desired<C> =>
    desire(instance, typeOf(id), id, environment, (properties) => nameOf(id, properties, "current")).desired;

  // Dependencies first, and what does not depend on one another side by side.
  const resolved = new Map<string, Promise<void>>();
  for (const id of order) {
    const before = knownIn(references, id)
      .map((reference) => resolved.get(reference.logicalId))
      .filter((each) => each !== undefined);
    resolved.set(
      id,
      settleAll(before).then(() => resolve(id)),
    );
  }
  await settleAll([...resolved.values()]);
  leaveToSlots();
  refuseTwice();
  return result;

  async function resolve(id: string): Promise<void> {
    const type = typeOf(id);
    const carrying = withoutStrays(
      id,
      (carriersOf.get(id) ?? []).filter((each) => each.type.type === type.type),
    );
    if (knownIn(instance.stack.template.resources, id).reconcile.existing !== undefined) return lookAt(id, carrying);
    const desired = desiredOf(id);
    const kept = keptOf(desired, carrying, instance.owner);
    if (!kept || (await hasSlotElsewhere(desired, kept))) {
      result.displaced.push(...carrying);
      return find(desired);
    }
    await refuseTakenName(desired, kept);
    const differs =
      kept.tagsFromIndex &&
      decide(desired, kept, plain(instance.owner)).differences.some((each) => each.path.startsWith("/Tags/"));
    const trusted = differs ? await confirmTags(type, instance.cloud, kept) : kept;
    if (trusted) live.set(id, trusted);
    for (const other of carrying)
      if (other.observed !== kept) (isRetired(other.observed) ? result.retired : result.leftOvers).push(other);
  }

  /** What no tag leads to. */
  async function find(desired: Desired<C>): Promise<void> {
    const { logicalId, type } = desired;
    const former = renames.get(logicalId);
    const inTheWay = await findByKey(instance, type, desired, knownIn(lists, type.type), former);
    const earlier = await findAtBase(logicalId, type);
    if (earlier && !inTheWay) live.set(logicalId, earlier);
    else if (earlier && earlier.identifier !== inTheWay?.identifier)
      result.leftOvers.push({ logicalId, type, observed: earlier });
    if (!inTheWay) return;
    const claim = claimOf(instance, desired, inTheWay, former);
    if (claim.kind === "ours" || claim.kind === "adopt") live.set(logicalId, inTheWay);
    if (claim.kind === "adopt") result.adopting.add(logicalId);
    if (claim.kind === "refused") refuse(desired, inTheWay, claim);
  }

  function refuse({ logicalId, type }: Desired<C>, { identifier }: Observed, claim: Refusal): void {
    const { owner, diagnostic } = claim;
    result.unowned.push({ logicalId, type: type.type, identifier, ...(owner !== undefined && { owner }) });
    result.diagnostics.push(diagnostic);
  }

  /** What is to have another name than it has cannot have that of somebody else. What is ours may make room for it. */
  async function refuseTakenName(desired: Desired<C>, kept: Observed): Promise<void> {
    const { type, properties, generatedName } = desired;
    if (type.within || generatedName || !type.naturalKey || hasNaturalKey(type, properties, kept.properties)) return;
    const inTheWay = await findByKey(instance, type, desired, knownIn(lists, type.type));
    if (!inTheWay || inTheWay.identifier === kept.identifier) return;
    const claim = claimOf(instance, desired, inTheWay);
    if (claim.kind === "refused" && claim.owner !== instance.owner) refuse(desired, inTheWay, claim);
  }

  /** Of what it has and what it is to take over from another stack under one name, that which has its natural key; else what it has: the other one's is another one. */
  function withoutStrays(id: string, carrying: readonly Owned<C>[]): readonly Owned<C>[] {
    const own = carrying.filter(({ observed }) => ownerInTags(observed.tags, observed.identifier) === instance.owner);
    if (own.length === 0 || own.length === carrying.length) return carrying;
    const { type, properties } = desiredOf(id);
    const isNamed = ({ observed }: Owned<C>): boolean =>
      naturalKey(type, properties) !== undefined && hasNaturalKey(type, properties, observed.properties);
    return !own.some(isNamed) && carrying.some(isNamed) ? carrying : own;
  }

  async function lookAt(id: string, carrying: readonly Owned<C>[]): Promise<void> {
    result.existing.add(id);
    result.disowned.push(...carrying);
    const type = typeOf(id);
    const found = await findExisting(instance, type, desiredOf(id), knownIn(lists, type.type));
    if ("code" in found) {
      result.diagnostics.push(found);
      return;
    }
    live.set(id, found);
    // It was ours under another logical id, which is declared no more.
    const former = tagged.filter((each) => ownedKey(each.type, each.observed) === ownedKey(type, found));
    result.disowned.push(...former.filter((each) => each.logicalId !== id && !order.includes(each.logicalId)));
  }

  /** Something else lives in the slot that a child has now: it takes that up, and what it had before goes. So two children can change places, and no slot is asked for twice. */
  async function hasSlotElsewhere(desired: Desired<C>, kept: Observed): Promise<boolean> {
    const { type } = desired;
    if (!type.within || hasNaturalKey(type, desired.properties, kept.properties)) return false;
    return (await findByKey(instance, type, desired, knownIn(lists, type.type))) !== undefined;
  }

  /** What one child found in its slot and another by its tag is the first one's. */
  function leaveToSlots(): void {
    const times = new Map<string, number>();
    for (const [id, observed] of live) {
      const key = ownedKey(typeOf(id), observed);
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    for (const id of order) {
      const observed = live.get(id);
      const type = typeOf(id);
      if (!observed || !type.within || times.get(ownedKey(type, observed)) === 1) continue;
      if (!hasNaturalKey(type, desiredOf(id).properties, observed.properties)) live.delete(id);
    }
  }

  /** What is to be taken over can be one resource of the stack, and no other. */
  function refuseTwice(): void {
    const takers = new Map<string, string>();
    for (const id of order) {
      const observed = live.get(id);
      const type = typeOf(id);
      if (!observed || type.within || result.existing.has(id)) continue;
      const key = ownedKey(type, observed);
      const first = takers.get(key);
      if (first === undefined) takers.set(key, id);
      else refuse(desiredOf(id), observed, takenTwice(desiredOf(id), observed, first, instance.owner));
    }
  }

  /** What cannot be tagged is where base had it, when head wants it elsewhere. */
  async function findAtBase(id: string, type: ResourceType<C>): Promise<Observed | undefined> {
    const { baseEnvironment: outer } = options;
    if (type.handlers.tag || !outer || base?.stack.template.resources.get(id)?.type !== type.type) return undefined;
    const { desired } = desire(base, type, id, outer, () => undefined);
    return findByKey(base, type, desired, knownIn(lists, type.type));
  }
}
