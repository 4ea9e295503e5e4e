import { describe, expect, test } from "vitest";
import { createRegistry } from "../resource/registry.ts";
import { lines, load } from "./fixture.ts";
import type { Specification, SpecifiedType } from "./specification.ts";
import { validateStacks } from "./validate.ts";

const text = { kind: "string" } as const;

const queue: SpecifiedType = {
  type: "Test::Queue",
  properties: {
    Name: { type: text, required: true },
    Size: { type: { kind: "integer" } },
    Share: { type: { kind: "number" } },
    Open: { type: { kind: "boolean" } },
    Mode: { type: { kind: "string", values: ["fast", "exact"] } },
    Days: { type: { kind: "integer", values: [1, 7] } },
    Names: { type: { kind: "list", of: text } },
    Labels: { type: { kind: "map", of: text } },
    Policy: { type: { kind: "json" } },
    Rule: { type: { kind: "object", definition: "Rule" } },
    Rules: { type: { kind: "list", of: { kind: "object", definition: "Rule" } } },
    Target: { type: { kind: "union", of: [text, { kind: "object", definition: "Rule" }] } },
    Anything: { type: { kind: "union", of: [{ kind: "json" }, { kind: "object", definition: "Rule" }] } },
    Keys: {
      type: { kind: "union", of: [{ kind: "list", of: { kind: "object", definition: "Rule" } }, { kind: "json" }] },
    },
    Hosts: { type: { kind: "union", of: [{ kind: "list", of: text }, { kind: "map", of: text }, text] } },
    Older: { type: text, deprecated: true },
  },
  attributes: { Arn: {}, "Endpoint.Port": {}, Outputs: { type: { kind: "map", of: { kind: "string" } } } },
  definitions: {
    Rule: {
      properties: {
        Port: { type: { kind: "integer" }, required: true },
        Inner: { type: { kind: "object", definition: "Rule" } },
      },
    },
  },
};

const specification: Specification = {
  has: (type) => type === queue.type,
  nearestType: () => undefined,
  resource: (type) => (type === queue.type ? queue : undefined),
  propertyAt: () => undefined,
  propertiesAt: () => undefined,
  actionServices: () => [],
  actions: () => undefined,
};

async function problemsOf(template: string): Promise<string[]> {
  const loaded = await load({ "desired-state/t.yaml": template });
  const options = { registry: createRegistry([]), specification, environment: {}, purpose: "files" } as const;
  return lines(validateStacks(loaded, options).filter(({ code }) => !/^(not-yet.type|unused.condition)$/.test(code)));
}

describe("a type without a provider is held against AWS's specification", () => {
  test.each([
    ["a name that it does not have", "Nane: a, Name: b", 'property.unknown 2:41 Test::Queue has no property "Nane".'],
    [
      "what AWS sets",
      "Name: a, Arn: b",
      "property.read-only 2:50 Arn of Test::Queue is set by AWS: a value that is declared has no effect.",
    ],
    ["what is missing", "Size: 1", "property.missing 2:39 Test::Queue needs the property Name."],
    ["text for a number", "Name: a, Size: b", 'property.type 2:56 Size must be a whole number, not "b".'],
    ["a map for text", "Name: { A: b }", "property.type 2:47 Name must be text, not an object."],
    ["a list for a map", "Name: a, Labels: [b]", "property.type 2:58 Labels must be an object, not a list."],
    ["text for an object", "Name: a, Rule: b", 'property.type 2:56 Rule must be an object, not "b".'],
    ["a value that is not allowed", "Name: a, Mode: Fast", 'property.value 2:56 Mode cannot be "Fast".'],
    ["a number that is not allowed", "Name: a, Days: 2", "property.value 2:56 Days cannot be 2."],
    [
      "a name further down",
      "Name: a, Rules: [{ Port: 1, Prot: 2 }]",
      'property.unknown 2:69 Rules[0] has no property "Prot".',
    ],
    [
      "what is missing further down",
      "Name: a, Rule: { Port: 1, Inner: { } }",
      "property.missing 2:74 Rule.Inner needs the property Port.",
    ],
    [
      "the form that was meant",
      "Name: a, Target: { Prot: 1, Port: 2 }",
      'property.unknown 2:60 Target has no property "Prot".',
    ],
    [
      "an element of a list that stands for one of several forms",
      "Name: a, Keys: [{ Prot: 1 }], Hosts: [[b]]",
      "property.type 2:79 Hosts[0] must be text, not a list.",
    ],
    [
      "what is deprecated",
      "Name: a, Older: b",
      "property.deprecated 2:50 AWS says that Older of Test::Queue is deprecated.",
    ],
    [
      "a name that every object has",
      "Name: a, constructor: b",
      'property.unknown 2:50 Test::Queue has no property "constructor".',
    ],
  ])("%s", async (_, properties, expected) => {
    expect(await problemsOf(`Resources:\n  A: { Type: Test::Queue, Properties: { ${properties} } }\n`)).toEqual([
      expected,
    ]);
  });

  test.each([
    ["numbers and booleans as text", 'Name: a, Size: "1", Share: "0.5", Open: "true", Days: "7"'],
    ["text written as a number or boolean", "Name: 1, Mode: fast, Labels: { a: true, b: 1.10 }"],
    ["one value for a list of one", "Name: a, Names: b, Rules: { Port: 1 }"],
    ["any JSON", "Name: a, Policy: { A: [1, { B: c }] }, Anything: { Prot: 1 }"],
    ["JSON as text", `Name: a, Policy: '{"A": 1}'`],
    ["each form of a value that has several", "Name: a, Target: b"],
    ["what is not known yet, as a whole", "'Fn::If': [Unknown, { Name: a }, { Name: b }]"],
    ["what is not known yet", "Name: !Ref B, Size: !Ref B, Rules: [!Ref B, { Port: !GetAtt B.Endpoint.Port }]"],
  ])("%s is accepted", async (_, properties) => {
    const template = `Conditions: { Unknown: !Equals [!Ref AWS::AccountId, a] }\nResources:\n  A: { Type: Test::Queue, Properties: { ${properties} } }\n  B: { Type: Test::Queue, Properties: { Name: b } }\n`;
    expect(await problemsOf(template)).toEqual([]);
  });
});

