import { createHash } from "node:crypto";
import { urlSuffixOf } from "../partition.ts";
import type { AttributeFacts, Changed, Location, Observed, ResourceType } from "../resource/model.ts";
import { inputKey } from "../stack/input-key.ts";
import { evaluateOutput } from "../template/evaluate.ts";
import type { Environment, Known } from "../template/model.ts";
import { sourceOf, Unknown, UnknownUsedError, type Value } from "../value.ts";
import type { ImportSource, StackInstance } from "./model.ts";

/** Of the resources of any stack that is looked at, at one stage. */
export type AttributesOf = (instance: StackView) => Environment["attribute"];

/** What is asked of a stack to evaluate its template. */
export type StackView = Pick<StackInstance, "stack" | "location" | "owner" | "parameters" | "inputs" | "imports">;

/** What evaluation may look up, for a stack whose resources, and those of the stacks that it imports from, are known as far as `attributesOf` knows them. */
export function environmentOf(instance: StackView, attributesOf: AttributesOf): Environment {
  const { account, region, partition } = instance.location;
  return {
    parameters: instance.parameters,
    pseudo: {
      "AWS::AccountId": account,
      "AWS::Region": region,
      "AWS::Partition": partition,
      "AWS::URLSuffix": urlSuffixOf(partition),
      "AWS::StackName": instance.stack.name,
      "AWS::StackId": `arn:${partition}:cloudformation:${region}:${account}:stack/${instance.stack.name}/${uuidOf(instance.owner)}`,
      "AWS::NotificationARNs": [],
    },
    attribute: attributesOf(instance),
    input: (request) => {
      const key = inputKey(request);
      const source = instance.imports.get(key);
      if (source) return imported(source, attributesOf);
      return instance.inputs.get(key) ?? { value: new Unknown([key], "unread") };
    },
  };
}

/** The output of another stack. What it is not known for is a resource of that stack. */
function imported({ instance, output }: ImportSource, attributesOf: AttributesOf): Known {
  const { known } = evaluateOutput(instance.stack.template, output, environmentOf(instance, attributesOf));
  return { ...known, value: ofStack(instance.stack.name, known.value) };
}

function ofStack(stack: string, value: Value): Value {
  if (value instanceof Unknown) {
    const sources = value.sources.map((source) => `${stack}/${source}`);
    return new Unknown(sources, value.certainty, value.sensitive);
  }
  return Array.isArray(value) ? value.map((each) => ofStack(stack, each)) : value;
}

/** CloudFormation's stack ids end in a UUID. Ours is the same for the same stack, as there is no service to make one. */
function uuidOf(owner: string): string {
  const hex = createHash("sha256").update(owner).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** The names under which a type keeps what `Ref` returns, or of one attribute; several are joined. */
function namesOf(type: ResourceType, attribute: string | undefined): readonly string[] {
  const name = attribute ?? type.ref;
  return name === undefined ? type.identifier : [name];
}

/** What Ref or GetAtt gives for a live resource; undefined: it has no such attribute now. */
export function liveAttribute(
  type: ResourceType,
  observed: Observed,
  attribute: string | undefined,
): Known | undefined {
  const name = attribute ?? type.ref;
  if (name === undefined) return { value: observed.identifier };
  const value = { ...observed.properties, ...observed.attributes }[name] as Value | undefined;
  return value === undefined ? undefined : { value, sensitive: isSensitive(type, name, observed.properties) };
}

function isSensitive(type: ResourceType, name: string, properties: Readonly<Record<string, unknown>>): boolean {
  const facts: AttributeFacts | undefined = type.attributes[name];
  if (typeof facts?.sensitive === "function") return facts.sensitive({ ...properties });
  return facts?.sensitive === true || type.shape.properties[name]?.annotation.sensitive === true;
}

/** What Ref or GetAtt will give for a resource that does not exist yet: predicted where it follows from the properties, else an Unknown. */
export function futureAttribute(
  type: ResourceType,
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
  attribute: string | undefined,
  location: Location,
): Known {
  const names = namesOf(type, attribute);
  const values = names.map((name) => predicted(type, name, properties, location));
  const sensitive = names.some((name) => isSensitive(type, name, properties));
  if (values.every((value) => value !== undefined)) {
    return { value: values.length === 1 ? (values[0] as Value) : values.join("|"), sensitive };
  }
  const identifies = attribute === undefined || attribute === type.ref || type.identifier.includes(attribute);
  const certainty = identifies ? "changes" : "may-change";
  return { value: new Unknown([sourceOf(logicalId, attribute)], certainty, sensitive), sensitive };
}

function predicted(
  type: ResourceType,
  name: string,
  properties: Readonly<Record<string, unknown>>,
  location: Location,
): unknown {
  const facts: AttributeFacts | undefined = type.attributes[name];
  if (facts?.predict) {
    try {
      return facts.predict({ ...properties }, location);
    } catch (error) {
      // It needs a property that is itself not known yet.
      if (error instanceof UnknownUsedError) return undefined;
      throw error;
    }
  }
  const own = properties[name];
  return own instanceof Unknown ? undefined : own;
}

/** What Ref or GetAtt gives for a live resource that is about to be updated in place. */
export function updatedAttribute(
  type: ResourceType,
  logicalId: string,
  observed: Observed,
  properties: Readonly<Record<string, unknown>>,
  attribute: string | undefined,
  changed: Changed,
  location: Location,
): Known | undefined {
  const facts: AttributeFacts | undefined = attribute === undefined ? undefined : type.attributes[attribute];
  const varies =
    typeof facts?.varies === "function"
      ? facts.varies(changed)
      : facts?.varies === true || (attribute !== undefined && changed.has(attribute));
  if (!varies) return liveAttribute(type, observed, attribute);
  const future = futureAttribute(type, logicalId, properties, attribute, location);
  return uncertain(future);
}

/** It may be as it was, too. */
export function uncertain(known: Known): Known {
  const { value } = known;
  return value instanceof Unknown
    ? { ...known, value: new Unknown(value.sources, "may-change", value.sensitive) }
    : known;
}
