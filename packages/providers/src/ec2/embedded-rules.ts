import { type Changed, ownerTag, resourceTag, type Tags } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { inTurn } from "../aws/in-turn.ts";
import { type Direction, permissionOf, type Rule, ruleKey, ruleOf, rulesOf } from "./rules.ts";
import { ruleGone } from "./standalone-rule.ts";
import { tagSpecifications } from "./tagging.ts";

/** EC2's word for the quota of rules: one that names a list of AWS's may count for most of it, so that the old and the new one cannot be there together. */
const groupIsFull = "RulesPerSecurityGroupLimitExceeded";

/** Brings the rules that a group declares itself in line. What comes is there before anything goes: a rule that is only written in another way leaves no moment without it. */
export async function updateRules(
  aws: Aws,
  GroupId: string,
  direction: Direction,
  changed: Changed,
  wished: Tags,
): Promise<void> {
  const property = `SecurityGroup${direction}`;
  if (!changed.has(property)) return;
  const ids = await idsOf(aws, GroupId, direction);
  const added = changed.added(property) as Rule[];
  const removed = (changed.removed(property) as Rule[]).flatMap((rule) => ids.get(ruleKey(direction, rule)) ?? []);
  await inTurn(
    groupIsFull,
    async () => {
      if (added.length === 0) return;
      await aws.ec2[`authorizeSecurityGroup${direction}`]({
        GroupId,
        IpPermissions: added.map(permissionOf),
        TagSpecifications: tagSpecifications("security-group-rule", ownTags(wished)),
      });
    },
    async () => {
      if (removed.length === 0) return;
      const request = { GroupId, SecurityGroupRuleIds: removed };
      await ifFound(aws.ec2[`revokeSecurityGroup${direction}`](request), ...ruleGone);
    },
  );
  const modified = changed.modified(property).flatMap((key) => {
    const SecurityGroupRuleId = ids.get(key);
    const Description = changed.valueOf(property, key, "Description") as string | undefined;
    return SecurityGroupRuleId === undefined ? [] : [{ SecurityGroupRuleId, Description }];
  });
  if (modified.length > 0) {
    const request = { GroupId, SecurityGroupRuleDescriptions: modified };
    await aws.ec2[`updateSecurityGroupRuleDescriptions${direction}`](request);
  }
}

/** By what makes it the rule that it is. */
async function idsOf(aws: Aws, groupId: string, direction: Direction): Promise<Map<string | undefined, string>> {
  const egress = direction === "Egress";
  const live = (await rulesOf(aws, groupId)).filter((rule) => rule.IsEgress === egress);
  return new Map(live.map((rule) => [ruleKey(direction, ruleOf(rule, aws.account)), rule.SecurityGroupRuleId ?? ""]));
}

/** A rule says whose it is, and is not billed or searched for by the tags of its group. */
function ownTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key === ownerTag || key === resourceTag));
}
