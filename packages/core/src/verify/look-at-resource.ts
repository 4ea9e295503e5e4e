import { RE2JS } from "re2js";
import { canonicalProperties } from "../plan/canonical.ts";
import { confirmTags } from "../plan/confirm-tags.ts";
import { liveAttribute } from "../plan/environment.ts";
import { type Pointer, pointer, segmentsOf, valueAt } from "../pointer.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { found, isSecret } from "../validate/words.ts";
import { isRecord, stableText } from "../value.ts";
import type { Finding } from "./model.ts";
import type { AwsSettings } from "./settings.ts";

/** A resource as it is declared and was found. */
export interface Subject<C extends Cloud> {
  cloud: C;
  type: ResourceType<C>;
  /** undefined: it is not there. */
  identifier: string | undefined;
}

/** Reads a resource and looks at one of its attributes or properties. Rejects as the read does. */
export async function lookAtResource<C extends Cloud>(
  aws: AwsSettings,
  { cloud, type, identifier }: Subject<C>,
  show: (path: Pointer, text: string) => string,
): Promise<Finding> {
  const read = identifier === undefined ? undefined : await type.handlers.read(cloud, identifier);
  const observed = read && isOfTags(aws) ? await confirmTags(type, cloud, read) : read;
  if (!observed || type.handlers.gone?.(observed))
    return { outcome: "failed", message: "it does not exist", advice: "Run reconcile: it makes what is declared." };
  const { value, secret } =
    aws.attribute === undefined ? propertyOf(aws, type, observed) : attributeOf(aws.attribute, type, observed);
  const name = aws.attribute ?? aws.property;
  const isThere = value !== undefined && value !== null;
  const shown = isThere ? found(value, secret) : "not set";
  const wrong = (message: string): Finding => ({
    outcome: "failed",
    message,
    advice: `See what sets ${name}, or correct the check.`,
  });
  if (aws.equals !== undefined && !isEqual(aws, type, observed, value)) {
    const wanted = show("/aws/equals", found(aws.equals, secret));
    return wrong(`${name} is ${shown}, ${wanted === shown ? "and not that of the check" : `not ${wanted}`}`);
  }
  if (aws.matches !== undefined && !(isThere && RE2JS.compile(aws.matches).matcher(textOf(value)).find()))
    return wrong(`${name} is ${shown}, which does not match ${show("/aws/matches", aws.matches)}`);
  if (!isThere) return wrong(`${name} is not set`);
  return { outcome: "passed", message: `${name} is ${shown}` };
}

interface Live {
  value: unknown;
  secret: boolean;
}

/** `State.Name` is a part of `State` where no attribute has the whole name. */
function attributeOf<C extends Cloud>(name: string, type: ResourceType<C>, observed: Observed): Live {
  const whole = liveAttribute(type as ResourceType, observed, name);
  if (whole) return { value: whole.value, secret: whole.sensitive === true };
  const [first = "", ...rest] = name.split(".");
  const part = liveAttribute(type as ResourceType, observed, first);
  return { value: valueAt(part?.value, pointer(...rest)), secret: part?.sensitive === true };
}

function pathOf({ property = "" }: AwsSettings): Pointer {
  return property.startsWith("/") ? property : pointer(property);
}

/** No type reads its tags into its properties: they are found by their keys, as plans name them. */
function isOfTags(aws: AwsSettings): boolean {
  return segmentsOf(pathOf(aws))[0] === "Tags";
}

function propertyOf<C extends Cloud>(aws: AwsSettings, type: ResourceType<C>, observed: Observed): Live {
  const path = pathOf(aws);
  if (isOfTags(aws)) return { value: valueAt({ Tags: observed.tags }, path), secret: false };
  const secrets = new Set(type.secrets?.(observed.properties) ?? []);
  return {
    value: valueAt(canonicalProperties(type as ResourceType, observed.properties), path),
    secret: isSecret(type.shape, { sensitive: secrets }, path),
  };
}

/** A property is compared in the form in which plans compare it; single values as text, since the check's own has no type. */
function isEqual<C extends Cloud>(
  aws: AwsSettings,
  type: ResourceType<C>,
  observed: Observed,
  value: unknown,
): boolean {
  const { equals } = aws;
  if (typeof equals !== "object" || equals === null) return value !== undefined && textOf(value) === String(equals);
  if (aws.attribute !== undefined || isOfTags(aws)) return stableText(value) === stableText(equals);
  const path = pathOf(aws);
  const canonical = (properties: unknown) =>
    canonicalProperties(type as ResourceType, properties as Record<string, unknown>);
  // Into the canonical ones, in whose order the elements of a list are counted.
  const wished = withValueAt(canonical(observed.properties), segmentsOf(path), equals);
  return stableText(value) === stableText(valueAt(canonical(wished), path));
}

function textOf(value: unknown): string {
  return typeof value === "object" ? stableText(value) : String(value);
}

function withValueAt(whole: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((item, index) => (String(index) === first ? withValueAt(item, rest, value) : item));
  const record = isRecord(whole) ? whole : {};
  return { ...record, [first]: withValueAt(record[first], rest, value) };
}
