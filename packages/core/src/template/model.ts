import type { Node } from "yaml";
import type { Diagnostic, Place, Result } from "../diagnostic.ts";
import type { Pointer } from "../pointer.ts";
import type { Properties, Value } from "../value.ts";

/** A file as text. `path` is relative to the repository's root, with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** A CloudFormation template as it stands in a file: names are resolved, nothing is evaluated. Nodes keep their place and source text; there is no second tree. */
export interface Template {
  source: SourceFile;
  description?: string;
  parameters: ReadonlyMap<string, ParameterDeclaration>;
  mappings: ReadonlyMap<string, Node>;
  conditions: ReadonlyMap<string, Node>;
  resources: ReadonlyMap<string, ResourceDeclaration>;
  outputs: ReadonlyMap<string, OutputDeclaration>;
  rules?: ReadonlyMap<string, RuleDeclaration>;
  /** Is AWS::LanguageExtensions among its transforms? */
  extended?: boolean;
  /** Does it declare more than the maps above hold: loops over something that is not known yet, or cannot be read? A name that they do not hold may be right then. */
  partial?: boolean;
  /**
   * Nested stacks whose template is a file of the repository, by logical id. What they declare stands among the resources and outputs of this template too, as
   * `Nested/Child`.
   */
  nested?: ReadonlyMap<string, NestedStack>;
  /** Declared, and not part of this run because something in it is not supported. */
  leftOut?: LeftOut;
  /** undefined: no value that may become known changes what it declares. */
  late?: Late;
  /** The place of a node of this template: of the value itself, not of the document. */
  placeOf(node: Node): Place;
  /** The place of the text between two offsets of the source. */
  placeAt(start: number, end: number): Place;
  /** The node itself, or what an alias stands for. */
  target(node: Node): Node;
}

/** What is declared in a template and left out of a run: where it lives it stays as it is. */
export interface LeftOut {
  /** Resources, and nested stacks with all that is in them. */
  ids: ReadonlySet<string>;
  /** The types of the resources. */
  types?: ReadonlySet<string>;
  /** What else the template declares is not known: whatever lives and is not declared may be part of it. */
  everything: boolean;
}

/** A resource of the type AWS::CloudFormation::Stack that is expanded in place. */
export interface NestedStack {
  declaration: ResourceDeclaration;
  /** Its `resources` and `outputs` are named as in its own file. */
  template: Template;
  /** What its parameters are given. */
  parameters?: Node;
  /** The tags of everything in it. */
  tags?: Node;
}

/** A template whose declarations depend on values that were not known when it was read: a loop over a list that is a parameter, a policy that a parameter chooses. */
export interface Late {
  /** What it waits for, as Unknowns name their sources. */
  sources: readonly string[];
  /** A note for each part that waits. */
  notes: readonly Diagnostic[];
  /** The template, read again with what is known now. Gives the diagnostics that the first reading did not. */
  read(environment: Environment): Result<Template>;
}

/** An entry of `Parameters`. */
export interface ParameterDeclaration {
  name: string;
  type: string;
  default?: Node;
  noEcho: boolean;
  description?: string;
  allowedValues?: readonly string[];
  allowedPattern?: string;
  /** Of the value of `AllowedPattern`. */
  patternPlace?: Place;
  constraintDescription?: string;
  minLength?: number;
  maxLength?: number;
  minValue?: number;
  maxValue?: number;
  place: Place;
}

/** An entry of `Resources`. */
export interface ResourceDeclaration {
  logicalId: string;
  type: string;
  /** Of the logical id. */
  place: Place;
  /** Of the value of `Type`. */
  typePlace: Place;
  properties?: Node;
  /** As it is written; `reconcile` is read from it, the rest is for other tools. */
  metadata?: Node;
  /** What is written beside the properties for others to read, with functions in it: metadata and policies. */
  beside?: readonly Node[];
  dependsOn: readonly { logicalId: string; place: Place }[];
  condition?: { name: string; place: Place };
  /** undefined: CloudFormation's default for the type (plan/policies.ts). */
  deletionPolicy?: Policy;
  updateReplacePolicy?: Policy;
  reconcile: ReconcileMetadata;
  /** The nested stacks that it is inside, from the outermost on. */
  within?: readonly string[];
}

/** What becomes of a resource that leaves the template, or of the old one when it is replaced. `RetainExceptOnCreate` is of the first kind only. */
export type Policy = "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot";

/** `Metadata.Reconcile` of a resource. */
export interface ReconcileMetadata {
  /** true: take over what has this natural key, if there is one; text: take over exactly that identifier. */
  adopt?: true | string;
  /** It must exist, under its natural key (true) or this identifier: read, compared and referred to; never tagged, changed or deleted. */
  existing?: true | string;
  /** `2030-01-31`: after that day, UTC, it counts as not declared. */
  expires?: string;
  /** The same resource under its earlier logical id. */
  renamedFrom?: string;
  /** Another stack of the project that declared it, and its logical id there when that was another. */
  movedFrom?: { stack: string; logicalId?: string };
  /** true: never deleted or replaced; false: no longer, which only a run with this line lifts. */
  protect?: boolean;
  /** JSON pointers to properties that are used at creation and left alone afterwards. */
  ignore?: readonly Pointer[];
  /** JSON pointers to slots in which children that nobody declares are removed. */
  exclusive?: readonly Pointer[];
  /** Checks that are silent about this resource, and why. */
  ignoreChecks?: readonly IgnoredCheck[];
}

