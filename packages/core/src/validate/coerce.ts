import { append, type Diagnostic } from "../diagnostic.ts";
import { branchFor } from "../plan/canonical.ts";
import { type Pointer, pointer } from "../pointer.ts";
import type { Shape } from "../resource/shape.ts";
import type { Evaluated } from "../template/model.ts";
import { booleanOf, isRecord, mapValues, type Properties, Unknown, type Value } from "../value.ts";
import { relocate } from "./relocate.ts";
import { childShape, found, isSecret, propertyName, wanted } from "./words.ts";

/** Properties brought into the types of their schema. */
export interface Coerced {
  /** Values have the types that the shape wants; unknown keys are still there; may hold unknowns. */
  properties: Properties;
  /** The given one, with pointers into `properties`: they differ where a list of one was written without the list. */
  evaluated: Evaluated;
  /** `property.type`, at the value. What could not be read is an Unknown in `properties`, so that nothing is reported twice. */
  diagnostics: Diagnostic[];
}

interface Context {
  root: Shape;
  evaluated: Evaluated;
  wrapped: Set<Pointer>;
  diagnostics: Diagnostic[];
}

/** Where a value is in the template and in the coerced properties. */
interface At {
  written: Pointer;
  coerced: Pointer;
}

/**
 * Reads values as CloudFormation does: text for a number or boolean and the other way round, from the text of the source where that differs (`0123`); one value for a
 * list of one; JSON text for a document. An Unknown stays what it is. Names are not looked at here: see schema.ts.
 */
export function coerce(shape: Shape, evaluated: Evaluated): Coerced {
  const context: Context = { root: shape, evaluated, wrapped: new Set(), diagnostics: [] };
  const properties = coerceValue(context, shape, evaluated.properties, { written: "", coerced: "" }) as Properties;
  return { properties, evaluated: relocate(evaluated, context.wrapped), diagnostics: context.diagnostics };
}

function coerceValue(context: Context, shape: Shape, value: Value, at: At): Value {
  if (value instanceof Unknown) return value;
  if (shape.annotation.document) return coerceDocument(context, shape, value, at);
  return coerceKnown(context, shape, value, at);
}

function coerceKnown(context: Context, shape: Shape, value: Value, at: At): Value {
  switch (shape.type) {
    case "any":
      return coerceFree(context, value, at, false);
    case "union":
      return coerceUnion(context, shape, value, at);
    case "array":
      return coerceList(context, shape, value, at);
    case "object":
    case "map":
      return isRecord(value)
        ? coerceObject(context, shape, value as Properties, at)
        : refused(context, shape, value, at);
    default:
      return coerceScalar(context, shape, value, at);
  }
}

function coerceObject(context: Context, shape: Shape, value: Properties, at: At): Properties {
  return mapValues(value, (key, part) => {
    const child = childShape(shape, key);
    return child ? coerceValue(context, child, part, below(at, key)) : part;
  });
}

function coerceList(context: Context, shape: Shape, value: Value, at: At): Value {
  const items = shape.items;
  if (Array.isArray(value))
    return items ? value.map((item, index) => coerceValue(context, items, item, below(at, index))) : value;
  if (value === null || !items) return refused(context, shape, value, at);
  const pairs = pairsMeant(items, value, at);
  if (pairs) return refused(context, shape, value, at, pairs);
  context.wrapped.add(at.coerced);
  return [coerceValue(context, items, value, { written: at.written, coerced: at.coerced + pointer(0) })];
}

/** A map where a list of names and values is wanted, as `Tags` of most types is: CloudFormation refuses it too. */
function pairsMeant(items: Shape, value: Value, at: At): { message: string; remedy: string } | undefined {
  if (!isRecord(value)) return undefined;
  const name = ["Key", "Name"].find((each) => Object.hasOwn(items.properties, each));
  const [first, ...others] = Object.keys(value);
  const isPairs = name !== undefined && Object.hasOwn(items.properties, "Value");
  if (!isPairs || first === undefined || [first, ...others].some((key) => Object.hasOwn(items.properties, key)))
    return undefined;
  return {
    message: `${propertyName(at.coerced)} must be a list of ${name} and Value, not a map.`,
    remedy: `Write ${others.length > 0 ? "an element for each" : "one element"}: - { ${name}: ${first}, Value: … }`,
  };
}

function coerceScalar(context: Context, shape: Shape, value: Value, at: At): Value {
  const scalar = readScalar(shape.type, value, () => context.evaluated.textOf(at.written));
  return scalar === undefined ? refused(context, shape, value, at) : scalar;
}

const decimal = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
/** `text`: of the source, which is looked for only where it matters. */
function readScalar(type: Shape["type"], value: Value, text: () => string | undefined): Value | undefined {
  if (type === "string") {
    if (typeof value === "number") return text() ?? String(value);
    return typeof value === "boolean" ? String(value) : typeof value === "string" ? value : undefined;
  }
  if (type === "boolean") {
    if (typeof value === "string") return booleanOf(value);
    return typeof value === "boolean" ? value : undefined;
  }
  const number = typeof value === "string" && decimal.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return type === "integer" && !Number.isSafeInteger(number) ? undefined : number;
}

/**
 * The branch that takes the value as it is, names included; else the object that has the names, so that what is wrong with a value is said of that value; else one that
 * takes the value at all, and names are left to the schema.
 */
