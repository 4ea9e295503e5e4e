import { expect, test } from "vitest";
import { Unknown } from "../value.ts";
import { declaredOffline } from "./declare-offline.ts";
import { load } from "./fixture.ts";
import { registry } from "./network-types.ts";

/** Logical ids with the properties that files alone say; an unknown as what it comes from. */
async function declared(template: string, parameters = "{}") {
  const { stacks } = await load({
    "desired-state/s.yaml": `template-file-path: ../t.yaml\nparameters: ${parameters}\n`,
    "t.yaml": template,
  });
  const resources = stacks.flatMap((stack) => declaredOffline(stack, registry));
  return resources.map(({ logicalId, type, properties }) => [
    logicalId,
    type.type,
    Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, value instanceof Unknown ? value.sources : value]),
    ),
  ]);
}

test("what a stack declares is known as far as its files say, without defaults", async () => {
  const template = `
Parameters: { Word: { Type: String } }
Resources:
  Role: { Type: Test::Role, Properties: { RoleName: reader } }
  Note: { Type: Test::Parameter, Properties: { Name: !Ref Word, Value: !GetAtt Role.Arn } }
`;
  expect(await declared(template, "{ Word: { ssm: /word } }")).toEqual([
    ["Role", "Test::Role", { RoleName: "reader" }],
    ["Note", "Test::Parameter", { Name: ["ssm:/word"], Value: ["Role.Arn"] }],
  ]);
});

test("what may be there is among it; what is not, and what has no provider, is not", async () => {
  const template = `
Parameters: { Stage: { Type: String } }
Conditions: { IsLive: !Equals [!Ref Stage, live], Never: !Equals [a, b] }
Resources:
  Perhaps: { Type: Test::Role, Condition: IsLive }
  Gone: { Type: Test::Role, Condition: Never }
  Foreign: { Type: Test::Queue }
`;
  expect(await declared(template, "{ Stage: { ssm: /stage } }")).toEqual([["Perhaps", "Test::Role", {}]]);
});
