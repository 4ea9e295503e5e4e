import type { Diagnostic } from "../diagnostic.ts";
import { pointer } from "../pointer.ts";
import type { Cloud, Observed } from "../resource/model.ts";
import { adoptedTag, isOwnTag, protectTag, retainedTag } from "../resource/owner.ts";
import { evaluateConditions } from "../template/index.ts";
import type { Policy, ResourceDeclaration } from "../template/model.ts";
import { isNamed } from "./allows.ts";
import { type Children, slotIsWanted } from "./children.ts";
import { environmentOf } from "./environment.ts";
import type { Change, Orphan, PropertyChange } from "./model.ts";
import type { Owned, StackWorld } from "./observe.ts";
import { unreadAttributes } from "./open-stack.ts";
import type { PlanOptions } from "./plan.ts";
import { deletionPolicyOf, noSnapshot, policyTags, protectedRefusal, retains } from "./policies.ts";

/** What is live, ours and not declared: deleted, released, or left where it is. `declared`: what is planned for what the stacks of the run declare. `kept`: what stays. */
export function planDeletions<C extends Cloud>(
  world: StackWorld<C>,
  declared: readonly Change<C>[],
  children: Children,
  options: Pick<PlanOptions, "base" | "abandon">,
): { deletions: Change<C>[]; orphans: Orphan[]; diagnostics: Diagnostic[]; kept: readonly Owned<C>[] } {
  const deletions: Change<C>[] = [];
  const orphans: Orphan[] = [];
  const diagnostics: Diagnostic[] = [];
  const { instance, base } = world;
  const deletion = (owned: Owned<C>, reason: "left-over" | "not-declared"): Change<C> => {
    const isPast = reason === "not-declared" && world.expired.has(owned.logicalId);
    const isChange = reason === "not-declared" && base?.stack.template.resources.has(owned.logicalId);
    const isInput = isPast || (!isChange && reason === "not-declared" && mayBeSwitchedOff(world, owned));
    return {
      stack: instance,
      logicalId: owned.logicalId,
      type: owned.type,
      action: "delete",
      identifier: owned.observed.identifier,
      observed: owned.observed,
      reasons: [isPast ? "expired" : reason],
      cause: options.base === null ? null : isInput ? "input" : isChange ? "change" : "drift",
      impact: "none",
      steps: owned.type.deletionSteps ?? [],
      place: placeOf(world, owned),
      properties: [],
    };
  };
  const release = (owned: Owned<C>, properties: readonly PropertyChange[]): Change<C> => ({
    ...deletion(owned, "not-declared"),
    action: "update",
    released: true,
    steps: ["release"],
    properties,
  });
  for (const owned of world.leftOvers) {
    // A child that changed places may have left what its parent declares now.
    if (slotIsWanted(world, owned, declared, children)) continue;
    const protect = instance.stack.template.resources.get(owned.logicalId)?.reconcile.protect;
    if (!owned.observed.tags && retains(wordsOn(world, owned)[0]?.updateReplacePolicy))
      orphans.push(orphan(owned, "retained"));
    else deletions.push({ ...deletion(owned, "left-over"), protected: protect ?? isProtected(world, owned) });
  }
  for (const owned of world.disowned) deletions.push(release(owned, untagged(owned.observed)));
  const isAbandoned = ({ logicalId }: Owned): boolean => isNamed(options.abandon, { stack: instance, logicalId });
  for (const owned of world.retired) {
    if (isAbandoned(owned)) deletions.push(release(owned, untagged(owned.observed)));
    else orphans.push(orphan(owned, "retained"));
  }
  const kept: Owned<C>[] = [];
  for (const owned of [...world.undeclared, ...world.removedChildren]) {
    const { observed, type } = owned;
    const policy = policyOf(world, owned);
    if (isAbandoned(owned)) {
      // What carries no tags is let go by not being deleted.
      if (observed.tags) deletions.push(release(owned, untagged(observed)));
    } else if (retains(policy)) {
      orphans.push(orphan(owned, "retained"));
      // Base will move on, and with it what it says.
      if (observed.tags && !hasTag(owned, retainedTag)) deletions.push(release(owned, tagged(policyTags(policy))));
    } else if (hasTag(owned, adoptedTag)) {
      deletions.push(release(owned, untagged(observed)));
    } else if (!observed.tags && wordsOn(world, owned).some(({ reconcile }) => reconcile.adopt !== undefined)) {
      orphans.push(orphan(owned, "retained"));
    } else if (slotIsWanted(world, owned, declared, children)) {
      // Somebody else of ours declares it.
      continue;
    } else if (isProtected(world, owned)) {
      orphans.push(orphan(owned, "protected"));
      diagnostics.push(
        protectedRefusal({ ...owned, identifier: observed.identifier, place: placeOf(world, owned) }, "delete", lift),
      );
      continue;
    } else {
      const snapshot = policy === "Snapshot";
      const change = deletion(owned, "not-declared");
      deletions.push(snapshot ? { ...change, snapshot, steps: [...change.steps, "snapshot"] } : change);
      if (snapshot && !type.handlers.snapshot) diagnostics.push(noSnapshot(owned, placeOf(world, owned)));
      continue;
    }
    kept.push(owned);
  }
  return { deletions, orphans, diagnostics, kept };
}

