import { describeOnSandbox } from "../testing/sandbox-world.ts";
import { SecurityGroup } from "./security-group.ts";

const ssh = (CidrIp: string, Description?: string) => ({
  IpProtocol: "tcp",
  FromPort: 22,
  ToPort: 22,
  CidrIp,
  Description,
});

describeOnSandbox(SecurityGroup, {
  example: { GroupDescription: "the agent" },
  name: { GroupName: "agent-sg" },
  mutations: [
    {
      property: "SecurityGroupIngress",
      from: [ssh("203.0.113.10/32", "home"), { IpProtocol: 6, FromPort: 443, ToPort: 443, CidrIp: "10.0.0.5/8" }],
      to: [
        ssh("203.0.113.10/32", "office"),
        ssh("198.51.100.20/32"),
        { IpProtocol: "icmp", CidrIpv6: "2001:DB8::/32" },
      ],
    },
    {
      property: "SecurityGroupEgress",
      from: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0" }],
      to: [],
    },
    { property: "Tags", from: [{ Key: "Name", Value: "one" }], to: [{ Key: "Name", Value: "two" }] },
  ],
  replacements: { GroupDescription: "another" },
  further: {
    steps: ["one", "two"].map((Description) => ({
      SecurityGroupEgress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0", Description }],
    })),
  },
  budget: 8,
});
