import { describe, expect, test } from "vitest";
import { lines, load } from "./fixture.ts";
import { registry, specification } from "./network-types.ts";
import type { Purpose } from "./purpose.ts";
import { validateStacks } from "./validate.ts";

async function validate(
  files: Record<string, string>,
  environment: Record<string, string | undefined> = {},
  purpose: Purpose = "plan",
) {
  const inFolder = Object.entries(files).map(([name, text]) => [`desired-state/${name}`, text.trimStart()]);
  return validateStacks(await load(Object.fromEntries(inFolder)), { registry, specification, environment, purpose });
}

async function problemsOf(template: string): Promise<string[]> {
  return lines(await validate({ "t.yaml": template }));
}

describe("one problem, one diagnostic", () => {
  test.each([
    ["an unknown type", "A: { Type: Test::Qeue }", 'type.unknown 2:14 There is no resource type "Test::Qeue".'],
    [
      "a type that AWS has",
      "A: { Type: Test::Queue }",
      "not-yet.type 2:14 AWS has the type Test::Queue, but there is no provider for it yet: a plan refuses it.",
    ],
    [
      "a type of CloudFormation's service",
      "A: { Type: Custom::Thing }",
      "unsupported.type 2:14 The type Custom::Thing is a custom resource: CloudFormation calls a function of yours to make it.",
    ],
    [
      "a use of what expires",
      "A: { Type: Test::Role, Metadata: { Reconcile: { expires: 2030-01-31 } } }\n  B: { Type: Test::Role, DependsOn: A }",
      "expires.referred 3:37 A expires on 2030-01-31, and is referred to here.",
    ],
    [
      "an output of what expires",
      "A: { Type: Test::Role, Metadata: { Reconcile: { expires: 2030-01-31 } } }\nOutputs: { O: { Value: !Ref A } }",
      "expires.referred 3:29 A expires on 2030-01-31, and is referred to here.",
    ],
    [
      "an undefined name",
      "A: { Type: Test::Role, Properties: { Trust: !Ref B } }",
      'ref.undefined 2:52 There is no parameter or resource "B".',
    ],
    [
      "an undefined name in a type that is not there yet",
      "A: { Type: Test::Parameter, Properties: { Name: a, Value: !Ref Q } }",
      'ref.undefined 2:66 There is no parameter or resource "Q".',
    ],
    [
      "an unknown attribute",
      "A: { Type: Test::Group, Properties: { Owner: !GetAtt B.Arm } }\n  B: { Type: Test::Role }",
      'getatt.unknown-attribute 2:56 B (Test::Role) has no attribute "Arm".',
    ],
    [
      "an attribute of a type without any",
      "A: { Type: Test::Group, Properties: { Owner: !GetAtt B.Id } }\n  B: { Type: Test::Rule, Properties: { Group: g, Port: 1, Source: a } }",
      'getatt.unknown-attribute 2:56 B (Test::Rule) has no attribute "Id".',
    ],
    [
      "an attribute that AWS has",
      "A: { Type: Test::Role, Properties: { Trust: !GetAtt B.Fingerprint } }\n  B: { Type: Test::Group }",
      'not-yet.attribute 2:55 AWS has the attribute "Fingerprint" of Test::Group, but it is not supported here yet.',
    ],
    [
      "a misspelt property",
      "A: { Type: Test::Role, Properties: { Turst: a } }",
      'property.unknown 2:40 Test::Role has no property "Turst".',
    ],
    [
      "a missing property",
      "A: { Type: Test::Parameter, Properties: { Name: a } }",
      "property.missing 2:43 Test::Parameter needs the property Value.",
    ],
    [
      "another missing property",
      "A: { Type: Test::Rule, Properties: { Group: g, Source: a } }",
      "property.missing 2:38 Test::Rule needs the property Port.",
    ],
    [
      "a wrong type",
      "A: { Type: Test::Rule, Properties: { Group: g, Port: ssh, Source: a } }",
      'property.type 2:56 Port must be a whole number, not "ssh".',
    ],
    [
      "a wrong value",
      "A: { Type: Test::Parameter, Properties: { Name: a, Value: b, Mode: standard } }",
      'property.value 2:70 Mode cannot be "standard".',
    ],
    [
      "a circle",
      "A: { Type: Test::Role, DependsOn: B }\n  B: { Type: Test::Role, DependsOn: A }",
      "ref.cycle 2:37 These resources use each other in a circle, so none can be made first: A → B → A.",
    ],
    ["itself", "A: { Type: Test::Role, Properties: { Trust: !Ref A } }", 'ref.cycle 2:52 "A" uses itself.'],
    [
      "metadata that leads nowhere",
      "A: { Type: Test::Role, Metadata: { Reconcile: { ignore: [/Turst] } } }",
      'metadata.unknown-property 2:3 Metadata.Reconcile names "/Turst", which is no property of Test::Role.',
    ],
    [
      "metadata that leads nowhere further down",
      "A: { Type: Test::Group, Metadata: { Reconcile: { ignore: [/Rules/x/Prt] } } }",
      'metadata.unknown-property 2:3 Metadata.Reconcile names "/Rules/x/Prt", which is no property of Test::Group.',
    ],
    [
      "an exclusive property that has no children",
      "A: { Type: Test::Group, Metadata: { Reconcile: { exclusive: [/Rules, /Owner] } } }",
      'metadata.exclusive 2:3 Metadata.Reconcile.exclusive names "/Owner", whose elements cannot be declared as resources of their own.',
    ],
    [
      "metadata that leads below what has nothing below it",
      "A: { Type: Test::Role, Metadata: { Reconcile: { ignore: [/Trust/x] } } }",
      'metadata.unknown-property 2:3 Metadata.Reconcile names "/Trust/x", which is no property of Test::Role.',
    ],
    [
      "an exclusive property of a type that has none",
      "A: { Type: Test::Role, Metadata: { Reconcile: { exclusive: [/Trust] } } }",
      'metadata.exclusive 2:3 Metadata.Reconcile.exclusive names "/Trust", whose elements cannot be declared as resources of their own.',
    ],
    [
      "a property that is taken for an attribute",
      "A: { Type: Test::Role, Properties: { Trust: !GetAtt B.GroupName } }\n  B: { Type: Test::Group }",
      'getatt.property 2:55 "GroupName" is a property of Test::Group, and no attribute: with most types CloudFormation refuses to get one.',
    ],
    [
      "a last snapshot of what has none",
      "A: { Type: Test::Group, DeletionPolicy: Snapshot }",
      "deletion-policy.snapshot 2:3 There is no snapshot of Test::Group to make before it is deleted.",
    ],
  ])("%s", async (_, resources, expected) => {
    expect(await problemsOf(`Resources:\n  ${resources}\n`)).toEqual([expected]);
  });

  test("in outputs", async () => {
    const template =
      "Resources:\n  A: { Type: Test::Role }\nOutputs:\n  Arn: { Value: !GetAtt A.Ran }\n  Of: { Value: !Ref B }\n";
    expect(await problemsOf(template)).toEqual([
      'getatt.unknown-attribute 4:25 A (Test::Role) has no attribute "Ran".',
      'ref.undefined 5:21 There is no parameter or resource "B".',
    ]);
  });

  test("in a resource that is not part of the stack", async () => {
    const template = `
Conditions:
  Never: !Equals [a, b]
Resources:
  A: { Type: Test::Role }
  B: { Type: Test::Role, Condition: Never, Properties: { Trust: !Ref Q } }
  C: { Type: Test::Qeue, Condition: Never }
`;
    expect(await problemsOf(template)).toEqual([
      'ref.undefined 5:70 There is no parameter or resource "Q".',
      'type.unknown 6:14 There is no resource type "Test::Qeue".',
    ]);
  });

  test("in a template that two stacks use", async () => {
    const files = {
      "a.yaml": "template-file-path: t.json\n",
      "b.yaml": "template-file-path: t.json\n",
      "t.json": '{ "Resources": { "A": { "Type": "Test::Qeue" } } }',
    };
    expect(lines(await validate(files))).toEqual(['type.unknown 1:33 There is no resource type "Test::Qeue".']);
  });
});

