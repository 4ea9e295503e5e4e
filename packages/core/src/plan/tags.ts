import { pointer } from "../pointer.ts";
import type { Tags } from "../resource/model.ts";
import { adoptedTag, isAwsTag, isOwnTag } from "../resource/owner.ts";
import type { Properties, Value } from "../value.ts";
import { isRecord, stableText } from "../value.ts";
import type { Difference } from "./diff.ts";

/** A resource's `Tags` property, list or map, as a map. An element that is wholly unknown has no key and is left out. */
export function declaredTags(value: Value | undefined): Properties {
  if (Array.isArray(value)) {
    const elements = value.filter((each): each is Properties => isRecord(each));
    return Object.fromEntries(
      elements.flatMap((tag) => (typeof tag.Key === "string" && tag.Value !== undefined ? [[tag.Key, tag.Value]] : [])),
    );
  }
  return isRecord(value) ? (value as Properties) : {};
}

/**
 * Tag keys are owned one by one: what is wished for is enforced, what git base declared and head does not is removed, everything else is somebody else's.
 * `foreign`: the keys that are left alone, for a note.
 */
export function tagDifferences(
  wished: Properties,
  live: Tags,
  baseKeys: ReadonlySet<string>,
  /** Ours, and kept although nobody wishes for them. */
  kept: ReadonlySet<string> = new Set([adoptedTag]),
): { differences: Difference[]; foreign: string[] } {
  const differences: Difference[] = [];
  const foreign: string[] = [];
  for (const [key, value] of Object.entries(wished)) {
    if (Object.hasOwn(live, key) && stableText(live[key]) === stableText(value)) continue;
    differences.push({ ...at(key), ...(Object.hasOwn(live, key) && { before: live[key] }), after: value });
  }
  for (const [key, value] of Object.entries(live)) {
    if (Object.hasOwn(wished, key) || isAwsTag(key) || kept.has(key)) continue;
    if (baseKeys.has(key) || isOwnTag(key)) differences.push({ ...at(key), before: value });
    else foreign.push(key);
  }
  return { differences, foreign };
}

function at(key: string): Pick<Difference, "path" | "sensitive" | "createOnly"> {
  return { path: pointer("Tags", key), sensitive: false, createOnly: false };
}
