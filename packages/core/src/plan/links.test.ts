// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";
import {
  changesOf,
  memoryEngine,
  planInMemory,
  type RunOptions,
  reconcileInMemory,
  stackOf,
  typesWith,
  variant,
} from "../testing/harness.ts";
import { createMemoryCloud, Refusal } from "../testing/memory-cloud.ts";
import { Policy } from "../testing/memory-types.ts";

type World = ReturnType<typeof createMemoryCloud>;

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties });
const exporting = (name: string, value: unknown) => ({ Value: value, Export: { Name: name } });
const imported = (name: unknown) => ({ "Fn::ImportValue": name });

/** Exports a group's id, and one of the texts of its stack. */
function network(properties: object = {}, options: { name?: string; exported?: unknown } = {}): Stack {
  const Outputs = {
    GroupId: exporting("group-id", { Ref: "Base" }),
    Text: exporting("text", { "Fn::Join": ["", [{ Ref: "AWS::StackName" }, "!"]] }),
    ...(options.exported !== undefined && { More: exporting("more", options.exported) }),
  };
  return stackOf(
    { Base: group({ Name: "base", ...properties }) },
    { name: options.name ?? "network", template: { Outputs } },
  );
}

/** A server in the group of the network. */
function app(properties: object = {}, more: object = {}): Stack {
  const Server = { Type: "Memory::Server", Properties: { Image: "v1", Peer: imported("group-id"), ...properties } };
  return stackOf({ Server, ...more }, { name: "app" });
}

const serverOf = (world: World) => world.things().find((each) => each.type === "Memory::Server")?.properties;
const groupOf = (world: World) => world.things().find((each) => each.type === "Memory::Group")?.id;

async function refusalOf(world: World, stacks: readonly Stack[], options: RunOptions = {}) {
  const planned = memoryEngine(world, options).engine.prepare(stacks);
  const error = await planned.then(
    ({ plan }) => new DiagnosticError(plan.diagnostics),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DiagnosticError)) throw error;
  return error.diagnostics;
}

