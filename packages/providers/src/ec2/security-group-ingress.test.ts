import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { SecurityGroupIngress } from "./security-group-ingress.ts";

describeOnSandbox(SecurityGroupIngress, {
  prerequisites: { Group: { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "the agent" } } },
  example: {
    GroupId: { "Fn::GetAtt": ["Group", "GroupId"] },
    IpProtocol: 6,
    FromPort: 22,
    ToPort: 22,
    CidrIp: "203.0.113.10/24",
  },
  mutations: [{ property: "Description", from: "home", to: "office" }],
  replacements: { CidrIp: "198.51.100.20/32", IpProtocol: "udp", ToPort: 23 },
  budget: 7,
});
