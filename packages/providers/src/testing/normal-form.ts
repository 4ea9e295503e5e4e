import { canonicalProperties, diff, type ResourceType } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";

type Properties = Record<string, unknown>;

/** The pointers at which declared and live properties differ, both in normal form: what a plan would name. Without the network, and without tags. */
export function differences(type: ResourceType<Aws>, declared: Properties, live: Properties): string[] {
  const normal = (properties: Properties) => canonicalProperties(type, properties);
  return diff(type.shape, normal(declared), normal(live)).map((each) => each.path);
}
