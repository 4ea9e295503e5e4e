import type { Place } from "../diagnostic.ts";
import { type Pointer, pointer } from "../pointer.ts";
import type { Stack } from "../stack/model.ts";
import type { Template } from "../template/model.ts";
import { templateOfFile } from "../template/nested.ts";
import { containsUnknown, isRecord, mapValues, type Properties, Unknown, type Value } from "../value.ts";
import type { DeclaredResource } from "./check.ts";

/** A value in which something else stands for every unknown. undefined as soon as that is undefined for one. */
export function distinguished(value: Value, change: (unknown: Unknown) => Value | undefined): Value | undefined {
  // Most values of a large template hold none, and copying them takes time.
  return containsUnknown(value) ? changed(value, change) : value;
}

function changed(value: Value, change: (unknown: Unknown) => Value | undefined): Value | undefined {
  if (value instanceof Unknown) return change(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => changed(item, change));
    return items.includes(undefined) ? undefined : (items as Value[]);
  }
  if (!isRecord(value)) return value;
  const parts = mapValues(value as Properties, (_key, part) => changed(part, change));
  return Object.values(parts).includes(undefined) ? undefined : (parts as Properties);
}

/** A text that is the same for two unknowns only if they are the same value: written alike, in one stack, from the same sources. undefined where the text is not known. */
export function tokenOf(resource: DeclaredResource, stack: Stack, unknown: Unknown): string | undefined {
  const path = pathOf(resource.properties, unknown, "");
  const place = path === undefined ? undefined : resource.evaluated.placeOf(path);
  const template = place && templateOfFile(stack.template, place.file);
  const text = place && template && sourceText(template, place);
  return text === undefined ? undefined : JSON.stringify([stack.name, unknown.sources, text]);
}

function pathOf(value: Value, wanted: Unknown, path: Pointer): Pointer | undefined {
  if (value === wanted) return path;
  if (value === null || typeof value !== "object" || value instanceof Unknown) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = pathOf(part, wanted, path + pointer(key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A large template is cut into lines once. */
const linesOf = new WeakMap<Template, string[]>();

/** What stands at a place of a template; undefined where it is of several lines, which have no end. */
export function sourceText(template: Template, { line, column, end }: Place): string | undefined {
  if (!end) return undefined;
  const all = linesOf.get(template) ?? template.source.text.split("\n");
  linesOf.set(template, all);
  return all[line - 1]?.slice(column - 1, end.column - 1);
}
