import type { Diagnostic, Place } from "../diagnostic.ts";
import { fill } from "../plan/canonical.ts";
import { childSlotKey } from "../plan/slots.ts";
import { type Pointer, pointer } from "../pointer.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import { generatedNameOf } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import { containsUnknown, type Properties, Unknown, type Value } from "../value.ts";
import {
  childElement,
  type DeclaredResource,
  declaredIdentifier,
  ownElements,
  parentOf,
  type SlotElement,
  whenKnown,
} from "./check.ts";
import { distinguished, tokenOf } from "./unknown-identity.ts";
import { isSecret } from "./words.ts";

/** A declared resource of one of the stacks of a run. */
export interface PlacedResource extends DeclaredResource {
  stack: Stack;
}

/**
 * One live thing, one declarer, over all stacks of the run: `slot.declared-twice` where a parent and a child, or two children, declare the same element of the same
 * parent; `name.declared-twice` where two resources have one natural key in an account and region. What is not known yet counts as equal only where the same text of the
 * same stack says it.
 */
export function checkDeclaredOnce(
  all: readonly PlacedResource[],
  registry: Pick<Registry, "get" | "slotTypes">,
): Diagnostic[] {
  return [...checkSlots(all, registry), ...checkNames(all)];
}

interface Declarer {
  element: SlotElement;
  by: PlacedResource;
  /** The parent as people know it: a logical id or an identifier. */
  parent: string;
  property: string;
}

function checkSlots(all: readonly PlacedResource[], registry: Pick<Registry, "get" | "slotTypes">): Diagnostic[] {
  const stacks = byStack(all);
  const named = new Map(
    all.flatMap((parent) => nameKey(parent, parent.type, declaredIdentifier(parent)).map((key) => [key, parent])),
  );
  const declarers = new Map<string, Declarer>();
  const slotOf = slotsOnce();
  const diagnostics: Diagnostic[] = [];
  const declare = (parentType: ResourceType, parentKey: string, declarer: Declarer) => {
    const slot = slotOf(parentType, declarer);
    if (slot === undefined) return;
    const key = JSON.stringify([parentKey, declarer.property, slot]);
    const first = declarers.get(key);
    if (first) diagnostics.push(declaredTwice(first, declarer));
    else declarers.set(key, declarer);
  };
  const slots = new Map<ResourceType, ReadonlySet<string>>();
  for (const by of all) {
    const properties = slots.get(by.type) ?? slotProperties(by.type, registry);
    slots.set(by.type, properties);
    for (const property of properties) {
      for (const element of ownElements(by, property))
        declare(by.type, keyOf(by), { element, by, parent: by.logicalId, property });
    }
    const { within } = by.type;
    const parentType = within && registry.get(within.type);
    const element = parentType && childElement(by);
    if (!within || !parentType || !element) continue;
    const value = by.properties[within.identifiedBy];
    const identifier = typeof value === "string" ? value : undefined;
    const [key] = nameKey(by, parentType, identifier);
    const parent = parentOf(by, stacks.get(by.stack) ?? []) ?? (key === undefined ? undefined : named.get(key));
    const parentKey = parent ? keyOf(parent as PlacedResource) : key;
    if (parentKey === undefined) continue;
    declare(parentType, parentKey, {
      element,
      by,
      parent: parent?.logicalId ?? identifier ?? "",
      property: within.property,
    });
  }
  return diagnostics;
}

function byStack(all: readonly PlacedResource[]): Map<Stack, PlacedResource[]> {
  const stacks = new Map<Stack, PlacedResource[]>();
  for (const resource of all) {
    const others = stacks.get(resource.stack);
    if (others) others.push(resource);
    else stacks.set(resource.stack, [resource]);
  }
  return stacks;
}

/** The properties whose elements can be declared elsewhere as well. */
function slotProperties(type: ResourceType, registry: Pick<Registry, "slotTypes">): Set<string> {
  const annotated = Object.entries(type.shape.properties).filter(([, shape]) => shape.annotation.slot);
  const children = registry.slotTypes(type.type).flatMap((child) => (child.within ? [child.within.property] : []));
  return new Set([...annotated.map(([name]) => name), ...children]);
}

function keyOf(resource: PlacedResource): string {
  return JSON.stringify([resource.stack.name, resource.logicalId]);
}

/** By which a resource that has its name from its declaration is found from other stacks: at most one. */
function nameKey(from: PlacedResource, type: ResourceType, identifier: string | undefined): string[] {
  return identifier === undefined ? [] : [JSON.stringify([...scopeOf(from.stack, type), type.type, identifier])];
}

