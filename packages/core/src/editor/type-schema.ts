import { type Pointer, pointer } from "../pointer.ts";
import type { SpecifiedValue } from "../validate/specification.ts";
import { marksOf, plainText, tidy } from "./explain-words.ts";
import { type PropertyFacts, propertyFacts, type Subject } from "./property-facts.ts";
import type { DocumentedProperty } from "./specification.ts";

/** JSON Schema, draft 7: the one that the language servers for YAML read. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** A schema, and the definitions that it refers to. */
export interface SchemaParts {
  schema: JsonSchema & { properties?: JsonSchema };
  definitions: JsonSchema;
}

/** What may stand wherever a value may: a function in its long form, or what is left of one in its short form when its tag is not looked at. */
const functions = [{ $ref: "#/definitions/function" }, { $ref: "#/definitions/short-form" }] as const;

/** Loops stand where names do, of properties too. */
export const loops: JsonSchema = { "^Fn::ForEach::": { type: "array" } };

export function withFunctions(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, ...functions] };
}

/**
 * The schemas of a type's properties and of everything below them, by name: the type's own, and for each of its definitions `Type.Definition`. They refer to one another, and
 * to the definitions `function` and `short-form`.
 */
export function typeDefinitions(subject: Subject): Record<string, JsonSchema> {
  const facts = subject.specification.resource(subject.type);
  if (!facts) return {};
  const definitions: Record<string, JsonSchema> = {};
  const pending: { name: string; properties: Readonly<Record<string, DocumentedProperty>>; path: Pointer }[] = [
    { name: subject.type, properties: facts.properties, path: "" },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { name, properties, path } = next;
    definitions[name] = { title: name, ...objectSchema(subject, properties, path) };
    for (const [property, { type }] of Object.entries(properties)) {
      for (const { definition, at } of objectsIn(type, path + pointer(property))) {
        const ref = nameOf(subject, definition);
        if (Object.hasOwn(definitions, ref) || pending.some((each) => each.name === ref)) continue;
        pending.push({ name: ref, properties: facts.definitions[definition]?.properties ?? {}, path: at });
      }
    }
  }
  return definitions;
}

function nameOf({ type }: Subject, definition: string): string {
  return `${type}.${definition}`;
}

/** The object types of a value, and where their properties are. */
function objectsIn(value: SpecifiedValue, at: Pointer): { definition: string; at: Pointer }[] {
  if (value.kind === "object") return [{ definition: value.definition, at }];
  if (value.kind === "union") return value.of.flatMap((branch) => objectsIn(branch, at));
  return value.kind === "list" || value.kind === "map" ? objectsIn(value.of, at + pointer("*")) : [];
}

function objectSchema(
  subject: Subject,
  properties: Readonly<Record<string, DocumentedProperty>>,
  path: Pointer,
): JsonSchema {
  const facts = Object.keys(properties).map((name) => propertyFacts(subject, path + pointer(name)));
  const required = facts.filter((each) => each.required).map((each) => each.name);
  return {
    type: "object",
    properties: Object.fromEntries(
      facts.map((each) => [each.name, propertySchema(subject, each, properties[each.name])]),
    ),
    ...(required.length > 0 && { required }),
    patternProperties: loops,
    additionalProperties: false,
  };
}

function propertySchema(subject: Subject, facts: PropertyFacts, specified: DocumentedProperty | undefined): JsonSchema {
  const { annotation, deprecated, default: byDefault, allowed } = facts;
  // JSON text may stand for a document, and a document for the text that AWS wants.
  const value = annotation.document || !specified ? {} : valueSchema(subject, specified.type, allowed);
  return {
    ...described(facts),
    ...withFunctions(value),
    ...(byDefault !== undefined && { default: byDefault }),
    ...(deprecated && { deprecationMessage: "AWS says that this is deprecated." }),
  };
}

/** The first paragraph as plain text, all of it as Markdown. */
function described(facts: PropertyFacts): JsonSchema {
  const { documentation = "", unsupported } = facts;
  const marks = marksOf(facts).join(" · ");
  const [first = ""] = plainText(documentation).split("\n\n");
  const reason = unsupported ? `Reconcile does not support it yet: ${unsupported}.` : "";
  return {
    description: [first, marks].filter(Boolean).join("\n\n"),
    markdownDescription: [marks && `*${marks}*`, reason, tidy(documentation)].filter(Boolean).join("\n\n"),
  };
}

/** Scalars are read as CloudFormation reads them: `"22"` is a number, `true` is a text. */
function valueSchema(subject: Subject, value: SpecifiedValue, allowed?: readonly unknown[]): JsonSchema {
  switch (value.kind) {
    case "string":
    case "integer": {
      const values = value.values ?? allowed;
      return values
        ? { enum: values }
        : { type: value.kind === "string" ? ["string", "number", "boolean"] : "integer" };
    }
    case "number":
      return { type: "number" };
    case "boolean":
      return { type: "boolean" };
    case "json":
      return {};
    case "object":
      return { $ref: `#/definitions/${nameOf(subject, value.definition)}` };
    case "list":
      return { type: "array", items: withFunctions(valueSchema(subject, value.of, allowed)) };
    case "map":
      return { type: "object", additionalProperties: withFunctions(valueSchema(subject, value.of, allowed)) };
    case "union":
      return { anyOf: value.of.map((branch) => valueSchema(subject, branch, allowed)) };
  }
}
