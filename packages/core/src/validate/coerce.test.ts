import { describe, expect, test } from "vitest";
import { z } from "zod";
import { json, policyDocument, sensitive } from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import { Unknown } from "../value.ts";
import { coerce } from "./coerce.ts";
import { evaluate } from "./fixture.ts";

const Rule = z.strictObject({ Port: z.int().optional(), Note: z.string().optional() });

const shape = shapeOf(
  z.strictObject({
    Text: z.string().optional(),
    Choice: z.enum(["a", "1"]).optional(),
    Whole: z.int().optional(),
    Number: z.number().optional(),
    Flag: z.boolean().optional(),
    Texts: z.array(z.string()).optional(),
    Grid: z.array(z.array(z.int())).optional(),
    Rules: z.array(Rule).optional(),
    Rule: Rule.optional(),
    Pairs: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
    Limits: z.record(z.string(), z.int()).optional(),
    Policy: policyDocument().optional(),
    Document: json().optional(),
    Anything: z.unknown().optional(),
    Either: z.union([z.int(), z.boolean()]).optional(),
    Target: z
      .union([
        z.strictObject({ Arn: z.string() }),
        z.strictObject({ Port: z.int(), Host: z.string() }),
        z.array(z.int()),
      ])
      .optional(),
    Password: sensitive(z.int().optional()),
  }),
);

/** As JSON, so that a missing key and `undefined` differ and unknowns are seen. */
function read(properties: string) {
  const { properties: coerced, diagnostics } = coerce(shape, evaluate(properties));
  return { coerced: JSON.parse(JSON.stringify(coerced)), diagnostics };
}

describe("values are read as CloudFormation reads them", () => {
  test.each([
    ["text", "Text: abc", { Text: "abc" }],
    ["a number as text", "Text: 22", { Text: "22" }],
    ["leading zeros", "Text: 0123", { Text: "0123" }],
    ["a trailing zero", "Text: 1.10", { Text: "1.10" }],
    ["twenty digits", "Text: 12345678901234567890", { Text: "12345678901234567890" }],
    ["a boolean as text", "Text: true", { Text: "true" }],
    ["a boolean that is spelt otherwise", "Text: True", { Text: "true" }],
    ["an enum's number", "Choice: 1", { Choice: "1" }],
    ["a whole number", "Whole: 22", { Whole: 22 }],
    ["text as a whole number", 'Whole: "22"', { Whole: 22 }],
    ["a negative one", 'Whole: "-1"', { Whole: -1 }],
    ["a whole number with a point", 'Whole: "1.0"', { Whole: 1 }],
    ["leading zeros of a number", "Whole: 0123", { Whole: 123 }],
    ["text as a number", 'Number: "1.0"', { Number: 1 }],
    ["an exponent", 'Number: "1e3"', { Number: 1000 }],
    ["a boolean", "Flag: true", { Flag: true }],
    ["text as a boolean", 'Flag: "false"', { Flag: false }],
    ["text as YAML spells booleans", 'Flag: "True"', { Flag: true }],
    ["text as YAML 1.1 spells booleans", "Flag: yes", { Flag: true }],
    ["the other one", "Flag: Off", { Flag: false }],
    ["elements", 'Grid: [["1", 2]]', { Grid: [[1, 2]] }],
    ["one value for a list", "Texts: abc", { Texts: ["abc"] }],
    ["one number for a list of texts", "Texts: 0123", { Texts: ["0123"] }],
    ["one value for a list of lists", "Grid: 7", { Grid: [[7]] }],
    ["one object for a list", 'Rules: { Port: "22" }', { Rules: [{ Port: 22 }] }],
    ["an object", 'Rule: { Port: "22", Note: 1 }', { Rule: { Port: 22, Note: "1" } }],
    ["a map's values", 'Limits: { a: "1", b/c: 2 }', { Limits: { a: 1, "b/c": 2 } }],
    ["keys that nobody knows", "Rule: { Prot: 022 }", { Rule: { Prot: 22 } }],
    ["JSON text for a policy", `Policy: '{"Statement": [1]}'`, { Policy: { Statement: [1] } }],
    [
      "a policy's account",
      "Policy: { Principal: { AWS: 000123456789 } }",
      { Policy: { Principal: { AWS: "000123456789" } } },
    ],
    ["a policy's number", "Policy: { Limit: [1.10, 5] }", { Policy: { Limit: ["1.10", 5] } }],
    ["JSON text for a document", `Document: '[{"a": 1}]'`, { Document: [{ a: 1 }] }],
    ["a document's number", "Document: { a: 1.50, b: 0123, c: yes }", { Document: { a: 1.5, b: "0123", c: "yes" } }],
    ["anything", "Anything: [true, 2, x]", { Anything: [true, 2, "x"] }],
    ["the branch of the value's kind", "Either: true", { Either: true }],
    ["the branch that text can be read as", 'Either: "22"', { Either: 22 }],
    ["the branch whose names fit", 'Target: { Port: "22", Host: a }', { Target: { Port: 22, Host: "a" } }],
    ["the branch that is a list", 'Target: ["1"]', { Target: [1] }],
    ["an unknown", "Whole: !GetAtt Other.Port", { Whole: { unknown: ["Other.Port"] } }],
    ["an unknown list", "Texts: !GetAtt Other.Names", { Texts: { unknown: ["Other.Names"] } }],
    ["JSON text with an unknown in it", `Policy: !Sub '{"a": "\${Other}"}'`, { Policy: { unknown: ["Other"] } }],
  ])("%s", (_, properties, expected) => {
    expect(read(properties)).toEqual({ coerced: expected, diagnostics: [] });
  });
});

