import type { Diagnostic } from "../diagnostic.ts";
import type { Shape } from "../resource/shape.ts";
import { evaluateResource, resourceLabel } from "../template/index.ts";
import type { Environment, Evaluated, Template } from "../template/model.ts";
import type { Properties } from "../value.ts";
import { coerce } from "./coerce.ts";
import type { CheckedType } from "./describe.ts";
import { checkProperties } from "./schema.ts";
import type { Specification, SpecifiedType } from "./specification.ts";
import { checkSpecified } from "./specified.ts";
import { specifiedShape } from "./specified-shape.ts";
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

interface Place {
  template: Template;
  logicalId: string;
  environment: Environment;
}

/** Evaluates, coerces and checks one resource. What depends on an unknown is left for later. */
export function declare(options: Place & { type: CheckedType; specification?: Specification }): Declared {
  const { type, specification } = options;
  return declareAs(options, type.type, type.shape, ({ properties, evaluated }) =>
    checkProperties(type, properties, evaluated, specification),
  );
}

/** The same for a type without a provider, held against AWS's specification. */
export function declareSpecified(
  options: Place & { specified: SpecifiedType; specification: Specification },
): Declared {
  const { specified, specification } = options;
  return declareAs(options, specified.type, specifiedShape(specified), ({ properties, evaluated }) =>
    checkSpecified(specified, properties, evaluated, specification),
  );
}

function declareAs(
  { template, logicalId, environment }: Place,
  type: string,
  shape: Shape,
  check: (coerced: Pick<Declared, "properties" | "evaluated">) => Diagnostic[],
): Declared {
  const raw = evaluateResource(template, logicalId, environment);
  const { properties, evaluated, diagnostics } = coerce(shape, raw);
  // Nothing is missing of what is not known.
  const problems = raw.isOpen ? [] : check({ properties, evaluated });
  const label = resourceLabel({ logicalId, type });
  return {
    evaluated,
    properties,
    diagnostics: distinct(labelled([...raw.diagnostics, ...diagnostics, ...problems], label)),
  };
}