test("all problems at once, sorted by place; those of one resource do not hide those of another", async () => {
  const template = `
Parameters:
  Size: { Type: Number }
Resources:
  A:
    Type: Test::Rule
    Properties: { Group: !Ref Web, Port: x, Sorce: a, Source: !GetAtt Web.Nothing }
  Web: { Type: Test::Group, Properties: { Owner: !Ref Oops } }
  C: { Type: Test::Qeue, DependsOn: Oops }
  D: { Type: Test::Role, Properties: { Trust: [a] } }
`;
  expect((await problemsOf(template)).map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
    "parameter.missing 2:3",
    "unused.parameter 2:3",
    "property.type 6:42",
    "property.unknown 6:45",
    "getatt.unknown-attribute 6:71",
    "ref.undefined 7:55",
    "type.unknown 8:14",
    "depends-on.undefined 8:37",
    "property.type 9:47",
  ]);
});

test("a diagnostic says whose problem it is, what to do, and what belongs to it", async () => {
  const template =
    "Resources:\n  A: { Type: Test::Group, Properties: { Owner: !GetAtt B.Arm } }\n  B: { Type: Test::Role }\n";
  expect(await validate({ "t.yaml": template })).toEqual([
    {
      code: "getatt.unknown-attribute",
      severity: "error",
      message: 'B (Test::Role) has no attribute "Arm".',
      remedy: 'Did you mean "Arn"?',
      resource: "A (Test::Group)",
      place: expect.objectContaining({ file: "desired-state/t.yaml", line: 2, column: 56 }),
      related: [{ message: '"B" is declared here.', place: expect.objectContaining({ line: 3, column: 3 }) }],
    },
  ]);
});

