import { describe, expect, test } from "vitest";
import { createRegistry } from "../resource/registry.ts";
import { load } from "../stack/harness.ts";
import type { Stack } from "../stack/model.ts";
import { environmentOf } from "../template/harness.ts";
import { planInMemory, reconcileInMemory } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { memoryTypes } from "../testing/memory-types.ts";
import { isLeftOutNotice, leaveOutUnsupported } from "./leave-out.ts";

const registry = createRegistry(memoryTypes) as never;

async function without(files: Record<string, string>, ...paths: string[]) {
  const loaded = await load(files, ...(paths.length > 0 ? paths : ["app.yaml"]));
  const { stacks, diagnostics } = leaveOutUnsupported(loaded, { registry, environment: {}, purpose: "plan" });
  const placed = stacks.map((stack): Stack => ({ ...stack, region: "us-east-1" }));
  return {
    stacks: placed,
    diagnostics,
    codes: diagnostics.map(({ code, severity, resource }) => `${severity} ${code} ${resource?.split(" ")[0]}`),
    left: placed.map((stack) => [...stack.template.resources.keys()]),
  };
}

const group = (properties = "") => `{ Type: Memory::Group, Properties: { ${properties} } }`;

describe("what is not supported", () => {
  test("is left out and listed, with what refers to it; the rest stays", async () => {
    const { codes, left } = await without({
      "app.yaml": `Resources:
  Plain: ${group()}
  Own: { Type: Custom::Thing, Properties: { ServiceToken: x } }
  Uses: ${group("Description: !GetAtt Own.Value")}
  UsesThat: ${group("Uses: [!Ref Uses]")}
  Waits: { Type: Memory::Group, DependsOn: Own }
Outputs: { O: { Value: !Ref Uses } }
`,
    });
    expect(left).toEqual([["Plain"]]);
    expect(codes).toEqual([
      "warning unsupported.type Own",
      "warning skipped.dependent Uses",
      "warning skipped.dependent UsesThat",
      "warning skipped.dependent Waits",
    ]);
  });

  test("takes along what waits for it, be it in a condition's branch or a nested stack, and says what to do", async () => {
    const { left, diagnostics } = await without({
      "app.yaml": `Conditions: { No: !Equals [a, b] }
Resources:
  Far: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x/y } }
  Gone: { Type: Custom::Thing, Condition: No }
  Waits: { Type: Memory::Group, DependsOn: Far }
  Later: { Type: Memory::Group, DependsOn: [Waits, Gone] }
  Noted: { Type: Memory::Group, Metadata: { After: !Ref Far } }
  Free: { Type: Memory::Group, DependsOn: Gone }
`,
    });
    expect(left).toEqual([["Free"]]);
    expect(diagnostics.filter((each) => each.code === "skipped.dependent")).toMatchObject([
      {
        message: "Waits is left out of this run: it waits for Far, which is left out.",
        resource: "Waits (Memory::Group)",
      },
      { message: "Later is left out of this run: it waits for Waits, which is left out." },
      { message: "Noted is left out of this run: it waits for Far, which is left out." },
    ]);
  });

  test("may be wrong in other ways too, and that is an error as it is without leaving out", async () => {
    const { codes } = await without({
      "app.yaml": `Resources:
  Own: { Type: Custom::Thing, Properties: { A: !Ref Nope } }
  Uses: ${group("Description: !GetAtt Own.Value, Nmae: a")}
`,
    });
    expect(codes).toEqual([
      "warning unsupported.type Own",
      "warning skipped.dependent Uses",
      "error ref.undefined Own",
      "error property.unknown Uses",
    ]);
  });

  test("does not hide what else is wrong", async () => {
    const { codes } = await without({
      "app.yaml": `Resources:
  Own: { Type: Custom::Thing }
  Plain: ${group("Nmae: a")}
`,
    });
    expect(codes).toEqual(["warning unsupported.type Own", "error property.unknown Plain"]);
  });

  test("takes along what other stacks import from it", async () => {
    const files = {
      "a.yaml": `Resources:
  Own: { Type: Custom::Thing }
  Plain: ${group()}
Outputs:
  X: { Value: !GetAtt Own.Arn, Export: { Name: x } }
  Y: { Value: !Ref Plain, Export: { Name: y } }
`,
      "b.yaml": `Resources:
  Gone: ${group("Description: !ImportValue x")}
  Stays: ${group("Description: !ImportValue y")}
`,
    };
    expect((await without(files, "a.yaml", "b.yaml")).left).toEqual([["Plain"], ["Stays"]]);
  });

  test("may be a nested stack behind an address, or a resource in a nested stack", async () => {
    const { left, codes } = await without({
      "app.yaml": `Resources:
  Far: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://x/y } }
  Near: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml } }
  Uses: ${group("Description: !GetAtt Far.Outputs.X")}
`,
      "child.yaml": `Resources:
  Own: { Type: Custom::Thing }
  Plain: ${group()}
`,
    });
    expect(left).toEqual([["Near/Plain"]]);
    expect(codes).toEqual([
      "warning unsupported.template-url Far",
      "warning unsupported.type Own",
      "warning skipped.dependent Uses",
    ]);
  });
});

