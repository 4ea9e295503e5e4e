import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";

/** The test files that prove something, as their text says it: vitest need not load the others to find their tags. */
export function proofFiles() {
  return ["packages", "examples", "bench"]
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.name.endsWith(".test.ts") && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\bproves\(|\bdescribeOnSandbox\(/.test(readFileSync(path, "utf8")))
    .map((path) => relative(root, path).replaceAll("\\", "/"))
    .sort();
}
