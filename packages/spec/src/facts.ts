// The shape of the compiled facts: what scripts/compile.mjs writes and what look-ups give. A key that would say
// "no" is left out, which keeps the files small.

/** What AWS's specification says of one resource type. Look-ups by a name that a user wrote are safe: the records have no prototype. */
export interface ResourceFacts {
  /** CloudFormation's name, "AWS::ECR::Repository". */
  readonly type: string;
  readonly properties: Properties;
  /** By name as in `Fn::GetAtt`; names may contain dots ("Endpoint.Address"). */
  readonly attributes: Readonly<Record<string, AttributeFacts>>;
  /** The nested types of this resource, by the name that `ObjectType.definition` gives. They may be recursive. */
  readonly definitions: Readonly<Record<string, DefinitionFacts>>;
  /** Properties or attributes that together name one resource (Cloud Control API); empty for about twenty types. A nested one is written "Schedule/ScheduleId". */
  readonly primaryIdentifier: readonly string[];
  /** The properties or attributes that `Ref` returns, several joined with "|"; empty where AWS does not say. */
  readonly ref: readonly string[];
  /** Absent where the type cannot be tagged through a property. */
  readonly tags?: TagFacts;
  /** As in IAM's documentation, "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}". */
  readonly arnTemplate?: string;
  /** Why it should not be used any more, and what should be used instead; a sentence each. */
  readonly deprecated?: { readonly reason: string; readonly instead?: string };
  /** The CloudFormation transform without which the type does not exist, "AWS::Serverless-2016-10-31". */
  readonly transform?: string;
}

/** Properties by name. */
export type Properties = Readonly<Record<string, PropertyFacts>>;

/** The properties of a nested object type. */
export interface DefinitionFacts {
  readonly properties: Properties;
}

/** What the specification says of a property. */
export interface PropertyFacts {
  readonly type: PropertyType;
  readonly required?: true;
  /** A change replaces the resource: always, or ("maybe") under conditions that only AWS's documentation tells. */
  readonly createOnly?: CreateOnly;
  /** What AWS takes when nothing is written: a JSON value. Absent means that the specification does not say. */
  readonly default?: unknown;
  readonly deprecated?: true;
  /** What the value may name: a property or attribute of a resource type. */
  readonly references?: readonly ReferenceFacts[];
}

/** Does a change replace the resource? */
export type CreateOnly = "yes" | "maybe";

/** What the specification says of an attribute. */
export interface AttributeFacts {
  readonly type: PropertyType;
  readonly deprecated?: true;
}

/** What a value may be the name of. */
export interface ReferenceFacts {
  readonly type: string;
  readonly property: string;
}

/** How a type is tagged. */
export interface TagFacts {
  /** The property that holds the tags. */
  readonly property: string;
  /** "standard": a list of Key and Value. "asg": the same with PropagateAtLaunch. "map": an object of strings. */
  readonly style: "standard" | "asg" | "map";
}

/** The type of a value. */
export type PropertyType = StringType | IntegerType | PlainType | ListType | MapType | ObjectType | UnionType;

/** A text. */
export interface StringType {
  readonly kind: "string";
  /** The allowed values, where the specification lists them. */
  readonly values?: readonly string[];
  readonly format?: "date-time";
}

/** A whole number. */
export interface IntegerType {
  readonly kind: "integer";
  readonly values?: readonly number[];
}

/** "json" is any JSON value: a policy document, a definition body. */
export interface PlainType {
  readonly kind: "number" | "boolean" | "json";
}

/** A list of values of one type. */
export interface ListType {
  readonly kind: "list";
  readonly of: PropertyType;
}

/** An object whose keys the user chooses. */
export interface MapType {
  readonly kind: "map";
  readonly of: PropertyType;
}

/** An object whose keys the specification names. */
export interface ObjectType {
  readonly kind: "object";
  /** A key of `ResourceFacts.definitions`. */
  readonly definition: string;
}

/** One of several types. */
export interface UnionType {
  readonly kind: "union";
  readonly of: readonly PropertyType[];
}