test("what a loop makes of an outside value is left out as soon as that is known, and nothing else", async () => {
  const { stacks } = await without(
    {
      "s.yaml": "template-file-path: t.yaml\nparameters: { Names: { ssm: /names } }\n",
      "t.yaml": `Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Groups: [Name, !Ref Names, { "Group$\{Name}": ${group()} }]
  Own: { Type: Custom::Thing }
  Groupb: ${group("Description: !GetAtt Own.Text")}
`,
    },
    "s.yaml",
  );
  const [stack] = stacks;
  const read = (names: string[]) =>
    stack?.template.late?.read(environmentOf({ parameters: { Names: names } })).value?.resources.keys() ?? [];

  expect([...(stack?.template.resources.keys() ?? [])]).toEqual([]);
  expect([...read(["a", "c"])]).toEqual(["Groupa", "Groupc"]);
});

test.each([
  { code: "unsupported.type", severity: "warning", isNotice: true },
  { code: "not-yet.attribute", severity: "warning", isNotice: true },
  { code: "property.unsupported", severity: "warning", isNotice: true },
  { code: "skipped.dependent", severity: "warning", isNotice: true },
  { code: "unsupported.type", severity: "error", isNotice: false },
  { code: "ref.wrong-type", severity: "warning", isNotice: false },
] as const)("a $severity $code says that something is left out: $isNotice", ({ code, severity, isNotice }) => {
  expect(isLeftOutNotice({ code, severity, message: "x" })).toBe(isNotice);
});

describe("what is left out and lives", () => {
  const before = `Resources:
  Keep: ${group("Name: keep")}
  Parent: ${group("Name: parent")}
  Rule: { Type: Memory::Rule, Properties: { GroupId: !Ref Parent, Port: 22 } }
  Policy: { Type: Memory::Policy, Properties: { GroupId: !Ref Parent, PolicyName: p, Document: X } }
`;
  /** Now three of them refer to a custom resource. */
  const after = `Resources:
  Own: { Type: Custom::Thing }
  Keep: ${group("Name: keep, Description: !GetAtt Own.Text")}
  Parent: ${group("Name: parent")}
  Rule: { Type: Memory::Rule, Properties: { GroupId: !Ref Parent, Port: 22, Text: !GetAtt Own.Text } }
  Policy: { Type: Memory::Policy, Properties: { GroupId: !Ref Parent, PolicyName: p, Document: !GetAtt Own.Text } }
`;

  test.each([
    ["with base", true],
    ["without base", false],
  ])("stays as it is, %s", async (_, withBase) => {
    const world = createMemoryCloud();
    const base = (await without({ "app.yaml": before })).stacks;
    await reconcileInMemory(world, base);
    const live = world.things();
    const { stacks, left } = await without({ "app.yaml": after });
    expect(left).toEqual([["Parent"]]);
    const { changes, plan } = await planInMemory(world, stacks, withBase ? { base } : {});
    expect([changes, plan.stacks[0]?.orphans]).toEqual([[], []]);
    await reconcileInMemory(world, stacks, withBase ? { base } : {});
    expect(world.things()).toEqual(live);
  });

  test("stays also where a transform would have written the template", async () => {
    const world = createMemoryCloud();
    const base = (await without({ "app.yaml": before })).stacks;
    await reconcileInMemory(world, base);
    const { stacks } = await without({
      "app.yaml": `Transform: AWS::Serverless-2016-10-31\nResources:\n  F: { Type: AWS::Serverless::Function }\n  Keep: ${group("Name: keep")}\n`,
    });
    expect((await planInMemory(world, stacks, { base })).changes).toEqual([]);
  });

  test("goes with its stack", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, (await without({ "app.yaml": before })).stacks);
    await reconcileInMemory(world, (await without({ "app.yaml": after })).stacks, { destroy: true });
    expect(world.things()).toEqual([]);
  });

  test("goes when it leaves the template", async () => {
    const world = createMemoryCloud();
    const base = (await without({ "app.yaml": before })).stacks;
    await reconcileInMemory(world, base);
    const { stacks } = await without({ "app.yaml": after.replace(/ {2}Keep.*\n/, "") });
    expect((await planInMemory(world, stacks, { base })).changes).toEqual(["delete Keep"]);
  });
});
