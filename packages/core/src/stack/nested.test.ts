// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, test } from "vitest";
import { evaluateConditions, evaluateOutput, evaluateResource } from "../template/evaluate.ts";
import { environmentOf, unread, type World } from "../template/harness.ts";
import type { Template } from "../template/model.ts";
import { load } from "./harness.ts";

const child = `Parameters:
  Name: { Type: String }
  Sizes: { Type: CommaDelimitedList, Default: "1, 2", AllowedValues: [1, 2, 3, "04"] }
  Secret: { Type: String, NoEcho: true, Default: s3cret }
Conditions:
  IsBig: !Equals [!Ref Name, big]
Resources:
  Thing:
    Type: A::B::Thing
    Properties: { Name: !Ref Name, Sizes: !Ref Sizes, Secret: !Ref Secret, Stack: !Ref AWS::StackName }
  Other: { Type: A::B::Other, Condition: IsBig, DependsOn: Thing, Properties: { Thing: !GetAtt Thing.Arn } }
Outputs:
  Arn: { Value: !GetAtt Thing.Arn }
  Text: { Value: !Sub "<\${Name}>" }
  Big: { Value: yes, Condition: IsBig }
`;

async function templateOf(parent: string, files: Record<string, string> = {}): Promise<Template> {
  const { stacks, problems } = await load({ "app/p.yaml": parent, "app/child.yaml": child, ...files }, "app/p.yaml");
  expect(problems).toEqual([]);
  return stacks[0]?.template as Template;
}

const parentWith = (parameters: string, more = "") => `Parameters: { Given: { Type: String, Default: given } }
Conditions: { No: !Equals [a, b] }
Resources:
  Own: { Type: A::B::Own, Properties: { From: !GetAtt Inner.Outputs.Arn } }
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ./child.yaml, Parameters: ${parameters} }
${more}`;

const world: World = { parameters: { Given: "given" } };

function propertiesOf(template: Template, id: string, also: World = {}) {
  const { properties, references, diagnostics } = evaluateResource(template, id, environmentOf({ ...world, ...also }));
  return { properties, uses: references.map((each) => each.logicalId), codes: diagnostics.map((each) => each.code) };
}

function problemsIn(template: Template): string[] {
  const { diagnostics } = evaluateConditions(template, environmentOf(world));
  return diagnostics.map(({ code, place }) => `${code} ${place?.file}:${place?.line}:${place?.column}`);
}

