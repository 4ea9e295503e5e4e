import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  absent,
  createOnly,
  generatedName,
  json,
  keyed,
  oneOf,
  policyDocument,
  refersTo,
  sensitive,
  shared,
  slot,
  tagMap,
  tags,
  unordered,
  writeOnly,
} from "./annotations.ts";
import { defineResource, joinedIdentifier } from "./define.ts";
import { generatedNameOf, type Shape, shapeAt, shapeOf } from "./shape.ts";

function shapeOfOne(schema: z.ZodType): Shape | undefined {
  return shapeOf(z.strictObject({ V: schema })).properties.V;
}

describe("annotations are read back from the schema", () => {
  it.each<[string, z.ZodType, object]>([
    ["createOnly", createOnly(z.string()), { createOnly: true }],
    ["writeOnly", writeOnly(z.string()), { writeOnly: true }],
    ["sensitive", sensitive(z.string()), { sensitive: true }],
    ["absent", absent(z.string()), { undeclared: "absent" }],
    ["shared", shared(z.string()), { undeclared: "shared" }],
    ["oneOf", oneOf(z.string(), ["a", null]), { undeclared: "one-of", values: ["a", null] }],
    ["oneOf of a union", oneOf(z.union([z.string(), z.int()]), [1]), { undeclared: "one-of", values: [1] }],
    ["unordered", unordered(z.array(z.string())), { list: "unordered" }],
    ["keyed by one", keyed("Port", z.array(z.string())), { list: { keyed: ["Port"] } }],
    ["keyed by several", keyed(["Port", "To"], z.array(z.string())), { list: { keyed: ["Port", "To"] } }],
    ["slot", slot("exclusive", unordered(z.array(z.string()))), { slot: "exclusive", list: "unordered" }],
    ["refersTo one", refersTo("A::B::C", z.string()), { refersTo: ["A::B::C"] }],
    ["refersTo several", refersTo(["A::B::C", "D::E::F"], z.string()), { refersTo: ["A::B::C", "D::E::F"] }],
    ["policyDocument", policyDocument(), { document: "policy" }],
    ["json", json(), { document: "json" }],
    ["tags", tags(), { tags: true }],
    ["tagMap", tagMap(), { tags: true }],
    ["generatedName", generatedName({ max: 9, characters: "a-z" }), { generatedName: { max: 9, characters: "a-z" } }],
    ["several", createOnly(absent(sensitive(z.string()))), { createOnly: true, undeclared: "absent", sensitive: true }],
    ["none of AWS's words", z.string().min(1).describe("a name"), {}],
  ])("%s", (_, schema, annotation) => {
    expect(shapeOfOne(schema)?.annotation).toEqual(annotation);
  });

  it("a schema that stands in two places says the same in both", () => {
    const Name = z.string().meta({ sensitive: true, id: "Name" });
    const shape = shapeOf(z.strictObject({ One: Name, More: z.array(Name) }));
    expect(shape.properties.One?.annotation).toEqual({ sensitive: true });
    expect(shape.properties.More?.items?.annotation).toEqual({ sensitive: true });
  });
});

describe("what undeclared means", () => {
  it.each<[Shape["undeclared"], z.ZodType]>([
    ["required", z.string()],
    ["computed", z.string().optional()],
    ["default", z.string().default("a")],
    ["default", createOnly(z.string().default("a"))],
    ["absent", absent(z.string())],
    ["shared", shared(z.string())],
    ["one-of", oneOf(z.string(), ["a"])],
    ["computed", tags()],
    ["computed", generatedName({ max: 9, characters: "a-z" })],
  ])("%s", (undeclared, schema) => {
    expect(shapeOfOne(schema)?.undeclared).toBe(undeclared);
  });
});

describe("the kind of a value", () => {
  it.each<[Shape["type"], z.ZodType]>([
    ["object", z.strictObject({ A: z.string() })],
    ["map", z.record(z.string(), z.string())],
    ["array", z.array(z.string())],
    ["string", z.string()],
    ["string", z.enum(["a", "b"])],
    ["string", z.literal("a")],
    ["number", z.number()],
    ["number", z.literal([1, 2])],
    ["integer", z.int()],
    ["boolean", z.boolean()],
    ["boolean", z.literal(true)],
    ["union", z.union([z.string(), z.number()])],
    ["union", z.union([z.string().min(1), z.number()])],
    [
      "union",
      z.discriminatedUnion("K", [z.strictObject({ K: z.literal("a") }), z.strictObject({ K: z.literal("b") })]),
    ],
    ["any", z.unknown()],
  ])("%s", (type, schema) => {
    expect(shapeOfOne(schema)?.type).toBe(type);
  });

  it("a schema that holds itself has an end where nobody looks further", () => {
    const Tree: z.ZodType = z.strictObject({
      Name: z.string(),
      get Children() {
        return z.array(Tree).optional();
      },
    });
    expect(shapeAt(shapeOf(z.strictObject({ Tree })), ["Tree", "Children", "0", "Children", "1", "Name"])?.type).toBe(
      "string",
    );
  });
});

