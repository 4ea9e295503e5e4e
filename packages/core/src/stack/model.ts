import type { Diagnostic, Place, Severity } from "../diagnostic.ts";
import type { InputRequest, SourceFile, Template } from "../template/model.ts";
import type { CheckDeclaration } from "./checks.ts";

/** Files as they stand on disk or in a git commit. Paths are relative to the repository's root, with forward slashes; nothing outside the root is ever read, links included. */
export interface FileTree {
  /** Where the files come from, for messages: "the work tree" or a git revision. */
  readonly label: string;
  /** undefined: there is no such file. Rejects with a DiagnosticError when the path leaves the root, is too large, or is not UTF-8. */
  read(path: string): Promise<SourceFile | undefined>;
  /** Names of the files directly in a folder, sorted; undefined: there is no such folder. */
  list(folder: string): Promise<string[] | undefined>;
  /** Names of the folders directly in a folder, sorted, but for hidden ones; links are none. */
  folders(folder: string): Promise<string[]>;
}

/** `reconcile.yaml`: what holds for every stack. */
export interface Project {
  /** Owner of everything; "default" without a file. `[A-Za-z][A-Za-z0-9-]{0,63}`, not starting with aws or ssm. */
  name: string;
  defaults: { region?: string; account?: string; tags: Readonly<Record<string, string>> };
  guards: Guards;
  quotas: { /** Rules of a security group; AWS's default is 60. */ rulesPerSecurityGroup: number };
  /** Which severity checks have here instead of their own, by their code. That there is such a check is not said here. */
  checks: ReadonlyMap<string, { severity: Severity | "off"; place: Place }>;
}

/** What a run may not do without being told so by name. */
export interface Guards {
  /** A run that would delete a greater share of a stack stops, once it is at least `minDeletes`; one that would delete everything always does. */
  maxDeletePercent: number;
  minDeletes: number;
  /** Types that may be deleted although they hold data. */
  allowDataLossOf: readonly { type: string; place: Place }[];
}

/** A parameter's value as a stack file gives it. */
export type ParameterValue = ParameterText | ParameterInput | ParameterUnread;

export interface ParameterText {
  kind: "literal";
  /** Source text; the elements of a list joined by commas, as CloudFormation does. */
  text: string;
  place: Place;
  /** Of the parameter's name. */
  keyPlace?: Place;
}

export interface ParameterInput {
  kind: "input";
  request: InputRequest;
  place: Place;
  /** Of the parameter's name. */
  keyPlace?: Place;
}

/** What could not be read, which is reported: it has a value, and nobody knows which. */
export interface ParameterUnread {
  kind: "unread";
  place: Place;
  keyPlace?: Place;
}

/** One stack: a template with its parameters, and where it lives. Not evaluated. */
export interface Stack {
  name: string;
  project: Project;
  /** The stack file, or the bare template. */
  file: string;
  template: Template;
  parameters: ReadonlyMap<string, ParameterValue>;
  tags: Readonly<Record<string, string>>;
  region?: string;
  account?: string;
  roleArn?: string;
  dependsOn: readonly string[];
  /** What tells whether it works, once it is there. */
  checks?: readonly CheckDeclaration[];
  /** Its file is gone, and everything that it owns is to go. */
  isGone?: true;
  /** Of the stack file as a whole. */
  place: Place;
}

export interface LoadedStacks {
  project: Project;
  stacks: readonly Stack[];
  /** The project's other stacks, as far as they can be read: looked for where a stack imports or exports something, or when asked for. */
  neighbours: readonly Stack[];
  /** When asked for: the names of all its stacks, and the files that may be others and cannot be read. */
  whole?: { names: readonly string[]; unread: readonly string[] };
  diagnostics: readonly Diagnostic[];
}
