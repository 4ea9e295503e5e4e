import { describe, expect, it } from "vitest";
import { z } from "zod";
import { keyed } from "../resource/annotations.ts";
import type { Wish } from "../resource/model.ts";
import { shapeOf } from "../resource/shape.ts";
import { reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Group, Server } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { withIgnored } from "./ignored.ts";

describe("what is ignored", proves(3, "memory"), () => {
  /** Every update of it writes the whole of it. */
  const Whole = variant(
    Server,
    {},
    {
      update: (cloud, { identifier }, { properties }) =>
        cloud.mutate("memory:Update", (store) => {
          const thing = store.get("Memory::Server", identifier);
          if (thing) thing.properties = { ...properties };
        }),
    },
  );
  const types = typesWith(Whole);
  const stack = (GroupIds: object[]) =>
    stackOf({
      Web: { Type: "Memory::Group", Properties: { Name: "web" } },
      App: {
        Type: "Memory::Server",
        Properties: { Image: "v1", Size: "large", GroupIds },
        Metadata: { Reconcile: { ignore: ["/Size"] } },
      },
    });

  it("is used when it is made, and left alone by whatever is written later", async () => {
    const world = createMemoryCloud();
    const app = () => world.store.all().find((each) => each.type === "Memory::Server");
    await reconcileInMemory(world, [stack([])], { types });
    expect(app()?.properties.Size).toBe("large");
    Object.assign(app()?.properties ?? {}, { Size: "scaled" });
    const { run } = await reconcileInMemory(world, [stack([{ Ref: "Web" }])], { types });
    expect(run?.diagnostics).toEqual([]);
    expect(app()?.properties).toMatchObject({ Size: "scaled", GroupIds: [expect.any(String)] });
  });

  it("and cannot be changed once it is made keeps nothing from being made", async () => {
    const world = createMemoryCloud();
    const odd = typesWith(
      variant(
        Group,
        {},
        {
          async read(cloud, identifier) {
            const observed = await Group.handlers.read(cloud, identifier);
            return observed && { ...observed, properties: { ...observed.properties, Kind: "as AWS shows it" } };
          },
        },
      ),
    );
    const web = { Type: "Memory::Group", Properties: { Name: "web", Kind: "k", Description: "d" } };
    const ignoring = stackOf({ Web: { ...web, Metadata: { Reconcile: { ignore: ["/Kind"] } } } });
    const { run } = await reconcileInMemory(world, [ignoring], { types: odd });
    expect(run?.diagnostics).toEqual([]);
    expect(world.things()[0]?.properties).toMatchObject({ Kind: "k", Description: "d" });
  });

  const Rule = z.strictObject({ Port: z.number(), Text: z.string().optional() });
  const shape = shapeOf(
    z.strictObject({
      Value: z.string().optional(),
      Deep: z.strictObject({ A: z.string().optional(), B: z.string() }).optional(),
      Rules: keyed("Port", z.array(Rule)).optional(),
      List: z.array(z.string()).optional(),
      Sets: z.record(z.string(), keyed("Port", z.array(Rule))).optional(),
    }),
  );

  it.each<[string, object, object, object]>([
    ["/Value", { Value: "ours" }, { Value: "theirs" }, { Value: "theirs" }],
    ["/Value", { Value: "ours" }, {}, {}],
    ["/Value", {}, { Value: "theirs" }, { Value: "theirs" }],
    [
      "/Deep/A",
      { Deep: { A: "ours", B: "b" } },
      { Deep: { A: "theirs", B: "old" } },
      { Deep: { A: "theirs", B: "b" } },
    ],
    ["/Deep/A", { Deep: { A: "ours", B: "b" } }, {}, { Deep: { B: "b" } }],
    [
      "/Sets/a/22/Text",
      { Sets: { a: [{ Port: 80 }, { Port: 22, Text: "ours" }] } },
      { Sets: { a: [{ Port: 22, Text: "theirs" }] } },
      { Sets: { a: [{ Port: 80 }, { Port: 22, Text: "theirs" }] } },
    ],
    ["/Deep/A", {}, { Deep: { A: "theirs", B: "old" } }, {}],
    [
      "/Rules/2/Text",
      {
        Rules: [
          { Port: 1, Text: "a" },
          { Port: 2, Text: "ours" },
        ],
      },
      { Rules: [{ Port: 2, Text: "theirs" }] },
      {
        Rules: [
          { Port: 1, Text: "a" },
          { Port: 2, Text: "theirs" },
        ],
      },
    ],
    ["/Rules/2", { Rules: [{ Port: 1 }, { Port: 2 }] }, { Rules: [{ Port: 3 }] }, { Rules: [{ Port: 1 }] }],
    ["/List/1", { List: ["a", "ours"] }, { List: ["b", "theirs"] }, { List: ["a", "theirs"] }],
    ["/List/1", { List: ["a", "ours"] }, { List: "odd" }, { List: ["a", "ours"] }],
  ])("at %s of %j is what lives of it: %j", (path, wished, live, expected) => {
    const wish = { properties: wished, tags: {}, token: "t" } as Wish;
    expect(withIgnored(wish, { properties: live as Wish["properties"] }, { shape, ignore: [path] }).properties).toEqual(
      expected,
    );
  });
});