describe("a nested stack", () => {
  test("is expanded in place, with the parameters that it is given and the Defaults of the others", async () => {
    const template = await templateOf(parentWith("{ Name: !Sub 'x-${Given}', Sizes: [3, 04] }"));
    expect([...template.resources.keys()]).toEqual(["Own", "Inner/Thing", "Inner/Other"]);
    expect(propertiesOf(template, "Inner/Thing").properties).toEqual({
      Name: "x-given",
      Sizes: ["3", "04"],
      Secret: "s3cret",
      Stack: "agent-Inner",
    });
    const { sensitive, placeOf } = evaluateResource(template, "Inner/Thing", environmentOf(world));
    expect([...sensitive]).toEqual(["/Secret"]);
    expect(placeOf("/Name")).toMatchObject({ file: "app/child.yaml", line: 10 });
  });

  test("refers to its own resources and to those that its parameters are made of", async () => {
    const template = await templateOf(parentWith("{ Name: !Ref Before }", "  Before: { Type: A::B::Own }\n"));
    const attributes = { Before: { value: "big" }, "Inner/Thing.Arn": { value: "arn:t" } };
    expect(propertiesOf(template, "Inner/Thing", { attributes })).toMatchObject({
      properties: { Name: "big" },
      uses: ["Before"],
    });
    expect(propertiesOf(template, "Inner/Other", { attributes })).toMatchObject({
      properties: { Thing: "arn:t" },
      uses: ["Inner/Thing", "Inner/Thing"],
    });
  });

  test("gives its outputs, with what they are made of", async () => {
    const template = await templateOf(parentWith("{ Name: a }"));
    expect(propertiesOf(template, "Own", { attributes: { "Inner/Thing.Arn": { value: "arn:t" } } })).toEqual({
      properties: { From: "arn:t" },
      uses: ["Inner/Thing"],
      codes: [],
    });
  });

  test("is part of the stack with all that is in it, or not at all", async () => {
    const template = await templateOf(
      parentWith("{ Name: big }").replace("    Type: AWS::Cl", "    Condition: No\n    Type: AWS::Cl"),
    );
    const { resources, outputs } = evaluateConditions(template, environmentOf(world));
    expect([[...resources], [...outputs]]).toEqual([["Own"], []]);
    expect(propertiesOf(template, "Own").codes).toEqual(["ref.inactive"]);
  });

  test("is undecided with all that is in it as long as its condition is", async () => {
    const late = parentWith("{ Name: big }").replace("!Equals [a, b]", "!Equals [a, !Ref Given]");
    const template = await templateOf(late.replace("    Type: AWS::Cl", "    Condition: No\n    Type: AWS::Cl"));
    const { undecided } = evaluateConditions(template, environmentOf({ parameters: { Given: unread("Given") } }));
    expect([...undecided.keys()]).toEqual(["Inner/Thing", "Inner/Other", "Inner/Arn", "Inner/Text", "Inner/Big"]);
  });

  const around = (given: string) => `Resources:
  First: { Type: A::B::BigGroup }
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ./asks.yaml, Parameters: { Name: ${given} } }
  Gives:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ./gives.yaml }
`;
  const asks = `Parameters: { Name: { Type: String } }
Conditions: { IsGiven: !Not [!Equals [!Ref Name, ""]] }
Resources:
  Always: { Type: A::B::C }
  Asked: { Type: A::B::C, Condition: IsGiven }
`;
  const gives = `Resources: { Own: { Type: A::B::C } }
Outputs: { Id: { Value: !Ref Own }, Text: { Value: !GetAtt Own.Text } }
`;
  test.each([
    ["!Ref First", "is"],
    ["!GetAtt First.GroupId", "is"],
    ["!GetAtt First.Arn", "is"],
    ["!GetAtt Gives.Outputs.Id", "is"],
    ['""', "is not"],
    ["!GetAtt First.SecretArn", "may be"],
    ["!GetAtt First.Text", "may be"],
    ["!GetAtt Gives.Outputs.Text", "may be"],
    ["!Select [0, !Split [',', !Ref First]]", "may be"],
  ])("that is given %s knows that it %s given", async (given, expected) => {
    const template = await templateOf(around(given), { "app/asks.yaml": asks, "app/gives.yaml": gives });
    const { resources, undecided } = evaluateConditions(template, environmentOf());
    const found = undecided.has("Inner/Asked") ? "may be" : resources.has("Inner/Asked") ? "is" : "is not";
    expect(found).toBe(expected);
  });

  test("keeps a secret that it is given secret, and what it gives back", async () => {
    const parent = parentWith("{ Name: !Ref Given }").replace("Outputs.Arn", "Outputs.Text");
    const environment = environmentOf({ parameters: { Given: { value: "s3cret", sensitive: true } } });
    const template = await templateOf(parent);
    const own = evaluateResource(template, "Own", environment);
    const inner = evaluateResource(template, "Inner/Thing", environment);
    expect([[...inner.sensitive], [...own.sensitive]]).toEqual([["/Name", "/Secret"], ["/From"]]);
  });

  test.each([
    ["is read", { "ssm:/sizes": { value: "3, 4" } }, ["3", "4"]],
    ["is not known yet", {}, unread("ssm:/sizes")],
  ])("has a parameter that names one of Parameter Store: what stands there %s", async (_, inputs, sizes) => {
    const stored = child.replace(/Sizes: .*/, 'Sizes: { Type: "AWS::SSM::Parameter::Value<CommaDelimitedList>" }');
    const template = await templateOf(parentWith("{ Name: a, Sizes: /sizes }"), { "app/child.yaml": stored });
    expect(propertiesOf(template, "Inner/Thing", { inputs }).properties).toMatchObject({ Sizes: sizes });
  });

  test("has no tags where they are AWS::NoValue", async () => {
    const template = await templateOf(parentWith("{ Name: a }, Tags: !Ref AWS::NoValue"));
    expect(evaluateResource(template, "Inner/Thing", environmentOf(world)).stackTags).toEqual([]);
  });

  test("has conditions of its own, by what it is given", async () => {
    const active = async (name: string) => {
      const template = await templateOf(parentWith(`{ Name: ${name} }`));
      return [...evaluateConditions(template, environmentOf(world)).resources];
    };
    expect(await active("big")).toEqual(["Own", "Inner/Thing", "Inner/Other"]);
    expect(await active("small")).toEqual(["Own", "Inner/Thing"]);
  });

  test("waits, and is waited for, as a whole; is kept and protected as a whole", async () => {
    const template = await templateOf(`Resources:
  First: { Type: A::B::Own }
  Inner:
    Type: AWS::CloudFormation::Stack
    DependsOn: First
    DeletionPolicy: Retain
    Metadata: { Reconcile: { protect: true } }
    Properties: { TemplateURL: child.yaml, Parameters: { Name: a }, Tags: [{ Key: Team, Value: core }] }
  Last: { Type: A::B::Own, DependsOn: [Inner, First] }
`);
    const other = template.resources.get("Inner/Other");
    expect(other?.dependsOn.map((each) => each.logicalId)).toEqual(["Inner/Thing", "First"]);
    expect([other?.deletionPolicy, other?.reconcile.protect]).toEqual(["Retain", true]);
    const last = template.resources.get("Last");
    expect(last?.dependsOn.map((each) => each.logicalId)).toEqual(["Inner/Thing", "Inner/Other", "First"]);
    const { stackTags } = evaluateResource(template, "Inner/Thing", environmentOf(world));
    expect(stackTags).toEqual([[{ Key: "Team", Value: "core" }]]);
  });

  test("may be nested in nested stacks, each from its own folder", async () => {
    const middle = `Parameters: { Up: { Type: String } }
Resources:
  Deep:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ../child.yaml, Parameters: { Name: !Sub "\${Up}!" } }
Outputs:
  Through: { Value: !GetAtt Deep.Outputs.Text, Export: { Name: deep } }
`;
    const parent = `Resources:
  Middle: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: deep/middle.yaml, Parameters: { Up: a } } }
  Own: { Type: A::B::Own, Properties: { From: !Sub "\${Middle.Outputs.Through}?", Id: !Ref Middle } }
`;
    const template = await templateOf(parent, { "app/deep/middle.yaml": middle });
    expect([...template.resources.keys()]).toEqual(["Middle/Deep/Thing", "Middle/Deep/Other", "Own"]);
    expect(propertiesOf(template, "Middle/Deep/Thing").properties).toMatchObject({
      Name: "a!",
      Stack: "agent-Middle-Deep",
    });
    expect(propertiesOf(template, "Own").properties).toMatchObject({ From: "<a!>?" });
    expect(evaluateOutput(template, "Middle/Through", environmentOf(world)).known).toEqual({ value: "<a!>" });
  });

  test("of one file may be there twice", async () => {
    const nested = (name: string) =>
      `{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml, Parameters: { Name: ${name} } } }`;
    const template = await templateOf(`Resources:\n  A: ${nested("a")}\n  B: ${nested("!GetAtt A.Outputs.Text")}\n`);
    expect(propertiesOf(template, "B/Thing").properties).toMatchObject({ Name: "<a>" });
  });

  test("that CDK made is read from where CDK put it", async () => {
    const parent = JSON.stringify({
      Resources: {
        Inner: {
          Type: "AWS::CloudFormation::Stack",
          Properties: {
            TemplateURL: { "Fn::Sub": "https://s3.${AWS::Region}.${AWS::URLSuffix}/x" },
            Parameters: { Name: "a" },
          },
          Metadata: { "aws:asset:path": "child.yaml", "aws:asset:property": "TemplateURL" },
        },
      },
    });
    expect([...(await templateOf(parent)).resources.keys()]).toEqual(["Inner/Thing", "Inner/Other"]);
  });

  test("that loops over what it is given is read again once that is known", async () => {
    const loop = `Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList } }
Resources:
  "Fn::ForEach::Each": [Name, !Ref Names, { "Thing\${Name}": { Type: A::B::Thing, Properties: { Name: !Ref Name } } }]
`;
    const parent = `Parameters: { List: { Type: CommaDelimitedList, Default: "A,B" } }
Resources:
  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: loop.yaml, Parameters: { Names: !Ref List } } }
`;
    const template = await templateOf(parent, { "app/loop.yaml": loop });
    expect([...template.resources.keys()]).toEqual(["Inner/ThingA", "Inner/ThingB"]);
  });
});

