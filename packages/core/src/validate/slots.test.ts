import { describe, expect, test } from "vitest";
import { lines, load } from "./fixture.ts";
import { registry, specification } from "./network-types.ts";
import { validateStacks } from "./validate.ts";

const environment = {};

async function problemsOf(...templates: string[]): Promise<string[]> {
  const files = Object.fromEntries(
    templates.map((text, index) => [`desired-state/s${index + 1}.yaml`, text.trimStart()]),
  );
  return lines(validateStacks(await load(files), { registry, specification, environment }));
}

const other = `
Resources:
  Other: { Type: Test::Role }
  Web:
    Type: Test::Group
    Properties:
      Rules:
        - { Port: 22, Source: 10.0.0.0/8 }
        - { Port: 80, Source: !GetAtt Other.Arn }
`;

describe("one element of a parent has one declarer", () => {
  test("the parent and a child", async () => {
    const child = `  Ssh: { Type: Test::Rule, Properties: { Group: !GetAtt Web.GroupId, Port: "22", Source: 10.0.0.0/8, Protocol: tcp } }\n`;
    expect(await problemsOf(other + child)).toEqual([
      'slot.declared-twice 9:3 This element of Rules of "Web" is declared twice: as "Ssh" and in Rules of "Web".',
    ]);
  });

  test("names both places", async () => {
    const child = `  Ssh: { Type: Test::Rule, Properties: { Group: !Ref Web, Port: 22, Source: 10.0.0.0/8 } }\n`;
    const files = { "desired-state/s.yaml": (other + child).trimStart() };
    const [diagnostic] = validateStacks(await load(files), { registry, environment });
    expect(diagnostic).toMatchObject({
      resource: "Ssh (Test::Rule)",
      place: { file: "desired-state/s.yaml", line: 9 },
      related: [{ place: { file: "desired-state/s.yaml", line: 7, column: 11 } }],
      remedy: "Declare it once: inside the resource it belongs to, or as a resource of its own.",
    });
  });

  test.each([
    ["another port", "Group: !GetAtt Web.GroupId, Port: 23, Source: 10.0.0.0/8"],
    ["another group", "Group: sg-1, Port: 22, Source: 10.0.0.0/8"],
    ["another protocol", "Group: !GetAtt Web.GroupId, Port: 22, Source: 10.0.0.0/8, Protocol: udp"],
    ["another unknown", "Group: !GetAtt Web.GroupId, Port: 80, Source: !Ref Other"],
    ["another text of the same unknown", `Group: !GetAtt Web.GroupId, Port: 80, Source: !Sub 'x\${Other.Arn}'`],
    ["a group that several resources make up", `Group: !Sub '\${Web}\${Other}', Port: 22, Source: 10.0.0.0/8`],
    ["a group of another type", "Group: !Ref Other, Port: 22, Source: 10.0.0.0/8"],
  ])("%s is another element", async (_, properties) => {
    expect(await problemsOf(`${other}  Child: { Type: Test::Rule, Properties: { ${properties} } }\n`)).toEqual([]);
  });

  test("the same unknown, written alike, is one element", async () => {
    const child =
      "  Child: { Type: Test::Rule, Properties: { Group: !Ref Web, Port: 80, Source: !GetAtt Other.Arn } }\n";
    expect(await problemsOf(other + child)).toEqual([expect.stringContaining("slot.declared-twice 9:3")]);
  });

  test("what is written over several lines is not compared before it is known", async () => {
    const source = "Source:\n            Fn::GetAtt:\n              - Other\n              - Arn\n";
    const parent = other.replace("{ Port: 80, Source: !GetAtt Other.Arn }\n", `Port: 80\n          ${source}`);
    const child = `  Child:\n    Type: Test::Rule\n    Properties:\n      Group: !Ref Web\n      Port: 80\n      ${source}`;
    expect(await problemsOf(parent + child)).toEqual([]);
  });

  test("two children", async () => {
    const child = (id: string) =>
      `  ${id}: { Type: Test::Rule, Properties: { Group: !GetAtt Web.GroupId, Port: 23, Source: a } }\n`;
    expect(await problemsOf(other + child("A") + child("B"))).toEqual([
      'slot.declared-twice 10:3 This element of Rules of "Web" is declared twice: as "B" and as "A".',
    ]);
  });

  test("children of two stacks, of a parent in neither", async () => {
    const child = (id: string) =>
      `Resources:\n  ${id}: { Type: Test::Rule, Properties: { Group: sg-1, Port: 23, Source: a } }\n`;
    expect(await problemsOf(child("A"), child("B"))).toEqual([
      'slot.declared-twice 2:3 This element of Rules of "sg-1" is declared twice: as "B" and as "A".',
    ]);
  });

  test("a child that gives the name of a parent in another stack", async () => {
    const parent = "Resources:\n  Role: { Type: Test::Role, Properties: { RoleName: reader, Profile: a } }\n";
    const child = "Resources:\n  Child: { Type: Test::Profile, Properties: { Role: reader, Name: b } }\n";
    expect(await problemsOf(parent, child)).toEqual([
      'slot.declared-twice 2:3 This element of Profile of "Role" is declared twice: as "Child" and in Profile of "Role".',
    ]);
  });

  test("twice in one list", async () => {
    const twice =
      "Resources:\n  Web:\n    Type: Test::Group\n    Properties:\n      Rules:\n        - { Port: 22, Source: a }\n        - { Port: 22, Source: a, Description: again }\n";
    expect(await problemsOf(twice)).toEqual(['slot.declared-twice 7:11 Rules of "Web" holds the same element twice.']);
  });

  test("what needs a value that is not known yet is left for later", async () => {
    const text = `
Resources:
  Other: { Type: Test::Group }
  Role: { Type: Test::Role, Properties: { RoleName: a, Trust: note } }
  Note: { Type: Test::Note, Properties: { Role: !Ref Role, Text: !GetAtt Other.GroupId } }
  Second: { Type: Test::Note, Properties: { Role: !Ref Role, Text: !GetAtt Other.GroupId } }
`;
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe("one name has one declarer", () => {
  const named = (id: string, properties: string) => `  ${id}: { Type: Test::Group, Properties: { ${properties} } }\n`;

  test("in one stack", async () => {
    expect(await problemsOf(`Resources:\n${named("A", "GroupName: web")}${named("B", "GroupName: web")}`)).toEqual([
      'name.declared-twice 3:52 The name "web" is declared twice: "B" and "A" are the same Test::Group.',
    ]);
  });

  test("in two", async () => {
    const stack = (id: string) => `Resources:\n${named(id, "GroupName: web")}`;
    expect(await problemsOf(stack("A"), stack("B"))).toEqual([
      'name.declared-twice 2:52 The name "web" is declared twice: "B" and "A" of the stack "s1" are the same Test::Group.',
    ]);
  });

  test("made of several properties, of which none is the name", async () => {
    const route = (id: string, path: string) =>
      `  ${id}: { Type: Test::Route, Properties: { Host: example.com, Path: ${path} } }\n`;
    expect(await problemsOf(`Resources:\n${route("A", "/a")}${route("B", "/b")}${route("C", "/a")}`)).toEqual([
      'name.declared-twice 4:39 This name is declared twice: "C" and "A" are the same Test::Route.',
    ]);
  });

  test("but a secret one is not shown", async () => {
    const parameter = (id: string) => `  ${id}: { Type: Test::Parameter, Properties: { Name: hidden, Value: a } }\n`;
    const problems = await problemsOf(`Resources:\n${parameter("A")}${parameter("B")}`);
    expect(problems.filter((each) => each.startsWith("name."))).toEqual([
      'name.declared-twice 3:51 This name is declared twice: "B" and "A" are the same Test::Parameter.',
    ]);
  });

  test("in the same new network", async () => {
    const network = "Resources:\n  Net: { Type: Test::Role }\n";
    const inside = (id: string) => named(id, "GroupName: web, Network: !Ref Net");
    expect(await problemsOf(network + inside("A") + inside("B"))).toHaveLength(1);
    expect(await problemsOf(network + inside("A") + named("B", "GroupName: web"))).toEqual([]);
  });

  test("where it can be had once: other regions have it again, unless the type has none", async () => {
    const stackFile = (region: string, template: string) => `template-file-path: ${template}\nregion: ${region}\n`;
    const files = (template: string) => ({
      "desired-state/a.yaml": stackFile("us-east-1", "t.yaml"),
      "desired-state/b.yaml": stackFile("eu-west-1", "t.yaml"),
      "t.yaml": template,
    });
    const check = async (template: string) =>
      lines(validateStacks(await load(files(template)), { registry, environment }));
    expect(await check(`Resources:\n${named("A", "GroupName: web")}`)).toEqual([]);
    expect(await check("Resources:\n  A: { Type: Test::Role, Properties: { RoleName: a } }\n")).toHaveLength(1);
  });
});
