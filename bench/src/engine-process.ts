// Plans so many resources of a cloud in memory, in a process of its own: the engine alone. Arguments: COUNT unchanged|new. Prints a line of JSON.
import { hasErrors } from "@reconcile/core";
import { createMemoryCloud, memoryEngine, stackOf } from "@reconcile/core/testing";
import { Node, resourcesOf, thingsOf } from "./memory-type.ts";

export interface EngineMeasure {
  changes: number;
  planMs: number;
  /** Of it, on a processor. */
  cpuMs: number;
  peakMegabytes: number;
}

const [count = "100", state = "unchanged"] = process.argv.slice(2);
const world = createMemoryCloud();
if (state === "unchanged") for (const thing of thingsOf(Number(count))) world.store.put(thing);
const stack = stackOf(resourcesOf(Number(count)));

const began = performance.now();
const before = process.cpuUsage();
const { engine } = memoryEngine(world, { types: [Node] });
const { plan } = await engine.prepare([stack]);
const planMs = performance.now() - began;
const { user, system } = process.cpuUsage(before);

if (hasErrors(plan.diagnostics)) throw new Error(JSON.stringify(plan.diagnostics.slice(0, 3)));
const changes = plan.stacks.flatMap((each) => each.changes.filter(({ action }) => action !== "none"));
const measure: EngineMeasure = {
  changes: changes.length,
  planMs,
  cpuMs: (user + system) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(measure)}\n`);
