import type { EngineMeasure } from "./engine-process.ts";
import { exponent, measureIn, median, programOf } from "./measure.ts";
import { held, megabytes, milliseconds, table } from "./table.ts";

const counts = [100, 1000, 10_000];
const rounds = 3;
const allowed = 1.05;

/** The engine on a cloud in memory: no network, no AWS client. */
export async function engine(): Promise<string> {
  const blocks = [];
  for (const state of ["unchanged", "new"]) {
    const measured: { count: number; time: number; cpu: number; peak: number }[] = [];
    for (const count of counts) {
      const runs: EngineMeasure[] = [];
      for (let round = 0; round < rounds; round++)
        runs.push(await measureIn<EngineMeasure>(programOf("engine-process"), String(count), state));
      const expected = state === "new" ? count : 0;
      if (runs.some(({ changes }) => changes !== expected)) throw new Error(`A plan of ${count} ${state} is wrong.`);
      const middle = (of: (run: EngineMeasure) => number) => median(runs.map(of));
      measured.push({
        count,
        time: middle((run) => run.planMs),
        cpu: middle((run) => run.cpuMs),
        peak: middle((run) => run.peakMegabytes),
      });
    }
    const rows = measured.map(({ count, time, cpu, peak }) => [
      ...[state, count, milliseconds(time), milliseconds(cpu), milliseconds((cpu / count) * 1000), megabytes(peak)],
    ]);
    const growth = (of: (each: (typeof measured)[number]) => number, from: number) =>
      exponent(measured.slice(from).map((each) => [each.count, of(each)]));
    const shown = (of: (each: (typeof measured)[number]) => number, from: number) => growth(of, from).toFixed(2);
    blocks.push(
      table(["resources are", "count", "plan", "processor", "per thousand", "peak memory"], rows),
      [
        `Growth from 100 to 10,000 (exponent): clock ${shown(({ time }) => time, 0)}, processor ${shown(({ cpu }) => cpu, 0)}, memory ${shown(({ peak }) => peak, 0)};`,
        `budget ${allowed}, held: ${held(
          Math.max(
            growth(({ time }) => time, 0),
            growth(({ cpu }) => cpu, 0),
          ),
          allowed,
        )}.`,
        `From 1,000 to 10,000, where warming up counts less: clock ${shown(({ time }) => time, 1)}, processor ${shown(({ cpu }) => cpu, 1)}, memory ${shown(({ peak }) => peak, 1)}.`,
      ].join(" "),
    );
  }
  return blocks.join("\n\n");
}
