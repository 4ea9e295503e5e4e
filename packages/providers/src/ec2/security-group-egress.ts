import { z } from "zod";
import { defineResource } from "../define.ts";
import { ruleMatches } from "./rule-checks.ts";
import { standalone, standaloneDestinations, wholeRule } from "./rule-schema.ts";
import { elementOf, naturalKeyOf, ruleActions, ruleHandlers } from "./standalone-rule.ts";

export const SecurityGroupEgress = defineResource({
  type: "AWS::EC2::SecurityGroupEgress",
  properties: wholeRule(z.strictObject({ ...standalone, ...standaloneDestinations })),
  identifier: "Id",
  attributes: { Id: {} },
  naturalKey: (rule) => naturalKeyOf("Egress", rule),
  within: {
    type: "AWS::EC2::SecurityGroup",
    identifiedBy: "GroupId",
    property: "SecurityGroupEgress",
    element: elementOf,
  },
  absence: "tagged-list",
  scope: "region",
  checks: [ruleMatches],
  actions: ruleActions("Egress"),
}).implement(ruleHandlers("Egress"));
