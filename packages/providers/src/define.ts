import { defineResource as defineFor, type ResourceFacts } from "@reconcile/core";
import type { z } from "zod";
import type { Aws } from "./aws/context.ts";

/** A resource type of AWS: facts first, then the handlers, which get `Aws`. */
export function defineResource<S extends z.ZodObject>(facts: ResourceFacts<S, Aws>) {
  return defineFor<S, Aws>(facts);
}
