// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is CloudFormation's syntax.
import { describe, expect, test } from "vitest";
import { Unknown, type Value } from "../../value.ts";
import { evaluateResource } from "../evaluate.ts";
import { described, environmentOf, evaluateProperty, type World } from "../harness.ts";
import type { Template } from "../model.ts";
import { parseTemplate } from "../parse.ts";

/** An expression, what it gives (Unknown: its sources), and what it reports. */
interface Case {
  expression: string;
  gives?: Value | undefined;
  unknown?: string[];
  sensitive?: string[];
  problems?: string[];
  world?: World;
}

function check({ expression, gives, unknown, sensitive = [], problems = [], world }: Case): void {
  const outcome = evaluateProperty(expression, world);
  expect(outcome.problems).toEqual(problems);
  if (problems.length > 0) return;
  if (unknown) expect(outcome.value).toMatchObject({ sources: unknown });
  else expect(outcome.value).toEqual(gives);
  expect([...outcome.evaluated.sensitive]).toEqual(sensitive);
}

const table = (cases: Case[]) => test.each(cases)("$expression", check);

describe("Ref", () => {
  table([
    { expression: "!Ref Name", gives: "app" },
    { expression: "{ Ref: Name }", gives: "app" },
    { expression: "!Ref Names", gives: ["a", "b", "c"] },
    { expression: "!Ref AWS::Region", gives: "us-east-1" },
    { expression: "!Ref AWS::NotificationARNs", gives: [] },
    { expression: "!Ref AWS::AccountId", unknown: ["AWS::AccountId"] },
    { expression: "!Ref Late", unknown: ["Late"] },
    { expression: "!Ref Secret", gives: "s3cret", sensitive: ["/P"] },
    { expression: "!Ref Secrets", gives: ["x", "y"], sensitive: ["/P/0", "/P/1"] },
    { expression: "!Ref Bucket", unknown: ["Bucket"] },
    { expression: "!Ref Bucket", gives: "b-1", world: { attributes: { Bucket: { value: "b-1" } } } },
    { expression: "!Ref Perhaps", unknown: ["Perhaps"] },
    { expression: "!Ref AWS::NoValue", gives: undefined },
    { expression: "[a, !Ref AWS::NoValue, b]", gives: ["a", "b"] },
    { expression: "{ A: !Ref AWS::NoValue, B: 1 }", gives: { B: 1 } },
    { expression: "{ Ref: Name, Other: x }", gives: { Ref: "Name", Other: "x" } },
    { expression: "!Ref Nmae", problems: ["ref.undefined «Nmae»"] },
    { expression: "!Ref Bukcet", problems: ["ref.undefined «Bukcet»"] },
    { expression: "!Ref SomethingElse", problems: ["ref.undefined «SomethingElse»"] },
    { expression: "!Ref AWS::Regoin", problems: ["ref.undefined «AWS::Regoin»"] },
    { expression: "!Ref AWS::Everything", problems: ["ref.undefined «AWS::Everything»"] },
    { expression: "!Ref Gone", problems: ["ref.inactive «Gone»"] },
    { expression: "!Ref", problems: ["function.form «»"] },
    { expression: "!Ref [Name]", problems: ["function.form «[Name]»"] },
    { expression: "\n  Ref:", problems: ["function.form «Ref»"] },
  ]);

  test("says what was meant, with its kind and line", () => {
    const { evaluated } = evaluateProperty("!Ref Nmae");
    expect(evaluated.diagnostics[0]).toEqual({
      code: "ref.undefined",
      severity: "error",
      message: 'There is no parameter or resource "Nmae".',
      remedy: 'Did you mean "Name", the parameter at line 3?',
      resource: "Subject (AWS::Test::Subject)",
      place: { file: "template.yaml", line: 25, column: 15, end: { line: 25, column: 19 } },
    });
  });

  test.each([
    ["!Ref Bukcet", 'Did you mean "Bucket", the resource at line 19?'],
    ["!Ref AWS::Regoin", 'Did you mean "AWS::Region"?'],
    ['!Sub "${AWS:Region}"', 'Did you mean "AWS::Region"?'],
    ["!Ref AWS::Everything", "Use one of CloudFormation's pseudo parameters."],
    ["!Ref SomethingElse", "Declare it, or correct the name."],
    ["!GetAtt Bukcet.Arn", 'Did you mean "Bucket", the resource at line 19?'],
    ["!GetAtt SomethingElse.Arn", "Declare the resource, or correct its name."],
    ["!GetAtt Name.Arn", "Use !Ref Name."],
  ])("%s: %s", (expression, remedy) => {
    expect(evaluateProperty(expression).evaluated.diagnostics[0]?.remedy).toBe(remedy);
  });

  test("names the condition of a resource that is not part of the stack", () => {
    const [problem] = evaluateProperty("!Ref Gone").evaluated.diagnostics;
    expect(problem?.message).toBe('"Gone" is not part of this stack: its condition "No" is false.');
    expect(problem?.related?.[0]?.place).toMatchObject({ line: 20, column: 47 });
  });
});

