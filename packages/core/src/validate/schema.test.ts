import { describe, expect, test } from "vitest";
import { z } from "zod";
import { absent, createOnly, keyed, sensitive } from "../resource/annotations.ts";
import { Unknown } from "../value.ts";
import { coerce } from "./coerce.ts";
import { evaluate, typeOf } from "./fixture.ts";
import { checkProperties, parse } from "./schema.ts";
import type { Specification } from "./specification.ts";

const Rule = z
  .strictObject({
    CidrIp: z.cidrv4().optional(),
    CidrIpv6: z.string().optional(),
    FromPort: z.int().min(0).max(65_535).optional(),
    Group: z.string().optional(),
  })
  .refine((rule) => rule.CidrIp === undefined || rule.CidrIpv6 === undefined, {
    error: "A rule has one source.",
    path: ["CidrIpv6"],
    params: { remedy: "Remove CidrIp or CidrIpv6." },
  });

function refined<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape).refine((all) => !Object.values(all).includes("forbidden"), "needs another description");
}

const type = typeOf({
  properties: refined({
    Name: createOnly(z.string().regex(/^[a-z]+$/)).optional(),
    Description: z.string(),
    Size: z.number().multipleOf(5).gt(0).optional(),
    Mode: z.enum(["MUTABLE", "IMMUTABLE"]).default("MUTABLE"),
    Rules: keyed("CidrIp", z.array(Rule).min(1).max(2)).optional(),
    Code: z.string().length(4, "Code is four characters long.").optional(),
    Text: z.string().min(1).max(3).optional(),
    Labels: z.record(z.string().max(3), z.string()).optional(),
    Target: z
      .discriminatedUnion("Kind", [
        z.strictObject({ Kind: z.literal("host"), Host: z.string() }),
        z.strictObject({ Kind: z.literal("port"), Port: z.int().max(9) }),
      ])
      .optional(),
    Source: z
      .union([z.strictObject({ Host: z.string(), Port: z.int().max(9) }), z.strictObject({ Arn: z.string() })])
      .optional(),
    // No discriminatedUnion: all that zod says of such a value is said for each form.
    Action: z
      .union([
        z.strictObject({ Type: z.literal("forward"), Group: z.string(), Weight: z.int() }),
        z.strictObject({ Type: z.literal("redirect"), Url: z.url(), Code: z.int() }),
      ])
      .optional(),
    Amount: z.union([z.int().max(9), z.enum(["auto", "none"])]).optional(),
    Twins: z
      .union([z.strictObject({ A: z.string(), B: z.int() }), z.strictObject({ A: z.string(), C: z.int() })])
      .optional(),
    Range: z
      .string()
      .refine((text) => text.includes("/"), "is not a range: write it as 1/2")
      .optional(),
    Even: z
      .number()
      .refine((size) => size % 2 === 0)
      .optional(),
    Pair: z.array(z.string()).length(2).optional(),
    Pin: sensitive(z.int().max(99).multipleOf(2).optional()),
    Safe: sensitive(z.strictObject({ Key: z.string().max(2) }).optional()),
    Start: z.string().startsWith("arn:").optional(),
    End: z.string().endsWith(".com").includes("example").optional(),
    Id: z.guid().optional(),
    Slug: z.stringFormat("slug", (text) => !text.includes(" ")).optional(),
    Letter: z.string().max(1).optional(),
    Below: z.number().lt(10).optional(),
    Header: z.strictObject({ Version: z.literal("1") }).optional(),
    Empty: z.strictObject({}).optional(),
    ThingVersion: z.string().optional(),
    Password: sensitive(absent(z.string().min(8).regex(/[0-9]/))),
    Grade: sensitive(z.enum(["top", "low"]).optional()),
    Plain: z
      .strictObject({ A: z.string().optional(), B: z.string().optional() })
      .refine((plain) => plain.A !== plain.B)
      .optional(),
  }),
  unsupported: { Lifecycle: "it needs a schedule", "/Rules/*/Weight": "nobody asked" },
});

const specification: Specification = {
  has: (name) => name === "Test::Thing",
  nearestType: () => undefined,
  resource: () => undefined,
  propertyAt: (_, path) => (path === "/Encryption" ? {} : undefined),
  propertiesAt: (_, path) => (path === "" ? { Encryption: {}, Description: {} } : undefined),
  actionServices: () => [],
  actions: () => undefined,
};

