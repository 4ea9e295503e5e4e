// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, test } from "vitest";
import { evaluateConditions, evaluateOutput, evaluateResource } from "./evaluate.ts";
import { described, environmentOf, unread } from "./harness.ts";
import type { Template } from "./model.ts";
import { parseTemplate } from "./parse.ts";

const head = "Transform: AWS::LanguageExtensions\n";

function parse(text: string): { template: Template; problems: string[] } {
  const { value, diagnostics } = parseTemplate({ path: "template.yaml", text });
  return { template: value as Template, problems: described(diagnostics, text) };
}

function propertiesOf(template: Template): Record<string, unknown> {
  const environment = environmentOf();
  return Object.fromEntries(
    [...template.resources.keys()].map((id) => [id, evaluateResource(template, id, environment).properties]),
  );
}

describe("a loop", () => {
  test("declares a resource for each item, with the item in keys, texts and references", () => {
    const { template, problems } = parse(`${head}Resources:
  Fn::ForEach::Queues:
    - Stage
    - [dev, pro-d]
    - "Queue&{Stage}":
        Type: AWS::SQS::Queue
        DependsOn: "Topic&{Stage}"
        Properties:
          QueueName: !Ref Stage
          Policy: !Sub "\${Stage}-\${AWS::Region}-\${!Stage}"
          Other: ["plain-\${Stage}", { Ref: Stage }, "\${Else}"]
      "Topic&{Stage}": { Type: AWS::SNS::Topic }
`);
    expect(problems).toEqual([]);
    expect([...template.resources.keys()]).toEqual(["Queuedev", "Topicdev", "Queueprod", "Topicprod"]);
    expect(template.resources.get("Queueprod")?.dependsOn).toMatchObject([{ logicalId: "Topicprod" }]);
    expect(propertiesOf(template).Queueprod).toEqual({
      QueueName: "pro-d",
      Policy: "pro-d-us-east-1-${Stage}",
      Other: ["plain-pro-d", "pro-d", "${Else}"],
    });
    expect(template.resources.get("Queueprod")?.place).toMatchObject({ line: 6, column: 7 });
  });

  test("may hold another, whose list may depend on the outer item", () => {
    const { template, problems } = parse(`${head}Mappings:
  Zones: { Public: { Names: [a, b] }, Private: { Names: [c] } }
Resources:
  Fn::ForEach::Kinds:
    - Kind
    - [Public, Private]
    - Fn::ForEach::Subnets:
        - Zone
        - !FindInMap [Zones, !Ref Kind, Names]
        - "\${Kind}\${Zone}": { Type: AWS::EC2::Subnet }
      "Table\${Kind}": { Type: AWS::EC2::RouteTable }
`);
    expect(problems).toEqual([]);
    expect([...template.resources.keys()]).toEqual(["Publica", "Publicb", "TablePublic", "Privatec", "TablePrivate"]);
  });

  test("declares conditions and outputs too, and properties", () => {
    const { template, problems } = parse(`${head}Parameters:
  FlagA: { Type: String }
  FlagB: { Type: String }
Mappings:
  Sizes: { One: { Size: 1 }, Two: { Other: 2 } }
Conditions:
  Fn::ForEach::Flags:
    - Flag
    - [A, B]
    - "Is\${Flag}": !Equals [!Ref { Fn::Sub: "Flag\${Flag}" }, "on"]
Resources:
  Fn::ForEach::Buckets:
    - Flag
    - [A, B]
    - "Bucket\${Flag}":
        Type: AWS::S3::Bucket
        Condition: "Is\${Flag}"
        Properties:
          Fn::ForEach::Each:
            - Property
            - [Size, Other]
            - "\${Property}": !FindInMap [Sizes, One, !Ref Property, { DefaultValue: !Ref AWS::NoValue }]
Outputs:
  Fn::ForEach::Arns:
    - Flag
    - [A, B]
    - "Arn\${Flag}": { Value: !GetAtt [!Sub "Bucket\${Flag}", Arn], Condition: "Is\${Flag}" }
`);
    expect(problems).toEqual([]);
    const environment = environmentOf({
      parameters: { FlagA: "on", FlagB: "off" },
      attributes: { "BucketA.Arn": { value: "arn:a" } },
    });
    const active = evaluateConditions(template, environment);
    expect([active.diagnostics, [...active.resources], [...active.outputs]]).toEqual([[], ["BucketA"], ["ArnA"]]);
    expect(evaluateOutput(template, "ArnA", environment).known).toEqual({ value: "arn:a" });
    expect(propertiesOf(template).BucketA).toEqual({ Size: 1 });
  });
});

