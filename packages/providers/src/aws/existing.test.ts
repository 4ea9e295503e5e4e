import { expect, test } from "vitest";
import { existingAction } from "./existing.ts";
import { fakeAws } from "./testing.ts";

const place = { file: "a.yaml", line: 3, column: 5 };
const existing = (name: string) => ({ kind: "existing", name, place }) as const;

const tags = "<tagSet><item><key>Team</key><value>core</value></item></tagSet>";
const answers: Readonly<Record<string, string>> = {
  "ec2:DescribeVpcs": `<vpcSet><item><vpcId>vpc-2</vpcId></item><item><vpcId>vpc-1</vpcId>${tags}</item></vpcSet>`,
  "ec2:DescribeNetworkAcls":
    "<networkAclSet><item><networkAclId>acl-1</networkAclId><vpcId>vpc-1</vpcId></item></networkAclSet>",
  "ec2:DescribeSecurityGroups": `<securityGroupInfo><item><groupId>sg-1</groupId><groupName>web</groupName><vpcId>vpc-1</vpcId>${tags}</item></securityGroupInfo>`,
  "ec2:DescribeSubnets":
    "<subnetSet><item><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><availabilityZone>us-east-1a</availabilityZone></item></subnetSet>",
  "ec2:DescribeInstances":
    "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId></item></instancesSet></item></reservationSet>",
  "ec2:DescribeVolumes": "<volumeSet><item><volumeId>vol-1</volumeId></item></volumeSet>",
  "ec2:DescribeKeyPairs": "<keySet><item><keyName>me</keyName></item></keySet>",
  "ec2:DescribeAvailabilityZones":
    "<availabilityZoneInfo><item><zoneName>us-east-1a</zoneName></item></availabilityZoneInfo>",
};
const account = () => fakeAws((operation) => ({ body: `<R>${answers[operation] ?? ""}</R>` }));

test.each([
  ["AWS::EC2::VPC::Id", ["vpc-1", "vpc-2"], "ec2:DescribeVpcs"],
  ["AWS::EC2::VPC::Id.Tags.Team", { "vpc-1": "core" }, "ec2:DescribeVpcs"],
  ["AWS::EC2::VPC::Id.DefaultNetworkAcl", { "vpc-1": "acl-1" }, "ec2:DescribeNetworkAcls"],
  ["AWS::EC2::VPC::Id.DefaultSecurityGroup", { "vpc-1": "sg-1" }, "ec2:DescribeSecurityGroups"],
  ["AWS::EC2::Subnet::Id", ["subnet-1"], "ec2:DescribeSubnets"],
  ["AWS::EC2::Subnet::Id.VpcId", { "subnet-1": "vpc-1" }, "ec2:DescribeSubnets"],
  ["AWS::EC2::Subnet::Id.AvailabilityZone", { "subnet-1": "us-east-1a" }, "ec2:DescribeSubnets"],
  ["AWS::EC2::SecurityGroup::Id", ["sg-1"], "ec2:DescribeSecurityGroups"],
  ["AWS::EC2::SecurityGroup::Id.Tags.Team", { "sg-1": "core" }, "ec2:DescribeSecurityGroups"],
  ["AWS::EC2::SecurityGroup::GroupName", ["web"], "ec2:DescribeSecurityGroups"],
  ["AWS::EC2::Instance::Id", ["i-1"], "ec2:DescribeInstances"],
  ["AWS::EC2::Volume::Id", ["vol-1"], "ec2:DescribeVolumes"],
  ["AWS::EC2::KeyPair::KeyName", ["me"], "ec2:DescribeKeyPairs"],
  ["AWS::EC2::AvailabilityZone::Name", ["us-east-1a"], "ec2:DescribeAvailabilityZones"],
])("%s", async (name, value, action) => {
  const { aws } = await account();
  expect(await aws.input(existing(name))).toEqual({ value, verbatim: true });
  expect(existingAction(name)).toBe(action);
});

test("all attributes of a type that one call tells take one", async () => {
  const { aws, requests } = await account();
  await Promise.all(["", ".VpcId", ".Tags.Team"].map((rest) => aws.input(existing(`AWS::EC2::Subnet::Id${rest}`))));
  expect(requests).toHaveLength(1);
});

test("a type that nothing lists is a mistake of the caller", () => {
  expect(() => existingAction("AWS::EC2::Image::Id")).toThrow("Nothing lists AWS::EC2::Image::Id.");
});
