import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { DiagnosticError } from "../diagnostic.ts";
import type { FileTree } from "./model.ts";
import { folderOf, joinPath, nameOf, normalizePath } from "./path.ts";
import { decode, maxFileBytes, outside, tooLarge } from "./tree.ts";

interface GitEntry {
  mode: string;
  id: string;
  size: number;
}

const linkMode = "120000";
const fileModes = new Set(["100644", "100755", linkMode]);

/**
 * The files of a repository as they are in a commit. `revision` is whatever git understands as one; `label` is the full name of the commit.
 * Rejects with a DiagnosticError when there is no such commit, or no repository.
 */
export async function gitTree(root: string, revision: string): Promise<FileTree> {
  const commit = await verifyRevision(root, revision);
  let listing: Promise<Map<string, GitEntry>> | undefined;
  const entries = () => {
    listing ??= listEntries(root, commit);
    return listing;
  };
  return {
    label: commit,
    async read(relative) {
      const all = await entries();
      const entry = all.get(await follow(root, all, relative));
      if (!entry) return undefined;
      if (entry.size > maxFileBytes) throw tooLarge(relative, entry.size);
      const bytes = await git(root, ["cat-file", "blob", entry.id]);
      return { path: normalizePath(relative) ?? relative, text: decode(relative, bytes) };
    },
    async list(folder) {
      const all = await entries();
      const real = await follow(root, all, folder);
      const below = [...all.keys()].filter((file) => real === "" || file.startsWith(`${real}/`));
      if (below.length === 0) return undefined;
      const names: string[] = [];
      for (const file of below) {
        if (folderOf(file) !== real) continue;
        const isLink = all.get(file)?.mode === linkMode;
        // A link to a folder, or to nothing, is no file; one that leaves is, so that reading it says why not.
        if (!isLink || (await isFile(root, all, file))) names.push(nameOf(file));
      }
      return names.sort();
    },
    async folders(folder) {
      const all = await entries();
      const real = await follow(root, all, folder);
      const inside = real === "" ? "" : `${real}/`;
      const names = [...all.keys()].flatMap((file) => {
        const [name, ...below] = file.startsWith(inside) ? file.slice(inside.length).split("/") : [];
        return name === undefined || below.length === 0 || name.startsWith(".") ? [] : [name];
      });
      return [...new Set(names)].sort();
    },
  };
}

async function isFile(root: string, entries: ReadonlyMap<string, GitEntry>, file: string): Promise<boolean> {
  try {
    return entries.has(await follow(root, entries, file));
  } catch (error) {
    if (error instanceof DiagnosticError) return true;
    throw error;
  }
}

/** The full name of the commit that a revision means. */
async function verifyRevision(root: string, revision: string): Promise<string> {
  // A name that starts with a dash would be an option of git.
  const plain = revision !== "" && !revision.startsWith("-") && !/[\0-\x20\x7f]/.test(revision);
  const found = plain
    ? await git(root, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]).catch(asAbsent)
    : undefined;
  const commit = found?.toString("utf8").trim() ?? "";
  if (/^[0-9a-f]{40,64}$/.test(commit)) return commit;
  if (!existsSync(path.join(root, ".git"))) {
    throw new DiagnosticError({
      code: "git.revision",
      severity: "error",
      message: `There is no commit ${JSON.stringify(revision)}: these files are in no git repository.`,
      remedy: "Work in a clone of the repository, or leave out the revision.",
    });
  }
  throw new DiagnosticError({
    code: "git.revision",
    severity: "error",
    message: `There is no commit ${JSON.stringify(revision)} in this repository.`,
    remedy:
      "Use the name of a branch, a tag or a commit that was fetched (git fetch; in CI, check out with the whole history).",
  });
}

/** A failed rev-parse means there is no such commit; that git is missing is another matter. */
function asAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return undefined;
  throw new DiagnosticError({
    code: "git.missing",
    severity: "error",
    message: "git is not installed, and the desired state at a commit cannot be read without it.",
    remedy: "Install git, or leave out the revision.",
  });
}

async function listEntries(root: string, commit: string): Promise<Map<string, GitEntry>> {
  const output = (await git(root, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit])).toString("utf8");
  const entries = new Map<string, GitEntry>();
  for (const record of output.split("\0")) {
    const tab = record.indexOf("\t");
    const [mode = "", , id = "", size = ""] = record.slice(0, tab).split(/ +/);
    if (tab > 0 && fileModes.has(mode)) entries.set(record.slice(tab + 1), { mode, id, size: Number(size) });
  }
  return entries;
}

/** As many as Linux follows. */
const maxLinks = 40;

/** The path that is left when every link on the way is followed. */
async function follow(root: string, entries: ReadonlyMap<string, GitEntry>, relative: string): Promise<string> {
  let pending = normalizePath(relative)?.split("/") ?? leave(relative);
  let done = "";
  for (let links = 0; pending.length > 0; ) {
    const [segment = "", ...rest] = pending;
    const here = joinPath(done, segment);
    const entry = entries.get(here);
    pending = rest;
    if (entry?.mode !== linkMode) {
      done = here;
      continue;
    }
    links += 1;
    if (links > maxLinks) return leave(relative);
    const target = (await git(root, ["cat-file", "blob", entry.id])).toString("utf8");
    const landed = target.startsWith("/") ? undefined : normalizePath(joinPath(folderOf(here), target));
    pending = [...(landed?.split("/") ?? leave(relative)), ...rest];
    done = "";
  }
  return done;
}

function leave(relative: string): never {
  throw outside(relative);
}

/** Runs git without a shell; arguments are never options unless written here. */
function git(root: string, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile("git", ["-C", root, ...args], { encoding: "buffer", maxBuffer: 512_000_000 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}
