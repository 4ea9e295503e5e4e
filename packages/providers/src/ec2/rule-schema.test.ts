import { describe, expect, it } from "vitest";
import { SecurityGroupEgress } from "./security-group-egress.ts";
import { SecurityGroupIngress } from "./security-group-ingress.ts";

const ssh = { GroupId: "sg-1", IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: "203.0.113.10/32" };
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(ssh).filter(([name]) => !names.includes(name)));

describe("a rule that EC2 would refuse is refused before", () => {
  it.each<[story: string, rule: object, message: RegExp]>([
    ["an address without its mask", { ...ssh, CidrIp: "203.0.113.10" }, /not an IPv4 range/],
    ["an address cut short", { ...ssh, CidrIp: "10/8" }, /not an IPv4 range/],
    ["an IPv6 range as IPv4", { ...ssh, CidrIp: "2001:db8::/32" }, /not an IPv4 range/],
    ["no source", without("CidrIp"), /exactly one of CidrIp, CidrIpv6, SourcePrefixListId, SourceSecurityGroupId/],
    ["two sources", { ...ssh, CidrIpv6: "::/0" }, /exactly one of/],
    ["tcp without ports", without("FromPort", "ToPort"), /needs FromPort and ToPort/],
    ["udp, by its number, without ports", { ...without("FromPort"), IpProtocol: "17" }, /needs FromPort and ToPort/],
    ["ports the wrong way round", { ...ssh, FromPort: 23 }, /FromPort above its ToPort/],
    ["all ports as for ICMP", { ...ssh, FromPort: -1, ToPort: -1 }, /port below 0/],
    ["an ICMP code without a type", { ...without("FromPort"), IpProtocol: "icmp", ToPort: 3 }, /code for all types/],
    ["a description with a quote", { ...ssh, Description: "Anna's" }, /a character that EC2 does not take/],
  ])("%s", (_story, rule, message) => {
    const { error } = SecurityGroupIngress.properties.safeParse(rule);
    expect(error?.issues.map((issue) => issue.message).join("\n")).toMatch(message);
  });

  it("names destinations where traffic goes out", () => {
    const { error } = SecurityGroupEgress.properties.safeParse(without("CidrIp"));
    expect(error?.issues[0]?.message).toContain("DestinationPrefixListId, DestinationSecurityGroupId");
  });
});

describe("a rule that EC2 takes is taken", () => {
  it.each<[story: string, rule: object]>([
    ["one port", ssh],
    ["all protocols, without ports", { ...without("FromPort", "ToPort"), IpProtocol: "-1" }],
    ["all ICMP types", { ...without("FromPort", "ToPort"), IpProtocol: "icmp" }],
    ["one ICMP type", { ...without("ToPort"), IpProtocol: "icmp", FromPort: 8 }],
    ["a protocol without ports", { ...without("FromPort", "ToPort"), IpProtocol: "50" }],
    ["all ports", { ...ssh, FromPort: 0, ToPort: 65535 }],
  ])("%s", (_story, rule) => {
    expect(SecurityGroupIngress.properties.safeParse(rule).error?.issues ?? []).toEqual([]);
  });
});
