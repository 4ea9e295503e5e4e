import { append } from "../diagnostic.ts";
import type { Template } from "../template/model.ts";
import { templateFiles } from "../template/nested.ts";
import { templateFrom } from "../template/parse.ts";
import type { Candidate } from "./find.ts";
import { environmentOfFiles } from "./inputs.ts";
import { readLate } from "./late.ts";
import type { Project, Stack } from "./model.ts";
import { isStackName, stackNameRule } from "./names.ts";
import { withNested } from "./nested.ts";
import { parseStackFile, type StackFile } from "./parse.ts";
import { folderOf, joinPath, normalizePath } from "./path.ts";
import { defaultProject, parseProject, projectFile } from "./project.ts";
import { type Load, once, reading, readYaml } from "./reading.ts";

/** The stacks of stack files, and of the templates that none of them names; by file. */
export async function stacksFrom(load: Load, candidates: readonly Candidate[]): Promise<Stack[]> {
  const stackFiles: { file: StackFile; templatePath: string | undefined }[] = [];
  for (const { kind, file } of candidates) {
    if (kind !== "stack") continue;
    const parsed = parseStackFile(file);
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
    const stack = await stackFrom(load, each.file, each.templatePath);
    // First what the stack's own template declares, nested stacks among it; then what these do with what they are given.
    if (stack) stacks.push(withValues(load, await expanded(load, withValues(load, stack))));
  }
  // What is nested in a stack is no stack of its own.
  const inner = new Set(stacks.flatMap((stack) => templateFiles(stack.template).slice(1)));
  const outer = stacks.filter((stack) => stack.file !== stack.template.source.path || !inner.has(stack.file));
  return outer.sort((a, b) => (a.file < b.file ? -1 : 1));
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
export async function projectAt(load: Load, folder: string): Promise<{ project: Project; folder?: string }> {
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

async function stackFrom(load: Load, file: StackFile, templatePath: string | undefined): Promise<Stack | undefined> {
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
export function defaultName(path: string, projectFolder: string | undefined): string {
  const segments = path.replace(/\.[^./]*$/, "").split("/");
  const desired = segments.lastIndexOf("desired-state", segments.length - 2);
  if (desired >= 0) return segments.slice(desired + 1).join("-");
  if (projectFolder === undefined) return segments.slice(-1).join("-");
  return segments.slice(projectFolder === "" ? 0 : projectFolder.split("/").length).join("-");
}
