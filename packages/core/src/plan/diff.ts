import { isWithin, type Pointer, pointer, segmentsOf } from "../pointer.ts";
import type { Annotation } from "../resource/annotations.ts";
import type { Changed } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord, stableText, Unknown } from "../value.ts";
import { branchFor, elementKey } from "./canonical.ts";

/** A difference between two canonical values, without its cause. */
export interface Difference {
  path: Pointer;
  before?: unknown;
  after?: unknown;
  sensitive: boolean;
  /** It is at, or below, a create-only property. */
  createOnly: boolean;
}

interface Context {
  path: Pointer;
  createOnly: boolean;
  sensitive: boolean;
}

/**
 * What has to change so that `observed` becomes `desired`: both canonical (see canonical.ts), of one shape. A property that is undeclared means what its kind says. Knows
 * no type by name. `Tags` are not compared here (tags.ts).
 */
export function diff(shape: Shape, desired: Record<string, unknown>, observed: Record<string, unknown>): Difference[] {
  return [...objectDiff(shape, desired, observed, { path: "", createOnly: false, sensitive: false })];
}

function* objectDiff(
  shape: Shape,
  desired: Record<string, unknown>,
  observed: Record<string, unknown>,
  context: Context,
): Generator<Difference> {
  for (const [name, child] of Object.entries(shape.properties)) {
    if (child.annotation.tags || child.annotation.writeOnly) continue;
    yield* valueDiff(child, desired[name], observed[name], below(context, name, child));
  }
  // What the schema takes without naming it, or names in another branch of a union.
  for (const [name, value] of Object.entries(desired)) {
    if (Object.hasOwn(shape.properties, name) || stableText(value) === stableText(observed[name])) continue;
    const path = context.path + pointer(name);
    yield difference(
      { ...context, path },
      { ...(Object.hasOwn(observed, name) && { before: observed[name] }), after: value },
    );
  }
}

function below(context: Context, name: string, shape: Shape): Context {
  return {
    path: context.path + pointer(name),
    createOnly: context.createOnly || shape.annotation.createOnly === true,
    sensitive: context.sensitive || shape.annotation.sensitive === true,
  };
}

function* valueDiff(shape: Shape, desired: unknown, observed: unknown, context: Context): Generator<Difference> {
  if (desired === undefined) {
    if (observed !== undefined && undeclaredMatters(shape, observed))
      yield difference(context, { before: observed, ...fallback(shape) });
    return;
  }
  if (observed === undefined) {
    // An empty list or object is what AWS shows as nothing.
    if (!isEmpty(desired)) yield difference(context, { after: desired });
    return;
  }
  if (desired instanceof Unknown) {
    yield difference(context, { before: observed, after: desired });
    return;
  }
  if (shape.annotation.document) {
    if (stableText(desired) !== stableText(observed)) yield difference(context, { before: observed, after: desired });
    return;
  }
  const actual = branchFor(shape, desired) ?? shape;
  const { items } = actual;
  if (actual.type === "object" && isRecord(desired) && isRecord(observed)) {
    yield* objectDiff(actual, desired, observed, context);
  } else if (actual.type === "map" && items && isRecord(desired) && isRecord(observed)) {
    yield* mapDiff(items, desired, observed, context);
  } else if (actual.type === "array" && items && Array.isArray(desired) && Array.isArray(observed)) {
    yield* listDiff(items, actual.annotation.list, desired, observed, context);
  } else if (stableText(desired) !== stableText(observed)) {
    yield difference(context, { before: observed, after: desired });
  }
}

/** Is it a difference that a live value is declared by nobody? */
export function undeclaredMatters(shape: Shape, observed: unknown): boolean {
  switch (shape.undeclared) {
    case "absent":
      return !isEmpty(observed);
    case "one-of":
      return !shape.annotation.values?.some((value) => stableText(value) === stableText(observed));
    default:
      return false;
  }
}

