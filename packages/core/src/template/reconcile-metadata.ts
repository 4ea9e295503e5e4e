import { isMap, isScalar, type Node, type Scalar } from "yaml";
import type { Pointer } from "../pointer.ts";
import { settleFunction } from "./early.ts";
import type { ReconcileMetadata } from "./model.ts";
import { entriesOf, isFunction, isTagged, textOf } from "./nodes.ts";
import type { Problem } from "./scope.ts";
import {
  complain,
  type Entry,
  emptyKey,
  type Reader,
  readBoolean,
  readMap,
  readText,
  readTexts,
  unknownKey,
} from "./structure.ts";

type Read = (reader: Reader, value: Node, name: string) => Partial<ReconcileMetadata>;

const keys: Readonly<Record<string, Read>> = {
  adopt: one((reader, value, name) => flagOrText("adopt", reader, value, name)),
  exclusive: (reader, value, name) => ({ exclusive: readPointers(reader, value, name) }),
  existing: one((reader, value, name) => flagOrText("existing", reader, value, name)),
  expires: one(readExpiry),
  ignore: (reader, value, name) => ({ ignore: readPointers(reader, value, name) }),
  "ignore-checks": readIgnoredChecks,
  "moved-from": one(readOrigin),
  protect: one((reader, value, name) => {
    const protect = readBoolean(reader, value, name);
    return protect === undefined ? {} : { protect };
  }),
  "renamed-from": one((reader, value, name) => {
    const renamedFrom = readText(reader, value, name, "the earlier logical id");
    return renamedFrom === undefined ? {} : { renamedFrom };
  }),
};

/** Of a value that a function may give: a parameter that names what is there already differs from stage to stage. */
function one(read: Read): Read {
  return (reader, written, name) => {
    const node = reader.file.target(written);
    if (!reader.early || !isFunction(node)) return read(reader, written, name);
    const settled = settleFunction(reader, reader.early, node, name);
    const [value, ...others] = typeof settled === "string" ? [] : settled;
    if (value && others.length === 0) return read(reader, flagged(value), name);
    if (value)
      complain(reader, node, {
        code: "function.form",
        message: `${name} is one value, and here is a list of ${others.length + 1}.`,
        remedy: "Take one with Fn::Select.",
      });
    return {};
  };
}

export const metadataKeys = Object.keys(keys);

const initMetadata: Problem = {
  code: "unsupported.metadata",
  severity: "note",
  message: "cfn-init and cfn-hup read this from CloudFormation's service, which does not know this resource.",
  remedy: "Do it in UserData or in the image.",
};

/** Parameters are texts: what they give can be meant as a flag. */
function flagged(value: Scalar): Node {
  const text = textOf(value);
  if (text === "true" || text === "false") value.value = text === "true";
  return value;
}

/** What Metadata holds beside `Reconcile`: other tools read it. */
export function metadataOfOthers(reader: Reader, metadata: Node): Node[] {
  const node = reader.file.target(metadata);
  // What is no map was reported.
  if (!isMap(node) || isTagged(node)) return [];
  const entries = [...entriesOf(node)];
  const others = entries.filter((entry) => entry.key !== "Reconcile");
  return others.length === entries.length ? [node] : others.flatMap(({ value }) => value ?? []);
}

/** `Metadata.Reconcile`; everything else in Metadata is for other tools. */
export function parseMetadata(reader: Reader, metadata: Node): ReconcileMetadata {
  if (!isMap(metadata)) {
    readMap(reader, metadata, "Metadata");
    return {};
  }
  const entries = readMap(reader, metadata, "Metadata");
  for (const { key, keyNode } of entries)
    if (key === "AWS::CloudFormation::Init") complain(reader, keyNode, initMetadata);
  const own = entries.find((entry) => entry.key === "Reconcile");
  if (!own?.value) return {};
  const parts = readMap(reader, own.value, "Metadata.Reconcile").map((entry) => readKey(reader, entry));
  const reconcile: ReconcileMetadata = Object.assign({}, ...parts);
  if (reconcile.existing === undefined) return reconcile;
  const others = parts.flatMap(Object.keys).filter((key) => !["existing", "ignore", "ignoreChecks"].includes(key));
  if (others.length === 0) return reconcile;
  complain(reader, own.keyNode, {
    code: "metadata.existing",
    message:
      "What is declared as existing is never changed: nothing else of Metadata.Reconcile but ignore can be said of it.",
    remedy: "Remove either existing or the others.",
  });
  return reconcile;
}

function readKey(reader: Reader, entry: Entry): Partial<ReconcileMetadata> {
  const read = Object.hasOwn(keys, entry.key) ? keys[entry.key] : undefined;
  const name = `Metadata.Reconcile.${entry.key}`;
  if (!read) unknownKey(reader, entry, "metadata.unknown-key", "Metadata.Reconcile", metadataKeys);
  else if (entry.value) return read(reader, entry.value, name);
  else emptyKey(reader, entry, name);
  return {};
}

function flagOrText(key: "adopt" | "existing", reader: Reader, value: Node, name: string): Partial<ReconcileMetadata> {
  const text = readText(reader, value, name, "true or an identifier");
  const flag = isScalar(value) && typeof value.value === "boolean" ? value.value : undefined;
  return text === undefined || flag === false ? {} : { [key]: flag ?? text };
}

/** A day that there is. */
function readExpiry(reader: Reader, value: Node, name: string): Partial<ReconcileMetadata> {
  const text = readText(reader, value, name, "a day");
  if (text === undefined) return {};
  const day = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text))
    return { expires: text };
  complain(reader, value, {
    code: "metadata.expires",
    message: `"${text}" is not a day.`,
    remedy: "Write the last day on which it counts (UTC) as in 2030-01-31.",
  });
  return {};
}

/** `stack`, or `stack/LogicalId` where it had another there. */
function readOrigin(reader: Reader, value: Node, name: string): Partial<ReconcileMetadata> {
  const text = readText(reader, value, name, "the stack that it comes from");
  if (text === undefined) return {};
  const [, stack, logicalId] = /^([A-Za-z][A-Za-z0-9-]*)(?:\/([A-Za-z0-9]+(?:\/[A-Za-z0-9]+)*))?$/.exec(text) ?? [];
  if (stack !== undefined) return { movedFrom: { stack, ...(logicalId !== undefined && { logicalId }) } };
  complain(reader, value, {
    code: "metadata.moved-from",
    message: `"${text}" is neither a stack nor a resource of one.`,
    remedy: "Write the name of the stack that it comes from; where it had another logical id there: stack/LogicalId.",
  });
  return {};
}

function readIgnoredChecks(reader: Reader, value: Node, name: string): Partial<ReconcileMetadata> {
  const entries = readMap(reader, value, name, "a map of checks and reasons");
  const ignoreChecks = entries.map((entry) => ({
    id: entry.key,
    reason: (entry.value && readText(reader, entry.value, `${name}.${entry.key}`, "the reason")) ?? "",
    place: reader.file.placeOf(entry.keyNode),
  }));
  return { ignoreChecks };
}

function readPointers(reader: Reader, node: Node, name: string): Pointer[] {
  return readTexts(reader, node, name).flatMap(({ text, node: item }) => {
    if (/^(?:\/(?:[^~/]|~[01])*)+$/.test(text)) return [text];
    complain(reader, item, {
      code: "metadata.pointer",
      message: `"${text}" is not a JSON pointer to a property.`,
      remedy: `Start it with "/": for instance "/${text.replaceAll(".", "/").replace(/^\/+/, "") || "PropertyName"}".`,
    });
    return [];
  });
}
