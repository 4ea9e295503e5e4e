// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, test } from "vitest";
import { Unknown } from "../value.ts";
import {
  activeResources,
  checkInactive,
  evaluateCondition,
  evaluateConditions,
  evaluateExport,
  evaluateOutput,
  evaluateResource,
} from "./evaluate.ts";
import { described, environmentOf, evaluateProperty, templateOf, unread, type World } from "./harness.ts";

describe("scalars", () => {
  test.each([
    ["text", "text", undefined],
    ["22", 22, undefined],
    ["'22'", "22", undefined],
    ["0123", 123, "0123"],
    ["1.10", 1.1, "1.10"],
    ["1e3", 1000, "1e3"],
    ["0o17", 15, "0o17"],
    ["12345678901234567890", 12345678901234567000, "12345678901234567890"],
    ["true", true, undefined],
    ["True", true, undefined],
    ["yes", "yes", undefined],
    ["2012-10-17", "2012-10-17", undefined],
    ["12:30:45", "12:30:45", undefined],
    [".inf", ".inf", undefined],
    ["!!str 0123", "0123", undefined],
    ["! plain", "plain", undefined],
  ])("%s is %j, written %j", (expression, value, text) => {
    const outcome = evaluateProperty(expression);
    expect([outcome.value, outcome.evaluated.textOf("/P")]).toEqual([value, text]);
  });

  test.each([
    ["~", ["value.null «~»"]],
    ["null", ["value.null «null»"]],
    ["", ["value.null «P»"]],
    ["{ A: , B: 1 }", ["value.null «A»"]],
  ])("%j is no value", (expression, problems) => {
    expect(evaluateProperty(expression).problems).toEqual(problems);
  });

  test("keys that are names of JavaScript are keys", () => {
    const { value } = evaluateProperty("{ __proto__: { a: 1 }, constructor: b, toString: c }");
    expect(Object.keys(value as object)).toEqual(["__proto__", "constructor", "toString"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test("keys are as they are written", () => {
    expect(evaluateProperty("{ 0123: a, true: b, 'c': d }").value).toEqual({ "0123": "a", true: "b", c: "d" });
  });
});

describe("places", () => {
  const text = `Resources:
  Bare: { Type: A::B::C }
  A:
    Type: A::B::C
    Properties:
      Plain: text
      List: [a, !Ref AWS::NoValue, c]
      Picked: !Select [1, [x, { Deep: 007 }]]
      Common: &common { Size: 1 }
      Same: *common
`;
  const template = templateOf(text);
  const evaluated = evaluateResource(template, "A", environmentOf());

  test.each([
    ["", 6, 7],
    ["/Plain", 6, 14],
    ["/List/1", 7, 36],
    ["/List/7", 7, 13],
    ["/List/-", 7, 13],
    ["/List/", 7, 13],
    ["/Picked/Deep", 8, 39],
    ["/Picked/Missing", 8, 31],
    ["/Missing/Below", 6, 7],
    ["/Plain/below", 6, 14],
    ["/Same/Size", 9, 31],
  ])("of %j is %i:%i", (path, line, column) => {
    expect(evaluated.placeOf(path)).toMatchObject({ line, column });
  });

  test.each([
    ["/Plain", 6, 7],
    ["/Picked/Deep", 8, 33],
    ["/List/0", 7, 14],
    ["/Missing", 6, 7],
    ["/Picked/Missing", 8, 31],
  ])("of the key of %j is %i:%i", (path, line, column) => {
    expect(evaluated.placeOfKey(path)).toMatchObject({ line, column });
  });

  test("source texts are those of the values that were picked", () => {
    expect(evaluated.textOf("/Picked/Deep")).toBe("007");
    expect(evaluated.textOf("/Picked")).toBeUndefined();
    expect(evaluated.textOf("/Missing")).toBeUndefined();
  });

  test("without properties are those of the logical id", () => {
    const bare = evaluateResource(template, "Bare", environmentOf());
    expect(bare.properties).toEqual({});
    expect([bare.placeOf("/A"), bare.placeOfKey("/A")]).toMatchObject([
      { line: 2, column: 3 },
      { line: 2, column: 3 },
    ]);
    expect(bare.textOf("/A")).toBeUndefined();
  });
});

describe("properties", () => {
  const around = (properties: string) => `Conditions:
  No: !Equals [a, b]
Resources:
  A: { Type: A::B::C, Properties: ${properties} }`;

  test("can be chosen by a condition as a whole", () => {
    expect(
      evaluateResource(templateOf(around("!If [No, { P: 1 }, { P: 2 }]")), "A", environmentOf()).properties,
    ).toEqual({ P: 2 });
  });

  test("can be AWS::NoValue", () => {
    expect(evaluateResource(templateOf(around("!Ref AWS::NoValue")), "A", environmentOf()).properties).toEqual({});
  });

  test("are a map", () => {
    const { properties, diagnostics } = evaluateResource(templateOf(around("!Split [a, bac]")), "A", environmentOf());
    expect([properties, diagnostics.map((each) => each.code)]).toEqual([{}, ["template.form"]]);
  });

  test("of a resource that does not exist are a mistake of the caller", () => {
    expect(() => evaluateResource(templateOf(around("{}")), "B", environmentOf())).toThrow('no resource "B"');
    expect(() => evaluateOutput(templateOf(around("{}")), "B", environmentOf())).toThrow('no output "B"');
  });
});

test("metadata and policies refer to resources, and what is outside is not looked up for them", () => {
  const asked: string[] = [];
  const template = templateOf(`Resources:
  Other: { Type: A::B::C }
  R:
    Type: A::B::C
    Metadata: { Mine: [!GetAtt Other.Arn, !ImportValue x, "{{resolve:ssm:y}}"], Reconcile: { adopt: true } }
`);
  const environment = environmentOf();
  const input = (request: { name: string }) => {
    asked.push(request.name);
    return { value: "" };
  };
  const { references, diagnostics, properties } = evaluateResource(template, "R", { ...environment, input });
  expect(references).toMatchObject([{ logicalId: "Other", attribute: "Arn" }]);
  expect(references[0]).not.toHaveProperty("at");
  expect([asked, diagnostics, properties]).toEqual([[], [], {}]);
});

test("DependsOn is a reference, but for what is not part of the stack", () => {
  const template = templateOf(`Conditions:
  No: !Equals [a, b]
  Yes: !Not [!Condition No]
Resources:
  A: { Type: A::B::C, DependsOn: [B, C, D] }
  B: { Type: A::B::C }
  C: { Type: A::B::C, Condition: No }
  D: { Type: A::B::C, Condition: Yes }
`);
  const { references } = evaluateResource(template, "A", environmentOf());
  expect(references.map((each) => [each.logicalId, each.at, each.place.column])).toEqual([
    ["B", undefined, 35],
    ["D", undefined, 41],
  ]);
});

describe("conditions", () => {
  const world: World = { parameters: { Size: "2", Secret: { value: "x", sensitive: true }, Late: unread("env:LATE") } };
  const head = `Parameters:
  Size: { Type: Number }
  Secret: { Type: String, NoEcho: true }
  Late: { Type: String }
Mappings:
  M: { a: { b: c } }
Conditions:
  T: !Equals [a, a]
  F: !Equals [a, b]
  U: !Equals [!Ref Late, x]
  It: `;
  const tail = "\nResources:\n  A: { Type: A::B::C }\n";
  const evaluate = (expression: string) => {
    const text = head + expression + tail;
    const { value, diagnostics } = evaluateCondition(templateOf(text), "It", environmentOf(world));
    return { value, problems: described(diagnostics, text) };
  };

  test.each([
    ["!Equals [!Ref Size, 2]", true],
    ["!Equals [!Ref Size, '2.0']", false],
    ["!Equals [true, 'true']", true],
    ["!Equals [!Ref AWS::Region, us-east-1]", true],
    ["!Equals [!Join ['', [a, b]], ab]", true],
    ["!Equals [!FindInMap [M, a, b], c]", true],
    ["!Equals [[a, b], !Split [',', 'a,b']]", true],
    ["!Equals [{ a: b }, { a: c }]", false],
    ["{ Fn::Equals: [!Ref Secret, x] }", true],
    ["!And [!Condition T, !Condition T]", true],
    ["!And [!Condition T, !Condition F]", false],
    ["!And [!Condition U, !Condition F]", false],
    ["!Or [!Condition F, !Condition F]", false],
    ["!Or [!Condition U, { Condition: T }]", true],
    ["!Not [!Condition F]", true],
    ["{ Fn::Not: [{ Fn::Or: [{ Condition: F }, { Condition: T }] }] }", false],
    ["{ Condition: T }", true],
  ])("%s: %j", (expression, value) => {
    expect(evaluate(expression)).toEqual({ value, problems: [] });
  });

  test.each([
    "!Condition U",
    "!Not [!Condition U]",
    "!And [!Condition T, !Condition U]",
    "!Or [!Condition F, !Condition U]",
    "!Equals [a, !Sub '${Late}']",
  ])("%s is not known yet", (expression) => {
    expect(evaluate(expression)).toMatchObject({ value: { sources: ["env:LATE"] }, problems: [] });
  });

  test.each([
    ["true", ["condition.form «true»"]],
    ["[a]", ["condition.form «[a]»"]],
    ["!Ref Size", ["condition.form «Size»"]],
    ["!Not [!Ref Size]", ["condition.form «Size»"]],
    ["!Ref A", ["condition.resource «A»"]],
    ["!Equals [!Sub 'x${A}', b]", ["condition.resource «A»"]],
    ["!Equals [!Sub '${A.Arn}', b]", ["condition.resource «A.Arn»"]],
    ["!Equals [!GetAtt A.Arn, b]", ["function.place «A.Arn»"]],
    ["!If [T, a, b]", ["function.place «[T, a, b]»"]],
    ["!Equals [a]", ["function.form «[a]»"]],
    ["!Equals text", ["function.form «text»"]],
    ["!Equals [!Ref AWS::NoValue, a]", []],
    ["!And [!Condition T]", ["function.form «[!Condition T]»"]],
    ["!Or text", ["function.form «text»"]],
    [
      `!Or [${Array(11).fill("!Condition T").join(", ")}]`,
      [`function.form «[${Array(11).fill("!Condition T").join(", ")}]»`],
    ],
    ["!Not []", ["function.form «[]»"]],
    ["!Not text", ["function.form «text»"]],
    ["!Not [!Condition T, !Condition T]", ["function.form «[!Condition T, !Condition T]»"]],
    ["!Condition Tt", ["condition.undefined «Tt»"]],
    ["!Condition [T]", ["function.form «[T]»"]],
    ["!Condition It", ["condition.cycle «It»"]],
  ])("%s: %j", (expression, problems) => {
    expect(evaluate(expression).problems).toEqual(problems);
  });

  test("that do not exist are not known", () => {
    expect(
      evaluateCondition(templateOf(`${head}!Condition T${tail}`), "Nothing", environmentOf(world)).value,
    ).toBeInstanceOf(Unknown);
  });

  test("that go in a circle are reported where they close, and are not known", () => {
    const text = `Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  R: { Type: A::B::C, Condition: A }
`;
    const active = evaluateConditions(templateOf(text), environmentOf());
    expect(active.diagnostics.map((each) => each.code)).toEqual(["condition.cycle"]);
    expect([...active.undecided.keys()]).toEqual(["R"]);
  });

  test("that name one another without end stop with a sentence", () => {
    const chain = Array.from({ length: 1000 }, (_, index) => `  C${index}: !Not [!Condition C${index + 1}]`);
    const text = `Conditions:\n${chain.join("\n")}\n  C1000: !Equals [a, a]\nResources:\n  R: { Type: A::B::C }\n`;
    expect(evaluateConditions(templateOf(text), environmentOf()).diagnostics.map((each) => each.code)).toEqual([
      "condition.depth",
    ]);
  });
});

describe("what is part of the stack", () => {
  const text = `Parameters:
  Late: { Type: String }
Conditions:
  No: !Equals [a, b]
  Yes: !Not [!Condition No]
  Maybe: !Equals [!Ref Late, a]
Resources:
  Always: { Type: A::B::C }
  Yes: { Type: A::B::C, Condition: Yes }
  No: { Type: A::B::C, Condition: No, Properties: { P: !Ref Nothing, Q: !Select [3, [a]], R: !Ref AlsoNo } }
  AlsoNo: { Type: A::B::C, Condition: No }
  Maybe: { Type: A::B::C, Condition: Maybe }
Outputs:
  Shown: { Value: a }
  Hidden: { Value: !Ref Nothing, Condition: No }
`;
  const template = templateOf(text);
  const environment = environmentOf({ parameters: { Late: unread("env:LATE") } });

  test("is what has no condition, or one that holds or may hold", () => {
    expect(activeResources(template, environment)).toEqual(["Always", "Yes", "Maybe"]);
    const active = evaluateConditions(template, environment);
    expect([...active.outputs]).toEqual(["Shown"]);
    expect([...active.undecided]).toEqual([["Maybe", unread("env:LATE")]]);
  });

  test("does not keep wrong names elsewhere from being reported", () => {
    const problems = checkInactive(template, environment, evaluateConditions(template, environment));
    expect(described(problems, text)).toEqual(["ref.undefined «Nothing»", "ref.undefined «Nothing»"]);
    expect(problems.map((each) => each.resource)).toEqual(["No (A::B::C)", "output Hidden"]);
  });
});

describe("outputs", () => {
  const output = (value: string, world?: World) => {
    const text = `Parameters:
  Secret: { Type: String, NoEcho: true }
Resources:
  A: { Type: A::B::C }
Outputs:
  It: { Value: ${value}, Description: what it is }
`;
    return evaluateOutput(
      templateOf(text),
      "It",
      environmentOf({ parameters: { Secret: { value: "s", sensitive: true } }, ...world }),
    );
  };

  test("give a value", () => {
    expect(output("!GetAtt A.Arn", { attributes: { "A.Arn": { value: "arn" } } })).toMatchObject({
      known: { value: "arn" },
      references: [{ logicalId: "A", attribute: "Arn", at: "" }],
      diagnostics: [],
    });
  });

  test("are sensitive when a part of them is", () => {
    expect(output("!Sub 'x${Secret}'").known).toEqual({ value: "xs", sensitive: true });
  });

  test("look up dynamic references", () => {
    expect(output("'{{resolve:ssm:/a}}'", { inputs: { "ssm:/a": { value: "1" } } }).known.value).toBe("1");
  });

  test.each([
    ["[a, b]", "The Value of an output is one text, and here is a list."],
    ["{ a: b }", "The Value of an output is one text, and here is a map."],
  ])("are texts: %s", (value, message) => {
    expect(output(value).diagnostics).toMatchObject([{ code: "output.form", message }]);
  });

  test("cannot be AWS::NoValue", () => {
    expect(output("!Ref AWS::NoValue")).toMatchObject({
      known: { value: null },
      diagnostics: [{ code: "no-value.place", resource: "output It" }],
    });
  });
});

test.each([
  ["", undefined],
  [", Export: { Name: !Sub '${AWS::StackName}-o' }", { name: "agent-o", codes: [] }],
  [", Export: { Name: !Ref AWS::AccountId }", { name: undefined, codes: [] }],
  [", Export: { Name: !Ref Queue }", { name: undefined, codes: ["export.name"] }],
])("the name of an export of an output with %j: %j", (written, expected) => {
  const template = templateOf(
    `Resources: { Queue: { Type: AWS::SQS::Queue } }\nOutputs: { O: { Value: a${written} } }`,
  );
  const found = evaluateExport(template, "O", environmentOf());
  expect(found && { name: found.name, codes: found.diagnostics.map((each) => each.code) }).toEqual(expected);
});

test("the parts of a secret are secret", () => {
  const template = templateOf(`Parameters: { Secret: { Type: String, NoEcho: true } }
Resources:
  R: { Type: A::B::C, Properties: { Blocks: !Cidr [!Ref Secret, 1] } }
`);
  const environment = environmentOf({ parameters: { Secret: { value: "10.0.0.0/16", sensitive: true } } });
  const { properties, sensitive } = evaluateResource(template, "R", environment);
  expect([properties.Blocks, [...sensitive]]).toEqual([["10.0.0.0/24"], ["/Blocks/0"]]);
});

test("an index that another value would put right says nothing in a branch that is not taken", () => {
  const template = templateOf(`Parameters: { Index: { Type: String, Default: x } }
Conditions: { Has: !Not [!Equals [!Ref Index, x]] }
Resources:
  R: { Type: A::B::C, Properties: { P: !If [Has, !Select [!Ref Index, [a]], !Select [0, [b]]] } }
  S: { Type: A::B::C, Properties: { P: !If [Has, !Select [x, [a]], b] } }
`);
  const environment = environmentOf({ parameters: { Index: { value: "x" } } });
  const [taken, literal] = ["R", "S"].map((name) => evaluateResource(template, name, environment));
  expect([taken?.properties, taken?.diagnostics]).toEqual([{ P: "b" }, []]);
  expect(literal?.diagnostics.map((each) => each.code)).toEqual(["function.form"]);
});

test("an index that is a secret is quoted nowhere", () => {
  const template = templateOf(`Parameters: { Secret: { Type: String, NoEcho: true } }
Resources: { R: { Type: A::B::C, Properties: { P: !Select [!Ref Secret, [a]] } } }
`);
  const environment = environmentOf({ parameters: { Secret: { value: "4711", sensitive: true } } });
  const { diagnostics } = evaluateResource(template, "R", environment);
  expect(diagnostics.map((each) => each.code)).toEqual(["select.range"]);
  expect(JSON.stringify(diagnostics)).not.toContain("4711");
});
