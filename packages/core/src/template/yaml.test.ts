import { describe, expect, test } from "vitest";
import { isAlias, isMap } from "yaml";
import { described } from "./harness.ts";
import { entriesOf } from "./nodes.ts";
import { parseYaml } from "./yaml.ts";

const functions = ["Ref", "Sub", "GetAtt"];

function parse(text: string) {
  const { value: file, diagnostics } = parseYaml({ path: "a.yaml", text }, { functions });
  return { file, diagnostics, problems: described(diagnostics, text) };
}

describe("syntax", () => {
  test.each([
    ["a:\n\tb: 1", ["yaml.tab «\t»"]],
    ["a: [1, 2", ["yaml.syntax «[»"]],
    ['{\n  "a": [\n    {"b": 1\n  ],\n  "c": 2\n}', ["yaml.syntax «{»"]],
    ['{\n  "a": {\n    "b": {\n      "c": 1\n  },\n  "d": 2\n}', ["yaml.syntax «{»"]],
    ["a: {b: 'it is', c: \"]\" # {\n", ["yaml.syntax «{»"]],
    ['{"a": [1], "b": {"c": 2}', ["yaml.syntax «{»"]],
    ["a: ]", ["yaml.syntax «]»"]],
    ["a: 1\n b: 2", ["yaml.syntax «1»"]],
    ['a: "\\q"', ["yaml.syntax «\\»"]],
    ["a: 1\n---\nb: 2", ["yaml.multiple-documents «---»"]],
    ["- a\nb: c", ["yaml.syntax «b»"]],
    ["a: [1]]\nb: {c: d}", ["yaml.syntax «]»"]],
    ["a: 'b' c\nd: {% if e %}\nf: g\n{% endif %}\nh: [i]]", ["yaml.syntax «c»", "yaml.syntax «%»"]],
    ["%TAG ! x\n---\na: !Ref b", ["yaml.tag «!Ref»"]],
    ["a: !Rfe x", ["yaml.tag «!Rfe»"]],
    ["a: !Whatever x", ["yaml.tag «!Whatever»"]],
    ["a: !!binary aGk=", ["yaml.tag «!!binary»"]],
    ["a: !!set {x}", ["yaml.tag «!!set»"]],
    ["a: 1\nb: 2\na: 3", ["yaml.duplicate-key «a»"]],
    ["{a: {b: 1, b: 2}, a: 3}", ["yaml.duplicate-key «b»", "yaml.duplicate-key «a»"]],
    ["a: &x {k: 1}\nb:\n  <<: *x", ["yaml.merge-key «<<»"]],
    ["a: *x", ["yaml.alias «*x»"]],
    ["a: *\nb: [*, 1]\nc: 2", ["yaml.alias «*»", "yaml.alias «*»"]],
    ['a: 1\nb: "x\nc: 2\nd: 3\n', ['yaml.syntax «"»']],
    ["a: 1\nb: {c: 'x\nd: 3", ["yaml.syntax «'»"]],
    ['{\n  "a": {}\n  "b": 2\n}', ['yaml.syntax «"»']],
    ['{\n  "a": 1\n  "b": 2\n}', ["yaml.syntax «1»"]],
    ['["a" "b"]', ['yaml.syntax «"»']],
    ['{\n  // one\n  "a": 1, /* two */ "b": 2\n}', ["yaml.syntax «//»", "yaml.syntax «/*»"]],
    ["a: &x [*x]", ["yaml.alias «*x»"]],
    ["? [a, b]\n: 1", ["yaml.key «[a, b]»"]],
    ["!Ref a: 1", ["yaml.key «a»"]],
    ["a: {{resolve:ssm:b}}\nc: d", ["yaml.syntax «{resolve:ssm:b}»"]],
    ["", []],
    ["# nothing", []],
    ["a: 1\r\nb: 2\r\n", []],
    ['"<<": 1', []],
    ["/*: 1\n//cdn/*: 2\n'// x': 3", []],
    ["&k a: 1\nb: *k", []],
  ])("%j: %j", (text, problems) => {
    expect(parse(text).problems).toEqual(problems);
  });

  test("says all problems at once, in the order of the text", () => {
    expect(parse("a: !Rfe x\nb: !Sbu y\nb: 1").problems).toEqual([
      "yaml.tag «!Rfe»",
      "yaml.tag «!Sbu»",
      "yaml.duplicate-key «b»",
    ]);
  });

  test.each([
    ["a:\n\tb: 1", "Indent with spaces."],
    ["a:\n  - b\n c: d", "Indent it as they are; count in spaces."],
    ["a: [1", "Close the bracket, and indent what is inside it."],
    ['a: "b', "Close the quote, and indent what is inside it."],
    ["a: !Sub !Ref b", "Write one of the two in its long form, as in Fn::GetAZs: !Ref AWS::Region."],
    ["a: {b: 1", "Close the bracket, and indent what is inside it."],
    ["key\na: b", 'Add the ":", or quote the text.'],
    ["a: b\nkey", 'Add the ":", or quote the text.'],
    ["a: [\n  b:\n    - c\n]", 'Put "," before it; or write it in brackets as well, or close the bracket before it.'],
    [
      "a: {{b}}",
      'Put the value in quotes, as in "{{resolve:ssm:name}}"; a placeholder of another tool must be filled in first.',
    ],
    ["a: [1]]", "Remove it; quote the value if it is a part of the text; or correct the indentation."],
    ["a: >x\n b", "Correct the YAML at this place."],
    ["%TAG ! x\n---\na: !Ref b", "Remove that line."],
    ["a: !Rfe x", 'Did you mean "!Ref"?'],
    ["a: !Whatever x", "Use one of CloudFormation's functions, or quote the text."],
    ["a: 1\n b: 2", 'Check the indentation of what follows, or quote the value if the ":" belongs to the text.'],
  ])("%j: %s", (text, remedy) => {
    expect(parse(text).diagnostics[0]?.remedy).toBe(remedy);
  });

  test("has no functions in files that hold plain values", () => {
    const { diagnostics } = parseYaml({ path: "a.yaml", text: "a: !Ref b" });
    expect(diagnostics[0]).toMatchObject({ code: "yaml.tag", remedy: "Write the value itself." });
  });

  test("names both places of a key that stands twice", () => {
    const [duplicate] = parse("a: 1\nb: 2\na: 3").diagnostics;
    expect(duplicate).toMatchObject({
      message: 'The key "a" is here a second time; the first is at line 1.',
      place: { file: "a.yaml", line: 3, column: 1, end: { line: 3, column: 2 } },
      related: [{ place: { line: 1, column: 1 } }],
    });
  });

  test("compares keys by what is written", () => {
    expect(parse('80: a\n"80": b\n0x50: c').problems).toEqual(['yaml.duplicate-key «"80"»']);
  });

  test("gives no file where the text is not what its author can have meant", () => {
    expect(parse("a: [1").file).toBeUndefined();
    expect(parse("a: 1\na: 2").file).toBeDefined();
  });
});

