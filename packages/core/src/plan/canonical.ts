import type { ResourceType } from "../resource/model.ts";
import { canonicalPolicy } from "../resource/policy-document.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord, mapValues, stableText, Unknown } from "../value.ts";

/**
 * The form in which desired and observed properties are compared: the type's own normal form, defaults filled in, sets sorted, documents normalised, `null` and
 * `undefined` dropped. Applied to both sides alike. All false drift is a normalisation missing here or in a type.
 */
export function canonicalProperties(
  type: Pick<ResourceType, "shape" | "handlers">,
  properties: Record<string, unknown>,
): Record<string, unknown> {
  const filled = fill(type.shape, properties) as Record<string, unknown>;
  const own = type.handlers.canonical?.(structuredCopy(filled)) ?? filled;
  return canonical(type.shape, own) as Record<string, unknown>;
}

/** Fills in every default, at any depth, and drops what is null or undefined. What was written stays as written. */
export function fill(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null)
    return shape.default === undefined ? undefined : fill(withoutDefault(shape), shape.default);
  if (value instanceof Unknown) return value;
  if (shape.type === "object" && isRecord(value)) {
    const result: Record<string, unknown> = {};
    for (const [name, child] of entriesOf(shape)) {
      const filled = fill(child, value[name]);
      if (filled !== undefined) result[name] = filled;
    }
    for (const [name, child] of Object.entries(value)) {
      if (!Object.hasOwn(shape.properties, name) && child !== undefined && child !== null) result[name] = child;
    }
    return result;
  }
  const items = shape.items;
  if (shape.type === "array" && items && Array.isArray(value))
    return value.map((item) => fill(items, item)).filter((item) => item !== undefined);
  if (shape.type === "map" && items && isRecord(value)) {
    return mapValues(value, (_key, item) => fill(items, item));
  }
  const branch = branchFor(shape, value);
  return branch ? fill(branch, value) : value;
}

/** Asked for with every object: each is made once. */
const entries = new WeakMap<Shape, readonly (readonly [name: string, child: Shape])[]>();

function entriesOf(shape: Shape): readonly (readonly [name: string, child: Shape])[] {
  const made = entries.get(shape) ?? Object.entries(shape.properties);
  entries.set(shape, made);
  return made;
}

/** Asked for with every value that is left out: each is made once. */
const bare = new WeakMap<Shape, Shape>();

function withoutDefault(shape: Shape): Shape {
  const made = bare.get(shape) ?? (Object.create(shape, { default: { value: undefined } }) as Shape);
  bare.set(shape, made);
  return made;
}

/** The branch of a union that a value belongs to, by its kind alone. undefined: of none, or it is no union. */
export function branchFor(shape: Shape, value: unknown): Shape | undefined {
  const kind = Array.isArray(value) ? "array" : isRecord(value) ? "object" : typeof value;
  return shape.branches.find(
    (branch) =>
      branch.type === kind ||
      (kind === "object" && branch.type === "map") ||
      (kind === "number" && branch.type === "integer"),
  );
}

function canonical(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null || value instanceof Unknown) return value ?? undefined;
  if (shape.annotation.document === "policy") return canonicalPolicy(value);
  if (shape.annotation.document === "json" || shape.type === "any") return value;
  if (shape.type === "object" && isRecord(value)) {
    return mapValues(value, (name, child) =>
      shape.properties[name] ? canonical(shape.properties[name], child) : child,
    );
  }
  const { items } = shape;
  if (shape.type === "map" && items && isRecord(value))
    return mapValues(value, (_name, child) => canonical(items, child));
  if (shape.type === "array" && Array.isArray(value)) return canonicalList(shape, value);
  const branch = branchFor(shape, value);
  return branch ? canonical(branch, value) : value;
}

function canonicalList(shape: Shape, value: unknown[]): unknown[] {
  const items = shape.items ? value.map((item) => canonical(shape.items as Shape, item)) : value;
  const list = shape.annotation.list;
  if (list === undefined) return items;
  const textOf = list === "unordered" ? stableText : (item: unknown) => elementKey(list.keyed, item);
  const byText = new Map(items.map((item) => [textOf(item), item]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** The text by which an element of a keyed list is found: the values of its key properties, joined by commas, missing ones left out. */
export function elementKey(by: readonly string[], element: unknown): string {
  if (!isRecord(element)) return stableText(element);
  const parts = by.map((name) => element[name]).filter((part) => part !== undefined && part !== null);
  return parts.map((part) => (typeof part === "object" ? stableText(part) : String(part))).join(",");
}

/** A copy that handlers may write to; unknowns are values and are kept as they are. */
function structuredCopy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(structuredCopy) as T;
  if (isRecord(value)) return mapValues(value, (_name, child) => structuredCopy(child)) as T;
  return value;
}