function fallback(shape: Shape): { after?: unknown } {
  return shape.undeclared === "one-of" ? { after: shape.annotation.values?.[0] } : {};
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function* mapDiff(
  items: Shape,
  desired: Record<string, unknown>,
  observed: Record<string, unknown>,
  context: Context,
): Generator<Difference> {
  for (const key of new Set([...Object.keys(desired), ...Object.keys(observed)])) {
    const child: Context = { ...context, path: context.path + pointer(key) };
    if (!Object.hasOwn(desired, key)) yield difference(child, { before: observed[key] });
    else if (!Object.hasOwn(observed, key)) yield difference(child, { after: desired[key] });
    else yield* valueDiff(items, desired[key], observed[key], child);
  }
}

function* listDiff(
  items: Shape,
  list: Annotation["list"],
  desired: unknown[],
  observed: unknown[],
  context: Context,
): Generator<Difference> {
  if (list === undefined) {
    yield* orderedDiff(items, desired, observed, context);
    return;
  }
  const textOf = list === "unordered" ? stableText : (element: unknown) => elementKey(list.keyed, element);
  const live = new Map(observed.map((element) => [textOf(element), element]));
  const wanted = new Map(desired.map((element) => [textOf(element), element]));
  const loose: Context = { ...context, path: `${context.path}/-` };
  for (const [key, element] of live) {
    if (!wanted.has(key)) yield difference(loose, { before: element });
  }
  for (const [key, element] of wanted) {
    const other = live.get(key);
    const keyed: Context = { ...context, path: context.path + pointer(key) };
    const hasKey = list !== "unordered" && !(element instanceof Unknown);
    if (other === undefined) yield difference(hasKey ? keyed : loose, { after: element });
    else if (hasKey) yield* valueDiff(items, element, other, keyed);
  }
}

function* orderedDiff(items: Shape, desired: unknown[], observed: unknown[], context: Context): Generator<Difference> {
  for (const [index, element] of desired.entries()) {
    const child: Context = { ...context, path: context.path + pointer(index) };
    if (index >= observed.length) yield difference(child, { after: element });
    else yield* valueDiff(items, element, observed[index], child);
  }
  for (const element of observed.slice(desired.length))
    yield difference({ ...context, path: `${context.path}/-` }, { before: element });
}

function difference(context: Context, values: { before?: unknown; after?: unknown }): Difference {
  return { path: context.path, ...values, sensitive: context.sensitive, createOnly: context.createOnly };
}

/** Differences as an update is told them. */
export function changedBy(differences: readonly Pick<Difference, "path" | "before" | "after">[]): Changed {
  const paths = differences.map((each) => each.path);
  const elementsOf = (
    property: string,
  ): { key: string; rest: readonly string[]; difference: Pick<Difference, "before" | "after"> }[] =>
    differences.flatMap((difference) => {
      const [name, key, ...rest] = segmentsOf(difference.path);
      return name === property && key !== undefined ? [{ key, rest, difference }] : [];
    });
  const whole = (property: string): Pick<Difference, "before" | "after"> | undefined =>
    differences.find((each) => each.path === pointer(property));
  const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  return {
    paths,
    has: (property) => paths.some((path) => isWithin(path, pointer(property))),
    removed: (property) => [
      ...list(whole(property)?.before),
      ...elementsOf(property).flatMap(({ rest, difference }) =>
        rest.length === 0 && difference.after === undefined ? [difference.before] : [],
      ),
    ],
    added: (property) => [
      ...list(whole(property)?.after),
      ...elementsOf(property).flatMap(({ rest, difference }) =>
        rest.length === 0 && difference.before === undefined ? [difference.after] : [],
      ),
    ],
    valueOf: (property, key, member) => differences.find((each) => each.path === pointer(property, key, member))?.after,
    modified: (property) => [
      ...new Set(elementsOf(property).flatMap(({ key, rest }) => (rest.length > 0 ? [key] : []))),
    ],
  };
}
