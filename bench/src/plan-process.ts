// Plans (or applies) one template in a process of its own, and prints what that took as a line of JSON. Arguments: ENDPOINT FOLDER plan|apply.
import { join } from "node:path";
import { createRegistry, diskTree, hasErrors, loadStacks, type Plan, validateStacks, verdictOf } from "@reconcile/core";
import { openReconciler, types } from "@reconcile/providers";
import { sandboxEnvironment } from "@reconcile/sandbox";
import { openSpecification } from "@reconcile/spec";
import { inFlight } from "./in-flight.ts";
import { root } from "./measure.ts";

export interface PlanMeasure {
  changes: number;
  /** Since the process began. */
  totalMs: number;
  /** Load, validate and plan; without what it takes to start a process and load modules. */
  planMs: number;
  /** Of it, while at least one request was under way. */
  waitingMs: number;
  /** Time on a processor, from the beginning of the process. */
  cpuMs: number;
  peakMegabytes: number;
  /** By `service:Operation`. */
  calls: Record<string, number>;
}

const [endpoint = "", folder = "", verb = "plan"] = process.argv.slice(2);
const environment = sandboxEnvironment(endpoint);
const specification = openSpecification(join(root, "packages", "spec", "data"));
const network = inFlight();

const began = performance.now();
const loaded = await loadStacks({ tree: diskTree(folder), paths: ["stack.yaml"] });
const diagnostics = validateStacks(loaded, { registry: createRegistry(types), specification, environment });
if (hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics.slice(0, 3)));
const { stacks } = loaded;
const bookkeeping = verb === "apply" ? {} : false;
const reconciler = openReconciler({ types, stacks, specification, environment, bookkeeping, ...network.hooks });
const prepared = await reconciler.plan();
if (verb === "apply") await apply();
const ended = performance.now();
reconciler.close();

const measure: PlanMeasure = {
  changes: changesIn(prepared.plan),
  totalMs: ended,
  planMs: ended - began,
  waitingMs: network.milliseconds(),
  cpuMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  calls: network.calls(),
};
process.stdout.write(`${JSON.stringify(measure)}\n`);

async function apply(): Promise<void> {
  const events = reconciler.apply(prepared);
  for (;;) {
    const { done, value } = await events.next();
    if (!done) continue;
    if (verdictOf(value) !== "done") throw new Error(`The run ended ${verdictOf(value)}.`);
    return;
  }
}

function changesIn(plan: Plan): number {
  return plan.stacks.flatMap(({ changes }) => changes.filter(({ action }) => action !== "none")).length;
}
