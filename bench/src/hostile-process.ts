// Validates hostile files in a process of its own, and prints what that took as a line of JSON. Arguments: FOLDER.
import { join } from "node:path";
import { createRegistry, type Diagnostic, diskTree, loadStacks, validateStacks } from "@reconcile/core";
import { types } from "@reconcile/providers";
import { openSpecification } from "@reconcile/spec";
import { root } from "./measure.ts";

export interface HostileMeasure {
  /** By the clock, since the files began to be read. */
  ms: number;
  /** On a processor, since the files began to be read. */
  cpuMs: number;
  /** The same for everything, Node and its modules included. */
  totalCpuMs: number;
  peakMegabytes: number;
  /** The codes of all errors. */
  errors: readonly string[];
  diagnostics: number;
}

const [folder = ""] = process.argv.slice(2);
const specification = openSpecification(join(root, "packages", "spec", "data"));
const cpu = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const began = process.cpuUsage();
const start = performance.now();
const loaded = await loadStacks({ tree: diskTree(folder), paths: [""] });
const diagnostics = validateStacks(loaded, {
  registry: createRegistry(types),
  specification,
  environment: {},
  purpose: "files",
});
const measure: HostileMeasure = {
  ms: performance.now() - start,
  cpuMs: cpu(began),
  totalCpuMs: cpu(),
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  errors: [...new Set(diagnostics.filter(isError).map(({ code }) => code))],
  diagnostics: diagnostics.length,
};
process.stdout.write(`${JSON.stringify(measure)}\n`);

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
