import { append, sortDiagnostics } from "../diagnostic.ts";
import type { Template } from "../template/model.ts";
import { templateFiles } from "../template/nested.ts";
import { templateFrom } from "../template/parse.ts";
import { mayExport, mayImport } from "./exports.ts";
import { type Candidate, candidatesAt } from "./find.ts";
import { environmentOfFiles } from "./inputs.ts";
import { readLate } from "./late.ts";
import type { FileTree, LoadedStacks, Project, Stack } from "./model.ts";
import { isStackName, stackNameRule } from "./names.ts";
import { withNested } from "./nested.ts";
import { parseStackFile, type StackFile } from "./parse.ts";
import { folderOf, joinPath, normalizePath } from "./path.ts";
import { defaultProject, parseProject, projectFile } from "./project.ts";
import { type Load, once, reading, readYaml } from "./reading.ts";
import { unreadFiles } from "./unread.ts";

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
    ...{ project, stacks, neighbours, diagnostics: sortDiagnostics(load.diagnostics) },
    ...(options.wholeProject && { whole: { names: [...stacks.map((stack) => stack.name), ...names], unread } }),
  };
}

function openLoad(tree: FileTree): Load {
  return { tree, diagnostics: [], files: new Map(), templates: new Map(), projects: new Map() };
}

/** The stacks of stack files, and of the templates that none of them names; by file. */
async function stacksFrom(load: Load, candidates: readonly Candidate[]): Promise<Stack[]> {
  const stackFiles: { file: StackFile; templatePath: string | undefined }[] = [];
  for (const { kind, file } of candidates) {
    if (kind !== "stack") continue;
    const parsed = parseStackFile(file, []);
    append(load.diagnostics, parsed.diagnostics);
    stackFiles.push({ file: parsed.stack, templatePath: await findTemplate(load, parsed.stack) });
  }
  const named = new Set(stackFiles.map((each) => each.templatePath));
  const bare = candidates.filter(({ kind, file }) => kind === "template" && !named.has(file.source.path));
  for (const { file } of bare) {
    const stack: StackFile = { source: file.source, parameters: new Map(), tags: {}, dependsOn: [], checks: [] };
    stackFiles.push({ file: stack, templatePath: file.source.path });
  }
  const stacks: Stack[] = [];
  for (const each of stackFiles) {
    const stack = await openStack(load, each.file, each.templatePath);
    // First what the stack's own template declares, nested stacks among it; then what these do with what they are given.
    if (stack) stacks.push(withValues(load, await expanded(load, withValues(load, stack))));
  }
  // What is nested in a stack is no stack of its own.
  const inner = new Set(stacks.flatMap((stack) => templateFiles(stack.template).slice(1)));
  const outer = stacks.filter((stack) => stack.file !== stack.template.source.path || !inner.has(stack.file));
  return outer.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A project has a few levels of folders; whatever is deeper is something else. */
const maxDepth = 5;

/**
 * The other stacks of the project of some stacks: the stack files below the folder of its reconcile.yaml, or below desired-state, and the templates beside the given ones.
 * What is wrong with them is theirs to say.
 */
async function findNeighbours(
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

/** A stack with its nested stacks. */
async function expanded(load: Load, stack: Stack): Promise<Stack> {
  const template = await withNested(load, stack.template, async (inner) => {
    const { missing = false } = await readYaml(load, inner);
    const child = await readTemplate(load, inner);
    return { missing, ...(child && { template: child }) };
  });
  return { ...stack, template };
}

function readTemplate(load: Load, path: string): Promise<Template | undefined> {
  return once(load.templates, path, async () => {
    const { file } = await readYaml(load, path);
    if (!file) return undefined;
    const { value, diagnostics } = templateFrom(file, []);
    append(load.diagnostics, diagnostics);
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
      append(load.diagnostics, parsed.diagnostics);
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
    ...(file.checks.length > 0 && { checks: file.checks }),
    place: file.name?.place ?? place,
  };
}

/** What a template declares may depend on its parameters. */
function withValues(load: Load, stack: Stack): Stack {
  const read = readLate(stack, environmentOfFiles(stack));
  append(load.diagnostics, read.diagnostics);
  return read.stack;
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
  }
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  for (const stack of stacks) {
    if (!dependenciesOf(stack, byName).has(stack.name)) continue;
    load.diagnostics.push({
      code: "stack.cycle",
      severity: "error",
      message: `The stack "${stack.name}" depends on itself${stack.dependsOn.includes(stack.name) ? "" : ", through others"}.`,
      remedy: "Remove one of the names from depends-on.",
      place: stack.place,
    });
  }
}

/** The names of all stacks that a stack waits for, directly or through others. */
function dependenciesOf(stack: Stack, stacks: ReadonlyMap<string, Stack>): Set<string> {
  const found = new Set<string>();
  const pending = [...stack.dependsOn];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    pending.push(...(stacks.get(name)?.dependsOn ?? []));
  }
  return found;
}
