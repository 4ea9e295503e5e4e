import type { Stack } from "../stack/model.ts";
import type { ResourceDeclaration } from "../template/model.ts";

/** The same stack, declaring these resources and no others. */
export function withResources(stack: Stack, resources: Iterable<readonly [string, ResourceDeclaration]>): Stack {
  return { ...stack, template: { ...stack.template, resources: new Map(resources) } };
}