describe("Fn::GetAtt", () => {
  const world: World = {
    attributes: { "Bucket.Arn": { value: "arn:b" }, "Bucket.Key": { value: "k", sensitive: true } },
  };
  table([
    { expression: "!GetAtt Bucket.Arn", gives: "arn:b", world },
    { expression: "!GetAtt [Bucket, Arn]", gives: "arn:b", world },
    { expression: "{ Fn::GetAtt: [Bucket, Arn] }", gives: "arn:b", world },
    { expression: "{ Fn::GetAtt: Bucket.Arn }", gives: "arn:b", world },
    { expression: "!GetAtt Bucket.Endpoint.Port", unknown: ["Bucket.Endpoint.Port"] },
    { expression: "!GetAtt Bucket.Key", gives: "k", sensitive: ["/P"], world },
    { expression: "!GetAtt [Bucket, !Ref Name]", unknown: ["Bucket.app"] },
    { expression: "!GetAtt [Bucket, !Ref Late]", unknown: ["Late"] },
    {
      expression: "!GetAtt Bucket.Map",
      gives: { A: ["x"], B: 1 },
      world: { attributes: { "Bucket.Map": { value: { A: ["x"], B: 1 } } } },
    },
    {
      expression: "!GetAtt Bucket.Map",
      gives: { A: ["x"] },
      sensitive: ["/P/A/0"],
      world: { attributes: { "Bucket.Map": { value: { A: ["x"] }, sensitive: true } } },
    },
    { expression: "!GetAtt Bukcet.Arn", problems: ["ref.undefined «Bukcet.Arn»"] },
    { expression: "!GetAtt [Bukcet, Arn]", problems: ["ref.undefined «Bukcet»"] },
    { expression: "!GetAtt Name.Arn", problems: ["ref.undefined «Name.Arn»"] },
    { expression: "!GetAtt Gone.Arn", problems: ["ref.inactive «Gone.Arn»"] },
    { expression: "!GetAtt Bucket", problems: ["function.form «Bucket»"] },
    { expression: "!GetAtt .Arn", problems: ["function.form «.Arn»"] },
    { expression: "!GetAtt [Bucket]", problems: ["function.form «[Bucket]»"] },
    { expression: "!GetAtt [Bucket, Arn, More]", problems: ["function.form «[Bucket, Arn, More]»"] },
    { expression: "!GetAtt [!Ref Name, Arn]", problems: ["transform.missing «Name»"] },
    { expression: "!GetAtt [Bucket, [Arn]]", problems: ["function.form «[Arn]»"] },
    { expression: "!GetAtt { a: b }", problems: ["function.form «{ a: b }»"] },
  ]);
});

