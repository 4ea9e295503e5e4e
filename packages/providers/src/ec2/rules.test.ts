import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { canonicalProperties, diff, Unknown } from "@reconcile/core";
import { describe, expect, it } from "vitest";
import { canonicalRule, type Direction, ruleKey, ruleOf } from "./rules.ts";
import { SecurityGroup } from "./security-group.ts";
import { SecurityGroupIngress } from "./security-group-ingress.ts";

const account = "123456789012";
const base = { GroupDescription: "the agent" };

/** Paths at which what is declared differs from what lives. */
function differences(direction: Direction, declared: object[] | undefined, live: SecurityGroupRule[]): string[] {
  const property = `SecurityGroup${direction}`;
  const other = direction === "Ingress" ? { SecurityGroupEgress: [] } : {};
  const rules = live.map((rule) => ruleOf({ ...rule, IsEgress: direction === "Egress" }, account));
  const wished = canonicalProperties(SecurityGroup, { ...base, ...other, ...(declared && { [property]: declared }) });
  const observed = canonicalProperties(SecurityGroup, { ...base, ...other, [property]: rules });
  return diff(SecurityGroup.shape, wished, observed).map((each) => each.path);
}

const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22 };
const home = { CidrIp: "203.0.113.10/32" };
const liveHome = { CidrIpv4: "203.0.113.10/32" };
const everything = { IpProtocol: "-1", FromPort: -1, ToPort: -1 };

describe("a rule as people write it is the rule as EC2 keeps it", () => {
  it.each<[story: string, declared: object[], live: SecurityGroupRule[]]>([
    ["tcp by number", [{ ...ssh, ...home, IpProtocol: "6" }], [{ ...ssh, ...liveHome }]],
    ["udp by number", [{ ...ssh, ...home, IpProtocol: "17" }], [{ ...ssh, ...liveHome, IpProtocol: "udp" }]],
    ["a protocol in capitals", [{ ...ssh, ...home, IpProtocol: "TCP" }], [{ ...ssh, ...liveHome }]],
    ["all protocols by a word", [{ IpProtocol: "all", ...home }], [{ ...everything, ...liveHome }]],
    ["ports of all protocols", [{ ...ssh, ...home, IpProtocol: "-1" }], [{ ...everything, ...liveHome }]],
    [
      "ports of a protocol without ports",
      [{ ...ssh, ...home, IpProtocol: "50" }],
      [{ IpProtocol: "50", FromPort: -1, ToPort: -1, ...liveHome }],
    ],
    [
      "icmp by number, of all types",
      [{ IpProtocol: "1", ...home }],
      [{ IpProtocol: "icmp", FromPort: -1, ToPort: -1, ...liveHome }],
    ],
    [
      "one icmp type, of all codes",
      [{ IpProtocol: "icmp", FromPort: 8, ...home }],
      [{ IpProtocol: "icmp", FromPort: 8, ToPort: -1, ...liveHome }],
    ],
    [
      "icmpv6 by number",
      [{ IpProtocol: "58", CidrIpv6: "::/0" }],
      [{ IpProtocol: "icmpv6", FromPort: -1, ToPort: -1, CidrIpv6: "::/0" }],
    ],
    ["bits beyond the mask", [{ ...ssh, CidrIp: "10.0.0.5/8" }], [{ ...ssh, CidrIpv4: "10.0.0.0/8" }]],
    ["a long IPv6 address", [{ ...ssh, CidrIpv6: "2001:0DB8:0::1/32" }], [{ ...ssh, CidrIpv6: "2001:db8::/32" }]],
    [
      "another order",
      [
        { ...ssh, ...home },
        { ...ssh, CidrIp: "10.0.0.0/8" },
      ],
      [
        { ...ssh, CidrIpv4: "10.0.0.0/8" },
        { ...ssh, ...liveHome },
      ],
    ],
    [
      "the same rule twice",
      [
        { ...ssh, ...home },
        { ...ssh, ...home },
      ],
      [{ ...ssh, ...liveHome }],
    ],
    ["no description", [{ ...ssh, ...home }], [{ ...ssh, ...liveHome, Description: "" }]],
    [
      "a group of this account, by its id alone",
      [{ ...ssh, SourceSecurityGroupId: "sg-1" }],
      [{ ...ssh, ReferencedGroupInfo: { GroupId: "sg-1", UserId: account, VpcId: "vpc-1" } }],
    ],
    [
      "a group of this account, said to be in it",
      [{ ...ssh, SourceSecurityGroupId: "sg-1", SourceSecurityGroupOwnerId: account }],
      [{ ...ssh, ReferencedGroupInfo: { GroupId: "sg-1", UserId: account } }],
    ],
    [
      "a group of another account, over a peering",
      [{ ...ssh, SourceSecurityGroupId: "sg-1", SourceSecurityGroupOwnerId: "999999999999" }],
      [
        {
          ...ssh,
          ReferencedGroupInfo: {
            GroupId: "sg-1",
            UserId: "999999999999",
            VpcId: "vpc-1",
            VpcPeeringConnectionId: "pcx-1",
            PeeringStatus: "active",
          },
        },
      ],
    ],
    ["a prefix list", [{ ...ssh, SourcePrefixListId: "pl-1" }], [{ ...ssh, PrefixListId: "pl-1" }]],
  ])("%s", (_story, declared, live) => {
    expect(differences("Ingress", declared, live)).toEqual([]);
  });

  it("whose group is not known yet, nor its ports", () => {
    const unknown = new Unknown(["Web.GroupId"], "changes");
    expect(canonicalRule({ IpProtocol: unknown, CidrIp: unknown, FromPort: unknown })).toEqual({
      IpProtocol: unknown,
      CidrIp: unknown,
      FromPort: unknown,
      ToPort: undefined,
    });
    expect(ruleKey("Ingress", { ...ssh, SourceSecurityGroupId: unknown as unknown as string })).toBeUndefined();
  });
});

