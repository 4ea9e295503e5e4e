import type { Stats } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { DiagnosticError } from "../diagnostic.ts";
import type { SourceFile } from "../template/model.ts";
import type { FileTree } from "./model.ts";
import { normalizePath } from "./path.ts";

/** Four times what CloudFormation takes; keeps a wrong path from filling the memory. */
export const maxFileBytes = 3_000_000;

/** The nearest folder upwards that holds `.git` (a folder, or the file of a worktree), else the folder itself. */
export async function findRoot(startFolder: string): Promise<string> {
  const start = path.resolve(startFolder);
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (await statOf(path.join(folder, ".git"))) return folder;
    if (folder === path.dirname(folder)) return start;
  }
}

/** The files below a folder as they are on disk now. Links are followed only as long as they stay below it. */
export function diskTree(root: string): FileTree {
  const realRoot = realpath(root);

  /** undefined: nothing is there. */
  async function locate(relative: string): Promise<string | undefined> {
    const normal = normalizePath(relative);
    if (normal === undefined) throw outside(relative);
    const top = await realRoot;
    const real = await ignoringAbsence(realpath(path.join(top, normal)), relative);
    if (real === undefined) return undefined;
    if (real !== top && !real.startsWith(top.endsWith(path.sep) ? top : top + path.sep)) throw outside(relative);
    return real;
  }

  return {
    label: "the work tree",
    async read(relative) {
      const real = await locate(relative);
      if (real === undefined) return undefined;
      return ignoringAbsence(readSource(real, relative), relative);
    },
    async list(folder) {
      const real = await locate(folder);
      if (real === undefined || !(await statOf(real))?.isDirectory()) return undefined;
      const entries = await ignoringAbsence(readdir(real, { withFileTypes: true }), folder);
      const names: string[] = [];
      for (const entry of entries ?? []) {
        const isFile =
          entry.isFile() || (entry.isSymbolicLink() && (await statOf(path.join(real, entry.name)))?.isFile());
        if (isFile) names.push(entry.name);
      }
      return names.sort();
    },
    async folders(folder) {
      const real = await locate(folder);
      if (real === undefined || !(await statOf(real))?.isDirectory()) return [];
      const entries = (await ignoringAbsence(readdir(real, { withFileTypes: true }), folder)) ?? [];
      const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
      return folders.map((entry) => entry.name).sort();
    },
  };
}

async function readSource(real: string, relative: string): Promise<SourceFile | undefined> {
  // A pipe would wait for its writer for ever: look before opening.
  if (!(await stat(real)).isFile()) return undefined;
  const handle = await open(real, "r");
  try {
    const { size } = await handle.stat();
    if (size > maxFileBytes) throw tooLarge(relative, size);
    return { path: normalizePath(relative) ?? relative, text: decode(relative, await handle.readFile()) };
  } finally {
    await handle.close();
  }
}

async function statOf(file: string): Promise<Stats | undefined> {
  return ignoringAbsence(stat(file), file);
}

const absent = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"]);

/** undefined for a file that is not there; a diagnostic for one that may not be read. */
async function ignoringAbsence<T>(promise: Promise<T>, relative: string): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (absent.has(code)) return undefined;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    throw problem(
      "file.denied",
      `"${relative}" may not be read.`,
      "Give the user of this run the permission to read it.",
      relative,
    );
  }
}

/** Bytes as text, without the mark that some editors put first. */
export function decode(relative: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw problem("file.encoding", `"${relative}" is not UTF-8 text.`, "Save the file as UTF-8.", relative);
  }
}

/** `file.too-large`; `size` in bytes. */
export function tooLarge(relative: string, size: number): DiagnosticError {
  const megabytes = (size / 1_000_000).toFixed(1);
  return problem(
    "file.too-large",
    `"${relative}" has ${megabytes} MB; ${maxFileBytes / 1_000_000} MB is the most.`,
    "Split it, or check that the path is right.",
    relative,
  );
}

/** `file.outside`. */
export function outside(relative: string): DiagnosticError {
  return problem(
    "file.outside",
    `"${relative}" leads outside the repository.`,
    "Use a path, and links, that stay below the repository's root.",
    normalizePath(relative) ?? relative,
  );
}

/** A problem with a file as a whole. */
function problem(code: string, message: string, remedy: string, file: string): DiagnosticError {
  return new DiagnosticError({
    code,
    severity: "error",
    message,
    remedy,
    place: { file, line: 1, column: 1 },
  });
}
