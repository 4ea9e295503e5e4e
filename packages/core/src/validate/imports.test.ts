// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { expect, test } from "vitest";
import { load } from "../stack/harness.ts";
import { checkImports } from "./imports.ts";

async function check(files: Record<string, string>, ...paths: string[]): Promise<string[]> {
  const { stacks, neighbours } = await load(files, ...paths);
  return checkImports(stacks, neighbours, { AWS_REGION: "us-east-1" }).map(
    ({ code, severity, place }) => `${severity} ${code} ${place?.file}:${place?.line}:${place?.column}`,
  );
}

const importing = (name: string) => `Resources:
  R:
    Type: A::B::C
    Properties: { P: ${name} }
`;
const exporting = (name: string) => `Resources: { R: { Type: A::B::C } }
Outputs:
  O: { Value: a, Export: { Name: ${name} } }
`;

test.each([
  ["in the run", "!ImportValue vpc-id", "vpc-id", ["a.yaml", "b.yaml"]],
  ["beside it", "!ImportValue vpc-id", "vpc-id", ["a.yaml"]],
  ["made of what is known", "{ Fn::ImportValue: !Sub '${AWS::Region}-vpc' }", "!Sub '${AWS::Region}-vpc'", ["a.yaml"]],
  ["by the output's name", "!GetStackOutput { StackName: b, OutputName: O }", "x", ["a.yaml"]],
  ["not known yet", "{ Fn::ImportValue: !Sub '${AWS::AccountId}-vpc' }", "x", ["a.yaml"]],
])("an import that is exported, %s, is right", async (_, wanted, given, paths) => {
  expect(await check({ "a.yaml": importing(wanted), "b.yaml": exporting(given) }, ...paths)).toEqual([]);
});

test.each([
  ["!ImportValue vcp-id", "vpc-id", ["warning import.not-in-project a.yaml:4:35"]],
  ["!ImportValue something-else", "vpc-id", ["note import.not-in-project a.yaml:4:35"]],
  ["!GetStackOutput { StackName: c, OutputName: O }", "vpc-id", ["note import.not-in-project a.yaml:4:38"]],
  ["x", "!Ref R", ["error export.name b.yaml:3:39"]],
])("%s, where there is %s: %j", async (wanted, given, problems) => {
  expect(await check({ "a.yaml": importing(wanted), "b.yaml": exporting(given) }, "a.yaml", "b.yaml")).toEqual(
    problems,
  );
});

test("an export that is there twice, and stacks that wait for one another, are errors", async () => {
  const both = (wanted: string, given: string) =>
    `${importing(`!ImportValue ${wanted}`)}${exporting(given).split("\n").slice(1).join("\n")}`;
  const twice = { "a.yaml": exporting("x"), "b.yaml": exporting("x") };
  expect(await check(twice, "a.yaml", "b.yaml")).toEqual(["error export.duplicate b.yaml:3:34"]);
  // A template beside it may be another version of the same.
  expect(await check(twice, "b.yaml")).toEqual([]);
  const stackFile = { ...twice, "c.yaml": "template-file-path: a.yaml\n" };
  expect(await check(stackFile, "b.yaml")).toEqual(["error export.duplicate a.yaml:3:34"]);
  const circle = { "a.yaml": both("x", "y"), "b.yaml": both("y", "x") };
  expect(await check(circle, "a.yaml", "b.yaml")).toEqual([
    "error import.cycle a.yaml:4:35",
    "error import.cycle b.yaml:4:35",
  ]);
});
