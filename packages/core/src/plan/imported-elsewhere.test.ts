import { describe, expect, it } from "vitest";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { proves } from "../testing/proofs.ts";

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties });
const imported = { "Fn::ImportValue": "shared" };

function network(resources: object, value: unknown = { Ref: "Base" }) {
  return stackOf(resources, {
    name: "network",
    template: { Outputs: { Shared: { Value: value, Export: { Name: "shared" } } } },
  });
}

/** Uses it at a property that nothing in AWS holds against its deletion. */
const app = stackOf({ Server: { Type: "Memory::Server", Properties: { Image: imported } } }, { name: "app" });
const before = network({ Base: group() });
const replaced = network({ Base: group({ Kind: "fancy" }) });

async function seen(after: typeof before, options: RunOptions = {}) {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [before, app]);
  const given = { allowDelete: [], neighbours: [app], base: [before], ...options };
  return { world, ...(await planInMemory(world, after, given)) };
}

describe("what a stack outside of the run imports", proves(6, "memory"), () => {
  it("is not replaced without it: it would lose what it uses", async () => {
    const { diagnostics, world } = await seen(replaced);
    const [first] = world.things();
    expect(diagnostics).toMatchObject([
      {
        code: "export.in-use",
        severity: "error",
        message: `"shared" would have another value, as Base is replaced: the stack "app", which is not part of this run, imports it and would lose ${first?.id}.`,
        remedy: expect.stringContaining("--allow-delete network/Base"),
        resource: "Base (Memory::Group)",
        place: { file: "network.yaml" },
        related: [{ place: { file: "app.yaml" } }],
      },
    ]);
  });

  it("is not deleted when another one is exported in its place", async () => {
    const other = network({ Other: group({ Kind: "fancy" }) }, { Ref: "Other" });
    expect((await seen(other)).codes).toContain("export.in-use");
  });

  it("is not replaced where it is known that the value is another one", async () => {
    const named = (Properties: object) =>
      network({ Base: group(Properties) }, { "Fn::GetAtt": ["Base", "Description"] });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [named({ Description: "d" }), app]);
    const after = named({ Description: "e", Kind: "fancy" });
    expect((await planInMemory(world, after, { allowDelete: [], neighbours: [app] })).codes).toEqual(["export.in-use"]);
  });

  it("is not replaced behind what another stack of the run exports", async () => {
    const through = stackOf(
      { Own: group({ Name: "own" }) },
      { name: "through", template: { Outputs: { O: { Value: imported, Export: { Name: "again" } } } } },
    );
    const user = stackOf(
      { Server: { Type: "Memory::Server", Properties: { Image: { "Fn::ImportValue": "again" } } } },
      { name: "user" },
    );
    const world = createMemoryCloud();
    await reconcileInMemory(world, [before, through, user]);
    const options = { allowDelete: [], neighbours: [user] };
    expect((await planInMemory(world, [replaced, through], options)).codes).toEqual(["export.in-use"]);
  });

  const output = { "Fn::GetStackOutput": { StackName: "network", OutputName: "Shared" } };
  const asking = stackOf({ Server: { Type: "Memory::Server", Properties: { Image: output } } }, { name: "app" });
  const kept = { Base: { ...group({ Kind: "fancy" }), UpdateReplacePolicy: "Retain" } };
  it.each<[string, typeof before, RunOptions, string?]>([
    ["it is allowed by name", replaced, { allowDelete: ["network/Base"] }],
    ["it is only updated", network({ Base: group({ Description: "new" }) }), {}, "update Base /Description"],
    ["the old one is kept", network(kept), {}],
    ["it is only asked for by the stack's name", replaced, { neighbours: [asking] }],
    ["nobody else imports it", replaced, { neighbours: [stackOf({ Own: group({ Name: "own" }) }, { name: "app" })] }],
  ])("goes where %s", async (_, after, options, change = "replace Base /Kind") => {
    const { changes, codes } = await seen(after, options);
    expect([changes, codes]).toEqual([[change], []]);
  });

  it("may be replaced where its exported value is the same", async () => {
    const text = (Kind: string) =>
      network({ Base: group({ Kind }) }, { "Fn::Join": ["", ["a", { Ref: "AWS::StackName" }]] });
    const named = (Kind: string) =>
      network({ Base: group({ Kind, Description: "d" }) }, { "Fn::GetAtt": ["Base", "Description"] });
    for (const of of [text, named]) {
      const world = createMemoryCloud();
      await reconcileInMemory(world, [of("plain"), app]);
      const { changes, codes } = await planInMemory(world, of("fancy"), { allowDelete: [], neighbours: [app] });
      expect([changes, codes]).toEqual([["replace Base /Kind"], []]);
    }
  });

  it("is replaced where what uses it is part of the run", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [before, app]);
    const { changes, codes } = await planInMemory(world, [replaced, app], { allowDelete: [], refreshInputs: true });
    expect([changes, codes]).toEqual([["replace Base /Kind", "replace Server /Image"], []]);
  });
});
