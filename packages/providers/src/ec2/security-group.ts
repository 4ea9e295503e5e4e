import type { SecurityGroup as LiveGroup } from "@aws-sdk/client-ec2";
import {
  absent,
  type Changed,
  createOnly,
  elementKey,
  generatedName,
  keyed,
  ownerTag,
  refersTo,
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
import { tagList, tagMap } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { cidr, cidrv6, description, oneSource, port } from "./rule-schema.ts";
import { canonicalRules, type Direction, permissionOf, type Rule, ruleIdentity, ruleOf, rulesOf } from "./rules.ts";

const common = {
  IpProtocol: z.string(),
  FromPort: port.optional(),
  ToPort: port.optional(),
  CidrIp: cidr.optional(),
  CidrIpv6: cidrv6.optional(),
  Description: absent(description),
};
const group = refersTo("AWS::EC2::SecurityGroup", z.string()).optional();

const Ingress = oneSource(
  z.strictObject({
    ...common,
    SourcePrefixListId: z.string().optional(),
    SourceSecurityGroupId: group,
    SourceSecurityGroupOwnerId: z.string().optional(),
  }),
);

const Egress = oneSource(
  z.strictObject({ ...common, DestinationPrefixListId: z.string().optional(), DestinationSecurityGroupId: group }),
);

/** What EC2 puts into a new group. */
const allowAll = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" };

export const SecurityGroup = defineResource({
  type: "AWS::EC2::SecurityGroup",
  properties: z.strictObject({
    GroupName: createOnly(generatedName({ max: 255, characters: "a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-" })),
    GroupDescription: createOnly(z.string().min(1).max(255)),
    VpcId: createOnly(z.string().optional()),
    SecurityGroupIngress: slot("exclusive", keyed(ruleIdentity.Ingress, z.array(Ingress))).default([]),
    SecurityGroupEgress: slot("exclusive", keyed(ruleIdentity.Egress, z.array(Egress))).default([allowAll]),
    Tags: tags(),
  }),
  identifier: "GroupId",
  ref: "Id",
  attributes: { GroupId: {}, Id: {}, VpcId: {} },
  naturalKey: ({ VpcId, GroupName }) => (GroupName === undefined ? undefined : `${VpcId ?? "default"}/${GroupName}`),
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
  unsupported: {
    "/SecurityGroupIngress/*/SourceSecurityGroupName":
      "a group in a VPC is referred to by its id: SourceSecurityGroupId",
  },
}).implement({
  async *list(aws) {
    const list = pages(
      (NextToken) => aws.ec2.describeSecurityGroups({ MaxResults: 1000, NextToken }),
      (page) => page.NextToken,
    );
    const home = await defaultVpc(aws);
    for await (const { SecurityGroups = [] } of list) {
      for (const { GroupId = "", GroupName, VpcId, Tags: live } of SecurityGroups) {
        const names = VpcId === home ? [`${VpcId}/${GroupName}`, `default/${GroupName}`] : [`${VpcId}/${GroupName}`];
        yield { identifier: GroupId, naturalKey: names, tags: tagMap(live) };
      }
    }
  },

  async read(aws, groupId) {
    const [group, rules] = await Promise.all([describe(aws)(groupId), rulesOf(aws, groupId)]);
    if (!group) return undefined;
    const ruleTags = (egress: boolean) =>
      rules
        .filter((rule) => rule.IsEgress === egress)
        .map((rule) => [keyOf(ruleOf(rule, aws.account), egress ? "Egress" : "Ingress"), tagMap(rule.Tags)]);
    return {
      identifier: groupId,
      properties: {
        GroupName: group.GroupName,
        GroupDescription: group.Description ?? "",
        VpcId: group.VpcId,
        SecurityGroupIngress: rules.filter((rule) => !rule.IsEgress).map((rule) => ruleOf(rule, aws.account)),
        SecurityGroupEgress: rules.filter((rule) => rule.IsEgress).map((rule) => ruleOf(rule, aws.account)),
      },
      attributes: { GroupId: groupId, Id: groupId, ...(group.VpcId !== undefined && { VpcId: group.VpcId }) },
      tags: tagMap(group.Tags),
      slotTags: {
        SecurityGroupIngress: Object.fromEntries(ruleTags(false)),
        SecurityGroupEgress: Object.fromEntries(ruleTags(true)),
      },
    };
  },

  async create(aws, { properties: { GroupName, GroupDescription, VpcId }, tags: wished }) {
    const { GroupId = "" } = await aws.ec2.createSecurityGroup({
      GroupName,
      Description: GroupDescription,
      VpcId,
      TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(wished) }],
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

  async tag(aws, { identifier }, set, remove) {
    const Resources = [identifier];
    if (Object.keys(set).length > 0) await aws.ec2.createTags({ Resources, Tags: tagList(set) });
    if (remove.length > 0) await aws.ec2.deleteTags({ Resources, Tags: remove.map((Key) => ({ Key })) });
  },

  canonical(properties) {
    return {
      ...properties,
      SecurityGroupIngress: canonicalRules(properties.SecurityGroupIngress),
      SecurityGroupEgress: canonicalRules(properties.SecurityGroupEgress),
    };
  },
});

function describe(aws: Aws): (groupId: string) => Promise<LiveGroup | undefined> {
  return loader(
    aws,
    "ec2:DescribeSecurityGroups",
    async (groupIds) => {
      // A filter, not ids: EC2 answers with an error when one of the ids is not there.
      const Filters = [{ Name: "group-id", Values: [...groupIds] }];
      const { SecurityGroups = [] } = await aws.ec2.describeSecurityGroups({ Filters, MaxResults: 1000 });
      return new Map(SecurityGroups.map((group) => [group.GroupId ?? "", group]));
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

/** Comes first, then goes: a rule that is only written in another way leaves no moment without it. */
async function updateRules(
  aws: Aws,
  GroupId: string,
  direction: Direction,
  changed: Changed,
  wished: Tags,
): Promise<void> {
  const property = `SecurityGroup${direction}`;
  if (!changed.has(property)) return;
  const live = (await rulesOf(aws, GroupId)).filter((rule) => rule.IsEgress === (direction === "Egress"));
  const idOf = (key: string) =>
    live.find((rule) => keyOf(ruleOf(rule, aws.account), direction) === key)?.SecurityGroupRuleId ?? "";
  const added = changed.added(property) as Rule[];
  if (added.length > 0) {
    const IpPermissions = added.map(permissionOf);
    const Tags = tagList(
      Object.fromEntries(Object.entries(wished).filter(([key]) => key === ownerTag || key === resourceTag)),
    );
    const TagSpecifications = [{ ResourceType: "security-group-rule" as const, Tags }];
    await aws.ec2[`authorizeSecurityGroup${direction}`]({ GroupId, IpPermissions, TagSpecifications });
  }
  const removed = (changed.removed(property) as Rule[]).map((rule) => idOf(keyOf(rule, direction))).filter(Boolean);
  if (removed.length > 0) await aws.ec2[`revokeSecurityGroup${direction}`]({ GroupId, SecurityGroupRuleIds: removed });
  const modified = changed.modified(property);
  if (modified.length > 0) {
    const SecurityGroupRuleDescriptions = modified.map((key) => ({
      SecurityGroupRuleId: idOf(key),
      Description: changed.valueOf(property, key, "Description") as string | undefined,
    }));
    await aws.ec2[`updateSecurityGroupRuleDescriptions${direction}`]({ GroupId, SecurityGroupRuleDescriptions });
  }
}

function keyOf(rule: Rule, direction: Direction): string {
  return elementKey(ruleIdentity[direction], rule);
}
