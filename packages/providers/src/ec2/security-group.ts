import type { Filter, SecurityGroup as LiveGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import {
  createOnly,
  elementKey,
  generatedName,
  isOwnTag,
  keyed,
  ownerTag,
  resourceTag,
  slot,
  type Tags,
  tags,
} from "@reconcile/core";
import { z } from "zod";
import { loader } from "../aws/batch.ts";
import type { Aws } from "../aws/context.ts";
import { ifFound } from "../aws/errors.ts";
import { pages } from "../aws/pages.ts";
import { tagMap } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { updateRules } from "./embedded-rules.ts";
import { groupRulesMatch, ruleQuota } from "./rule-checks.ts";
import { common, destinations, sources, wholeRule } from "./rule-schema.ts";
import { canonicalRules, type Direction, type Rule, ruleIdentity, ruleOf, rulesOf } from "./rules.ts";
import { changeTags, tagSpecifications } from "./tagging.ts";

const Ingress = wholeRule(z.strictObject({ ...common, ...sources }));
const Egress = wholeRule(z.strictObject({ ...common, ...destinations }));

/** "If you do not add egress rules, we add egress rules that allow all outbound IPv4 and IPv6 traffic" (AWS::EC2::SecurityGroup). EC2 itself adds the second only where the network has IPv6. */
const allowAll = [
  { IpProtocol: "-1", CidrIp: "0.0.0.0/0" },
  { IpProtocol: "-1", CidrIpv6: "::/0" },
];

export const SecurityGroup = defineResource({
  type: "AWS::EC2::SecurityGroup",
  properties: z.strictObject({
    GroupName: createOnly(generatedName({ max: 255, characters: "a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-" })),
    GroupDescription: createOnly(z.string().min(1).max(255)),
    VpcId: createOnly(z.string().optional()),
    SecurityGroupIngress: slot("exclusive", keyed(ruleIdentity.Ingress, z.array(Ingress))).default([]),
    SecurityGroupEgress: slot("exclusive", keyed(ruleIdentity.Egress, z.array(Egress))).default(allowAll),
    Tags: tags(),
  }),
  identifier: "GroupId",
  ref: "Id",
  attributes: { GroupId: {}, Id: {}, VpcId: {} },
  naturalKey: ({ VpcId = "default", GroupName }) =>
    typeof GroupName === "string" && typeof VpcId === "string" ? `${VpcId}/${GroupName}` : undefined,
  absence: "tagged-list",
  scope: "region",
  actions: {
    read: ["ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"],
    write: [
      "ec2:AuthorizeSecurityGroupEgress",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateSecurityGroup",
      "ec2:CreateTags",
      "ec2:DeleteSecurityGroup",
      "ec2:DeleteTags",
      "ec2:RevokeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress",
      "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
      "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
    ],
  },
  checks: [ruleQuota, groupRulesMatch],
  unsupported: {
    "/SecurityGroupIngress/*/SourceSecurityGroupName":
      "a group in a VPC is referred to by its id: SourceSecurityGroupId",
  },
}).implement({
  async *list(aws) {
    const home = await defaultVpc(aws);
    for await (const { SecurityGroups = [] } of groupPages(aws)) {
      for (const { GroupId = "", GroupName, VpcId, Tags: live } of SecurityGroups) {
        const names = VpcId === home ? [`${VpcId}/${GroupName}`, `default/${GroupName}`] : [`${VpcId}/${GroupName}`];
        yield { identifier: GroupId, naturalKey: names, tags: tagMap(live) };
      }
    }
  },

  async read(aws, groupId) {
    const [group, rules] = await Promise.all([describe(aws)(groupId), rulesOf(aws, groupId)]);
    if (!group) return undefined;
    const ingress = embedded(rules, "Ingress", aws.account);
    const egress = embedded(rules, "Egress", aws.account);
    return {
      identifier: groupId,
      properties: {
        GroupName: group.GroupName,
        GroupDescription: group.Description ?? "",
        VpcId: group.VpcId,
        SecurityGroupIngress: ingress.rules,
        SecurityGroupEgress: egress.rules,
      },
      attributes: { GroupId: groupId, Id: groupId, ...(group.VpcId !== undefined && { VpcId: group.VpcId }) },
      tags: tagMap(group.Tags),
      slotTags: { SecurityGroupIngress: ingress.tags, SecurityGroupEgress: egress.tags },
    };
  },

  async create(aws, { properties: { GroupName, GroupDescription, VpcId }, tags: wished }) {
    const { GroupId = "" } = await aws.ec2.createSecurityGroup({
      GroupName,
      Description: GroupDescription,
      VpcId,
      TagSpecifications: tagSpecifications("security-group", wished),
    });
    return GroupId;
  },

  async update(aws, { identifier }, { tags: wished }, changed) {
    await updateRules(aws, identifier, "Ingress", changed, wished);
    await updateRules(aws, identifier, "Egress", changed, wished);
  },

  async delete(aws, { identifier: GroupId }) {
    await ifFound(aws.ec2.deleteSecurityGroup({ GroupId }), "InvalidGroup.NotFound");
  },

  tag: (aws, { identifier }, set, remove) => changeTags(aws, identifier, set, remove),

  async release(aws, { identifier, tags: own }) {
    const rules = (await rulesOf(aws, identifier)).filter((rule) => isEmbedded(tagMap(rule.Tags), { ...own }));
    const Resources = rules.map((rule) => rule.SecurityGroupRuleId ?? "");
    const keys = new Set(rules.flatMap((rule) => Object.keys(tagMap(rule.Tags)).filter(isOwnTag)));
    if (keys.size > 0) await aws.ec2.deleteTags({ Resources, Tags: [...keys].map((Key) => ({ Key })) });
  },

  canonical(properties) {
    return {
      ...properties,
      SecurityGroupIngress: canonicalRules(properties.SecurityGroupIngress),
      SecurityGroupEgress: canonicalRules(properties.SecurityGroupEgress),
    };
  },
});

/** A page may be empty although there is another one, with a filter as well. */
function groupPages(aws: Aws, Filters?: Filter[]) {
  return pages(
    (NextToken) => aws.ec2.describeSecurityGroups({ Filters, MaxResults: 1000, NextToken }),
    (page) => page.NextToken,
  );
}

function describe(aws: Aws): (groupId: string) => Promise<LiveGroup | undefined> {
  return loader(
    aws,
    "ec2:DescribeSecurityGroups",
    async (groupIds) => {
      // A filter, not ids: EC2 answers with an error when one of the ids is not there.
      const Filters = [{ Name: "group-id", Values: [...groupIds] }];
      const groups: LiveGroup[] = [];
      for await (const { SecurityGroups = [] } of groupPages(aws, Filters)) groups.push(...SecurityGroups);
      return new Map(groups.map((group) => [group.GroupId ?? "", group]));
    },
    200,
  );
}

/** The VPC in which a group lives that names none. */
function defaultVpc(aws: Aws): Promise<string | undefined> {
  return aws.memo("ec2 default vpc", async () => {
    const { Vpcs = [] } = await aws.ec2.describeVpcs({ Filters: [{ Name: "is-default", Values: ["true"] }] });
    return Vpcs[0]?.VpcId;
  });
}

/** Was it the group itself that made the rule? */
function isEmbedded(ofRule: Tags, ofGroup: Tags): boolean {
  return ofRule[ownerTag] === ofGroup[ownerTag] && ofRule[resourceTag] === ofGroup[resourceTag];
}

function embedded(rules: readonly SecurityGroupRule[], direction: Direction, account: string) {
  const live = rules
    .filter((rule) => rule.IsEgress === (direction === "Egress"))
    .map((rule): [Rule, Tags] => [ruleOf(rule, account), tagMap(rule.Tags)]);
  return {
    rules: live.map(([rule]) => rule),
    tags: Object.fromEntries(live.map(([rule, ruleTags]) => [elementKey(ruleIdentity[direction], rule), ruleTags])),
  };
}
