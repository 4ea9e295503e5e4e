export {
  type Check,
  type CheckInput,
  type DeclaredResource,
  runChecks,
  type SlotElement,
  slotElements,
} from "./check.ts";
export { type CloudFormationOptions, checkCloudFormation } from "./cloudformation/index.ts";
export { type Coerced, coerce } from "./coerce.ts";
export { type Declared, declare } from "./declare.ts";
export { declaredOffline, type OfflineResource } from "./declare-offline.ts";
export type { CheckedType, Placed } from "./describe.ts";
export { isLeftOutNotice, isUnsupported, leaveOutUnsupported } from "./leave-out.ts";
export { dependencyOrder, type References, type Types } from "./order.ts";
export type { Purpose } from "./purpose.ts";
export { checkReferences, impliedReferences } from "./references.ts";
export { checkProperties, parse } from "./schema.ts";
export { checkDeclaredOnce, type PlacedResource } from "./slots.ts";
export type { Specification } from "./specification.ts";
export { type ValidateOptions, validateStacks } from "./validate.ts";
