import { type OfflineResource, ownerTag, type Stack } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { globalRegionOf } from "../aws/identity.ts";
import { arnOf, arnOfResource, kindOf, type Site } from "./kinds.ts";
import { elsewhere } from "./tables.ts";

/** Operator, key, values: as in a policy. */
export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** In the order in which policies name them: look, make something, change what is ours, refer to something, hand a role on, use a key, leave word for other runs. */
export const purposes = ["Read", "Make", "Change", "Refer", "Pass", "Encrypt", "Record"] as const;

/** One action on one thing, or on a pattern of things. */
export interface Grant {
  /** What it is for. */
  purpose: (typeof purposes)[number];
  action: string;
  resource: string;
  condition: Condition;
}

/** A stack, where it lives and what it declares. */
export interface Subject extends Site {
  stack: Stack;
  owner: string;
  resources: readonly OfflineResource<Aws>[];
}

const withoutRegion = new Set(["cloudfront", "iam", "sts"]);

/** On everything; in the stack's region, where the service has regions. */
export function anywhere(
  subject: Subject,
  purpose: Grant["purpose"],
  action: string,
  condition: Condition = {},
): Grant {
  const [service = ""] = action.split(":");
  const { region, partition } = subject;
  if (withoutRegion.has(service) || region === "*") return { purpose, action, resource: "*", condition };
  // Tags of what has no region are indexed in one.
  const regions = service === "tag" ? [...new Set([region, globalRegionOf(partition, region)])] : [region];
  return { purpose, action, resource: "*", condition: both(condition, equal("aws:RequestedRegion", ...regions)) };
}

/** That a key has one of these values; `*` in one stands for anything. */
export function equal(key: string, ...values: string[]): Condition {
  const operator = values.some((value) => value.includes("*")) ? "StringLike" : "StringEquals";
  return { [operator]: { [key]: values } };
}

/** A condition under which both hold. */
export function both(a: Condition, b: Condition): Condition {
  const operators = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(operators.map((operator) => [operator, { ...a[operator], ...b[operator] }]));
}

/** The thing is tagged as this stack's. */
export function owned({ owner }: Subject): Condition {
  return equal(`aws:ResourceTag/${ownerTag}`, owner);
}

/** The request tags the thing as this stack's. */
export function claimed({ owner }: Subject): Condition {
  return equal(`aws:RequestTag/${ownerTag}`, owner);
}

/** What a resource is or needs of a kind. Not by name only: empty where the whole kind would be it. */
export function arnsOf(subject: Subject, resource: OfflineResource<Aws>, kind: string): string[] {
  const other = elsewhere[resource.type.type]?.[kind];
  if (other !== undefined) return [arnOf(kind, subject, other)];
  if (kindOf(resource.type) !== kind) return [];
  const arn = arnOfResource(kind, resource, subject, { name: subject.stack.name, owner: subject.owner });
  return arn === arnOf(kind, subject) ? [] : [arn];
}
