import type { z } from "zod";
import type { Diagnostic } from "../diagnostic.ts";
import type { InputRequest, Known } from "../template/model.ts";
import type { Check } from "../validate/check.ts";
import type { Json, Value } from "../value.ts";
import type { Shape } from "./shape.ts";

export type Tags = Readonly<Record<string, string>>;

/** Where a stack lives. */
export interface Location {
  account: string;
  region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  partition: string;
}

/**
 * What the engine needs of a cloud, for one stack (one account, region and role). Handlers get the same object and know more of it.
 */
export interface Cloud extends Location {
  /**
   * Runs `write` as part of a planned change: the only place where a mutating call is allowed, and only with these operations (`ec2:CreateSecurityGroup`). `permit` is asked
   * immediately before each of its requests; what it throws keeps the request from being sent.
   */
  planned<T>(
    change: { logicalId: string; type: string; operations: readonly string[]; permit?: () => void },
    write: () => Promise<T>,
  ): Promise<T>;
  /** A run of this stack did not finish a moment ago: what it wrote counts as written just now where an error may be a matter of time. */
  resumed?(): void;
  /** Begins a new observation: nothing that was read before is used again. */
  fresh?(): void;
  /** A write ended with this error. Was it without an answer, so that it may have happened all the same? */
  mayHaveHappened?(error: unknown): boolean;
  /** An outside value that the stack reads. Rejects with a DiagnosticError when there is none. */
  input(request: InputRequest): Promise<Known>;
  /** Types of which this owner may have resources, from an index of tags: it only widens what is listed and may be stale. */
  ownedTypes(owner: string): Promise<readonly string[]>;
  /** Owners of this project in this region: those that have resources, from the same index, and those of whose runs there is a record. */
  ownedStacks(project: string): Promise<readonly string[]>;
  /** Calls so far. */
  calls(): CallCounts;
  /** What a person should read of an error that a call ended with. */
  diagnose(error: unknown, resource?: string): Diagnostic;
}

/** The calls to a cloud: every attempt that was sent counts. */
export interface CallCounts {
  total: number;
  byService: Readonly<Record<string, number>>;
  throttled: number;
  /** Time that went by while at least one call waited because of that, and for which operations (`ec2:DescribeVpcs`), the longest wait first. */
  waited?: { milliseconds: number; operations: readonly string[] };
}

/** A resource as a list shows it. */
export interface Found {
  identifier: string;
  /** By which a declaration finds it: the same text that the type's `naturalKey` gives for its properties. Several where AWS has several names for it. */
  naturalKey?: string | readonly string[];
  /** undefined: this list does not carry them. */
  tags?: Tags;
}

/** A resource as it is. Desired and observed have one type. */
export interface Observed<P = Record<string, unknown>> {
  identifier: string;
  properties: P;
  attributes: Readonly<Record<string, Json>>;
  /** All of them, ours and `aws:*` included; null: it cannot be tagged. */
  tags: Tags | null;
  /** Another one whenever anything of it changes: a version, an ETag, a time of modification. Stands for what must not be looked at, secrets. */
  version?: string;
  /** `tags` come from an index, which may be late. They may say that nothing differs; for everything else the engine asks `handlers.tags`. */
  tagsFromIndex?: true;
  /** Tags of the elements of a slot, by element key, where elements carry tags of their own. */
  slotTags?: Readonly<Record<string, Readonly<Record<string, Tags>>>>;
}

/** A resource as it should be: checked, complete, without unknowns. */
export interface Wish<P = Record<string, unknown>> {
  properties: P;
  /** The user's and ours, merged. Empty for what cannot be tagged. */
  tags: Tags;
  /** A hash of the wish and of this run, for APIs that take a client token. At most 64 characters of [A-Za-z0-9-]. */
  token: string;
}

/** Which properties an update has to bring in line. */
export interface Changed {
  /** Pointers into the properties. */
  readonly paths: readonly string[];
  /** Is this property, or anything below it, among them? */
  has(property: string): boolean;
  /** Elements of a list that have to go, canonical: never one that somebody else declares or owns. */
  removed(property: string): readonly unknown[];
  /** Elements of a list that have to come, canonical. */
  added(property: string): readonly unknown[];
  /** Keys of the elements of a keyed list that stay and change. */
  modified(property: string): readonly string[];
  /** What a member of such an element becomes; undefined: it goes. */
  valueOf(property: string, key: string, member: string): unknown;
}

/** Makes attributes of something that does not exist yet. */
export type Predict<P> = (properties: P, location: Location) => string | undefined;

/** What is known of an attribute of a type (`Fn::GetAtt`). */
export interface AttributeFacts<P = Record<string, unknown>> {
  /** Its value, where it follows from the properties. undefined: not this time (something it needs is unknown). Must never guess. */
  predict?: Predict<P>;
  /** From which mark on it may be used by dependents. Default: usable. */
  from?: "exists" | "usable" | "settled";
  /** Its value must never be shown. A function where it depends on the resource. */
  sensitive?: true | ((properties: P) => boolean);
  /** An update in place may change it. A function says whether these changed properties do. */
  varies?: true | ((changed: Changed) => boolean);
}

/** What can be declared inside a parent and as a type of its own. */
export interface Within<P = Record<string, unknown>> {
  type: string;
  /** The child's property that holds the parent's identifier. */
  identifiedBy: string;
  /** The parent's property of which the child is an element. A function where it depends on the child. */
  property: string;
  /** The child as the parent's property would hold it. */
  element(properties: P): Value;
}

/** Live proof that deleting loses something. (The type of a method: a type for one cloud serves where any cloud is spoken of.) */
export type HoldsData<P, C> = { holds(cloud: C, observed: Observed<P>): Promise<boolean> }["holds"];

