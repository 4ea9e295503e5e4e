import type { Diagnostic } from "../diagnostic.ts";
import { pointer } from "../pointer.ts";
import type { Registry } from "../resource/registry.ts";
import { resourceLabel } from "../template/label.ts";
import type { Reference, Template } from "../template/model.ts";
import { didYouMean } from "../template/nearest.ts";
import { type DeclaredResource, parentOf } from "./check.ts";
import type { Specification } from "./specification.ts";
import { listed } from "./words.ts";

/**
 * Holds what is asked of other resources against their types: `getatt.unknown-attribute`; `not-yet.attribute` for what AWS has and the type does not. Nothing for a target
 * whose own type is not known: that is said there.
 */
export function checkReferences(
  template: Template,
  references: readonly Reference[],
  registry: Pick<Registry, "get">,
  specification?: Specification,
): Diagnostic[] {
  return references.flatMap(({ logicalId, attribute, place }) => {
    const target = template.resources.get(logicalId);
    if (!target || attribute === undefined) return [];
    const ours = registry.get(target.type)?.attributes;
    const theirs = specification?.resource(target.type)?.attributes;
    if (ours && Object.hasOwn(ours, attribute)) return [];
    const inAws = theirs !== undefined && Object.hasOwn(theirs, attribute);
    if (inAws ? !ours : !ours && !theirs) return [];
    const related = [{ message: `"${logicalId}" is declared here.`, place: target.place }];
    if (inAws) {
      return {
        code: "not-yet.attribute",
        severity: "error",
        message: `AWS has the attribute "${attribute}" of ${target.type}, but it is not supported here yet.`,
        remedy: `Use one of ${listed(Object.keys(ours ?? {}))}, or give the value as a parameter.`,
        place,
        related,
      } satisfies Diagnostic;
    }
    const names = [...new Set([...Object.keys(ours ?? {}), ...Object.keys(theirs ?? {})])];
    return {
      code: "getatt.unknown-attribute",
      severity: "error",
      message: `${resourceLabel(target)} has no attribute "${attribute}".`,
      remedy: didYouMean(
        attribute,
        names,
        names.length > 0 ? `It has ${listed(names)}.` : `It has none: use !Ref ${logicalId}.`,
      ),
      place,
      related,
    } satisfies Diagnostic;
  });
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