describe("an import from a stack of the same run", () => {
  it("waits for what makes its value, in whatever order the stacks are given", async () => {
    const world = createMemoryCloud();
    const { run } = await reconcileInMemory(world, [app(), network()]);
    expect(serverOf(world)?.Peer).toBe(groupOf(world));
    expect(run?.diagnostics).toEqual([]);
    expect(changesOf(await planInMemory(world, [app(), network()]))).toEqual([]);
  });

  it("is unknown in the plan, and says from where it comes", async () => {
    const { plan } = await planInMemory(createMemoryCloud(), [app(), network()]);
    const [first] = plan.stacks;
    expect(first?.changes[0]?.desired?.properties.Peer).toMatchObject({
      sources: ["network/Base"],
      certainty: "changes",
    });
  });

  it("is known in part where it is a list, and each part says from where it comes", async () => {
    const both = [
      app({ Peer: undefined, GroupIds: imported("more") }),
      network({}, { exported: ["x", { Ref: "Base" }] }),
    ];
    const { plan } = await planInMemory(createMemoryCloud(), both);
    expect(plan.stacks[0]?.changes[0]?.desired?.properties.GroupIds).toMatchObject([
      "x",
      { sources: ["network/Base"] },
    ]);
  });

  it("is known at once where it is made of no resource", async () => {
    const { plan } = await planInMemory(createMemoryCloud(), [app({ Image: imported("text") }), network()]);
    expect(plan.stacks[0]?.changes[0]?.desired?.properties.Image).toBe("network!");
  });

  it("is replaced with what it imports, and lets go of the old one first", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network(), app()]);
    const before = groupOf(world);
    const stacks = [network({ Name: "other" }), app()];
    const { run } = await reconcileInMemory(world, stacks, { base: [network(), app()] });
    expect(run?.diagnostics).toEqual([]);
    expect(serverOf(world)?.Peer).toBe(groupOf(world));
    expect(groupOf(world)).not.toBe(before);
  });

  it("that moved is a newer outside value, and kept where it would replace", async () => {
    const world = createMemoryCloud();
    const Two = { Two: group({ Name: "two" }) };
    const chosen = (id: string) =>
      stackOf(
        { Base: group({ Name: "base" }), ...Two },
        { name: "network", template: { Outputs: { GroupId: exporting("group-id", { Ref: id }) } } },
      );
    await reconcileInMemory(world, [chosen("Base"), app()]);
    const base = [chosen("Two"), app()];
    const { plan } = await planInMemory(world, [chosen("Two"), app()], { base });
    expect(plan.stacks[1]?.changes.map((each) => each.action)).toEqual(["none"]);
    expect(plan.stacks[1]?.notes[0]?.message).toContain("Peer reads a newer outside value");
    const refreshed = await planInMemory(world, [chosen("Two"), app()], { base, refreshInputs: true });
    expect(refreshed.plan.stacks[1]?.changes.map((each) => [each.action, each.cause])).toEqual([["replace", "input"]]);
  });

  it("reaches through a stack that exports what it imports", async () => {
    const world = createMemoryCloud();
    const middle = stackOf(
      { Own: group({ Name: "own" }) },
      { name: "middle", template: { Outputs: { Out: exporting("through", imported("group-id")) } } },
    );
    await reconcileInMemory(world, [app({ Peer: imported("through") }), middle, network()]);
    expect(serverOf(world)?.Peer).toBe(world.things().find((each) => each.properties.Name === "base")?.id);
  });

  it("goes before what it imports when both are destroyed", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network(), app()]);
    const { run } = await reconcileInMemory(world, [network(), app()], { destroy: true });
    expect(run?.results.map((each) => each.step.logicalId)).toEqual(["Server", "Base"]);
    expect(world.things()).toEqual([]);
  });

  it("gives the name of what is inside another stack's resource", async () => {
    const world = createMemoryCloud();
    const Rule = { Type: "Memory::Rule", Properties: { GroupId: imported("group-id"), Port: 22 } };
    const stacks = [stackOf({ Rule }, { name: "app" }), network()];
    await reconcileInMemory(world, stacks);
    expect(changesOf(await planInMemory(world, stacks))).toEqual([]);
    await reconcileInMemory(world, [stackOf({ Other: group() }, { name: "app" }), network()], { base: stacks });
    expect(world.things().filter((each) => each.type === "Memory::Rule")).toEqual([]);
  });

  it("by the name of its output needs no export", async () => {
    const world = createMemoryCloud();
    const Peer = { "Fn::GetStackOutput": { StackName: "network", OutputName: "GroupId" } };
    await reconcileInMemory(world, [app({ Peer }), network()]);
    expect(serverOf(world)?.Peer).toBe(groupOf(world));
  });
});

