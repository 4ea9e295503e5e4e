import type { Diagnostic } from "../diagnostic.ts";
import type { Registry } from "../resource/registry.ts";
import type { CheckDeclaration } from "../stack/checks.ts";
import type { Stack } from "../stack/model.ts";
import { evaluateConditions, evaluateOutput } from "../template/evaluate.ts";
import type { Environment, Known, ParameterDeclaration, ResourceDeclaration, Template } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { type Declared, declare } from "../validate/declare.ts";
import { checkReferences } from "../validate/references.ts";
import type { Specification } from "../validate/specification.ts";
import { distinct, labelled } from "../validate/words.ts";
import { checkType } from "./settings.ts";

/** A check as far as it is known: its settings coerced, with what is wrong with them. */
export interface EvaluatedCheck extends Declared {
  name: string;
  place: CheckDeclaration["place"];
}

export interface CheckFacts {
  registry: Pick<Registry, "get">;
  specification?: Specification;
}

/**
 * Evaluates the checks of a stack. In their settings stand the template's functions, and the names of the stack's outputs beside those of its parameters and resources
 * (`!Sub https://${CloudFrontDomain}/health`); a parameter or a resource of that name comes first.
 */
export function evaluateChecks(stack: Stack, environment: Environment, facts: CheckFacts): EvaluatedCheck[] {
  if (!stack.checks) return [];
  const outputs = outputsIn(stack.template, environment);
  const parameters = new Map([...outputs].map(([name, { known }]) => [name, known]));
  const wider: Environment = { ...environment, parameters: new Map([...parameters, ...environment.parameters]) };
  return stack.checks.map((check) => {
    const logicalId = `checks.${check.name}`;
    const template = templateWith(stack.template, outputs, check, logicalId);
    const asked: string[] = [];
    const input: Environment["input"] = (request) => {
      asked.push(request.name);
      return environment.input(request);
    };
    const declared = declare({ template, logicalId, type: checkType, environment: { ...wider, input } });
    const ofReferences = checkReferences(
      stack.template,
      declared.evaluated.references,
      facts.registry,
      facts.specification,
    );
    const problems = [
      ...ofReferences,
      ...checkResource(stack.template, declared, facts),
      ...asked.map((name) => outsideValue(name, check.place)),
    ];
    return {
      ...declared,
      name: check.name,
      place: check.place,
      diagnostics: distinct([...declared.diagnostics, ...labelled(problems, labelOf(check.name))]),
    };
  });
}

/** How diagnostics name a check. */
export function labelOf(name: string): string {
  return `checks.${name} (${checkType.type})`;
}

/** What a stack reads from outside is looked up for its template, before anything is planned. */
function outsideValue(name: string, place: CheckDeclaration["place"]): Diagnostic {
  return {
    code: "check.outside-value",
    severity: "error",
    message: `A check cannot read "${name}" from outside by itself.`,
    remedy: "Read it in a parameter or an output of the stack, and refer to that.",
    place,
  };
}

function outputsIn(template: Template, environment: Environment) {
  const outputs = new Map<string, { known: Known; declaration: ParameterDeclaration }>();
  for (const name of evaluateConditions(template, environment).outputs) {
    const place = template.outputs.get(name)?.place;
    if (!place || template.resources.has(name)) continue;
    const { known } = evaluateOutput(template, name, environment);
    outputs.set(name, { known, declaration: { name, type: "String", noEcho: false, place } });
  }
  return outputs;
}

/** The template as a check sees it: outputs are among the names, and the check is one more resource, whose places are in the stack file. */
function templateWith(
  template: Template,
  outputs: ReturnType<typeof outputsIn>,
  { node, place, file }: CheckDeclaration,
  logicalId: string,
): Template {
  const declaration: ResourceDeclaration = {
    logicalId,
    type: checkType.type,
    place,
    typePlace: place,
    properties: node,
    dependsOn: [],
    deletionPolicy: "Delete",
    updateReplacePolicy: "Delete",
    reconcile: {},
  };
  const names = [...outputs].map(([name, output]) => [name, output.declaration] as const);
  return {
    ...template,
    source: file.source,
    parameters: new Map([...names, ...template.parameters]),
    resources: new Map([...template.resources, [logicalId, declaration]]),
    placeOf: file.placeOf,
    placeAt: file.placeAt,
    // Mappings are the template's own nodes.
    target: (each) => file.target(template.target(each)),
  };
}

/** `aws:` names a resource, and what GetAtt knows of it. */
function checkResource(template: Template, { properties, evaluated }: Declared, facts: CheckFacts): Diagnostic[] {
  const { resource, attribute } = (properties.aws ?? {}) as { resource?: unknown; attribute?: unknown };
  if (typeof resource !== "string") return [];
  if (!template.resources.has(resource)) {
    return [
      {
        code: "ref.undefined",
        severity: "error",
        message: `There is no resource "${resource}".`,
        remedy: didYouMean(resource, template.resources.keys(), "Write the logical id of a resource of this template."),
        place: evaluated.placeOf("/aws/resource"),
      },
    ];
  }
  if (typeof attribute !== "string") return [];
  const [name = ""] = attribute.split(".");
  const known = facts.registry.get(template.resources.get(resource)?.type ?? "")?.attributes;
  const isPart = known !== undefined && !Object.hasOwn(known, attribute) && Object.hasOwn(known, name);
  const place = evaluated.placeOf("/aws/attribute");
  const asked = { logicalId: resource, attribute: isPart ? name : attribute, place };
  return checkReferences(template, [asked], facts.registry, facts.specification);
}
