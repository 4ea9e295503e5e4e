import { RE2JS, RE2JSException } from "re2js";
import type { Place } from "../diagnostic.ts";
import type { Value } from "../value.ts";
import type { ParameterDeclaration, Template } from "./model.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./scope.ts";

/** Is the value of such a parameter a list? */
export function isListType(type: string): boolean {
  return type === "CommaDelimitedList" || type.startsWith("List<");
}

/** The type of the value in Parameter Store that a parameter gives the name of; undefined: its value is its own. */
export function storedType(type: string): string | undefined {
  return /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
}

/** A text as a parameter of some type has it: itself, or its elements between the commas. */
export function splitText(type: string, text: string): string | string[] {
  return isListType(type) ? text.split(",").map((part) => part.trim()) : text;
}

/** A problem of a parameter's value. A pattern that cannot be tried is a note. */
export interface ValueProblem extends Problem {
  severity: "error" | "note";
  /** Where it is when the value is not to blame. */
  place?: Place;
}

/**
 * The value that a text gives a parameter: itself, or its elements between the commas. Numbers stay text, as `Ref` gives them.
 * With what breaks the parameter's constraints; a sensitive value is never quoted there.
 */
export function parameterValue(
  parameter: ParameterDeclaration,
  text: string,
  sensitive: boolean,
): { value: Value; problems: ValueProblem[] } {
  const value = splitText(parameter.type, text);
  const parts = [value].flat();
  const each = problemsOf(parameter, parts, sensitive);
  // What a list as a whole is allowed to be, its elements need not be.
  const asOne = each.length > 0 && Array.isArray(value) ? problemsOf(parameter, [text], sensitive) : each;
  return { value, problems: asOne.length === 0 ? asOne : each };
}

function problemsOf(parameter: ParameterDeclaration, parts: readonly string[], sensitive: boolean): ValueProblem[] {
  const problems: ValueProblem[] = [];
  const complain = (code: string, part: string, rule: string, remedy: string) => {
    const subject = sensitive ? "The value" : `"${part}"`;
    const described =
      parameter.constraintDescription === undefined ? "" : ` ${asSentence(parameter.constraintDescription)}`;
    problems.push({
      code,
      severity: "error",
      message: `${subject} ${rule} (parameter "${parameter.name}").${described}`,
      remedy,
    });
  };
  for (const part of parts) {
    if (/\bNumber\b/.test(parameter.type) && !isNumber(part))
      complain("parameter.number", part, "is not a number", "Write a number.");
    else checkRange(parameter, part, complain);
    checkLength(parameter, part, complain);
    checkAllowed(parameter, part, sensitive, complain);
  }
  if (parameter.allowedPattern !== undefined)
    problems.push(...checkPattern(parameter, parameter.allowedPattern, parts, complain));
  return problems;
}

type Complain = (code: string, part: string, rule: string, remedy: string) => void;

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}

function checkRange(parameter: ParameterDeclaration, part: string, complain: Complain): void {
  const { minValue, maxValue } = parameter;
  if (minValue !== undefined && Number(part) < minValue)
    complain("parameter.range", part, `is less than ${minValue}`, `Use ${minValue} or more.`);
  if (maxValue !== undefined && Number(part) > maxValue)
    complain("parameter.range", part, `is more than ${maxValue}`, `Use ${maxValue} or less.`);
}

function checkLength(parameter: ParameterDeclaration, part: string, complain: Complain): void {
  const { minLength, maxLength } = parameter;
  if (minLength !== undefined && part.length < minLength) {
    complain("parameter.length", part, `has ${part.length} characters`, `Use ${minLength} or more.`);
  }
  if (maxLength !== undefined && part.length > maxLength) {
    complain("parameter.length", part, `has ${part.length} characters`, `Use ${maxLength} or less.`);
  }
}

function checkAllowed(parameter: ParameterDeclaration, part: string, sensitive: boolean, complain: Complain): void {
  const allowed = parameter.allowedValues;
  if (!allowed || allowed.includes(part)) return;
  const near = sensitive ? undefined : nearest(part, allowed);
  const shown = allowed.slice(0, 10).map((value) => `"${value}"`);
  const all =
    allowed.length > shown.length ? `${shown.join(", ")} and ${allowed.length - shown.length} more` : shown.join(", ");
  complain(
    "parameter.allowed-values",
    part,
    "is not one of the allowed values",
    near === undefined ? `Use one of ${all}.` : `Did you mean "${near}"?`,
  );
}

/** The whole value must match. In linear time: a template may be a stranger's, and its pattern one that backtracks for ever. */
function checkPattern(
  parameter: ParameterDeclaration,
  pattern: string,
  parts: readonly string[],
  complain: Complain,
): ValueProblem[] {
  if (pattern.length > maxPattern) return [uncheckedPattern(parameter, `has more than ${maxPattern} characters`)];
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return [unusablePattern(parameter, pattern, error.message)];
  }
  for (const part of parts) {
    if (!compiled.matches(part))
      complain(
        "parameter.pattern",
        part,
        `does not match the pattern ${pattern}`,
        "Use a value that matches the whole pattern.",
      );
  }
  return [];
}

/** Longer ones are none, and take seconds and hundreds of megabytes to compile. */
const maxPattern = 4096;

function unusablePattern(parameter: ParameterDeclaration, pattern: string, reason: string): ValueProblem {
  const subject = `The AllowedPattern of the parameter "${parameter.name}"`;
  if (!isPattern(pattern)) {
    const message = `${subject} is not a regular expression: ${pattern}`;
    const problem = { code: "parameter.pattern-syntax", severity: "error", message } as const;
    return { ...problem, remedy: "Correct the pattern.", ...inPattern(parameter) };
  }
  if (reason.includes("invalid repeat count"))
    return uncheckedPattern(parameter, "repeats a part more than 1,000 times");
  return uncheckedPattern(
    parameter,
    "uses look-around, back-references, possessive repetition or a class that only Java's expressions have",
  );
}

function uncheckedPattern(parameter: ParameterDeclaration, why: string): ValueProblem {
  return {
    code: "parameter.pattern-unchecked",
    severity: "note",
    message: `The AllowedPattern of the parameter "${parameter.name}" ${why}, and is not checked here.`,
    remedy: "Write it without that to have it checked.",
    ...inPattern(parameter),
  };
}

function inPattern({ patternPlace }: ParameterDeclaration): Pick<ValueProblem, "place"> {
  return patternPlace ? { place: patternPlace } : {};
}

/** As lenient as Java's, which CloudFormation uses. Compiles only: nothing is ever matched by an engine that backtracks. */
function isPattern(pattern: string): boolean {
  try {
    // Java's possessive repetition is the one part of its syntax that JavaScript does not have.
    new RegExp(pattern.replace(/([*+?}])\+/g, "$1"));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** What is wrong with a value that is given to a template for a parameter which it does not have. */
export function unknownParameter({ source, parameters }: Template, name: string): Problem {
  const near = nearest(name, parameters.keys());
  const declared = near === undefined ? undefined : parameters.get(near);
  return {
    code: "parameter.unknown",
    message: `The template ${source.path} has no parameter "${name}".`,
    remedy: declared
      ? `Did you mean "${declared.name}", declared at line ${declared.place.line}?`
      : "Remove it, or declare it in the template.",
  };
}