describe("what cannot be read is reported where it stands", () => {
  test.each([
    ["Whole: abc", 'Whole must be a whole number, not "abc".', "7:14"],
    ["Whole: 1.5", "Whole must be a whole number, not 1.5.", "7:14"],
    ["Whole: 12345678901234567890", "Whole must be a whole number, not 12345678901234567000.", "7:14"],
    ["Whole: true", "Whole must be a whole number, not true.", "7:14"],
    ['Whole: ""', 'Whole must be a whole number, not "".', "7:14"],
    ["Number: 1 GB", 'Number must be a number, not "1 GB".', "7:15"],
    ["Flag: y", 'Flag must be true or false, not "y".', "7:13"],
    ["Flag: 1", "Flag must be true or false, not 1.", "7:13"],
    ["Text: [a]", "Text must be text, not a list.", "7:13"],
    ["Text: { a: b }", "Text must be text, not an object.", "7:13"],
    ["Rule: text", 'Rule must be an object, not "text".', "7:13"],
    ["Limits: [1]", "Limits must be an object, not a list.", "7:15"],
    ["Limits: { a: x }", 'Limits.a must be a whole number, not "x".', "7:20"],
    ["Rules:\n  - Port: 22\n  - Port: x", 'Rules[1].Port must be a whole number, not "x".', "9:17"],
    ["Rules:\n  Port: x", 'Rules[0].Port must be a whole number, not "x".', "8:15"],
    ["Policy: '{'", "Policy must be an object, or its JSON text; this text is not JSON.", "7:15"],
    ["Policy: '5'", "Policy must be an object, or its JSON text, not 5.", "7:15"],
    ["Document: '5'", 'Document must be an object or a list, or its JSON text, not "5".', "7:17"],
    ["Either: abc", 'Either must be a whole number or true or false, not "abc".', "7:15"],
    ["Target: { Arn: [1], Port: x }", "Target.Arn must be text, not a list.", "7:22"],
    ["Target: { Port: x, Host: a }", 'Target.Port must be a whole number, not "x".', "7:23"],
    ["Password: hunter2", "Password must be a whole number, not the secret that is given.", "7:17"],
    ["Whole: !Ref Secret", "Whole must be a whole number, not the secret that is given.", "7:19"],
  ])("%s", (properties, message, place) => {
    const { diagnostics } = read(properties);
    expect(diagnostics.map((each) => [each.code, each.message, `${each.place?.line}:${each.place?.column}`])).toEqual([
      ["property.type", message, place],
    ]);
  });

  test.each([
    ["Pairs: { a: b }", "Write one element: - { Key: a, Value: … }"],
    ["Pairs: { a: b, c: d }", "Write an element for each: - { Key: a, Value: … }"],
  ])("%s, where a list of pairs is meant, with how it is written", (properties, remedy) => {
    expect(read(properties).diagnostics).toMatchObject([
      { code: "property.type", message: "Pairs must be a list of Key and Value, not a map.", remedy },
    ]);
  });

  test("but one pair is a list of one", () => {
    expect(read("Pairs: { Key: a, Value: b }")).toEqual({
      coerced: { Pairs: [{ Key: "a", Value: "b" }] },
      diagnostics: [],
    });
  });

  test("all of it at once, and the rest is read", () => {
    const { coerced, diagnostics } = read('Whole: a\nNumber: "2"\nFlag: maybe');
    expect(diagnostics.map((each) => each.place?.line)).toEqual([7, 9]);
    expect(coerced).toEqual({ Whole: { unknown: [] }, Number: 2, Flag: { unknown: [] } });
  });

  test("a document that is nested without end", () => {
    const deep = `${"[".repeat(300)}${"]".repeat(300)}`;
    const { diagnostics } = read(`Document: '${deep}'`);
    expect(diagnostics.map((each) => each.message)).toEqual(["Document is nested more than 200 levels deep."]);
  });

  test("a list of keys and values is offered as a map", () => {
    expect(read("Limits: [{ Key: a, Value: 1 }]").diagnostics[0]?.remedy).toBe(
      "Write a map with each Key as a key of its own: { name: value }.",
    );
  });

  test.each([
    ["Whole: 30s", "Write a whole number, without a unit."],
    ["Whole: 12345678901234567890", "Write a number that is at most 9007199254740991."],
  ])("%s, with what may stand there", (properties, remedy) => {
    expect(read(properties).diagnostics[0]?.remedy).toBe(remedy);
  });

  test("a list of one is offered without its list", () => {
    expect(read("Text: [a]").diagnostics[0]?.remedy).toBe("Write the value without the list.");
  });
});

