import { describe, expect, it } from "vitest";
import { resourceTag } from "../resource/owner.ts";
import { load } from "../stack/harness.ts";
import type { Stack } from "../stack/model.ts";
import { changesOf, planInMemory, reconcileInMemory } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";

type World = ReturnType<typeof createMemoryCloud>;

const child = `Parameters: { Peer: { Type: String }, Image: { Type: String, Default: v1 } }
Resources:
  Group: { Type: Memory::Group, Properties: { Description: !Ref Image } }
  Server: { Type: Memory::Server, Properties: { Image: !Ref Image, Peer: !Ref Peer, GroupIds: [!Ref Group] } }
Outputs:
  GroupId: { Value: !Ref Group }
`;

const parent = `Resources:
  Last: { Type: Memory::Server, Properties: { Image: v1, Peer: !GetAtt Inner.Outputs.GroupId } }
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters: { Peer: !Ref First }
      Tags: [{ Key: Team, Value: core }]
  First: { Type: Memory::Group, Properties: { Name: first } }
`;

async function stackOf(change: (text: string) => string = (text) => text): Promise<Stack> {
  const { stacks, problems } = await load({ "app.yaml": change(parent), "child.yaml": change(child) }, "app.yaml");
  expect(problems).toEqual([]);
  return { ...(stacks[0] as Stack), region: "us-east-1" };
}

const find = (world: World, id: string) =>
  world.things().find((each) => each.tags?.[resourceTag]?.startsWith(`${id}/`));

describe("the resources of a nested stack", () => {
  it("are made in the order of what uses what, across both templates, and nothing is left to do", async () => {
    const world = createMemoryCloud();
    const stack = await stackOf();
    const { run } = await reconcileInMemory(world, [stack]);
    const made = run?.results.map((each) => each.step.logicalId) ?? [];
    expect(made.indexOf("First")).toBeLessThan(made.indexOf("Inner/Server"));
    expect(find(world, "Last")?.properties.Peer).toBe(find(world, "Inner/Group")?.id);
    expect(find(world, "Inner/Server")?.properties.Peer).toBe(find(world, "First")?.id);
    expect(changesOf(await planInMemory(world, stack))).toEqual([]);
  });

  it("carry the nested stack's name in their tags and names, and its tags", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [await stackOf()]);
    const group = find(world, "Inner/Group");
    expect(group?.tags).toMatchObject({ [resourceTag]: "Inner/Group/Memory::Group", Team: "core" });
    expect(group?.properties.Name).toMatch(/^app-Inner-Group-[a-z2-7]{8}$/);
    expect(find(world, "First")?.tags).not.toHaveProperty("Team");
  });

  it("differ by their logical id and by the child's place", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [await stackOf()]);
    const changed = await stackOf((text) => text.replace("Default: v1", "Default: v2"));
    const { change, changes } = await planInMemory(world, changed, { base: [await stackOf()] });
    expect(changes).toEqual([
      expect.stringContaining("update Inner/Group /Description"),
      expect.stringContaining("replace Inner/Server /Image"),
    ]);
    expect(change("Inner/Group")).toMatchObject({ cause: "change", place: { file: "child.yaml", line: 3 } });
  });

  it("go when the nested stack goes, and with the stack", async () => {
    const world = createMemoryCloud();
    const before = await stackOf();
    await reconcileInMemory(world, [before]);
    const { stacks } = await load(
      { "app.yaml": "Resources: { First: { Type: Memory::Group, Properties: { Name: first } } }" },
      "app.yaml",
    );
    const after = { ...(stacks[0] as Stack), region: "us-east-1" };
    await reconcileInMemory(world, [after], { base: [before] });
    expect(world.things().map((each) => each.properties.Name)).toEqual(["first"]);
    await reconcileInMemory(world, [before], { base: [after] });
    await reconcileInMemory(world, [before], { destroy: true });
    expect(world.things()).toEqual([]);
  });

  it("import from other stacks, and export to them", async () => {
    const world = createMemoryCloud();
    const one = `Resources: { Group: { Type: Memory::Group, Properties: { Name: one } } }
Outputs: { Id: { Value: !Ref Group, Export: { Name: one } } }
`;
    const two = `Resources: { Server: { Type: Memory::Server, Properties: { Image: v1, Peer: !ImportValue one } } }
`;
    const around = (file: string) =>
      `Resources: { Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner/${file} } } }\n`;
    const files = {
      "a.yaml": around("two.yaml"),
      "b.yaml": around("one.yaml"),
      "inner/one.yaml": one,
      "inner/two.yaml": two,
    };
    const { stacks, problems } = await load(files, "a.yaml", "b.yaml");
    expect(problems).toEqual([]);
    await reconcileInMemory(
      world,
      stacks.map((stack) => ({ ...stack, region: "us-east-1" })),
    );
    expect(find(world, "Inner/Server")?.properties.Peer).toBe(find(world, "Inner/Group")?.id);
  });

  const conditional = (condition: string, given: string) =>
    stackOf((text) =>
      text
        .replace("Resources:\n  Group: {", `Conditions: { Has: ${condition} }\nResources:\n  Group: { Condition: Has,`)
        .replace("Peer: !Ref First", `Peer: ${given}`)
        .replace(", GroupIds: [!Ref Group]", "")
        .replace("Value: !Ref Group", "Value: a"),
    );

  it("are refused where it cannot be known before they are made whether they are part of the stack", async () => {
    const stack = await conditional("!Equals [!Ref Peer, x]", "!Ref First");
    await expect(planInMemory(createMemoryCloud(), stack)).rejects.toMatchObject({
      diagnostics: [
        {
          code: "nested.condition",
          place: { file: "child.yaml" },
          message: expect.stringMatching(/^Whether Inner\/Group is part of the stack depends on First,/),
          related: [
            { message: 'The condition "Has" decides it.', place: { file: "child.yaml" } },
            { message: '"First" is declared here.', place: { file: "app.yaml" } },
          ],
        },
      ],
    });
  });

  it.each([
    ["an identifier", '!Equals [!Ref Peer, ""]', "!Ref First", false],
    ["an identifier, the other way", '!Not [!Equals ["", !Ref Peer]]', "!GetAtt First.GroupId", true],
    ["nothing", '!Not [!Equals [!Ref Peer, ""]]', '""', false],
  ])("may be part of the stack by whether %s is given", async (_, condition, given, isMade) => {
    const world = createMemoryCloud();
    const stack = await conditional(condition, given);
    await reconcileInMemory(world, [stack]);
    expect(find(world, "Inner/Group") !== undefined).toBe(isMade);
    expect((await planInMemory(world, stack)).changes).toEqual([]);
  });

  it("are refused where that cannot be known of an output of theirs", async () => {
    const stack = await stackOf((text) =>
      text
        .replace("Outputs:\n", "Conditions: { Has: !Equals [!Ref Peer, x] }\nOutputs:\n")
        .replace("GroupId: { Value", "GroupId: { Condition: Has, Value"),
    );
    await expect(planInMemory(createMemoryCloud(), stack)).rejects.toMatchObject({
      diagnostics: [
        {
          code: "nested.condition",
          place: { file: "child.yaml", line: 7 },
          message: expect.stringMatching(/^Whether Inner\/GroupId is part of the stack depends on First,/),
        },
      ],
    });
  });
});
