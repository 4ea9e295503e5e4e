import { describe, expect, it } from "vitest";
import { Unknown } from "../value.ts";
import { types } from "./fixtures.ts";
import { hidden } from "./redact.ts";
import { inline, pathText, trafficText } from "./values.ts";

describe("a value on one line", () => {
  it.each<[unknown, string]>([
    [hidden, "(sensitive)"],
    [undefined, "(none)"],
    [new Unknown(["App.Id", "Net.Id"], "changes"), "known when applied (App.Id, Net.Id)"],
    ["plain/text", "plain/text"],
    ["two words", '"two words"'],
    ["", '""'],
    ["tag\u{e0001}ged", '"tag\\u{e0001}ged"'],
    [[1, true, null], "[1, true, null]"],
    [{ "a b": { c: [] } }, '{ "a b": { c: [] } }'],
    [{ Key: "Team", Value: "core data" }, 'Team="core data"'],
    [{ Key: "Team", Value: "x", PropagateAtLaunch: true }, "{ Key: Team, Value: x, PropagateAtLaunch: true }"],
  ])("%o is %s", (value, text) => {
    expect(inline(value)).toBe(text);
  });
});

describe("a rule of a firewall as one says it", () => {
  const ssh = { IpProtocol: "tcp", FromPort: 22, ToPort: 22 };

  it.each<[Record<string, unknown>, string]>([
    [{ ...ssh, CidrIp: "0.0.0.0/0", Description: "temporary" }, 'tcp 22 from 0.0.0.0/0  "temporary"'],
    [{ ...ssh, CidrIp: "0.0.0.0/0", Description: "two words" }, 'tcp 22 from 0.0.0.0/0  "two words"'],
    [{ ...ssh, CidrIp: "0.0.0.0/0", Description: hidden }, "tcp 22 from 0.0.0.0/0  (sensitive)"],
    [{ ...ssh, Description: new Unknown(["Note"], "changes") }, "tcp 22  known when applied (Note)"],
    [{ ...ssh, SourceSecurityGroupId: "sg-1", GroupId: "sg-2" }, "tcp 22 from sg-1 GroupId=sg-2"],
    [{ ...ssh, DestinationPrefixListId: "pl-1" }, "tcp 22 to pl-1"],
  ])("%o: %s", (rule, text) => {
    expect(inline(rule)).toBe(text);
  });

  it("goes to a peer where it is one that lets out", () => {
    expect(inline({ ...ssh, CidrIp: "10.0.0.0/8" }, "to")).toBe("tcp 22 to 10.0.0.0/8");
  });

  it.each<[Record<string, unknown>, string]>([
    [{ IpProtocol: "-1" }, "all traffic"],
    [{ IpProtocol: -1, FromPort: 22, ToPort: 22 }, "all traffic"],
    [{ IpProtocol: "tcp" }, "tcp all ports"],
    [{ IpProtocol: "tcp", FromPort: -1, ToPort: -1 }, "tcp all ports"],
    [{ IpProtocol: "udp", FromPort: 0, ToPort: 65_535 }, "udp all ports"],
    [{ IpProtocol: "udp", FromPort: 1024, ToPort: 65_535 }, "udp 1024-65535"],
    [{ IpProtocol: "tcp", FromPort: 22 }, "tcp 22"],
    [{ IpProtocol: "tcp", ToPort: 22 }, "tcp (none)-22"],
    [{ IpProtocol: "icmp", FromPort: -1 }, "icmp"],
    [{ IpProtocol: "icmpv6" }, "icmpv6"],
    [{ IpProtocol: "icmp", FromPort: 8, ToPort: -1 }, "icmp type 8"],
  ])("its traffic %o is %s", (rule, text) => {
    expect(trafficText(rule)).toBe(text);
  });
});

describe("a place in the properties as people write it", () => {
  it.each([
    ["/GroupDescription", "GroupDescription"],
    [
      "/SecurityGroupIngress/tcp,22,22,10.0.0.0~18/Description",
      "SecurityGroupIngress[tcp,22,22,10.0.0.0/8].Description",
    ],
    ["/SecurityGroupIngress/-", "SecurityGroupIngress"],
    ["/Tags/Team", "Tags.Team"],
    ["/Other/a b", 'Other["a b"]'],
    ["", "(all of it)"],
    ["/-", "(all of it)"],
  ])("%s is %s", (path, text) => {
    expect(pathText(path, types.group.shape)).toBe(text);
  });
});
