import { canonicalProperties } from "../plan/canonical.ts";
import { type Circumstances, decide } from "../plan/decide.ts";
import type { Desired } from "../plan/model.ts";
import { refuseUnset } from "../plan/unset.ts";
import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import type { Properties } from "../value.ts";

/** What removing a line does: the never-set value comes back, a new resource is made, it is refused, or nothing happens. */
export type UnsetOutcome = "restores" | "replaces" | "refused" | "nothing";

/**
 * For each property of a type that need not be declared: what happens when it was, lives as it was declared, and is declared no more. `samples`: values by property, where
 * one that is made from the schema alone would mean nothing.
 */
export function unsetOutcomes<C extends Cloud>(
  type: ResourceType<C>,
  samples: Record<string, unknown> = {},
): Map<string, UnsetOutcome> {
  const properties = Object.entries(type.shape.properties).filter(([, each]) => !each.annotation.tags);
  const sample = Object.fromEntries(properties.map(([name, each]) => [name, samples[name] ?? sampleOf(each)]));
  const required = properties.filter(([, each]) => each.undeclared === "required");
  const least = Object.fromEntries(required.map(([name]) => [name, sample[name]]));
  const optional = properties.filter(([name]) => !(name in least));
  return new Map(optional.map(([name]) => [name, outcomeOf(type, { ...least, [name]: sample[name] }, least)]));
}

function outcomeOf<C extends Cloud>(
  type: ResourceType<C>,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): UnsetOutcome {
  const desired = {
    logicalId: "Thing",
    type: type as unknown as ResourceType,
    properties: after,
    tags: {},
    evaluated: { sensitive: new Set<string>() },
  } as unknown as Desired;
  const circumstances: Circumstances = {
    owner: "test/app@us-east-1",
    children: new Map(),
    ignore: [],
    exclusive: [],
    base: { properties: before as Properties, tags: {} },
  };
  const live = canonicalProperties(type as unknown as ResourceType, before);
  const observed = { identifier: "it", properties: live, attributes: {}, tags: null };
  const { action, differences } = decide(desired, observed, circumstances);
  if (action === "replace") return "replaces";
  const refused = refuseUnset(desired, observed, circumstances, differences, { file: "app.yaml", line: 1, column: 1 });
  if (refused.length > 0) return "refused";
  return action === "update" ? "restores" : "nothing";
}

/** A value that is not what holds anyway. */
function sampleOf(shape: Shape, depth = 0): unknown {
  const { annotation, allowed, default: usual, items, branches } = shape;
  const choice = [...(annotation.values ?? []), ...(allowed ?? [])].filter((each) => each !== usual);
  if (choice.length > 0) return choice.at(-1);
  switch (shape.type) {
    case "boolean":
      return usual !== true;
    case "integer":
    case "number":
      return Number(usual ?? 0) + 1;
    case "array":
      return [items ? sampleOf(items, depth + 1) : "x"];
    case "map":
      return { a: items ? sampleOf(items, depth + 1) : "x" };
    case "union":
      return branches[0] ? sampleOf(branches[0], depth + 1) : "x";
    case "object": {
      const some = Object.entries(shape.properties).filter(
        ([, each]) => each.undeclared === "required" || (depth < 3 && !each.annotation.writeOnly),
      );
      return Object.fromEntries(some.map(([name, each]) => [name, sampleOf(each, depth + 1)]));
    }
    default:
      return annotation.document ? { Version: "2012-10-17", Statement: [] } : "x";
  }
}