/** A type as data: what it has, how it is told from others, what may be done to it. */
export interface ResourceFacts<S extends z.ZodObject = z.ZodObject, C = Cloud> {
  /** CloudFormation's name: `AWS::ECR::Repository`. */
  type: string;
  properties: S;
  /** The property or attribute that `read` takes; several are joined by `|` as in CloudFormation. */
  identifier: string | readonly string[];
  /** The attribute or property that Ref returns, where it is not the identifier. */
  ref?: string;
  attributes?: Readonly<Record<string, AttributeFacts<z.output<S>>>>;
  /** How absence is proven: by reading the name, by the complete list with tags, or by a tag index confirmed by a list. */
  absence: "read-by-name" | "tagged-list" | "index-and-list";
  scope: "region" | "partition";
  /** The one name by which AWS lets at most one exist. Default: the identifier, when it is made of properties. undefined: something it needs is not known. */
  naturalKey?(properties: z.output<S>): string | undefined;
  within?: Within<z.output<S>>;
  /** Copies that AWS or a person makes of it take its tags along: it is ours only when `reconcile:id` names it, or is not there yet. */
  copiesInheritTags?: true;
  /** The tag index does not see this type: it is listed even when nothing of it is declared, which calls these of its read actions. */
  alwaysListed?: readonly string[];
  /** Deleting it loses what cannot be made again. true: always; a function: live proof that it is so, asked only when a delete is planned. */
  holdsData?: true | HoldsData<z.output<S>, C>;
  /** What changing these properties does to the running thing; `steps` are side effects with a name of their own. */
  impact?(changed: Changed): { interrupts: boolean; steps?: readonly string[] };
  /** Side effects of its deletion with a name of their own: disable, detach. */
  deletionSteps?: readonly string[];
  /** Types that must be gone before this one can be deleted, whatever the template says. */
  deletedAfter?: readonly string[];
  /** Pointers to values that must not be shown, where that depends on the resource (what is always secret is `sensitive` in the schema). */
  secrets?(properties: z.output<S>): readonly string[];
  /** What no schema can say: quotas, and what one resource must not do to another of its stack. */
  checks?: readonly Check[];
  actions: { read: readonly string[]; write: readonly string[] };
  /** Where and why AWS's specification is not followed: JSON pointer to reason. */
  departures?: Readonly<Record<string, string>>;
  /** AWS has it, this type does not yet: property (or pointer) to reason. */
  unsupported?: Readonly<Record<string, string>>;
}

/** The five handlers that CloudFormation itself defines, and a few that only some types need. */
export interface Handlers<P, C> {
  /** Everything of this type in the account and region: complete, or it throws. Never one call for each resource of a stranger. */
  list(cloud: C): AsyncIterable<Found>;
  /** All of it. undefined: proven absent. */
  read(cloud: C, identifier: string): Promise<Observed<P> | undefined>;
  /** Makes it exist, with its tags in the create call itself. Gives the identifier. The engine reads and updates afterwards. */
  create(cloud: C, wish: Wish<P>): Promise<string>;
  /** Brings what `changed` names in line, and touches nothing else. */
  update(cloud: C, observed: Observed<P>, wish: Wish<P>, changed: Changed): Promise<void>;
  /** NotFound is success. `dataLoss`: the loss of what it holds was allowed by name; without it, it must fail when it is not empty. */
  delete(cloud: C, observed: Observed<P>, allowed: { dataLoss: boolean }): Promise<void>;
  /** Makes a last snapshot of it, before it is deleted. Resolves when that is complete. */
  snapshot?(cloud: C, observed: Observed<P>): Promise<void>;
  /** Sets and removes tags; needed for every type whose `tags` are not null. */
  tag?(cloud: C, observed: Observed<P>, set: Tags, remove: readonly string[]): Promise<void>;
  /** Takes our tags off what its updates have made and tagged inside of it: it is let go, and with it that. */
  release?(cloud: C, observed: Observed<P>): Promise<void>;
  /** Its tags, from the service itself: needed where `read` takes them from an index. undefined: it is gone. */
  tags?(cloud: C, observed: Observed<P>): Promise<Tags | undefined>;
  /** A normal form beyond what the annotations say, for comparing only. Must leave an Unknown as it is. */
  canonical?(properties: P): P;
  /** Does this change need a new resource, beyond create-only properties? Gives the pointers that force it. */
  mustReplace?(observed: Observed<P>, properties: P, changed: Changed): readonly string[];
  /** Is it on its way out (terminated, deleting): as good as absent, and its name is not yet free? */
  gone?(observed: Observed<P>): boolean;
  /** Resolves when dependents may use it. */
  ready?(cloud: C, observed: Observed<P>): Promise<void>;
  /** Resolves when AWS has finished with it. */
  settled?(cloud: C, observed: Observed<P>): Promise<void>;
}

/** A resource type with its property types erased, as the engine sees it. `C`: the cloud its handlers need. */
export interface ResourceType<C = Cloud>
  extends Omit<
    ResourceFacts<z.ZodObject, C>,
    "naturalKey" | "within" | "attributes" | "holdsData" | "identifier" | "secrets"
  > {
  identifier: readonly string[];
  /** Parsed from the schema when first asked for. */
  readonly shape: Shape;
  attributes: Readonly<Record<string, AttributeFacts>>;
  naturalKey?(properties: Record<string, unknown>): string | undefined;
  secrets?(properties: Record<string, unknown>): readonly string[];
  within?: Within;
  holdsData?: true | HoldsData<Record<string, unknown>, C>;
  handlers: Handlers<Record<string, unknown>, C>;
}