describe("a list of one that was written without its list", () => {
  const evaluated = evaluate("Rules:\n  Note: !Ref Secret\n  Port: !GetAtt Other.Port\n  Extra: 1.50");
  const coerced = coerce(shape, evaluated);

  test("keeps its places", () => {
    expect(coerced.evaluated.placeOf("/Rules/0/Port")).toEqual(evaluated.placeOf("/Rules/Port"));
    expect(coerced.evaluated.placeOfKey("/Rules/0/Port")).toEqual(evaluated.placeOfKey("/Rules/Port"));
    expect(coerced.evaluated.textOf("/Rules/0/Extra")).toBe("1.50");
  });
  test("keeps its secrets", () => expect([...coerced.evaluated.sensitive]).toEqual(["/Rules/0/Note"]));
  test("keeps its references", () => {
    expect(coerced.evaluated.references.map((each) => each.at)).toEqual(["/Rules/0/Port"]);
  });
  test("keeps those that stand at no property: DependsOn", () => {
    const reference = { logicalId: "Other", place: evaluated.placeOf("/Rules") };
    const [relocated] = coerce(shape, { ...evaluated, references: [reference] }).evaluated.references;
    expect(relocated).toBe(reference);
  });
});

test("hostile names are names like any other", () => {
  const { properties } = coerce(shape, evaluate("__proto__: { Port: 1 }\nconstructor: x\nRule: { toString: 022 }"));
  expect(Object.keys(properties)).toEqual(["__proto__", "constructor", "Rule"]);
  expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
});

test("what cannot be read is unknown, so that nothing is reported twice", () => {
  const { properties } = coerce(shape, evaluate("Whole: abc"));
  expect(properties.Whole).toBeInstanceOf(Unknown);
});
