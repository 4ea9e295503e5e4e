import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundleFile, cache, root } from "./paths.mjs";
import { runNode, since, TaskFailed } from "./process.mjs";
import { hashOfFolders, readStamp, writeStamp } from "./stamp.mjs";

const stampFile = join(cache, "bundled");
const sources = [
  "core/src",
  "spec/src",
  "spec/data",
  "providers/src",
  "sandbox/src",
  "sandbox/moto",
  "cli/src",
  "cli/scripts",
];

/** Bundles the command line when its sources have changed. */
export async function bundleCurrent() {
  const current = `${hashOfFolders(sources.map((folder) => join(root, "packages", folder)))} ${readStamp(join(cache, "installed"))}`;
  if (existsSync(bundleFile) && readStamp(stampFile) === current) return;
  const started = performance.now();
  console.error("building the command line…");
  const { code, output } = await runNode([join("packages", "cli", "scripts", "bundle.mjs")], { quiet: true });
  if (code !== 0) throw new TaskFailed(`${output}\nThe command line could not be built.`);
  writeStamp(stampFile, current);
  console.error(`built in ${since(started)}`);
}
