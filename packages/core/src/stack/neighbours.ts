import { templateFiles } from "../template/nested.ts";
import { type Candidate, candidatesAt } from "./find.ts";
import type { FileTree, Stack } from "./model.ts";
import { folderOf, joinPath } from "./path.ts";
import { openLoad, reading } from "./reading.ts";
import { defaultName, projectAt, stacksFrom } from "./stacks-from.ts";
import { unreadFiles } from "./unread.ts";

/** A project has a few levels of folders; whatever is deeper is something else. */
const maxDepth = 5;

/**
 * The other stacks of the project of some stacks: the stack files below the folder of its reconcile.yaml, or below desired-state, and the templates beside the given ones.
 * What is wrong with them is theirs to say. `isShared`: something of theirs is asked for by name.
 */
export async function findNeighbours(
  tree: FileTree,
  stacks: readonly Stack[],
  isShared: boolean,
): Promise<{ neighbours: Stack[]; names: string[]; unread: string[] }> {
  const load = openLoad(tree);
  const own = new Set(stacks.map((stack) => folderOf(stack.file)));
  const rootOf = async (folder: string) => (await projectAt(load, folder)).folder ?? desiredState(folder) ?? folder;
  const roots = await Promise.all([...own].map(rootOf));
  const found = new Map<string, Candidate>();
  const templatesElsewhere: Candidate[] = [];
  const search = async (folder: string, depth: number): Promise<void> => {
    for (const candidate of await candidatesAt(load, folder)) {
      const { path } = candidate.file.source;
      if (candidate.kind === "stack" || own.has(folder)) found.set(path, candidate);
      else templatesElsewhere.push(candidate);
    }
    const below = depth === maxDepth ? [] : ((await reading(load, tree.folders(folder))).value ?? []);
    for (const name of below) if (name !== "node_modules") await search(joinPath(folder, name), depth + 1);
  };
  // A folder that nothing calls a project may be anybody's whole disk: it is gone through only for what is asked for by name.
  const isProject = async (root: string): Promise<boolean> =>
    isShared || desiredState(root) !== undefined || (await projectAt(load, root)).folder !== undefined;
  for (const root of new Set(roots)) await search(root, (await isProject(root)) ? 0 : maxDepth);
  const names = new Set(stacks.map((stack) => stack.name));
  const templates = new Set(stacks.map((stack) => stack.template.source.path));
  const others = await stacksFrom(load, [...found.values()]);
  // One that no stack names may be a stack of its own to whoever gives its path.
  const used = new Set(others.flatMap((stack) => templateFiles(stack.template)));
  const bare = templatesElsewhere.map((each) => each.file.source.path).filter((path) => !used.has(path));
  const bareNames = bare.map(async (path) => defaultName(path, (await projectAt(load, folderOf(path))).folder));
  return {
    neighbours: others.filter((stack) => !names.has(stack.name) && !templates.has(stack.file)),
    names: [...others.map((stack) => stack.name), ...(await Promise.all(bareNames))],
    unread: await unreadFiles(load, found.values(), others),
  };
}

/** The folder desired-state that a folder is in. */
function desiredState(folder: string): string | undefined {
  const segments = folder.split("/");
  const at = segments.lastIndexOf("desired-state");
  return at < 0 ? undefined : segments.slice(0, at + 1).join("/");
}
