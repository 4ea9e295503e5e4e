import { type OfflineResource, resourceIn, Unknown } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { actionFacts } from "./action-facts.ts";
import { anywhere, arnsOf, both, type Condition, claimed, equal, type Grant, owned, type Subject } from "./grant.ts";
import { arnOf, kindOf, type Site } from "./kinds.ts";
import { tagsOnCreate } from "./tables.ts";

/** What makes a thing, with our tags in the same call. */
const making = /:(?:Allocate|Authorize|Create(?!Tags|PolicyVersion)|Import|Put(?=Parameter$)|Request|Run)/;
const tagging = /:(?:AddTags|CreateTags|Tag)/;
/** What is called for things that have left the template as well: their names are not known any more. */
const removing = /:(?:Delete|Detach|Disassociate|Remove|Release|Revoke|Terminate|Untag)/;

/** What one of the write actions of a resource may be done to. */
export function writeGrants(subject: Subject, resource: OfflineResource<Aws>, action: string): Grant[] {
  if (action === "iam:PassRole") return [];
  const [service = ""] = action.split(":");
  const facts = actionFacts[action];
  const things = Object.entries(facts?.on ?? {});
  const purpose = making.test(action) ? "Make" : "Change";
  if (things.length === 0) {
    return [anywhere(subject, purpose, action, facts?.request && purpose === "Make" ? claimed(subject) : {})];
  }
  return things.flatMap(([thing, keys]) => thingGrants(subject, resource, action, `${service}:${thing}`, keys));
}

function thingGrants(
  subject: Subject,
  resource: OfflineResource<Aws>,
  action: string,
  kind: string,
  keys: string,
): Grant[] {
  const all = kind.endsWith(":*") ? everything(kind, subject) : arnOf(kind, subject);
  const named = arnsOf(subject, resource, kind);
  const grant = (purpose: Grant["purpose"], resources: readonly string[], condition: Condition = {}): Grant[] =>
    resources.map((arn) => ({ purpose, action, resource: arn, condition }));
  const here = named.length > 0 ? named : [all];
  const isOwned = keys.includes("owner");
  const isClaimed = keys.includes("request");
  if (tagging.test(action)) {
    const adopts = adoptsOf(subject, resource);
    const onCreate = kind === "ec2:*" ? equal("ec2:CreateAction", ...creating(subject)) : {};
    const own = kindOf(resource.type);
    return [
      ...grant("Make", here, isClaimed ? both(claimed(subject), onCreate) : {}),
      ...(adopts && kind === "ec2:*" && own ? grant("Make", [arnOf(own, subject)], claimed(subject)) : []),
      ...(isOwned ? grant("Change", [all], owned(subject)) : []),
    ];
  }
  const isParent = kind === parentKind(resource);
  if (kindOf(resource.type) !== kind && !isParent && kind !== "ec2:*") return grant("Refer", here);
  // What an action makes inside something has tags of its own to bring; what it is made in has its owner's.
  if (making.test(action) && !isParent && (isClaimed || !isOwned)) {
    const overwrites = action === "ssm:PutParameter" ? grant("Change", here, equal("ssm:Overwrite", "true")) : [];
    return [...grant("Make", here, isClaimed ? claimed(subject) : {}), ...overwrites];
  }
  if (isOwned && !(isParent && !isOurs(subject, resource))) return grant("Change", [all], owned(subject));
  return grant("Change", removing.test(action) || isParent ? [all] : here);
}

function everything(kind: string, { partition, region, account }: Site): string {
  return `arn:${partition}:${kind.split(":")[0]}:${region}:${account}:*`;
}

/** The calls to EC2 that bring tags along: `RunInstances`. */
function creating({ resources }: Subject): string[] {
  const writes = new Set(resources.flatMap(({ type }) => type.actions.write));
  return tagsOnCreate.flatMap(({ of }) => (of.startsWith("ec2:") && writes.has(of) ? [of.slice("ec2:".length)] : []));
}

function adoptsOf({ stack }: Subject, { logicalId }: OfflineResource<Aws>): boolean {
  return stack.template.resources.get(logicalId)?.reconcile.adopt !== undefined;
}

function parentKind({ type }: OfflineResource<Aws>): string | undefined {
  return type.within && kindOfName(type.within.type);
}

function kindOfName(type: string): string | undefined {
  const [, service = "", name = ""] = type.split("::");
  return kindOf({ type, actions: { read: [], write: [`${service.toLowerCase()}:${name}`] } });
}

/** Does a child say that its parent is one of this stack? */
function isOurs({ stack }: Subject, { type, properties }: OfflineResource<Aws>): boolean {
  const value = type.within && properties[type.within.identifiedBy];
  if (!(value instanceof Unknown)) return false;
  return value.sources.every((source) => {
    const declared = stack.template.resources.get(resourceIn(source));
    return declared?.type === type.within?.type && declared?.reconcile.adopt === undefined;
  });
}
