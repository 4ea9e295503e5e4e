import { describe, expect, it } from "vitest";
import { z } from "zod";
import { json, keyed, policyDocument, unordered } from "../resource/annotations.ts";
import type { Handlers } from "../resource/model.ts";
import { shapeOf } from "../resource/shape.ts";
import { Unknown } from "../value.ts";
import { branchFor, canonicalProperties, elementKey } from "./canonical.ts";

type Canonical = Handlers<Record<string, unknown>, never>["canonical"];

function normal(properties: z.ZodRawShape, value: Record<string, unknown>, canonical?: Canonical) {
  const handlers = { canonical } as never;
  return canonicalProperties({ shape: shapeOf(z.strictObject(properties)), handlers }, value);
}

const unknown = new Unknown(["Vpc.VpcId"], "changes");
const Scan = z.strictObject({ OnPush: z.boolean().default(false), Depth: z.number().optional() });
const Rule = z.strictObject({ Port: z.number(), Text: z.string().default("") });

describe("what is not written is filled in", () => {
  it.each<[string, z.ZodRawShape, Record<string, unknown>, Record<string, unknown>]>([
    ["a default", { Size: z.string().default("small") }, {}, { Size: "small" }],
    ["a default for null", { Size: z.string().default("small") }, { Size: null }, { Size: "small" }],
    ["nothing where there is no default", { Size: z.string().optional() }, { Size: null }, {}],
    ["defaults below what is written", { Scan }, { Scan: { Depth: 1 } }, { Scan: { OnPush: false, Depth: 1 } }],
    // A repository whose scanning is declared nowhere, and switched on by somebody, looked unchanged.
    ["defaults below a default", { Scan: Scan.prefault({}) }, {}, { Scan: { OnPush: false } }],
    ["defaults in a list", { Rules: z.array(Rule) }, { Rules: [{ Port: 22 }] }, { Rules: [{ Port: 22, Text: "" }] }],
    [
      "defaults in a map",
      { Scans: z.record(z.string(), Scan) },
      { Scans: { a: {} } },
      { Scans: { a: { OnPush: false } } },
    ],
    ["defaults in a union", { One: z.union([z.string(), Scan]) }, { One: {} }, { One: { OnPush: false } }],
    ["nothing below what is unknown", { Scan }, { Scan: unknown }, { Scan: unknown }],
  ])("%s", (_, properties, value, expected) => {
    expect(normal(properties, value)).toEqual(expected);
  });

  it("but what the schema does not know stays, unless it is empty", () => {
    expect(normal({}, { New: 1, Gone: null, Never: undefined })).toEqual({ New: 1 });
  });

  it("and a list loses its empty elements", () => {
    expect(normal({ Ids: z.array(z.string()) }, { Ids: ["a", null, "b"] })).toEqual({ Ids: ["a", "b"] });
  });
});

describe("what means the same looks the same", () => {
  it.each<[string, z.ZodRawShape, unknown, unknown]>([
    ["a set in another order", { V: unordered(z.array(z.string())) }, ["b", "a"], ["a", "b"]],
    ["a set with something twice", { V: unordered(z.array(z.string())) }, ["a", "a"], ["a"]],
    [
      "a keyed list in another order",
      { V: keyed("Port", z.array(Rule)) },
      [{ Port: 8 }, { Port: 2 }],
      [{ Port: 2 }, { Port: 8 }],
    ],
    [
      "a set inside an element",
      { V: keyed("K", z.array(z.strictObject({ K: z.string(), S: unordered(z.array(z.string())) }))) },
      [{ K: "k", S: ["b", "a"] }],
      [{ K: "k", S: ["a", "b"] }],
    ],
    ["a set in a map", { V: z.record(z.string(), unordered(z.array(z.number()))) }, { k: [2, 1] }, { k: [1, 2] }],
    ["a set in a union", { V: z.union([z.string(), unordered(z.array(z.number()))]) }, [2, 1], [1, 2]],
    [
      "a policy",
      { V: policyDocument() },
      { Statement: { Effect: "Allow", Action: ["a:b"] } },
      { Statement: [{ Effect: "Allow", Action: "a:b" }] },
    ],
  ])("%s", (_, properties, written, live) => {
    expect(normal(properties, { V: written })).toEqual(normal(properties, { V: live }));
  });

  it.each<[string, z.ZodRawShape, unknown]>([
    ["a list", { V: z.array(z.string()) }, ["b", "a", "a"]],
    ["a document", { V: json() }, { list: ["b", "a"] }],
    ["anything", { V: z.unknown() }, ["b", "a"]],
    ["an object under a name that the schema does not know", { V: z.looseObject({}) }, { list: ["b", "a"] }],
    ["a value of no branch", { V: z.union([z.string(), z.number()]) }, ["b", "a"]],
  ])("but the order of %s stays", (_, properties, value) => {
    expect(normal(properties, { V: value })).toEqual({ V: value });
  });
});

describe("a type's own normal form", () => {
  const upper: Canonical = (properties) => {
    properties.Name = String(properties.Name).toUpperCase();
    for (const rule of properties.Rules as Record<string, unknown>[]) rule.Port = Number(rule.Port) + 1;
    return properties;
  };
  const shape = { Name: z.string(), Rules: keyed("Port", z.array(Rule)) };

  it("comes after the defaults and before the order", () => {
    expect(normal(shape, { Name: "a", Rules: [{ Port: 9 }, { Port: 8 }] }, upper)).toEqual({
      Name: "A",
      Rules: [
        { Port: 10, Text: "" },
        { Port: 9, Text: "" },
      ],
    });
  });

  it("may say null for nothing", () => {
    expect(
      normal({ Name: z.string(), Size: z.string() }, { Name: "a", Size: "b" }, () => ({ Name: null, Size: "b" })),
    ).toEqual({
      Size: "b",
    });
  });

  it("may write to what it is given: that is a copy", () => {
    const written = { Name: "a", Rules: [{ Port: 9 }] };
    normal(shape, written, upper);
    expect(written).toEqual({ Name: "a", Rules: [{ Port: 9 }] });
  });
});

describe("the key of an element", () => {
  it.each([
    [{ Port: 22, Cidr: "10.0.0.0/8" }, "22,10.0.0.0/8"],
    [{ Port: 22 }, "22"],
    [{ Port: 22, Cidr: null }, "22"],
    [{ Port: { To: 2, From: 1 }, Cidr: "x" }, '{"From":1,"To":2},x'],
    [{ Port: unknown, Cidr: "x" }, '{"unknown":["Vpc.VpcId"]},x'],
    ["22", '"22"'],
    [unknown, '{"unknown":["Vpc.VpcId"]}'],
  ])("%j", (element, key) => {
    expect(elementKey(["Port", "Cidr"], element)).toBe(key);
  });
});

describe("the branch of a union that a value belongs to", () => {
  const branches = shapeOf(z.union([z.array(z.string()), z.int(), z.record(z.string(), z.string()), z.boolean()]));

  it.each([
    ["array", ["a"]],
    ["integer", 1],
    ["map", {}],
    ["boolean", true],
    [undefined, "a"],
  ])("%s: %j", (type, value) => {
    expect(branchFor(branches, value)?.type).toBe(type);
  });
});
