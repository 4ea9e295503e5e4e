import { z } from "zod";
import { defineResource } from "../define.ts";
import { ruleMatches } from "./rule-checks.ts";
import { standalone, standaloneSources, wholeRule } from "./rule-schema.ts";
import { elementOf, naturalKeyOf, ruleActions, ruleHandlers } from "./standalone-rule.ts";

export const SecurityGroupIngress = defineResource({
  type: "AWS::EC2::SecurityGroupIngress",
  properties: wholeRule(z.strictObject({ ...standalone, ...standaloneSources })),
  identifier: "Id",
  attributes: { Id: {} },
  naturalKey: (rule) => naturalKeyOf("Ingress", rule),
  within: {
    type: "AWS::EC2::SecurityGroup",
    identifiedBy: "GroupId",
    property: "SecurityGroupIngress",
    element: elementOf,
  },
  absence: "tagged-list",
  scope: "region",
  checks: [ruleMatches],
  actions: ruleActions("Ingress"),
  unsupported: {
    GroupName: "a group in a VPC is referred to by its id: GroupId",
    SourceSecurityGroupName: "a group in a VPC is referred to by its id: SourceSecurityGroupId",
  },
  departures: { "/GroupId": "without GroupName, it is the only way to say which group" },
}).implement(ruleHandlers("Ingress"));