describe("what is not part of the stack now", () => {
  const template = (properties: string, condition = "") =>
    `Parameters: { P: { Type: String, Default: "" } }\nConditions:\n  Never: !Equals [!Ref P, x]\n  Always: !Not [!Condition Never]\nResources:\n  A: { Type: Test::Queue, ${condition}Properties: { ${properties} } }\n`;

  test.each([
    ["a branch", template("Name: a, Mode: !If [Never, slow, fast]"), ['property.value 6:68 Mode cannot be "slow".']],
    [
      "a branch in a branch",
      template("Name: a, Rule: !If [Never, !If [Always, { Prot: 1, Port: 1 }, { Port: 1 }], { Port: 1 }]"),
      [expect.stringMatching(/^property.unknown 6:/)],
    ],
    [
      "a branch further down",
      template("Name: a, Rule: { Port: !If [Never, b, 1] }"),
      [expect.stringMatching(/^property.type 6:/)],
    ],
    [
      "a resource",
      template("Name: a, Nane: b", "Condition: Never, "),
      ['property.unknown 6:68 Test::Queue has no property "Nane".'],
    ],
    [
      "not a use of what is not part of it either",
      `${template("Name: !Ref B", "Condition: Never, ")}  B: { Type: Test::Queue, Condition: Never, Properties: { Name: b } }\n`,
      [],
    ],
    [
      "one of two maps of properties",
      template("").replace("{  }", "!If [Never, { Nane: a }, { Name: a }]"),
      [expect.stringMatching(/^property.unknown 6:/)],
    ],
    ["not what only may be missing", template("Name: !If [Never, !Ref AWS::NoValue, a]"), []],
    ["not what a Default cannot be", template("Name: a, Mode: !If [Never, !Ref P, fast]"), []],
  ])("%s", async (_, text, expected) => {
    expect(await problemsOf(text)).toEqual(expected);
  });
});

test("a path where something in a bucket is meant", async () => {
  const loaded = await load({
    "desired-state/t.yaml": "Resources:\n  A: { Type: Test::Queue, Properties: { Name: a, Code: ./src } }\n",
  });
  const code = { type: { kind: "object", definition: "Code" } } as const;
  const withCode = {
    ...queue,
    properties: { ...queue.properties, Code: code },
    definitions: { Code: { properties: { S3Bucket: { type: text } } } },
  };
  const options = {
    registry: createRegistry([]),
    specification: { ...specification, resource: () => withCode },
    environment: {},
  };
  expect(validateStacks(loaded, options)).toContainEqual(
    expect.objectContaining({ code: "property.type", remedy: expect.stringContaining("aws cloudformation package") }),
  );
});

test.each([
  { instead: "Use topics.", remedy: "Use topics." },
  { instead: undefined, remedy: "Remove it: AWS names nothing that takes its place." },
])("a type that AWS gives up: $remedy", async ({ instead, remedy }) => {
  const old = { ...queue, deprecated: { reason: "Queues were shut down in 2020.", ...(instead && { instead }) } };
  const loaded = await load({
    "desired-state/t.yaml": "Resources:\n  A: { Type: Test::Queue, Properties: { Name: a } }\n",
  });
  const options = {
    registry: createRegistry([]),
    specification: { ...specification, resource: () => old },
    environment: {},
  };
  expect(validateStacks(loaded, options)).toContainEqual(
    expect.objectContaining({ code: "type.deprecated", severity: "warning", remedy }),
  );
});

test("what a macro may still change is not held against anything; what AWS's own transforms leave alone is", async () => {
  const template = (transform: string) =>
    `Transform: ${transform}\nResources:\n  A: { Type: Test::Queue, Properties: { Expand: 3 } }\n  B: { Type: Test::Topic }\n`;
  expect(await problemsOf(template("Expander"))).toEqual([expect.stringMatching(/^unsupported.transform 1:12 /)]);
  expect(await problemsOf(template("AWS::Serverless-2016-10-31"))).toHaveLength(4);
});

test.each([
  ["Arn", []],
  ["Endpoint.Port", []],
  ["Outputs.Address", []],
  ["Ran", ['getatt.unknown-attribute 4:25 A (Test::Queue) has no attribute "Ran".']],
  [
    "Name",
    [
      'getatt.property 4:25 "Name" is a property of Test::Queue, and no attribute: with most types CloudFormation refuses to get one.',
    ],
  ],
  ["Rule.Port", [expect.stringContaining("getatt.property")]],
])("attribute %s", async (attribute, expected) => {
  const template = `Resources:\n  A: { Type: Test::Queue, Properties: { Name: b } }\nOutputs:\n  Out: { Value: !GetAtt A.${attribute} }\n`;
  expect(await problemsOf(template)).toEqual(expected);
});
