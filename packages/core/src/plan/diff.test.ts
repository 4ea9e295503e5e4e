import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  absent,
  createOnly,
  json,
  keyed,
  oneOf,
  policyDocument,
  sensitive,
  shared,
  tags,
  unordered,
  writeOnly,
} from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import { Unknown } from "../value.ts";
import { canonicalProperties } from "./canonical.ts";
import { changedBy, type Difference, diff } from "./diff.ts";

type Properties = Record<string, unknown>;

function compare(properties: z.ZodRawShape, desired: Properties, observed: Properties): Difference[] {
  const type = { shape: shapeOf(z.strictObject(properties)), handlers: {} as never };
  return diff(type.shape, canonicalProperties(type, desired), canonicalProperties(type, observed));
}

/** `/Path: before → after`, each in as few words as there are. */
function words(differences: readonly Difference[]): string[] {
  const text = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
  return differences.map((each) => `${each.path}: ${text(each.before)} → ${text(each.after)}`);
}

const unknown = new Unknown(["Vpc.VpcId"], "changes");

describe("what an undeclared property means", () => {
  const kinds: z.ZodRawShape = {
    Default: z.string().default("usual"),
    Absent: absent(z.string()),
    Computed: z.string().optional(),
    Shared: shared(z.string()),
    OneOf: oneOf(z.string(), ["new", "old"]),
  };

  it.each([
    ["default", { Default: "other" }, ['/Default: "other" → "usual"']],
    ["default, as it usually is", { Default: "usual" }, []],
    ["default, which AWS does not show", {}, []],
    ["absent", { Absent: "there" }, ['/Absent: "there" → nothing']],
    ["computed", { Computed: "by AWS" }, []],
    ["shared", { Shared: "by somebody" }, []],
    ["one of", { OneOf: "other" }, ['/OneOf: "other" → "new"']],
    ["one of, the first", { OneOf: "new" }, []],
    ["one of, another", { OneOf: "old" }, []],
  ])("%s", (_, live, expected) => {
    const observed = { Default: "usual", ...live };
    expect(words(compare(kinds, {}, observed))).toEqual(expected);
    const nested = { Outer: z.strictObject(kinds) };
    const below = expected.map((each) => `/Outer${each}`);
    expect(words(compare(nested, { Outer: {} }, { Outer: observed }))).toEqual(below);
    const element = { List: z.array(z.strictObject(kinds)) };
    const inList = expected.map((each) => `/List/0${each}`);
    expect(words(compare(element, { List: [{}] }, { List: [observed] }))).toEqual(inList);
  });

  it.each(Object.keys(kinds))("declared, %s is enforced", (name) => {
    const wish = { Default: "mine", [name]: "mine" };
    expect(words(compare(kinds, wish, { ...wish, [name]: "theirs" }))).toEqual([`/${name}: "theirs" → "mine"`]);
    expect(compare(kinds, wish, wish)).toEqual([]);
  });

  it("is the same whether it is left out or null", () => {
    expect(compare(kinds, { Absent: null, Default: null }, { Absent: null, Default: "usual" })).toEqual([]);
  });

  it("of an absent list or object, an empty one is nothing", () => {
    const properties = { List: absent(z.array(z.string())), Object: absent(z.strictObject({})) };
    expect(compare(properties, {}, { List: [], Object: {} })).toEqual([]);
    expect(compare(properties, { List: [], Object: {} }, {})).toEqual([]);
  });
});

