import { sortDiagnostics } from "../diagnostic.ts";
import { checkNames } from "./check-names.ts";
import { mayExport, mayImport } from "./exports.ts";
import { type Candidate, candidatesAt } from "./find.ts";
import type { FileTree, LoadedStacks } from "./model.ts";
import { findNeighbours } from "./neighbours.ts";
import { normalizePath } from "./path.ts";
import { openLoad } from "./reading.ts";
import { projectAt, stacksFrom } from "./stacks-from.ts";

export interface LoadOptions {
  tree: FileTree;
  /** Files or folders, relative to the tree's root. A folder means the stack files directly in it. */
  paths: readonly string[];
  /** Look for the project's other stacks, whether anything is shared with them or not. */
  wholeProject?: boolean;
  /** Look for them because of what they may take over, use or have a part in; without the names of all. */
  neighbours?: boolean;
}

/**
 * Reads the stacks that the paths mean, with their templates and the reconcile.yaml that holds for them. Every problem is a diagnostic; a stack is left out
 * when its template cannot be read.
 */
export async function loadStacks(options: LoadOptions): Promise<LoadedStacks> {
  const load = openLoad(options.tree);
  const found = new Map<string, Candidate>();
  for (const path of options.paths) {
    for (const candidate of await candidatesAt(load, path)) found.set(candidate.file.source.path, candidate);
  }
  const stacks = await stacksFrom(load, [...found.values()]);
  checkNames(load, stacks);
  const project = stacks[0]?.project ?? (await projectAt(load, normalizePath(options.paths[0] ?? "") ?? "")).project;
  const isShared = options.wholeProject || stacks.some((stack) => mayImport(stack) || mayExport(stack));
  const { neighbours, names, unread } =
    isShared || options.neighbours
      ? await findNeighbours(options.tree, stacks, isShared)
      : { neighbours: [], names: [], unread: [] };
  return {
    project,
    stacks,
    neighbours,
    diagnostics: sortDiagnostics(load.diagnostics),
    ...(options.wholeProject && { whole: { names: [...stacks.map((stack) => stack.name), ...names], unread } }),
  };
}
