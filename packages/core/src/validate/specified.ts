import { append, type Diagnostic } from "../diagnostic.ts";
import { type Pointer, pointer } from "../pointer.ts";
import { isRecord, type Properties, Unknown, type Value } from "../value.ts";
import { describeIssues, type Placed, type Subject } from "./describe.ts";
import type { Issue, Path } from "./issues.ts";
import type { Specification, SpecifiedProperties, SpecifiedType, SpecifiedValue } from "./specification.ts";
import { specifiedShape } from "./specified-shape.ts";
import { distinct, propertyName } from "./words.ts";

/**
 * Holds coerced properties, which may hold unknowns, against AWS's specification: `property.unknown`, `.missing`, `.value` and `.deprecated`. Whether values have the
 * right types was seen when they were coerced.
 */
export function checkSpecified(
  specified: SpecifiedType,
  properties: Properties,
  evaluated: Placed,
  specification: Specification,
): Diagnostic[] {
  const look: Look = { specified, issues: [], deprecated: [] };
  checkObject(look, specified.properties, properties, []);
  const { type } = specified;
  const subject: Subject = {
    type: { type, shape: specifiedShape(specified) },
    input: properties,
    evaluated,
    specification,
  };
  return distinct([
    ...describeIssues(subject, look.issues),
    ...look.deprecated.map((path) => deprecatedProperty(type, path, evaluated)),
  ]);
}

interface Look {
  specified: SpecifiedType;
  issues: Issue[];
  deprecated: Pointer[];
}

function checkObject(look: Look, properties: SpecifiedProperties, value: Properties, path: Path): void {
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  if (unknown.length > 0) look.issues.push({ code: "unrecognized_keys", keys: unknown, path: [...path], message: "" });
  for (const [name, { type, required, deprecated }] of Object.entries(properties)) {
    const at = [...path, name];
    const part = Object.hasOwn(value, name) ? value[name] : undefined;
    if (part === undefined) {
      if (required) look.issues.push({ code: "invalid_type", expected: "unknown", path: at, message: "" });
      continue;
    }
    if (deprecated) look.deprecated.push(pointer(...at.map(String)));
    checkValue(look, type, part, at);
  }
}

function checkValue(look: Look, type: SpecifiedValue, value: Value, path: Path): void {
  if (value instanceof Unknown) return;
  switch (type.kind) {
    case "object":
      checkObject(look, look.specified.definitions[type.definition]?.properties ?? {}, value as Properties, path);
      return;
    case "list":
      for (const [index, item] of (value as Value[]).entries()) checkValue(look, type.of, item, [...path, index]);
      return;
    case "map":
      for (const [key, part] of Object.entries(value as Properties)) checkValue(look, type.of, part, [...path, key]);
      return;
    case "union":
      checkUnion(look, type.of, value, path);
      return;
    case "string":
    case "integer":
      if (type.values && !type.values.includes(value as string | number))
        look.issues.push({ code: "invalid_value", values: [...type.values], path: [...path], message: "" });
      return;
  }
}

/** What is wrong in the branch that is wrong least, of those that take this kind of value. */
function checkUnion(look: Look, branches: readonly SpecifiedValue[], value: Value, path: Path): void {
  const looks = branches
    .filter((branch) => takes(branch, value))
    .map((branch) => {
      const own: Look = { ...look, issues: [], deprecated: [] };
      checkValue(own, branch, value, path);
      return own;
    });
  const [best] = looks.sort((a, b) => a.issues.length - b.issues.length);
  if (!best) return;
  append(look.issues, best.issues);
  append(look.deprecated, best.deprecated);
}

function takes(type: SpecifiedValue, value: Value): boolean {
  if (type.kind === "json") return true;
  if (Array.isArray(value)) return type.kind === "list";
  if (isRecord(value)) return type.kind === "object" || type.kind === "map";
  return !["list", "map", "object"].includes(type.kind);
}

function deprecatedProperty(type: string, path: Pointer, evaluated: Placed): Diagnostic {
  return {
    code: "property.deprecated",
    severity: "warning",
    message: `AWS says that ${propertyName(path)} of ${type} is deprecated.`,
    remedy: "See what AWS's documentation of the property recommends instead, or remove it.",
    place: evaluated.placeOfKey(path),
  };
}
