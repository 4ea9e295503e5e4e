import type { Diagnostic } from "../diagnostic.ts";
import { isWithin, type Pointer, pointer, segmentsOf } from "../pointer.ts";
import type { Shape } from "../resource/shape.ts";
import type { Evaluated } from "../template/model.ts";

/** A place in the properties as people write it: `SecurityGroupIngress[0].FromPort`. */
export function propertyName(path: Pointer): string {
  let name = "";
  for (const segment of segmentsOf(path)) {
    if (/^\d+$/.test(segment)) name += `[${segment}]`;
    else name += name === "" ? segment : `.${segment}`;
  }
  return name === "" ? "Properties" : name;
}

/** What a shape wants, as a noun: "a list", "true or false". */
export function wanted(shape: Shape): string {
  return shape.annotation.document ? `${kindOf(shape)}, or its JSON text` : kindOf(shape);
}

function kindOf(shape: Shape): string {
  switch (shape.type) {
    case "string":
      return "text";
    case "integer":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "map":
      return "an object";
    case "any":
      return "a value";
    case "union":
      // "a list or a value" says no more than "a list".
      return [...new Set(shape.branches.filter(({ type }) => type !== "any").map(kindOf))].join(" or ") || "a value";
  }
}

/** The pointer of what holds the value that a pointer points to. */
export function parentPath(path: Pointer): Pointer {
  return pointer(...segmentsOf(path).slice(0, -1));
}

const longestQuote = 60;

/** What stands there, for a sentence. The value itself only when it may be shown. */
export function found(value: unknown, secret: boolean): string {
  if (Array.isArray(value)) return "a list";
  if (value === null) return "null";
  if (typeof value === "object") return "an object";
  if (secret) return "the secret that is given";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote)}…`;
}

/** Must the value at a pointer never be shown: by its source, or by its place in the schema? */
export function isSecret(shape: Shape, evaluated: Pick<Evaluated, "sensitive">, path: Pointer): boolean {
  for (const source of evaluated.sensitive) {
    if (isWithin(path, source) || isWithin(source, path)) return true;
  }
  return isSecretPlace(shape, segmentsOf(path));
}

function isSecretPlace(shape: Shape, segments: readonly string[]): boolean {
  return segments.some((_, count) =>
    shapesAt(shape, segments.slice(0, count + 1)).some((each) => each.annotation.sensitive),
  );
}

/** Every shape that the value at a path may have: more than one where there are unions. */
export function shapesAt(shape: Shape, segments: readonly string[]): Shape[] {
  if (shape.type === "union" && shape.branches.length > 0) {
    const inBranches = shape.branches.flatMap((branch) => shapesAt(branch, segments));
    return segments.length === 0 ? [shape, ...inBranches] : inBranches;
  }
  const [first, ...rest] = segments;
  if (first === undefined) return [shape];
  const child = childShape(shape, first);
  return child ? shapesAt(child, rest) : [];
}

/** The shape of a property, an element or a map's value. A name that every object has (`constructor`) is no property. */
export function childShape(shape: Shape, segment: string): Shape | undefined {
  if (shape.type === "object" && Object.hasOwn(shape.properties, segment)) return shape.properties[segment];
  return shape.type === "object" ? undefined : shape.items;
}

/** The names that an object at some place may have: of all branches where there are several. */
export function namesOf(shapes: readonly Shape[]): string[] {
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties)))];
}

/** Adds whose problem it is, where a diagnostic does not say so yet. */
export function labelled(diagnostics: readonly Diagnostic[], resource: string): Diagnostic[] {
  return diagnostics.map((diagnostic) =>
    diagnostic.resource === undefined ? { ...diagnostic, resource } : diagnostic,
  );
}

/** Without repetition: the same code, place and message once. */
export function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const key = identityOf(diagnostic);
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()];
}

/** What makes two diagnostics the same. */
export function identityOf({ code, message, resource, place }: Diagnostic): string {
  return JSON.stringify([code, message, resource, place?.file, place?.line, place?.column]);
}

/** A list of names for a sentence, cut where it would be too long to read. */
export function listed(names: readonly unknown[], limit = 12): string {
  const shown = names.slice(0, limit).map(String).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
