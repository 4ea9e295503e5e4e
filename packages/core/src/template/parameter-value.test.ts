import { RE2JS } from "re2js";
import { describe, expect, test, vi } from "vitest";
import type { ParameterDeclaration } from "./model.ts";
import { isListType, parameterValue } from "./parameter-value.ts";

const place = { file: "template.yaml", line: 1, column: 1 };

function check(declaration: Partial<ParameterDeclaration>, text: string, sensitive = false) {
  return parameterValue({ name: "P", type: "String", noEcho: false, place, ...declaration }, text, sensitive);
}

test.each([
  ["String", "0123", "0123"],
  ["String", "", ""],
  ["Number", "1.50", "1.50"],
  ["AWS::EC2::VPC::Id", "vpc-1", "vpc-1"],
  ["CommaDelimitedList", "a, b,c", ["a", "b", "c"]],
  ["CommaDelimitedList", "", [""]],
  ["List<Number>", "1, 2", ["1", "2"]],
  ["List<AWS::EC2::Subnet::Id>", "s-1,s-2", ["s-1", "s-2"]],
])("%s %j is %j", (type, text, value) => {
  expect(check({ type }, text)).toEqual({ value, problems: [] });
  expect(isListType(type)).toBe(Array.isArray(value));
});

test.each(["[a", "(?=.*[0-9]).+"])("what is wrong with the pattern %s is told where that stands", (allowedPattern) => {
  const patternPlace = { file: "template.yaml", line: 7, column: 21 };
  expect(check({ allowedPattern, patternPlace }, "a").problems).toMatchObject([{ place: patternPlace }]);
});

describe("constraints", () => {
  test.each([
    [{ type: "Number" }, "a", ["parameter.number"]],
    [{ type: "Number" }, "", ["parameter.number"]],
    [{ type: "Number" }, "0x10", ["parameter.number"]],
    [{ type: "Number" }, "-1.5e3", []],
    [{ type: "List<Number>" }, "1,b,c", ["parameter.number", "parameter.number"]],
    [{ type: "Number", minValue: 2, maxValue: 4 }, "1", ["parameter.range"]],
    [{ type: "Number", minValue: 2, maxValue: 4 }, "5", ["parameter.range"]],
    [{ type: "Number", minValue: 2, maxValue: 4 }, "4", []],
    [{ minLength: 2, maxLength: 3 }, "a", ["parameter.length"]],
    [{ minLength: 2, maxLength: 3 }, "abcd", ["parameter.length"]],
    [{ minLength: 2, maxLength: 3 }, "abc", []],
    [{ allowedValues: ["a", "b"] }, "b", []],
    [{ allowedValues: ["a", "b"] }, "c", ["parameter.allowed-values"]],
    [{ type: "CommaDelimitedList", allowedValues: ["a", "b"] }, "a,x", ["parameter.allowed-values"]],
    [{ allowedPattern: "[a-z]+" }, "abc", []],
    [{ allowedPattern: "[a-z]+" }, "abc1", ["parameter.pattern"]],
    [{ allowedPattern: "^[a-z]+$" }, "abc", []],
    [{ type: "CommaDelimitedList", allowedPattern: "[a-z]+" }, "a,1", ["parameter.pattern"]],
    [{ allowedPattern: "[a" }, "a", ["parameter.pattern-syntax"]],
    [{ allowedPattern: "(?=.*[0-9]).+" }, "a", ["parameter.pattern-unchecked"]],
    [{ allowedPattern: "[a-z]++" }, "a", ["parameter.pattern-unchecked"]],
    [{ allowedPattern: "[\\w-.]{1,9}(?<!x)" }, "a", ["parameter.pattern-unchecked"]],
    [{ allowedPattern: '\\{\\"a(?=b)}' }, "a", ["parameter.pattern-unchecked"]],
    [{ allowedPattern: "(a{1,100}){1,100}" }, "a", ["parameter.pattern-unchecked"]],
    [{ allowedPattern: "[a-z]*".repeat(2_000) }, "a", ["parameter.pattern-unchecked"]],
  ])("%j, %j: %j", (declaration, text, codes) => {
    expect(check(declaration, text).problems.map((each) => each.code)).toEqual(codes);
  });

  test.each([
    [{ allowedValues: ["t3.micro", "t3.small"] }, "t3.mirco", 'Did you mean "t3.micro"?'],
    [{ allowedValues: ["a", "b"] }, "something", 'Use one of "a", "b".'],
    [
      { allowedValues: "abcdefghijkl".split("") },
      "something",
      'Use one of "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" and 2 more.',
    ],
    [{ type: "Number", minValue: 2 }, "1", "Use 2 or more."],
  ])("%j, %j: %s", (declaration, text, remedy) => {
    expect(check(declaration, text).problems[0]?.remedy).toBe(remedy);
  });

  test.each([
    ["lower case", '"A" does not match the pattern [a-z] (parameter "P"). lower case.'],
    ["Lower case!", '"A" does not match the pattern [a-z] (parameter "P"). Lower case!'],
    [undefined, '"A" does not match the pattern [a-z] (parameter "P").'],
  ])("with the description %j: %s", (constraintDescription, message) => {
    const declaration = {
      allowedPattern: "[a-z]",
      ...(constraintDescription !== undefined && { constraintDescription }),
    };
    expect(check(declaration, "A").problems[0]?.message).toBe(message);
  });

  test("never quote a sensitive value", () => {
    const declaration = {
      type: "Number",
      minLength: 99,
      maxLength: 1,
      allowedValues: ["s3crat"],
      allowedPattern: "[0-9]",
    };
    const { problems } = check(declaration, "s3cret", true);
    expect(problems).toHaveLength(5);
    expect(JSON.stringify(problems)).not.toContain("s3cret");
  });

  test("an unexpected failure of the engine is not hidden", () => {
    vi.spyOn(RE2JS, "compile").mockImplementationOnce(() => {
      throw new TypeError("broken");
    });
    expect(() => check({ allowedPattern: "a" }, "a")).toThrow("broken");
    vi.stubGlobal(
      "RegExp",
      class {
        constructor() {
          throw new TypeError("broken too");
        }
      },
    );
    try {
      expect(() => check({ allowedPattern: "(?=a)" }, "a")).toThrow("broken too");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test.each([
    [{ allowedPattern: "(a+)+$" }, `${"a".repeat(4000)}!`],
    [{ type: "Number" }, `${"1".repeat(200_000)}x`],
    [{ allowedValues: ["a".repeat(200_000)] }, "b".repeat(200_000)],
  ])("what would be tried for ever ends at once", (declaration, text) => {
    const started = performance.now();
    expect(check(declaration, text).problems).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
