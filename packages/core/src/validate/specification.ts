/**
 * What is asked of AWS's own resource specification. `@reconcile/spec` has all of it; core knows no more of that package than this. A `Specification` of that package can
 * be passed as it is.
 */
export interface Specification {
  /** Whether AWS has this type, spelt exactly so. */
  has(type: string): boolean;
  /** The type that was probably meant by a name that does not exist. */
  nearestType(name: string): string | undefined;
  /** The facts of a type; undefined for a type that AWS does not have. Look-ups in its records are by own key. */
  resource(type: string): SpecifiedType | undefined;
  /** The facts at a JSON pointer below the properties of a type; undefined where AWS has no such property. */
  propertyAt(type: string, path: string): unknown;
  /** The properties that the object at a JSON pointer may have ("" is the resource itself). */
  propertiesAt(type: string, path: string): Readonly<Record<string, unknown>> | undefined;
  /** The services that IAM knows, by the prefix of their actions. */
  actionServices(): readonly string[];
  /** The actions of a service; undefined for a prefix that IAM does not know. */
  actions(service: string): readonly string[] | undefined;
}

/** AWS's facts on one type, as far as templates are checked with them. */
export interface SpecifiedType {
  readonly type: string;
  readonly properties: SpecifiedProperties;
  readonly attributes: Readonly<Record<string, { readonly type?: SpecifiedValue }>>;
  /** The nested types, by the name that `SpecifiedValue.definition` gives. They may be recursive. */
  readonly definitions: Readonly<Record<string, { readonly properties: SpecifiedProperties }>>;
  /** Why it should not be used any more, and what should be used instead; a sentence each. */
  readonly deprecated?: { readonly reason: string; readonly instead?: string };
}

export type SpecifiedProperties = Readonly<Record<string, SpecifiedProperty>>;

export interface SpecifiedProperty {
  readonly type: SpecifiedValue;
  readonly required?: true;
  readonly deprecated?: true;
  /** What the value may name. */
  readonly references?: readonly { readonly type: string; readonly property: string }[];
}

export type SpecifiedValue =
  | { readonly kind: "string" | "integer"; readonly values?: readonly (string | number)[] }
  | { readonly kind: "number" | "boolean" | "json" }
  | { readonly kind: "list" | "map"; readonly of: SpecifiedValue }
  | { readonly kind: "object"; readonly definition: string }
  | { readonly kind: "union"; readonly of: readonly SpecifiedValue[] };
