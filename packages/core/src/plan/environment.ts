import { createHash } from "node:crypto";
import { joinedIdentifier } from "../resource/define.ts";
import type { AttributeFacts, Changed, Location, Observed, ResourceType } from "../resource/model.ts";
import { inputKey } from "../stack/input-key.ts";
import type { Environment, Known } from "../template/model.ts";
import { Unknown, UnknownUsedError, type Value } from "../value.ts";
import type { StackInstance } from "./model.ts";

/** What evaluation may look up, for a stack whose resources are known as far as `attribute` knows them. */
export function environmentOf(
  instance: Pick<StackInstance<never>, "stack" | "location" | "owner" | "parameters" | "inputs">,
  attribute: Environment["attribute"],
): Environment {
  const { account, region, partition } = instance.location;
  return {
    parameters: instance.parameters,
    pseudo: {
      "AWS::AccountId": account,
      "AWS::Region": region,
      "AWS::Partition": partition,
      "AWS::URLSuffix": partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
      "AWS::StackName": instance.stack.name,
      "AWS::StackId": `arn:${partition}:cloudformation:${region}:${account}:stack/${instance.stack.name}/${uuidOf(instance.owner)}`,
      "AWS::NotificationARNs": [],
    },
    attribute,
    input: (request) => instance.inputs.get(inputKey(request)) ?? { value: new Unknown([inputKey(request)], "unread") },
  };
}

/** CloudFormation's stack ids end in a UUID. Ours is the same for the same stack, as there is no service to make one. */
function uuidOf(owner: string): string {
  const hex = createHash("sha256").update(owner).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** The name under which a type keeps what `Ref` returns; several are joined. */
function refNames(type: ResourceType): readonly string[] {
  return type.ref === undefined ? type.identifier : [type.ref];
}

/** What Ref or GetAtt gives for a live resource; undefined: it has no such attribute now. */
export function liveAttribute(
  type: ResourceType,
  observed: Observed,
  attribute: string | undefined,
): Known | undefined {
  const names = attribute === undefined ? refNames(type) : [attribute];
  if (attribute === undefined && type.ref === undefined) return { value: observed.identifier };
  const value = joinedOrPlain(names, { ...observed.properties, ...observed.attributes });
  if (value === undefined) return undefined;
  return { value, sensitive: isSensitive(type, names[0] ?? "", observed.properties) };
}

function isSensitive(type: ResourceType, name: string, properties: Readonly<Record<string, unknown>>): boolean {
  const facts: AttributeFacts | undefined = type.attributes[name];
  if (typeof facts?.sensitive === "function") return facts.sensitive({ ...properties });
  return facts?.sensitive === true || type.shape.properties[name]?.annotation.sensitive === true;
}

function joinedOrPlain(names: readonly string[], values: Readonly<Record<string, unknown>>): Value | undefined {
  return names.length === 1 ? (values[names[0] ?? ""] as Value | undefined) : joinedIdentifier(names, values);
}

/** What Ref or GetAtt will give for a resource that does not exist yet: predicted where it follows from the properties, else an Unknown. */
export function futureAttribute(
  type: ResourceType,
  logicalId: string,
  properties: Readonly<Record<string, unknown>>,
  attribute: string | undefined,
  location: Location,
): Known {
  const names = attribute === undefined ? refNames(type) : [attribute];
  const values = names.map((name) => predicted(type, name, properties, location));
  const name = names[0] ?? "";
  const sensitive = isSensitive(type, name, properties);
  if (values.length > 0 && values.every((value) => value !== undefined)) {
    return { value: values.length === 1 ? (values[0] as Value) : values.join("|"), sensitive };
  }
  const identifies =
    attribute === undefined || type.identifier.includes(attribute) || refNames(type).includes(attribute);
  const source = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
  return { value: new Unknown([source], identifies ? "changes" : "may-change", sensitive), sensitive };
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
  return future.value instanceof Unknown
    ? {
        value: new Unknown(future.value.sources, "may-change", future.value.sensitive),
        sensitive: future.sensitive ?? false,
      }
    : future;
}