describe("an import from a stack of the project that is not in the run", () => {
  it("has the live value, read without a write", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network()]);
    const { run } = await reconcileInMemory(world, [app()], { neighbours: [network()] });
    expect(serverOf(world)?.Peer).toBe(groupOf(world));
    expect(run?.results.map((each) => each.step.stack)).toEqual(["app"]);
  });

  it("leads to what base declares inside of it, and head no more", async () => {
    const world = createMemoryCloud();
    const inside = (...names: string[]) => {
      const policy = (PolicyName: string) => [
        PolicyName,
        { Type: "Memory::Policy", Properties: { GroupId: imported("group-id"), PolicyName, Document: "X" } },
      ];
      return stackOf(Object.fromEntries(names.map(policy)), { name: "app" });
    };
    const neighbours = [network()];
    await reconcileInMemory(world, [network()]);
    await reconcileInMemory(world, [inside("Read", "Write")], { neighbours });
    const { changes } = await planInMemory(world, inside("Read"), { neighbours, base: [inside("Read", "Write")] });
    expect(changes).toEqual(["delete Write"]);
  });

  it("reads what its output needs, and no parameter of the rest", async () => {
    const world = createMemoryCloud();
    const Secret = { Secret: { Type: "String" } };
    const whole = (resources: object) =>
      stackOf(
        { Base: group({ Name: "base" }), ...resources },
        {
          name: "network",
          template: { Parameters: Secret, Outputs: { GroupId: exporting("group-id", { Ref: "Base" }) } },
          parameters: { Secret: { kind: "env", name: "MISSING" } },
        },
      );
    await reconcileInMemory(world, [network()]);
    const neighbour = whole({ Other: group({ Name: "other", Description: { Ref: "Secret" } }) });
    const { engine, run } = memoryEngine(world, { neighbours: [neighbour] });
    await engine.prepare([app()]);
    expect(run.operations().filter((each) => each.operation === "memory:Read").length).toBeLessThan(5);
  });

  it("may be of what a loop over an outside value declares", async () => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/names", { value: "One,Two" });
    const loop = ["Name", { Ref: "Names" }, { "Group${Name}": group({ Name: { Ref: "Name" } }) }];
    const looping = stackOf(
      { "Fn::ForEach::Groups": loop },
      {
        name: "network",
        template: {
          Transform: "AWS::LanguageExtensions",
          Parameters: { Names: { Type: "CommaDelimitedList" } },
          Outputs: { GroupId: exporting("group-id", { Ref: "GroupTwo" }) },
        },
        parameters: { Names: { kind: "ssm", name: "/names" } },
      },
    );
    await reconcileInMemory(world, [looping]);
    await reconcileInMemory(world, [app()], { neighbours: [looping] });
    expect(serverOf(world)?.Peer).toBe(world.things().find((each) => each.properties.Name === "Two")?.id);
  });

  describe("made of what cannot be tagged", () => {
    const Outputs = { Out: exporting("policy", { "Fn::GetAtt": ["Policy", "Document"] }) };
    const Properties = { GroupId: { Ref: "Base" }, PolicyName: "p", Document: "X" };
    const Base = group({ Name: "base" });
    const whole = stackOf(
      { Base, Policy: { Type: "Memory::Policy", Properties } },
      { name: "network", template: { Outputs } },
    );
    const importer = app({ Image: imported("policy"), Peer: { Ref: "AWS::NoValue" } });

    it("is found by its name", async () => {
      const world = createMemoryCloud();
      await reconcileInMemory(world, [whole]);
      await reconcileInMemory(world, [importer], { neighbours: [whole] });
      expect(serverOf(world)?.Image).toBe("X");
    });

    it("is refused while nothing has that name", async () => {
      const world = createMemoryCloud();
      await reconcileInMemory(world, [stackOf({ Base }, { name: "network" })]);
      const refusals = await refusalOf(world, [importer], { neighbours: [whole] });
      expect(refusals).toMatchObject([
        { code: "import.not-live", message: expect.stringContaining("Policy.Document") },
      ]);
    });

    it("is refused while what has that name is not that stack's", async () => {
      const world = createMemoryCloud();
      const Alone = variant(Policy, { within: undefined } as never);
      await reconcileInMemory(world, [whole]);
      const refusals = await refusalOf(world, [importer], { neighbours: [whole], types: typesWith(Alone) });
      expect(refusals.map((each) => each.code)).toEqual(["import.not-live"]);
    });
  });

  it.each<[string, object]>([
    ["it is not there", { Base: group({ Name: "base" }) }],
    ["nothing can be read of its type", { Base: { Type: "Memory::Unheard" } }],
    [
      "finding it would need itself",
      {
        Base: { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Other" }, PolicyName: "a", Document: "" } },
        Other: { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Base" }, PolicyName: "b", Document: "" } },
      },
    ],
  ])("is refused while %s", async (_, resources) => {
    const Outputs = { GroupId: exporting("group-id", { Ref: "Base" }) };
    const neighbour = stackOf(resources, { name: "network", template: { Outputs } });
    const refusals = await refusalOf(createMemoryCloud(), [app()], { neighbours: [neighbour] });
    expect(refusals).toMatchObject([
      {
        code: "import.not-live",
        message: 'The stack "network" gives this value, but Base is not there yet.',
        place: { file: "app.yaml" },
      },
    ]);
  });

  it("does not keep its stack from being destroyed", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network(), app()]);
    const gone = await reconcileInMemory(world, [app()], { neighbours: [], destroy: true });
    expect(gone.prepared.plan.diagnostics).toEqual([]);
    expect(world.things().map((each) => each.type)).toEqual(["Memory::Group"]);
  });
});