describe("a loop over a parameter", () => {
  const text = `${head}Parameters:
  Names: { Type: CommaDelimitedList }
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - "Topic\${Name}": { Type: AWS::SNS::Topic, DependsOn: Unlisted }
Outputs:
  First: { Value: !Ref TopicA }
`;

  test("waits for its value, and what it may declare is no mistake until then", () => {
    const { template, problems } = parse(text);
    expect(problems).toEqual([]);
    expect([...template.resources.keys()]).toEqual([]);
    expect(evaluateOutput(template, "First", environmentOf()).diagnostics).toEqual([]);
    expect(template.late?.notes).toMatchObject([{ code: "template.waiting", severity: "note", place: { line: 7 } }]);
  });

  test("is read when it is known, with what is wrong then", () => {
    const again = parse(text).template.late?.read(environmentOf({ parameters: { Names: ["A", "B"] } }));
    expect([...(again?.value?.resources.keys() ?? [])]).toEqual(["TopicA", "TopicB"]);
    expect(again?.value?.late).toBeUndefined();
    expect(described(again?.diagnostics ?? [], text)).toEqual([
      "depends-on.undefined «Unlisted»",
      "depends-on.undefined «Unlisted»",
    ]);
  });

  test("must not be over a secret", () => {
    const again = parse(text).template.late?.read(
      environmentOf({ parameters: { Names: { value: ["hunter2"], sensitive: true } } }),
    );
    expect(described(again?.diagnostics ?? [], text)).toContain("loop.secret «Names»");
    expect(JSON.stringify(again?.diagnostics)).not.toContain("hunter2");
  });

  test("of properties leaves them unknown", () => {
    const { template } = parse(`${head}Parameters:
  Names: { Type: CommaDelimitedList }
Resources:
  R:
    Type: A::B::C
    Properties:
      Map: { Fn::ForEach::Each: [Name, !Ref Names, { "K\${Name}": 1 }], Beside: 2 }
`);
    const { properties, diagnostics } = evaluateResource(template, "R", environmentOf());
    expect([properties.Map, diagnostics]).toMatchObject([{ sources: ["Fn::ForEach::Each"] }, []]);
    const known = template.late?.read(environmentOf({ parameters: { Names: ["a", "b"] } })).value as Template;
    expect(propertiesOf(known).R).toEqual({ Map: { Ka: 1, Kb: 1, Beside: 2 } });
  });
});

