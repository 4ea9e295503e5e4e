export {
  type Active,
  activeResources,
  checkInactive,
  evaluateCondition,
  evaluateConditions,
  evaluateOutput,
  evaluateResource,
} from "./evaluate.ts";
export { resourceLabel } from "./label.ts";
export type * from "./model.ts";
export { didYouMean, nearest } from "./nearest.ts";
export { templateFiles } from "./nested.ts";
export { parseTemplate } from "./parse.ts";
export { evaluateRules } from "./rules.ts";
