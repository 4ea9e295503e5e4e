import { type Pointer, pointer, segmentsOf } from "../pointer.ts";
import type { Annotation } from "../resource/annotations.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Shape, Undeclared } from "../resource/shape.ts";
import { unsupportedReason } from "../validate/describe.ts";
import type { SpecifiedValue } from "../validate/specification.ts";
import { namesOf, shapesAt, wanted } from "../validate/words.ts";
import type { DocumentedProperty, DocumentedSpecification } from "./specification.ts";

/** A resource type as AWS describes it and as its provider does, if it has one. */
export interface Subject {
  type: string;
  native: ResourceType<never> | undefined;
  specification: DocumentedSpecification;
}

/** What is known of one property. */
export interface PropertyFacts {
  name: string;
  /** In the properties of the type; an element of a list or map is `*`. */
  path: Pointer;
  /** In words: "text", "a list of objects". */
  type: string;
  /** AWS's text, Markdown. */
  documentation?: string;
  required: boolean;
  /** Does a change replace the resource? "maybe": under conditions that AWS's documentation tells. */
  replaces: "yes" | "maybe" | "no";
  /** What leaving it out means; not there where the type has no provider, and so nothing is known of that. */
  undeclared?: Undeclared;
  /** AWS's default. */
  default?: unknown;
  /** The values that it may have. */
  allowed?: readonly unknown[];
  /** What it may name. */
  references: readonly { readonly type: string; readonly property: string }[];
  /** AWS has it and the provider has not, and why. */
  unsupported?: string;
  deprecated?: true;
  /** How the provider reads and compares it. */
  annotation: Annotation;
  /** Names of the properties that the value, or an element of it, has. */
  properties: readonly string[];
}

/** The names of the properties at a path ("" is the resource itself): AWS's, then those that only the provider has. */
export function propertyNames({ type, native, specification }: Subject, path: Pointer): string[] {
  const ours = native ? namesOf(shapesAt(native.shape, segmentsOf(path))) : [];
  return [...new Set([...Object.keys(specification.propertiesAt(type, path) ?? {}), ...ours])];
}

/** The property at a path, which must be there. */
export function propertyFacts(subject: Subject, path: Pointer): PropertyFacts {
  const { type, native, specification } = subject;
  const specified = specification.propertyAt(type, path);
  const [shape] = native ? shapesAt(native.shape, segmentsOf(path)) : [];
  const documentation = specification.documentation(type, path);
  const unsupported = native && !shape ? (reasonIn(native, path) ?? "") : undefined;
  const byDefault = shape?.default ?? specified?.default;
  const allowed = shape?.allowed ?? (specified && allowedIn(specified.type));
  return {
    name: segmentsOf(path).at(-1) ?? "",
    path,
    type: typeText(shape, specified),
    ...(documentation !== undefined && { documentation }),
    required: shape ? shape.undeclared === "required" : specified?.required === true,
    replaces: replaces(subject, path, specified),
    ...(shape && { undeclared: shape.undeclared }),
    ...(byDefault !== undefined && { default: byDefault }),
    ...(allowed && { allowed }),
    references: specified?.references ?? [],
    ...(unsupported !== undefined && { unsupported }),
    ...(specified?.deprecated && { deprecated: true }),
    annotation: shape?.annotation ?? {},
    properties: propertyNames(subject, elementPath(subject, path)),
  };
}

/** Where the properties of a value are: below the elements of a list or map. */
export function elementPath({ type, native, specification }: Subject, path: Pointer): Pointer {
  let at = path;
  let value = specification.propertyAt(type, at)?.type;
  let [shape] = native ? shapesAt(native.shape, segmentsOf(at)) : [];
  while (holdsElements(value, shape)) {
    at += pointer("*");
    value = specification.propertyAt(type, at)?.type;
    [shape] = shape ? shapesAt(shape, ["*"]) : [];
  }
  return at;
}

function holdsElements(value: SpecifiedValue | undefined, shape: Shape | undefined): boolean {
  if (!value) return shape?.items !== undefined;
  if (value.kind === "list" || value.kind === "map") return true;
  return (
    value.kind === "union" &&
    !value.of.some((each) => each.kind === "object") &&
    value.of.some((each) => holdsElements(each, undefined))
  );
}

/** Why the property, or one that holds it, was left out. */
function reasonIn(native: ResourceType<never>, path: Pointer): string | undefined {
  const segments = segmentsOf(path);
  for (let count = segments.length; count > 0; count--) {
    const reason = unsupportedReason(native, pointer(...segments.slice(0, count)));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Whatever lies below a create-only property changes it. */
function replaces(
  { native }: Subject,
  path: Pointer,
  specified: DocumentedProperty | undefined,
): PropertyFacts["replaces"] {
  const segments = segmentsOf(path);
  const ours =
    native &&
    segments.some((_, index) =>
      shapesAt(native.shape, segments.slice(0, index + 1)).some((each) => each.annotation.createOnly),
    );
  return ours ? "yes" : (specified?.createOnly ?? "no");
}

function typeText(shape: Shape | undefined, specified: DocumentedProperty | undefined): string {
  if (!specified) return shape ? wanted(shape) : "a value";
  return shape?.annotation.document ? wanted(shape) : kindOf(specified.type, "one");
}

/** In words, of one or of several. */
function kindOf(value: SpecifiedValue, number: "one" | "several"): string {
  const [one, several] = words(value);
  return number === "one" ? one : several;
}

function words(value: SpecifiedValue): [one: string, several: string] {
  switch (value.kind) {
    case "string":
      return ["text", "texts"];
    case "integer":
      return ["a whole number", "whole numbers"];
    case "number":
      return ["a number", "numbers"];
    case "boolean":
      return ["true or false", "true or false"];
    case "json":
      return ["JSON", "JSON"];
    case "object":
      return ["an object", "objects"];
    case "list":
      return [`a list of ${kindOf(value.of, "several")}`, `lists of ${kindOf(value.of, "several")}`];
    case "map":
      return [`names with ${kindOf(value.of, "several")}`, `names with ${kindOf(value.of, "several")}`];
    case "union": {
      const distinct = (number: "one" | "several") =>
        [...new Set(value.of.map((each) => kindOf(each, number)))].join(" or ");
      return [distinct("one"), distinct("several")];
    }
  }
}

function allowedIn(value: SpecifiedValue): readonly unknown[] | undefined {
  if (value.kind === "list" || value.kind === "map") return allowedIn(value.of);
  return value.kind === "string" || value.kind === "integer" ? value.values : undefined;
}