describe("places", () => {
  test("leave out the end where it is on another line", () => {
    const { file } = parse("a:\n  b: 1\n  c: 2");
    const [entry] = file?.root && isMap(file.root) ? [...entriesOf(file.root)] : [];
    expect(entry?.value && file?.placeOf(entry.value)).toEqual({ file: "a.yaml", line: 2, column: 3 });
  });
});

describe("aliases", () => {
  test("stand for the nearest anchor before them", () => {
    const { file } = parse("a: &x 1\nb: *x\nc: &x 2\nd: *x");
    const values =
      file?.root && isMap(file.root) ? [...entriesOf(file.root)].map(({ value }) => value && file.target(value)) : [];
    expect(values.map((value) => value && "value" in value && value.value)).toEqual([1, 1, 2, 2]);
    expect(values.some((value) => isAlias(value))).toBe(false);
  });

  test("cannot make a file much longer than it is written", () => {
    const lines = Array.from(
      { length: 12 },
      (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(", ")}]`,
    );
    const { problems, file } = parse(`a0: &a0 x\n${lines.join("\n")}`);
    expect(problems).toEqual(["yaml.aliases «*a5»"]);
    expect(file).toBeUndefined();
  });

  test("cannot nest what the text does not", () => {
    const lines = Array.from({ length: 300 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]`);
    expect(new Set(parse(`a0: &a0 x\n${lines.join("\n")}`).problems.map((each) => each.split(" ")[0]))).toEqual(
      new Set(["yaml.depth"]),
    );
  });
});

