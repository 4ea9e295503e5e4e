import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { SecurityGroupEgress } from "./security-group-egress.ts";

describeOnSandbox(SecurityGroupEgress, {
  prerequisites: {
    Group: { Type: "AWS::EC2::SecurityGroup", Properties: { GroupDescription: "the agent", SecurityGroupEgress: [] } },
  },
  example: { GroupId: { Ref: "Group" }, IpProtocol: "icmp", CidrIpv6: "2001:DB8::1/32" },
  mutations: [{ property: "Description", from: "home", to: "office" }],
  replacements: { CidrIpv6: "2001:db9::/32", FromPort: 8 },
  budget: 7,
});
