import type { Diagnostic } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { parseOwner } from "../resource/owner.ts";
import type { Stack } from "../stack/model.ts";
import { defaultProject, projectFile } from "../stack/project.ts";
import { diagnosed } from "./diagnosed.ts";
import type { ObserveOptions } from "./observe.ts";
import { settleAll } from "./settle.ts";

/** Set when a run is of a project's whole folder: what the project owns beyond it belongs to stacks that have no file any more. */
export interface WholeProject {
  /** The names of all its stacks. */
  names: readonly string[];
  /** Files that may be others of its stacks, and cannot be read. */
  unread?: readonly string[];
  /** Delete what the others own, instead of only saying so. */
  prune: boolean;
}

/**
 * Stacks of the project without a file, where the stacks of this run live: by tags that an index knows, which may be late and has no roles, and by the records of their runs.
 * Each as a stack that declares nothing. Without a project's name nothing is found: whoever names none shares "default" with everybody.
 */
export async function findOrphanStacks<C extends Cloud>(
  stacks: readonly Stack[],
  { names }: WholeProject,
  { connect }: Pick<ObserveOptions<C>, "connect">,
): Promise<Stack[]> {
  const named = stacks.filter(({ project }) => project.name !== defaultProject.name);
  const places = new Map(named.map((stack) => [JSON.stringify([stack.region, stack.account, stack.roleArn]), stack]));
  const found = await settleAll(
    [...places.values()].map(async (stack) => {
      const cloud = await connect(stack);
      const owners = await diagnosed(cloud, cloud.ownedStacks(stack.project.name));
      return owners.flatMap((owner) => {
        const { stack: name, region } = parseOwner(owner) ?? {};
        return name === undefined || region !== cloud.region || names.includes(name)
          ? []
          : [emptied(stack, name, region)];
      });
    }),
  );
  return [...new Map(found.flat().map((stack) => [`${stack.name} ${stack.region} ${stack.account}`, stack])).values()];
}

/** A stack that lives where another one does, and declares nothing. */
function emptied(beside: Stack, name: string, region: string): Stack {
  const { nested: _, late: __, ...template } = beside.template;
  const nothing = {
    parameters: new Map(),
    mappings: new Map(),
    conditions: new Map(),
    resources: new Map(),
    outputs: new Map(),
  };
  const { checks: ___, ...stack } = beside;
  return {
    ...stack,
    name,
    region,
    isGone: true,
    file: projectFile,
    template: { ...template, ...nothing },
    parameters: new Map(),
    tags: {},
    dependsOn: [],
    place: { file: projectFile, line: 1, column: 1 },
  };
}

export function orphanStackNote({ name, project, region }: Stack): Diagnostic {
  return {
    code: "stack.orphan",
    severity: "warning",
    message: `The stack ${name} of the project ${project.name} has resources, or a record of its runs, in ${region}, and has no file any more.`,
    remedy: "bring its file back, or delete what is left of it with --prune-stacks",
  };
}

/** A stack whose file cannot be read looks like one whose file is gone. */
function unreadRefusal(file: string, unread: readonly string[], orphans: readonly Stack[]): Diagnostic {
  return {
    code: "stack.prune-unread",
    severity: "error",
    message: `Whether ${orphans.map((stack) => stack.name).join(", ")} has no file any more cannot be told: ${unread.join(", ")} cannot be read, and may be its.`,
    remedy: "mend these files, or delete those that are not needed",
    place: { file, line: 1, column: 1 },
  };
}

/** The project's name, and the files of all its stacks, are what tells our stacks from those of others. */
export function refusePruning(
  stacks: readonly Stack[],
  orphans: readonly Stack[],
  { unread = [] }: Pick<WholeProject, "unread">,
): Diagnostic[] {
  const [file] = unread;
  if (file !== undefined && orphans.length > 0) return [unreadRefusal(file, unread, orphans)];
  const nameless = stacks.find(({ project }) => project.name === defaultProject.name);
  if (!nameless) return [];
  return [
    {
      code: "stack.prune-nameless",
      severity: "error",
      message: "Stacks without a file are only deleted for a project that has a name.",
      remedy: `write project: NAME into ${projectFile}, so that nobody else's stacks are meant`,
      place: nameless.place,
    },
  ];
}