describe("what is wrong with a loop", () => {
  test.each([
    ["Fn::ForEach::L: [I, [a], { 'R${I}': { Type: A::B::C } }]", []],
    ["Fn::ForEach::L: [I, [], { 'R${I}': { Type: A::B::C } }]", []],
    ["Fn::ForEach::L: [I, [1, true], { 'R${I}': { Type: A::B::C } }]", []],
    ["Fn::ForEach: [I, [a], { 'R${I}': { Type: A::B::C } }]", ["function.form «Fn::ForEach»"]],
    ["Fn::ForEach::L-1: [I, [a], { 'R${I}': { Type: A::B::C } }]", ["function.form «Fn::ForEach::L-1»"]],
    ["Fn::ForEach::L: text", ["function.form «Fn::ForEach::L»"]],
    ["Fn::ForEach::L:", ["function.form «Fn::ForEach::L»"]],
    ["Fn::ForEach::L: [I, [a]]", ["function.form «Fn::ForEach::L»"]],
    ["Fn::ForEach::L: [I, [a], {}, more]", ["function.form «Fn::ForEach::L»"]],
    ["Fn::ForEach::L: [!Ref P, [a], {}]", ["function.form «Fn::ForEach::L»"]],
    ["Fn::ForEach::L: [I, [a], text]", ["function.form «text»"]],
    ["Fn::ForEach::L: [I, [[a]], {}]", ["function.form «[[a]]»"]],
    ["Fn::ForEach::L: [I, text, {}]", ["function.form «text»"]],
    ["Fn::ForEach::L: [I, !Ref Nobody, {}]", ["ref.undefined «Nobody»"]],
    ["Fn::ForEach::L: [I, [!Ref S], {}]", ["ref.undefined «S»"]],
    ["Fn::ForEach::L: [I, !GetAtt S.Names, {}]", ["function.place «S.Names»"]],
    ["Fn::ForEach::L: [P, [a], {}]", ["loop.identifier «P»"]],
    ["Fn::ForEach::L: [I, [a], { Fn::ForEach::M: [I, [b], {}] }]", ["loop.identifier «I»"]],
    ["Fn::ForEach::L: [I, [a, b], { R: { Type: A::B::C } }]", ["loop.duplicate «R»"]],
    ["Fn::ForEach::L: [I, [S], { '${I}': { Type: A::B::C } }]", ["loop.duplicate «'${I}'»"]],
    ["Fn::ForEach::L: [I, [a-b], { 'R${I}': { Type: A::B::C } }]", ["name.form «'R${I}'»"]],
  ])("%s", (loop, problems) => {
    const text = `${head}Parameters:\n  P: { Type: String }\nResources:\n  S: { Type: A::B::C }\n  ${loop}\n`;
    expect(parse(text).problems).toEqual(problems);
  });

  test("every one of its items is at the place where it is written", () => {
    const text = `${head}Resources:\n  Fn::ForEach::L: [I, [a, b], { "R\${I}": { Type: A::B::C, Condition: "No\${I}" } }]\n`;
    const { diagnostics } = parseTemplate({ path: "template.yaml", text });
    expect(diagnostics.map(({ message, resource, place }) => [message, resource, place?.line])).toEqual([
      ['There is no condition "Noa".', "Ra (A::B::C)", 3],
      ['There is no condition "Nob".', "Rb (A::B::C)", 3],
    ]);
  });

  test.each(["Parameters", "Mappings"])("%s cannot have one", (section) => {
    const text = `${head}Resources: { S: { Type: A::B::C } }\n${section}:\n  Fn::ForEach::L: [I, [a], {}]\n`;
    expect(parse(text).problems).toEqual(["function.place «Fn::ForEach::L»"]);
  });
});

test("loops within loops end, however much they would produce", () => {
  const items = `[${Array.from({ length: 1000 }, (_, index) => index).join(",")}]`;
  const nested = (depth: number): string =>
    depth === 0
      ? '"R${I0}${I1}${I2}": { Type: A::B::C }'
      : `Fn::ForEach::L${depth}: [I${depth}, ${items}, { ${nested(depth - 1)} }]`;
  const text = `${head}Resources: { S: { Type: A::B::C }, ${nested(5)} }`;
  const { value: template, diagnostics } = parseTemplate({ path: "template.yaml", text });
  expect(diagnostics.map((each) => each.code)).toEqual(["expansion.limit"]);
  expect(template?.resources.has("S")).toBe(true);
});