function coerceUnion(context: Context, shape: Shape, value: Value, at: At): Value {
  const likely = branchFor(shape, value);
  const branches = likely ? [likely, ...shape.branches.filter((branch) => branch !== likely)] : shape.branches;
  const attempts = branches.map((branch) => attempt(context, branch, value, at));
  const clean = attempts.filter((each) => each.diagnostics.length === 0);
  const named = attempts.find((each) => each.hasNames);
  const best = clean.find((each) => each.takesNames) ?? named ?? clean[0] ?? (likely ? attempts[0] : undefined);
  if (!best) return refused(context, shape, value, at);
  append(context.diagnostics, best.diagnostics);
  for (const path of best.wrapped) context.wrapped.add(path);
  return best.value;
}

function attempt(context: Context, branch: Shape, value: Value, at: At) {
  const own: Context = { ...context, wrapped: new Set(), diagnostics: [] };
  const result = coerceValue(own, branch, value, at);
  const isObject = branch.type === "object" && isRecord(value);
  const hasNames = isObject && Object.keys(value).every((key) => Object.hasOwn(branch.properties, key));
  return {
    value: result,
    diagnostics: own.diagnostics,
    wrapped: own.wrapped,
    hasNames,
    takesNames: hasNames || !isObject,
  };
}

/** Deeper than any document that a person writes; what is parsed from text has no limit of its own. */
const maxDocumentDepth = 200;

function coerceDocument(context: Context, shape: Shape, value: Value, at: At): Value {
  const document = typeof value === "string" ? parseJson(value) : value;
  if (document === undefined) {
    const message = `${propertyName(at.coerced)} must be ${wanted(shape)}; this text is not JSON.`;
    return refused(context, shape, value, at, { message, remedy: "Write the document as YAML, or correct its JSON." });
  }
  if (isDeeper(document, maxDocumentDepth)) {
    const message = `${propertyName(at.coerced)} is nested more than ${maxDocumentDepth} levels deep.`;
    return refused(context, shape, value, at, {
      message,
      remedy: "Flatten the document; no service takes as many levels.",
    });
  }
  if (shape.annotation.document === "policy" && isRecord(document))
    return coerceFree(context, document as Value, at, true);
  // One value for a list of one is no habit of documents.
  if (shape.type === "union" && !branchFor(shape, document)) return refused(context, shape, value, at);
  return coerceKnown(context, shape, document, at);
}

function parseJson(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    // Its message quotes the text, which may be a secret.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isDeeper(value: Value, limit: number): boolean {
  const open: { value: Value; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.value === null || typeof next.value !== "object" || next.value instanceof Unknown) continue;
    if (next.depth >= limit) return true;
    for (const part of Object.values(next.value)) open.push({ value: part as Value, depth: next.depth + 1 });
  }
  return false;
}

/**
 * Values without a type of their own keep the one they were written in, but for digits that a number cannot keep: the account `000123456789` stays text. In a policy
 * every scalar is text to IAM, so that `1.10` stays `1.10` there.
 */
function coerceFree(context: Context, value: Value, at: At, policy: boolean): Value {
  if (Array.isArray(value)) return value.map((item, index) => coerceFree(context, item, below(at, index), policy));
  if (isRecord(value))
    return mapValues(value as Properties, (key, part) => coerceFree(context, part, below(at, key), policy));
  if (typeof value !== "number") return value;
  const text = context.evaluated.textOf(at.written);
  return text !== undefined && (policy || /^[-+]?\d+$/.test(text)) ? text : value;
}

function refused(
  context: Context,
  shape: Shape,
  value: Value,
  at: At,
  words?: { message: string; remedy: string },
): Unknown {
  const { evaluated, root } = context;
  context.diagnostics.push({
    code: "property.type",
    severity: "error",
    message:
      words?.message ??
      `${propertyName(at.coerced)} must be ${wanted(shape)}, not ${found(value, isSecret(root, evaluated, at.coerced))}.`,
    remedy: words?.remedy ?? remedyFor(shape, value),
    place: evaluated.placeOf(at.written),
  });
  return new Unknown([], "unread");
}

function remedyFor(shape: Shape, value: Value): string {
  if (typeof value === "string" && isUpload(shape))
    return "A path is for aws cloudformation package, which uploads what is there: use the template that it writes, or say where in a bucket it is.";
  if (Array.isArray(value) && value.length > 0 && shape.type === "map" && value.every(isPair))
    return "Write a map with each Key as a key of its own: { name: value }.";
  if (Array.isArray(value) && value.length === 1) return "Write the value without the list.";
  if (shape.type === "integer" && typeof value === "number" && Number.isInteger(value))
    return `Write a number that is at most ${Number.MAX_SAFE_INTEGER}.`;
  if (shape.type === "integer") return "Write a whole number, without a unit.";
  return `Write ${wanted(shape)}.`;
}

/** As `Tags` of most types has them; some have a map. */
function isPair(value: Value): boolean {
  return isRecord(value) && Object.keys(value).sort().join() === "Key,Value";
}

/** Something in a bucket: code, a definition. */
function isUpload(shape: Shape): boolean {
  return ["S3Bucket", "Bucket"].some((name) => Object.hasOwn(shape.properties, name));
}

function below(at: At, key: string | number): At {
  const step = pointer(key);
  const written = at.written + step;
  return { written, coerced: at.written === at.coerced ? written : at.coerced + step };
}
