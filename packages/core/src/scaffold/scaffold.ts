import { projectFile } from "../stack/project.ts";
import { examples } from "./examples.ts";
import { type WorkflowFacts, workflows } from "./workflows.ts";

/** A first stack that `init` can write. */
export type ExampleName = keyof typeof examples;
export const exampleNames = Object.keys(examples) as ExampleName[];

/** What a new desired state is made from. Every text becomes part of YAML and of shell scripts: see `isPlainPath` and `isStackName`. */
export interface ScaffoldOptions {
  /** The folder of the stack files, from the root of the repository: `desired-state`. */
  folder: string;
  project: string;
  stack: string;
  example: ExampleName;
  region?: string;
  /** Twelve digits. */
  account?: string;
  /** undefined: no workflows. */
  workflows?: Pick<WorkflowFacts, "branch" | "version">;
}

/** Can a path or a branch stand in YAML and in a shell script as it is? */
export function isPlainPath(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(text);
}

/** The files of a new desired state, by path from the root of the repository, in groups that belong together. Pure. */
export function scaffold(options: ScaffoldOptions): ReadonlyMap<string, string>[] {
  const { folder, region, stack, workflows: facts } = options;
  const template = `${stack}/template.yaml`;
  return [
    new Map([[`${folder}/${projectFile}`, projectText(options)]]),
    new Map([
      [`${folder}/${stack}.yaml`, stackText(options, template)],
      [`${folder}/${template}`, examples[options.example].template(stack)],
    ]),
    ...(facts ? workflows({ ...facts, folder, ...(region !== undefined && { region }) }) : []),
  ];
}

function projectText({ account, project, region }: ScaffoldOptions): string {
  const defaults = [
    ...(region === undefined ? [] : [`  region: ${region}\n`]),
    ...(account === undefined
      ? []
      : ["  # A run with credentials of any other account is refused.\n", `  account: "${account}"\n`]),
  ];
  return `# What holds for every stack in this folder.

# The owner of everything that is made from here: it stands in a tag on each resource. Never change it lightly.
project: ${project}
${defaults.length === 0 ? "" : `\ndefaults:\n${defaults.join("")}`}`;
}

function stackText({ example, folder, stack }: ScaffoldOptions, template: string): string {
  return `# Which template, where, and with what.
#
#   reconcile plan ${folder}/${stack}.yaml     what would change, and why
#   reconcile ${folder}/${stack}.yaml          make it so

template-file-path: ${template}
${examples[example].parameters}`;
}