describe("Fn::Sub", () => {
  const world: World = { attributes: { "Bucket.Arn": { value: "arn:b" } } };
  table([
    { expression: '!Sub "x-${Name}-${AWS::Region}"', gives: "x-app-us-east-1" },
    { expression: '{ Fn::Sub: "x-${Name}" }', gives: "x-app" },
    { expression: '!Sub "${Bucket.Arn}/*"', gives: "arn:b/*", world },
    { expression: '!Sub "${Bucket}"', unknown: ["Bucket"] },
    { expression: '!Sub "${Late} ${Bucket}"', unknown: ["Bucket", "Late"] },
    { expression: '!Sub "keep ${!Name}, $Name, ${"', gives: "keep ${Name}, $Name, ${" },
    { expression: '!Sub ["${A}-${Name}", { A: !Ref Name }]', gives: "app-app" },
    { expression: '{ Fn::Sub: ["${A.b}", { A.b: 0123 }] }', gives: "0123" },
    { expression: '!Sub ["${Name}", { Name: other }]', gives: "other" },
    { expression: "!Sub |\n  line ${Name}\n", gives: "line app\n" },
    { expression: '!Sub "${Secret}!"', gives: "s3cret!", sensitive: ["/P"] },
    { expression: '!Sub "${Secret}${Late}"', unknown: ["Late"], sensitive: ["/P"] },
    { expression: '!Sub "${AWS::NoValue}"', problems: ['no-value.place «"${AWS::NoValue}"»'] },
    { expression: '!Sub "a ${Name} ${Nmae}"', problems: ["ref.undefined «Nmae»"] },
    { expression: '!Sub "${Nmae} ${Nmae}"', problems: ["ref.undefined «Nmae»", "ref.undefined «Nmae»"] },
    { expression: '!Sub "\\x24{Nmae}"', problems: ['ref.undefined «"\\x24{Nmae}"»'] },
    { expression: "!Sub |\n  ${Name}\n  ${Bukcet.Arn}", problems: ["ref.undefined «Bukcet.Arn»"] },
    { expression: '!Sub "${Gone.Arn}"', problems: ["ref.inactive «Gone.Arn»"] },
    { expression: '!Sub "${NAME:-x}"', problems: ["sub.variable «NAME:-x»"] },
    { expression: '!Sub "${}"', problems: ["sub.variable «${}»"] },
    { expression: '!Sub "${Names}"', problems: ['function.form «"${Names}"»'] },
    { expression: '!Sub ["${A}"]', problems: ['function.form «["${A}"]»'] },
    { expression: '!Sub ["${A}", [a]]', problems: ["function.form «[a]»"] },
    { expression: '!Sub ["${A}", { A: [x] }]', problems: ["function.form «[x]»"] },
    { expression: '!Sub ["${A}", { A: { b: c } }]', problems: ["function.form «{ b: c }»"] },
    { expression: '!Sub ["${A}", { A: }]', problems: ["function.form «A»"] },
    { expression: "!Sub [[x], { A: b }]", problems: ["function.form «[[x], { A: b }]»"] },
    { expression: "!Sub [a, { A: b }, c]", problems: ["function.form «[a, { A: b }, c]»"] },
    { expression: "!Sub { a: b }", problems: ["function.form «{ a: b }»"] },
  ]);
});

describe("Fn::Join", () => {
  table([
    { expression: "!Join ['-', [a, 0123, 1.10, true]]", gives: "a-0123-1.10-true" },
    { expression: "{ Fn::Join: ['', [a, b]] }", gives: "ab" },
    { expression: "!Join [',', !Ref Names]", gives: "a,b,c" },
    { expression: "!Join ['', [a, !Ref AWS::NoValue, b]]", gives: "ab" },
    { expression: "!Join ['', []]", gives: "" },
    { expression: "!Join ['', !Split [',', 'a,b']]", gives: "ab" },
    { expression: "!Join ['', [a, !Ref Late, !GetAtt Bucket.Arn]]", unknown: ["Bucket.Arn", "Late"] },
    { expression: "!Join ['', !GetAtt Bucket.List]", unknown: ["Bucket.List"] },
    { expression: "!Join ['', [a, !Ref Secret]]", gives: "as3cret", sensitive: ["/P"] },
    { expression: "!Join ['', !Ref Secrets]", gives: "xy", sensitive: ["/P"] },
    { expression: "!Join ['-', !Split [',', !GetAtt Bucket.List]]", unknown: ["Bucket.List"] },
    { expression: "!Join [a]", problems: ["function.form «[a]»"] },
    { expression: "!Join ['', [a], b]", problems: ["function.form «['', [a], b]»"] },
    { expression: "!Join text", problems: ["function.form «text»"] },
    { expression: "{ Fn::Join: !Split [a, b] }", problems: ["function.form «[a, b]»"] },
    { expression: "!Join ['', a]", problems: ["function.form «a»"] },
    { expression: "!Join ['', { a: b }]", problems: ["function.form «{ a: b }»"] },
    { expression: "!Join [[x], [a]]", problems: ["function.form «[x]»"] },
    { expression: "!Join [!Ref Name, [a]]", problems: ["function.form «Name»"] },
    { expression: "!Join ['', [a, [b]]]", problems: ["function.form «[b]»"] },
    { expression: "!Join ['', [a, { b: c }]]", problems: ["function.form «{ b: c }»"] },
  ]);

  test("stops before texts fill the memory", () => {
    const doubled = (depth: number): string =>
      depth === 0
        ? "0123456789"
        : `!Sub ["\${A}\${A}\${A}\${A}\${A}\${A}\${A}\${A}\${A}\${A}", { A: ${doubled(depth - 1)} }]`;
    expect(evaluateProperty(doubled(9)).problems.map((each) => each.slice(0, 13))).toContain("function.size");
  });
});

