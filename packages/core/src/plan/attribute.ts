import { isWithin, pointer } from "../pointer.ts";
import type { Shape } from "../resource/shape.ts";
import { containsUnknown, stableText } from "../value.ts";
import type { Difference } from "./diff.ts";
import { diff } from "./diff.ts";
import type { Cause } from "./model.ts";

/** One resource, canonical, at the three points of the comparison. Tags stand under `Tags` as a map. */
export interface ThreeWay {
  shape: Shape;
  /** With head's inputs; undefined: base does not declare it. */
  base?: { properties: Record<string, unknown>; tags: Readonly<Record<string, unknown>> };
  head: { properties: Record<string, unknown>; tags: Readonly<Record<string, unknown>> };
  live: { properties: Record<string, unknown>; tags: Readonly<Record<string, unknown>> };
  /** Does what it wants depend on something outside the declaration? */
  dependsOnInput(difference: Difference): boolean;
}

/**
 * Why a property differs: `change`, head says something else than base; `drift`, it does not, live moved; `both`; `input`, the declaration is the same and an outside value
 * that it reads moved.
 */
export function attribute(difference: Difference, three: ThreeWay): Cause {
  const { base, head, live, shape } = three;
  if (!base) return "change";
  const declared = [...diff(shape, head.properties, base.properties), ...tagDiff(head.tags, base.tags)];
  const changed = declared.some((each) => concerns(each, difference));
  if (!changed) return three.dependsOnInput(difference) ? "input" : "drift";
  // What base refers to may be gone by now: whether live was equal to it then is not known, and not known to have moved.
  const moved = [...diff(shape, base.properties, live.properties), ...tagDiff(base.tags, live.tags)].filter(
    (each) => !containsUnknown(each.after),
  );
  return moved.some((each) => concerns(each, difference)) ? "both" : "change";
}

/** Are these two about the same thing? Loose elements of a list (`/-`) are the same when their values are. */
function concerns(one: Difference, other: Difference): boolean {
  if (one.path.endsWith("/-") || other.path.endsWith("/-")) {
    if (one.path === other.path) return stableText(one.before ?? one.after) === stableText(other.before ?? other.after);
    const [loose, whole] = one.path.endsWith("/-") ? [one.path, other.path] : [other.path, one.path];
    return isWithin(loose.slice(0, -2), whole);
  }
  return isWithin(one.path, other.path) || isWithin(other.path, one.path);
}

function tagDiff(wished: Readonly<Record<string, unknown>>, live: Readonly<Record<string, unknown>>): Difference[] {
  const keys = [...new Set([...Object.keys(wished), ...Object.keys(live)])];
  return keys
    .filter((key) => stableText(wished[key]) !== stableText(live[key]))
    .map((key) => ({
      path: pointer("Tags", key),
      before: live[key],
      after: wished[key],
      sensitive: false,
      createOnly: false,
    }));
}

/** One cause for a resource from those of its properties. */
export function overall(causes: readonly Cause[]): Cause {
  const kinds = new Set(causes);
  const [first = null, ...others] = kinds;
  if (kinds.has(null)) return null;
  if (others.length === 0) return first;
  return kinds.has("both") || (kinds.has("change") && (kinds.has("drift") || kinds.has("input"))) ? "both" : "drift";
}
