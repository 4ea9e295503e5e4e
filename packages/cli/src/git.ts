import { execFile } from "node:child_process";

/** The full name of the commit that is checked out; null outside a repository, before the first commit, and without git. */
export async function headOf(root: string): Promise<string | null> {
  const output = await git(root, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
  const commit = output?.trim() ?? "";
  return /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
}

/** The branch that others get when they clone, else the one that is checked out; undefined where git knows neither. */
export async function defaultBranchOf(root: string): Promise<string | undefined> {
  const remote = await git(root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  if (remote !== undefined) return remote.trim().replace(/^origin\//, "");
  return (await git(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]))?.trim();
}

/** Are these files as HEAD has them? Files that are untracked or ignored are not. */
export async function isUnchanged(root: string, files: readonly string[]): Promise<boolean> {
  // Literal: a file's name is never a pattern.
  const output = await git(root, ["--literal-pathspecs", "status", "--porcelain", "--ignored", "-z", "--", ...files]);
  return output === "";
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
