import { keyed, shapeOf, unordered } from "@reconcile/core";
import { proves } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { layOver } from "./lay-over.ts";

const shape = shapeOf(
  z.strictObject({
    Comment: z.string().optional(),
    Log: z.strictObject({ Bucket: z.string(), Prefix: z.string().optional() }).optional(),
    Origins: keyed("Id", z.array(z.strictObject({ Id: z.string(), Name: z.string(), Path: z.string().optional() }))),
    Steps: z.array(z.strictObject({ Path: z.string(), Ttl: z.int().optional() })).optional(),
    Aliases: unordered(z.array(z.string())).optional(),
    Labels: z.record(z.string(), z.string()).optional(),
  }),
);

type Document = Record<string, unknown>;

describe("layOver", proves(3, "memory"), () => {
  const live: Document = {
    Comment: "live",
    Log: { Bucket: "live", Prefix: "live" },
    Origins: [
      { Id: "a", Name: "live a", Path: "live" },
      { Id: "b", Name: "live b" },
    ],
    Steps: [{ Path: "live 0", Ttl: 1 }, { Path: "live 1" }],
    Aliases: ["live"],
    Labels: { one: "live", two: "live" },
  };
  const wish: Document = {
    Comment: "wish",
    Log: { Bucket: "wish" },
    Origins: [
      { Id: "c", Name: "wish c" },
      { Id: "a", Name: "wish a" },
    ],
    Steps: [{ Path: "wish 0" }, { Path: "wish 1" }, { Path: "wish 2" }],
    Aliases: ["wish", "more"],
    Labels: { one: "wish" },
  };
  const [a, b] = live.Origins as Document[];

  it.each<[story: string, paths: string[], changed: Document]>([
    ["nothing", [], {}],
    ["a member", ["/Comment"], { Comment: "wish" }],
    ["a member of a member", ["/Log/Bucket"], { Log: { Bucket: "wish", Prefix: "live" } }],
    ["a member that goes", ["/Log/Prefix"], { Log: { Bucket: "live" } }],
    ["a member as a whole", ["/Log"], { Log: { Bucket: "wish" } }],
    ["an element by its key", ["/Origins/a/Name"], { Origins: [{ ...a, Name: "wish a" }, b] }],
    ["an element that comes", ["/Origins/c"], { Origins: [a, b, { Id: "c", Name: "wish c" }] }],
    ["an element that goes", ["/Origins/-"], { Origins: [a] }],
    ["an element by its place", ["/Steps/0/Path"], { Steps: [{ Path: "wish 0", Ttl: 1 }, { Path: "live 1" }] }],
    [
      "an element at the end",
      ["/Steps/2"],
      { Steps: [{ Path: "live 0", Ttl: 1 }, { Path: "live 1" }, { Path: "wish 2" }] },
    ],
    ["a set", ["/Aliases/-"], { Aliases: ["wish", "more"] }],
    ["an entry of a map", ["/Labels/one"], { Labels: { one: "wish", two: "live" } }],
    ["an entry that goes", ["/Labels/two"], { Labels: { one: "live" } }],
  ])("changes %s, and leaves the rest", (_story, paths, changed) => {
    expect(layOver(shape, live, wish, paths)).toEqual({ ...live, ...changed });
  });

  it("drops what is behind the end", () => {
    const short = { ...wish, Steps: [{ Path: "wish 0" }] };
    expect(layOver(shape, live, short, ["/Steps/-"])).toEqual({ ...live, Steps: [{ Path: "live 0", Ttl: 1 }] });
  });
});