function check(properties: string) {
  const { properties: coerced, evaluated, diagnostics } = coerce(type.shape, evaluate(properties));
  expect(diagnostics).toEqual([]);
  return checkProperties(type, coerced, evaluated, specification).map(({ code, message, remedy, place }) => ({
    code,
    message,
    remedy,
    place: `${place?.line}:${place?.column}`,
  }));
}

describe("each problem is one diagnostic in AWS's words, where it stands", () => {
  test.each([
    {
      properties: "Description: a\nNam: a",
      code: "property.unknown",
      message: 'Test::Thing has no property "Nam".',
      remedy: 'Did you mean "Name"?',
      place: "8:7",
    },
    {
      properties: "Description: a\nVersion: a",
      code: "property.unknown",
      message: 'Test::Thing has no property "Version".',
      remedy: 'Did you mean "ThingVersion"?',
      place: "8:7",
    },
    {
      properties: "Description: a\nEncyption: a",
      code: "property.unknown",
      message: 'Test::Thing has no property "Encyption".',
      remedy: 'Did you mean "Encryption"?',
      place: "8:7",
    },
    {
      properties: "Description: a\nPlain:\n  C: a\n  A: x",
      code: "property.unknown",
      message: 'Plain has no property "C".',
      remedy: "It has A, B.",
      place: "9:9",
    },
    {
      properties: "Description: a\nRules:\n  - FromPort: 1\n    Quux: 2",
      code: "property.unknown",
      message: 'Rules[0] has no property "Quux".',
      remedy: "It has CidrIp, CidrIpv6, FromPort, Group.",
      place: "10:11",
    },
    {
      properties: "Description: a\n__proto__: a",
      code: "property.unknown",
      message: 'Test::Thing has no property "__proto__".',
      remedy: expect.stringMatching(/^It has Name, .* and \d+ more\.$/),
      place: "8:7",
    },
    {
      properties: "Description: a\nconstructor: a",
      code: "property.unknown",
      message: 'Test::Thing has no property "constructor".',
      remedy: expect.stringMatching(/^It has/),
      place: "8:7",
    },
    {
      properties: "Description: a\nLifecycle: a",
      code: "property.unsupported",
      message: "AWS has Lifecycle of Test::Thing, but it is not supported here yet: it needs a schedule.",
      remedy: "Remove the property, or manage this resource elsewhere until it is supported.",
      place: "8:7",
    },
    {
      properties: "Description: a\nRules: [{ Weight: 1 }]",
      code: "property.unsupported",
      message: "AWS has Rules[0].Weight of Test::Thing, but it is not supported here yet: nobody asked.",
      remedy: "Remove the property, or manage this resource elsewhere until it is supported.",
      place: "8:17",
    },
    {
      properties: "Description: a\nEncryption: a",
      code: "property.unsupported",
      message: "AWS has Encryption of Test::Thing, but it is not supported here yet.",
      remedy: "Remove the property, or manage this resource elsewhere until it is supported.",
      place: "8:7",
    },
    {
      properties: "Name: a",
      code: "property.missing",
      message: "Test::Thing needs the property Description.",
      remedy: "Add Description: text.",
      place: "7:7",
    },
    {
      properties: "Description: a\nTarget: { Kind: host }",
      code: "property.missing",
      message: "Target needs the property Host.",
      remedy: "Add Host: text.",
      place: "8:15",
    },
    {
      properties: "Description: a\nTarget: { Host: a }",
      code: "property.missing",
      message: "Target needs the property Kind.",
      remedy: "Add Kind: one of host, port.",
      place: "8:15",
    },
    {
      properties: "Description: a\nMode: MUTABEL",
      code: "property.value",
      message: 'Mode cannot be "MUTABEL".',
      remedy: 'Did you mean "MUTABLE"? Allowed: MUTABLE, IMMUTABLE.',
      place: "8:13",
    },
    {
      properties: "Description: a\nMode: other",
      code: "property.value",
      message: 'Mode cannot be "other".',
      remedy: "Allowed: MUTABLE, IMMUTABLE.",
      place: "8:13",
    },
    {
      properties: "Description: a\nTarget: { Kind: hosts }",
      code: "property.value",
      message: 'Target.Kind cannot be "hosts".',
      remedy: 'Did you mean "host"? Allowed: host, port.',
      place: "8:23",
    },
    {
      properties: "Description: a\nLabels: { long: a }",
      code: "property.value",
      message: 'Labels cannot have the key "long".',
      remedy: "Correct the key.",
      place: "8:17",
    },
    {
      properties: "Description: a\nName: A",
      code: "property.pattern",
      message: 'Name must match /^[a-z]+$/; it is "A".',
      remedy: "Correct the value.",
      place: "8:13",
    },
    {
      properties: "Description: a\nRules: [{ CidrIp: 10.0.0.0/33 }]",
      code: "property.pattern",
      message: 'Rules[0].CidrIp must be an IPv4 range such as 10.0.0.0/16; it is "10.0.0.0/33".',
      remedy: "Correct the value.",
      place: "8:25",
    },
    {
      properties: "Description: a\nStart: urn",
      code: "property.pattern",
      message: 'Start must begin with "arn:"; it is "urn".',
      remedy: "Correct the value.",
      place: "8:14",
    },
    {
      properties: "Description: a\nText: abcd",
      code: "property.length",
      message: "Text must have at most 3 characters; it has 4.",
      remedy: "Remove characters.",
      place: "8:13",
    },
    {
      properties: 'Description: a\nText: ""',
      code: "property.length",
      message: "Text must not be empty.",
      remedy: "Add characters.",
      place: "8:13",
    },
    {
      properties: "Description: a\nCode: abc",
      code: "property.length",
      message: "Code is four characters long.",
      remedy: "Add characters.",
      place: "8:13",
    },
    {
      properties: "Description: a\nRules: []",
      code: "property.length",
      message: "Rules must not be empty.",
      remedy: "Add elements.",
      place: "8:14",
    },
    {
      properties: "Description: a\nRules: [{ FromPort: 65536 }]",
      code: "property.range",
      message: "Rules[0].FromPort must be at most 65535; it is 65536.",
      remedy: "Write a number that is at most 65535.",
      place: "8:27",
    },
    {
      properties: "Description: a\nSize: -5",
      code: "property.range",
      message: "Size must be more than 0; it is -5.",
      remedy: "Write a number that is more than 0.",
      place: "8:13",
    },
    {
      properties: "Description: a\nBelow: 10",
      code: "property.range",
      message: "Below must be less than 10; it is 10.",
      remedy: "Write a number that is less than 10.",
      place: "8:14",
    },
    {
      properties: "Description: a\nLetter: ab",
      code: "property.length",
      message: "Letter must have at most 1 character; it has 2.",
      remedy: "Remove characters.",
      place: "8:15",
    },
    {
      properties: "Description: a\nSlug: a b",
      code: "property.pattern",
      message: 'Slug must be a valid slug; it is "a b".',
      remedy: "Correct the value.",
      place: "8:13",
    },
    {
      properties: "Description: a\nHeader: {}",
      code: "property.missing",
      message: "Header needs the property Version.",
      remedy: "Add Version: one of 1.",
      place: "8:15",
    },
    {
      properties: "Description: a\nEmpty: { A: b }",
      code: "property.unknown",
      message: 'Empty has no property "A".',
      remedy: "Remove it.",
      place: "8:16",
    },
    {
      properties: `Description: a\nMode: ${"x".repeat(70)}`,
      code: "property.value",
      message: `Mode cannot be "${"x".repeat(59)}….`,
      remedy: "Allowed: MUTABLE, IMMUTABLE.",
      place: "8:13",
    },
    {
      properties: "Description: a\nSize: 7",
      code: "property.range",
      message: "Size must be a multiple of 5; it is 7.",
      remedy: "Write a multiple of 5.",
      place: "8:13",
    },
    {
      properties: 'Description: a\nRules: [{ CidrIp: 10.0.0.0/8, CidrIpv6: "::/0" }]',
      code: "property.conflict",
      message: "A rule has one source.",
      remedy: "Remove CidrIp or CidrIpv6.",
      place: "8:47",
    },
    {
      properties: "Description: a\nPlain: { A: x, B: x }",
      code: "property.conflict",
      message: "The properties in Plain do not go together.",
      remedy: "Change or remove one of them.",
      place: "8:14",
    },
    {
      properties: "Description: a\nSource: { Host: a, Port: 10 }",
      code: "property.range",
      message: "Source.Port must be at most 9; it is 10.",
      remedy: "Write a number that is at most 9.",
      place: "8:32",
    },
    {
      properties: "Description: a\nSource: { Host: a, Arn: b }",
      code: "property.conflict",
      message: "Source cannot have Host beside its other properties.",
      remedy: "Remove Host, or what does not go with it.",
      place: "8:17",
    },
    {
      properties: "Description: a\nRange: 1-2",
      code: "property.value",
      message: "Range is not a range.",
      remedy: "Write it as 1/2.",
      place: "8:14",
    },
    {
      properties: "Description: a\nEven: 3",
      code: "property.value",
      message: "Even cannot have this value.",
      remedy: "Correct the value.",
      place: "8:13",
    },
    {
      properties: "Description: forbidden",
      code: "property.conflict",
      message: "Test::Thing needs another description.",
      remedy: "Change or remove one of them.",
      place: "7:7",
    },
    {
      properties: "Description: a\nPair: [a]",
      code: "property.length",
      message: "Pair must have exactly 2 elements; it has 1.",
      remedy: "Add elements.",
      place: "8:13",
    },
    {
      properties: "Description: a\nPin: 100",
      code: "property.range",
      message: "Pin must be at most 99.",
      remedy: "Write a number that is at most 99.",
      place: "8:12",
    },
    {
      properties: "Description: a\nPin: 33",
      code: "property.range",
      message: "Pin must be a multiple of 2.",
      remedy: "Write a multiple of 2.",
      place: "8:12",
    },
    {
      properties: "Description: a\nSafe: { Key: abc }",
      code: "property.length",
      message: "Safe.Key must have at most 2 characters.",
      remedy: "Remove characters.",
      place: "8:20",
    },
    {
      properties: "Description: a\nSource: { Host: a }",
      code: "property.missing",
      message: "Source needs the property Port.",
      remedy: "Add Port: a whole number.",
      place: "8:15",
    },
    {
      properties: "Description: a\nAction: { Type: redirect, Url: https://a.example }",
      code: "property.missing",
      message: "Action needs the property Code.",
      remedy: "Add Code: a whole number.",
      place: "8:15",
    },
    {
      properties: "Description: a\nTwins: { A: x }",
      code: "property.type",
      message: "Twins has none of the forms that it can have.",
      remedy: "See the documentation of Test::Thing: properties of different forms may be mixed here.",
      place: "8:14",
    },
    {
      properties: "Description: a\nAmount: atuo",
      code: "property.value",
      message: 'Amount cannot be "atuo".',
      remedy: 'Did you mean "auto"? Allowed: auto, none.',
      place: "8:15",
    },
    {
      properties: "Description: a\nAmount: 10",
      code: "property.range",
      message: "Amount must be at most 9; it is 10.",
      remedy: "Write a number that is at most 9.",
      place: "8:15",
    },
    {
      properties: "Description: a\nEnd: example.org",
      code: "property.pattern",
      message: 'End must end with ".com"; it is "example.org".',
      remedy: "Correct the value.",
      place: "8:12",
    },
    {
      properties: "Description: a\nEnd: a.com",
      code: "property.pattern",
      message: 'End must contain "example"; it is "a.com".',
      remedy: "Correct the value.",
      place: "8:12",
    },
    {
      properties: "Description: a\nId: a",
      code: "property.pattern",
      message: expect.stringMatching(/^Id must match \/.*; it is "a"\.$/),
      remedy: "Correct the value.",
      place: "8:11",
    },
    {
      properties: "Description: a\nPassword: hunter",
      code: "property.length",
      message: "Password must have at least 8 characters.",
      remedy: "Add characters.",
      place: "8:17",
    },
    {
      properties: "Description: a\nPassword: hunterhunter",
      code: "property.pattern",
      message: "Password must match /[0-9]/.",
      remedy: "Correct the value.",
      place: "8:17",
    },
    {
      properties: "Description: a\nGrade: tap",
      code: "property.value",
      message: "Grade cannot be the secret that is given.",
      remedy: "Allowed: top, low.",
      place: "8:14",
    },
    {
      properties: "Description: !Ref Secret\nMode: other",
      code: "property.value",
      message: 'Mode cannot be "other".',
      remedy: "Allowed: MUTABLE, IMMUTABLE.",
      place: "8:13",
    },
    {
      properties: "Description: a\nMode: !Ref Secret",
      code: "property.value",
      message: "Mode cannot be the secret that is given.",
      remedy: "Allowed: MUTABLE, IMMUTABLE.",
      place: "8:18",
    },
  ])("$message ($properties)", ({ properties, ...expected }) => {
    const diagnostics = check(properties).filter((each) => each.code === expected.code);
    expect(diagnostics).toEqual([expected]);
  });
});

