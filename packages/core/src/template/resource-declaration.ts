import { isScalar, isSeq, type Node, type YAMLSeq } from "yaml";
import { readCondition, settle } from "./early.ts";
import { resourceLabel } from "./label.ts";
import type { Policy, ResourceDeclaration } from "./model.ts";
import { didYouMean } from "./nearest.ts";
import { isTagged } from "./nodes.ts";
import { metadataOfOthers, parseMetadata } from "./reconcile-metadata.ts";
import type { Problem } from "./scope.ts";
import { serviceAttribute, serviceType } from "./service.ts";
import {
  asMeant,
  complain,
  type Entry,
  emptyKey,
  type Reader,
  readMap,
  readText,
  readTexts,
  readWhole,
  unknownKey,
} from "./structure.ts";

export const attributes = [
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "Metadata",
  "CreationPolicy",
  "UpdatePolicy",
  "Description",
  "Version",
];

/** One entry of the section Resources, or undefined where it declares nothing. */
export function parseResource(outer: Reader, entry: Entry & { value: Node }): ResourceDeclaration | undefined {
  const logicalId = entry.key;
  const whole = readWhole(outer, entry.value, `The resource "${logicalId}"`, "a map with a Type");
  const written = whole ?? [];
  const parts = outer.macros
    ? written
    : asMeant(outer, written, "resource.unknown-attribute", "A resource", attributes);
  const typeNode = parts.find((part) => part.key === "Type")?.value;
  const type = typeNode ? readText(outer, typeNode, `Type of "${logicalId}"`) : undefined;
  if (whole && !typeNode) missingType(outer, entry);
  // What CDK notes about itself makes nothing.
  if (type === "AWS::CDK::Metadata") return undefined;
  const reader: Reader = { ...outer, resource: resourceLabel({ logicalId, type: type ?? "" }) };
  const place = outer.file.placeOf(entry.keyNode);
  const resource: ResourceDeclaration = {
    logicalId,
    type: type ?? "",
    place,
    typePlace: typeNode ? outer.file.placeOf(typeNode) : place,
    dependsOn: [],
    reconcile: {},
  };
  const unusable = type !== undefined && typeNode ? serviceType(type) : undefined;
  if (unusable && typeNode) complain(reader, typeNode, unusable);
  for (const part of parts) parseAttribute(reader, resource, part);
  for (const key of ["deletionPolicy", "updateReplacePolicy"] as const) {
    const part = parts.find((each) => each.key.toLowerCase() === key.toLowerCase());
    if (resource[key] === "Snapshot" && part?.value && !hasSnapshots(resource.type))
      complain(reader, part.value, noSnapshots(part.key, resource.type));
  }
  // Kept without a type or with one that cannot be used: references to it are right all the same.
  return resource;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html */
const typesWithSnapshots = [
  "AWS::DocDB::DBCluster",
  "AWS::EC2::Volume",
  "AWS::ElastiCache::CacheCluster",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::Neptune::DBCluster",
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::Redshift::Cluster",
];

function hasSnapshots(type: string): boolean {
  return typesWithSnapshots.includes(type) || !type.startsWith("AWS::");
}

function noSnapshots(attribute: string, type: string): Problem {
  return {
    code: "resource.deletion-policy",
    message: `${attribute} cannot be Snapshot: AWS makes no snapshots of ${type}.`,
    remedy: "Use Retain to keep it, or Delete.",
  };
}

function missingType(reader: Reader, entry: Entry): void {
  complain(reader, entry.keyNode, {
    code: "resource.no-type",
    message: `The resource "${entry.key}" has no Type.`,
    remedy: "Add its type, for instance Type: AWS::SSM::Parameter.",
  });
}

function parseAttribute(reader: Reader, resource: ResourceDeclaration, part: Entry): void {
  const { key, value } = part;
  const service = serviceAttribute(key);
  if (service) complain(reader, part.keyNode, service);
  if (!attributes.includes(key)) {
    if (!reader.macros) unknownKey(reader, part, "resource.unknown-attribute", "A resource", attributes);
    return;
  }
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
      resource.dependsOn = parseDependsOn(reader, value);
      return;
    case "Condition": {
      const condition = readCondition(reader, value);
      if (condition) resource.condition = condition;
      return;
    }
    case "DeletionPolicy":
      assign(resource, "deletionPolicy", parsePolicy(reader, key, value, deletionPolicies));
      return;
    case "UpdateReplacePolicy":
      assign(resource, "updateReplacePolicy", parsePolicy(reader, key, value, updateReplacePolicies));
      return;
    case "Metadata":
      resource.metadata = value;
      resource.reconcile = parseMetadata(reader, value);
      resource.beside = [...(resource.beside ?? []), ...metadataOfOthers(reader, value)];
      return;
    case "CreationPolicy":
    case "UpdatePolicy":
      resource.beside = [...(resource.beside ?? []), value];
  }
}

/** Logical ids; where the transform evaluates functions, each may be one, or all may come from one. */
function parseDependsOn(reader: Reader, written: Node): ResourceDeclaration["dependsOn"] {
  const node = reader.file.target(written);
  const items = isSeq(node) && !isTagged(node) ? (node as YAMLSeq<Node>).items : [written];
  return items
    .flatMap((item) => {
      const settled = settle(reader, item, "DependsOn");
      return typeof settled === "string" ? [] : settled.flatMap((each) => readTexts(reader, each, "DependsOn"));
    })
    .map(({ text, node: item }) => ({ logicalId: text, place: reader.file.placeOf(item) }));
}

export const updateReplacePolicies: readonly Policy[] = ["Delete", "Retain", "Snapshot"];
export const deletionPolicies: readonly Policy[] = [...updateReplacePolicies, "RetainExceptOnCreate"];

function assign(
  resource: ResourceDeclaration,
  key: "deletionPolicy" | "updateReplacePolicy",
  policy: Policy | undefined,
) {
  if (policy !== undefined) resource[key] = policy;
}

/** undefined: none is declared. */
function parsePolicy(
  reader: Reader,
  attribute: string,
  written: Node,
  policies: readonly Policy[],
): Policy | undefined {
  const settled = settle(reader, written, attribute);
  if (settled === "nothing") return undefined;
  const [value] = typeof settled === "string" ? [] : settled;
  const text = value && readText(reader, value, attribute, `one of ${policies.join(", ")}`);
  const policy = policies.find((each) => each === text);
  if (policy !== undefined) return policy;
  if (text !== undefined) {
    complain(reader, written, {
      code: "resource.deletion-policy",
      message: `${attribute} cannot be "${text}".`,
      remedy: didYouMean(text, policies, `Use one of ${policies.join(", ")}.`),
    });
  }
  // Whatever was meant, keeping is the side that can be undone.
  return "Retain";
}
