import type { Diagnostic, Severity } from "../diagnostic.ts";
import { pointer } from "../pointer.ts";
import type { Registry } from "../resource/registry.ts";
import { resourceLabel } from "../template/label.ts";
import type { Reference, ResourceDeclaration, Template } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { serviceType } from "../template/service.ts";
import { type DeclaredResource, parentOf } from "./check.ts";
import type { Specification, SpecifiedType } from "./specification.ts";
import { listed } from "./words.ts";

/**
 * Holds what is asked of other resources against their types: `getatt.unknown-attribute`; `not-yet.attribute` for what AWS has and the type does not;
 * `getatt.property` for what is a property. Nothing for a target whose own type is not known: that is said there.
 */
export function checkReferences(
  template: Template,
  references: readonly Reference[],
  registry: Pick<Registry, "get">,
  specification?: Specification,
): Diagnostic[] {
  return references.flatMap(({ logicalId, attribute, place }) => {
    const target = template.resources.get(logicalId);
    if (!target || attribute === undefined || hasOwnAttributes(target.type)) return [];
    const ours = registry.get(target.type)?.attributes;
    const specified = specification?.resource(target.type);
    if (ours ? Object.hasOwn(ours, attribute) : !specified) return [];
    const related = [{ message: `"${logicalId}" is declared here.`, place: target.place }];
    const problem = attributeProblem(target, attribute, ours && Object.keys(ours), specified);
    return problem ? [{ severity: "error", ...problem, place, related }] : [];
  });
}

/** Their attributes are made by what runs them: a template, a function, a macro. */
function hasOwnAttributes(type: string): boolean {
  return type === "AWS::CloudFormation::Stack" || serviceType(type) !== undefined;
}

function attributeProblem(
  target: ResourceDeclaration,
  attribute: string,
  ours: readonly string[] | undefined,
  specified: SpecifiedType | undefined,
): (Pick<Diagnostic, "code" | "message" | "remedy"> & { severity?: Severity }) | undefined {
  const { type, logicalId } = target;
  if (specified && hasAttribute(specified, attribute)) {
    return (
      ours && {
        code: "not-yet.attribute",
        message: `AWS has the attribute "${attribute}" of ${type}, but it is not supported here yet.`,
        remedy: `Use one of ${listed(ours)}, or give the value as a parameter.`,
      }
    );
  }
  if (specified && specifiedProperty(specified, attribute)) {
    return {
      code: "getatt.property",
      // Some types give their properties back, and nothing says which.
      severity: ours ? "error" : "warning",
      message: `"${attribute}" is a property of ${type}, and no attribute: with most types CloudFormation refuses to get one.`,
      remedy: "Write the value that the property is given, or make it a parameter and use that in both places.",
    };
  }
  const names = [...new Set([...(ours ?? []), ...Object.keys(specified?.attributes ?? {})])];
  return {
    code: "getatt.unknown-attribute",
    message: `${resourceLabel(target)} has no attribute "${attribute}".`,
    remedy: didYouMean(
      attribute,
      names,
      names.length > 0 ? `It has ${listed(names)}.` : `It has none: use !Ref ${logicalId}.`,
    ),
  };
}

/** Of an attribute that is a map each value is one: `Outputs.Endpoint`. */
function hasAttribute({ attributes }: SpecifiedType, name: string): boolean {
  if (Object.hasOwn(attributes, name)) return true;
  const map = /^([^.]+)\../.exec(name)?.[1];
  return map !== undefined && Object.hasOwn(attributes, map) && attributes[map]?.type?.kind === "map";
}

/** Attributes of nested properties are written with dots. */
function specifiedProperty(specified: SpecifiedType, name: string): boolean {
  return Object.hasOwn(specified.properties, name.split(".", 1)[0] ?? "");
}

/** Uses that no function says: a child that gives its parent's declared name comes after that parent. */
export function impliedReferences(all: readonly DeclaredResource[]): Map<string, Reference[]> {
  const implied = new Map<string, Reference[]>();
  for (const child of all) {
    const parent = parentOf(child, all);
    if (!parent || !child.type.within) continue;
    const at = pointer(child.type.within.identifiedBy);
    const said = child.evaluated.references.some((reference) => reference.logicalId === parent.logicalId);
    if (!said) implied.set(child.logicalId, [{ logicalId: parent.logicalId, at, place: child.evaluated.placeOf(at) }]);
  }
  return implied;
}
