import { unknownAction } from "./actions.ts";
import { cdkAsset } from "./cdk.ts";
import { conditionalTarget } from "./conditional.ts";
import { fargateSize } from "./fargate.ts";
import { arnForm, portRange, rangeForm } from "./forms.ts";
import { groupSize, oldRuntime } from "./limits.ts";
import type { Review } from "./model.ts";
import { nameForm } from "./names.ts";
import { adminPort, allPorts, databasePort, emptyRange } from "./network.ts";
import { duplicateSid, fullAccess, passRole, publicPrincipal } from "./policies.ts";
import { managedPolicyVersion, policyForm } from "./policy-form.ts";
import { nameForArn, wrongTarget } from "./references.ts";
import { leakedKey, literalSecret, openParameter } from "./secrets.ts";
import { bucketAcl, publicStore, unencrypted } from "./storage.ts";
import { overlappingSubnets, subnetOutside } from "./subnets.ts";
import { tableAttributes } from "./tables.ts";
import { unusedCondition, unusedMapping, unusedParameter } from "./unused.ts";

/** Every review there is: the only registry. */
export const reviews: readonly Review[] = [
  cdkAsset,
  tableAttributes,
  oldRuntime,
  fargateSize,
  nameForm,
  adminPort,
  allPorts,
  databasePort,
  emptyRange,
  portRange,
  rangeForm,
  arnForm,
  subnetOutside,
  overlappingSubnets,
  duplicateSid,
  policyForm,
  managedPolicyVersion,
  fullAccess,
  passRole,
  publicPrincipal,
  unknownAction,
  nameForArn,
  wrongTarget,
  conditionalTarget,
  groupSize,
  leakedKey,
  literalSecret,
  openParameter,
  bucketAcl,
  publicStore,
  unencrypted,
  unusedCondition,
  unusedMapping,
  unusedParameter,
];
