import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { SandboxError } from "./errors.ts";
import { type Environment, makeFolder } from "./folders.ts";
import { findPythons, type Python, pythonEnvironment } from "./python.ts";

const motoVersion = "5.2.5";
const requirement = `moto[server]==${motoVersion}`;

/** What runs moto: an interpreter, and the environment variables it needs to find moto's packages. */
export interface Installation {
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface InstallOptions {
  readonly cacheFolder: string;
  readonly env: Environment;
  readonly onProgress: (message: string) => void;
}

// Packages may differ with any of these, so each combination has a folder of its own.
const key = createHash("sha256").update(`${requirement} ${process.platform} ${process.arch}`).digest("hex").slice(0, 8);
const temporaryPrefix = "temporary-";
const marker = "installed.json";

/** moto in the cache folder, installed first if it is not there yet. Throws SandboxError when no Python here can do that. */
export async function installMoto(options: InstallOptions): Promise<Installation> {
  const present = await findInstallation(options.cacheFolder);
  if (present !== undefined) return present;
  await makeFolder(options.cacheFolder);
  return holdingTheLock(join(options.cacheFolder, `installing-${key}`), () => install(options), options);
}

async function findInstallation(cacheFolder: string): Promise<Installation | undefined> {
  const names = await readdir(cacheFolder).catch(ifMissing([] as string[]));
  const folders = names.filter((name) => name.startsWith(`moto-${motoVersion}-`) && name.endsWith(`-${key}`));
  for (const folder of folders.sort().reverse()) {
    const installation = await readInstallation(join(cacheFolder, folder));
    // The interpreter is a link to the system's: an upgrade of that may have taken it away.
    if (installation !== undefined && existsSync(installation.python)) return installation;
  }
  return undefined;
}

async function readInstallation(folder: string): Promise<Installation | undefined> {
  const text = await readFile(join(folder, marker), "utf8").catch(ifMissing(undefined));
  if (text === undefined) return undefined;
  const { way, executable } = JSON.parse(text) as { way: "venv" | "target"; executable: string };
  return way === "venv" ? inVenv(folder) : inTarget(folder, executable);
}

function inVenv(folder: string): Installation {
  const windows = process.platform === "win32";
  return { python: windows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python"), env: {} };
}

function inTarget(folder: string, executable: string): Installation {
  return { python: executable, env: { PYTHONPATH: join(folder, "packages") } };
}

async function install(options: InstallOptions): Promise<Installation> {
  const present = await findInstallation(options.cacheFolder);
  if (present !== undefined) return present; // somebody else did it while we waited
  const { usable, tooOld } = await findPythons(options.env);
  if (usable.length === 0) {
    const seen = tooOld.length > 0 ? `only Python ${tooOld.join(" and ")} is here` : "there is no Python here";
    throw new SandboxError(`the sandbox needs Python 3.10 or newer, and ${seen}`, howToGetPython());
  }
  await removeLeftovers(options.cacheFolder);
  options.onProgress(`installing moto ${motoVersion} with Python ${usable[0]?.version} (first time only)…`);
  const problems: string[] = [];
  for (const way of ["venv", "target"] as const) {
    for (const python of usable) {
      const result = await installWith(python, way, options);
      if (typeof result !== "string") return result;
      problems.push(`${python.executable}: ${result}`);
    }
  }
  throw new SandboxError(`this Python has neither venv nor pip:\n${problems.join("\n")}`, howToGetVenv());
}

const leftoverAfter = 60 * 60 * 1000;

/** Of installations that were killed. */
async function removeLeftovers(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const state = await stat(join(cacheFolder, name)).catch(ifMissing(undefined));
    if (state === undefined || Date.now() - state.mtimeMs < leftoverAfter) continue;
    await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

/** An installation, or why this way is not open to this Python. */
async function installWith(
  python: Python,
  way: "venv" | "target",
  { cacheFolder, env }: InstallOptions,
): Promise<Installation | string> {
  const temporary = join(cacheFolder, `${temporaryPrefix}${randomUUID()}`);
  try {
    const closed = way === "venv" ? await makeVenv(python, temporary, env) : await findPip(python, env);
    if (closed !== undefined) return closed;
    const where = way === "venv" ? [] : ["--target", join(temporary, "packages")];
    await pipInstall(way === "venv" ? inVenv(temporary).python : python.executable, where, env);
    await writeFile(join(temporary, marker), JSON.stringify({ way, executable: python.executable }));
    const folder = join(cacheFolder, `moto-${motoVersion}-py${python.version}-${key}`);
    await moveInto(folder, temporary);
    const installation = await readInstallation(folder);
    if (installation !== undefined) return installation;
    throw new SandboxError(`the installation in ${folder} has been removed meanwhile`, "run the command again");
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A rename is all or nothing: nobody ever sees half an installation. */
async function moveInto(folder: string, temporary: string): Promise<void> {
  try {
    await rename(temporary, folder);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM")) throw error;
    const there = await readInstallation(folder);
    if (there !== undefined && existsSync(there.python)) return; // another process was first: its installation is as good
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
  }
}

async function makeVenv(python: Python, folder: string, env: Environment): Promise<string | undefined> {
  const result = await run(python.executable, ["-m", "venv", folder], env);
  return result.failed ? `venv: ${lastLines(result.all)}` : undefined;
}

async function findPip(python: Python, env: Environment): Promise<string | undefined> {
  const result = await run(python.executable, ["-m", "pip", "--version"], env);
  return result.failed ? `pip: ${lastLines(result.all)}` : undefined;
}

async function pipInstall(executable: string, where: string[], env: Environment): Promise<void> {
  const quiet = [
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
    "--no-warn-script-location",
    "--prefer-binary",
  ];
  const result = await run(executable, ["-m", "pip", "install", ...quiet, ...where, requirement], env);
  if (!result.failed) return;
  const remedy = "see that pip can reach its package index (PIP_INDEX_URL, HTTPS_PROXY), then run the command again";
  throw new SandboxError(`pip could not install ${requirement}:\n${lastLines(result.all)}`, remedy);
}

async function run(file: string, args: string[], env: Environment): Promise<{ failed: boolean; all: string }> {
  const options = { env: pythonEnvironment(env), extendEnv: false, reject: false, all: true, stdin: "ignore" } as const;
  const result = await execa(file, args, { ...options, timeout: 600_000 });
  return { failed: result.failed, all: result.all || (result.shortMessage ?? "") };
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-8).join("\n");
}

function howToGetPython(): string {
  if (process.platform === "darwin") return "brew install python3";
  if (process.platform === "win32") return "winget install Python.Python.3.13";
  if (existsSync("/etc/debian_version")) return "sudo apt-get install -y python3 python3-venv";
  if (existsSync("/etc/alpine-release")) return "sudo apk add python3 py3-pip";
  if (existsSync("/etc/redhat-release") || existsSync("/etc/system-release"))
    return "sudo dnf install -y python3 python3-pip";
  return "install Python 3.10 or newer with your package manager";
}

function howToGetVenv(): string {
  return existsSync("/etc/debian_version") ? "sudo apt-get install -y python3-venv" : howToGetPython();
}

// The lock saves the second of two from downloading the same again; it is the rename that keeps them from harming each other.
// So a lock whose owner has not touched it for this long is simply taken over.
const lockIsStaleAfter = 15_000;

async function holdingTheLock<T>(lock: string, work: () => Promise<T>, options: InstallOptions): Promise<T> {
  for (let told = false; !(await takeLock(lock)); told = true) {
    if (!told) options.onProgress("waiting for another process that is installing the sandbox…");
    await wait(200);
  }
  const touch = setInterval(
    () => utimes(lock, new Date(), new Date()).catch(ifMissing(undefined)),
    lockIsStaleAfter / 5,
  );
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await rmdir(lock).catch(ifMissing(undefined));
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    const state = await stat(lock).catch(ifMissing(undefined));
    if (state === undefined || Date.now() - state.mtimeMs < lockIsStaleAfter) return false;
    await rmdir(lock).catch(ifMissing(undefined));
    return false;
  }
}

export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}

/** For `.catch`: `value` where the file or folder is not there; every other error goes on. */
export function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, "ENOENT")) return value;
    throw error;
  };
}
