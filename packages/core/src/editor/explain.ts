import { type Pointer, pointer } from "../pointer.ts";
import { cut, printable } from "../report/printable.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import { didYouMean } from "../template/nearest.ts";
import { serviceType } from "../template/service.ts";
import { listed } from "../validate/words.ts";
import { elementPath, type PropertyFacts, propertyFacts, propertyNames, type Subject } from "./property-facts.ts";
import type { DocumentedSpecification } from "./specification.ts";

/** What there is to know of a resource type, one of its properties, or one of its attributes. */
export type Explanation = TypeExplanation | PropertyExplanation | AttributeExplanation;

export interface TypeExplanation {
  kind: "type";
  type: string;
  /** AWS's text, Markdown. */
  documentation?: string;
  support: Support;
  properties: readonly PropertyFacts[];
  /** What `Ref` returns: properties or attributes, several joined with "|"; empty where AWS does not say. */
  ref: readonly string[];
  attributes: readonly AttributeFacts[];
  /** Only where a provider says so. */
  provider?: {
    scope: ResourceType["scope"];
    /** true: deleting it loses what it holds; "ask": AWS is asked whether it holds anything. */
    holdsData: boolean | "ask";
    /** Types that can be declared inside this one as well as on their own, and in which of its properties. */
    children: readonly { type: string; property?: string; undeclared: string }[];
    parent?: { type: string; identifiedBy: string };
    actions: ResourceType["actions"];
    /** Where AWS's specification is not followed, and why. */
    departures: Readonly<Record<string, string>>;
  };
}

export interface PropertyExplanation {
  kind: "property";
  type: string;
  support: Support;
  property: PropertyFacts;
  /** What the value, or an element of it, has. */
  properties: readonly PropertyFacts[];
  /** Types whose resources are elements of it. */
  children: readonly string[];
}

export interface AttributeExplanation {
  kind: "attribute";
  type: string;
  support: Support;
  attribute: AttributeFacts;
}

export interface AttributeFacts {
  name: string;
  /** AWS's text, Markdown. */
  documentation?: string;
  /** Whether the provider has it; not there where the type has no provider. */
  supported?: boolean;
}

/** native: Reconcile has a provider of its own. unsupported: only CloudFormation's service can do it. not-yet: AWS has it, Reconcile has no provider for it. */
export type Support = "native" | "not-yet" | "unsupported";

export interface ExplainOptions {
  registry: Registry<never>;
  specification: DocumentedSpecification;
}

/** What a name that does not exist is answered with. */
export interface UnknownName {
  message: string;
  remedy: string;
}

/**
 * Explains `AWS::EC2::SecurityGroup`, a property of it (`AWS::EC2::SecurityGroup.SecurityGroupIngress.CidrIp`; indexes may stand there and mean nothing) or an attribute
 * (`AWS::EC2::SecurityGroup.GroupId`, where no property has the name).
 */
export function explain(name: string, options: ExplainOptions): Explanation | UnknownName {
  const [type = "", ...names] = name.split(/[./[\]]+/).filter((part) => part !== "" && !/^(\d+|\*)$/.test(part));
  const { registry, specification } = options;
  if (!specification.has(type) && !registry.has(type)) return unknownType(type, options);
  const subject: Subject = { type, native: registry.get(type), specification };
  if (names.length === 0) return explainType(subject, options);
  return (
    explainProperty(subject, names, options) ??
    explainAttribute(subject, names.join(".")) ??
    unknownMember(subject, names)
  );
}

/** Did nothing of that name explain itself? */
export function isUnknownName(answer: Explanation | UnknownName): answer is UnknownName {
  return !("kind" in answer);
}

function supportOf({ type, native }: Subject): Support {
  if (native) return "native";
  return serviceType(type)?.code === "unsupported.type" ? "unsupported" : "not-yet";
}

function explainType(subject: Subject, { registry }: ExplainOptions): TypeExplanation {
  const { type, native, specification } = subject;
  const documentation = specification.documentation(type);
  const facts = specification.resource(type);
  return {
    kind: "type",
    type,
    ...(documentation !== undefined && { documentation }),
    support: supportOf(subject),
    properties: factsAt(subject, ""),
    ref: native ? (native.ref === undefined ? native.identifier : [native.ref]) : (facts?.ref ?? []),
    attributes: attributeNames(subject).map((name) => attributeFacts(subject, name)),
    ...(native && { provider: providerOf(native, registry) }),
  };
}

