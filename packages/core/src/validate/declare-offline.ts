import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Registry } from "../resource/registry.ts";
import { readLate } from "../stack/late.ts";
import type { Stack } from "../stack/model.ts";
import { resolveParameters } from "../stack/parameters.ts";
import { evaluateConditions } from "../template/evaluate.ts";
import type { Properties } from "../value.ts";
import { declare } from "./declare.ts";
import { offlineEnvironment } from "./offline.ts";

/** A resource that a stack declares, as far as its files say. */
export interface OfflineResource<C extends Cloud = Cloud> {
  logicalId: string;
  type: ResourceType<C>;
  /** As far as the files say; the rest is unknown. Without defaults. */
  properties: Properties;
}

/** What a stack declares, as far as its files say, but for types that there are no providers of. A resource whose condition is not known yet is among them. */
export function declaredOffline<C extends Cloud>(stack: Stack, registry: Registry<C>): OfflineResource<C>[] {
  const { parameters } = resolveParameters(stack, new Map());
  const environment = offlineEnvironment(stack, parameters, new Map(), {});
  const { template } = readLate(stack, environment).stack;
  const { resources } = evaluateConditions(template, environment);
  return [...resources].flatMap((logicalId) => {
    const type = registry.get(template.resources.get(logicalId)?.type ?? "");
    return type
      ? [{ logicalId, type, properties: declare({ template, logicalId, type, environment }).properties }]
      : [];
  });
}
