import { describe, expect, it } from "vitest";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { renderDiagnostics, validationSummary } from "./diagnostics.ts";
import { stackPlan } from "./fixtures.ts";

const file = "desired-state/crypto-agent/template.yaml";
const source = `Resources:
  AppInstance:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: t3.small
      ImageId: !Ref UbuntuImge
`;

function at(line: number, column: number, length = 0): Place {
  return { file, line, column, ...(length > 0 && { end: { line, column: column + length } }) };
}

const undefinedName: Diagnostic = {
  code: "ref.undefined",
  severity: "error",
  message: 'There is no parameter or resource "UbuntuImge".',
  remedy: 'did you mean "UbuntuImage", the parameter at line 12?',
  resource: "AppInstance (AWS::EC2::Instance)",
  place: at(6, 21, 10),
};

function render(diagnostics: readonly Diagnostic[], text = source, width = 100): string {
  return renderDiagnostics(diagnostics, { sources: (name) => (name === file ? text : undefined), color: false, width });
}

describe("a diagnostic on a screen", () => {
  it("shows where, the source with carets under the exact range, what is wrong and what to do", () => {
    expect(render([undefinedName])).toMatchInlineSnapshot(`
      "error  ref.undefined   desired-state/crypto-agent/template.yaml:6:21
        AppInstance (AWS::EC2::Instance)

        4 |     Properties:
        5 |       InstanceType: t3.small
      > 6 |       ImageId: !Ref UbuntuImge
          |                     ^^^^^^^^^^
        There is no parameter or resource "UbuntuImge".
        Fix: Did you mean "UbuntuImage", the parameter at line 12?"
    `);
  });

  it("shows without its source where that is not at hand, and other places that matter", () => {
    const text = render([
      {
        code: "slot.declared-twice",
        severity: "warning",
        message: "The same rule is declared twice.",
        place: { file: "other.yaml", line: 4, column: 2 },
        related: [{ message: "it is declared here as well", place: at(3, 5) }],
      },
    ]);

    expect(text).toMatchInlineSnapshot(`
      "warning  slot.declared-twice   other.yaml:4:2

        The same rule is declared twice.
        see desired-state/crypto-agent/template.yaml:3:5: it is declared here as well"
    `);
  });

  it("shows several by place, what has none last, and counts them", () => {
    const text = render([
      {
        code: "aws.access-denied",
        severity: "error",
        message: "ec2:RunInstances was denied.",
        resource: "AppInstance (AWS::EC2::Instance)",
      },
      {
        code: "property.unknown",
        severity: "warning",
        message: "There is no property InstanceTyp.",
        place: at(5, 7, 12),
      },
      { ...undefinedName, place: at(3, 5) },
    ]);

    expect(text).toMatchInlineSnapshot(`
      "error  ref.undefined   desired-state/crypto-agent/template.yaml:3:5
        AppInstance (AWS::EC2::Instance)

        1 | Resources:
        2 |   AppInstance:
      > 3 |     Type: AWS::EC2::Instance
          |     ^
        There is no parameter or resource "UbuntuImge".
        Fix: Did you mean "UbuntuImage", the parameter at line 12?

      warning  property.unknown   desired-state/crypto-agent/template.yaml:5:7

        3 |     Type: AWS::EC2::Instance
        4 |     Properties:
      > 5 |       InstanceType: t3.small
          |       ^^^^^^^^^^^^
        There is no property InstanceTyp.

      error  aws.access-denied   AppInstance (AWS::EC2::Instance)

        ec2:RunInstances was denied.

      2 errors, 1 warning"
    `);
  });

  it("is empty when there is nothing to say", () => {
    expect(render([])).toBe("");
  });

  it("cuts a long line around the carets, and the lines above at the same column", () => {
    const text = `Short: 1\nLong: ${"a".repeat(300)}\nValue: ${"x".repeat(190)} WRONG ${"y".repeat(300)}\n`;

    const screen = render([{ code: "x.y", severity: "error", message: "No.", place: at(3, 199, 5) }], text, 60);

    expect(screen).toMatchInlineSnapshot(`
      "error  x.y   desired-state/crypto-agent/template.yaml:3:199

        1 | …
        2 | …aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…
      > 3 | …xxxxxxxxxxxxxxxx WRONG yyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
          |                   ^^^^^
        No."
    `);
    expect(Math.max(...screen.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it.each([
    [
      "a range over several lines is marked to the end of its first",
      { ...at(2, 3), end: { line: 4, column: 5 } },
      "    |   ^^^^^^^^^^^^",
    ],
    ["a place without an end is one caret", at(2, 3), "    |   ^"],
    ["a column behind the line's end is marked at the end", at(2, 99, 4), "    |               ^"],
  ])("%s", (_name, place, marker) => {
    expect(render([{ code: "x.y", severity: "error", message: "No.", place }])).toContain(marker);
  });

  it("shows no source for a line that the file does not have", () => {
    expect(render([{ code: "x.y", severity: "error", message: "No.", place: at(99, 1) }])).toBe(
      `error  x.y   ${file}:99:1\n\n  No.`,
    );
  });

  it("keeps the carets in place beside tabs, and shows them", () => {
    const screen = render(
      [{ code: "yaml.tab", severity: "error", message: "A tab.", place: at(2, 1, 1) }],
      "a:\n\tb: 1\n",
    );

    expect(screen).toContain("> 2 | →b: 1\n    | ^");
  });

  it("prints nothing that a terminal would act on, from values and from sources", () => {
    const screen = render(
      [
        {
          code: "x.y",
          severity: "error",
          message: "Bad \u001b[2J\u0007 value.",
          remedy: "\u202e",
          resource: "A\u001b]0;x\u0007",
          place: at(1, 1),
        },
      ],
      "evil: \u001b[31m\u009b\u202e\n",
    );

    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(screen).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(screen).toContain("Bad \\u001b[2J\\u0007 value.");
  });

  it("shows no secret that was found, whichever line it is shown for", () => {
    const text = "Password: hunter2\nOther: 1\nKey: |\n  aaaa\n  bbbb\nLast: 2\n";
    const secret = (place: Place): Diagnostic => ({
      code: "secret.literal",
      severity: "warning",
      message: "Written out.",
      place,
    });
    const found = [
      secret(at(1, 11, 7)),
      secret({ ...at(3, 6), end: { line: 5, column: 7 } }),
      { code: "x.y", severity: "error", message: "No.", place: at(2, 8, 1) } as const,
      { code: "x.y", severity: "error", message: "No.", place: at(6, 7, 1) } as const,
    ];

    const screen = render(found, text);

    expect(screen).toContain("> 1 | Password: •••••••");
    expect(screen).toContain("> 2 | Other: 1");
    expect(screen).not.toMatch(/hunter2|aaaa|bbbb/);
  });

  it.each([
    ["set it for this run", "Set it for this run"],
    ['did you mean "a"?', 'Did you mean "a"?'],
    ["Write it.", "Write it."],
    ["npm install", "npm install"],
    ["reconcile --help", "reconcile --help"],
    ["s3:GetObject is enough", "s3:GetObject is enough"],
    ["--yes does it", "--yes does it"],
  ])("begins a remedy with a capital, unless it is to be copied: %s", (remedy, shown) => {
    expect(render([{ code: "x.y", severity: "error", message: "No.", remedy }])).toContain(`Fix: ${shown}`);
  });

  it("says the same in colour", () => {
    const color = renderDiagnostics([undefinedName], { sources: () => source, color: true });

    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    const plain = color.replace(/\u001b\[\d+m/g, "");
    expect(color).not.toBe(plain);
    expect(plain).toBe(render([undefinedName]));
  });
});

describe("what was looked at and found, on one line", () => {
  const stacks = (...names: string[]) => names.map((name) => stackPlan([], { name }).stack.stack);
  const warning: Diagnostic = { ...undefinedName, severity: "warning" };

  it.each([
    { names: ["a"], found: [], line: "valid   a: 0 resources" },
    { names: ["a", "b\u001b"], found: [warning], line: "valid   a, b\\u001b: 0 resources · 1 warning" },
    {
      names: [..."abcdefghi"],
      found: [undefinedName, warning],
      line: "invalid   9 stacks: 0 resources · 1 error, 1 warning",
    },
    { names: [], found: [undefinedName], line: "invalid   1 error" },
  ])("$line", ({ names, found, line }) => {
    expect(validationSummary(stacks(...names), found)).toBe(line);
  });
});
