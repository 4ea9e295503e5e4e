import type { Diagnostic, Place } from "../diagnostic.ts";
import { isWithin, type Pointer, pointer } from "../pointer.ts";
import type { Observed } from "../resource/model.ts";
import { type Shape, shapeAt } from "../resource/shape.ts";
import { isRecord, stableText } from "../value.ts";
import { branchFor, canonicalProperties, elementKey } from "./canonical.ts";
import type { Circumstances } from "./decide.ts";
import { type Difference, undeclaredMatters } from "./diff.ts";
import { labelOf } from "./label.ts";
import type { Desired } from "./model.ts";

/**
 * What base declared, head does not, and AWS keeps all the same: where nobody's word counts but AWS's, nothing tells what was there before the line was. Removing it would
 * do nothing without a word, so it is refused, unless it is ignored from now on. Without a base there is nothing to tell.
 */
export function refuseUnset(
  { type, logicalId, properties }: Desired,
  observed: Observed,
  { base, ignore }: Circumstances,
  differences: readonly Difference[],
  place: Place,
): Diagnostic[] {
  if (!base) return [];
  const canonical = (each: Record<string, unknown>) => canonicalProperties(type, each);
  const kept = keptBelow(
    type.shape,
    canonical(base.properties),
    canonical(properties),
    canonical(observed.properties),
    "",
  );
  return [...kept]
    .filter((path) => !ignore.some((each) => isWithin(path, each)) && !isDecidedAnew(path, differences))
    .map((path) => ({
      code: "unset.irreversible",
      severity: "error",
      message: `${path} is declared no more, and AWS would keep the value that was set: nothing tells which one it had before.`,
      remedy: `declare the value that it is to have, or leave it as it is with Metadata: { Reconcile: { ignore: [${path}] } }`,
      resource: labelOf({ logicalId, type }),
      place,
    }));
}

/** With another part of an object its kind changes: a certificate goes, and with it what it was served by. */
function isDecidedAnew(path: Pointer, differences: readonly Difference[]): boolean {
  const parent = path.slice(0, path.lastIndexOf("/"));
  return parent !== "" && differences.some((each) => isWithin(each.path, parent));
}

function* keptBelow(shape: Shape, base: unknown, head: unknown, live: unknown, path: Pointer): Generator<Pointer> {
  const actual = branchFor(shape, base) ?? shape;
  const { items } = actual;
  if (isRecord(base) && isRecord(head) && isRecord(live)) {
    for (const [name, value] of Object.entries(base)) {
      const child = shapeAt(actual, [name]);
      if (!child || value === undefined || child.annotation.tags || child.annotation.generatedName) continue;
      const below = path + pointer(name);
      if (head[name] !== undefined) yield* keptBelow(child, value, head[name], live[name], below);
      else if (isLeftAlone(child, live[name]) && holds(child, live[name], value)) yield below;
    }
  } else if (items && Array.isArray(base) && Array.isArray(head) && Array.isArray(live)) {
    const keyOf = keyOfElement(actual);
    const [wished, alive] = [byKey(head, keyOf), byKey(live, keyOf)];
    for (const [key, element] of byKey(base, keyOf)) {
      if (wished.has(key)) yield* keptBelow(items, element, wished.get(key), alive.get(key), path + pointer(key));
    }
  }
}

/** Undeclared, what is live is no difference. What is shared is noted instead. */
function isLeftAlone(shape: Shape, live: unknown): boolean {
  return (shape.undeclared === "computed" || shape.undeclared === "one-of") && !undeclaredMatters(shape, live);
}

/** Does everything that was declared live? AWS shows more of an object, and of a list, than that. */
function holds(shape: Shape, live: unknown, declared: unknown): boolean {
  // A type's normal form names what is not there.
  if (declared === undefined) return true;
  const actual = branchFor(shape, declared) ?? shape;
  const { items } = actual;
  if (isRecord(declared) && isRecord(live) && !actual.annotation.document) {
    return Object.entries(declared).every(([name, value]) => {
      const child = shapeAt(actual, [name]);
      return child ? holds(child, live[name], value) : stableText(live[name]) === stableText(value);
    });
  }
  if (items && Array.isArray(declared) && Array.isArray(live)) {
    const keyOf = keyOfElement(actual);
    const alive = byKey(live, keyOf);
    return [...byKey(declared, keyOf)].every(([key, element]) => holds(items, alive.get(key), element));
  }
  return live !== undefined && stableText(live) === stableText(declared);
}

/** Which element is which: an unordered one has nothing below it that could be told apart. */
function keyOfElement({ annotation: { list } }: Shape): (element: unknown, index: number) => string {
  if (list === "unordered") return stableText;
  return list ? (element) => elementKey(list.keyed, element) : (_, index) => String(index);
}

function byKey(elements: readonly unknown[], keyOf: (element: unknown, index: number) => string): Map<string, unknown> {
  return new Map(elements.map((element, index) => [keyOf(element, index), element]));
}
