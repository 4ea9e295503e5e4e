import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { type Handlers, ownerTag, type Properties, parseResourceTag, resourceTag, type Tags } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { hasCode, ifFound } from "../aws/errors.ts";
import { tagMap } from "../aws/tags.ts";
import {
  canonicalRule,
  type Direction,
  everyRule,
  permissionOf,
  type Rule,
  ruleById,
  ruleKey,
  ruleOf,
  rulesOf,
} from "./rules.ts";
import { changeTags, tagSpecifications } from "./tagging.ts";

/** A rule as a resource of its own. */
export interface StandaloneRule extends Rule {
  GroupId: string;
}

/** What a rule of its own needs the API for. */
export const ruleActions = (direction: Direction) => ({
  read: ["ec2:DescribeSecurityGroupRules"],
  write: [
    `ec2:AuthorizeSecurityGroup${direction}`,
    "ec2:CreateTags",
    "ec2:DeleteTags",
    `ec2:RevokeSecurityGroup${direction}`,
    `ec2:UpdateSecurityGroupRuleDescriptions${direction}`,
  ],
});

/** By which EC2 knows a rule: it takes no second one with the same group, direction and content. undefined: part of that is not known. */
export function naturalKeyOf(direction: Direction, { GroupId, ...rule }: StandaloneRule): string | undefined {
  const key = ruleKey(direction, rule);
  return key === undefined || typeof GroupId !== "string" ? undefined : `${GroupId} ${direction} ${key}`;
}

/** The rule as its group's list holds it. */
export function elementOf({ GroupId: _, ...rule }: StandaloneRule): Properties {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as Properties;
}

export function ruleHandlers(direction: Direction): Handlers<StandaloneRule, Aws> {
  const isOfDirection = (rule: SecurityGroupRule): boolean => rule.IsEgress === (direction === "Egress");
  return {
    async *list(aws) {
      const { byId } = await everyRule.all(aws);
      for (const [identifier, rule] of byId) {
        if (!isOfDirection(rule)) continue;
        const naturalKey = naturalKeyOf(direction, standaloneOf(rule, aws.account));
        yield { identifier, ...(naturalKey !== undefined && { naturalKey }), tags: tagMap(rule.Tags) };
      }
    },

    async read(aws, identifier) {
      const rule = await ruleById(aws, identifier);
      if (!rule || !isOfDirection(rule)) return undefined;
      const properties = standaloneOf(rule, aws.account);
      return { identifier, properties, attributes: { Id: identifier }, tags: tagMap(rule.Tags) };
    },

    async create(aws, { properties, tags }) {
      const request = {
        GroupId: properties.GroupId,
        IpPermissions: [permissionOf(properties)],
        TagSpecifications: tagSpecifications("security-group-rule", tags),
      };
      try {
        const { SecurityGroupRules = [] } = await aws.ec2[`authorizeSecurityGroup${direction}`](request);
        return SecurityGroupRules[0]?.SecurityGroupRuleId ?? "";
      } catch (error) {
        const twin = hasCode(error, "InvalidPermission.Duplicate")
          ? await freeTwin(aws, direction, properties, tags)
          : undefined;
        if (twin === undefined) throw error;
        return twin;
      }
    },

    async update(aws, { identifier, properties: { GroupId } }, { properties: { Description } }, changed) {
      if (!changed.has("Description")) return;
      const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId: identifier, Description }];
      await aws.ec2[`updateSecurityGroupRuleDescriptions${direction}`]({ GroupId, SecurityGroupRuleDescriptions });
    },

    async delete(aws, { identifier, properties: { GroupId } }) {
      const revoked = aws.ec2[`revokeSecurityGroup${direction}`]({ GroupId, SecurityGroupRuleIds: [identifier] });
      await ifFound(revoked, ...ruleGone, "InvalidGroup.NotFound");
    },

    tag: (aws, { identifier }, set, remove) => changeTags(aws, identifier, set, remove),

    canonical: canonicalRule,
  };
}

/** EC2's words for a rule that is not there. */
export const ruleGone = ["InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound"] as const;

function standaloneOf(live: SecurityGroupRule, account: string): StandaloneRule {
  return { GroupId: live.GroupId ?? "", ...ruleOf(live, account) };
}

/**
 * The rule is there already. It is taken up, to be tagged as its new declarer's, where it has no owner, or was made by the group of this stack that no longer declares it: a
 * rule that changes hands stays, and its group is never without it. One that another child or another owner made is left alone.
 */
async function freeTwin(
  aws: Aws,
  direction: Direction,
  wanted: StandaloneRule,
  tags: Tags,
): Promise<string | undefined> {
  const key = naturalKeyOf(direction, wanted);
  const egress = direction === "Egress";
  const twin = (await rulesOf(aws, wanted.GroupId)).find(
    (rule) => rule.IsEgress === egress && naturalKeyOf(direction, standaloneOf(rule, aws.account)) === key,
  );
  const made = tagMap(twin?.Tags);
  const isFree = made[ownerTag] === undefined;
  const isOurGroups =
    made[ownerTag] === tags[ownerTag] && parseResourceTag(made[resourceTag])?.type === "AWS::EC2::SecurityGroup";
  return isFree || isOurGroups ? twin?.SecurityGroupRuleId : undefined;
}
