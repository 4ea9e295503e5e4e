import { type Diagnostic, hasErrors } from "../diagnostic.ts";
import { type Pointer, pointer } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { type Active, evaluateResource } from "../template/evaluate.ts";
import { notYetType } from "../template/functions/not-yet.ts";
import { resourceLabel } from "../template/label.ts";
import type { Environment, Reference, ResourceDeclaration, Template } from "../template/model.ts";
import type { Properties } from "../value.ts";
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

/** Evaluates, coerces and checks each resource. Those that are not part of the stack are held against their types with any values that parameters may have. */
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
    if (!active.resources.has(logicalId)) {
      open ??= openEnvironment(template, environment);
      const declared = declaredAs(type, declaration, { template, logicalId, environment: open }, specification);
      result.diagnostics.push(...declared.diagnostics);
      continue;
    }
    const declared = declaredAs(type, declaration, { template, logicalId, environment }, specification);
    const { evaluated, properties } = declared;
    const ofReferences = checkReferences(template, evaluated.references, registry, specification);
    result.references.set(logicalId, evaluated.references);
    result.diagnostics.push(...declared.diagnostics, ...labelled(ofReferences, resourceLabel(declaration)));
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

/** Held against its provider's schema, else against AWS's specification. Of a type that neither has, what its functions and names say is wrong all the same. */
function declaredAs(
  type: ResourceType | undefined,
  declaration: ResourceDeclaration,
  place: { template: Template; logicalId: string; environment: Environment },
  specification: Specification | undefined,
): Declared {
  if (type) return declare({ ...place, type, ...(specification && { specification }) });
  const specified = notYetType(declaration.type) ? undefined : specification?.resource(declaration.type);
  if (specification && specified) return declareSpecified({ ...place, specified, specification });
  const evaluated = evaluateResource(place.template, place.logicalId, place.environment);
  return { evaluated, properties: evaluated.properties, diagnostics: [...evaluated.diagnostics] };
}

/** Pointers to what must not be shown, by its place in the type. */
function secretsOf(type: ResourceType, properties: Properties): readonly Pointer[] {
  const always = Object.entries(type.shape.properties).filter(([, shape]) => shape.annotation.sensitive);
  return [...always.map(([name]) => pointer(name)), ...(whenKnown(() => type.secrets?.(properties)) ?? [])];
}
