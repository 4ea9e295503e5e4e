import { existsSync } from "node:fs";
import { mkdir, realpath, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  accountForm,
  DiagnosticError,
  type ExampleName,
  exampleNames,
  findRoot,
  isPlainPath,
  isStackName,
  projectFile,
  regionForm,
  type ScaffoldOptions,
  scaffold,
  stackNameRule,
} from "@reconcile/core";
import { ask, isYes } from "../ask.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { defaultBranchOf } from "../git.ts";
import { Interrupted } from "../interrupts.ts";
import type { InitFlags } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage.ts";
import { version } from "../version.ts";

/** `reconcile init [DIR]`: the first files of a desired state, and workflows that plan and apply it. What is there already stays as it is. */
export async function init(given: string, flags: InitFlags, { terminal }: Context): Promise<ExitCode> {
  if (!flags.yes && !terminal.interactive) {
    throw new UsageError("There is no terminal to ask on.", "--yes takes the options, and defaults for the others");
  }
  const target = path.resolve(given);
  const root = await findRoot(target);
  const folder = path.join(path.relative(root, target), "desired-state").split(path.sep).join("/");
  const options = await decide({ root, folder }, flags, terminal);
  const written: string[] = [];
  for (const files of scaffold(options)) {
    const kept = [...files.keys()].filter((file) => existsSync(path.join(root, file)));
    for (const file of kept) terminal.out(`kept      ${shown(root, file)} (it is there already)`);
    if (kept.length > 0) continue;
    for (const [file, text] of files) {
      await writeNew(root, file, text);
      terminal.out(`written   ${shown(root, file)}`);
      written.push(file);
    }
  }
  if (written.length > 0) terminal.out(`\n${nextSteps(root, options, written).join("\n")}`);
  return exitCodes.done;
}

interface Setting {
  question: string;
  /** "" where there need be none. */
  byDefault: string;
  /** What is wrong with an answer. */
  problem(answer: string): string | undefined;
}

type SettingName = "project" | "stack" | "example" | "region" | "account";

function settingsFor(root: string): Record<SettingName, Setting> {
  const name = (text: string) => (isStackName(text) ? undefined : stackNameRule);
  const orNone = (form: RegExp, rule: string) => (text: string) => (text === "" || form.test(text) ? undefined : rule);
  return {
    project: { question: "Project, the owner of everything", byDefault: nameFrom(path.basename(root)), problem: name },
    stack: { question: "First stack", byDefault: "app", problem: name },
    example: {
      question: `What it has (${exampleNames.join(", ")})`,
      byDefault: "parameter",
      problem: (text) => (isExample(text) ? undefined : `It is one of ${exampleNames.join(", ")}.`),
    },
    region: {
      question: "Region (none: that of the AWS environment)",
      byDefault: "",
      problem: orNone(regionForm, "Write a region's code, for instance us-east-1."),
    },
    account: {
      question: "Account, the only one that is allowed (none: any)",
      byDefault: "",
      problem: orNone(accountForm, "Write the 12 digits of the account."),
    },
  };
}

/** Options first; what they do not say is asked for, or takes its default. */
async function decide(
  { root, folder }: { root: string; folder: string },
  flags: InitFlags,
  terminal: Terminal,
): Promise<ScaffoldOptions> {
  const settings = settingsFor(root);
  for (const name of Object.keys(settings) as SettingName[]) {
    const problem = flags[name] === undefined ? undefined : settings[name].problem(flags[name]);
    if (problem !== undefined) throw new UsageError(`--${name} "${flags[name]}" is refused.`, problem);
  }
  if (flags.workflows && !isPlainPath(folder)) {
    throw new UsageError(`The workflows cannot name the folder "${folder}".`, "--no-workflows leaves them out");
  }
  const hasProject = existsSync(path.join(root, folder, projectFile));
  const answer = async (name: SettingName): Promise<string> => {
    const { byDefault } = settings[name];
    const ofProject = name === "project" || name === "region" || name === "account";
    if (flags[name] !== undefined) return flags[name];
    return flags.yes || (hasProject && ofProject) ? byDefault : askFor(settings[name], terminal);
  };
  const project = await answer("project");
  const region = await answer("region");
  const account = await answer("account");
  const stack = await answer("stack");
  const example = (await answer("example")) as ExampleName;
  const workflows =
    flags.workflows && (flags.yes || isYes((await answerOf("Workflows for GitHub Actions? [Y/n] ")) || "y"));
  return {
    folder,
    project,
    stack,
    example,
    ...(region !== "" && { region }),
    ...(account !== "" && { account }),
    ...(workflows && { workflows: { branch: await branchFor(root), version } }),
  };
}

async function askFor({ question, byDefault, problem }: Setting, terminal: Terminal): Promise<string> {
  while (true) {
    const answer = (await answerOf(`${question}${byDefault === "" ? "" : ` [${byDefault}]`}: `)) || byDefault;
    const wrong = problem(answer);
    if (wrong === undefined) return answer;
    terminal.err(`  ${wrong}`);
  }
}

async function answerOf(question: string): Promise<string> {
  const answer = await ask(question);
  if (answer === undefined) throw new Interrupted();
  return answer;
}

function isExample(text: string): text is ExampleName {
  return exampleNames.some((name) => name === text);
}

/** A name that a folder's suggests. */
function nameFrom(folder: string): string {
  const name = folder
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^[^A-Za-z]+|-+$/g, "")
    .slice(0, 64);
  return isStackName(name) ? name : "main";
}

async function branchFor(root: string): Promise<string> {
  const branch = await defaultBranchOf(root);
  return branch !== undefined && isPlainPath(branch) ? branch : "main";
}

/** Never over something, and never through a link to somewhere else. */
async function writeNew(root: string, file: string, text: string): Promise<void> {
  const target = path.join(root, file);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    const [top, folder] = await Promise.all([realpath(root), realpath(path.dirname(target))]);
    if (folder !== top && !folder.startsWith(top + path.sep)) throw new Error("a link leads outside the repository");
    await writeFile(target, text, { flag: "wx" });
  } catch (error) {
    throw new DiagnosticError({
      code: "init.write",
      severity: "error",
      message: `${file} cannot be written: ${reasonOf(error)}.`,
      remedy: "Move away what is in the way, or choose another folder.",
    });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EEXIST" || code === "ENOTDIR") return "a file stands where a folder is needed";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "the folder may not be written to";
  return error instanceof Error ? error.message : String(error);
}

/** As one would write it from here. */
function shown(root: string, file: string): string {
  return path.relative(process.cwd(), path.join(root, file));
}

function nextSteps(root: string, { folder, region, workflows }: ScaffoldOptions, written: readonly string[]): string[] {
  const where = shown(root, folder);
  const hasWorkflows = workflows && written.some((file) => file.startsWith(".github/"));
  return [
    "Next:",
    `  reconcile validate ${where}           is it right? (offline)`,
    `  reconcile plan ${where} --sandbox     what would be done, in a sandbox`,
    ...(hasWorkflows
      ? [
          `  reconcile policy ${where} --github OWNER/REPOSITORY --branch ${workflows.branch}`,
          "                                  a template of the roles that workflows assume",
          "The workflows take from the variables of the repository:",
          "  RECONCILE_PLAN_ROLE_ARN    the role that may read",
          "  RECONCILE_APPLY_ROLE_ARN   the role that may write",
          ...(region === undefined ? ["  AWS_REGION                 where to work"] : []),
        ]
      : []),
  ];
}