test.each([
  ["with a nearest name", "Test::Qeue", 'Did you mean "Test::Queue"?'],
  ["with a nearest name of our own", "Test::Grop", 'Did you mean "Test::Group"?'],
  ["with none near", "Elsewhere", "Correct the name, as in AWS::SSM::Parameter."],
])("an unknown type %s", async (_, type, remedy) => {
  const [diagnostic] = await validate({ "t.yaml": `Resources:\n  A: { Type: ${type} }\n` });
  expect(diagnostic?.remedy).toBe(remedy);
});

test("a type whose data may be lost has to be one", async () => {
  const found = await validate({
    "reconcile.yaml": "guards: { allow-data-loss-of: [Test::Role, Test::Rol] }",
    "a.yaml": "Resources: { A: { Type: Test::Role } }",
    "b.yaml": "Resources: { A: { Type: Test::Role } }",
  });
  expect(lines(found)).toEqual([
    'guard.unknown-type 1:44 There is no resource type "Test::Rol" whose data could be lost.',
  ]);
});

test("two groups that refer to each other are told which type breaks the circle", async () => {
  const group = (id: string, other: string) =>
    `  ${id}: { Type: Test::Group, Properties: { Rules: [{ Port: 1, Source: !GetAtt ${other}.GroupId }] } }\n`;
  const [diagnostic] = await validate({ "t.yaml": `Resources:\n${group("A", "B")}${group("B", "A")}` });
  expect(diagnostic).toMatchObject({
    code: "ref.cycle",
    resource: "A (Test::Group)",
    remedy: "Declare what closes the circle as a resource of its own: Test::Rule.",
    related: [{ message: '"B" uses "A" here.' }],
  });
});

test("a child that gives its parent's name waits for it", async () => {
  const template = `
Resources:
  Profile: { Type: Test::Profile, Properties: { Role: reader, Name: a } }
  Role: { Type: Test::Role, DependsOn: Profile, Properties: { RoleName: reader } }
`;
  expect(await problemsOf(template)).toEqual([expect.stringContaining("Profile → Role → Profile")]);
});

