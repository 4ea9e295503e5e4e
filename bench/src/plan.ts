import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "@reconcile/sandbox";
import { lowerBound, sum, terraformCalls } from "./lower-bound.ts";
import { exponent, measureIn, median, programOf } from "./measure.ts";
import type { PlanMeasure } from "./plan-process.ts";
import { held, megabytes, seconds, table, times } from "./table.ts";
import { type Kind, templateOf } from "./templates.ts";

const counts = [10, 30, 100, 300, 1000];
const rounds = 3;
const allowedRatio = 1.1;

interface Measured {
  count: number;
  /** Against the emulator. */
  live: PlanMeasure;
  /** The same plan, its answers given again at once. */
  replayed: PlanMeasure[];
  /** What made it: every resource new. */
  applied: PlanMeasure;
}

/** Plans of what is as declared, on the emulator. */
export async function plan(kinds: readonly Kind[] = ["parameters", "groups"]): Promise<string> {
  const sandbox = await startSandbox({ onProgress: console.error });
  const blocks = [];
  for (const kind of kinds) {
    const measured: Measured[] = [];
    for (const count of counts) measured.push(await measureOne(sandbox, kind, count));
    blocks.push(report(kind, measured));
  }
  await sandbox.stop();
  return blocks.join("\n\n");
}

async function measureOne(sandbox: Sandbox, kind: Kind, count: number): Promise<Measured> {
  console.error(`  ${count} ${kind}…`);
  const folder = await mkdtemp(join(tmpdir(), "reconcile-bench-"));
  await writeFile(join(folder, "stack.yaml"), templateOf(kind, count));
  await sandbox.reset();
  const measure = (endpoint: string, verb = "plan") =>
    measureIn<PlanMeasure>(programOf("plan-process"), endpoint, folder, verb);
  const applied = await measure(sandbox.endpoint, "apply");
  const live = await measure(sandbox.endpoint);
  if (live.changes !== 0) throw new Error(`After it was applied, ${live.changes} of ${count} ${kind} still differ.`);
  const replay = await startReplay(sandbox.endpoint);
  await measure(replay.endpoint);
  await fetch(`${replay.endpoint}/bench/replay`);
  const replayed = [];
  for (let round = 0; round < rounds; round++) replayed.push(await measure(replay.endpoint));
  const misses = await (await fetch(`${replay.endpoint}/bench/misses`)).text();
  if (misses !== "0") console.error(`  ${misses} calls were not recorded: the server's own time is in the figures.`);
  replay.process.stdin?.end();
  await rm(folder, { recursive: true });
  return { count, live, replayed, applied };
}

async function startReplay(upstream: string): Promise<{ endpoint: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [programOf("replay"), upstream], { stdio: ["pipe", "pipe", "inherit"] });
  const [announced] = (await once(child.stdout, "data")) as [Buffer];
  return { endpoint: announced.toString().trim(), process: child };
}

function report(kind: Kind, measured: readonly Measured[]): string {
  const callRows = measured.map(({ count, live }) => {
    const [calls, bound, terraform] = [sum(live.calls), sum(lowerBound(kind, count)), terraformCalls(kind, count)];
    return [
      count,
      calls,
      bound,
      times(calls / bound),
      held(calls / bound, allowedRatio),
      terraform,
      times(terraform / calls),
    ];
  });
  const timeRows = measured.map(({ count, live, replayed, applied }) => {
    const middle = (of: (run: PlanMeasure) => number) => median(replayed.map(of));
    const own = middle((run) => run.planMs);
    return [
      ...[count, seconds(live.planMs), seconds(own), seconds(Math.max(0, live.planMs - own))],
      ...[seconds(middle((run) => run.totalMs)), seconds(middle((run) => run.cpuMs))],
      ...[megabytes(middle((run) => run.peakMegabytes)), seconds(applied.planMs), sum(applied.calls)],
    ];
  });
  const largest = measured.at(-1);
  const own = measured.map(({ count, replayed }) => [count, median(replayed.map((run) => run.planMs))] as const);
  const operations = Object.entries(largest?.live.calls ?? {}).map(([name, count]) => `${count} ${name}`);
  const bound = Object.entries(lowerBound(kind, largest?.count ?? 0)).map(([name, count]) => `${count} ${name}`);
  return [
    `### ${kind}`,
    table(
      ["count", "calls", "bound", "calls / bound", `≤ ${allowedRatio}`, "Terraform", "Terraform / calls"],
      callRows,
    ),
    `The calls for ${largest?.count}: ${operations.sort().join(", ")}. The bound: ${bound.sort().join(", ")}.`,
    table(
      [
        "count",
        "plan",
        "without the server",
        "the server",
        "whole process",
        "processor",
        "peak memory",
        "first apply",
        "its calls",
      ],
      timeRows,
    ),
    `Growth without the server (exponent): ${exponent(own.slice(-2)).toFixed(2)} from 300 to 1,000.`,
  ].join("\n\n");
}
