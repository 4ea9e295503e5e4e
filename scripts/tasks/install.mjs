import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cache, root } from "./paths.mjs";
import { run, runNode, since, TaskFailed } from "./process.mjs";
import { hashOfFiles, readStamp, writeStamp } from "./stamp.mjs";

const stampFile = join(cache, "installed");

/** Installs exactly what the lockfile says, with the pinned pnpm, when that has changed. Speaks on stderr only: stdout is the task's. */
export async function install() {
  const current = hashOfFiles(manifests());
  if (readStamp(stampFile) !== current) {
    await installPackages();
    writeStamp(stampFile, current);
  }
  // `prepare` writes it during the installation; somebody may have cleaned since.
  if (!existsSync(join(root, "packages", "spec", "data", "stamp.json"))) {
    await orFail(
      runNode([join("packages", "spec", "scripts", "compile.mjs")], toStderr),
      "AWS's specification could not be compiled.",
    );
  }
}

const toStderr = { stdio: ["ignore", 2, 2] };

function manifests() {
  const folders = ["packages", "examples"].flatMap((group) => {
    const folder = join(root, group);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  const packages = [root, ...folders, join(root, "bench")].map((folder) => join(folder, "package.json"));
  return [...packages, join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml")].filter((file) =>
    existsSync(file),
  );
}

async function installPackages() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const started = performance.now();
  console.error(`installing the dependencies with ${packageManager} (about a minute the first time)…`);
  const args = ["install", "--frozen-lockfile", ...(process.stderr.isTTY ? [] : ["--reporter=append-only"])];
  await orFail(runPackage(packageManager, args), "The dependencies could not be installed: see above.");
  console.error(`installed in ${since(started)}`);
}

/** By npm itself where npm started this: on Windows `npx` is a script that only a shell can run. */
function runPackage(name, args) {
  const { npm_execpath: npm } = process.env;
  if (npm?.endsWith("npm-cli.js")) return runNode([npm, "exec", "--yes", "--", name, ...args], toStderr);
  return run("npx", ["--yes", name, ...args], { ...toStderr, shell: process.platform === "win32" });
}

async function orFail(running, message) {
  const { code } = await running;
  if (code !== 0) throw new TaskFailed(message);
}
