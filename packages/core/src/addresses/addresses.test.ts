import { describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import { parseTemplate } from "../template/index.ts";
import { stackOf } from "../testing/harness.ts";
import { cidrOf, isLabel, listAddresses } from "./addresses.ts";
import { type AddressWish, allowAddress, revokeAddress } from "./edit.ts";

function stackFrom(text: string, parameters: Record<string, string> = {}) {
  const { value: template } = parseTemplate({ path: "app/template.yaml", text });
  if (!template) throw new Error("the template cannot be read");
  return { ...stackOf({ A: { Type: "Memory::Group" } }, { parameters }), template };
}

const before = `# Who may come in.
Parameters:
  HomeCidr: { Type: String }   # reserved
Resources:

  # The only group.
  Firewall:
      Type: AWS::EC2::SecurityGroup
      Properties:
          GroupDescription:   "the app"   # as it was
          SecurityGroupIngress:
          - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref HomeCidr, Description: SSH from home }
          - { IpProtocol: tcp, FromPort: 8000, ToPort: 8010, CidrIpv6: "2001:db8::/32" }
          - { IpProtocol: "-1", SourcePrefixListId: pl-1 }

  Other: # ends the section
      Type: AWS::SSM::Parameter
      Properties: { Type: String, Value: x }   # and so on

# What it tells.
Outputs:
  Group: { Value: !GetAtt Firewall.GroupId }
`;
const rule = (cidr: string, until = "", label = "home") => `
  Allow${label.charAt(0).toUpperCase()}${label.slice(1)}On22:
    Type: AWS::EC2::SecurityGroupIngress
${until}    Properties:
      GroupId: !GetAtt Firewall.GroupId
      IpProtocol: tcp
      FromPort: 22
      ToPort: 22
      ${cidr}
      Description: "${label}"
`;
const expiring = (day: string) => `    Metadata:\n      Reconcile: { expires: ${day} }\n`;
const at = "\n# What it tells.";
const wish: AddressWish = { cidr: "203.0.113.10/32", port: 22, label: "home" };
const withHome = before.replace(at, rule("CidrIp: 203.0.113.10/32") + at);

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof DiagnosticError ? error.diagnostics[0]?.code : String(error);
  }
}