describe("Fn::Split and Fn::Select", () => {
  table([
    { expression: "!Split ['|', 'a|b|c']", gives: ["a", "b", "c"] },
    { expression: "{ Fn::Split: [',', !Ref Name] }", gives: ["app"] },
    { expression: "!Split [',', 1.10]", gives: ["1.10"] },
    { expression: "!Split [',', !Ref Late]", unknown: ["Late"] },
    { expression: "!Split ['c', !Ref Secret]", gives: ["s3", "ret"], sensitive: ["/P/0", "/P/1"] },
    { expression: "!Split ['', abc]", problems: ["function.form «''»"] },
    { expression: "!Split [!Ref Late, abc]", problems: ["function.form «Late»"] },
    { expression: "!Split [',', [a]]", problems: ["function.form «[a]»"] },
    { expression: "!Split [',']", problems: ["function.form «[',']»"] },
    { expression: "!Split [',', a, b]", problems: ["function.form «[',', a, b]»"] },
    { expression: "!Select [1, [a, b, c]]", gives: "b" },
    { expression: "!Select ['1', [a, { B: 1 }]]", gives: { B: 1 } },
    { expression: "{ Fn::Select: [0, !Ref Names] }", gives: "a" },
    { expression: "!Select [0, !Split ['/', !Ref Name]]", gives: "app" },
    { expression: "!Select [1, [!Ref Late, b]]", gives: "b" },
    { expression: "!Select [0, [!Ref Late, b]]", unknown: ["Late"] },
    { expression: "!Select [1, [a, !Ref AWS::NoValue, c]]", gives: "c" },
    { expression: "!Select [!Ref Late, [a, b]]", unknown: ["Late"] },
    { expression: "!Select [0, !GetAtt Bucket.List]", unknown: ["Bucket.List"] },
    { expression: "!Select [0, !Split ['c', !Ref Secret]]", gives: "s3", sensitive: ["/P"] },
    {
      expression: "!Select [!Ref Secret, [a, b]]",
      gives: "b",
      sensitive: ["/P"],
      world: { parameters: { Secret: { value: "1", sensitive: true } } },
    },
    {
      expression: "!Select [!Ref Secret, [a, [b]]]",
      gives: ["b"],
      sensitive: ["/P/0"],
      world: { parameters: { Secret: { value: "1", sensitive: true } } },
    },
    {
      expression: "!Select [!Ref Secret, [a, { B: !Ref AWS::NoValue, C: d }]]",
      gives: { C: "d" },
      sensitive: ["/P/C"],
      world: { parameters: { Secret: { value: "1", sensitive: true } } },
    },
    { expression: "!Select [3, [a, b]]", problems: ["select.range «3»"] },
    { expression: "!Select [0, []]", problems: ["select.range «0»"] },
    { expression: "!Select [-1, [a]]", problems: ["function.form «-1»"] },
    { expression: "!Select [[0], [a]]", problems: ["function.form «[0]»"] },
    { expression: "!Select [0, a]", problems: ["function.form «a»"] },
    { expression: "!Select [0]", problems: ["function.form «[0]»"] },
    { expression: "!Select [0, [a], b]", problems: ["function.form «[0, [a], b]»"] },
  ]);
});

