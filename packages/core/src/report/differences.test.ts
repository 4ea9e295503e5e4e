import { describe, expect, it } from "vitest";
import type { PropertyChange } from "../plan/model.ts";
import type { ResourceType } from "../resource/model.ts";
import { Unknown } from "../value.ts";
import { differencesOf } from "./differences.ts";
import { change, property, types } from "./fixtures.ts";

/** Differences as lines: `Label: + text (note)`. */
function lines(type: ResourceType, ...properties: PropertyChange[]): string[] {
  const differences = differencesOf(change("A", type, { properties }), { room: 60, limit: 4 });
  return differences.flatMap(({ label, lines: own, notes }) =>
    own.map(
      ({ sign, text }) =>
        `${label}: ${sign === "" ? "" : `${sign} `}${text}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`,
    ),
  );
}

function value(before: unknown, after: unknown): PropertyChange {
  return property("/Value", { ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
}

const long = "a long text without a line's end that does not fit into the room that there is";

describe("a changed value", () => {
  it.each<[string, unknown, unknown, string[]]>([
    ["a word", "MUTABLE", "IMMUTABLE", ["Value: MUTABLE → IMMUTABLE"]],
    ["a number and a boolean", 1, true, ["Value: 1 → true"]],
    ["an empty text", "", "a b", ['Value: "" → "a b"']],
    ["null", null, 0, ["Value: null → 0"]],
    ["control characters", "a", "b\u001b[2J\u202e", ['Value: a → "b\\u001b[2J\\u202e"']],
    ["something new", undefined, "x", ["Value: + x"]],
    ["something that goes", "x", undefined, ["Value: - x"]],
    ["an unknown", "x", new Unknown(["Vpc.VpcId"], "changes"), ["Value: x → known when applied (Vpc.VpcId)"]],
    [
      "an unknown inside",
      undefined,
      { a: [new Unknown(["A", "B"], "changes")] },
      ["Value: + { a: [known when applied (A, B)] }"],
    ],
    ["a list of words", ["a"], ["a", "b"], ["Value: + b"]],
    ["a tag", undefined, { Key: "Team", Value: "core data" }, ['Value: + Team="core data"']],
    ["an empty object", undefined, {}, ["Value: + {}"]],
    ["a leaf of a document", { a: { b: [1, 2] } }, { a: { b: [1, 3] } }, ["Value: - a.b  2", "Value: + a.b  3"]],
    ["a leaf of an element", { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, ["Value: a[0].b  1 → 2"]],
    ["a name that needs brackets", { "a b": 1 }, { "a b": 2 }, ['Value: ["a b"]  1 → 2']],
    ["names that come and go", { a: 1 }, { b: 2 }, ["Value: - a  1", "Value: + b  2"]],
    [
      "an element that goes from the middle",
      [{ a: 1 }, { a: 2 }, { a: 3 }],
      [{ a: 1 }, { a: 3 }],
      ["Value: - { a: 2 }"],
    ],
    ["JSON text", '{"a":1}', '{"a":2}', ["Value: a  1 → 2"]],
    ["JSON text written differently", '{"a":1}', '{ "a": 1 }', ["Value: written differently, with the same meaning"]],
    ["what only looks like JSON text", "{a", "{b", ["Value: {a → {b"]],
    ["an object that becomes a list", { a: 1 }, [1], ["Value: { a: 1 } → [1]"]],
    ["lines of a text", "a\nb\nc\n", "a\nB\nc\n", ["Value: - b", "Value: + B"]],
    ["an empty line", "a\nb", "a\n\nb", ['Value: + ""']],
    [
      "many lines of a text",
      "x\n",
      "1\n2\n3\n4\n5\n6\n7\n",
      ["Value: - x", "Value: + 1", "Value: + 2", "Value: + 3", "Value: … 4 more lines"],
    ],
    [
      "a long text, around what changed",
      `${long} one`,
      `${long} two`,
      [
        "Value: - …ne's end that does not fit into the room that there is one\"",
        "Value: + …ne's end that does not fit into the room that there is two\"",
      ],
    ],
    ["a long value that is new", undefined, long, [`Value: + "${long.slice(0, 58)}…`]],
    [
      "a long document that is new",
      undefined,
      { first: long, second: 2 },
      [`Value: + first  "${long.slice(0, 51)}…`, "Value: + second  2"],
    ],
  ])("shows %s", (_name, before, after, expected) => {
    expect(lines(types.parameter, value(before, after))).toEqual(expected);
  });

  it("gives up on two long texts that have nothing in common, instead of taking forever", () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}`).join("\n");

    expect(lines(types.parameter, value(many("a"), many("b")))).toEqual(["Value: ~ 3000 lines → 3000 lines"]);
  });

  it("gives up on two long lists that have nothing in common", () => {
    const many = (first: number) => Array.from({ length: 3000 }, (_, index) => first + index);

    const [line = ""] = lines(types.parameter, value({ a: many(0) }, { a: many(5000) }));

    expect(line).toMatch(/^Value: - a {2}\[0, 1, 2/);
  });

  it("does not walk into a text of brackets", () => {
    const deep = "[".repeat(50_000);

    expect(lines(types.parameter, value(deep, `${deep}]`))).toHaveLength(2);
  });
});

const tcp22 = { IpProtocol: "tcp", FromPort: 22, ToPort: 22 };

describe("an element of a list", () => {
  it.each<[string, string, object, string]>([
    ["a port", "SecurityGroupIngress", { ...tcp22, CidrIp: "10.0.0.0/8" }, "tcp 22 from 10.0.0.0/8"],
    [
      "a described rule",
      "SecurityGroupIngress",
      { ...tcp22, CidrIp: "10.0.0.0/8", Description: "home" },
      'tcp 22 from 10.0.0.0/8  "home"',
    ],
    [
      "a range of ports",
      "SecurityGroupIngress",
      { IpProtocol: "udp", FromPort: 1, ToPort: 9, CidrIpv6: "::1/128" },
      "udp 1-9 from ::1/128",
    ],
    [
      "everything outgoing",
      "SecurityGroupEgress",
      { IpProtocol: "-1", CidrIp: "0.0.0.0/0" },
      "all traffic to 0.0.0.0/0",
    ],
    ["all ports", "SecurityGroupIngress", { IpProtocol: "tcp", FromPort: 0, ToPort: 65535 }, "tcp all ports"],
    ["a ping", "SecurityGroupIngress", { IpProtocol: "icmp", FromPort: 8, ToPort: -1 }, "icmp type 8"],
    ["a prefix list", "SecurityGroupEgress", { ...tcp22, DestinationPrefixListId: "pl-1" }, "tcp 22 to pl-1"],
    [
      "a rule with more",
      "SecurityGroupIngress",
      { ...tcp22, SourceSecurityGroupId: "sg-1", X: 1 },
      "tcp 22 from sg-1 X=1",
    ],
  ])("is said as one says it: %s", (_name, list, element, expected) => {
    expect(lines(types.group, property(`/${list}/-`, { before: element }))).toEqual([`${list}: - ${expected}`]);
  });

  it("is not named by its key when only one side has it, and is when both have", () => {
    const found = lines(
      types.group,
      property("/SecurityGroupIngress/tcp,22", { after: tcp22 }),
      property("/SecurityGroupIngress/tcp,23/Description", { before: "a", after: "b" }),
    );

    expect(found).toEqual(["SecurityGroupIngress: + tcp 22", "SecurityGroupIngress[tcp,23].Description: a → b"]);
  });
});

describe("a policy", () => {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
  const policy = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });
  const room = { room: 200, limit: 10 };
  const shown = (before: unknown, after: unknown) =>
    differencesOf(
      change("A", types.role, { properties: [property("/AssumeRolePolicyDocument", { before, after })] }),
      room,
    ).flatMap((difference) => difference.lines.map(({ sign, text }) => `${sign} ${text}`));

  it.each<[string, unknown, unknown, string[]]>([
    [
      "a statement that changes",
      policy({ ...statement, Principal: "*" }),
      policy(statement),
      ["- Allow sts:AssumeRole to *", "+ Allow sts:AssumeRole to ec2.amazonaws.com"],
    ],
    [
      "a statement beside one that stays",
      policy(statement),
      policy(statement, { Effect: "Deny", Action: "*", Resource: "*" }),
      ["+ Deny * on *"],
    ],
    ["a policy that is new", undefined, policy(statement), ["+ Allow sts:AssumeRole to ec2.amazonaws.com"]],
    ["a policy that goes", policy(statement), undefined, ["- Allow sts:AssumeRole to ec2.amazonaws.com"]],
    [
      "conditions, names and the rest",
      undefined,
      policy({
        Sid: "One",
        Effect: "Allow",
        NotAction: ["iam:*"],
        NotResource: "arn:a",
        NotPrincipal: { AWS: ["1", "2"] },
        Condition: { StringEquals: { "aws:x": ["a", "b"] }, Bool: { "aws:y": true } },
      }),
      [
        "+ Allow everything but iam:* on everything but arn:a to everyone but 1, 2 when StringEquals aws:x a, b and Bool aws:y true (One)",
      ],
    ],
    [
      "one action more among many",
      policy({ Effect: "Allow", Action: ["s3:A", "s3:B", "s3:C"], Resource: "arn:b" }),
      policy({ Effect: "Allow", Action: ["s3:A", "s3:C", "s3:D"], Resource: "arn:b" }),
      ["~ Allow on arn:b: Action - s3:B, + s3:D"],
    ],
    [
      "a list of which nothing stays",
      policy({ Effect: "Allow", Action: ["s3:A", "s3:B", "s3:C"], Resource: "arn:b" }),
      policy({ Effect: "Allow", Action: ["s3:D"], Resource: "arn:b" }),
      ["- Allow s3:A, s3:B, s3:C on arn:b", "+ Allow s3:D on arn:b"],
    ],
    [
      "what is no policy as it is",
      undefined,
      policy({ Effect: "Allow", Condition: "never", Extra: 1 }, { Effect: "Deny", Condition: { Bool: "x" } }),
      ["+ Allow when never Extra=1", "+ Deny when Bool x"],
    ],
    [
      "another version",
      { Version: "2008-10-17", Statement: [statement] },
      policy(statement),
      ["~ Version  2008-10-17 → 2012-10-17"],
    ],
    [
      "one statement without a list",
      undefined,
      { Statement: statement },
      ["+ Allow sts:AssumeRole to ec2.amazonaws.com"],
    ],
    [
      "a document in a text",
      JSON.stringify(policy({ ...statement, Principal: "*" })),
      JSON.stringify(policy(statement)),
      ["- Allow sts:AssumeRole to *", "+ Allow sts:AssumeRole to ec2.amazonaws.com"],
    ],
    [
      "an order that changed",
      policy(statement, { Effect: "Deny" }),
      policy({ Effect: "Deny" }, statement),
      ["written differently, with the same meaning"],
    ],
  ])("shows %s", (_name, before, after, expected) => {
    expect(shown(before, after).map((line) => line.trim())).toEqual(expected);
  });
});
