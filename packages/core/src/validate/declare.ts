import type { Diagnostic } from "../diagnostic.ts";
import { evaluateResource, resourceLabel } from "../template/index.ts";
import type { Environment, Evaluated, Template } from "../template/model.ts";
import type { Properties } from "../value.ts";
import { coerce } from "./coerce.ts";
import type { CheckedType } from "./describe.ts";
import { checkProperties } from "./schema.ts";
import type { Specification } from "./specification.ts";
import { distinct, labelled } from "./words.ts";

/** One resource as far as it is known. */
export interface Declared {
  /** Its pointers are those of `properties`. */
  evaluated: Evaluated;
  /** Coerced; without defaults; may hold unknowns. */
  properties: Properties;
  /** Of evaluation, coercion and the schema. */
  diagnostics: Diagnostic[];
}

/** Evaluates, coerces and checks one resource. What depends on an unknown is left for later. */
export function declare(options: {
  template: Template;
  logicalId: string;
  type: CheckedType;
  environment: Environment;
  specification?: Specification;
}): Declared {
  const { template, logicalId, type, environment, specification } = options;
  const raw = evaluateResource(template, logicalId, environment);
  const { properties, evaluated, diagnostics } = coerce(type.shape, raw);
  const problems = checkProperties(type, properties, evaluated, specification);
  const label = resourceLabel({ logicalId, type: type.type });
  return {
    evaluated,
    properties,
    diagnostics: distinct(labelled([...raw.diagnostics, ...diagnostics, ...problems], label)),
  };
}