/** A check that is to be silent about a resource. */
export interface IgnoredCheck {
  id: string;
  /** "": none is given. */
  reason: string;
  /** Of the id. */
  place: Place;
}

/** What must hold for the values of parameters, before anything is done. */
export interface RuleDeclaration {
  name: string;
  /** When the rule applies; undefined: always. */
  condition?: Node;
  assertions: readonly { assert: Node; description?: string }[];
}

/** An entry of `Outputs`. */
export interface OutputDeclaration {
  name: string;
  value: Node;
  description?: string;
  condition?: { name: string; place: Place };
  /** Under which other stacks import it; may be a function. */
  exportName?: Node;
  place: Place;
  /** The nested stacks that it is inside, from the outermost on. */
  within?: readonly string[];
}

/** A value and whether it must never be shown. */
export interface Known {
  value: Value;
  sensitive?: boolean;
  /** Data from outside: text in it that looks like a dynamic reference is not looked up. */
  verbatim?: boolean;
  /** The resources that it was made from, where they are of the same stack: what a nested stack is given. */
  uses?: readonly Omit<Reference, "at">[];
  /** It is what a resource is called by: whatever it turns out to be, it is not empty. */
  isName?: boolean;
}

/**
 * A value from outside: `{{resolve:ssm:name:version}}`, what a stack file asks for, and what other stacks give (`export`, and `stack-output` for one that is not exported).
 * `name` is what is looked up; of `existing` the type of a parameter, `AWS::EC2::VPC::Id`, for a list of all its values in the account and region, or with an attribute,
 * `AWS::EC2::VPC::Id.Tags.Team`, for a map of those that have it.
 */
export interface InputRequest {
  kind:
    | "env"
    | "ssm"
    | "ssm-secure"
    | "secretsmanager"
    | "prefix-list"
    | "zones"
    | "existing"
    | "export"
    | "stack-output";
  name: string;
  /** Of a parameter; undefined: the newest. */
  version?: string;
  /** Which part of a secret, and which version of it; undefined: all of the current one. */
  secret?: { jsonKey?: string; versionStage?: string; versionId?: string };
  /** Whose output it is; no region: that of the stack that asks. */
  stack?: { name: string; region?: string; roleArn?: string };
  place: Place;
}

/** What evaluation may look up. Everything is passed in: evaluation reads neither the environment nor AWS. */
export interface Environment {
  parameters: ReadonlyMap<string, Known>;
  /** `AWS::Region` … without `AWS::NoValue`, which the language knows itself. Unknown where not known yet (the account, offline). */
  pseudo: Readonly<Record<PseudoParameter, Value>>;
  /** Of a resource of this template; no attribute: what `Ref` returns. */
  attribute(logicalId: string, attribute: string | undefined): Known;
  /** An outside value; Unknown when nothing has looked it up. */
  input(request: InputRequest): Known;
}

export type PseudoParameter =
  | "AWS::AccountId"
  | "AWS::Region"
  | "AWS::Partition"
  | "AWS::URLSuffix"
  | "AWS::StackName"
  | "AWS::StackId"
  | "AWS::NotificationARNs";

/** A use of another resource: by Ref, GetAtt, Sub (with the property where it stands) or DependsOn (without). */
export interface Reference {
  logicalId: string;
  /** undefined: Ref. */
  attribute?: string;
  /** Where in the properties it is used; undefined: DependsOn. */
  at?: Pointer;
  place: Place;
}

/** Properties of one resource after evaluation. `AWS::NoValue` has removed what it stands for. */
export interface Evaluated {
  properties: Properties;
  /** The properties as a whole are not known, or no map: a condition that is not known yet chooses them. `properties` is empty then. */
  isOpen?: true;
  /** Pointers whose whole value is sensitive by its source (a NoEcho parameter, the environment, a secret), through every function. */
  sensitive: ReadonlySet<Pointer>;
  references: readonly Reference[];
  /** The tags of the nested stacks that it is inside, from the outermost on. */
  stackTags?: readonly Value[];
  /** Of the value at a pointer, or of its nearest ancestor that has a place. */
  placeOf(path: Pointer): Place;
  /** Of the key at a pointer, for what is wrong with a name; of the value where there is no key. */
  placeOfKey(path: Pointer): Place;
  /** The source text of a plain scalar whose YAML value would print differently: `0123`, `1.10`, `1e3`. */
  textOf(path: Pointer): string | undefined;
  diagnostics: readonly Diagnostic[];
}
