import { execFile } from "node:child_process";

/** The full name of the commit that is checked out; null outside a repository, before the first commit, and without git. */
export function headOf(root: string): Promise<string | null> {
  return commitOf(root, "HEAD");
}

async function commitOf(root: string, revision: string): Promise<string | null> {
  const output = await git(root, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  const commit = output?.trim() ?? "";
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
}

/** The commit before the last one, up to a revision, that changed any of these files; undefined: there is none, or it was not fetched. */
export async function commitBefore(
  root: string,
  revision: string,
  files: readonly string[],
): Promise<string | undefined> {
  const output = await git(root, ["--literal-pathspecs", "rev-list", "-1", revision, "--", ...files]);
  const last = output?.trim() ?? "";
  return last === "" ? undefined : ((await commitOf(root, `${last}^`)) ?? undefined);
}

/** The branch that others get when they clone, else the one that is checked out; undefined where git knows neither. */
export async function defaultBranchOf(root: string): Promise<string | undefined> {
  const remote = await git(root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  if (remote !== undefined) return remote.trim().replace(/^origin\//, "");
  return (await git(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]))?.trim();
}

/** Those of these files that are not as HEAD has them; files that are untracked or ignored are not. Nobody knows where there is no repository: then it is all of them. */
export async function changedFiles(root: string, files: readonly string[]): Promise<ReadonlySet<string>> {
  // Literal: a file's name is never a pattern.
  const output = await git(root, [
    ...["--literal-pathspecs", "status", "--porcelain", "--ignored", "--no-renames", "-z", "--"],
    ...files,
  ]);
  if (output === undefined) return new Set(files);
  // `XY name`, each ended by a NUL. A folder that is untracked as a whole stands for its files.
  const names = output.split("\0").flatMap((entry) => (entry === "" ? [] : [entry.slice(3)]));
  return new Set(
    files.filter((file) => names.some((name) => name === file || (name.endsWith("/") && file.startsWith(name)))),
  );
}

/** Where HEAD left the first of these branches that is known; undefined: none is, or they have nothing in common. */
export async function mergeBase(root: string, branches: readonly string[]): Promise<string | undefined> {
  for (const branch of branches) {
    const commit = await commitOf(root, branch);
    if (commit === null) continue;
    const output = await git(root, ["merge-base", "HEAD", commit]);
    if (output !== undefined && output.trim() !== "") return output.trim();
  }
  return undefined;
}

/** Was only a part of the history fetched? */
export async function isShallow(root: string): Promise<boolean> {
  return (await git(root, ["rev-parse", "--is-shallow-repository"]))?.trim() === "true";
}

/** What git says; undefined when it cannot. No shell, and nothing that git might ask for. */
function git(root: string, args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
  return new Promise((resolve) => {
    execFile("git", ["-C", root, ...args], { env, maxBuffer: 64_000_000 }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
