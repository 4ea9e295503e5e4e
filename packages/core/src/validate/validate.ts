import { type Diagnostic, hasErrors, sortDiagnostics } from "../diagnostic.ts";
import { missingVariable } from "../plan/open-stack.ts";
import type { Registry } from "../resource/registry.ts";
import { resolveParameters } from "../stack/index.ts";
import { inputKey } from "../stack/input-key.ts";
import type { LoadedStacks, Stack } from "../stack/model.ts";
import {
  type Active,
  checkInactive,
  evaluateConditions,
  evaluateOutput,
  evaluateResource,
} from "../template/evaluate.ts";
import { notYetType } from "../template/functions/not-yet.ts";
import { resourceLabel } from "../template/label.ts";
import type { Environment, Known, Reference, ResourceDeclaration } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { type DeclaredResource, runChecks } from "./check.ts";
import { declare } from "./declare.ts";
import { checkMetadata } from "./metadata.ts";
import { offlineEnvironment } from "./offline.ts";
import { dependencyOrder } from "./order.ts";
import { checkReferences, impliedReferences } from "./references.ts";
import { checkDeclaredOnce, type PlacedResource } from "./slots.ts";
import type { Specification } from "./specification.ts";
import { distinct, labelled } from "./words.ts";

export interface ValidateOptions {
  registry: Registry;
  specification?: Specification;
  /** The variables that stack files may ask for. */
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Everything that is wrong with some stacks, as far as it can be told without contacting anything: all of it at once, sorted by place, nothing twice. What `loadStacks` found
 * comes first and is among it. A variable that is not set is a note: nothing is read here.
 */
export function validateStacks(
  loaded: Pick<LoadedStacks, "stacks" | "diagnostics">,
  options: ValidateOptions,
): Diagnostic[] {
  const stacks = loaded.stacks.map((stack) => validateStack(stack, options));
  const sound = stacks.flatMap((each) => each.sound);
  const diagnostics = [
    ...loaded.diagnostics,
    ...stacks.flatMap((each) => each.diagnostics),
    ...checkDeclaredOnce(sound, options.registry),
  ];
  return sortDiagnostics(distinct(diagnostics));
}

function validateStack(stack: Stack, options: ValidateOptions): { sound: PlacedResource[]; diagnostics: Diagnostic[] } {
  const { template } = stack;
  const inputs = variablesOf(stack, options.environment);
  const { parameters, diagnostics: ofParameters } = resolveParameters(stack, inputs.known);
  const environment = offlineEnvironment(stack, parameters, inputs.known, options.environment);
  const active = evaluateConditions(template, environment);
  const diagnostics: Diagnostic[] = [
    ...inputs.diagnostics,
    ...ofParameters,
    ...active.diagnostics,
    ...checkInactive(template, environment, active),
    ...[...template.resources.values()].flatMap((declaration) => checkType(declaration, options)),
  ];
  const resources = validateResources(stack, active, environment, options);
  const implied = impliedReferences(resources.sound);
  for (const [logicalId, more] of implied) {
    resources.references.set(logicalId, [...(resources.references.get(logicalId) ?? []), ...more]);
  }
  const types = { registry: options.registry, typeOf: (id: string) => template.resources.get(id)?.type };
  diagnostics.push(
    ...resources.diagnostics,
    ...dependencyOrder([...active.resources], resources.references, types).cycles,
    ...validateOutputs(stack, active, environment, options),
    ...runChecks(resources.sound, stack.project.quotas),
  );
  return { sound: resources.sound, diagnostics };
}

/** The outside values that need no call: those of the environment. */
function variablesOf(stack: Stack, environment: ValidateOptions["environment"]) {
  const known = new Map<string, Known>();
  const diagnostics: Diagnostic[] = [];
  for (const parameter of stack.parameters.values()) {
    if (parameter.kind !== "input" || parameter.request.kind !== "env") continue;
    const { name } = parameter.request;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) diagnostics.push(missingVariable(name, parameter.place, "note"));
    else known.set(inputKey(parameter.request), { value, sensitive: true });
  }
  return { known, diagnostics };
}

/** `type.unknown`, and `not-yet.type` for what AWS has. What only CloudFormation's service can do was said when the template was read. */
function checkType(declaration: ResourceDeclaration, { registry, specification }: ValidateOptions): Diagnostic[] {
  const { type, typePlace } = declaration;
  if (type === "" || registry.has(type) || notYetType(type)) return [];
  const about = { severity: "error", resource: resourceLabel(declaration), place: typePlace } as const;
  if (specification?.has(type)) {
    return [
      {
        ...about,
        code: "not-yet.type",
        message: `AWS has the type ${type}, but it is not supported here yet.`,
        remedy: "Manage this resource elsewhere until it is, and pass what others need of it as parameters.",
      },
    ];
  }
  const near = specification?.nearestType(type);
  const names = registry.all().map((each) => each.type);
  const remedy =
    near === undefined
      ? didYouMean(type, names, "Correct the name, as in AWS::SSM::Parameter.")
      : `Did you mean "${near}"?`;
  return [{ ...about, code: "type.unknown", message: `There is no resource type "${type}".`, remedy }];
}

interface Resources {
  /** Those without an error: what is compared with others. */
  sound: PlacedResource[];
  references: Map<string, readonly Reference[]>;
  diagnostics: Diagnostic[];
}

function validateResources(
  stack: Stack,
  active: Active,
  environment: Environment,
  options: ValidateOptions,
): Resources {
  const { registry, specification } = options;
  const { template } = stack;
  const result: Resources = { sound: [], references: new Map(), diagnostics: [] };
  for (const logicalId of active.resources) {
    const declaration = template.resources.get(logicalId);
    if (!declaration) continue;
    const type = registry.get(declaration.type);
    const declared = type
      ? declare({ template, logicalId, type, environment, ...(specification && { specification }) })
      : withoutType(stack, logicalId, environment);
    const { references } = declared.evaluated;
    const ofReferences = checkReferences(template, references, registry, specification);
    result.references.set(logicalId, references);
    result.diagnostics.push(...declared.diagnostics, ...labelled(ofReferences, resourceLabel(declaration)));
    if (!type) continue;
    result.diagnostics.push(...checkMetadata(declaration, type));
    const resource: DeclaredResource = {
      logicalId,
      type,
      properties: declared.properties,
      evaluated: declared.evaluated,
    };
    if (!hasErrors(declared.diagnostics)) result.sound.push({ ...resource, stack });
  }
  return result;
}

/** What its functions and names say is wrong is wrong whatever its type. Holding its properties against AWS's specification belongs here. */
function withoutType(stack: Stack, logicalId: string, environment: Environment) {
  const evaluated = evaluateResource(stack.template, logicalId, environment);
  return { evaluated, properties: evaluated.properties, diagnostics: [...evaluated.diagnostics] };
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
