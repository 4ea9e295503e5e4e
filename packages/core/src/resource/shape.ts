import { z } from "zod";
import type { Annotation, NameRules } from "./annotations.ts";

/** What an undeclared property means (the five kinds of the product), and `required`. */
export type Undeclared = "default" | "absent" | "computed" | "shared" | "one-of" | "required";

/** A schema's node as the engine sees it: how a value is coerced, filled in and compared. */
export interface Shape {
  readonly type: "object" | "array" | "map" | "string" | "number" | "integer" | "boolean" | "any" | "union";
  readonly undeclared: Undeclared;
  readonly default?: unknown;
  readonly annotation: Annotation;
  /** The values that may stand there, where they are few. */
  readonly allowed?: readonly unknown[];
  /** Of an object. */
  readonly properties: Readonly<Record<string, Shape>>;
  /** Of an array's elements or a map's values. */
  readonly items?: Shape;
  /** Of a union. */
  readonly branches: readonly Shape[];
}

type JsonSchema = Record<string, unknown> & { $ref?: string };

/** Reads a schema's annotations back. Costs about a millisecond a type: done for declared types only. */
export function shapeOf(schema: z.ZodType): Shape {
  const root = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  return toShape(root, root, "required");
}

const plainTypes = new Set(["string", "number", "integer", "boolean"]);

function toShape(node: JsonSchema, root: JsonSchema, undeclared: Undeclared): Shape {
  const resolved = resolve(node, root);
  const branches = branchesOf(resolved);
  const annotation = annotationOf(resolved);
  return {
    type: typeOf(resolved),
    undeclared: annotation.undeclared ?? ("default" in resolved ? "default" : undeclared),
    ...("default" in resolved && { default: resolved.default }),
    annotation,
    ...(Array.isArray(resolved.enum) && { allowed: resolved.enum }),
    // Lazy: a recursive schema has no end.
    get properties() {
      return memo(this, "properties", propertiesOf(resolved, root));
    },
    get items() {
      const items = (resolved.items ?? resolved.additionalProperties) as JsonSchema | boolean | undefined;
      return memo(this, "items", typeof items === "object" ? toShape(items, root, "required") : undefined);
    },
    get branches() {
      return memo(
        this,
        "branches",
        branches.map((branch) => toShape(branch, root, "required")),
      );
    },
  };
}

/** The schemas of a union. One of plain types without any rule is a list of their names. */
function branchesOf(node: JsonSchema): readonly JsonSchema[] {
  if (Array.isArray(node.type)) return node.type.map((type: string) => ({ type }));
  return (node.anyOf ?? node.oneOf ?? []) as JsonSchema[];
}

function memo<T>(target: object, key: string, value: T): T {
  Object.defineProperty(target, key, { value });
  return value;
}

function propertiesOf(node: JsonSchema, root: JsonSchema): Record<string, Shape> {
  const required = new Set(node.required as string[] | undefined);
  const entries = Object.entries({ ...(node.properties as Record<string, JsonSchema> | undefined) });
  return Object.fromEntries(
    entries.map(([name, child]) => [name, toShape(child, root, required.has(name) ? "required" : "computed")]),
  );
}

function resolve(node: JsonSchema, root: JsonSchema): JsonSchema {
  let current = node;
  while (current.$ref) {
    const target = current.$ref
      .slice(1)
      .split("/")
      .filter(Boolean)
      .reduce<unknown>((at, key) => (at as JsonSchema)[key], root);
    const { $ref: _, ...own } = current;
    current = { ...(target as JsonSchema), ...own };
  }
  return current;
}

function typeOf(node: JsonSchema): Shape["type"] {
  if (branchesOf(node).length > 0) return "union";
  if (node.type === "array") return "array";
  if (node.type === "object") return node.properties ? "object" : "map";
  if (plainTypes.has(node.type as string)) return node.type as Shape["type"];
  return "any";
}

const annotationKeys = [
  "createOnly",
  "undeclared",
  "values",
  "list",
  "document",
  "sensitive",
  "writeOnly",
  "tags",
  "slot",
  "generatedName",
  "refersTo",
];

function annotationOf(node: JsonSchema): Annotation {
  return Object.fromEntries(Object.entries(node).filter(([key]) => annotationKeys.includes(key))) as Annotation;
}

/** Every shape below and including this one that has a generated name: at most one, directly in the properties. */
export function generatedNameOf(shape: Shape): { property: string; rules: NameRules } | undefined {
  for (const [property, child] of Object.entries(shape.properties)) {
    if (child.annotation.generatedName) return { property, rules: child.annotation.generatedName };
  }
  return undefined;
}

/** The shape at a path of property names, list indexes, list keys or map keys. */
export function shapeAt(shape: Shape, segments: readonly string[]): Shape | undefined {
  let current: Shape | undefined = shape;
  for (const segment of segments) {
    if (!current) return undefined;
    if (current.type === "union")
      current = current.branches.find((branch) => branch.type === "object" || branch.type === "array") ?? current;
    current = current.type === "object" ? current.properties[segment] : current.items;
  }
  return current;
}
