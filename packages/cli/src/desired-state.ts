import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import {
  type Diagnostic,
  DiagnosticError,
  diskTree,
  type FileTree,
  findRoot,
  gitTree,
  type LoadedStacks,
  loadStacks,
  projectFile,
  type Stack,
  templateFiles,
} from "@reconcile/core";
import type { LoadFlags } from "./options.ts";
import { UsageError } from "./usage.ts";

/** The desired state as it is on disk, or in the commit that was asked for. */
export interface DesiredState {
  /** Absolute. */
  root: string;
  /** The commit that it was read from; undefined: the files are those on disk. */
  commit?: string;
  /** Relative to the root. */
  paths: readonly string[];
  stacks: readonly Stack[];
  /** The project's other stacks: those that were not asked for. */
  neighbours: readonly Stack[];
  /** When all of the project's folder was asked for. */
  whole?: NonNullable<LoadedStacks["whole"]>;
  diagnostics: readonly Diagnostic[];
  /** Every file that was read, relative to the root. */
  files: readonly string[];
  /** The text of a file that was read. */
  sources(file: string): string | undefined;
}

const defaultPath = "desired-state";

/** Reads what the paths mean (default: desired-state/), and of that the stacks that were asked for. Problems are among the diagnostics. `withNeighbours`: the project's other stacks, too, whether anything is shared with them or not. */
export async function readDesiredState(
  written: readonly string[],
  flags: Pick<LoadFlags, "stack" | "ref">,
  withNeighbours = false,
): Promise<DesiredState> {
  const cwd = process.cwd();
  const { ref } = flags;
  const given = written.length > 0 ? written : [await defaultFolder(cwd, ref)];
  const root = await rootOf(cwd, given[0] ?? ".");
  const paths = given.map((each) => relativeTo(root, path.resolve(cwd, each)));
  const commit = ref === undefined ? undefined : await gitTree(root, ref);
  const { tree, texts } = remembering(commit ?? diskTree(root));
  const isWhole = written.length === 0 && flags.stack.length === 0;
  const loaded = await loadStacks({ tree, paths, wholeProject: isWhole, neighbours: withNeighbours });
  const selected = select(loaded, flags.stack);
  return {
    root,
    paths,
    ...selected,
    files: [...texts.keys()],
    sources: (file) => texts.get(file),
    ...(commit && { commit: commit.label }),
    ...(loaded.whole && { whole: loaded.whole }),
  };
}

async function defaultFolder(cwd: string, ref: string | undefined): Promise<string> {
  const root = await findRoot(cwd);
  // A commit may have a folder that is not there now.
  if (ref !== undefined) return path.join(root, defaultPath);
  for (const folder of [cwd, root]) {
    const found = path.join(folder, defaultPath);
    if ((await stat(found).catch(() => undefined))?.isDirectory()) return found;
  }
  throw new DiagnosticError({
    code: "path.default-missing",
    severity: "error",
    message: `There is no folder ${defaultPath}/ here or at the repository's root, and no PATH was given.`,
    remedy:
      "Go to the repository, or give the path of a stack file, of a template, or of a folder that holds one; reconcile init writes a first one.",
  });
}

/** The repository of the first path; where there is none, the working folder, as long as the path is below it. */
async function rootOf(cwd: string, first: string): Promise<string> {
  const start = path.resolve(cwd, first);
  const folder = (await stat(start).catch(() => undefined))?.isDirectory() ? start : path.dirname(start);
  const root = await findRoot(folder);
  if (existsSync(path.join(root, ".git"))) return root;
  return relativeTo(cwd, start).startsWith("..") ? folder : cwd;
}

/** With forward slashes; `..` first when it leads outside, which loading refuses. */
function relativeTo(root: string, absolute: string): string {
  return path.relative(root, absolute).split(path.sep).join("/");
}

/** The tree, and the texts of all files that were read from it: for code frames, and to ask git about them. */
function remembering(tree: FileTree): { tree: FileTree; texts: Map<string, string> } {
  const texts = new Map<string, string>();
  const read: FileTree["read"] = async (file) => {
    const source = await tree.read(file);
    if (source) texts.set(source.path, source.text);
    return source;
  };
  return { tree: { ...tree, read }, texts };
}

/** Problems of stacks that were not asked for keep nobody from working on the others. */
function select(
  { stacks, neighbours, diagnostics }: Pick<DesiredState, "stacks" | "neighbours" | "diagnostics">,
  names: readonly string[],
): Pick<DesiredState, "stacks" | "neighbours" | "diagnostics"> {
  if (names.length === 0) return { stacks, neighbours, diagnostics };
  const selected = stacks.filter((stack) => names.includes(stack.name));
  const missing = names.filter((name) => !stacks.some((stack) => stack.name === name));
  const unreadable = diagnostics.some((each) => each.severity === "error");
  if (missing.length > 0 && unreadable) return { stacks: selected, neighbours, diagnostics };
  if (missing.length > 0) {
    const known = stacks.map((stack) => stack.name).join(", ");
    throw new UsageError(`There is no stack "${missing.join('", "')}".`, `the stacks here are: ${known}`);
  }
  const files = new Set(selected.flatMap((stack) => [stack.file, ...templateFiles(stack.template)]));
  const concerns = ({ place }: Diagnostic) => !place || files.has(place.file) || place.file.endsWith(projectFile);
  const others = [...neighbours, ...stacks.filter((stack) => !selected.includes(stack))];
  return { stacks: selected, neighbours: others, diagnostics: diagnostics.filter(concerns) };
}
