// What the story does behind Reconcile's back, and how it looks for itself: with AWS's own SDK.
import { EC2 } from "@aws-sdk/client-ec2";
import { ResourceGroupsTaggingAPI } from "@aws-sdk/client-resource-groups-tagging-api";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

export async function openSshToTheWorld(groupName) {
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

/** The ARNs of everything that has an owner. A terminated instance stays visible for a while, here as in AWS. */
export async function findOwned() {
  const { ResourceTagMappingList } = await new ResourceGroupsTaggingAPI().getResources({
    TagFilters: [{ Key: "reconcile:owner" }],
  });
  const terminated = [{ Name: "instance-state-name", Values: ["terminated"] }];
  const { Reservations } = await new EC2().describeInstances({ Filters: terminated });
  const gone = Reservations.flatMap((each) => each.Instances).map((each) => each.InstanceId);
  return ResourceTagMappingList.map((each) => each.ResourceARN).filter((arn) => !gone.includes(arn.split("/").at(-1)));
}