describe("depth", () => {
  test.each([
    [150, []],
    [250, ["yaml.depth"]],
    [100_000, ["yaml.depth"]],
  ])("%i levels: %j", (levels, codes) => {
    const { diagnostics } = parse("[".repeat(levels) + "]".repeat(levels));
    expect(diagnostics.slice(0, 1).map((each) => each.code)).toEqual(codes);
  });

  test.each(["- ", "? ", "a: ", "a b: "])("of what is written in one line as %j counts too", (mark) => {
    const { diagnostics } = parse(`a: 1\nb:\n  ${mark.repeat(250)}x\n`);
    expect(diagnostics.map(({ code, place }) => [code, place?.line])).toEqual([["yaml.depth", 3]]);
  });

  test("of lists in lists over many lines is not looked for to the end", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `${"  ".repeat(index * 150)}${"- ".repeat(150)}`);
    expect(parse(lines.join("\n")).diagnostics.map(({ code, place }) => [code, place?.line])).toEqual([
      ["yaml.depth", 5],
    ]);
  });

  test.each([
    ["what a script leaves open", `a: |\n${"  if [ x; then f() {\n".repeat(2000)}b: 1`],
    ["what is in quotes", `a: "${"[{".repeat(2000)}"\nb: '${"[".repeat(2000)}'`],
    ["what is in a comment", `# ${"[".repeat(2000)}\na: 1`],
    ["brackets in plain text", `a: x${" [".repeat(2000)}\nb: 1`],
    ["dashes in plain text", `a: x${" - b".repeat(2000)}\nb: 1`],
    ["keys in brackets", `a: {${Array.from({ length: 500 }, (_, index) => `k${index}: 1`).join(", ")}}\nb: 1`],
  ])("does not count %s", (_, text) => {
    expect(parse(text).problems).toEqual([]);
  });

  test("counts behind texts that close more than was opened", () => {
    const { diagnostics } = parse(`a: "${"]".repeat(2000)}"\nb: ${"[ ']', ".repeat(2000)}`);
    expect(diagnostics.slice(0, 1).map(({ code, place }) => [code, place?.line])).toEqual([["yaml.depth", 2]]);
  });

  test("begins anew where brackets that are never closed end with their block", () => {
    const { diagnostics } = parse(Array.from({ length: 300 }, (_, index) => `k${index}: [[[[[`).join("\n"));
    expect(diagnostics.map(({ code }) => code)).not.toContain("yaml.depth");
  });

  test("of maps counts too", () => {
    const text = Array.from({ length: 250 }, (_, index) => `${" ".repeat(index)}k:`).join("\n");
    expect(parse(text).problems).toEqual(["yaml.depth «k:»"]);
  });
});

test.each([
  ["an alias", "b: &b { k: 1, l: 2 }\nc:\n  l: 3\n  <<: *b\n  m: 4", ["l", "k", "m"], 1],
  ["several", "a: &a { k: 1 }\nb: &b { k: 2, l: 3 }\nc: { <<: [*a, *b] }", ["k", "l"], 1],
  ["what is merged itself", "a: &a { k: 1 }\nb: &b { <<: *a }\nc: { <<: *b }", ["k"], 2],
  ["a map that is written there", "c: { <<: { k: 1 }, l: 2 }", ["k", "l"], 1],
  ["what is no map", "c: { <<: text, l: 2 }", ["l"], 1],
  ["a map with a key that is none", "c: { <<: { ? [a] : b, k: 1 } }", ["", "k"], 2],
  ["nothing", "c: { <<: , l: 2 }", ["l"], 1],
  ["no merge key, but a text", 'c: { "<<": { k: 1 } }', ["<<"], 0],
])("a merge key is refused, and what it brings is there all the same: %s", (_, text, keys, problems) => {
  const { value, diagnostics } = parseYaml({ path: "a.yaml", text });
  const map =
    value?.root && isMap(value.root) ? [...entriesOf(value.root)].find(({ key }) => key === "c")?.value : undefined;

  expect(isMap(map) && [...entriesOf(map)].map(({ key }) => key)).toEqual(keys);
  expect(diagnostics.map(({ code }) => code)).toHaveLength(problems);
});

test("a comma at the end of a line is no element more than the line", () => {
  const group = (name: number) =>
    `"g${name}": {\n${Array.from({ length: 10_000 }, (_, index) => `  "k${index}": 1`).join(",\n")}\n}`;
  expect(parse(`{\n${Array.from({ length: 8 }, (_, index) => group(index)).join(",\n")}\n}`).problems).toEqual([]);
});

describe("a file with more lines than any template is not read:", () => {
  const sizeOf = (text: string) => {
    const { file, diagnostics } = parse(text);
    expect([file, diagnostics.map((each) => each.code)]).toEqual([undefined, ["yaml.size"]]);
    return diagnostics[0];
  };

  test("in all", () => {
    expect(sizeOf(`a:\n${"  a: 1\n".repeat(999)}`.repeat(151))).toMatchObject({
      message: "The file has more than 150,000 lines and elements.",
      place: { line: 150_001 },
    });
  });

  test("in one map, where neither what is below nor comments count", () => {
    const map = "a:\n  b: 1\n\n# a\r\n".repeat(20_002);
    expect(sizeOf(map)).toMatchObject({
      message: "More than 20,000 lines of the file belong together.",
      place: { file: "a.yaml", line: 80_005, column: 1 },
    });
  });
});
