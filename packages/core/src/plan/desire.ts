import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud, ResourceType } from "../resource/model.ts";
import { ownerTags, protectTag } from "../resource/owner.ts";
import { generatedNameOf } from "../resource/shape.ts";
import { evaluateResource } from "../template/index.ts";
import type { Environment, Evaluated } from "../template/model.ts";
import { coerce } from "../validate/index.ts";
import type { Properties } from "../value.ts";
import { fill } from "./canonical.ts";
import type { Desired, StackInstance } from "./model.ts";
import { policyTags } from "./policies.ts";
import { declaredTags } from "./tags.ts";

/**
 * A declared resource as far as it is known in this environment: evaluated, coerced, with defaults, a generated name and tags. `nameFor` gives the generated name where
 * the declaration has none.
 */
export function desire<C extends Cloud>(
  instance: Pick<StackInstance, "stack" | "owner">,
  type: ResourceType<C>,
  logicalId: string,
  environment: Environment,
  nameFor: (properties: Properties) => string | undefined,
): { desired: Desired; diagnostics: readonly Diagnostic[] } {
  const { stack } = instance;
  const evaluated = evaluateResource(stack.template, logicalId, environment);
  const coerced = coerce(type.shape, evaluated);
  const properties = fill(type.shape, coerced.properties) as Properties;
  const generated = generatedNameOf(type.shape);
  const name = generated && properties[generated.property] === undefined ? nameFor(properties) : undefined;
  if (generated && name !== undefined) properties[generated.property] = name;
  return {
    desired: {
      logicalId,
      type,
      properties,
      tags: type.handlers.tag ? wishedTags(instance, type, logicalId, properties, evaluated.stackTags) : {},
      evaluated: coerced.evaluated,
      ...(generated && name !== undefined && { generatedName: { property: generated.property, name } }),
    },
    diagnostics: [...evaluated.diagnostics, ...coerced.diagnostics],
  };
}

function wishedTags(
  instance: Pick<StackInstance, "stack" | "owner">,
  type: Pick<ResourceType, "type" | "shape">,
  logicalId: string,
  properties: Properties,
  stackTags: Evaluated["stackTags"] = [],
): Properties {
  const { stack, owner } = instance;
  const property = Object.entries(type.shape.properties).find(([, shape]) => shape.annotation.tags)?.[0];
  const declaration = stack.template.resources.get(logicalId);
  return {
    ...stack.project.defaults.tags,
    ...stack.tags,
    ...Object.assign({}, ...stackTags.map(declaredTags)),
    ...declaredTags(property === undefined ? undefined : properties[property]),
    ...ownerTags(owner, logicalId, type.type),
    ...policyTags(declaration?.deletionPolicy),
    ...(declaration?.reconcile.protect && { [protectTag]: "true" }),
  };
}
