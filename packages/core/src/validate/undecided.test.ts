import { expect, test } from "vitest";
import { load } from "../stack/harness.ts";
import { evaluateConditions } from "../template/evaluate.ts";
import { environmentOf, unread } from "../template/harness.ts";
import type { Template } from "../template/model.ts";
import { checkUndecided } from "./undecided.ts";

async function templateOf(text: string, files: Record<string, string>): Promise<Template> {
  const { stacks } = await load({ "app.yaml": text, ...files }, "app.yaml");
  return stacks[0]?.template as Template;
}

const child = `Parameters: { Size: { Type: String }, Name: { Type: String } }
Conditions: { IsBig: !Equals [!Ref Size, big], IsOurs: !Equals [!Ref Name, ours] }
Resources:
  A: { Type: A::B::C, Condition: IsBig }
  B: { Type: A::B::C, Condition: IsBig }
  C: { Type: A::B::C, Condition: IsOurs }
Outputs: { O: { Condition: IsBig, Value: a } }
`;

const parent = `Parameters: { Name: { Type: String } }
Resources:
  First: { Type: A::B::C }
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: child.yaml, Parameters: { Size: !GetAtt First.Size, Name: !Ref Name } }
`;

const asking = `Resources:
  First: { Type: A::B::C }
  Middle:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: middle.yaml, Parameters: { Name: !GetAtt First.Name } }
`;
const middle = `Parameters: { Name: { Type: String } }
Conditions: { IsOurs: !Equals [!Ref Name, ours] }
Resources:
  Inner: { Type: AWS::CloudFormation::Stack, Condition: IsOurs, Properties: { TemplateURL: inner.yaml } }
`;

test("what is in a nested stack waits with it", async () => {
  const inner = "Resources: { A: { Type: A::B::C } }\n";
  const template = await templateOf(asking, { "middle.yaml": middle, "inner.yaml": inner });
  expect(checkUndecided(template, evaluateConditions(template, environmentOf()))).toMatchObject([
    {
      message: expect.stringMatching(/^Whether Middle\/Inner\/A is part of the stack depends on First.Name,/),
      place: { file: "inner.yaml" },
      related: [{ message: '"First" is declared here.' }],
    },
  ]);
});

test("what waits for a resource is said once, with the condition and the resource; what waits for a parameter may be decided yet", async () => {
  const template = await templateOf(parent, { "child.yaml": child });
  const environment = environmentOf({ parameters: { Name: unread("Name") } });
  expect(checkUndecided(template, evaluateConditions(template, environment))).toMatchObject([
    {
      code: "nested.condition",
      message:
        "Whether Inner/A, Inner/B, Inner/O are part of the stack depends on First.Size, which is not known before resources are read.",
      place: { file: "child.yaml", line: 4, column: 3 },
      related: [
        { message: 'The condition "IsBig" decides it.', place: { file: "child.yaml", line: 4 } },
        { message: '"First" is declared here.', place: { file: "app.yaml", line: 3 } },
      ],
    },
  ]);
});
