import { type Diagnostic, DiagnosticError, sortDiagnostics } from "../diagnostic.ts";
import { shortForms } from "../template/functions/index.ts";
import type { Template } from "../template/model.ts";
import { nearest } from "../template/nearest.ts";
import { templateFrom } from "../template/parse.ts";
import { parseYaml, type YamlFile } from "../template/yaml.ts";
import type { FileTree, LoadedStacks, Project, Stack } from "./model.ts";
import { isStackName, stackNameRule } from "./names.ts";
import { kindOf, parseStackFile, type StackFile } from "./parse.ts";
import { folderOf, joinPath, nameOf, normalizePath } from "./path.ts";
import { defaultProject, parseProject, projectFile } from "./project.ts";

export interface LoadOptions {
  tree: FileTree;
  /** Files or folders, relative to the tree's root. A folder means the stack files directly in it. */
  paths: readonly string[];
}

/**
 * Reads the stacks that the paths mean, with their templates and the reconcile.yaml that holds for them. Every problem is a diagnostic; a stack is left out
 * when its template cannot be read.
 */
export async function loadStacks(options: LoadOptions): Promise<LoadedStacks> {
  const load: Load = {
    tree: options.tree,
    diagnostics: [],
    files: new Map(),
    templates: new Map(),
    projects: new Map(),
  };
  const found = new Map<string, Candidate>();
  for (const path of options.paths) {
    for (const candidate of await candidatesAt(load, path)) {
      found.set(candidate.file.source.path, candidate);
    }
  }
  const stackFiles: { file: StackFile; templatePath: string | undefined }[] = [];
  for (const { kind, file } of found.values()) {
    if (kind !== "stack") continue;
    const parsed = parseStackFile(file, []);
    load.diagnostics.push(...parsed.diagnostics);
    stackFiles.push({ file: parsed.stack, templatePath: await findTemplate(load, parsed.stack) });
  }
  const named = new Set(stackFiles.map((each) => each.templatePath));
  const bare = [...found.values()].filter(({ kind, file }) => kind === "template" && !named.has(file.source.path));
  for (const { file } of bare) {
    const stack: StackFile = { source: file.source, parameters: new Map(), tags: {}, dependsOn: [] };
    stackFiles.push({ file: stack, templatePath: file.source.path });
  }
  const stacks: Stack[] = [];
  for (const each of stackFiles) {
    const stack = await openStack(load, each.file, each.templatePath);
    if (stack) stacks.push(stack);
  }
  stacks.sort((a, b) => (a.file < b.file ? -1 : 1));
  checkNames(load, stacks);
  const project = stacks[0]?.project ?? (await projectAt(load, normalizePath(options.paths[0] ?? "") ?? "")).project;
  return { project, stacks, diagnostics: sortDiagnostics(load.diagnostics) };
}

interface Load {
  tree: FileTree;
  diagnostics: Diagnostic[];
  files: Map<string, Promise<ReadFile>>;
  templates: Map<string, Promise<Template | undefined>>;
  projects: Map<string, Promise<Project | undefined>>;
}

interface Candidate {
  kind: "stack" | "template";
  file: YamlFile;
}

/** Neither: it is there and cannot be read, which is among the diagnostics. */
interface ReadFile {
  file?: YamlFile;
  missing?: boolean;
}

/** Awaits what reads the tree; what it says about a file becomes a diagnostic. */
async function reading<T>(load: Load, promise: Promise<T>): Promise<{ value?: T }> {
  try {
    return { value: await promise };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    load.diagnostics.push(...error.diagnostics);
    return {};
  }
}

/** Does the work for a key once, however often and from wherever it is asked for. */
function once<T>(results: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = results.get(key) ?? work();
  results.set(key, known);
  return known;
}

function readYaml(load: Load, path: string): Promise<ReadFile> {
  return once(load.files, path, async () => {
    const read = await reading(load, load.tree.read(path));
    if (!("value" in read)) return {};
    if (!read.value) return { missing: true };
    const { value: file, diagnostics } = parseYaml(read.value, { functions: shortForms });
    load.diagnostics.push(...diagnostics);
    return file ? { file } : {};
  });
}

