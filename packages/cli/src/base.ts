import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import {
  type Diagnostic,
  DiagnosticError,
  type FoundBase,
  gitTree,
  hasErrors,
  isElsewhere,
  isUnsupported,
  type LoadedStacks,
  loadStacks,
  projectFile,
  type Source,
  type Stack,
  type StackRecord,
  templateFiles,
} from "@reconcile/core";
import type { DesiredState } from "./desired-state.ts";
import { changedFiles, commitBefore, headOf, isShallow, mergeBase } from "./git.ts";

/** What git knows of the desired state: tells what this revision changes from what moved live. */
export interface Base {
  /** The commit that the desired state was read from, or that is checked out; null: none. */
  revision: string | null;
  /** What head is compared with; undefined: nothing, and then nothing is called drift. */
  compared?: { revision: string; stacks: readonly Stack[] };
  /** What each stack is compared with, by what was applied last. */
  findBase?(stack: Stack, record: StackRecord): Promise<FoundBase>;
  /** What is written down of a stack's files when they are applied. */
  source(stack: Stack): Source;
  diagnostics: readonly Diagnostic[];
}

export interface BaseOptions {
  /** --base. */
  given: string | undefined;
  /** A plan is compared with what the target branch has, in CI; else, and for what is applied, with what was applied last. Who only looks compares with nothing. */
  purpose: "plan" | "apply" | "look";
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The base of a run: the given revision; else, for a plan in CI, where this branch left its target; else what each stack's last run applied, so that a plan says what an
 * apply would; for a plan where git knows nothing, none. Rejects with a DiagnosticError when there is no such revision.
 */
export async function findBase(desired: DesiredState, options: BaseOptions): Promise<Base> {
  const { root, commit } = desired;
  const revision = commit ?? (await headOf(root));
  const changed = commit === undefined ? await changedFiles(root, desired.files) : new Set<string>();
  const source = (stack: Stack): Source => {
    const files = filesOf(stack, desired);
    return {
      revision,
      tree: treeOf(files, desired),
      dirty: revision !== null && files.some((file) => changed.has(file)),
    };
  };
  const head = { revision, source, diagnostics: [] };
  if (options.given !== undefined) return { ...head, ...(await loadBase(desired, options.given)) };
  if (options.purpose === "look") return head;
  if (options.purpose === "apply") return { ...head, findBase: appliedBase(desired, source) };
  const branches = await targetBranches(options.environment);
  if (branches.length > 0 && revision !== null) {
    const fork = await mergeBase(root, branches);
    if (fork === undefined) return { ...head, diagnostics: [await noMergeBase(root, branches)] };
    return { ...head, ...(await loadBase(desired, fork)) };
  }
  return revision === null ? head : { ...head, findBase: appliedBase(desired, source) };
}

/** The files that say what a stack is. */
function filesOf(stack: Stack, desired: DesiredState): string[] {
  return [...new Set([stack.file, ...templateFiles(stack.template), ...projectsOf(desired)])].sort();
}

function projectsOf({ files }: DesiredState): string[] {
  return files.filter((file) => file === projectFile || file.endsWith(`/${projectFile}`));
}

/** A hash of their content. */
function treeOf(files: readonly string[], { sources }: DesiredState): string {
  const content = files.map((file) => [file, sources(file)]);
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** The branches whose state this one is to be merged into, as their CI names them; what they are called in a clone, best first. */
async function targetBranches(environment: BaseOptions["environment"]): Promise<string[]> {
  const name = environment.GITHUB_BASE_REF || environment.CI_MERGE_REQUEST_TARGET_BRANCH_NAME;
  if (!name) return [];
  const commit = await baseInEvent(environment.GITHUB_EVENT_PATH);
  return [`refs/remotes/origin/${name}`, `refs/heads/${name}`, ...(commit === undefined ? [] : [commit])];
}

/** The commit of the target branch that GitHub tells of a pull request. */
async function baseInEvent(file: string | undefined): Promise<string | undefined> {
  if (!file) return undefined;
  try {
    const event = JSON.parse(await readFile(file, "utf8")) as { pull_request?: { base?: { sha?: unknown } } };
    const sha = event.pull_request?.base?.sha;
    return typeof sha === "string" && /^[0-9a-f]{40,64}$/.test(sha) ? sha : undefined;
  } catch (error) {
    // It only helps: whatever the runner has put there instead, the names of the branches remain.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

async function loadBase(desired: DesiredState, reference: string): Promise<Pick<Base, "compared" | "diagnostics">> {
  const { label, loaded } = await loadAt(desired, reference);
  const problems = problemsOf(loaded);
  if (hasErrors(problems)) return { diagnostics: [unreadable(label, problems)] };
  return { compared: { revision: label, stacks: loaded.stacks }, diagnostics: [] };
}

/** The desired state as a commit has it. Rejects with a DiagnosticError when there is no such commit. */
export async function loadAt(
  { root, paths }: DesiredState,
  reference: string,
): Promise<{ label: string; loaded: LoadedStacks }> {
  const tree = await gitTree(root, reference);
  return { label: tree.label, loaded: await loadStacks({ tree, paths }) };
}

/** A path that base does not have is new: base is known, and has nothing there. What is not supported was left out when base was applied. */
function problemsOf({ diagnostics }: LoadedStacks): Diagnostic[] {
  const isNew = ({ code }: Diagnostic) => code === "path.not-found" || code === "stack.none";
  return diagnostics.filter((each) => !isNew(each) && !isUnsupported(each));
}

/** How many changes of its files ago a stack may have been in another place: each is read whole. */
const mostFormer = 20;

/** Finds what was applied last. */
export function appliedBase(
  desired: DesiredState,
  source: Base["source"],
): (stack: Stack, record: StackRecord) => Promise<FoundBase> {
  const loading = new Map<string, ReturnType<typeof loadAt>>();

  /** The stack as git had it when its files last said another place: also some commits ago, as long as it was never applied in this one. */
  async function formerOf(stack: Stack): Promise<{ former?: Stack }> {
    const { revision, dirty } = source(stack);
    if (revision === null) return {};
    const files = [stack.file, ...projectsOf(desired)];
    const earlier = (commit: string) => commitBefore(desired.root, commit, files);
    try {
      let before = dirty ? revision : await earlier(revision);
      for (let commits = 0; before !== undefined && commits < mostFormer; commits++) {
        const former = (await load(before)).loaded.stacks.find((each) => each.name === stack.name);
        if (!former) return {};
        if (isElsewhere(stack, former)) return { former };
        before = await earlier(before);
      }
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
    }
    return {};
  }

  function load(revision: string): ReturnType<typeof loadAt> {
    const loaded = loading.get(revision) ?? loadAt(desired, revision);
    loading.set(revision, loaded);
    return loaded;
  }

  return async (stack, { head }) => {
    const applied = head?.applied;
    // Nothing was ever applied here: everything is new, or it lives where git had it before.
    if (!applied) return { isKnown: true, revision: null, ...(await formerOf(stack)) };
    // The same files need no git: a clone may be shallow, and what was applied in no commit.
    if (applied.tree === source(stack).tree) return { isKnown: true, revision: applied.revision, stack };
    const { revision } = applied;
    if (revision === null || applied.dirty) return unknown(uncommitted(stack, revision));
    try {
      const { label, loaded: found } = await load(revision);
      const problems = problemsOf(found);
      if (hasErrors(problems)) return unknown(unreadable(label, problems));
      const before = found.stacks.find((each) => each.name === stack.name);
      return { isKnown: true, revision: label, ...(before && { stack: before }) };
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      return unknown(await lost(desired.root, stack, revision));
    }
  };
}

function unknown(diagnostic: Diagnostic): FoundBase {
  return { isKnown: false, diagnostics: [diagnostic] };
}

const otherBase = "or name another revision to compare with (--base)";

function unavailable(message: string, remedy: string): Diagnostic {
  return { code: "base.unavailable", severity: "warning", message, remedy };
}

function unreadable(commit: string, diagnostics: readonly Diagnostic[]): Diagnostic {
  const first = diagnostics.find((each) => each.severity === "error");
  const where = first?.place ? ` (${first.place.file}:${first.place.line})` : "";
  return unavailable(
    `The desired state at ${commit.slice(0, 7)} cannot be read, so nothing is called drift: ${first?.message ?? ""}${where}`,
    `leave it, the plan itself is complete; ${otherBase}`,
  );
}

const shallow =
  "this clone has only a part of the history: git fetch --unshallow, or in GitHub Actions fetch-depth: 0 for actions/checkout";

async function noMergeBase(root: string, branches: readonly string[]): Promise<Diagnostic> {
  const name = branches[0]?.replace("refs/remotes/", "");
  const remedy = (await isShallow(root)) ? shallow : `fetch ${name}`;
  return unavailable(
    `Where this branch left ${name} is not known here, so nothing is called drift.`,
    `${remedy}; ${otherBase}`,
  );
}

async function lost(root: string, stack: Stack, revision: string): Promise<Diagnostic> {
  const remedy = (await isShallow(root))
    ? shallow
    : "it was squashed, rebased or never pushed: leave it, this run writes down a revision that the next one finds";
  return unavailable(
    `${revision.slice(0, 7)}, which was last applied to the stack ${stack.name}, is not in this repository, so nothing is called drift.`,
    `${remedy}; ${otherBase}`,
  );
}

function uncommitted(stack: Stack, revision: string | null): Diagnostic {
  const what = revision === null ? "that are in no commit" : `that were not as ${revision.slice(0, 7)} has them`;
  return unavailable(
    `The stack ${stack.name} was last applied from files ${what}, so nothing is called drift.`,
    `commit before you apply; ${otherBase}`,
  );
}
