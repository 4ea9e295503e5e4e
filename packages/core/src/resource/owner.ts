import { createHash } from "node:crypto";
import type { NameRules } from "./annotations.ts";
import type { Tags } from "./model.ts";

/** Tags by which a resource says whose it is. Set in the create call itself. */
export const ownerTag = "reconcile:owner";
export const resourceTag = "reconcile:resource";
/** The identifier: a copy takes its original's tags along and keeps the original's identifier in this one. */
export const identifierTag = "reconcile:id";
export const adoptedTag = "reconcile:adopted";
/** Never deleted or replaced, wherever the template says so no more. */
export const protectTag = "reconcile:protect";
/** What becomes of it when it leaves the template, where no base is at hand to say so: see plan/policies.ts. */
export const retainedTag = "reconcile:retained";
const prefix = "reconcile:";

/** AWS's limit of a tag's value. */
const longestTagValue = 256;

/** `<project>/<stack>@<region>`. */
export function ownerOf(project: string, stack: string, region: string): string {
  return shortened(`${project}/${stack}@${region}`);
}

/** The parts of an owner; undefined: it is none, or was too long to be kept whole. */
export function parseOwner(owner: string | undefined): { project: string; stack: string; region: string } | undefined {
  const [, project, stack, region] = /^([^/]+)\/([^@]+)@(.+)$/.exec(owner ?? "") ?? [];
  return project && stack && region ? { project, stack, region } : undefined;
}

/** `<LogicalId>/<Type>`. */
export function resourceOf(logicalId: string, type: string): string {
  return shortened(`${logicalId}/${type}`);
}

function shortened(text: string): string {
  return text.length <= longestTagValue
    ? text
    : `${text.slice(0, longestTagValue - 17)}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}

/** The two tags that say whose a resource is. */
export function ownerTags(owner: string, logicalId: string, type: string): Tags {
  return { [ownerTag]: owner, [resourceTag]: resourceOf(logicalId, type) };
}

/** The logical id and type in a `reconcile:resource` tag. The logical id of what is in a nested stack has slashes, a type has none. */
export function parseResourceTag(value: string | undefined): { logicalId: string; type: string } | undefined {
  const slash = value?.lastIndexOf("/") ?? -1;
  return value === undefined || slash < 1
    ? undefined
    : { logicalId: value.slice(0, slash), type: value.slice(slash + 1) };
}

/** Tags that are ours to write, and never the user's to declare. */
export function isOwnTag(key: string): boolean {
  return key.startsWith(prefix);
}

/** Tags that AWS writes. */
export function isAwsTag(key: string): boolean {
  return key.startsWith("aws:");
}

/** Whose is it, by its tags? A carrier whose `reconcile:id` names another is a copy: it belongs to nobody. */
export function ownerInTags(tags: Tags | null | undefined, identifier: string): string | undefined {
  const owner = tags?.[ownerTag];
  const original = tags?.[identifierTag];
  return original !== undefined && original !== identifier ? undefined : owner;
}

/** How many names of one resource may exist: a replacement beside the old one, with room for a crash or two. */
export const nameGenerations = 4;

/**
 * `<stack>-<LogicalId>-<s>`, s = 8 characters of base32(sha256(`v1|owner|LogicalId|n`)). The logical id is cut first, then the stack, never s. Never change this: names of
 * live resources follow from it (golden vectors in the tests).
 */
export function generateName(options: {
  stack: string;
  owner: string;
  logicalId: string;
  n: number;
  rules: NameRules;
}): string {
  const { stack, owner, logicalId, n, rules } = options;
  const suffix = base32(createHash("sha256").update(`v1|${owner}|${logicalId}|${n}`).digest()).slice(0, 8);
  const room = rules.max - suffix.length - 2;
  const stackPart = stack.slice(0, Math.max(1, Math.min(stack.length, room - 1)));
  const allowed = new RegExp(`[${rules.characters}]`);
  const separator = ["-", "_", "."].find((character) => allowed.test(character)) ?? "";
  // A slash has a meaning in some names, and none in any that is generated.
  const idPart = logicalId.replaceAll("/", separator).slice(0, Math.max(0, room - stackPart.length));
  const name = [stackPart, idPart, suffix].filter((part) => part !== "").join(separator);
  const others = new RegExp(`[^${rules.characters}]`, "g");
  return (allowed.test("A") ? name : name.toLowerCase()).replaceAll(others, separator);
}

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

function base32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes.slice(0, 10)) bits += byte.toString(2).padStart(8, "0");
  return [...bits.matchAll(/.{5}/g)].map(([group]) => alphabet[Number.parseInt(group, 2)]).join("");
}
