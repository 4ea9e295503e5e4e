import { isWithin, type Pointer, segmentsOf } from "../pointer.ts";
import type { Observed } from "../resource/model.ts";
import { adoptedTag, identifierTag, isOwnTag, ownerTag, protectTag, resourceTag } from "../resource/owner.ts";
import type { Properties } from "../value.ts";
import { unknownsIn } from "../value.ts";
import { canonicalProperties } from "./canonical.ts";
import { changedBy, type Difference, diff } from "./diff.ts";
import type { Desired, Impact, Reason } from "./model.ts";
import { type ChildSlots, ownSlots } from "./slots.ts";
import { tagDifferences } from "./tags.ts";

/** Everything besides the resource itself that its diff depends on. Known at plan time, and the same at apply time. */
export interface Circumstances {
  owner: string;
  children: ChildSlots;
  ignore: readonly Pointer[];
  exclusive: readonly Pointer[];
  /** Properties of which something that is left out of this run may declare elements: what nobody declares stays. */
  sharedSlots?: ReadonlySet<string>;
  /** The resource as git base declares it, with head's inputs; undefined: base does not have it, or is not known. */
  base?: { properties: Properties; tags: Properties; sensitive?: ReadonlySet<string> };
  /** As declared: without a word, what is protected stays so. */
  protect?: boolean;
  /** Identifiers and ARNs of what this run deletes. A list that still holds one (a policy attached to a role) has to let go of it first, whoever put it there. */
  leaving?: ReadonlySet<string>;
}

/** What has to be done about one declared resource, and why. */
export interface Decision {
  action: "create" | "update" | "replace" | "none";
  reasons: Reason[];
  differences: Difference[];
  impact: Impact;
  steps: readonly string[];
  foreignTags: readonly string[];
  unowned: readonly { property: string; key: string; owner?: string }[];
}

/**
 * From what should be and what is to what has to be done. Pure; plan and apply both decide with it, so that a run can only do what its plan said, or less.
 */
export function decide(desired: Desired, observed: Observed | undefined, circumstances: Circumstances): Decision {
  if (!observed) {
    return {
      action: "create",
      reasons: ["not-found"],
      differences: [],
      impact: "none",
      steps: [],
      foreignTags: [],
      unowned: [],
    };
  }
  const { type } = desired;
  const wished = canonicalProperties(type, desired.properties);
  const slots = ownSlots({
    type,
    desired: wished,
    observed: canonicalProperties(type, observed.properties),
    slotTags: observed.slotTags,
    children: circumstances.children,
    exclusive: circumstances.exclusive,
    owner: circumstances.owner,
    ...(circumstances.leaving && { leaving: circumstances.leaving }),
    ...(circumstances.sharedSlots && { shared: circumstances.sharedSlots }),
    ...(circumstances.base && { base: canonicalProperties(type, circumstances.base.properties) }),
  });
  const tags = observed.tags
    ? tagDifferences(
        { ...desired.tags, ...(type.copiesInheritTags && { [identifierTag]: observed.identifier }) },
        observed.tags,
        new Set(Object.keys(circumstances.base?.tags ?? {})),
        new Set([adoptedTag, ...(circumstances.protect === false ? [] : [protectTag])]),
      )
    : { differences: [], foreign: [] };
  // What was declared with a secret still lives when its declaration has left.
  const sources = [
    ...desired.evaluated.sensitive,
    ...(circumstances.base?.sensitive ?? []),
    ...(type.secrets?.(desired.properties) ?? []),
    ...(type.secrets?.({ ...observed.properties }) ?? []),
  ];
  const differences = [...diff(type.shape, wished, slots.observed), ...tags.differences]
    .filter((each) => isOurs(each) || !circumstances.ignore.some((path) => isWithin(each.path, path)))
    .map((each) => (isSensitive(each, sources) ? { ...each, sensitive: true } : each));
  const rest = { differences, foreignTags: tags.foreign, unowned: slots.unowned };
  if (differences.length === 0) return { action: "none", reasons: [], impact: "none", steps: [], ...rest };
  return { ...verdict(desired, observed, differences), ...rest };
}

/** Our own tags are never ignored: by them it is found again. */
function isOurs(difference: Difference): boolean {
  const [property, key] = segmentsOf(difference.path);
  return property === "Tags" && key !== undefined && isOwnTag(key);
}

function verdict(
  desired: Desired,
  observed: Observed,
  differences: readonly Difference[],
): Pick<Decision, "action" | "reasons" | "impact" | "steps"> {
  const changed = changedBy(differences);
  const forced = new Set(desired.type.handlers.mustReplace?.(observed, desired.properties, changed) ?? []);
  const forcing = differences.filter(
    (each) => each.createOnly || [...forced].some((path) => isWithin(each.path, path)),
  );
  for (const each of forcing) each.createOnly = true;
  const certain = forcing.filter((each) => !isUncertain(each));
  const reasons = new Set<Reason>();
  for (const each of forcing)
    reasons.add(
      isUncertain(each)
        ? "depends-on-unknown"
        : unknownsIn(each.after).length > 0
          ? "dependency-replaced"
          : "must-replace",
    );
  if (forcing.length > 0)
    return {
      action: "replace",
      reasons: [...reasons],
      impact: certain.length > 0 ? "replaces" : "may-replace",
      steps: [],
    };
  for (const each of differences)
    reasons.add(unknownsIn(each.after).length > 0 ? "depends-on-unknown" : reasonFor(each));
  const impact = desired.type.impact?.(changed);
  return {
    action: "update",
    reasons: [...reasons],
    impact: impact?.interrupts ? "interrupts" : "none",
    steps: impact?.steps ?? [],
  };
}

function reasonFor(difference: Difference): Reason {
  const [property, key] = segmentsOf(difference.path);
  const isName = property === "Tags" && (key === resourceTag || key === ownerTag);
  if (isName && difference.before !== undefined) return "renamed";
  return property === "Tags" && key === adoptedTag ? "adopted" : "property-changed";
}

/** May it turn out to be equal? Then a replacement is planned, and falls back to less. */
function isUncertain(difference: Difference): boolean {
  const unknowns = unknownsIn(difference.after);
  return unknowns.length > 0 && unknowns.every((unknown) => unknown.certainty !== "changes");
}

/** Sensitive by its source: what the pointer of an evaluated value shares with the difference's, up to the first list (keys there are not indexes). */
function isSensitive(difference: Difference, sources: readonly Pointer[]): boolean {
  if (difference.sensitive) return true;
  const path = segmentsOf(difference.path);
  for (const source of sources) {
    const segments = segmentsOf(source);
    const listAt = segments.findIndex((segment) => /^\d+$/.test(segment));
    const compared = Math.min(path.length, listAt === -1 ? segments.length : listAt);
    if (path.slice(0, compared).every((segment, index) => segment === segments[index])) return true;
  }
  return unknownsIn(difference.after).some((unknown) => unknown.sensitive);
}

/** Of several that carry one owner tag, the one that needs the least: nothing, then an update, then a replacement; fewest differences; then by identifier. */
export function closest(
  desired: Desired,
  candidates: readonly Observed[],
  circumstances: Circumstances,
): Observed | undefined {
  const rank = { none: 0, update: 1, replace: 2, create: 3 };
  const scored = candidates.map((observed) => ({ observed, decision: decide(desired, observed, circumstances) }));
  scored.sort(
    (a, b) =>
      rank[a.decision.action] - rank[b.decision.action] ||
      a.decision.differences.length - b.decision.differences.length ||
      (a.observed.identifier < b.observed.identifier ? -1 : 1),
  );
  return scored[0]?.observed;
}
