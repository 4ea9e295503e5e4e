import { createRegistry, type Diagnostic, type Stack, validateStacks } from "@reconcile/core";
import { stackOf } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { types } from "../index.ts";

const place = { file: "app.yaml", line: 1, column: 1 };
const cloudFront = "com.amazonaws.global.cloudfront.origin-facing";
const cloudFrontV6 = "com.amazonaws.global.ipv6.cloudfront.origin-facing";

/** A stack whose parameters `Edges` and `EdgesV6` are lists of CloudFront's, and `Home` is a secret. */
function stackWith(resources: object, quota?: number): Stack {
  const Parameters = {
    Edges: { Type: "String" },
    EdgesV6: { Type: "String" },
    Home: { Type: "String", NoEcho: true, Default: "127.0.0.1/32" },
  };
  const stack = stackOf(resources, { template: { Parameters } });
  const list = (name: string) => ({ kind: "input", request: { kind: "prefix-list", name, place }, place }) as const;
  return {
    ...stack,
    parameters: new Map([
      ["Edges", list(cloudFront)],
      ["EdgesV6", list(cloudFrontV6)],
    ]),
    ...(quota !== undefined && { project: { ...stack.project, quotas: { rulesPerSecurityGroup: quota } } }),
  };
}

/** What the checks of these types say, and every error. */
function problemsOf(resources: object, quota?: number): Diagnostic[] {
  const loaded = { stacks: [stackWith(resources, quota)], diagnostics: [] };
  const found = validateStacks(loaded, { registry: createRegistry(types), environment: {} });
  return found.filter(({ code, severity }) => severity === "error" || code.startsWith("rule."));
}

function validate(resources: object, quota?: number): string[] {
  return problemsOf(resources, quota).map((each) => `${each.severity} ${each.code} ${each.message}`);
}

const tcp = (port: number, source: object) => ({ IpProtocol: "tcp", FromPort: port, ToPort: port, ...source });
const group = (SecurityGroupIngress: object[], more: object = {}) => ({
  Type: "AWS::EC2::SecurityGroup",
  Properties: { GroupDescription: "the agent", SecurityGroupIngress, ...more },
});
const child = (rule: object) => ({
  Type: "AWS::EC2::SecurityGroupIngress",
  Properties: { GroupId: { Ref: "Group" }, ...rule },
});
const edges = (port: number) => tcp(port, { SourcePrefixListId: { Ref: "Edges" } });
const edgesV6 = (port: number) => tcp(port, { SourcePrefixListId: { Ref: "EdgesV6" } });
const hosts = (count: number) => Array.from({ length: count }, (_, n) => tcp(22, { CidrIp: `203.0.113.${n}/32` }));

describe("the rules of a group are held against the quota", () => {
  it("tells how the sum comes about", () => {
    const rules = [edges(80), edges(443), edges(8000), ...hosts(3), tcp(5432, { CidrIp: "10.0.0.0/8" })];
    expect(validate({ Group: group(rules) })).toEqual([
      `error quota.rules-per-security-group "Group" needs 169 of 60 rules in SecurityGroupIngress (IPv4): 3 × 55 (${cloudFront}) + 4.`,
    ]);
    expect(validate({ Group: group(rules) }, 169)).toEqual([]);
  });

  it("says what to do, and points at the first rule that is too much", () => {
    const [found] = problemsOf({ Group: group([...hosts(5), edges(80), ...hosts(1)]) });
    expect(found).toMatchObject({ resource: "Group (AWS::EC2::SecurityGroup)" });
    expect(found?.remedy).toContain("quotas: { rules-per-security-group: 61 }");
  });

  it.each<[story: string, resources: object]>([
    ["as many as may be", { Group: group([edges(80), ...hosts(5)]) }],
    ["IPv4 and IPv6, each for itself", { Group: group([edges(80), edgesV6(80), ...hosts(5)]) }],
    ["ingress and egress, each for itself", { Group: group(hosts(60), { SecurityGroupEgress: hosts(60) }) }],
    [
      "a list of which only the id is known, as one",
      { Group: group([edges(80), tcp(80, { SourcePrefixListId: "pl-1" })]) },
    ],
  ])("%s", (_story, resources) => {
    expect(validate(resources)).toEqual([]);
  });

  it.each<[story: string, resources: object, sum: string]>([
    ["children count as well", { Group: group([edges(80)]), Child: child(edges(443)) }, "110 of 60"],
    ["a group as a source counts for IPv6 too", { Group: group([edgesV6(80), ...groups(6)]) }, "61 of 60"],
    [
      "egress",
      { Group: group([], { SecurityGroupEgress: hosts(61) }) },
      "61 of 60 rules in SecurityGroupEgress (IPv4): 61.",
    ],
  ])("%s", (_story, resources, sum) => {
    expect(validate(resources)).toEqual([expect.stringContaining(sum)]);
  });
});

function groups(count: number) {
  return Array.from({ length: count }, (_, n) => tcp(22, { SourceSecurityGroupId: `sg-${n}` }));
}

describe("a rule that no packet matches is warned of", () => {
  it.each<[story: string, resources: object, range: string]>([
    ["in a group", { Group: group([tcp(5432, { CidrIp: "127.0.0.1/32" })]) }, "127.0.0.1/32"],
    ["in egress", { Group: group([], { SecurityGroupEgress: [tcp(80, { CidrIp: "127.0.0.0/8" })] }) }, "127.0.0.0/8"],
    ["of its own", { Group: group([]), Child: child(tcp(5432, { CidrIpv6: "::1/128" })) }, "::1/128"],
    ["without its address where that is secret", { Group: group([tcp(80, { CidrIp: { Ref: "Home" } })]) }, "this host"],
  ])("%s", (_story, resources, range) => {
    expect(validate(resources)).toEqual([expect.stringMatching(`^warning rule\\.no-effect .* ${range}`)]);
  });

  it.each(["0.0.0.0/0", "126.0.0.0/7", "10.0.0.0/8"])("but not %s", (CidrIp) => {
    expect(validate({ Group: group([tcp(80, { CidrIp })]) })).toEqual([]);
  });
});
