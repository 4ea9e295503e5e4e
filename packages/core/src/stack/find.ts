import { type Diagnostic, hasErrors } from "../diagnostic.ts";
import { nearest } from "../template/nearest.ts";
import type { YamlFile } from "../template/yaml.ts";
import { kindOf } from "./parse.ts";
import { folderOf, joinPath, nameOf, normalizePath } from "./path.ts";
import { projectFile } from "./project.ts";
import { type Load, reading, readYaml } from "./reading.ts";

/** A file that a path means. */
export interface Candidate {
  kind: "stack" | "template";
  file: YamlFile;
}

/** The stack files and templates that a path means: a file itself, or those directly in a folder. */
export async function candidatesAt(load: Load, written: string): Promise<Candidate[]> {
  const path = normalizePath(written) ?? written;
  const listed = await reading(load, load.tree.list(path));
  if (!("value" in listed)) return [];
  if (listed.value) return candidatesIn(load, path, listed.value);
  const { file, missing } = await readYaml(load, path);
  if (missing) await reportMissing(load, path);
  if (!file) return [];
  const kind = kindOf(file);
  if (kind !== "neither") return [{ kind, file }];
  const isProject = nameOf(path) === projectFile;
  load.diagnostics.push({
    code: "stack.neither",
    severity: "error",
    message: isProject
      ? `${projectFile} is not a stack: it holds for the stacks below its folder.`
      : "This is neither a stack file nor a template.",
    remedy: isProject
      ? "Give the folder, or a stack file in it."
      : "A stack file has template-file-path:, a template has Resources:.",
    place: file.placeAt(0, 0),
  });
  return [];
}

/** The stack files and templates directly in a folder. */
async function candidatesIn(load: Load, folder: string, names: readonly string[]): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  const before = load.diagnostics.length;
  for (const name of names) {
    if (name === projectFile || !/\.(?:ya?ml|json|template)$/.test(name)) continue;
    const { file } = await readYaml(load, joinPath(folder, name));
    if (!file) continue;
    const kind = kindOf(file);
    if (kind !== "neither") candidates.push({ kind, file });
    else if (!name.endsWith(".json")) load.diagnostics.push(ignored(file));
  }
  if (candidates.length > 0 || hasErrors(load.diagnostics.slice(before))) return candidates;
  load.diagnostics.push({
    code: "stack.none",
    severity: "error",
    message: `There is no stack in ${shown(folder)}: no *.yaml, *.yml or *.json file directly in it is a stack file (template-file-path:) or a template (Resources:).`,
    remedy: "Give the path of a stack file, of a template, or of a folder that holds one.",
  });
  return [];
}

function ignored(file: YamlFile): Diagnostic {
  return {
    code: "stack.ignored",
    severity: "warning",
    message: "This file is ignored: it is neither a stack file nor a template.",
    remedy: "A stack file has template-file-path:, a template has Resources:.",
    place: file.placeAt(0, 0),
  };
}

async function reportMissing(load: Load, path: string): Promise<void> {
  const folder = folderOf(path);
  const { value: siblings } = await reading(load, load.tree.list(folder));
  const near = nearest(nameOf(path), siblings ?? []);
  load.diagnostics.push({
    code: "path.not-found",
    severity: "error",
    message: `There is no file or folder ${shown(path)} in ${load.tree.label}.`,
    remedy:
      near === undefined
        ? "Give the path of a stack file, of a template, or of a folder that holds one."
        : `Did you mean "${joinPath(folder, near)}"?`,
  });
}

function shown(path: string): string {
  return path === "" ? "the repository's root" : `"${path}"`;
}
