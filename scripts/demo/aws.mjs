// What the story does behind Reconcile's back, and how it looks for itself: with AWS's own SDK.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "../tasks/paths.mjs";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const require = createRequire(join(root, "packages", "providers", "package.json"));

export async function openSshToTheWorld(groupName) {
  const { EC2 } = require("@aws-sdk/client-ec2");
  const ec2 = new EC2();
  const { SecurityGroups } = await ec2.describeSecurityGroups({
    Filters: [{ Name: "group-name", Values: [groupName] }],
  });
  await ec2.authorizeSecurityGroupIngress({
    GroupId: SecurityGroups[0].GroupId,
    IpPermissions: [
      { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "temporary" }] },
    ],
  });
}

/** The ARNs of everything that has an owner. */
export async function findOwned() {
  const { ResourceGroupsTaggingAPI } = require("@aws-sdk/client-resource-groups-tagging-api");
  const tagging = new ResourceGroupsTaggingAPI();
  const { ResourceTagMappingList } = await tagging.getResources({ TagFilters: [{ Key: "reconcile:owner" }] });
  return ResourceTagMappingList.map((each) => each.ResourceARN);
}
