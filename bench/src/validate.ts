import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exponent, measureIn, median, programOf } from "./measure.ts";
import { held, megabytes, milliseconds, table } from "./table.ts";
import { mixedTemplate, slimTemplate } from "./templates.ts";
import type { ValidateMeasure } from "./validate-process.ts";

const rounds = 5;
/** Of the whole process, for 5,000 resources. */
const budget = { count: 5000, ms: 2000, megabytes: 400 };

/** Everything that can be said offline of one template, in a fresh process each. */
export async function validate(): Promise<string> {
  return [
    await measured([50, 500, 5000], mixedTemplate),
    "",
    "With fewer lines to each resource:",
    "",
    await measured([2500, 5000, 10_000], slimTemplate),
  ].join("\n");
}

async function measured(counts: readonly number[], template: (count: number) => string): Promise<string> {
  const folders = await Promise.all(
    counts.map(async (count) => {
      const folder = await mkdtemp(join(tmpdir(), "reconcile-bench-"));
      await writeFile(join(folder, "stack.yaml"), template(count));
      return { count, folder, runs: [] as ValidateMeasure[] };
    }),
  );
  // In turns, so that whatever else the machine does meets all of them alike.
  for (let round = 0; round < rounds; round++) {
    for (const { folder, runs } of folders)
      runs.push(await measureIn<ValidateMeasure>(programOf("validate-process"), folder));
  }
  for (const { folder } of folders) await rm(folder, { recursive: true });
  const all = folders.map(({ count, runs }) => {
    const of = (value: (run: ValidateMeasure) => number) => runs.map(value);
    const total = of((run) => run.totalMs);
    return {
      count,
      load: median(of((run) => run.loadMs)),
      validate: median(of((run) => run.validateMs)),
      total: median(total),
      least: Math.min(...total),
      cpu: median(of((run) => run.cpuMs)),
      peak: Math.max(...of((run) => run.peakMegabytes)),
    };
  });
  const rows = all.map(({ count, load, validate, total, least, cpu, peak }) => [
    ...[count, milliseconds(load), milliseconds(validate), milliseconds(total), milliseconds(least)],
    ...[count === budget.count ? held(least, budget.ms) : "", milliseconds(cpu)],
    ...[megabytes(peak), count === budget.count ? held(peak, budget.megabytes) : ""],
  ]);
  const growth = all.slice(-2);
  const of = (value: (each: (typeof growth)[number]) => number) =>
    exponent(growth.map((each) => [each.count, value(each)])).toFixed(2);
  const [from, to] = growth.map((each) => each.count);
  return [
    table(
      ["resources", "load", "validate", "whole process", "least", "held", "processor", "peak memory", "held"],
      rows,
    ),
    "",
    `Growth from ${from} to ${to} (exponent): load ${of((each) => each.load)}, validate ${of((each) => each.validate)}, processor ${of((each) => each.cpu)}, memory ${of((each) => each.peak)}.`,
  ].join("\n");
}