describe("Fn::Base64", () => {
  table([
    { expression: "!Base64 héllo", gives: "aMOpbGxv" },
    { expression: "{ Fn::Base64: !Sub 'x-${Name}' }", gives: "eC1hcHA=" },
    { expression: "!Base64 { Fn::Sub: 'x-${Name}' }", gives: "eC1hcHA=" },
    { expression: "!Base64 { Ref: Secret }", gives: "czNjcmV0", sensitive: ["/P"] },
    { expression: "!Base64 { Ref: Late }", unknown: ["Late"] },
    { expression: "!Base64 '{{resolve:ssm:/a}}'", gives: "djE=", world: { inputs: { "ssm:/a": { value: "v1" } } } },
    { expression: "!Base64 [a]", problems: ["function.form «[a]»"] },
  ]);
});

describe("Fn::FindInMap", () => {
  table([
    { expression: "!FindInMap [Regions, !Ref AWS::Region, Image]", gives: "ami-1" },
    { expression: "{ Fn::FindInMap: [Regions, eu-west-1, Image] }", gives: "ami-2" },
    { expression: "!FindInMap [Regions, us-east-1, Zones]", gives: ["a", "b"] },
    { expression: "!Sub ['${A}', { A: !FindInMap [Regions, us-east-1, Code] }]", gives: "0123" },
    { expression: "!FindInMap [Regions, !Ref Late, Image]", unknown: ["Late"] },
    {
      expression: "!FindInMap [Regions, !Ref Secret, Image]",
      gives: "ami-2",
      sensitive: ["/P"],
      world: { parameters: { Secret: { value: "eu-west-1", sensitive: true } } },
    },
    { expression: "!FindInMap [Region, !Ref Late, Image]", problems: ["mapping.missing «Region»"] },
    { expression: "!FindInMap [!Ref Late, us-east-1, Kernel]", unknown: ["Late"] },
    { expression: "!FindInMap [Regions, us-east-2, !Ref Late]", problems: ["mapping.missing «us-east-2»"] },
    { expression: "!FindInMap [Regions, us-east-1, !Ref Late]", unknown: ["Late"] },
    { expression: "!FindInMap [Regions, !Ref Late, Kernel]", problems: ["mapping.missing «Kernel»"] },
    { expression: "!FindInMap [Region, us-east-1, Image]", problems: ["mapping.missing «Region»"] },
    { expression: "!FindInMap [Elsewhere, us-east-1, Image]", problems: ["mapping.missing «Elsewhere»"] },
    { expression: "!FindInMap [Regions, us-east-2, Image]", problems: ["mapping.missing «us-east-2»"] },
    { expression: "!FindInMap [Regions, us-east-1, Kernel]", problems: ["mapping.missing «Kernel»"] },
    { expression: "!FindInMap [Regions, us-east-1]", problems: ["function.form «[Regions, us-east-1]»"] },
    { expression: "!FindInMap Regions", problems: ["function.form «Regions»"] },
    { expression: "!FindInMap [Regions, [a], Image]", problems: ["function.form «[a]»"] },
    {
      expression: "!FindInMap [Regions, a, b, { DefaultValue: c }]",
      problems: ["transform.missing «DefaultValue»"],
    },
  ]);

  test.each([
    ["!FindInMap [Regions, us-east-2, Image]", 'Did you mean "us-east-1"?'],
    ["!FindInMap [Regions, us-east-1, Nothing]", 'It has "Image", "Zones", "Code".'],
    ["!FindInMap [Elsewhere, a, b]", 'It has "Regions", "Many".'],
    ["!FindInMap [Many, a, zzz]", 'It has "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8" and 1 more.'],
  ])("%s: %s", (expression, remedy) => {
    expect(evaluateProperty(expression).evaluated.diagnostics[0]?.remedy).toBe(remedy);
  });
});

