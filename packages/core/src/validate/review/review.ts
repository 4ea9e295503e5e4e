import type { Diagnostic } from "../../diagnostic.ts";
import { isWithin, type Pointer, pointer } from "../../pointer.ts";
import type { Stack } from "../../stack/model.ts";
import { resourceLabel } from "../../template/label.ts";
import type { Template } from "../../template/model.ts";
import { type Properties, Unknown, type Value } from "../../value.ts";
import type { Specification } from "../specification.ts";
import { distinct } from "../words.ts";
import type { Finding, Review, Reviewed, ReviewedStack } from "./model.ts";
import { reviews } from "./reviews.ts";

/** What reviewers would say of a stack: each finding with the severity that its review has by itself. */
export function reviewStack(
  { template, checks = [] }: Pick<Stack, "template" | "checks">,
  resources: readonly Reviewed[],
  specification: Specification | undefined,
): Diagnostic[] {
  const stack: ReviewedStack = {
    template,
    checks: checks.map(({ file, node }) => file.source.text.slice(node.range?.[0], node.range?.[2])),
    resources,
    byId: new Map(resources.map((resource) => [resource.logicalId, resource])),
    byType: byType(resources),
    ...(specification && { specification }),
  };
  const ofStack = reviews.flatMap((review) =>
    (review.stack?.(stack) ?? []).map((finding) => diagnosticOf(review, finding, template, finding.resource)),
  );
  const ofResources = resources.flatMap((resource) =>
    reviewsOf(resource.type).flatMap((review) =>
      (review.resource?.look(resource, stack) ?? []).map((finding) =>
        diagnosticOf(review, finding, template, resource),
      ),
    ),
  );
  return distinct([...ofStack, ...ofResources]);
}

function byType(resources: readonly Reviewed[]): Map<string, Reviewed[]> {
  const types = new Map<string, Reviewed[]>();
  for (const resource of resources) {
    const others = types.get(resource.type);
    if (others) others.push(resource);
    else types.set(resource.type, [resource]);
  }
  return types;
}

const byTypeOf = new Map<string, readonly Review[]>();

/** A large template has many resources of few types. */
function reviewsOf(type: string): readonly Review[] {
  const known = byTypeOf.get(type);
  if (known) return known;
  const found = reviews.filter(({ resource }) => resource && (!resource.types || resource.types.includes(type)));
  byTypeOf.set(type, found);
  return found;
}

function diagnosticOf(
  { id, severity, remedy }: Review,
  finding: Finding,
  template: Template,
  resource: Reviewed | undefined,
): Diagnostic {
  const { at, onKey, related } = finding;
  const own = resource && template.resources.get(resource.logicalId)?.place;
  const placeIn = (path: Pointer) =>
    onKey ? resource?.evaluated.placeOfKey(path) : path === "" ? own : resource?.evaluated.placeOf(path);
  const place = typeof at === "string" ? placeIn(at) : at;
  return {
    code: id,
    severity,
    message: finding.message,
    remedy: finding.remedy ?? remedy,
    ...(resource && { resource: resourceLabel(resource) }),
    ...(place && { place }),
    ...(related && { related }),
  };
}

/** Properties in which what is sensitive by its source is unknown: no message can tell it then. */
export function withoutSecrets(properties: Properties, sensitive: ReadonlySet<Pointer>): Properties {
  if (sensitive.size === 0) return properties;
  const hide = (value: Value, at: Pointer): Value => {
    if (sensitive.has(at)) return new Unknown([], "unread", true);
    if (![...sensitive].some((path) => isWithin(path, at))) return value;
    if (Array.isArray(value)) return value.map((item, index) => hide(item, at + pointer(index)));
    if (value === null || typeof value !== "object" || value instanceof Unknown) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, hide(part, at + pointer(key))]));
  };
  return hide(properties, "") as Properties;
}
