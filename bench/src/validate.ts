import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exponent, measureIn, median, programOf } from "./measure.ts";
import { megabytes, milliseconds, table } from "./table.ts";
import { mixedTemplate } from "./templates.ts";
import type { ValidateMeasure } from "./validate-process.ts";

const counts = [50, 500, 5000];
const rounds = 3;

/** Everything that can be said offline of one template, in a fresh process each. */
export async function validate(): Promise<string> {
  const measured = [];
  for (const count of counts) {
    const folder = await mkdtemp(join(tmpdir(), "reconcile-bench-"));
    await writeFile(join(folder, "stack.yaml"), mixedTemplate(count));
    const runs: ValidateMeasure[] = [];
    for (let round = 0; round < rounds; round++)
      runs.push(await measureIn<ValidateMeasure>(programOf("validate-process"), folder));
    await rm(folder, { recursive: true });
    const middle = (of: (run: ValidateMeasure) => number) => median(runs.map(of));
    measured.push({
      count,
      total: middle((run) => run.totalMs),
      load: middle((run) => run.loadMs),
      validate: middle((run) => run.validateMs),
      cpu: middle((run) => run.cpuMs),
      peak: middle((run) => run.peakMegabytes),
    });
  }
  const rows = measured.map(({ count, load, validate, total, cpu, peak }) => [
    ...[count, milliseconds(load), milliseconds(validate), milliseconds(total), milliseconds(cpu), megabytes(peak)],
  ]);
  const growth = measured.slice(-2);
  const of = (value: (each: (typeof growth)[number]) => number) =>
    exponent(growth.map((each) => [each.count, value(each)])).toFixed(2);
  const [from, to] = growth.map((each) => each.count);
  return [
    table(["resources", "load", "validate", "whole process", "processor", "peak memory"], rows),
    "",
    `Growth from ${from} to ${to} (exponent): load ${of((each) => each.load)}, validate ${of((each) => each.validate)}, processor ${of((each) => each.cpu)}, memory ${of((each) => each.peak)}.`,
  ].join("\n");
}