describe("an import that no stack of the project gives", () => {
  it("may be CloudFormation's", async () => {
    const world = createMemoryCloud();
    world.inputs.set("export:theirs", { value: "grp-9" });
    const { change } = await planInMemory(world, app({ Peer: imported("theirs") }));
    expect(change("Server").desired?.properties.Peer).toBe("grp-9");
  });

  it("is not known to be absent while CloudFormation cannot be asked", async () => {
    const { engine, run } = memoryEngine(createMemoryCloud());
    run.cloud.input = () => Promise.reject(new Refusal("denied", "not today"));
    await expect(engine.prepare([app({ Peer: imported("theirs") })])).rejects.toMatchObject({
      diagnostics: [{ code: "memory.denied", place: { file: "app.yaml", line: 8 } }],
    });
  });

  it("is an error with the nearest name, and where that is exported", async () => {
    const [refusal] = await refusalOf(createMemoryCloud(), [app({ Peer: imported("gruop-id") }), network()]);
    expect(refusal).toMatchObject({
      code: "import.undefined",
      remedy: 'Did you mean "group-id", which the stack "network" exports?',
      place: { file: "app.yaml" },
      related: [{ place: { file: "network.yaml" } }],
    });
  });

  it("names the outputs of a stack that has no such output", async () => {
    const Peer = { "Fn::GetStackOutput": { StackName: "network", OutputName: "GruopId" } };
    const [refusal] = await refusalOf(createMemoryCloud(), [app({ Peer }), network()]);
    expect(refusal).toMatchObject({ code: "import.undefined", remedy: 'Did you mean "GroupId"?' });
  });
});

describe("stacks", () => {
  it("that export one name twice are told both places", async () => {
    const [refusal] = await refusalOf(createMemoryCloud(), [network(), network({ Name: "b" }, { name: "second" })]);
    expect(refusal).toMatchObject({
      code: "export.duplicate",
      place: { file: "second.yaml" },
      related: [{ place: { file: "network.yaml" } }],
    });
  });

  it("that import from one another are refused", async () => {
    const one = network({ Description: imported("back") });
    const two = stackOf(
      { Own: group({ Description: imported("group-id") }) },
      { name: "two", template: { Outputs: { Back: exporting("back", "x") } } },
    );
    expect((await refusalOf(createMemoryCloud(), [one, two])).map((each) => each.code)).toEqual([
      "import.cycle",
      "import.cycle",
    ]);
  });

  it("that import what they export themselves are refused", async () => {
    const [refusal] = await refusalOf(createMemoryCloud(), [network({ Description: imported("text") })]);
    expect(refusal?.message).toBe('The stack "network" imports what it exports itself.');
  });

  it("whose exports a live stack outside the run uses are not destroyed", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network(), app()]);
    const options = { destroy: true, neighbours: [app()] };
    expect(await refusalOf(world, [network()], options)).toMatchObject([
      {
        code: "export.in-use",
        message: expect.stringContaining('Server of the stack "app"'),
        place: { file: "app.yaml" },
      },
    ]);
    await reconcileInMemory(world, [app()], { destroy: true, neighbours: [network()] });
    expect(await refusalOf(world, [network()], options)).toEqual([]);
  });

  it("that stop to export what a live stack outside the run uses are refused", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [network(), app()]);
    const without = stackOf({ Base: group({ Name: "base" }) }, { name: "network" });
    const options = { base: [network()], neighbours: [app()] };
    expect((await refusalOf(world, [without], options)).map((each) => each.code)).toEqual(["export.in-use"]);
    expect(await refusalOf(world, [network()], options)).toEqual([]);
  });
});
