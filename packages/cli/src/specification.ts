import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openSpecification, type Specification } from "@reconcile/spec";

/** AWS's resource specification: the copy in the bundle, else that of the package. */
export function specification(): Specification {
  const bundled = fileURLToPath(new URL("./spec", import.meta.url));
  return existsSync(bundled) ? openSpecification(bundled) : openSpecification();
}
