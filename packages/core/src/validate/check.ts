import type { Diagnostic, Place } from "../diagnostic.ts";
import { fill } from "../plan/canonical.ts";
import { type Pointer, pointer } from "../pointer.ts";
import { joinedIdentifier } from "../resource/define.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Project } from "../stack/model.ts";
import type { Evaluated } from "../template/model.ts";
import { type Properties, UnknownUsedError, type Value } from "../value.ts";
import { labelled } from "./words.ts";

/** A declared resource whose properties are sound. May hold unknowns; an Unknown's sources tell what it comes from (`prefix-list:<name>`). */
export interface DeclaredResource {
  logicalId: string;
  type: ResourceType;
  /** Coerced. */
  properties: Properties;
  /** Its pointers are those of `properties`. */
  evaluated: Evaluated;
}

/** What a check of a type is asked about. */
export interface CheckInput {
  /** The one that is checked. */
  resource: DeclaredResource;
  /** Every sound resource of its stack, itself included. */
  all: readonly DeclaredResource[];
  quotas: Project["quotas"];
}

/**
 * A check that a resource type brings along, for what its schema cannot say; offline, and without a cloud. Runs for every resource of the type; gives what is wrong, each at
 * its place (`evaluated.placeOf`). It need not say whose problem it is.
 *
 * ```ts
 * const ruleQuota: Check = ({ resource, all, quotas }) => {
 *   const weight = slotElements(resource, "SecurityGroupIngress", all).reduce((sum, { element }) => sum + weightOf(element), 0);
 *   return weight <= quotas.rulesPerSecurityGroup ? [] : [{ code: "quota.rules", … }];
 * };
 * ```
 */
export type Check = (input: CheckInput) => Diagnostic[];

/** One thing that can be declared inside a resource or on its own, as the resource's property would hold it. */
export interface SlotElement {
  element: Value;
  /** The resource itself, or the child that declares it. */
  by: DeclaredResource;
  /** Of the element, or of the child's properties. */
  place: Place;
  /** Of the element in the properties of `by`; "" for a child, which is the element as a whole. */
  at: Pointer;
}

/** What a property of a resource will hold: its own elements and those that children of the same stack declare. Children of which that is not known yet are left out. */
export function slotElements(
  resource: DeclaredResource,
  property: string,
  all: readonly DeclaredResource[],
): SlotElement[] {
  const children = indexOf(all).children.get(resource) ?? [];
  const ofProperty = children.filter((child) => child.type.within?.property === property);
  return [...ownElements(resource, property), ...ofProperty.flatMap((child) => childElement(child) ?? [])];
}

/** The elements that a resource declares itself. A property that is no list holds one. */
export function ownElements(resource: DeclaredResource, property: string): SlotElement[] {
  const value = Object.hasOwn(resource.properties, property) ? resource.properties[property] : undefined;
  const { evaluated } = resource;
  const one = (element: Value, at: Pointer): SlotElement => ({
    element,
    by: resource,
    // Found when it is asked for: hardly any element has something wrong with it.
    get place() {
      return evaluated.placeOf(at);
    },
    at,
  });
  if (Array.isArray(value)) return value.map((element, index) => one(element, pointer(property, index)));
  return value === undefined ? [] : [one(value, pointer(property))];
}

/** A child as its parent's property would hold it. undefined: that depends on what is not known yet. */
export function childElement(child: DeclaredResource): SlotElement | undefined {
  const { type, properties, evaluated } = child;
  const element = whenKnown(() => type.within?.element(fill(type.shape, properties) as Properties));
  return element === undefined ? undefined : { element, by: child, place: evaluated.placeOf(""), at: "" };
}

/** The resource of `all` in which a child is declared: the one that its property refers to, or whose declared name it gives. undefined: none of these. */
export function parentOf(child: DeclaredResource, all: readonly DeclaredResource[]): DeclaredResource | undefined {
  return findParent(child, indexOf(all));
}

interface Index {
  byId: ReadonlyMap<string, DeclaredResource>;
  /** By type and identifier, of those whose declaration says it. */
  byName: ReadonlyMap<string, DeclaredResource>;
  children: ReadonlyMap<DeclaredResource, readonly DeclaredResource[]>;
}

/** Looking through all resources for every child would make large stacks slow. */
const indexes = new WeakMap<readonly DeclaredResource[], Index>();

function indexOf(all: readonly DeclaredResource[]): Index {
  const known = indexes.get(all);
  if (known) return known;
  const byId = new Map(all.map((resource) => [resource.logicalId, resource]));
  const byName = new Map<string, DeclaredResource>();
  for (const resource of all) {
    const identifier = declaredIdentifier(resource);
    if (identifier !== undefined) byName.set(`${resource.type.type} ${identifier}`, resource);
  }
  const children = new Map<DeclaredResource, DeclaredResource[]>();
  const index = { byId, byName, children };
  for (const child of all) {
    const parent = findParent(child, index);
    const siblings = parent && children.get(parent);
    if (siblings) siblings.push(child);
    else if (parent) children.set(parent, [child]);
  }
  indexes.set(all, index);
  return index;
}

function findParent(
  child: DeclaredResource,
  { byId, byName }: Pick<Index, "byId" | "byName">,
): DeclaredResource | undefined {
  const { within } = child.type;
  if (!within) return undefined;
  const at = pointer(within.identifiedBy);
  const referred = new Set(
    child.evaluated.references.filter((reference) => reference.at === at).map((each) => each.logicalId),
  );
  if (referred.size > 1) return undefined;
  const [logicalId] = referred;
  const value = child.properties[within.identifiedBy];
  if (logicalId === undefined) return typeof value === "string" ? byName.get(`${within.type} ${value}`) : undefined;
  const parent = byId.get(logicalId);
  return parent?.type.type === within.type ? parent : undefined;
}

/** The identifier of a resource whose declaration says it: a name. */
export function declaredIdentifier({ type, properties }: DeclaredResource): string | undefined {
  return joinedIdentifier(type.identifier, properties);
}

/** What a type computes from properties; undefined where that needs something that is not known yet. */
export function whenKnown<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof UnknownUsedError) return undefined;
    throw error;
  }
}

/** Runs the checks that the types bring along, over the sound resources of one stack. */
export function runChecks(all: readonly DeclaredResource[], quotas: Project["quotas"]): Diagnostic[] {
  return all.flatMap((resource) =>
    (resource.type.checks ?? []).flatMap((check) => {
      const diagnostics = whenKnown(() => check({ resource, all, quotas })) ?? [];
      return labelled(diagnostics, `${resource.logicalId} (${resource.type.type})`);
    }),
  );
}