describe("functions in attributes", () => {
  const text = (attributes: string) => `${head}Parameters:
  Stage: { Type: String, Default: prod }
Mappings:
  Policies: { prod: { Keep: Retain }, dev: { Keep: Delete } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Fixed: !Equals [a, a]
Resources:
  S: { Type: A::B::C }
  R: { Type: A::B::C, ${attributes} }
`;
  const prod = environmentOf({ parameters: { Stage: "prod" } });

  test.each([
    ["DeletionPolicy: !If [IsProd, Retain, Delete]", { deletionPolicy: "Retain" }],
    ["UpdateReplacePolicy: !FindInMap [Policies, !Ref Stage, Keep]", { updateReplacePolicy: "Retain" }],
    ["DeletionPolicy: !If [Fixed, Delete, Retain]", { deletionPolicy: "Delete" }],
    ["Condition: !If [IsProd, Fixed, !Ref AWS::NoValue]", { condition: { name: "Fixed" } }],
    ["DependsOn: !Sub 'S'", { dependsOn: [{ logicalId: "S" }] }],
    ["DependsOn: [!If [IsProd, S, !Ref AWS::NoValue]]", { dependsOn: [{ logicalId: "S" }] }],
  ])("%s", (attributes, expected) => {
    const { value: first, diagnostics } = parseTemplate({ path: "t.yaml", text: text(attributes) });
    const again = first?.late?.read(prod);
    expect([diagnostics, again?.diagnostics ?? []]).toEqual([[], []]);
    expect((again?.value ?? first)?.resources.get("R")).toMatchObject(expected);
  });

  test("are undone where they wait: the policy that keeps, and no condition that holds", () => {
    const { value: template } = parseTemplate({
      path: "t.yaml",
      text: text("DeletionPolicy: !Ref Stage, Condition: !FindInMap [Policies, !Ref Stage, Keep]"),
    });
    const environment = environmentOf({ parameters: { Stage: unread("Stage") } });
    expect(template?.resources.get("R")?.deletionPolicy).toBe("Retain");
    expect([...evaluateConditions(template as Template, environment).undecided.keys()]).toEqual(["R"]);
    expect(template?.late?.notes.map((each) => each.place?.line)).toEqual([11, 11]);
  });

  test.each([
    ["DeletionPolicy: !If [IsProd, Retain, Delete]", ["transform.missing «[IsProd, Retain, Delete]»"]],
    ["Condition: !Ref Stage", ["transform.missing «Stage»"]],
    ["DependsOn: !Sub S", ["transform.missing «S»"]],
  ])("need the transform: %s", (attributes, problems) => {
    expect(parse(text(attributes).replace(head, "")).problems).toEqual(problems);
  });

  test.each([
    [
      "Condition: !Equals [a, b]",
      "Write the expression in the section Conditions, and here the name that it has there.",
    ],
    ["DependsOn: [!Ref S]", "Write the name of the resource itself, without a function."],
    ["DeletionPolicy: !Ref Stage", "Add Transform: AWS::LanguageExtensions to the template."],
  ])("without it are told what is meant most: %s", (attribute, remedy) => {
    const template = `Resources:\n  S: { Type: A::B::C }\n  R: { Type: A::B::C, ${attribute} }\n`;
    expect(parseTemplate({ path: "template.yaml", text: template }).diagnostics).toMatchObject([{ remedy }]);
  });

  test("are read by its rules: a policy must be one, a name must exist, no resource can be asked", () => {
    expect(parse(text("DeletionPolicy: !Sub Keep")).problems).toEqual(["resource.deletion-policy «Keep»"]);
    expect(parse(text("Condition: !Sub Nobody")).problems).toEqual(["condition.undefined «Nobody»"]);
    expect(parse(text("DependsOn: !GetAtt S.Name")).problems).toEqual(["function.place «S.Name»"]);
  });
});

test("the transform leaves out what is null", () => {
  const { template, problems } = parse(
    `${head}Resources:\n  R: { Type: A::B::C, Properties: { A: null, B: ~, C:, D: [1, null], E: 1 } }\n`,
  );
  expect(problems).toEqual([]);
  expect(propertiesOf(template).R).toEqual({ D: [1], E: 1 });
});
