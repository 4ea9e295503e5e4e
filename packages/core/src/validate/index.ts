export { type Coerced, coerce } from "./coerce.ts";
export type { CheckedType, Placed } from "./describe.ts";
export { dependencyOrder, type References, type Types } from "./order.ts";
export { checkProperties, parse } from "./schema.ts";
export type { Specification } from "./specification.ts";
