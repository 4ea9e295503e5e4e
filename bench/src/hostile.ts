import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hostileFiles } from "@reconcile/core/testing";
import type { HostileMeasure } from "./hostile-process.ts";
import { measureIn, programOf } from "./measure.ts";
import { held, megabytes, milliseconds, table } from "./table.ts";

/** By the clock, while the files are looked at; and of memory in all. */
const budget = { ms: 1000, megabytes: 200 };

/** Files that were made to do harm, each validated in a process of its own. */
export async function hostile(): Promise<string> {
  const rows: string[][] = [];
  for (const { name, files } of hostileFiles) rows.push(await measured(name, (folder) => writeAll(folder, files())));
  rows.push(await measured("a file of 100 MB", (folder) => writeLarge(join(folder, "template.yaml"))));
  return table(["files", "clock", "held", "processor", "peak memory", "held", "said", "errors"], rows);
}

async function measured(name: string, write: (folder: string) => Promise<void>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "reconcile-bench-"));
  try {
    await mkdir(join(folder, ".git"));
    await write(folder);
    const { ms, cpuMs, peakMegabytes, diagnostics, errors } = await measureIn<HostileMeasure>(
      programOf("hostile-process"),
      folder,
    );
    return [
      ...[name, milliseconds(ms), held(ms, budget.ms), milliseconds(cpuMs), megabytes(peakMegabytes)],
      ...[held(peakMegabytes, budget.megabytes), String(diagnostics), errors.slice(0, 3).join(" ")],
    ];
  } catch (error) {
    return [name, "-", "no", "-", "-", "no", "-", String(error)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function writeLarge(path: string): Promise<void> {
  const file = await open(path, "w");
  await file.truncate(100_000_000);
  await file.close();
}
