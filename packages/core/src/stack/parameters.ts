import { isScalar } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";
import { isSecretKind } from "../template/dynamic.ts";
import type { InputRequest, Known, ParameterDeclaration } from "../template/model.ts";
import { textOf } from "../template/nodes.ts";
import { isListType, parameterValue, splitText, storedType, unknownParameter } from "../template/parameter-value.ts";
import { Unknown, type Value } from "../value.ts";
import { inputKey } from "./input-key.ts";
import type { ParameterInput, Stack } from "./model.ts";

/** What resolving parameters needs and finds. */
interface Resolving {
  stack: Stack;
  inputs: ReadonlyMap<string, Known>;
  diagnostics: Diagnostic[];
  requests: InputRequest[];
}

/**
 * The parameters of a stack's template with the values of its stack file, else their defaults. `inputs` has the outside values by `inputKey`; what it does not
 * have is unknown. Secrets from outside, and values of NoEcho parameters, are sensitive. `requests`: the outside values that they ask for, as far as that is known.
 */
export function resolveParameters(
  stack: Stack,
  inputs: ReadonlyMap<string, Known>,
): { parameters: Map<string, Known>; diagnostics: Diagnostic[]; requests: InputRequest[] } {
  const parameters = new Map<string, Known>();
  const resolving: Resolving = { stack, inputs, diagnostics: [], requests: [] };
  const { diagnostics, requests } = resolving;
  for (const parameter of stack.template.parameters.values()) {
    const given = resolveParameter(resolving, parameter);
    if (given) parameters.set(parameter.name, stored(resolving, parameter, given));
  }
  for (const [name, value] of stack.parameters) {
    if (stack.template.parameters.has(name)) continue;
    const place = value.keyPlace ?? value.place;
    diagnostics.push({ ...unknownParameter(stack.template, name), severity: "error", place });
  }
  return { parameters, diagnostics, requests };
}

interface Given extends Known {
  place: Place;
}

function resolveParameter(resolving: Resolving, parameter: ParameterDeclaration): Given | undefined {
  const { stack, diagnostics } = resolving;
  const given = stack.parameters.get(parameter.name);
  if (given?.kind === "input") return { ...fromInput(resolving, parameter, given), place: given.request.place };
  if (given?.kind === "unread") return { value: new Unknown([parameter.name], "unread"), place: given.place };
  if (given) return { ...fromText(stack, parameter, given.text, given.place, diagnostics), place: given.place };
  if (!parameter.default) {
    diagnostics.push(missingParameter(stack, parameter));
    return undefined;
  }
  const node = stack.template.target(parameter.default);
  const place = stack.template.placeOf(node);
  return { ...fromText(stack, parameter, isScalar(node) ? textOf(node) : "", place, diagnostics), place };
}

/** What stands in Parameter Store under the name that a parameter of such a type is given. */
function stored(resolving: Resolving, parameter: ParameterDeclaration, { place, ...given }: Given): Known {
  const type = storedType(parameter.type);
  if (type === undefined || given.value instanceof Unknown) return given;
  const name = String(given.value);
  const request: InputRequest = { kind: "ssm", name, place };
  const key = inputKey(request);
  const flags = { ...(given.sensitive && { sensitive: true }), verbatim: true };
  // The version of CDK's bootstrap stack is asked for by a rule of CDK's own deployments, and by nothing else.
  if (!isBootstrapVersion(parameter, name)) resolving.requests.push(request);
  const value = resolving.inputs.get(key)?.value ?? new Unknown([key], "unread", given.sensitive);
  return { value: value instanceof Unknown ? value : splitText(type, textOfValue(value)), ...flags };
}

function isBootstrapVersion(parameter: ParameterDeclaration, name: string): boolean {
  return parameter.name === "BootstrapVersion" && name.startsWith("/cdk-bootstrap/");
}

function fromText(
  stack: Stack,
  parameter: ParameterDeclaration,
  text: string,
  place: Place,
  diagnostics: Diagnostic[],
): Known {
  const { value, problems } = parameterValue(parameter, text, parameter.noEcho);
  for (const { severity, code, message, remedy, place: own } of problems) {
    const isInDeclaration = place.file === stack.template.source.path && place.line === parameter.place.line;
    const declared = own || isInDeclaration ? undefined : parameter.place;
    const related = declared && [{ message: `"${parameter.name}" is declared here.`, place: declared }];
    diagnostics.push({
      code,
      severity,
      message,
      place: own ?? place,
      ...(remedy !== undefined && { remedy }),
      ...(related && { related }),
    });
  }
  return parameter.noEcho ? { value, sensitive: true } : { value };
}

function fromInput(resolving: Resolving, parameter: ParameterDeclaration, given: ParameterInput): Known {
  const { stack, inputs, diagnostics, requests } = resolving;
  requests.push(given.request);
  const key = inputKey(given.request);
  const input = inputs.get(key);
  const sensitive = parameter.noEcho || isSecretKind(given.request.kind) || input?.sensitive === true;
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