describe("beside something unknown", () => {
  test.each([
    [
      "an unknown in place of anything",
      "Description: !GetAtt Other.A\nSize: !GetAtt Other.B\nRules: !GetAtt Other.C\nMode: !Ref Other\nTarget: !Ref Other",
    ],
    ["an unknown that a form depends on", "Description: a\nTarget: { Kind: !GetAtt Other.Kind, Host: a, Port: 1 }"],
    ["an unknown element", "Description: a\nRules: [!GetAtt Other.Rule]"],
    ["an unknown in a refined object", 'Description: a\nRules: [{ CidrIp: !GetAtt Other.Cidr, CidrIpv6: "::/0" }]'],
    ["an unknown that makes two equal", "Description: a\nPlain: { A: !GetAtt Other.A, B: !GetAtt Other.B }"],
    ["an unknown in one form of a union", "Description: a\nSource: { Host: !GetAtt Other.Host, Port: 5 }"],
    ["an unknown that would make a form complete", "Description: a\nTwins: { A: x, B: !GetAtt Other.B }"],
    ["an unknown in a list of forms", "Description: a\nAmount: !GetAtt Other.A"],
  ])("%s is no problem yet", (_, properties) => {
    expect(check(properties)).toEqual([]);
  });

  test.each([
    ["a misspelt property", "Description: !GetAtt Other.A\nNam: !Ref Other", 'Test::Thing has no property "Nam".'],
    [
      "a misspelt property further down",
      "Description: a\nRules: [{ Cidr: !GetAtt Other.A }]",
      'Rules[0] has no property "Cidr".',
    ],
    ["a missing property", "Size: !GetAtt Other.A", "Test::Thing needs the property Description."],
    ["a wrong value", "Description: !GetAtt Other.A\nMode: x", 'Mode cannot be "x".'],
    [
      "a wrong value in the same object",
      "Description: a\nRules: [{ Group: !Ref Other, FromPort: -1 }]",
      "Rules[0].FromPort must be at least 0; it is -1.",
    ],
    [
      "what no form has",
      "Description: a\nAction: { Type: forward, Weight: !GetAtt Other.A }",
      "Action needs the property Group.",
    ],
    [
      "what is wrong in every form of a union",
      "Description: a\nSource: { Host: !GetAtt Other.Host, Port: 10 }",
      "Source.Port must be at most 9; it is 10.",
    ],
  ])("%s is found", (_, properties, message) => {
    expect(check(properties).map((each) => each.message)).toEqual([message]);
  });
});