describe("what is wrong with a nested stack", () => {
  test.each([
    ["{ TemplateURL: https://s3.amazonaws.com/bucket/child.yaml }", ["unsupported.template-url app/p.yaml:2:73"]],
    ["{ TemplateURL: s3://bucket/child.yaml }", ["unsupported.template-url app/p.yaml:2:73"]],
    ["{ TemplateURL: !Sub 'x' }", ["unsupported.template-url app/p.yaml:2:78"]],
    ["{ TemplateURL: '{{resolve:ssm:/a}}' }", ["unsupported.template-url app/p.yaml:2:73"]],
    ["{ TemplateURL: ../../child.yaml }", ["file.outside app/p.yaml:2:73"]],
    ["{ TemplateURL: /child.yaml }", ["file.outside app/p.yaml:2:73"]],
    ["{ TemplateURL: chlid.yaml }", ["nested.template-missing app/p.yaml:2:73"]],
    ["{ TemplateURL: p.yaml }", ["nested.cycle app/p.yaml:2:73"]],
    ["{ TemplateURL: round.yaml }", ["nested.cycle app/round.yaml:2:73"]],
    ["{}", ["nested.no-template app/p.yaml:2:3"]],
    ["{ TemplateURL: fine.yaml, Paramters: {} }", ["property.unknown app/p.yaml:2:84"]],
    ["{ TemplateURL: fine.yaml, TimeoutInMinutes: 5 }", ["unsupported.nested app/p.yaml:2:84"]],
  ])("%s: %j", async (properties, expected) => {
    const { problems, stacks } = await load(
      {
        "app/p.yaml": `Resources:\n  Inner: { Type: AWS::CloudFormation::Stack, Properties: ${properties} }\nOutputs: { O: { Value: !GetAtt Inner.Outputs.X } }\n`,
        "app/fine.yaml": "Resources: { R: { Type: A::B::C } }\nOutputs: { X: { Value: a } }\n",
        "app/round.yaml":
          "Resources:\n  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: p.yaml } }\nOutputs: { X: { Value: a } }\n",
      },
      "app/p.yaml",
    );
    expect(problems).toEqual(expected);
    // Nothing is said twice.
    const template = stacks[0]?.template as Template;
    expect(evaluateOutput(template, "O", environmentOf(world)).diagnostics).toEqual([]);
  });

  test.each([
    ["{}", ["parameter.missing app/p.yaml:5:3"]],
    ["{ Name: a, Nmae: b }", ["parameter.unknown app/p.yaml:7:69"]],
    ["{ Name: { a: b } }", ["parameter.form app/p.yaml:7:66"]],
    ["[a, b]", ["template.form app/p.yaml:7:58", "parameter.missing app/p.yaml:5:3"]],
    ["{ Name: !Ref Nowhere }", ["ref.undefined app/p.yaml:7:71"]],
    ["{ Name: !GetAtt Inner.Outputs.Arn }", ["nested.circle app/p.yaml:5:3"]],
    ["{ Name: !Sub '${Inner.Outputs.Arn} ${Inner.Outputs.Text}' }", ["nested.circle app/p.yaml:5:3"]],
    ["{ Name: a, Sizes: 'x,1' }", ["parameter.allowed-values app/p.yaml:7:76"]],
  ])("given %s: %j", async (parameters, problems) => {
    expect(problemsIn(await templateOf(parentWith(parameters)))).toEqual(problems);
  });

  test("given a value for a parameter whose pattern is none is told where the pattern stands", async () => {
    const parent =
      "Resources: { Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: child.yaml } } }\n";
    const child = `Parameters:
  P: { Type: String, AllowedPattern: "[", Default: a }
Resources: { R: { Type: A::B::C } }
`;
    expect(problemsIn(await templateOf(parent, { "app/child.yaml": child }))).toEqual([
      "parameter.pattern-syntax app/child.yaml:2:38",
    ]);
  });

  test.each([
    ["Nmae", 'Did you mean "Name", declared at line 2?'],
    ["Colour", "Remove it, or declare it in the template."],
  ])("given %s, that it does not have: %s", async (name, remedy) => {
    const { diagnostics } = evaluateConditions(
      await templateOf(parentWith(`{ Name: a, ${name}: b }`)),
      environmentOf(world),
    );
    expect(diagnostics).toMatchObject([{ code: "parameter.unknown", remedy }]);
  });

  test.each([
    ["!GetAtt Inner.Outputs.Anr", "getatt.unknown-attribute", 'Did you mean "Outputs.Arn"?'],
    ["!GetAtt Inner.Arn", "getatt.unknown-attribute", "Write Outputs. and the name of an output of app/child.yaml."],
    ["!GetAtt Inner.Outputs.Big", "ref.inactive", "Put the reference in an !If with the same condition."],
    ["!Ref Inner/Thing", "ref.undefined", "Declare it, or correct the name."],
  ])("asked for %s", async (expression, code, remedy) => {
    const template = await templateOf(
      parentWith("{ Name: a }", `  Last: { Type: A::B::Own, Properties: { P: ${expression} } }\n`),
    );
    expect(evaluateResource(template, "Last", environmentOf(world)).diagnostics).toMatchObject([{ code, remedy }]);
  });

  test("is said in the child's file where it stands there", async () => {
    const { problems } = await load(
      {
        "p.yaml": "Resources:\n  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: c.yaml } }\n",
        "c.yaml": "Resources:\n  R: { Tpye: A::B::C }\n",
      },
      "p.yaml",
    );
    expect(problems).toEqual(["resource.unknown-attribute c.yaml:2:8"]);
  });

  test.each([
    ["https://s3.amazonaws.com/bucket/deep/child.yaml", "Write its path from this file's folder: ./deep/child.yaml."],
    ["!Sub 'https://${B}.s3.amazonaws.com/${P}child.yaml'", "Write its path from this file's folder: ./child.yaml."],
  ])("behind the address %s is told where it is", async (url, remedy) => {
    const { diagnostics } = await load(
      {
        "app/p.yaml": `Resources:\n  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url} } }\n`,
        "app/child.yaml": child,
        "app/deep/child.yaml": child,
      },
      "app/p.yaml",
    );
    expect(diagnostics).toMatchObject([{ code: "unsupported.template-url", remedy }]);
  });

  test("ends where templates nest without end", async () => {
    const wide = (inner: string) =>
      `Resources:\n${Array.from({ length: 40 }, (_, n) => `  N${n}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${inner} } }`).join("\n")}\n`;
    const leaf = `Resources:\n${Array.from({ length: 40 }, (_, n) => `  R${n}: { Type: A::B::C }`).join("\n")}\n`;
    const files = { "a.yaml": wide("b.yaml"), "b.yaml": wide("c.yaml"), "c.yaml": wide("d.yaml"), "d.yaml": leaf };
    const { problems } = await load(files, "a.yaml");
    expect(new Set(problems.map((each) => each.split(" ")[0]))).toEqual(new Set(["nested.size"]));
  });
});

test("a template that is nested in another of the folder is no stack of its own", async () => {
  const parent = "Resources:\n  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: c.yaml } }\n";
  const { names } = await load({ "d/p.yaml": parent, "d/c.yaml": "Resources: { R: { Type: A::B::C } }\n" }, "d");
  expect(names).toEqual(["p"]);
});
