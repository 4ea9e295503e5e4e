import { isMap, isScalar, isSeq, type Node } from "yaml";
import type { Pointer } from "../pointer.ts";
import { notYetAttribute, notYetMetadata, notYetPolicy, notYetType } from "./functions/not-yet.ts";
import { resourceLabel } from "./label.ts";
import type { ReconcileMetadata, ResourceDeclaration } from "./model.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { isTagged } from "./nodes.ts";
import { complain, type Entry, emptyKey, type Reader, readMap, readText, readTexts, unknownKey } from "./structure.ts";

const attributes = [
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "Metadata",
  "CreationPolicy",
  "UpdatePolicy",
];

/** One entry of the section Resources, or undefined when it has no usable type. */
export function parseResource(outer: Reader, entry: Entry & { value: Node }): ResourceDeclaration | undefined {
  const logicalId = entry.key;
  const parts = readMap(outer, entry.value, `The resource "${logicalId}"`);
  const typeNode = parts.find((part) => part.key === "Type")?.value;
  const type = typeNode ? readText(outer, typeNode, `Type of "${logicalId}"`) : missingType(outer, entry, parts);
  const reader: Reader = { ...outer, resource: resourceLabel({ logicalId, type: type ?? "" }) };
  const place = outer.file.placeOf(entry.keyNode);
  const resource: ResourceDeclaration = {
    logicalId,
    type: type ?? "",
    place,
    typePlace: typeNode ? outer.file.placeOf(typeNode) : place,
    dependsOn: [],
    deletionPolicy: "Delete",
    updateReplacePolicy: "Delete",
    reconcile: {},
  };
  const unusable = type !== undefined && typeNode ? notYetType(type) : undefined;
  if (unusable && typeNode) complain(reader, typeNode, unusable);
  for (const part of parts) parseAttribute(reader, resource, part);
  // Kept without a type or with one that cannot be used: references to it are right all the same.
  return resource;
}

function missingType(reader: Reader, entry: Entry, parts: readonly Entry[]): undefined {
  const others = parts.map((part) => part.key).filter((key) => !attributes.includes(key));
  const misspelt = nearest("Type", others);
  complain(reader, entry.keyNode, {
    code: "resource.no-type",
    message: `The resource "${entry.key}" has no Type.`,
    remedy:
      misspelt === undefined
        ? "Add its type, for instance Type: AWS::SSM::Parameter."
        : `Rename "${misspelt}" to "Type".`,
  });
}

function parseAttribute(reader: Reader, resource: ResourceDeclaration, part: Entry): void {
  const { key, value } = part;
  const notYet = notYetAttribute(key);
  if (notYet) complain(reader, part.keyNode, notYet);
  else if (!attributes.includes(key)) unknownKey(reader, part, "resource.unknown-attribute", "A resource", attributes);
  if (notYet || !attributes.includes(key)) return;
  if (!value) {
    // Empty Properties are common while one writes; every other attribute without a value is a slip.
    if (key !== "Properties") emptyKey(reader, part, key);
    return;
  }
  switch (key) {
    case "Properties":
      resource.properties = value;
      if ((isScalar(value) || isSeq(value)) && !isTagged(value)) readMap(reader, value, "Properties");
      return;
    case "DependsOn":
      resource.dependsOn = readTexts(reader, value, "DependsOn").map(({ text, node }) => ({
        logicalId: text,
        place: reader.file.placeOf(node),
      }));
      return;
    case "Condition": {
      const name = readText(reader, value, "Condition", "the name of a condition");
      if (name !== undefined) resource.condition = { name, place: reader.file.placeOf(value) };
      return;
    }
    case "DeletionPolicy":
      resource.deletionPolicy = parsePolicy(reader, key, value);
      return;
    case "UpdateReplacePolicy":
      resource.updateReplacePolicy = parsePolicy(reader, key, value);
      return;
    case "Metadata":
      resource.reconcile = parseMetadata(reader, value);
  }
}

function parsePolicy(reader: Reader, attribute: string, value: Node): "Delete" | "Retain" {
  const text = readText(reader, value, attribute, "Delete or Retain");
  if (text === "Retain" || text === "Delete") return text;
  if (text !== undefined) {
    const unknown = {
      code: "resource.deletion-policy",
      message: `${attribute} cannot be "${text}".`,
      remedy: didYouMean(text, ["Delete", "Retain"], "Use Delete or Retain."),
    };
    complain(reader, value, notYetPolicy(attribute, text) ?? unknown);
  }
  // Whatever was meant, keeping is the side that can be undone.
  return "Retain";
}

const metadataKeys = ["adopt", "ignore", "exclusive"];

/** `Metadata.Reconcile`; everything else in Metadata is for other tools. */
function parseMetadata(reader: Reader, metadata: Node): ReconcileMetadata {
  if (!isMap(metadata)) {
    readMap(reader, metadata, "Metadata");
    return {};
  }
  const own = readMap(reader, metadata, "Metadata").find((entry) => entry.key === "Reconcile");
  if (!own?.value) return {};
  const reconcile: ReconcileMetadata = {};
  for (const entry of readMap(reader, own.value, "Metadata.Reconcile")) parseReconcileKey(reader, reconcile, entry);
  return reconcile;
}

function parseReconcileKey(reader: Reader, reconcile: ReconcileMetadata, entry: Entry): void {
  const notYet = notYetMetadata(entry.key);
  if (notYet) complain(reader, entry.keyNode, notYet);
  else if (!metadataKeys.includes(entry.key))
    unknownKey(reader, entry, "metadata.unknown-key", "Metadata.Reconcile", metadataKeys);
  if (notYet || !metadataKeys.includes(entry.key)) return;
  if (!entry.value) {
    emptyKey(reader, entry, `Metadata.Reconcile.${entry.key}`);
    return;
  }
  if (entry.key === "ignore" || entry.key === "exclusive") {
    reconcile[entry.key] = readPointers(reader, entry.value, `Metadata.Reconcile.${entry.key}`);
    return;
  }
  const text = readText(reader, entry.value, "Metadata.Reconcile.adopt", "true or an identifier");
  const flag = isScalar(entry.value) && typeof entry.value.value === "boolean" ? entry.value.value : undefined;
  if (text === undefined || flag === false) return;
  reconcile.adopt = flag ?? text;
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