const lift =
  "declare it again with Metadata: { Reconcile: { protect: false } }, reconcile, and then take it out of the template; or let go of it with --abandon";

function orphan({ logicalId, type, observed }: Owned, reason: Orphan["reason"]): Orphan {
  return { logicalId, type: type.type, identifier: observed.identifier, reason };
}

function hasTag({ observed }: Pick<Owned, "observed">, key: string): boolean {
  return observed.tags?.[key] !== undefined;
}

/** Where something that nobody declares any more was declared last; else, of its stack. */
export function placeOf<C extends Cloud>(
  { base, expired, instance }: StackWorld<C>,
  { logicalId }: Owned<C>,
): Change["place"] {
  const declaration = expired.get(logicalId) ?? base?.stack.template.resources.get(logicalId);
  return declaration?.place ?? instance.stack.place;
}

function tagged(tags: Readonly<Record<string, string>>): PropertyChange[] {
  return Object.entries(tags).map(([key, after]) => ({ ...tagChange(key), after }));
}

/** Everything of ours is taken off. */
function untagged({ tags }: Observed): PropertyChange[] {
  return Object.entries({ ...tags })
    .filter(([key]) => isOwnTag(key))
    .map(([key, before]) => ({ ...tagChange(key), before }));
}

function tagChange(key: string): PropertyChange {
  return { path: pointer("Tags", key), cause: null, sensitive: false, requiresReplacement: false };
}

/** What is deleted whatever the rest of the plan says: left-overs, and what carries our tags and is no longer declared. */
export function leavingAnyway<C extends Cloud>(
  world: StackWorld<C>,
  options: Pick<PlanOptions, "abandon">,
): Observed[] {
  const undeclared = world.undeclared.filter(
    (each) =>
      !isNamed(options.abandon, { stack: world.instance, logicalId: each.logicalId }) &&
      !retains(policyOf(world, each)) &&
      !isProtected(world, each) &&
      !hasTag(each, adoptedTag),
  );
  return [...world.leftOvers, ...undeclared].map((each) => each.observed);
}

/** Names of `--abandon` that nothing bears which could be let go. */
export function refuseAbandoning<C extends Cloud>(
  worlds: readonly StackWorld<C>[],
  { abandon }: Pick<PlanOptions, "abandon">,
): Diagnostic[] {
  const resources = worlds.flatMap((world) =>
    [...world.undeclared, ...world.removedChildren, ...world.retired].map(({ logicalId }) => ({
      stack: world.instance,
      logicalId,
    })),
  );
  const declared = worlds.flatMap((world) => world.order.map((logicalId) => ({ stack: world.instance, logicalId })));
  return abandon
    .filter((name) => !resources.some((each) => isNamed([name], each)))
    .map((name) => {
      const isDeclared = declared.some((each) => isNamed([name], each));
      return {
        code: isDeclared ? "abandon.declared" : "abandon.unknown",
        severity: "error",
        message: isDeclared
          ? `${name} cannot be abandoned while it is declared.`
          : `There is no ${name} that the stacks of this run own and do not declare.`,
        remedy: isDeclared
          ? "take it out of the template first, or declare it as existing"
          : "name it by its logical id, or as stack/LogicalId",
      } satisfies Diagnostic;
    });
}

/** What is declared of something that this run does not want: where its last day is past or its condition does not hold, and at base. */
function wordsOn<C extends Cloud>(
  { base, expired, instance, types }: StackWorld<C>,
  { logicalId, type }: Pick<Owned<C>, "logicalId" | "type">,
): ResourceDeclaration[] {
  const head = types.has(logicalId) ? undefined : instance.stack.template.resources.get(logicalId);
  const all = [expired.get(logicalId), head, base?.stack.template.resources.get(logicalId)];
  return all.filter((each) => each !== undefined).filter((each) => each.type === type.type);
}

/** Does its condition hold or not by what an outside value is? Base is read with today's. */
function mayBeSwitchedOff<C extends Cloud>({ blind, types }: StackWorld<C>, { logicalId }: Owned<C>): boolean {
  const { template } = blind.stack;
  if (types.has(logicalId) || !template.resources.has(logicalId)) return false;
  return evaluateConditions(template, environmentOf(blind, unreadAttributes)).undecided.has(logicalId);
}

/** Whoever says that it stays is heard. */
function policyOf<C extends Cloud>(world: StackWorld<C>, owned: Owned<C>): Policy {
  const said = wordsOn(world, owned).filter((each) => each.deletionPolicy !== undefined);
  const word = said.find((each) => retains(each.deletionPolicy)) ?? said[0];
  return deletionPolicyOf(word, owned.type, owned.observed);
}

/** By its own tag, or by what is declared; what cannot be tagged, by that alone. */
export function isProtected<C extends Cloud>(
  world: StackWorld<C>,
  owned: Pick<Owned<C>, "logicalId" | "type" | "observed">,
): boolean {
  return hasTag(owned, protectTag) || wordsOn(world, owned).some(({ reconcile }) => reconcile.protect === true);
}
