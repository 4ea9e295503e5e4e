import type { Diagnostic, Place } from "../diagnostic.ts";
import type { Pointer } from "../pointer.ts";
import type { CallCounts, Cloud, Location, Observed, ResourceType } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import type { Evaluated, Known } from "../template/model.ts";
import type { Properties } from "../value.ts";
import type { Circumstances } from "./decide.ts";

export type Action = "create" | "update" | "replace" | "delete" | "adopt" | "none";

export type Reason =
  | "not-found"
  | "property-changed"
  | "must-replace"
  | "depends-on-unknown"
  | "dependency-replaced"
  | "renamed"
  | "adopted"
  | "not-declared"
  | "left-over"
  | "duplicate"
  | "expired";

/** Why a difference is there. null: no base is known, and nothing is ever called drift without one. */
export type Cause = "change" | "drift" | "both" | "input" | null;

export type Impact = "none" | "interrupts" | "replaces" | "may-replace";

/** One difference. No `before`: only the wish has it; no `after`: only live has it. Values are canonical and not yet redacted. */
export interface PropertyChange {
  path: Pointer;
  before?: unknown;
  after?: unknown;
  cause: Cause;
  sensitive: boolean;
  requiresReplacement: boolean;
}

/** A stack joined with the cloud it lives in. */
export interface StackInstance<C extends Cloud = Cloud> {
  stack: Stack;
  cloud: C;
  location: Location;
  /** `<project>/<stack>@<region>`. */
  owner: string;
  parameters: ReadonlyMap<string, Known>;
  /** What the stack's parameters and dynamic references asked for, looked up. */
  inputs: ReadonlyMap<string, Known>;
  /** By the key of what asks for them: the values that outputs of other stacks of the project give. */
  imports: ReadonlyMap<string, ImportSource>;
}

/** An output of another stack. */
export interface ImportSource {
  instance: StackInstance;
  output: string;
}

/** A resource of another stack of the run. */
export interface ForeignReference {
  stack: string;
  logicalId: string;
}

/** A declared resource, evaluated as far as is known. */
export interface Desired<C extends Cloud = Cloud> {
  logicalId: string;
  type: ResourceType<C>;
  /** Coerced, with defaults and a generated name filled in; may hold unknowns. */
  properties: Properties;
  /** The tags it should have: of the project, the stack and the resource, and ours. Empty for what cannot be tagged. Values may be unknown. */
  tags: Properties;
  evaluated: Evaluated;
  /** The generated name, where the declaration has none. */
  generatedName?: { property: string; name: string };
}

/** One resource of a plan: what is, what should be, and what will be done about it. */
export interface Change<C extends Cloud = Cloud> {
  stack: StackInstance<C>;
  logicalId: string;
  type: ResourceType<C>;
  action: Action;
  /** Of the live resource. */
  identifier?: string;
  reasons: readonly Reason[];
  cause: Cause;
  impact: Impact;
  /** Side effects with a name of their own: stop-start, disable, detach, snapshot. */
  steps: readonly string[];
  /** Of the declaration; of something that is no longer declared, of the stack. */
  place: Place;
  properties: readonly PropertyChange[];
  desired?: Desired<C>;
  observed?: Observed;
  /** What its diff depended on besides itself: apply decides again with the same. */
  circumstances?: Circumstances;
  /** A replacement deletes the old one before the new one is made: its name cannot be had twice. */
  deleteFirst?: boolean;
  /** A replacement whose old one stays: UpdateReplacePolicy Retain. */
  keepsOld?: true;
  /** A last snapshot is made before it is deleted. */
  snapshot?: boolean;
  /** Declared as existing: it is not ours to change. */
  existing?: true;
  /** It must not be deleted or replaced. */
  protected?: boolean;
  /** It leaves the stack and is not deleted: DeletionPolicy Retain, or it was adopted. `properties` are what happens to its tags. */
  released?: boolean;
}

/** Found under a declared natural key or in a declared slot, and not ours. */
export interface Unowned {
  logicalId: string;
  type: string;
  identifier: string;
  path?: Pointer;
  /** Who it belongs to, as its tags say; undefined: nobody. */
  owner?: string;
}

/** Ours, not declared, and not being deleted. */
export interface Orphan {
  logicalId: string;
  type: string;
  identifier: string;
  reason: "retained" | "protected" | "guard" | "used-elsewhere";
}

export interface StackPlan<C extends Cloud = Cloud> {
  stack: StackInstance<C>;
  /** In template order, then what is deleted. Unchanged resources are here too, with action `none`. */
  changes: readonly Change<C>[];
  unowned: readonly Unowned[];
  orphans: readonly Orphan[];
  /** What a reader should know and nobody has to act on: foreign tags, shared properties left alone. */
  notes: readonly { logicalId: string; message: string }[];
}

export interface Plan<C extends Cloud = Cloud> {
  /** Git revisions; null: not known. */
  revision: string | null;
  base: string | null;
  stacks: readonly StackPlan<C>[];
  /** Of the whole run: refusals (severity error) and notes. A plan with refusals is shown and not applied. */
  diagnostics: readonly Diagnostic[];
  /** By stack name. */
  calls: Readonly<Record<string, CallCounts>>;
}
