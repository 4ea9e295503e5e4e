import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateResource } from "./evaluate.ts";
import { environmentOf } from "./harness.ts";
import { withMissing } from "./lenient.ts";
import type { Template } from "./model.ts";
import { parseTemplate } from "./parse.ts";

function propertiesOf(written: string): unknown {
  const text = `Resources:\n  R:\n    Type: A::B::C\n    Properties:\n${written}`;
  const { value, diagnostics } = parseTemplate({ path: "template.yaml", text });
  expect(diagnostics).toEqual([]);
  return evaluateResource(value as Template, "R", environmentOf()).properties;
}

describe("what YAML 1.1 takes and 1.2 does not", () => {
  test.each<[string, string, unknown]>([
    ["a text in single quotes", "      A: 'one\n      two'\n      B: c\n", { A: "one two", B: "c" }],
    ["a quote in single quotes", "      A: 'one''s\n      two'\n      B: c\n", { A: "one's two", B: "c" }],
    ["a text in double quotes", '      A: "one\n  two \\"x\\""\n      B: c\n', { A: 'one two "x"', B: "c" }],
    ["a list", "      A: [\n      a,\n      b\n      ]\n      B: c\n", { A: ["a", "b"], B: "c" }],
    [
      "a list of functions",
      '      A: [\n      !Sub "x",\n      !Ref "AWS::Region"\n      ]\n',
      { A: ["x", "us-east-1"] },
    ],
    [
      "a map",
      '      A: {"a": 1,\n      "b": {\n  "c": 2}\n      }\n      B: c\n',
      { A: { a: 1, b: { c: 2 } }, B: "c" },
    ],
    ["in an element", "      A:\n      - a: [\n      b ]\n      - 'c\n      d'\n", { A: [{ a: ["b"] }, "c d"] }],
    ["with comments", "      A: [ # one ]\n      a, # two '\n      b]\n", { A: ["a", "b"] }],
    [
      "after a block of text that looks like one",
      "      A: |\n       [ 'x\n      B: [\n      c]\n",
      { A: "[ 'x\n", B: ["c"] },
    ],
    [
      "after a block of text whose function has a line of its own",
      "      A:\n        !Sub |\n        it's [\n      B: [\n      c]\n",
      { A: "it's [\n", B: ["c"] },
    ],
    [
      "a text on a line of its own",
      "      A:\n        !Sub\n          'one\n      two'\n      B: c\n",
      { A: "one two", B: "c" },
    ],
    [
      "with an apostrophe in plain text",
      "      A: it's [fine\n      B: [don't,\n      x]\n",
      { A: "it's [fine", B: ["don't", "x"] },
    ],
  ])("further lines that begin too far to the left: %s", (_, written, expected) => {
    expect(propertiesOf(written)).toEqual(expected);
  });

  test.each<[string, string, unknown]>([
    ["in a list", "      A: !Join [-, [a, -, b]]\n      B: c\n", { A: "a---b", B: "c" }],
    [
      "in a map, and last",
      "      A: {a: -, b: [ -, -]}\n      B: [\n        a, -]\n",
      { A: { a: "-", b: ["-", "-"] }, B: ["a", "-"] },
    ],
    ["not in quotes or in a text", "      A: [-, '[-,', \"[-,\", a -, -b]\n", { A: ["-", "[-,", "[-,", "a -", "-b"] }],
  ])("a lone dash in brackets is a text: %s", (_, written, expected) => {
    expect(propertiesOf(written)).toEqual(expected);
  });

  test.each<[string, string, unknown]>([
    ["a text in quotes", "      A: 'one'# two\n      B: \"c\"#\n", { A: "one", B: "c" }],
    ["a list", "      A: [a]# two\n      B: c#d\n", { A: ["a"], B: "c#d" }],
  ])("a comment may follow at once: %s", (_, written, expected) => {
    expect(propertiesOf(written)).toEqual(expected);
  });

  test("do not hide what is wrong elsewhere, and where", () => {
    const text =
      "Resources:\n  R:\n    Type: A::B::C\n    Properties:\n      A: [\n      !Ref a,\n      b]\n      B: !Ref c\n";
    const { value } = parseTemplate({ path: "template.yaml", text });
    const { diagnostics } = evaluateResource(value as Template, "R", environmentOf());
    expect(diagnostics.map(({ place }) => place)).toEqual([
      { file: "template.yaml", line: 6, column: 12, end: { line: 6, column: 13 } },
      { file: "template.yaml", line: 8, column: 15, end: { line: 8, column: 16 } },
    ]);
  });

  test("are not mended where that makes no YAML: then the mistake is said as it stands", () => {
    const text = "Resources:\n  R: 'a\n  b\n";
    expect(parseTemplate({ path: "template.yaml", text }).diagnostics[0]).toMatchObject({ code: "yaml.syntax" });
  });
});

test("every place is found again, whatever the text", () => {
  const pieces = fc.constantFrom(
    "a",
    "-",
    ": ",
    "\n",
    " ",
    "- ",
    "'",
    '"',
    "[",
    "]",
    "{",
    "}",
    ",",
    "|",
    "#",
    "\\",
    "é",
    "\r",
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")),
      (text) => {
        const mended = withMissing(text);
        if (!mended) return;
        const kept = [...mended.text].filter((_, at) => mended.original(at) !== mended.original(at + 1));
        expect(kept.join("")).toBe(text.slice(0, kept.length));
        expect(mended.original(mended.text.length)).toBe(text.length);
      },
    ),
    { numRuns: 500 },
  );
});

test("takes time in proportion to the text", () => {
  const text = `a: [\n${"x,\n".repeat(200_000)}`;
  const started = performance.now();
  expect(withMissing(text)?.text.length).toBeGreaterThan(text.length);
  expect(performance.now() - started).toBeLessThan(5000);
});