describe("Fn::If", () => {
  table([
    { expression: "!If [Yes, a, b]", gives: "a" },
    { expression: "{ Fn::If: [No, a, 0123] }", gives: 123 },
    { expression: "!If [Yes, { A: [1, !Ref Name] }, b]", gives: { A: [1, "app"] } },
    { expression: "!If [No, a, !Ref AWS::NoValue]", gives: undefined },
    { expression: "[!If [No, a, !Ref AWS::NoValue], b]", gives: ["b"] },
    { expression: "!If [Maybe, a, !Ref Name]", unknown: ["Late"] },
    { expression: "!If [Maybe, !Ref AWS::NoValue, b]", unknown: ["Late"] },
    { expression: "!If [Maybe, !Ref Secret, b]", unknown: ["Late"], sensitive: ["/P"] },
    { expression: "!If [Maybe, { A: !GetAtt Bucket.Arn }, b]", unknown: ["Bucket.Arn", "Late"] },
    { expression: "!If [Yes, a, !Ref Gone]", gives: "a" },
    { expression: "!If [Yes, a, !Select [7, [a]]]", gives: "a" },
    { expression: "!If [Yes, a, !FindInMap [Regions, moon, Image]]", gives: "a" },
    { expression: "!If [Yes, a, !Base64 '{{resolve:ssm:/not/asked/for}}']", gives: "a" },
    { expression: "!If [Yes, a, !Ref Nmae]", problems: ["ref.undefined «Nmae»"] },
    { expression: "!If [Yse, a, b]", problems: ["condition.undefined «Yse»"] },
    { expression: "!If [Whatever, a, b]", problems: ["condition.undefined «Whatever»"] },
    { expression: "!If [Yes, a]", problems: ["function.form «[Yes, a]»"] },
    { expression: "!If [Yes, a, b, c]", problems: ["function.form «[Yes, a, b, c]»"] },
    { expression: "!If [!Equals [a, b], a, b]", problems: ["function.form «[!Equals [a, b], a, b]»"] },
    { expression: "!If Yes", problems: ["function.form «Yes»"] },
  ]);
});

describe("functions where they cannot be", () => {
  table([
    { expression: "!Equals [a, a]", problems: ["function.place «[a, a]»"] },
    { expression: "{ Fn::And: [] }", problems: ["function.place «Fn::And»"] },
    { expression: "!Condition Yes", problems: ["function.place «Yes»"] },
    { expression: "{ Condition: { StringEquals: x } }", gives: { Condition: { StringEquals: "x" } } },
    { expression: "{ Fn::Joni: [a] }", problems: ["function.unknown «Fn::Joni»"] },
    { expression: "{ Fn:Join: [a] }", problems: ["function.unknown «Fn:Join»"] },
    { expression: "{ Fn::Nothing: [a] }", problems: ["function.unknown «Fn::Nothing»"] },
    { expression: "{ Fn::Join: ['', [a]], B: c }", problems: ["function.alone «Fn::Join»"] },
    { expression: "{ 'Fn::ForEach::Each': [a] }", problems: ["transform.missing «'Fn::ForEach::Each'»"] },
    { expression: "!Transform { Name: x }", problems: ["unsupported.function «{ Name: x }»"] },
  ]);
});

