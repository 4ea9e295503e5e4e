import { isScalar } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Known, ParameterDeclaration } from "../template/model.ts";
import { nearest } from "../template/nearest.ts";
import { textOf } from "../template/nodes.ts";
import { isListType, parameterValue } from "../template/parameter-value.ts";
import { Unknown, type Value } from "../value.ts";
import { inputKey } from "./input-key.ts";
import type { ParameterInput, ParameterValue, Stack } from "./model.ts";

/**
 * The parameters of a stack's template with the values of its stack file, else their defaults. `inputs` has the outside values by `inputKey`; what it does not
 * have is unknown. Values from the environment, and those of NoEcho parameters, are sensitive.
 */
export function resolveParameters(
  stack: Stack,
  inputs: ReadonlyMap<string, Known>,
): { parameters: Map<string, Known>; diagnostics: Diagnostic[] } {
  const parameters = new Map<string, Known>();
  const diagnostics: Diagnostic[] = [];
  for (const parameter of stack.template.parameters.values()) {
    const known = resolveParameter(stack, parameter, inputs, diagnostics);
    if (known) parameters.set(parameter.name, known);
  }
  for (const [name, value] of stack.parameters) {
    if (!stack.template.parameters.has(name)) diagnostics.push(unknownParameter(stack, name, value));
  }
  return { parameters, diagnostics };
}

function resolveParameter(
  stack: Stack,
  parameter: ParameterDeclaration,
  inputs: ReadonlyMap<string, Known>,
  diagnostics: Diagnostic[],
): Known | undefined {
  const given = stack.parameters.get(parameter.name);
  if (given?.kind === "input") return fromInput(stack, parameter, given, inputs, diagnostics);
  if (given) return fromText(stack, parameter, given.text, given.place, diagnostics);
  if (!parameter.default) {
    diagnostics.push(missingParameter(stack, parameter));
    return undefined;
  }
  const node = stack.template.target(parameter.default);
  return fromText(stack, parameter, isScalar(node) ? textOf(node) : "", stack.template.placeOf(node), diagnostics);
}

function fromText(
  stack: Stack,
  parameter: ParameterDeclaration,
  text: string,
  place: Place,
  diagnostics: Diagnostic[],
): Known {
  const { value, problems } = parameterValue(parameter, text, parameter.noEcho);
  for (const { severity, code, message, remedy } of problems) {
    const declared =
      place.file === stack.template.source.path && place.line === parameter.place.line ? undefined : parameter.place;
    const related = declared && [{ message: `"${parameter.name}" is declared here.`, place: declared }];
    diagnostics.push({
      code,
      severity,
      message,
      place,
      ...(remedy !== undefined && { remedy }),
      ...(related && { related }),
    });
  }
  return parameter.noEcho ? { value, sensitive: true } : { value };
}

function fromInput(
  stack: Stack,
  parameter: ParameterDeclaration,
  given: ParameterInput,
  inputs: ReadonlyMap<string, Known>,
  diagnostics: Diagnostic[],
): Known {
  const key = inputKey(given.request);
  const input = inputs.get(key);
  const sensitive = parameter.noEcho || given.request.kind === "env" || input?.sensitive === true;
  const flags = sensitive ? { sensitive: true, verbatim: true } : { verbatim: true };
  const value = input?.value;
  if (value === undefined || value instanceof Unknown)
    return { value: new Unknown([key], value?.certainty ?? "unread", sensitive), ...flags };
  const declaration = sensitive ? { ...parameter, noEcho: true } : parameter;
  const resolved = fromText(stack, declaration, textOfValue(value), given.place, diagnostics);
  return { ...resolved, ...flags };
}

/** CloudFormation joins the elements of a list with commas. */
function textOfValue(value: Value): string {
  return Array.isArray(value) ? value.map(String).join(",") : String(value);
}

function missingParameter(stack: Stack, parameter: ParameterDeclaration): Diagnostic {
  const bare = stack.file === stack.template.source.path;
  const example = isListType(parameter.type) ? "[value, value]" : "value";
  return {
    code: "parameter.missing",
    severity: "error",
    message: `The parameter "${parameter.name}" has no value and no Default.`,
    remedy: bare
      ? "Give it a Default, or write a stack file that names this template and has parameters:."
      : `Add it to parameters: in ${stack.file}: "${parameter.name}: ${example}".`,
    place: parameter.place,
    related: bare ? [] : [{ message: "The stack file that uses this template.", place: stack.place }],
  };
}

function unknownParameter(stack: Stack, name: string, value: ParameterValue): Diagnostic {
  const near = nearest(name, stack.template.parameters.keys());
  const declared = near === undefined ? undefined : stack.template.parameters.get(near);
  return {
    code: "parameter.unknown",
    severity: "error",
    message: `The template ${stack.template.source.path} has no parameter "${name}".`,
    remedy: declared
      ? `Did you mean "${declared.name}", declared at line ${declared.place.line}?`
      : "Remove it, or declare it in the template.",
    place: value.keyPlace ?? value.place,
  };
}