function providerOf(native: ResourceType<never>, registry: Registry<never>): TypeExplanation["provider"] {
  const { scope, holdsData, within, actions, departures = {} } = native;
  return {
    scope,
    holdsData: typeof holdsData === "function" ? "ask" : holdsData === true,
    children: registry.slotTypes(native.type).map((child) => childOf(native, child)),
    ...(within && { parent: { type: within.type, identifiedBy: within.identifiedBy } }),
    actions,
    departures,
  };
}

function childOf(native: ResourceType<never>, { type, within }: ResourceType<never>) {
  const property = within?.property;
  const kind = property === undefined ? undefined : native.shape.properties[property]?.annotation.slot;
  return { type, ...(property !== undefined && { property }), undeclared: undeclaredChildren[kind ?? "open"] };
}

const undeclaredChildren = {
  exclusive: "those that nobody declares are removed",
  shared: "those that nobody declares are left alone, and reported",
  open: "those that nobody declares are left alone",
} as const;

function explainProperty(
  subject: Subject,
  names: readonly string[],
  { registry }: ExplainOptions,
): PropertyExplanation | undefined {
  let parent: Pointer = "";
  let path: Pointer = "";
  for (const name of names) {
    if (!propertyNames(subject, parent).includes(name)) return undefined;
    path = parent + pointer(name);
    parent = elementPath(subject, path);
  }
  const [first, ...deeper] = names;
  const children = deeper.length === 0 ? registry.slotTypes(subject.type) : [];
  return {
    kind: "property",
    type: subject.type,
    support: supportOf(subject),
    property: propertyFacts(subject, path),
    properties: factsAt(subject, parent),
    children: children.filter(({ within }) => within?.property === first).map((child) => child.type),
  };
}

/** Those that must be there first, then in the order of the alphabet. */
function factsAt(subject: Subject, path: Pointer): PropertyFacts[] {
  const all = propertyNames(subject, path).map((name) => propertyFacts(subject, path + pointer(name)));
  return all.sort((a, b) => Number(b.required) - Number(a.required) || (a.name < b.name ? -1 : 1));
}

function attributeNames({ type, native, specification }: Subject): string[] {
  const theirs = Object.keys(specification.resource(type)?.attributes ?? {});
  return [...new Set([...theirs, ...Object.keys(native?.attributes ?? {})])].sort();
}

function explainAttribute(subject: Subject, name: string): AttributeExplanation | undefined {
  if (!attributeNames(subject).includes(name)) return undefined;
  return {
    kind: "attribute",
    type: subject.type,
    support: supportOf(subject),
    attribute: attributeFacts(subject, name),
  };
}

function attributeFacts({ type, native, specification }: Subject, name: string): AttributeFacts {
  const documentation = specification.attributeDocumentation(type, name);
  return {
    name,
    ...(documentation !== undefined && { documentation }),
    ...(native && { supported: Object.hasOwn(native.attributes, name) }),
  };
}

function unknownType(type: string, { registry, specification }: ExplainOptions): UnknownName {
  const near = specification.nearestType(type);
  const names = registry.all().map((each) => each.type);
  return {
    message: `There is no resource type "${printable(cut(type, 100))}".`,
    remedy:
      near === undefined ? didYouMean(type, names, "name it as in AWS::EC2::SecurityGroup") : `did you mean ${near}?`,
  };
}

function unknownMember(subject: Subject, names: readonly string[]): UnknownName {
  let parent: Pointer = "";
  let owner = subject.type;
  for (const name of names) {
    const known = propertyNames(subject, parent);
    if (!known.includes(name)) {
      const attributes = parent === "" ? attributeNames(subject) : [];
      const candidates = [...new Set([...known, ...attributes])];
      return {
        message: `${owner} has no property ${attributes.length > 0 ? "or attribute " : ""}"${printable(cut(name, 100))}".`,
        remedy: didYouMean(
          name,
          candidates,
          candidates.length > 0 ? `it has ${listed(candidates, 20)}` : `${owner} has no properties of its own`,
        ),
      };
    }
    owner += `.${name}`;
    parent = elementPath(subject, parent + pointer(name));
  }
  throw new Error(`${owner} was looked for and is there`);
}