describe("dynamic references", () => {
  const world: World = {
    inputs: {
      "ssm:/a": { value: "v1" },
      "ssm:/a:3": { value: "v3" },
      "ssm:/s": { value: "hidden", sensitive: true },
      "ssm:/list": { value: ["x", "y"] },
      "ssm:/odd": { value: "{{resolve:ssm:/a}}" },
      "ssm-secure:/p:2": { value: "pw" },
      "secretsmanager:db:SecretString:user": { value: "admin" },
      "secretsmanager:db:SecretString:user:AWSPREVIOUS": { value: "root" },
      "secretsmanager:db:SecretString:user::v-1": { value: "first" },
      "secretsmanager:db": { value: "{}" },
      "secretsmanager:arn:aws:secretsmanager:x:1:secret:db-AbCdEf:SecretString:user": { value: "theirs" },
    },
    attributes: { "Bucket.Arn": { value: "{{resolve:ssm:/a}}" } },
  };
  table([
    { expression: "'{{resolve:ssm:/a}}'", gives: "v1", world },
    { expression: "'{{resolve:ssm:/a:3}}'", gives: "v3", world },
    { expression: "'x-{{resolve:ssm:/a}}-{{resolve:ssm:/a:3}}'", gives: "x-v1-v3", world },
    { expression: "'{{resolve:ssm:/list}}'", gives: "x,y", world },
    { expression: "'{{resolve:ssm:/unread}}'", unknown: ["ssm:/unread"], world },
    { expression: "'{{resolve:ssm:/s}}!'", gives: "hidden!", sensitive: ["/P"], world },
    { expression: "!Join ['', ['{{resolve:', 'ssm:/a', '}}']]", gives: "v1", world },
    { expression: "!Sub '{{resolve:ssm:/${Name}}}'", unknown: ["ssm:/app"], world },
    { expression: "!Ref Name", gives: "v1", world: { ...world, parameters: { Name: "{{resolve:ssm:/a}}" } } },
    {
      expression: "!Ref Secret",
      gives: "v1",
      sensitive: ["/P"],
      world: { ...world, parameters: { Secret: { value: "{{resolve:ssm:/a}}", sensitive: true } } },
    },
    { expression: "[{ A: '{{resolve:ssm:/a}}' }]", gives: [{ A: "v1" }], world },
    {
      expression: "!Sub '{{resolve:ssm:/${Bucket}}}'",
      gives: "v1",
      world: { ...world, attributes: { Bucket: { value: "a" } } },
    },
    {
      expression: "'{{resolve:ssm:arn:aws:ssm:x:1:parameter/a}}'",
      unknown: ["ssm:arn:aws:ssm:x:1:parameter/a"],
      world,
    },
    // Beside the unknown: asked for all the same.
    { expression: "!Join ['', ['{{resolve:ssm:/unread}}', !Ref Late]]", unknown: ["Late", "ssm:/unread"], world },
    { expression: "!Sub '{{resolve:ssm:/s}}${Late}'", unknown: ["Late"], sensitive: ["/P"], world },
    { expression: "!If [Maybe, '{{resolve:ssm:/unread}}', b]", unknown: ["Late", "ssm:/unread"], world },
    { expression: "!Sub '{{resolve:ssm:/${Late}}}'", unknown: ["Late"], world },
    // Data from outside is data: what it says is not looked up.
    { expression: "'{{resolve:ssm:/odd}}'", gives: "{{resolve:ssm:/a}}", world },
    { expression: "!GetAtt Bucket.Arn", gives: "{{resolve:ssm:/a}}", world },
    { expression: "!Sub 'x${Bucket.Arn}'", gives: "x{{resolve:ssm:/a}}", world },
    {
      expression: "!Ref Name",
      gives: "{{resolve:ssm:/a}}",
      world: { ...world, parameters: { Name: { value: "{{resolve:ssm:/a}}", verbatim: true } } },
    },
    { expression: "'{{resolve:ssm-secure:/p:2}}'", gives: "pw", sensitive: ["/P"], world },
    { expression: "'{{resolve:ssm-secure:/q}}'", unknown: ["ssm-secure:/q"], sensitive: ["/P"], world },
    { expression: "'{{resolve:secretsmanager:db:SecretString:user}}'", gives: "admin", sensitive: ["/P"], world },
    {
      expression: "'{{resolve:secretsmanager:db:SecretString:user:AWSPREVIOUS}}'",
      gives: "root",
      sensitive: ["/P"],
      world,
    },
    { expression: "'{{resolve:secretsmanager:db::user::v-1}}'", gives: "first", sensitive: ["/P"], world },
    { expression: "'{{resolve:secretsmanager:db}}'", gives: "{}", sensitive: ["/P"], world },
    { expression: "'{{resolve:secretsmanager:db:SecretString:::}}'", gives: "{}", sensitive: ["/P"], world },
    {
      expression: "'{{resolve:secretsmanager:arn:aws:secretsmanager:x:1:secret:db-AbCdEf:SecretString:user}}'",
      gives: "theirs",
      sensitive: ["/P"],
      world,
    },
    {
      expression: "!Sub 'https://{{resolve:secretsmanager:db:SecretString:user}}:{{resolve:ssm-secure:/p:2}}@${Name}'",
      gives: "https://admin:pw@app",
      sensitive: ["/P"],
      world,
    },
    {
      expression: "!Base64 '{{resolve:secretsmanager:db:SecretString:user}}'",
      gives: "YWRtaW4=",
      sensitive: ["/P"],
      world,
    },
    {
      expression: "!Sub '{{resolve:secretsmanager:${Name}:SecretString:user}}'",
      unknown: ["secretsmanager:app:SecretString:user"],
      sensitive: ["/P"],
      world,
    },
    ...[
      "ssm:",
      "ssm:/a:label",
      "ssm:/a:1:2",
      "ssm-secure",
      "secretsmanager:",
      "secretsmanager:db:SecretBinary",
      "secretsmanager:db:SecretString:a:b:c:d",
      "secretsmanager:db:SecretString:a:AWSCURRENT:v-1",
    ].map((written) => ({
      expression: `'{{resolve:${written}}}'`,
      problems: [`dynamic-reference.form «'{{resolve:${written}}}'»`],
    })),
    { expression: "'{{resolve:sms:/a}}'", problems: ["dynamic-reference.form «'{{resolve:sms:/a}}'»"] },
    { expression: "'{{resolve:ssm}}'", problems: ["dynamic-reference.form «'{{resolve:ssm}}'»"] },
    { expression: "'{{resolve:ssm:/a'", problems: ["dynamic-reference.form «'{{resolve:ssm:/a'»"] },
  ]);
});

