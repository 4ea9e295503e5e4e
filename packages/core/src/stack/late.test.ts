// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { expect, test } from "vitest";
import { load } from "./harness.ts";
import { inputsOf } from "./inputs.ts";

const template = `
Transform: AWS::LanguageExtensions
Parameters:
  Names: { Type: CommaDelimitedList, Default: "a,b" }
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - "Topic\${Name}": { Type: A::B::C, DependsOn: "Queue\${Name}" }
  Queuea: { Type: A::B::C }
  Queueb: { Type: A::B::C }
`;

async function idsWith(stackFile: string) {
  const { stacks, problems } = await load(
    { "s.yaml": `template-file-path: t.yaml\n${stackFile}`, "t.yaml": template },
    "s.yaml",
  );
  return { stack: stacks[0], ids: [...(stacks[0]?.template.resources.keys() ?? [])], problems };
}

test("a loop over a parameter runs over its Default, or what the stack file gives", async () => {
  expect(await idsWith("")).toMatchObject({ ids: ["Topica", "Topicb", "Queuea", "Queueb"], problems: [] });
  expect(await idsWith("parameters: { Names: [a] }")).toMatchObject({ ids: ["Topica", "Queuea", "Queueb"] });
});

test("what is wrong for these values only is said once", async () => {
  expect((await idsWith("parameters: { Names: [a, c] }")).problems).toEqual(["depends-on.undefined t.yaml:9:51"]);
});

test("a loop over an outside value waits, and the value is asked for even where only the loop uses it", async () => {
  const { stack, ids, problems } = await idsWith("parameters: { Names: { ssm: /names } }");
  expect([ids, problems]).toEqual([["Queuea", "Queueb"], []]);
  expect(stack && inputsOf(stack, {}, new Map(), true)).toMatchObject([{ kind: "ssm", name: "/names" }]);
});

test("a loop over a parameter may declare nested stacks, and these may loop over what they are given", async () => {
  const parent = `
Transform: AWS::LanguageExtensions
Parameters: { Zones: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Parts:
    - Zone
    - !Ref Zones
    - "Part\${Zone}":
        Type: AWS::CloudFormation::Stack
        Properties: { TemplateURL: ./part.yaml, Parameters: { Names: !Sub "\${Zone}1,\${Zone}2" } }
`;
  const part = `
Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList } }
Resources:
  Fn::ForEach::Topics: [Name, !Ref Names, { "Topic\${Name}": { Type: A::B::C } }]
`;
  const { stacks, problems } = await load(
    { "s.yaml": "template-file-path: t.yaml\nparameters: { Zones: [a, b] }", "t.yaml": parent, "part.yaml": part },
    "s.yaml",
  );
  expect(problems).toEqual([]);
  expect([...(stacks[0]?.template.resources.keys() ?? [])]).toEqual([
    "Parta/Topica1",
    "Parta/Topica2",
    "Partb/Topicb1",
    "Partb/Topicb2",
  ]);
});
