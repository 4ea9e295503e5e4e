import { describe, expect, it } from "vitest";
import { z } from "zod";
import { absent, unordered } from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import { attribute, overall, type ThreeWay } from "./attribute.ts";
import { diff } from "./diff.ts";
import type { Cause } from "./model.ts";
import { tagDifferences } from "./tags.ts";

const shape = shapeOf(
  z.strictObject({
    Size: absent(z.string()),
    Options: absent(z.strictObject({ A: z.string().optional(), B: z.string().optional() })),
    Ids: absent(unordered(z.array(z.string()))),
  }),
);

type Properties = Record<string, unknown>;

/** Every difference between head and live, with its cause. */
function causesOf(
  base: Properties | undefined,
  head: Properties,
  live: Properties,
  inputs: readonly string[] = [],
): string[] {
  const three: ThreeWay = {
    shape,
    ...(base && { base: { properties: base, tags: {} } }),
    head: { properties: head, tags: {} },
    live: { properties: live, tags: {} },
    dependsOnInput: ({ path }) => inputs.includes(path),
  };
  return diff(shape, head, live).map((each) => `${each.path} ${attribute(each, three)}`);
}

describe("why a property differs from what lives", () => {
  it.each<[string, string[], Parameters<typeof causesOf>]>([
    ["head says something new", ["/Size change"], [{ Size: "a" }, { Size: "b" }, { Size: "a" }]],
    ["live moved", ["/Size drift"], [{ Size: "a" }, { Size: "a" }, { Size: "c" }]],
    ["both", ["/Size both"], [{ Size: "a" }, { Size: "b" }, { Size: "c" }]],
    ["an outside value moved", ["/Size input"], [{ Size: "b" }, { Size: "b" }, { Size: "a" }, ["/Size"]]],
    [
      "head says something new about an outside value",
      ["/Size change"],
      [{ Size: "a" }, { Size: "b" }, { Size: "a" }, ["/Size"]],
    ],
    ["base does not declare it", ["/Size change"], [undefined, { Size: "b" }, { Size: "a" }]],
    ["head takes it away", ["/Size change"], [{ Size: "a" }, {}, { Size: "a" }]],
    ["somebody takes it away", ["/Size drift"], [{ Size: "a" }, { Size: "a" }, {}]],
    ["head adds it", ["/Size change"], [{}, { Size: "a" }, {}]],
    [
      "a member is new, and another moved",
      ["/Options/A change", "/Options/B drift"],
      [{ Options: { A: "1", B: "1" } }, { Options: { A: "2", B: "1" } }, { Options: { A: "1", B: "3" } }],
    ],
    ["the whole is new", ["/Options change"], [{}, { Options: { A: "1" } }, {}]],
    [
      "the whole is new, and live has another",
      ["/Options/A both"],
      [{}, { Options: { A: "1" } }, { Options: { A: "2" } }],
    ],
    [
      "an element is new, and another moved",
      ["/Ids/- drift", "/Ids/- change"],
      [{ Ids: ["a"] }, { Ids: ["a", "b"] }, { Ids: ["a", "c"] }],
    ],
    [
      "an element is taken away, and another moved",
      ["/Ids/- change", "/Ids/- drift"],
      [{ Ids: ["a", "b"] }, { Ids: ["b"] }, { Ids: ["a", "b", "c"] }],
    ],
    ["the list is new", ["/Ids change"], [{}, { Ids: ["a"] }, {}]],
    ["an element moved of a list that head takes away", ["/Ids both"], [{ Ids: ["a"] }, {}, { Ids: ["a", "b"] }]],
    ["an element is new in a list that somebody took away", ["/Ids both"], [{ Ids: ["a"] }, { Ids: ["a", "b"] }, {}]],
    ["a new list, of which live has another", ["/Ids/- both", "/Ids/- both"], [{}, { Ids: ["a"] }, { Ids: ["c"] }]],
  ])("%s", (_, expected, args) => {
    expect(causesOf(...args)).toEqual(expected);
  });

  it.each<[string, Cause, Record<string, string>, Record<string, string>, Record<string, string>]>([
    ["a tag is new", "change", {}, { "a/b": "1" }, {}],
    ["a tag moved", "drift", { "a/b": "1" }, { "a/b": "1" }, { "a/b": "2" }],
    ["a tag is new, and live has another", "both", {}, { "a/b": "1" }, { "a/b": "2" }],
    ["a tag is taken away", "change", { "a/b": "1" }, {}, { "a/b": "1" }],
  ])("%s", (_, expected, base, head, live) => {
    const tagsOf = (tags: Record<string, string>) => ({ properties: {}, tags });
    const three = { shape, base: tagsOf(base), head: tagsOf(head), live: tagsOf(live), dependsOnInput: () => false };
    const { differences } = tagDifferences(head, live, new Set(Object.keys(base)));
    expect(differences.map((each) => attribute(each, three))).toEqual([expected]);
  });
});

describe("why a resource differs", () => {
  it.each<[Cause[], Cause]>([
    [[], null],
    [["change"], "change"],
    [["drift", "drift"], "drift"],
    [["input"], "input"],
    [["change", "drift"], "both"],
    [["change", "input"], "both"],
    [["both", "input"], "both"],
    [["drift", "input"], "drift"],
    [["change", null], null],
  ])("%j is %s", (causes, expected) => {
    expect(overall(causes)).toBe(expected);
  });
});
