import { expect, test } from "vitest";
import { load } from "../stack/harness.ts";
import { evaluateConditions } from "../template/evaluate.ts";
import { environmentOf, unread } from "../template/harness.ts";
import { checkUndecided } from "./undecided.ts";

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

test("what waits for a resource is said once, with the condition and the resource; what waits for a parameter may be decided yet", async () => {
  const { stacks } = await load({ "app.yaml": parent, "child.yaml": child }, "app.yaml");
  const template = stacks[0]?.template;
  if (!template) throw new Error("The template is read.");
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
