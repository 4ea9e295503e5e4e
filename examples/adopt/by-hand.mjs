// What somebody once made in the console: a firewall with SSH open to the world, and a setting. Only for a sandbox.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
if (!process.env.AWS_ENDPOINT_URL) throw new Error("AWS_ENDPOINT_URL is not set: start a sandbox first.");
const { EC2 } = await import("@aws-sdk/client-ec2");
const { SSM } = await import("@aws-sdk/client-ssm");

const ec2 = new EC2();
const { GroupId } = await ec2.createSecurityGroup({ GroupName: "legacy", Description: "made by hand" });
const everybody = [{ CidrIp: "0.0.0.0/0" }];
await ec2.authorizeSecurityGroupIngress({
  GroupId,
  IpPermissions: [
    { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: everybody },
    { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: everybody },
  ],
});
await new SSM().putParameter({ Name: "/legacy/log-level", Type: "String", Value: "debug" });
