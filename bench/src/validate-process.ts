// Validates one template in a process of its own, and prints what that took as a line of JSON. Argument: FOLDER.
import { join } from "node:path";
import { createRegistry, diskTree, hasErrors, loadStacks, validateStacks } from "@reconcile/core";
import { types } from "@reconcile/providers";
import { openSpecification } from "@reconcile/spec";
import { root } from "./measure.ts";

export interface ValidateMeasure {
  loadMs: number;
  validateMs: number;
  /** Since the process began. */
  totalMs: number;
  /** On a processor, since the process began. */
  cpuMs: number;
  peakMegabytes: number;
}

const [folder = ""] = process.argv.slice(2);
const specification = openSpecification(join(root, "packages", "spec", "data"));
const began = performance.now();
const loaded = await loadStacks({ tree: diskTree(folder), paths: ["stack.yaml"] });
const read = performance.now();
const diagnostics = validateStacks(loaded, {
  registry: createRegistry(types),
  specification,
  environment: {},
  purpose: "files",
});
const ended = performance.now();
const { user, system } = process.cpuUsage();
if (hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));

const measure: ValidateMeasure = {
  loadMs: read - began,
  validateMs: ended - read,
  totalMs: ended,
  cpuMs: (user + system) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(measure)}\n`);
