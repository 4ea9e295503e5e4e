import { append, type Diagnostic, hasErrors } from "../diagnostic.ts";
import { type Pointer, pointer } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { type Active, evaluateResource } from "../template/evaluate.ts";
import { resourceLabel } from "../template/label.ts";
import type { Environment, Reference, ResourceDeclaration, Template } from "../template/model.ts";
import { serviceType } from "../template/service.ts";
import type { Properties } from "../value.ts";
import { checkBranches } from "./branches.ts";
import { whenKnown } from "./check.ts";
import { type Declared, declare, declareSpecified } from "./declare.ts";
import { checkMetadata } from "./metadata.ts";
import { openEnvironment } from "./offline.ts";
import { checkReferences } from "./references.ts";
import { type Reviewed, withoutSecrets } from "./review/index.ts";
import type { PlacedResource } from "./slots.ts";
import type { Specification } from "./specification.ts";
import type { ValidateOptions } from "./validate.ts";
import { labelled } from "./words.ts";

interface Resources {
  /** Those without an error: what is compared with others. */
  sound: PlacedResource[];
  /** All that are part of the stack, of whatever type. */
  reviewed: Reviewed[];
  references: Map<string, readonly Reference[]>;
  diagnostics: Diagnostic[];
}

/**
 * Evaluates, coerces and checks each resource. For the files' own sake, those that are not part of the stack and the branches that are not taken are held against their
 * types as well, with any values that parameters may have.
 */
export function validateResources(
  stack: Stack,
  active: Active,
  environment: Environment,
  options: ValidateOptions,
): Resources {
  const { registry, specification } = options;
  const { template } = stack;
  const result: Resources = { sound: [], reviewed: [], references: new Map(), diagnostics: [] };
  let open: Environment | undefined;
  for (const [logicalId, declaration] of template.resources) {
    const type = registry.get(declaration.type);
    if (options.purpose === "files") {
      open ??= openEnvironment(template, environment);
      append(
        result.diagnostics,
        whateverIsTaken(type, declaration, { template, logicalId, environment: open }, active, options),
      );
    }
    if (!active.resources.has(logicalId)) continue;
    const declared = declaredAs(type, declaration, { template, logicalId, environment }, specification);
    const { evaluated, properties } = declared;
    const ofReferences = checkReferences(template, evaluated.references, registry, specification);
    result.references.set(logicalId, evaluated.references);
    append(result.diagnostics, declared.diagnostics);
    append(result.diagnostics, labelled(ofReferences, resourceLabel(declaration)));
    result.reviewed.push({
      logicalId,
      type: declaration.type,
      properties: withoutSecrets(properties, evaluated.sensitive),
      evaluated,
      secrets: type ? secretsOf(type, properties) : [],
      undecided: active.undecided.has(logicalId),
    });
    if (!type) continue;
    result.diagnostics.push(...checkMetadata(declaration, type));
    if (!hasErrors(declared.diagnostics)) result.sound.push({ logicalId, type, properties, evaluated, stack });
  }
  return result;
}

function whateverIsTaken(
  type: ResourceType | undefined,
  declaration: ResourceDeclaration,
  place: { template: Template; logicalId: string; environment: Environment },
  active: Active,
  { registry, specification }: ValidateOptions,
): Diagnostic[] {
  const { template, logicalId } = place;
  const declaredIn = (text: Template) => declaredAs(type, declaration, { ...place, template: text }, specification);
  const inBranches = checkBranches(template, declaration, (text) => declaredIn(text).diagnostics);
  if (active.resources.has(logicalId)) return inBranches;
  const { evaluated, diagnostics } = declaredIn(template);
  const ofReferences = checkReferences(template, evaluated.references, registry, specification);
  return [
    // What its functions and names say is wrong was said where the template as a whole is looked at.
    ...diagnostics.filter(({ code }) => code.startsWith("property.")),
    ...labelled(ofReferences, resourceLabel(declaration)),
    ...inBranches,
  ];
}

/** Held against its provider's schema, else against AWS's specification. Of a type that neither has, what its functions and names say is wrong all the same. */
function declaredAs(
  type: ResourceType | undefined,
  declaration: ResourceDeclaration,
  place: { template: Template; logicalId: string; environment: Environment },
  specification: Specification | undefined,
): Declared {
  if (type) return declare({ ...place, type, ...(specification && { specification }) });
  const specified = serviceType(declaration.type) ? undefined : specification?.resource(declaration.type);
  if (specification && specified) return declareSpecified({ ...place, specified, specification });
  const evaluated = evaluateResource(place.template, place.logicalId, place.environment);
  return { evaluated, properties: evaluated.properties, diagnostics: [...evaluated.diagnostics] };
}

/** Pointers to what must not be shown, by its place in the type. */
function secretsOf(type: ResourceType, properties: Properties): readonly Pointer[] {
  const always = alwaysSecret.get(type) ?? secretProperties(type);
  alwaysSecret.set(type, always);
  return [...always, ...(whenKnown(() => type.secrets?.(properties)) ?? [])];
}

/** A large template has many resources of few types. */
const alwaysSecret = new WeakMap<ResourceType, readonly Pointer[]>();

function secretProperties(type: ResourceType): Pointer[] {
  const secret = Object.entries(type.shape.properties).filter(([, shape]) => shape.annotation.sensitive);
  return secret.map(([name]) => pointer(name));
}
