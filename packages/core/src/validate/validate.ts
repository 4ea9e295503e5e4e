import { type Diagnostic, fewAlike, hasErrors, sortDiagnostics } from "../diagnostic.ts";
import { missingVariable } from "../plan/open-stack.ts";
import type { Registry } from "../resource/registry.ts";
import { resolveParameters } from "../stack/index.ts";
import { inputKey } from "../stack/input-key.ts";
import { readLate } from "../stack/late.ts";
import type { LoadedStacks, Stack } from "../stack/model.ts";
import { type Active, checkInactive, evaluateConditions, evaluateOutput } from "../template/evaluate.ts";
import type { Environment, Known, Template } from "../template/model.ts";
import { evaluateRules } from "../template/rules.ts";
import { evaluateChecks } from "../verify/declared-checks.ts";
import { runChecks } from "./check.ts";
import { withoutEchoes } from "./echoes.ts";
import { checkExpiry } from "./expiry.ts";
import { checkGuards } from "./guards.ts";
import { checkImports } from "./imports.ts";
import { withoutMacros } from "./macros.ts";
import { lessSure, offlineEnvironment, openEnvironment } from "./offline.ts";
import { dependencyOrder } from "./order.ts";
import { isBare, judged, type Purpose } from "./purpose.ts";
import { checkReferences, impliedReferences } from "./references.ts";
import { validateResources } from "./resources.ts";
import { reviewStack, withSettings } from "./review/index.ts";
import { checkDeclaredOnce, type PlacedResource } from "./slots.ts";
import type { Specification } from "./specification.ts";
import { checkTypes } from "./types.ts";
import { checkUndecided } from "./undecided.ts";
import { distinct, labelled, listed } from "./words.ts";

/** What files are held against, and what for. */
export interface ValidateOptions {
  registry: Registry;
  specification?: Specification;
  /** The variables that stack files may ask for. */
  environment: Readonly<Record<string, string | undefined>>;
  /** What the files are looked at for. "files": only themselves; what only a plan needs is no error then. Default: "plan". */
  purpose?: Purpose;
}

/**
 * Everything that is wrong with some stacks, as far as it can be told without contacting anything: all of it at once, sorted by place, nothing twice. What `loadStacks` found
 * comes first and is among it. Of very many of one kind in one file, the first thousand.
 */
export function validateStacks(
  loaded: Pick<LoadedStacks, "stacks" | "diagnostics"> & Partial<Pick<LoadedStacks, "neighbours">>,
  options: ValidateOptions,
): Diagnostic[] {
  const stacks = loaded.stacks.map((stack) => validateStack(stack, options));
  const sound = stacks.flatMap((each) => each.sound);
  const diagnostics = [
    ...loaded.diagnostics,
    ...stacks.flatMap((each) => each.diagnostics),
    ...checkDeclaredOnce(sound, options.registry),
    ...checkGuards(loaded.stacks, options),
    ...checkImports(loaded.stacks, loaded.neighbours ?? [], options.environment),
  ];
  const known = withSettings(withoutMacros(distinct(diagnostics), loaded.stacks), loaded.stacks);
  return fewAlike(sortDiagnostics(judged(withoutEchoes(known), loaded.stacks, options.purpose ?? "plan")));
}

interface Checked {
  /** Resources without an error: what is compared with those of other stacks. */
  sound: PlacedResource[];
  diagnostics: Diagnostic[];
}

function validateStack(stack: Stack, options: ValidateOptions): Checked {
  const inputs = variablesOf(stack, options.environment);
  const { parameters, diagnostics: ofParameters } = resolveParameters(stack, inputs.known);
  const environment = offlineEnvironment(stack, parameters, inputs.known, options.environment);
  const { sound, diagnostics } = checkStack(stack, environment, options);
  if (!isBare(stack) || options.purpose !== "files")
    return { sound, diagnostics: [...inputs.diagnostics, ...ofParameters, ...diagnostics] };
  const certain = hasErrors(diagnostics)
    ? checkStack(stack, openEnvironment(stack.template, environment), options).diagnostics
    : [];
  return { sound, diagnostics: [...withoutMissing(stack, ofParameters), ...lessSure(diagnostics, certain)] };
}

/** Everything but what is wrong with the values of parameters. */
function checkStack(declared: Stack, environment: Environment, options: ValidateOptions): Checked {
  const { stack, diagnostics: ofLate } = readLate(declared, environment);
  const { template } = stack;
  const active = evaluateConditions(template, environment);
  const resources = validateResources(stack, active, environment, options);
  const implied = impliedReferences(resources.sound);
  for (const [logicalId, more] of implied) {
    resources.references.set(logicalId, [...(resources.references.get(logicalId) ?? []), ...more]);
  }
  const types = { registry: options.registry, typeOf: (id: string) => template.resources.get(id)?.type };
  const diagnostics = [
    ...ofLate,
    ...(template.late?.notes ?? []),
    ...evaluateRules(template, environment),
    ...active.diagnostics,
    ...checkUndecided(template, active),
    ...checkInactive(template, environment, active),
    ...checkTypes(template, options),
    ...resources.diagnostics,
    ...dependencyOrder(ownResources(template, active), resources.references, types).cycles,
    ...validateOutputs(stack, active, environment, options),
    ...checkExpiry(template, resources.references, active.outputs, environment),
    ...evaluateChecks(stack, environment, options).flatMap((check) => check.diagnostics),
    ...runChecks(resources.sound, stack.project.quotas),
    ...reviewStack({ ...stack, template }, resources.reviewed, options.specification),
  ];
  return { sound: resources.sound, diagnostics };
}

/** What the Serverless Application Model makes of its types has other references than they have. */
function ownResources(template: Template, { resources }: Active): string[] {
  return [...resources].filter((id) => !template.resources.get(id)?.type.startsWith("AWS::Serverless::"));
}

/** Of a template by itself, that its parameters have no values is said once. */
function withoutMissing(stack: Stack, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const [first, ...others] = diagnostics.filter(({ code }) => code === "parameter.missing");
  if (!first || others.length === 0) return [...diagnostics];
  const names = [...stack.template.parameters.values()].flatMap((each) => (each.default ? [] : [each.name]));
  const summary: Diagnostic = {
    ...first,
    message: `These parameters have no value here and no Default: ${listed(names)}.`,
    remedy: "A plan needs them: write a stack file that names this template and has parameters:.",
  };
  return [summary, ...diagnostics.filter(({ code }) => code !== "parameter.missing")];
}

/** The outside values that need no call: those of the environment. */
function variablesOf(stack: Stack, environment: ValidateOptions["environment"]) {
  const known = new Map<string, Known>();
  const diagnostics: Diagnostic[] = [];
  for (const parameter of stack.parameters.values()) {
    if (parameter.kind !== "input" || parameter.request.kind !== "env") continue;
    const { name } = parameter.request;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) diagnostics.push(missingVariable(name, parameter.place));
    else known.set(inputKey(parameter.request), { value, sensitive: true });
  }
  return { known, diagnostics };
}

function validateOutputs(
  stack: Stack,
  active: Active,
  environment: Environment,
  options: ValidateOptions,
): Diagnostic[] {
  return [...active.outputs].flatMap((name) => {
    const { references, diagnostics } = evaluateOutput(stack.template, name, environment);
    const ofReferences = checkReferences(stack.template, references, options.registry, options.specification);
    return [...diagnostics, ...labelled(ofReferences, `output ${name}`)];
  });
}
