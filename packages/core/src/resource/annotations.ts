import { z } from "zod";

/**
 * Annotations are the diff specification: plain data on the schema's nodes, read back from its JSON Schema (`shape.ts`). Values are data only: a function or a
 * RegExp would vanish there. Of an object that is extended afterwards they are lost; put them on last.
 */
export interface Annotation {
  createOnly?: true;
  undeclared?: "absent" | "shared" | "one-of";
  /** Not `oneOf`: that is JSON Schema's own word, for schemas. */
  values?: readonly unknown[];
  list?: "unordered" | { readonly keyed: readonly string[] };
  document?: "policy" | "json";
  sensitive?: true;
  writeOnly?: true;
  tags?: true;
  slot?: "shared" | "exclusive" | "open";
  generatedName?: NameRules;
  refersTo?: readonly string[];
}

/** What a name of this type may be made of. `characters` is the inside of a character class: `a-z0-9._-`. */
export interface NameRules {
  /** Default: 1. */
  min?: number;
  max: number;
  characters: string;
}

function annotate<S extends z.ZodType>(schema: S, annotation: Annotation): S {
  return schema.meta({ ...schema.meta(), ...annotation }) as S;
}

/** A change of this property needs a new resource. */
export function createOnly<S extends z.ZodType>(schema: S): S {
  return annotate(schema, { createOnly: true });
}

/** Undeclared means: not there. A live value is a change. */
export function absent<S extends z.ZodType>(schema: S): z.ZodOptional<S> {
  return annotate(schema.optional(), { undeclared: "absent" });
}

/** AWS itself or another resource also writes it: undeclared is left alone and noted, declared is enforced. */
export function shared<S extends z.ZodType>(schema: S): z.ZodOptional<S> {
  return annotate(schema.optional(), { undeclared: "shared" });
}

/** The default depends on date, account or region: undeclared, any of the values is no difference; the first is gone back to. */
export function oneOf<S extends z.ZodType>(schema: S, values: readonly unknown[]): z.ZodOptional<S> {
  return annotate(schema.optional(), { undeclared: "one-of", values });
}

/** AWS never gives it back: sent at creation and with every update, never compared. */
export function writeOnly<S extends z.ZodType>(schema: S): S {
  return annotate(schema, { writeOnly: true });
}

/** Its value is never shown. */
export function sensitive<S extends z.ZodType>(schema: S): S {
  return annotate(schema, { sensitive: true });
}

/** A list in which order means nothing. */
export function unordered<S extends z.ZodType>(schema: S): S {
  return annotate(schema, { list: "unordered" });
}

/** A list that is a map: elements are the same when these properties of theirs are. */
export function keyed<S extends z.ZodType>(by: string | readonly string[], schema: S): S {
  return annotate(schema, { list: { keyed: typeof by === "string" ? [by] : by } });
}

/**
 * Its elements can also be declared as resources of their own. `shared`: what nobody declares is left alone and reported; `exclusive`: it is removed; `open`: it is left
 * alone without a word, because AWS makes some itself (the root volume of an instance).
 */
export function slot<S extends z.ZodType>(kind: "shared" | "exclusive" | "open", schema: S): S {
  return annotate(schema, { slot: kind });
}

/** The value names a resource of one of these types: orders deletions. */
export function refersTo<S extends z.ZodType>(types: string | readonly string[], schema: S): S {
  return annotate(schema, { refersTo: typeof types === "string" ? [types] : types });
}

/** An IAM policy document, compared as IAM reads it. Declared as an object or as JSON text; handlers see the object. */
export function policyDocument() {
  return annotate(z.record(z.string(), z.unknown()), { document: "policy" });
}

/** Any JSON document, compared by value. Declared as an object or as JSON text; handlers see the value. */
export function json() {
  return annotate(z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]), { document: "json" });
}

/** The `Tags` property. Tags are compared key by key, by the engine. */
export function tags() {
  return annotate(z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).optional(), {
    tags: true,
  });
}

/** The `Tags` property of the types that take a map. */
export function tagMap() {
  return annotate(z.record(z.string().min(1).max(128), z.string().max(256)).optional(), { tags: true });
}

/** A name that is made for a resource that does not declare one. */
export function generatedName(rules: NameRules) {
  return annotate(
    z
      .string()
      .min(rules.min ?? 1)
      .max(rules.max)
      .regex(new RegExp(`^[${rules.characters}]+$`))
      .optional(),
    { generatedName: rules },
  );
}