test("what the template gets wrong is not said again where it is used", () => {
  const text = `Mappings:
  M: { a: text, b: { c: !Ref Missing, d: [{ Fn::Sub: x }] } }
Resources:
  R:
    Type: A::B::C
    Properties: { ? [odd] : x, P: !FindInMap [M, a, b], Q: !Ref Missing, R: !FindInMap [M, b, c], S: !FindInMap [M, b, d] }
Parameters:
  Missing: { Type: String }
`;
  const { value, diagnostics } = parseTemplate({ path: "template.yaml", text });
  expect(described(diagnostics, text)).toEqual([
    "yaml.key «[odd]»",
    "template.form «text»",
    "template.form «Missing»",
    "template.form «Fn::Sub»",
  ]);
  const evaluated = evaluateResource(value as Template, "R", environmentOf());
  expect(evaluated.properties.Q).toMatchObject({ sources: ["Missing"] });
  expect(described(evaluated.diagnostics, text)).toEqual(["mapping.missing «b»"]);
  expect(evaluated.diagnostics[0]?.remedy).toBe("Add it.");
});

describe("references", () => {
  test("carry the property where they end up, not where they were written", () => {
    const { evaluated } = evaluateProperty(
      "[!Ref AWS::NoValue, !Sub 'x${Bucket.Arn}', !If [Yes, { A: !Ref Bucket }, b], !Select [0, [x, !Ref Perhaps]]]",
    );
    expect(evaluated.references.map(({ logicalId, attribute, at }) => ({ logicalId, attribute, at }))).toEqual([
      { logicalId: "Bucket", attribute: "Arn", at: "/P/0" },
      { logicalId: "Bucket", attribute: undefined, at: "/P/1/A" },
      { logicalId: "Perhaps", attribute: undefined, at: "/P/2" },
    ]);
  });

  test.each([
    ["!Join ['', [!Ref Bucket]]"],
    ["!Join ['', !GetAtt Bucket.List]"],
    ["!Split [',', !Ref Bucket]"],
    ["!Base64 { Ref: Bucket }"],
    ["!Select [0, !GetAtt Bucket.List]"],
    ["!FindInMap [Regions, !Ref Bucket, Image]"],
    ["!If [Maybe, !Ref Bucket, b]"],
  ])("survive %s", (expression) => {
    expect(evaluateProperty(expression).evaluated.references).toMatchObject([{ logicalId: "Bucket", at: "/P" }]);
  });

  test("survive in the list that a known value is split into", () => {
    const world = { attributes: { Bucket: { value: "a,b" } } };
    const { value, evaluated } = evaluateProperty("!Split [',', !Ref Bucket]", world);
    expect(value).toEqual(["a", "b"]);
    expect(evaluated.references).toMatchObject([{ logicalId: "Bucket", at: "/P" }]);
  });

  test("of a function over an unknown keep the strongest certainty", () => {
    const world = {
      attributes: {
        Bucket: { value: new Unknown(["Bucket"], "changes") },
        "Bucket.Arn": { value: new Unknown(["Bucket.Arn"], "may-change") },
      },
    };
    expect(evaluateProperty("!Sub '${Bucket}${Bucket.Arn}'", world).value).toMatchObject({ certainty: "changes" });
  });
});

test.each(["!Select [!Ref Secret, [a]]", "!Cidr [!Ref Secret, 1]", "!FindInMap [Regions, !Ref Secret, Image]"])(
  "a secret that does not fit is quoted nowhere: %s",
  (expression) => {
    const { diagnostics } = evaluateProperty(expression).evaluated;
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics)).not.toContain("s3cret");
  },
);