describe("what is another rule stays another", () => {
  it.each<[story: string, declared: object[], live: SecurityGroupRule[], paths: string[]]>([
    [
      "another port",
      [{ ...ssh, ...home }],
      [{ ...ssh, ...liveHome, ToPort: 23 }],
      ["/SecurityGroupIngress/-", "/SecurityGroupIngress/tcp,22,22,203.0.113.10~132"],
    ],
    [
      "another protocol with the same ports",
      [{ ...ssh, ...home }],
      [{ ...ssh, ...liveHome, IpProtocol: "udp" }],
      ["/SecurityGroupIngress/-", "/SecurityGroupIngress/tcp,22,22,203.0.113.10~132"],
    ],
    [
      "a wider mask",
      [{ ...ssh, ...home }],
      [{ ...ssh, CidrIpv4: "203.0.113.0/24" }],
      ["/SecurityGroupIngress/-", "/SecurityGroupIngress/tcp,22,22,203.0.113.10~132"],
    ],
    [
      "another description is the same rule, described anew",
      [{ ...ssh, ...home, Description: "home" }],
      [{ ...ssh, ...liveHome, Description: "office" }],
      ["/SecurityGroupIngress/tcp,22,22,203.0.113.10~132/Description"],
    ],
    [
      "a description that nobody declares",
      [{ ...ssh, ...home }],
      [{ ...ssh, ...liveHome, Description: "office" }],
      ["/SecurityGroupIngress/tcp,22,22,203.0.113.10~132/Description"],
    ],
    ["a rule that nobody declares", [], [{ ...ssh, ...liveHome }], ["/SecurityGroupIngress/-"]],
  ])("%s", (_story, declared, live, paths) => {
    expect(differences("Ingress", declared, live)).toEqual(paths);
  });
});

describe("egress", () => {
  const toAll = { ...everything, CidrIpv4: "0.0.0.0/0" };
  const toAllV6 = { ...everything, CidrIpv6: "::/0" };

  it.each<[story: string, declared: object[] | undefined, live: SecurityGroupRule[], paths: string[]]>([
    ["undeclared allows everything", undefined, [toAll, toAllV6], []],
    [
      "undeclared brings back what was taken away",
      undefined,
      [],
      ["/SecurityGroupEgress/-1,0.0.0.0~10", "/SecurityGroupEgress/-1,::~10"],
    ],
    ["declared empty allows nothing", [], [], []],
    ["declared empty takes EC2's own rule away", [], [toAll], ["/SecurityGroupEgress/-"]],
    ["declared is what is declared", [{ IpProtocol: "-1", CidrIp: "0.0.0.0/0" }], [toAll], []],
  ])("%s", (_story, declared, live, paths) => {
    expect(differences("Egress", declared, live)).toEqual(paths);
  });
});

describe("a rule of its own", () => {
  const own = (rule: object) => canonicalProperties(SecurityGroupIngress, { GroupId: "sg-1", ...rule });

  it.each<[story: string, declared: object, live: SecurityGroupRule, paths: string[]]>([
    [
      "is normalised as in a group",
      { IpProtocol: "6", FromPort: 22, ToPort: 22, CidrIp: "10.0.0.5/8" },
      { ...ssh, CidrIpv4: "10.0.0.0/8" },
      [],
    ],
    [
      "says with its group's owner no more than without",
      { ...ssh, SourceSecurityGroupId: "sg-2", SourceSecurityGroupOwnerId: account },
      { ...ssh, ReferencedGroupInfo: { GroupId: "sg-2", UserId: account } },
      [],
    ],
    ["is another one on another port", { ...ssh, ...home }, { ...ssh, ...liveHome, FromPort: 21 }, ["/FromPort"]],
  ])("%s", (_story, declared, live, paths) => {
    const found = diff(SecurityGroupIngress.shape, own(declared), own(ruleOf(live, account)));
    expect(found.map((each) => each.path)).toEqual(paths);
  });
});
