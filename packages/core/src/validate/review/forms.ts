import { type Pointer, pointer } from "../../pointer.ts";
import { type Properties, Unknown, type Value } from "../../value.ts";
import type { Finding, Review, Reviewed } from "./model.ts";

export const rangeForm: Review = {
  id: "network.range-form",
  severity: "error",
  title: "A range of addresses cannot be one",
  about:
    "A number of an IPv4 range is above 255, or the bits of its network are more than 32. Looked at is what stands in properties whose names speak of a CIDR or an address.",
  remedy: "Write it as 10.0.0.0/16: four numbers up to 255, and up to 32 bits.",
  resource: { look: (resource) => leavesOf(resource).flatMap(checkRange) },
};

export const portRange: Review = {
  id: "network.port-range",
  severity: "error",
  title: "A port is above 65535",
  about: "Ports are numbers of 16 bits. Looked at is what stands in properties whose names end with Port.",
  remedy: "Write a number that is at most 65535.",
  resource: { look: (resource) => leavesOf(resource).flatMap(checkPort) },
};

export const arnForm: Review = {
  id: "arn.form",
  severity: "error",
  title: "An ARN has too few parts",
  about:
    "What starts with arn: has six parts, with colons between them: arn:partition:service:region:account:resource. Region and account may be empty. Looked at is what stands in properties whose names end with Arn or Arns, and has no wildcard.",
  remedy:
    "Write arn:aws:service:region:account:resource; two colons follow one another where region or account are empty.",
  resource: { look: (resource) => leavesOf(resource).flatMap(checkArn) },
};

interface Leaf {
  /** Of the property it stands in, below lists. */
  name: string;
  value: string | number;
  at: Pointer;
}

const known = new WeakMap<Reviewed, readonly Leaf[]>();
const looksAt = /cidr|address|port$|arns?$/i;

/** The texts and numbers of properties with such a name. */
function leavesOf(resource: Reviewed): readonly Leaf[] {
  const found = known.get(resource);
  if (found) return found;
  const leaves: Leaf[] = [];
  collect(leaves, resource.properties, "", "");
  known.set(resource, leaves);
  return leaves;
}

function collect(leaves: Leaf[], value: Value, name: string, at: Pointer): void {
  if (typeof value === "string" || typeof value === "number") {
    if (looksAt.test(name)) leaves.push({ name, value, at });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(leaves, item, name, at + pointer(index));
  } else if (typeof value === "object" && value !== null && !(value instanceof Unknown)) {
    for (const [key, part] of Object.entries(value as Properties)) collect(leaves, part, key, at + pointer(key));
  }
}

function checkRange({ name, value, at }: Leaf): Finding[] {
  const numbers = /cidr|address/i.test(name) ? /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(String(value)) : undefined;
  const [bits = 0, ...parts] = numbers?.slice(1).map(Number).reverse() ?? [];
  if (bits <= 32 && parts.every((part) => part <= 255)) return [];
  return [{ at, message: `"${value}" is not a range of IPv4 addresses.` }];
}

function checkPort({ name, value, at }: Leaf): Finding[] {
  if (!/Port$/.test(name) || !/^\d+$/.test(String(value)) || Number(value) <= 65_535) return [];
  return [{ at, message: `There is no port ${value}.` }];
}

function checkArn({ name, value, at }: Leaf): Finding[] {
  const text = String(value);
  if (!/Arns?$/i.test(name) || !/^arn[:;.]/.test(text) || /[*?\s]/.test(text)) return [];
  if (/^arn:[a-z-]+:[^:]+:[^:]*:[^:]*:./.test(text)) return [];
  return [{ at, message: `"${text}" is not an ARN.` }];
}