describe("values", () => {
  const Rule = z.strictObject({ Port: z.number(), Text: z.string().default(""), Until: absent(z.string()) });

  it.each<[string, z.ZodType, unknown, unknown, string[]]>([
    ["scalars", z.number(), 1, 2, ["/V: 2 → 1"]],
    ["one that AWS does not have", z.string(), "a", undefined, ['/V: nothing → "a"']],
    [
      "an object's members",
      z.strictObject({ A: z.number(), B: z.number() }),
      { A: 1, B: 1 },
      { A: 1, B: 2 },
      ["/V/B: 2 → 1"],
    ],
    ["a list, by place", z.array(z.string()), ["a", "b"], ["a", "c"], ['/V/1: "c" → "b"']],
    ["a list that is too short", z.array(z.string()), ["a", "b"], ["a"], ['/V/1: nothing → "b"']],
    ["a list that is too long", z.array(z.string()), ["a"], ["a", "b"], ['/V/-: "b" → nothing']],
    [
      "a set, by value",
      unordered(z.array(z.string())),
      ["a", "b"],
      ["c", "a"],
      ['/V/-: "c" → nothing', '/V/-: nothing → "b"'],
    ],
    ["a set in another order", unordered(z.array(z.string())), ["a", "b"], ["b", "a"], []],
    [
      "a keyed list: one too many",
      keyed("Port", z.array(Rule)),
      [],
      [{ Port: 22 }],
      ['/V/-: {"Port":22,"Text":""} → nothing'],
    ],
    [
      "a keyed list: one too few",
      keyed("Port", z.array(Rule)),
      [{ Port: 22 }],
      [],
      ['/V/22: nothing → {"Port":22,"Text":""}'],
    ],
    [
      "a keyed list: a member",
      keyed("Port", z.array(Rule)),
      [{ Port: 22, Text: "a" }],
      [{ Port: 22 }],
      ['/V/22/Text: "" → "a"'],
    ],
    [
      "a keyed list: a member to go",
      keyed("Port", z.array(Rule)),
      [{ Port: 22 }],
      [{ Port: 22, Until: "x" }],
      ['/V/22/Until: "x" → nothing'],
    ],
    [
      "a keyed list of texts",
      keyed("Port", z.array(z.string())),
      ["a"],
      ["b"],
      ['/V/-: "b" → nothing', '/V/"a": nothing → "a"'],
    ],
    [
      "a map's entries",
      z.record(z.string(), z.number()),
      { a: 1, b: 2, "c/d": 1 },
      { a: 1, b: 3, z: 9 },
      ["/V/b: 3 → 2", "/V/c~1d: nothing → 1", "/V/z: 9 → nothing"],
    ],
    [
      "a branch of a union",
      z.union([z.string(), z.strictObject({ A: z.number() })]),
      { A: 1 },
      { A: 2 },
      ["/V/A: 2 → 1"],
    ],
    [
      "two branches of a union",
      z.union([z.string(), z.strictObject({ A: z.number() })]),
      "a",
      { A: 2 },
      ['/V: {"A":2} → "a"'],
    ],
    ["a value of no branch", z.union([z.string(), z.number()]), true, false, ["/V: false → true"]],
    ["a tuple", z.tuple([z.string(), z.number()]), ["a", 1], ["a", 2], ['/V: ["a",2] → ["a",1]']],
    ["a document, as a whole", json(), { a: [1, 2] }, { a: [2, 1] }, ['/V: {"a":[2,1]} → {"a":[1,2]}']],
    ["a document in another order of keys", json(), { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [
      "a policy that IAM reads alike",
      policyDocument(),
      { Statement: [{ Action: "a:b" }] },
      { Statement: { Action: ["a:b"] } },
      [],
    ],
    [
      "a member that the schema does not name",
      z.looseObject({ A: z.string() }),
      { A: "a", B: "b" },
      { A: "a", B: "c" },
      ['/V/B: "c" → "b"'],
    ],
    ["something unknown", z.string(), unknown, "vpc-1", ['/V: "vpc-1" → {"unknown":["Vpc.VpcId"]}']],
    [
      "something unknown that AWS does not have",
      z.array(z.string()),
      unknown,
      undefined,
      ['/V: nothing → {"unknown":["Vpc.VpcId"]}'],
    ],
    [
      "something unknown in a set",
      unordered(z.array(z.string())),
      [unknown],
      ["a"],
      ['/V/-: "a" → nothing', '/V/-: nothing → {"unknown":["Vpc.VpcId"]}'],
    ],
    [
      "an unknown element of a keyed list",
      keyed("Port", z.array(Rule)),
      [unknown],
      [],
      ['/V/-: nothing → {"unknown":["Vpc.VpcId"]}'],
    ],
  ])("%s", (_, schema, desired, observed, expected) => {
    expect(words(compare({ V: schema.optional() }, { V: desired }, { V: observed }))).toEqual(expected);
  });

  it("that AWS never gives back, and tags, are not compared", () => {
    const properties = { Password: writeOnly(z.string()), Tags: tags() };
    expect(compare(properties, { Password: "a", Tags: [{ Key: "a", Value: "b" }] }, {})).toEqual([]);
  });
});

describe("what a property says holds for all below it", () => {
  it.each<[string, z.ZodRawShape, Pick<Difference, "createOnly" | "sensitive">]>([
    ["nothing", { V: z.strictObject({ W: z.string() }) }, { createOnly: false, sensitive: false }],
    ["create-only", { V: createOnly(z.strictObject({ W: z.string() })) }, { createOnly: true, sensitive: false }],
    ["sensitive", { V: sensitive(z.strictObject({ W: z.string() })) }, { createOnly: false, sensitive: true }],
    [
      "both, from two places",
      { V: createOnly(z.strictObject({ W: sensitive(z.string()) })) },
      { createOnly: true, sensitive: true },
    ],
  ])("%s", (_, properties, expected) => {
    expect(compare(properties, { V: { W: "a" } }, { V: { W: "b" } })).toEqual([
      { path: "/V/W", before: "b", after: "a", ...expected },
    ]);
  });

  it("also through lists and maps", () => {
    const Element = z.strictObject({ K: z.string(), W: sensitive(z.string()) });
    const properties = {
      Ordered: z.array(Element),
      Keyed: keyed("K", z.array(Element)),
      Map: z.record(z.string(), Element),
      Set: sensitive(unordered(z.array(z.string()))),
    };
    const value = (W: string) => ({
      Ordered: [{ K: "k", W }],
      Keyed: [{ K: "k", W }],
      Map: { k: { K: "k", W } },
      Set: [W],
    });
    const differences = compare(properties, value("a"), value("b"));
    expect(differences.map((each) => each.path)).toEqual([
      "/Ordered/0/W",
      "/Keyed/k/W",
      "/Map/k/W",
      "/Set/-",
      "/Set/-",
    ]);
    expect(differences.every((each) => each.sensitive)).toBe(true);
  });
});

describe("what an update is told", () => {
  const Rule = z.strictObject({ Port: z.number(), Text: z.string().default(""), Until: absent(z.string()) });
  const properties = { Rules: keyed("Port", z.array(Rule)).optional(), Size: z.string().optional() };
  const told = (desired: Properties, observed: Properties) => changedBy(compare(properties, desired, observed));

  it("which elements of a keyed list go, come and change", () => {
    const changed = told(
      { Rules: [{ Port: 1 }, { Port: 2, Text: "b" }] },
      { Rules: [{ Port: 2, Text: "a", Until: "x" }, { Port: 3 }] },
    );
    expect(changed.removed("Rules")).toEqual([{ Port: 3, Text: "" }]);
    expect(changed.added("Rules")).toEqual([{ Port: 1, Text: "" }]);
    expect(changed.modified("Rules")).toEqual(["2"]);
    expect(changed.valueOf("Rules", "2", "Text")).toBe("b");
    expect(changed.valueOf("Rules", "2", "Until")).toBeUndefined();
    expect(changed.valueOf("Rules", "3", "Text")).toBeUndefined();
    expect([changed.has("Rules"), changed.has("Size"), changed.has("Rule")]).toEqual([true, false, false]);
  });

  it("all elements, where one side has no list", () => {
    const rules = [{ Port: 1, Text: "" }];
    const come = told({ Rules: rules }, {});
    expect([come.added("Rules"), come.removed("Rules"), come.modified("Rules")]).toEqual([rules, [], []]);
    const gone = changedBy([{ path: "/Rules", before: rules }]);
    expect([gone.added("Rules"), gone.removed("Rules"), gone.modified("Rules")]).toEqual([[], rules, []]);
  });

  it("nothing of a property that did not change", () => {
    const changed = told({ Size: "a" }, { Size: "b" });
    expect(changed.paths).toEqual(["/Size"]);
    expect([changed.added("Rules"), changed.removed("Rules"), changed.modified("Rules")]).toEqual([[], [], []]);
    expect([changed.added("Size"), changed.removed("Size")]).toEqual([[], []]);
  });
});