describe("values from outside", () => {
  const template =
    "Parameters: { Mode: { Type: String } }\nResources:\n  A: { Type: Test::Parameter, Properties: { Name: a, Value: b, Mode: !Ref Mode } }\n";
  const files = { "s.yaml": "template-file-path: t.json\nparameters: { Mode: { env: MODE } }\n", "t.json": template };

  test("a name that every object has is not set either", async () => {
    const stack = "template-file-path: t.json\nparameters: { Mode: { env: toString } }\n";
    expect(await validate({ ...files, "s.yaml": stack })).toEqual([
      expect.objectContaining({ code: "input.env-missing" }),
    ]);
  });
  test("one that may not be read is that, and not missing", async () => {
    const stack = "template-file-path: t.json\nparameters: { Mode: { env: AWS_SECRET_ACCESS_KEY } }\n";
    expect(lines(await validate({ ...files, "s.yaml": stack }))).toEqual([expect.stringMatching(/^input.env 2:/)]);
  });
  test("one that is set is checked, and never shown", async () => {
    expect(await validate(files, { MODE: "Standard" })).toEqual([]);
    expect(lines(await validate(files, { MODE: "hunter2" }))).toEqual([
      "property.value 3:75 Mode cannot be the secret that is given.",
    ]);
  });
  test("a lookup is not made", async () => {
    const text =
      "Resources:\n  A: { Type: Test::Parameter, Properties: { Name: a, Value: '{{resolve:ssm:/x}}', Mode: '{{resolve:ssm:/y}}' } }\n";
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe("pseudo parameters", () => {
  const template = `Resources:\n  A: { Type: Test::Parameter, Properties: { Name: a, Value: b, Mode: !Sub '\${AWS::Region}|\${AWS::Partition}|\${AWS::URLSuffix}|\${AWS::AccountId}' } }\n`;
  const stack = (more: string) => ({ "s.yaml": `template-file-path: t.json\n${more}`, "t.json": template });

  test.each([
    ["us-east-1", "us-east-1|aws|amazonaws.com"],
    ["cn-north-1", "cn-north-1|aws-cn|amazonaws.com.cn"],
    ["us-gov-west-1", "us-gov-west-1|aws-us-gov|amazonaws.com"],
    ["eusc-de-east-1", "eusc-de-east-1|aws-eusc|amazonaws.eu"],
    ["us-iso-east-1", "us-iso-east-1|aws-iso|c2s.ic.gov"],
  ])("of %s", async (region, expected) => {
    const [problem] = lines(await validate(stack(`region: ${region}\naccount: "123456789012"\n`)));
    expect(problem).toContain(`"${expected}|123456789012"`);
  });
  test("the region may come from the environment", async () => {
    const regions = [{ AWS_REGION: "us-east-1" }, { AWS_DEFAULT_REGION: "us-east-1" }];
    for (const environment of regions)
      expect(await validate(stack('account: "123456789012"\n'), environment)).toHaveLength(1);
  });
  test("are unknown where nobody says", async () => {
    expect(await validate(stack(""))).toEqual([]);
  });
});

describe("checks that a type brings along", () => {
  const template = (rules: string, children: string) => `
Parameters: { Edges: { Type: String } }
Resources:
  Web:
    Type: Test::Group
    Properties: { Rules: [${rules}] }
${children}`;
  const stack = "template-file-path: t.json\nparameters: { Edges: { prefix-list: com.example.edges } }\n";
  const edges = "{ Port: 443, Source: !Ref Edges }";
  const child = (port: number) =>
    `  Rule${port}: { Type: Test::Rule, Properties: { Group: !GetAtt Web.GroupId, Port: ${port}, Source: a } }\n`;

  test("see what children declare, and where a value comes from", async () => {
    const five = [1, 2, 3, 4, 5].map(child).join("");
    const fits = await validate({ "s.yaml": stack, "t.json": template(edges, five) });
    const exceeds = await validate({ "s.yaml": stack, "t.json": template(edges, five + child(6)) });
    expect(fits).toEqual([]);
    expect(lines(exceeds)).toEqual([
      expect.stringMatching(/^quota\.rules 11:\d+ "Web" has 61 rules, and 60 are allowed\.$/),
    ]);
    expect(exceeds[0]?.resource).toBe("Web (Test::Group)");
  });
});

describe("what keeps from planning, and says nothing against the files", () => {
  const needsMode =
    "Parameters: { Mode: { Type: String } }\nResources:\n  A: { Type: Test::Parameter, Properties: { Name: a, Value: b, Mode: !Ref Mode } }\n";

  test.each([
    [
      "a variable that is not set",
      { "s.yaml": "template-file-path: t.json\nparameters: { Mode: { env: MODE } }\n", "t.json": needsMode },
      ["input.env-missing 2:21 The environment variable MODE is not set."],
      "note",
    ],
    [
      "a type without a provider, however often it is used",
      { "t.yaml": "Resources:\n  A: { Type: Test::Queue }\n  B: { Type: Test::Queue }\n" },
      ["not-yet.type 2:14 AWS has the type Test::Queue, but there is no provider for it yet: a plan refuses it."],
      "warning",
    ],
    [
      "an attribute that its type does not have yet",
      {
        "t.yaml":
          "Resources:\n  A: { Type: Test::Role, Properties: { Trust: !GetAtt B.Fingerprint } }\n  B: { Type: Test::Group }\n",
      },
      ['not-yet.attribute 2:55 AWS has the attribute "Fingerprint" of Test::Group, but it is not supported here yet.'],
      "warning",
    ],
    [
      "a parameter of a template by itself",
      { "t.yaml": needsMode },
      ['parameter.missing 1:15 The parameter "Mode" has no value and no Default.'],
      "note",
    ],
    [
      "several of them, once, without those that have a Default",
      {
        "t.yaml": needsMode
          .replace("Mode:", "Name: { Type: String }, Value: { Type: String, Default: b }, Mode:")
          .replace("Name: a, Value: b", "Name: !Ref Name, Value: !Ref Value"),
      },
      ["parameter.missing 1:15 These parameters have no value here and no Default: Name, Mode."],
      "note",
    ],
    [
      "a file's name that no stack can have",
      { "t_1.yaml": "Resources:\n  A: { Type: Test::Role }\n" },
      ['stack.name 1:1 "t_1", made from the path, cannot be the name of a stack.'],
      "note",
    ],
  ] as const)("%s", async (_, files, expected, severity) => {
    const forPlan = await validate(files);
    const forFiles = await validate(files, {}, "files");

    expect(new Set(forPlan.map((each) => each.severity))).toEqual(new Set(["error"]));
    expect(lines(forFiles)).toEqual(expected);
    expect(forFiles[0]?.severity).toBe(severity);
  });

  test("types without a provider are told once, with the place of each", async () => {
    const types = ["Test::Queue", "Test::Topic", "Test::Queue"];
    const template = `Resources:\n${types.map((type, index) => `  R${index}: { Type: ${type} }\n`).join("")}`;
    const found = await validate({ "t.yaml": template }, {}, "files");
    expect(found).toMatchObject([
      {
        code: "not-yet.type",
        message: "AWS has these 2 types, but there are no providers for them yet: a plan refuses them.",
        place: { line: 2 },
        related: [
          { message: "Test::Queue, 2 resources", place: { line: 2 } },
          { message: "Test::Topic", place: { line: 3 } },
        ],
      },
    ]);
    expect(await validate({ "t.yaml": template })).toHaveLength(3);
  });

  test("the parameters of a stack file, and its name, are needed in any case", async () => {
    const files = { "s_1.yaml": "template-file-path: t.json\n", "t.json": needsMode };
    expect((await validate(files, {}, "files")).map(({ code, severity }) => [code, severity])).toEqual([
      ["stack.name", "error"],
      ["parameter.missing", "error"],
    ]);
  });
});

describe("an error that only the Defaults of a template's parameters cause", () => {
  const template = (mode: string) =>
    `Parameters: { Mode: { Type: String, Default: ${mode} } }\nResources:\n  A: { Type: Test::Parameter, Properties: { Name: a, Value: b, Mode: !Ref Mode } }\n`;
  const stack = "template-file-path: t.json\n";
  const severities = async (files: Record<string, string>, purpose: Purpose) =>
    (await validate(files, {}, purpose)).map(({ code, severity }) => `${code} ${severity}`);

  test("is a warning of a template by itself", async () => {
    const files = { "t.yaml": template("none") };
    expect(await severities(files, "files")).toEqual(["property.value warning"]);
    expect(await severities(files, "plan")).toEqual(["property.value error"]);
  });
  test("is one of a stack that uses it", async () => {
    expect(await severities({ "s.yaml": stack, "t.json": template("none") }, "files")).toEqual([
      "property.value error",
    ]);
  });
  test("what is wrong whatever they are stays one", async () => {
    const files = { "t.yaml": template("Standard").replace("Name: a, ", "") };
    expect(await severities(files, "files")).toEqual(["property.missing error"]);
  });
});

describe("types that are not AWS's", () => {
  test.each([
    ["Initech::TPS::Report", "unsupported.type"],
    ["AWSQS::Shop::Store", "unsupported.type"],
    ["AW::Shop::Store", "type.unknown"],
    ["Initech::S3::Bucket::MODULE", "unsupported.type"],
    ["AWS::S3::Bucket::MODULE", "unsupported.type"],
    ["AWS::S3::Bukket", "type.unknown"],
    ["Bucket", "type.unknown"],
  ])("%s", async (type, code) => {
    expect(await problemsOf(`Resources:\n  A: { Type: ${type} }\n`)).toEqual([expect.stringContaining(`${code} 2:14`)]);
  });
});

test("what loading found is there as well", async () => {
  expect(await problemsOf("Resources:\n\tA: b\n")).toEqual([expect.stringContaining("yaml.tab 2:1")]);
});
