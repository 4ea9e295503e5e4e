import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
export const bundleFile = join(root, "packages", "cli", "dist", "reconcile.js");
/** Stamps and results; goes with node_modules. */
export const cache = join(root, "node_modules", ".cache", "reconcile");
/** What vitest writes for whoever counts. */
export const testResults = join(cache, "test-results.json");
