import { append, type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import { shortForms } from "../template/functions/index.ts";
import type { Template } from "../template/model.ts";
import { parseYaml, type YamlFile } from "../template/yaml.ts";
import type { FileTree, Project } from "./model.ts";

/** What one load has read and found wrong so far. */
export interface Load {
  tree: FileTree;
  diagnostics: Diagnostic[];
  files: Map<string, Promise<ReadFile>>;
  templates: Map<string, Promise<Template | undefined>>;
  projects: Map<string, Promise<Project | undefined>>;
}

export function openLoad(tree: FileTree): Load {
  return { tree, diagnostics: [], files: new Map(), templates: new Map(), projects: new Map() };
}

/** Neither: it is there and cannot be read, which is among the diagnostics. */
export interface ReadFile {
  file?: YamlFile;
  missing?: boolean;
}

/** Awaits what reads the tree; what it says about a file becomes a diagnostic. */
export async function reading<T>(load: Load, promise: Promise<T>): Promise<{ value?: T }> {
  try {
    return { value: await promise };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    load.diagnostics.push(...error.diagnostics);
    return {};
  }
}

/** Does the work for a key once, however often and from wherever it is asked for. */
export function once<T>(results: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = results.get(key) ?? work();
  results.set(key, known);
  return known;
}

export function readYaml(load: Load, path: string): Promise<ReadFile> {
  return once(load.files, path, async () => {
    const read = await reading(load, load.tree.read(path));
    if (!("value" in read)) return {};
    if (!read.value) return { missing: true };
    const { value: file, diagnostics } = parseYaml(read.value, { functions: shortForms });
    append(load.diagnostics, diagnostics);
    return file ? { file } : {};
  });
}
