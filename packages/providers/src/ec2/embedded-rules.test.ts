import type { Changed } from "@reconcile/core";
import { expect, test } from "vitest";
import { ec2Error, fakeAws, type Reply } from "../aws/testing.ts";
import { updateRules } from "./embedded-rules.ts";

/** A group lets CloudFront in at another port than before. */
const fromCloudFront = (port: number) => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  SourcePrefixListId: "pl-1",
});
const changed = {
  has: () => true,
  added: () => [fromCloudFront(443)],
  removed: () => [fromCloudFront(80)],
  modified: () => [],
} as unknown as Changed;

const rules = `<DescribeSecurityGroupRulesResponse><securityGroupRuleSet><item>
  <securityGroupRuleId>sgr-1</securityGroupRuleId><groupId>sg-1</groupId><isEgress>false</isEgress>
  <ipProtocol>tcp</ipProtocol><fromPort>80</fromPort><toPort>80</toPort><prefixListId>pl-1</prefixListId>
</item></securityGroupRuleSet></DescribeSecurityGroupRulesResponse>`;

/** What is sent when authorizing gets these answers, one after the other. */
async function exchange(...answers: Reply[]): Promise<string[]> {
  const { aws, requests } = await fakeAws((operation) => {
    if (operation === "ec2:DescribeSecurityGroupRules") return { body: rules };
    return (operation === "ec2:AuthorizeSecurityGroupIngress" && answers.shift()) || { body: "<Response/>" };
  });
  const operations = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"];
  await aws.planned({ logicalId: "Web", type: "AWS::EC2::SecurityGroup", operations }, () =>
    updateRules(aws, "sg-1", "Ingress", changed, {}),
  );
  return requests.slice(1);
}

test("a rule comes before another goes", async () => {
  expect(await exchange()).toEqual(["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]);
});

test("in a group that has no room for both it goes first", async () => {
  const full = ec2Error("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules has been reached.");
  expect(await exchange(full)).toEqual([
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupIngress",
  ]);
});

test("any other refusal is a refusal", async () => {
  await expect(exchange(ec2Error("InvalidPermission.Malformed", "There is no such port."))).rejects.toThrow("no such");
});