/** Where a name can be had once. An account that is not given is the one of the run. */
function scopeOf(stack: Stack, type: ResourceType): string[] {
  return [stack.account ?? "", type.scope === "region" ? (stack.region ?? "") : ""];
}

/** Which element it is, as far as it is known. Large stacks hold the same few elements over and over: what is written alike is brought into its normal form once. */
function slotsOnce(): (parentType: ResourceType, declarer: Declarer) => string | undefined {
  const keys = new Map<string, string | undefined>();
  return (parentType, { element: { element }, by, property }) => {
    if (parentType.shape.properties[property]?.type !== "array") return "";
    const normalKey = (known: Value) => whenKnown(() => childSlotKey(parentType, property, known));
    if (!containsUnknown(element)) {
      const text = JSON.stringify([parentType.type, property, element]);
      if (!keys.has(text)) keys.set(text, normalKey(element));
      return keys.get(text);
    }
    const known = distinguished(element, (unknown) => {
      const token = tokenOf(by, by.stack, unknown);
      return token === undefined ? undefined : new Unknown([...unknown.sources, token], unknown.certainty);
    });
    return known === undefined ? undefined : normalKey(known);
  };
}

function declaredTwice(first: Declarer, second: Declarer): Diagnostic {
  const { by, parent, property } = second;
  const inside = first.by === second.by;
  return {
    code: "slot.declared-twice",
    severity: "error",
    message: inside
      ? `${property} of "${parent}" holds the same element twice.`
      : `This element of ${property} of "${parent}" is declared twice: ${nameOf(second)} and ${nameOf(first)}.`,
    remedy: inside
      ? "Remove one of the two."
      : "Declare it once: inside the resource it belongs to, or as a resource of its own.",
    resource: labelOf(by),
    place: placeOf(second),
    related: [{ message: "It is declared here first.", place: placeOf(first) }],
  };
}

function nameOf({ by, element, property }: Declarer): string {
  return element.at === "" ? `as "${by.logicalId}"` : `in ${property} of "${by.logicalId}"`;
}

function labelOf({ logicalId, type }: DeclaredResource): string {
  return `${logicalId} (${type.type})`;
}

function placeOf({ by, element }: Declarer): Place {
  return element.at === "" ? (by.stack.template.resources.get(by.logicalId)?.place ?? element.place) : element.place;
}

function checkNames(all: readonly PlacedResource[]): Diagnostic[] {
  const declared = new Map<string, PlacedResource>();
  const diagnostics: Diagnostic[] = [];
  for (const resource of all) {
    const { type, stack } = resource;
    // A child's identity is its slot.
    const natural = type.within ? undefined : naturalKeyOf(resource);
    if (natural === undefined) continue;
    const key = JSON.stringify([...scopeOf(stack, type), type.type, natural]);
    const first = declared.get(key);
    if (first) diagnostics.push(namedTwice(first, resource));
    else declared.set(key, resource);
  }
  return diagnostics;
}

/** With a text of its own for every unknown, so that two groups with one name in the same new network are seen. */
function naturalKeyOf(resource: PlacedResource): string | undefined {
  const { type } = resource;
  const properties = distinguished(
    resource.properties,
    (unknown) => tokenOf(resource, resource.stack, unknown) ?? unknown,
  );
  return whenKnown(() => type.naturalKey?.(fill(type.shape, properties) as Properties));
}

function namedTwice(first: PlacedResource, second: PlacedResource): Diagnostic {
  const at = namePath(second.type);
  const value = at === undefined ? undefined : second.properties[at.slice(1)];
  const shown = typeof value === "string" && at !== undefined && !isSecret(second.type.shape, second.evaluated, at);
  const elsewhere = first.stack.name === second.stack.name ? "" : ` of the stack "${first.stack.name}"`;
  return {
    code: "name.declared-twice",
    severity: "error",
    message: `${shown ? `The name "${value}"` : "This name"} is declared twice: "${second.logicalId}" and "${first.logicalId}"${elsewhere} are the same ${second.type.type}.`,
    remedy: "Give one of them another name, or remove one of the two.",
    resource: labelOf(second),
    place: second.evaluated.placeOf(at ?? ""),
    related: [{ message: "It is declared here first.", place: first.evaluated.placeOf(at ?? "") }],
  };
}

/** Where people write the name. */
function namePath(type: ResourceType): Pointer | undefined {
  const name =
    type.identifier.find((part) => Object.hasOwn(type.shape.properties, part)) ?? generatedNameOf(type.shape)?.property;
  return name === undefined ? undefined : pointer(name);
}
