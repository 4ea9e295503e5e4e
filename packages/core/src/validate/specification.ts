/**
 * What is asked of AWS's own resource specification. `@reconcile/spec` has all of it; core knows no more of that package than this. A `Specification` of that package can
 * be passed as it is.
 */
export interface Specification {
  /** Whether AWS has this type, spelt exactly so. */
  has(type: string): boolean;
  /** The type that was probably meant by a name that does not exist. */
  nearestType(name: string): string | undefined;
  /** The facts of a type; undefined for a type that AWS does not have. Look-ups in `attributes` are by own key. */
  resource(type: string): { readonly attributes: Readonly<Record<string, unknown>> } | undefined;
  /** The facts at a JSON pointer below the properties of a type; undefined where AWS has no such property. */
  propertyAt(type: string, path: string): unknown;
  /** The properties that the object at a JSON pointer may have ("" is the resource itself). */
  propertiesAt(type: string, path: string): Readonly<Record<string, unknown>> | undefined;
}