describe("parse", () => {
  test("fills in defaults", () => {
    expect(parse(type, { Description: "a" })).toEqual({
      value: { Description: "a", Mode: "MUTABLE" },
      diagnostics: [],
    });
  });
  test("tells what is wrong, with places where they are known", () => {
    const evaluated = evaluate("Description: a\nMode: x");
    expect(parse(type, { Description: "a", Mode: "x" }, evaluated).diagnostics.map((each) => each.place?.line)).toEqual(
      [8],
    );
    expect(parse(type, { Description: "a", Mode: "x" })).toEqual({
      diagnostics: [expect.objectContaining({ code: "property.value", message: 'Mode cannot be "x".' })],
    });
  });
  test.each([
    [{ Description: 5 }, "Description must be text, not 5.", "Write text."],
    [{ Description: null }, "Description must be text, not null.", "Write text."],
    [{ Description: "a", Source: "b" }, 'Source must be an object, not "b".', "Write an object."],
    [{ Description: "a", Rules: {} }, "Rules must be a list, not an object.", "Write a list."],
    [
      { Description: "a", Pin: "x" },
      "Pin must be a whole number, not the secret that is given.",
      "Write a whole number.",
    ],
  ])("wants values as the schema has them, for nothing is coerced any more: %j", (properties, message, remedy) => {
    expect(parse(type, properties).diagnostics).toMatchObject([{ code: "property.type", message, remedy }]);
  });
  test("is not for properties that are unknown", () => {
    expect(() => parse(type, { Description: new Unknown(["A"], "changes") })).toThrow("while some are unknown");
  });
});