describe("an address that is allowed", () => {
  it("is written after the last resource, and every other character stays", () => {
    const edit = allowAddress(stackFrom(before), wish);
    expect(edit).toEqual({
      file: "app/template.yaml",
      text: withHome,
      done: ["home: allows 203.0.113.10/32 to port 22 of Firewall"],
    });
  });

  it.each<[string, Partial<AddressWish>, string]>([
    ["with its last day", { expires: "2030-01-31" }, rule("CidrIp: 203.0.113.10/32", expiring("2030-01-31"))],
    ["in IPv6", { cidr: "2001:db8::1/128" }, rule('CidrIpv6: "2001:db8::1/128"')],
  ])("is written %s", (_, more, written) => {
    const { text } = allowAddress(stackFrom(before), { ...wish, ...more });
    expect(text).toBe(before.replace(at, written + at));
  });

  it.each([
    ["a list of texts", "      Tags:\n        - a\n        - b\n"],
    ["a list of maps", "      Tags:\n        - Key: a\n          Value: b\n"],
    ["a list of lists", "      Tags:\n        - - a\n          - b\n"],
    ["a key without a value", ""],
    ["an empty list", "      Tags: []\n"],
    ["a text of several lines", "      Value: |\n        a\n\n        b\n"],
    ["a comment of its own", "      Value: x\n      # so\n"],
  ])("is written after %s", (_, end) => {
    const start = `Resources:\n  Firewall:\n    Type: AWS::EC2::SecurityGroup\n  Z:\n    Type: AWS::SSM::Parameter\n    Properties:\n${end}`;
    const { text } = allowAddress(stackFrom(start), wish);
    expect(text).toBe(start + rule("CidrIp: 203.0.113.10/32").slice(1));
  });

  it("is written into the last line of a file, and with its ends of lines", () => {
    const text =
      "Resources:\r\n    G:\r\n        Type: AWS::EC2::SecurityGroup\r\n        Properties: { GroupDescription: g }";
    const edit = allowAddress(stackFrom(text), wish);
    expect(edit.text.startsWith(`${text}\r\n    AllowHomeOn22:\r\n        Type: AWS`)).toBe(true);
    expect(edit.text.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("is nothing new when it is there", () => {
    expect(allowAddress(stackFrom(withHome), wish)).toEqual({ file: "app/template.yaml", text: withHome, done: [] });
  });

  it("takes the place of the one that its label had", () => {
    const edit = allowAddress(stackFrom(withHome), { ...wish, cidr: "198.51.100.7/32", expires: "2030-01-31" });
    expect(edit.text).toBe(before.replace(at, rule("CidrIp: 198.51.100.7/32", expiring("2030-01-31")) + at));
    expect(edit.done).toEqual([
      "home: 203.0.113.10/32 becomes 198.51.100.7/32 to port 22 of Firewall until 2030-01-31",
    ]);
    const again = allowAddress(stackFrom(edit.text), wish);
    expect([again.text, again.done]).toEqual([withHome, [expect.stringContaining("(until 2030-01-31) becomes")]]);
  });

  it.each<[string, string, Partial<AddressWish>, string]>([
    ["there is no such group", before, { group: "Other" }, "address.group"],
    ["there is no group", "Resources:\n  P: { Type: AWS::SSM::Parameter }\n", {}, "address.group"],
    [
      "there are several and none is named",
      before.replace("  Other: # ends", "  Second:\n      Type: AWS::EC2::SecurityGroup\n  Other: # ends"),
      {},
      "address.group",
    ],
    ["its name is taken", before.replace("Other:", "AllowHomeOn22:"), {}, "address.taken"],
    [
      "its rule was changed by hand",
      withHome.replace("ToPort: 22\n", "ToPort: 22 # ssh\n"),
      { cidr: "198.51.100.7/32" },
      "address.edited",
    ],
    ["its template is JSON", '{ "Resources": { "G": { "Type": "AWS::EC2::SecurityGroup" } } }', {}, "address.template"],
    ["its resources are in brackets", "Resources: { G: { Type: AWS::EC2::SecurityGroup } }", {}, "address.template"],
  ])("is refused when %s", (_, text, more, code) => {
    expect(codeOf(() => allowAddress(stackFrom(text), { ...wish, ...more }))).toBe(code);
  });
});

describe("an address that is revoked", () => {
  it.each<[string, Parameters<typeof revokeAddress>[1]]>([
    ["by its address", { cidr: "203.0.113.10/32" }],
    ["by its label", { label: "home" }],
    ["by everything", { cidr: "203.0.113.10/32", label: "home", group: "Firewall", port: 22 }],
  ])("leaves the template as it was before: %s", (_, which) => {
    expect(revokeAddress(stackFrom(withHome), which)).toEqual({
      file: "app/template.yaml",
      text: before,
      done: ["home: 203.0.113.10/32 is no longer allowed"],
    });
  });

  it("is every one that is meant", () => {
    const { text } = allowAddress(stackFrom(withHome), { ...wish, label: "office" });
    const edit = revokeAddress(stackFrom(text), { cidr: "203.0.113.10/32" });
    expect([edit.text, edit.done]).toEqual([before, expect.arrayContaining([expect.stringMatching(/^office/)])]);
  });

  it("leaves what stands close to it as it is, and is told by its logical id where it has no label", () => {
    const rules = ["First", "Second", "Third"].map(
      (id, index) =>
        `  ${id}:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: { GroupId: sg-1, CidrIp: 192.0.2.${index}/32 }\n`,
    );
    const edit = revokeAddress(stackFrom(`Resources:\n${rules.join("")}`), { cidr: "192.0.2.1/32" });
    expect(edit.text).toBe(`Resources:\n${rules[0]}${rules[2]}`);
    expect(edit.done).toEqual(["Second: 192.0.2.1/32 is no longer allowed"]);
  });

  it.each([
    ['CidrIpv6: "2001:DB8:0::1/128"', "2001:db8::1/128"],
    ["CidrIp: 203.0.113.10/24", "203.0.113.0/24"],
  ])("is found however it is written: %s", (written, cidr) => {
    const own = `  R:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: { GroupId: sg-1, ${written} }\n`;
    expect(revokeAddress(stackFrom(before.replace(at, own + at)), { cidr }).text).toBe(before);
  });

  it("takes along the comments that are its own, whatever ends their lines", () => {
    const text = withHome.replace('"home"\n', '"home"\n      # for now\n');
    const edit = revokeAddress(stackFrom(text.replaceAll("\n", "\r\n")), { label: "home" });
    expect(edit.text).toBe(before.replaceAll("\n", "\r\n"));
  });

  it("leaves the empty lines that are part of the text above it", () => {
    const text =
      "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n  Z:\n    Type: AWS::SSM::Parameter\n    Properties:\n      Value: |+\n        x\n\n\n";
    const allowed = allowAddress(stackFrom(text), wish);
    expect(revokeAddress(stackFrom(allowed.text), { label: "home" }).text).toBe(text);
  });

  it.each<[string, string, Parameters<typeof revokeAddress>[1], string]>([
    [
      "a loop makes it",
      before
        .replace("Parameters:", "Transform: AWS::LanguageExtensions\nParameters:")
        .replace(
          at,
          `  Fn::ForEach::Rules:\n    - Office\n    - [198.51.100.7]\n    - "Allow&{Office}": { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: sg-1, CidrIp: !Sub "$\{Office}/32" } }\n${at}`,
        ),
      { cidr: "198.51.100.7/32" },
      "address.template",
    ],
    [
      "it is the only resource",
      "Resources:\n  Only:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: { GroupId: sg-1, CidrIp: 192.0.2.1/32 }\n",
      { cidr: "192.0.2.1/32" },
      "template.no-resources",
    ],
    ["nobody allowed it", withHome, { cidr: "198.51.100.7/32" }, "address.not-allowed"],
    ["it stands in its group", before, { cidr: "2001:db8::/32" }, "address.in-group"],
    [
      "something refers to it",
      withHome.replace("Outputs:", "Outputs:\n  Rule: { Value: !Ref AllowHomeOn22 }"),
      { label: "home" },
      "ref.undefined",
    ],
  ])("is refused when %s", (_, text, which, code) => {
    expect(codeOf(() => revokeAddress(stackFrom(text), which))).toBe(code);
  });
});

it("addresses are listed with what parameters say", () => {
  const { text } = allowAddress(stackFrom(before), { ...wish, expires: "2030-01-31" });
  const byId =
    '  ById:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: { GroupId: sg-1, IpProtocol: "-1", CidrIp: 192.0.2.0/24 }\n  ByName:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: { GroupName: web, CidrIp: 192.0.2.1/32 }\n  ByNothing:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: { IpProtocol: tcp, FromPort: 22, CidrIp: 192.0.2.2/32 }\n  Unknown:\n    Type: AWS::EC2::SecurityGroup\n    Properties: { SecurityGroupIngress: [!ImportValue Rule] }\n';
  const listed = listAddresses(stackFrom(text.replace(at, byId + at), { HomeCidr: "203.0.113.99/32" }));
  expect(listed.map(({ place: _, ...each }) => each)).toEqual([
    { cidr: "203.0.113.99/32", group: "Firewall", protocol: "tcp", ports: "22", label: "SSH from home" },
    { cidr: "2001:db8::/32", group: "Firewall", protocol: "tcp", ports: "8000-8010", label: "" },
    {
      cidr: "203.0.113.10/32",
      group: "Firewall",
      protocol: "tcp",
      ports: "22",
      label: "home",
      rule: "AllowHomeOn22",
      expires: "2030-01-31",
    },
    { cidr: "192.0.2.0/24", group: "sg-1", protocol: "-1", ports: "all", label: "", rule: "ById" },
    { cidr: "192.0.2.1/32", group: "web", protocol: "", ports: "all", label: "", rule: "ByName" },
    { cidr: "192.0.2.2/32", group: "", protocol: "tcp", ports: "22", label: "", rule: "ByNothing" },
  ]);
});

it.each([
  ["203.0.113.10", "203.0.113.10/32"],
  ["203.0.113.10/24", "203.0.113.0/24"],
  ["2001:DB8::1", "2001:db8::1/128"],
  ["2001:db8::1/32", "2001:db8::/32"],
  ["0.0.0.0/0", undefined],
  ["::/0", undefined],
  ["home", undefined],
  ["1", undefined],
  ["203.0.113.10/33", undefined],
])("%s is the network %s", (text, cidr) => {
  expect(cidrOf(text)).toBe(cidr);
});

it.each([
  ["home (Jo)", true],
  ["--", false],
  ["a\nb", false],
  ["ü", false],
  ["", false],
])("%j is a label: %s", (text, expected) => {
  expect(isLabel(text)).toBe(expected);
});
