import type { Specification, SpecifiedProperty, SpecifiedType } from "../validate/specification.ts";

/** AWS's specification with what people read of it. The `Specification` of `@reconcile/spec` can be passed as it is. */
export interface DocumentedSpecification extends Specification {
  /** All type names in the order of the alphabet. */
  types(): readonly string[];
  resource(type: string): DocumentedType | undefined;
  propertyAt(type: string, path: string): DocumentedProperty | undefined;
  /** AWS's text (Markdown) on a type, or on the property at a JSON pointer. */
  documentation(type: string, path?: string): string | undefined;
  /** AWS's text (Markdown) on an attribute. */
  attributeDocumentation(type: string, attribute: string): string | undefined;
}

export interface DocumentedType extends SpecifiedType {
  readonly properties: Readonly<Record<string, DocumentedProperty>>;
  /** The properties or attributes that `Ref` returns; empty where AWS does not say. */
  readonly ref: readonly string[];
}

export interface DocumentedProperty extends SpecifiedProperty {
  /** A change replaces the resource: always, or under conditions that only AWS's documentation tells. */
  readonly createOnly?: "yes" | "maybe";
  /** What AWS takes when nothing is written. */
  readonly default?: unknown;
}
