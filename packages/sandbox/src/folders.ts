import { constants, existsSync } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SandboxError } from "./errors.ts";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the current user that keeps moto's installation, the shared sandbox's state and all logs. */
export function defaultCacheFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "reconcile", "sandbox");
  if (platform === "win32") {
    return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "reconcile", "Cache", "sandbox");
  }
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "reconcile", "sandbox");
  return join(homedir(), ".cache", "reconcile", "sandbox");
}

/** Makes a folder where there is none. Throws SandboxError where that, or writing into it, is not allowed. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new SandboxError(
      `the sandbox's folder ${folder} cannot be written to: ${(error as Error).message}`,
      "set XDG_CACHE_HOME to a folder that may be written to",
    );
  }
}

/** Where launcher.py is: beside this package's sources or build, or beside the file that a bundler made of them. */
export function launcherFile(): string {
  const places = ["../moto/launcher.py", "./moto/launcher.py"];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new SandboxError(`the sandbox's launcher is missing: ${files[0]}`, "install this package again");
}