describe("the shape at a path", () => {
  const shape = shapeOf(
    z.strictObject({
      List: z.array(z.strictObject({ Port: z.int() })),
      Map: z.record(z.string(), z.boolean()),
      Either: z.union([z.string(), z.strictObject({ Name: z.number() })]),
      Neither: z.union([z.string(), z.number()]),
      Free: z.looseObject({ Name: z.string() }),
    }),
  );

  it.each([
    [[], "object"],
    [["List"], "array"],
    [["List", "22", "Port"], "integer"],
    [["Map", "any key"], "boolean"],
    [["Either", "Name"], "number"],
    [["Neither", "Name"], undefined],
    [["Nowhere"], undefined],
    [["Nowhere", "Else"], undefined],
    [["List", "22", "Port", "Deeper"], undefined],
    [["toString"], undefined],
  ])("%j", (path, type) => {
    expect(shapeAt(shape, path)?.type).toBe(type);
  });

  it("the generated name is one of the properties", () => {
    const rules = { max: 9, characters: "a-z" };
    expect(generatedNameOf(shapeOf(z.strictObject({ A: z.string(), Name: generatedName(rules) })))).toEqual({
      property: "Name",
      rules,
    });
    expect(generatedNameOf(shape)).toBeUndefined();
  });
});

describe("what the schemas of names and tags take", () => {
  it.each([
    ["ab1", true],
    ["a", false],
    ["abcdef", false],
    ["aB", false],
    ["ab\n", false],
    [undefined, true],
  ])("a name of 2 to 5 small letters and digits: %j is taken: %s", (name, taken) => {
    expect(generatedName({ min: 2, max: 5, characters: "a-z0-9" }).safeParse(name).success).toBe(taken);
  });

  it.each([
    ["", true],
    ["a".repeat(256), true],
    ["a".repeat(257), false],
  ])("a tag's value of %#", (Value, taken) => {
    expect(tags().safeParse([{ Key: "k", Value }]).success).toBe(taken);
    expect(tagMap().safeParse({ k: Value }).success).toBe(taken);
  });
});

describe("a resource type", () => {
  const unused = () => {
    throw new Error("not part of this test");
  };
  const handlers = { list: unused, read: unused, create: unused, update: unused, delete: unused };
  const facts = {
    type: "Test::Thing",
    properties: z.strictObject({ Group: z.string(), Name: z.string() }),
    absence: "read-by-name",
    scope: "region",
    actions: { read: [], write: [] },
  } as const;

  it("has its identifier as a natural key, when that is made of properties", () => {
    const named = defineResource({ ...facts, identifier: ["Group", "Name"] }).implement(handlers);
    expect(named.naturalKey?.({ Group: "g", Name: "n" })).toBe("g|n");
    expect(named.naturalKey?.({ Group: "g" })).toBeUndefined();
    const nameless = defineResource({ ...facts, identifier: "ThingId" }).implement(handlers);
    expect([nameless.identifier, nameless.naturalKey]).toEqual([["ThingId"], undefined]);
  });

  it("may say so itself", () => {
    const own = defineResource({ ...facts, identifier: "Name", naturalKey: ({ Name }) => `name/${Name}` });
    expect(own.implement(handlers).naturalKey?.({ Name: "n" })).toBe("name/n");
  });

  it("has its shape parsed once, and no attributes unless it names some", () => {
    const type = defineResource({ ...facts, identifier: "Name" }).implement(handlers);
    expect(type.shape).toBe(type.shape);
    expect(type.attributes).toEqual({});
  });

  it("joins identifiers as CloudFormation does, when all parts are known", () => {
    expect(joinedIdentifier(["A", "B"], { A: "1", B: "2" })).toBe("1|2");
    expect(joinedIdentifier(["A", "B"], { A: "1", B: 2 })).toBeUndefined();
  });
});
