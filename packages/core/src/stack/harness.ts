import { DiagnosticError } from "../diagnostic.ts";
import { loadStacks } from "./load.ts";
import type { FileTree, LoadedStacks, Stack } from "./model.ts";
import { folderOf, nameOf, normalizePath } from "./path.ts";

/** For the tests of this folder: a tree in memory. */
export function memoryTree(files: Readonly<Record<string, string>>): FileTree {
  const normal = (path: string) => {
    const normalized = normalizePath(path);
    if (normalized !== undefined) return normalized;
    throw new DiagnosticError({ code: "file.outside", severity: "error", message: "Outside." });
  };
  return {
    label: "the work tree",
    async read(path) {
      const text = files[normal(path)];
      return text === undefined ? undefined : { path: normal(path), text };
    },
    async list(folder) {
      const path = normal(folder);
      const below = Object.keys(files).filter((file) => path === "" || file.startsWith(`${path}/`));
      if (below.length === 0) return undefined;
      return below
        .filter((file) => folderOf(file) === path)
        .map(nameOf)
        .sort();
    },
    async folders(folder) {
      const path = normal(folder);
      const inside = path === "" ? "" : `${path}/`;
      const below = Object.keys(files).flatMap((file) =>
        file.startsWith(inside) ? [file.slice(inside.length).split("/")] : [],
      );
      return [...new Set(below.flatMap(([name = "", ...more]) => (more.length > 0 ? [name] : [])))].sort();
    },
  };
}

/** What loading gives, with the codes and places of what it reports. */
export async function load(
  files: Readonly<Record<string, string>>,
  ...paths: string[]
): Promise<LoadedStacks & { problems: string[]; names: string[] }> {
  const loaded = await loadStacks({ tree: memoryTree(files), paths });
  const problems = loaded.diagnostics.map(
    ({ code, place }) => `${code} ${place ? `${place.file}:${place.line}:${place.column}` : "-"}`,
  );
  return { ...loaded, problems, names: loaded.stacks.map((stack) => stack.name) };
}

/** The one stack of a stack file and a template. */
export async function stackOf(stackFile: string, template: string): Promise<Stack> {
  const { stacks, problems } = await load(
    { "s.yaml": `template-file-path: t.yaml\n${stackFile}`, "t.yaml": template },
    "s.yaml",
  );
  const [stack] = stacks;
  if (!stack || problems.length > 0) throw new Error(problems.join("\n"));
  return stack;
}