async function candidatesAt(load: Load, written: string): Promise<Candidate[]> {
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
  if (candidates.length > 0 || load.diagnostics.slice(before).some((each) => each.severity === "error"))
    return candidates;
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

/** From the repository's root as in Git sync, else from the stack file's folder. */
async function findTemplate(load: Load, stack: StackFile): Promise<string | undefined> {
  if (!stack.template) return undefined;
  const { text, place } = stack.template;
  const tried: string[] = [];
  for (const written of [text, joinPath(folderOf(stack.source.path), text)]) {
    const path = text.startsWith("/") ? undefined : normalizePath(written);
    if (path === undefined || tried.includes(path)) continue;
    tried.push(path);
    const { missing } = await readYaml(load, path);
    if (!missing) return path;
  }
  const outside = tried.length === 0;
  load.diagnostics.push({
    code: outside ? "file.outside" : "stack.template-missing",
    severity: "error",
    message: outside
      ? `"${text}" leads outside the repository.`
      : `There is no template ${tried.map((path) => `"${path}"`).join(" and no ")}.`,
    remedy: outside
      ? "Write a path from the repository's root, or from this file's folder."
      : "Correct the path; it counts from the repository's root, else from this file's folder.",
    place,
  });
  return undefined;
}

function readTemplate(load: Load, path: string): Promise<Template | undefined> {
  return once(load.templates, path, async () => {
    const { file } = await readYaml(load, path);
    if (!file) return undefined;
    const { value, diagnostics } = templateFrom(file, []);
    load.diagnostics.push(...diagnostics);
    return value;
  });
}

/** The nearest reconcile.yaml from a folder upwards; its folder, and what it says. */
async function projectAt(load: Load, folder: string): Promise<{ project: Project; folder?: string }> {
  for (let at = folder; ; at = folderOf(at)) {
    const path = joinPath(at, projectFile);
    const project = await once(load.projects, path, async () => {
      const { value: source } = await reading(load, load.tree.read(path));
      if (!source) return undefined;
      const parsed = parseProject(source);
      load.diagnostics.push(...parsed.diagnostics);
      return parsed.project;
    });
    if (project) return { project, folder: at };
    if (at === "") return { project: defaultProject };
  }
}

async function openStack(load: Load, file: StackFile, templatePath: string | undefined): Promise<Stack | undefined> {
  const template = templatePath === undefined ? undefined : await readTemplate(load, templatePath);
  const { project, folder } = await projectAt(load, folderOf(file.source.path));
  if (!template) return undefined;
  const place = { file: file.source.path, line: 1, column: 1 };
  const name = file.name?.text ?? defaultName(file.source.path, folder);
  if (!file.name && !isStackName(name)) {
    const remedy = `Rename the file, or write stack-name: in a stack file. ${stackNameRule}`;
    load.diagnostics.push({
      code: "stack.name",
      severity: "error",
      message: `"${name}", made from the path, cannot be the name of a stack.`,
      remedy,
      place,
    });
  }
  const region = file.region?.text ?? project.defaults.region;
  const account = file.account?.text ?? project.defaults.account;
  return {
    name,
    project,
    file: file.source.path,
    template,
    parameters: file.parameters,
    tags: file.tags,
    ...(region !== undefined && { region }),
    ...(account !== undefined && { account }),
    ...(file.roleArn && { roleArn: file.roleArn.text }),
    dependsOn: file.dependsOn.map((each) => each.text),
    place: file.name?.place ?? place,
  };
}

/** The path below desired-state, or below the folder of reconcile.yaml, without its extension: the same from wherever the run is started. */
function defaultName(path: string, projectFolder: string | undefined): string {
  const segments = path.replace(/\.[^./]*$/, "").split("/");
  const desired = segments.lastIndexOf("desired-state", segments.length - 2);
  if (desired >= 0) return segments.slice(desired + 1).join("-");
  if (projectFolder === undefined) return segments.slice(-1).join("-");
  return segments.slice(projectFolder === "" ? 0 : projectFolder.split("/").length).join("-");
}

function checkNames(load: Load, stacks: readonly Stack[]): void {
  const seen = new Map<string, Stack>();
  for (const stack of stacks) {
    const first = seen.get(stack.name);
    if (!first) seen.set(stack.name, stack);
    else {
      load.diagnostics.push({
        code: "stack.duplicate",
        severity: "error",
        message: `Two stacks have the name "${stack.name}": this one and ${first.file}.`,
        remedy: "Give one of them another stack-name.",
        place: stack.place,
        related: [{ message: "The other one.", place: first.place }],
      });
    }
    if (stack.dependsOn.includes(stack.name)) {
      load.diagnostics.push({
        code: "stack.depends-on-itself",
        severity: "error",
        message: `The stack "${stack.name}" depends on itself.`,
        remedy: "Remove its own name from depends-on.",
        place: stack.place,
      });
    }
  }
}
