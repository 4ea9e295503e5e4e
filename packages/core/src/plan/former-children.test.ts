import { describe, expect, it } from "vitest";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Rule } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";

const web = { Type: "Memory::Group", Properties: { Name: "web" } };

/** A policy that an outside value switches on. */
function switched(GroupId: unknown, more: object = {}): Stack {
  return stackOf(
    {
      Policy: {
        Type: "Memory::Policy",
        Condition: "On",
        Properties: { GroupId, PolicyName: "p", Document: "GRANTED" },
      },
      ...more,
    },
    {
      template: {
        Parameters: { Switch: { Type: "String" } },
        Conditions: { On: { "Fn::Equals": [{ Ref: "Switch" }, "on"] } },
      },
      parameters: { Switch: { kind: "ssm", name: "/switch" } },
    },
  );
}

describe("what cannot be tagged, and an outside value turns off", proves(6, "memory"), () => {
  const inOurs = switched({ Ref: "Web" }, { Web: web });
  const inTheirs = switched("grp-theirs");

  /** Was on, and is off now; `document`: what somebody has written since. */
  async function turnedOff(stack: Stack, options: RunOptions = {}, document?: string) {
    const world = createMemoryCloud();
    const properties = { Name: "theirs", Kind: "plain", Description: "" };
    world.store.put({ type: "Memory::Group", id: "grp-theirs", properties, tags: {} });
    world.inputs.set("ssm:/switch", { value: "on" });
    await reconcileInMemory(world, [stack]);
    world.inputs.set("ssm:/switch", { value: "off" });
    for (const { properties: live } of world.store.all().filter((each) => each.type === "Memory::Policy"))
      live.Document = document ?? live.Document;
    const seen = await planInMemory(world, stack, options);
    return { ...seen, world, said: [seen.changes, seen.stack.unowned.map((each) => each.logicalId)] };
  }

  it.each<[string, Stack, RunOptions, string | undefined, string[], string[]]>([
    ["goes from what is ours", inOurs, { base: [inOurs] }, undefined, ["delete Policy"], []],
    ["goes from what is ours, whatever it has become", inOurs, { base: [inOurs] }, "ELSE", ["delete Policy"], []],
    ["goes from what is ours where no base is known", inOurs, {}, undefined, ["delete Policy"], []],
    ["goes with what is destroyed", inOurs, { destroy: true }, undefined, ["delete Web", "delete Policy"], []],
    [
      "goes from somebody else's where it is what is declared",
      inTheirs,
      { base: [inTheirs] },
      undefined,
      ["delete Policy"],
      [],
    ],
    ["is told of where it may be another one", inTheirs, { base: [inTheirs] }, "THEIRS", [], ["Policy"]],
  ])("%s", async (_, stack, options, document, changes, unowned) => {
    expect((await turnedOff(stack, options, document)).said).toEqual([changes, unowned]);
  });

  it("goes by what the outside value says, and is gone then", async () => {
    const { change, world } = await turnedOff(inOurs, { base: [inOurs] });
    expect(change("Policy").cause).toBe("input");
    const { run } = await reconcileInMemory(world, [inOurs], { base: [inOurs] });
    expect(run?.diagnostics).toEqual([]);
    expect(world.things().filter((each) => each.type === "Memory::Policy")).toEqual([]);
  });

  it("is nothing to us where the line is new", async () => {
    const before = stackOf({ Web: web });
    expect((await turnedOff(inOurs, { base: [before] })).said).toEqual([[], []]);
  });
});

it("what an outside value turns off goes by its own tag, though its line is new and no list tells of tags", async () => {
  const types = typesWith(
    variant(
      Rule,
      {},
      {
        async *list(cloud) {
          for await (const { tags: _, ...found } of Rule.handlers.list(cloud)) yield found;
        },
      },
    ),
  );
  const rule = { Type: "Memory::Rule", Condition: "On", Properties: { GroupId: { Ref: "Web" }, Port: 22 } };
  const whole = switched({ Ref: "Web" }, { Web: web, Ssh: rule });
  const world = createMemoryCloud();
  world.inputs.set("ssm:/switch", { value: "on" });
  await reconcileInMemory(world, [whole], { types });
  world.inputs.set("ssm:/switch", { value: "off" });
  const before = stackOf({ Web: web });
  expect((await planInMemory(world, whole, { types, base: [before] })).changes).toEqual(["delete Ssh"]);
});
