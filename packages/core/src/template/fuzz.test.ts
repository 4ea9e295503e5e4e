// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawn, proves } from "../testing/proofs.ts";
import { checkInactive, evaluateConditions, evaluateOutput, evaluateResource } from "./evaluate.ts";
import { functions } from "./functions/index.ts";
import { environmentOf } from "./harness.ts";
import type { Environment, Template } from "./model.ts";
import { parseTemplate } from "./parse.ts";
import { evaluateRules } from "./rules.ts";

/** Whatever a file says, the answer is a value and diagnostics with places, never an exception. */
function evaluateAll(text: string): void {
  const { value: template, diagnostics } = parseTemplate({ path: "template.yaml", text });
  for (const { message, place } of diagnostics) {
    expect(message).not.toBe("");
    expect(place?.line).toBeGreaterThan(0);
  }
  if (!template) return;
  const environment = environmentOf({ parameters: { P: "a,b", Q: ["a", "b"] } });
  evaluateTemplate(template, environment);
  const again = template.late?.read(environment).value;
  if (again) evaluateTemplate(again, environment);
}

function evaluateTemplate(template: Template, environment: Environment): void {
  evaluateRules(template, environment);
  const active = evaluateConditions(template, environment);
  checkInactive(template, environment, active);
  for (const logicalId of template.resources.keys()) {
    const evaluated = evaluateResource(template, logicalId, environment);
    JSON.stringify(evaluated.properties);
    evaluated.placeOf("/A/0/B");
  }
  for (const name of template.outputs.keys()) evaluateOutput(template, name, environment);
}

test("random text never throws", proves(12, "memory"), (context) => {
  const pieces = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "  ",
    "\t",
    "-",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    '"',
    "'",
    "&x ",
    "*x",
    "!Ref ",
    "!Sub ",
    "!If ",
    "|\n",
    ">",
    "#",
    "<<",
    "Resources:\n",
    "${",
    "é",
    "\0",
    "%",
    "@",
    "---\n",
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => evaluateAll(text)),
    drawn(context, 400),
  );
});

const names = fc.constantFrom(
  "P",
  "Q",
  "R",
  "S",
  "C",
  "D",
  "M",
  "AWS::NoValue",
  "AWS::Region",
  "Nope",
  "0",
  "__proto__",
  "{{resolve:ssm:/a}}",
  "${P}${R.Arn}",
  "R.Arn",
  "",
);
const keys = fc.constantFrom(
  ...functions.keys(),
  "Fn::ForEach::L",
  "Fn::ForEach::Q",
  "Fn::Transform",
  "Fn::Nope",
  "A",
  "B",
  "constructor",
  "__proto__",
);

/** Trees in which functions stand in all the places where they should and should not. */
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    names,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie("list"),
    tie("map"),
  ),
  list: fc.array(tie("tree"), { maxLength: 4 }),
  map: fc.dictionary(keys, tie("tree"), { maxKeys: 2, noNullPrototype: true }),
}));

test("random trees in every section never throw", proves(12, "memory"), (context) => {
  fc.assert(
    fc.property(tree, tree, tree, tree, (first, second, third, fourth) => {
      const template = {
        Transform: "AWS::LanguageExtensions",
        Parameters: { P: { Type: "String", Default: fourth }, Q: { Type: "CommaDelimitedList" } },
        Rules: { U: { RuleCondition: first, Assertions: [{ Assert: second }] } },
        Mappings: { M: { a: { b: fourth } }, R: third },
        Conditions: { C: first, D: second },
        Resources: {
          R: { Type: "A::B::C", Properties: { A: first, B: second }, Metadata: { Reconcile: third } },
          S: { Type: "A::B::C", Condition: "C", DependsOn: third, Properties: third },
          T: { Type: "A::B::C", Condition: first, DeletionPolicy: second, Properties: { "Fn::ForEach::K": third } },
          "Fn::ForEach::L": ["I", first, { "L${I}": { Type: "A::B::C", Properties: second } }],
          "Fn::ForEach::M": third,
        },
        Outputs: { O: { Value: first, Condition: "D" }, "Fn::ForEach::N": [second, { Ref: "Q" }, third] },
      };
      evaluateAll(JSON.stringify(template));
      evaluateAll(JSON.stringify({ ...template, Transform: undefined }));
    }),
    drawn(context, 300),
  );
});

test.each([
  ["variables without end", `!Sub "${"${".repeat(300_000)}"`],
  ["variables behind escapes", `!Sub "${"\\x24{P}".repeat(50_000)}"`],
  ["dynamic references without end", `"${"{{resolve:".repeat(50_000)}"`],
])("%s take no more than a moment", (_, expression) => {
  const before = process.cpuUsage();
  evaluateAll(
    `Parameters:\n  P: { Type: Number }\nResources:\n  R: { Type: A::B::C, Properties: { A: ${expression} } }`,
  );
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(5);
});

test("loops that declare 5,000 resources are written out in seconds", () => {
  const items = Array.from({ length: 5000 }, (_, index) => `n${index}`).join(", ");
  const before = process.cpuUsage();
  evaluateAll(`Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::L:
    - I
    - [${items}]
    - "R\${I}":
        Type: AWS::SSM::Parameter
        Properties: { Name: !Sub "/\${AWS::StackName}/\${I}", Value: !Ref I, Tags: [{ Key: Name, Value: !Ref I }] }
`);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(8);
}, 60_000);

// Far above what it takes (see bench/ for that), because it runs beside other tests; anything quadratic takes minutes.
test("a template with 5,000 resources is read and evaluated in seconds", () => {
  const resources = Array.from(
    { length: 5000 },
    (_, index) => `  R${index}:
    Type: AWS::SSM::Parameter
    Properties:
      Name: !Sub "/\${AWS::StackName}/${index}"
      Value: !Join ["-", [!Ref P, ${index}, !GetAtt R${(index + 1) % 5000}.Value]]
      Tags: [{ Key: Name, Value: "r${index}" }]
`,
  );
  const text = `Parameters:\n  P: { Type: String }\nResources:\n${resources.join("")}`;
  const before = process.cpuUsage();
  evaluateAll(text);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(8);
}, 60_000);
