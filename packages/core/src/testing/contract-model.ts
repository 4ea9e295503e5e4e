import type { EngineOptions } from "../engine.ts";
import type { Cloud, ResourceType } from "../resource/model.ts";
import type { Kill } from "./memory-cloud.ts";

/** One process: it is killed, or calls of it fail, as asked. */
export interface ContractProcess<C extends Cloud> {
  connect(): Promise<C>;
  /** Mutating calls that were sent, or would have been. */
  mutations(): number;
  /** Was the kill reached? */
  dead(): boolean;
  /** Operations that were called, `ec2:DescribeSecurityGroups`, in their order. */
  operations(): readonly { operation: string; mutating: boolean }[];
}

export interface Faults {
  kill?: Kill;
  /** An operation that fails, in one of the ways that the world has. */
  failing?: { operation: string; how: string };
  /** Waited for at every mutating call, before it is sent and when its answer has come. */
  atBoundary?(boundary: Kill): Promise<void>;
}

/** A cloud in which nobody else does anything. */
export interface ContractPlace<C extends Cloud> {
  process(faults?: Faults): ContractProcess<C>;
  /** Another place with everything that is in this one at the moment. A cloud that cannot do that does without. */
  copy?(): Promise<ContractPlace<C>>;
  /** A copy that is needed no more. */
  close?(): Promise<void>;
}

/** Where a type is put to the test: each `open` gives an empty place of its own. */
export interface ContractWorld<C extends Cloud> {
  clock: EngineOptions<C>["clock"];
  open(): Promise<ContractPlace<C>>;
  /** The ways in which a read of an operation may fail: denied, cut at its second page. */
  failures(operation: string): readonly string[];
}

export type Properties = Record<string, unknown>;

/** A property that takes a value, another, and is taken away again. */
export interface Mutation {
  /** What changes; the pointer that the plan must name is made from it, or is `path`. */
  property: string;
  /** First value; undefined: the property is added to the example. */
  from?: unknown;
  to: unknown;
  /** Every pointer in the plan must begin with this. Default: the property. */
  path?: string;
  /** What else has to be declared along with the value. */
  with?: Properties;
  /**
   * What taking it away does. Default: restores what a resource has that never declared it. It is refused where AWS would keep it and nothing tells what was there before.
   */
  unset?: "restores" | "refused" | "replaces" | "required";
}

export interface ContractOptions<C extends Cloud> {
  types: readonly ResourceType<C>[];
  world: ContractWorld<C>;
  /** Properties that make a resource, and no more than that. */
  example: Properties;
  /** What the example refers to, by logical id. The tested resource is `Subject`. */
  prerequisites?: Record<string, { Type: string; Properties?: Properties; DependsOn?: string }>;
  mutations: readonly Mutation[];
  /** Create-only properties, each with another value that it can have. */
  replacements: Properties;
  /** The natural key as declared properties, where the example leaves it to a generated name. */
  name?: Properties;
  /** Read calls that a plan of the example may need, prerequisites included. */
  budget: number;
  /** By case: why it cannot be tried here. */
  skips?: Partial<Record<ContractCase, string>>;
  /** The tags of a case that proves these promises of Reconcile's: vitest knows only those that its configuration names. Default: none. */
  tags?(promises: readonly number[], name: ContractCase): string[];
}

export type ContractCase =
  | "empties"
  | "budget"
  | "mutations"
  | "replaces"
  | "name-taken"
  | "recreates"
  | "refuses-other-owner"
  | "adopts"
  | "destroys"
  | "ignores-copies"
  | "crashes"
  | "failed-reads";
