import type { CreateOnly, Properties, PropertyFacts, PropertyType, ResourceFacts } from "./facts.ts";

/** A place inside a resource: the facts there, and the named property that holds it. */
export interface Location {
  readonly facts: PropertyFacts;
  /** The definition that has the nearest named property; undefined at the resource's own properties. */
  readonly definition: string | undefined;
  readonly property: string;
  /** False at an element of a list or map and inside free JSON, which have no name of their own. */
  readonly named: boolean;
}

/**
 * Follows a JSON pointer ("/Rules/0/Peer", with "*" for any index) from a resource's properties. Gives undefined where
 * the specification has nothing, and for the empty pointer, which is no property.
 */
export function locate(resource: ResourceFacts, pointer: string): Location | undefined {
  const [first, ...rest] = segmentsOf(pointer);
  if (first === undefined) return undefined;
  const facts = resource.properties[first];
  if (!facts) return undefined;
  let here: Location = { facts, definition: undefined, property: first, named: true };
  for (const segment of rest) {
    const next = step(resource, here, here.facts.type, segment);
    if (!next) return undefined;
    here = { ...next, facts: withCreateOnly(next.facts, here.facts.createOnly) };
  }
  return here;
}

/** The properties that an object of this type may have; undefined where the type has none of its own. */
export function propertiesOf(resource: ResourceFacts, type: PropertyType): Properties | undefined {
  if (type.kind === "object") return resource.definitions[type.definition]?.properties;
  if (type.kind !== "union") return undefined;
  const branches = type.of.map((branch) => propertiesOf(resource, branch)).filter((branch) => branch !== undefined);
  return branches.length === 0 ? undefined : Object.assign(Object.create(null), ...branches);
}

function step(resource: ResourceFacts, here: Location, type: PropertyType, segment: string): Location | undefined {
  const element = (of: PropertyType): Location => ({ ...here, facts: { type: of }, named: false });
  switch (type.kind) {
    case "object": {
      const facts = resource.definitions[type.definition]?.properties[segment];
      return facts && { facts, definition: type.definition, property: segment, named: true };
    }
    case "list":
      return /^(\*|0|[1-9]\d*)$/.test(segment) ? element(type.of) : undefined;
    case "map":
      return element(type.of);
    case "json":
      return element(type);
    case "union": {
      // Free JSON accepts every segment, so that it must not hide a branch that knows this one.
      const branches = [...type.of].sort((a, b) => Number(a.kind === "json") - Number(b.kind === "json"));
      for (const branch of branches) {
        const found = step(resource, here, branch, segment);
        if (found) return found;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Whatever lies below a create-only property changes it, and so counts at least as much. */
function withCreateOnly(facts: PropertyFacts, above: CreateOnly | undefined): PropertyFacts {
  if (above === undefined || above === facts.createOnly || facts.createOnly === "yes") return facts;
  return { ...facts, createOnly: above };
}

function segmentsOf(pointer: string): string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new Error(`not a JSON pointer: ${JSON.stringify(pointer)}`);
  const segments = pointer.slice(1).split("/");
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
