import { reviews } from "./reviews.ts";

/** What checks of resource types and of AWS's specification say with a severity below "error": settable like a review. */
const others = [
  "distribution.plain-origin",
  "distribution.root-is-health-check",
  "distribution.unused-opening",
  "getatt.property",
  "property.deprecated",
  "rule.no-effect",
  "type.deprecated",
];

/** The checks whose severity can be set, and that a comment can silence. */
export const settableIds: readonly string[] = [...reviews.map(({ id }) => id), ...others].sort();
