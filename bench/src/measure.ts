import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** The repository. */
export const root = process.env.BENCH_ROOT ?? process.cwd();

export interface Ran {
  stdout: string;
  code: number | null;
  /** From starting the process until it has ended. */
  ms: number;
  /** Of it, on a processor. More when several threads run at once. */
  cpuMs: number;
}

const probe = join(root, "bench", "cpu-probe.cjs");

/** Runs Node, and waits for its end. */
export function runNode(args: readonly string[], cwd = root): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const stdio = ["ignore", "pipe", "inherit", "pipe"] as const;
    const child = spawn(process.execPath, ["--require", probe, ...args], { cwd, stdio: [...stdio] });
    const [stdout, cpu] = [textOf(child.stdio[1]), textOf(child.stdio[3])];
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ stdout: stdout(), code, ms: performance.now() - began, cpuMs: Number(cpu()) });
    });
  });
}

/** All that has come from a stream so far. */
function textOf(stream: unknown): () => string {
  let text = "";
  (stream as Readable).on("data", (data) => {
    text += data;
  });
  return () => text;
}

/** Runs one of this package's own programs, and gives the JSON that it prints. Throws when it fails. */
export async function measureIn<T>(program: string, ...args: readonly string[]): Promise<T> {
  const { stdout, code } = await runNode([program, ...args]);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with exit code ${code}.`);
  return JSON.parse(stdout) as T;
}

/** A program of this package, as it was bundled. */
export function programOf(name: string): string {
  return join(root, "bench", "node_modules", ".cache", "bench", `${name}.js`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** b in time = a · count^b, through the first and the last point: 1 is linear, 2 quadratic. */
export function exponent(points: readonly (readonly [count: number, value: number])[]): number {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return Number.NaN;
  return Math.log(last[1] / first[1]) / Math.log(last[0] / first[0]);
}
