import type { Pointer } from "../pointer.ts";
import { segmentsOf } from "../pointer.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord, Unknown } from "../value.ts";
import { printable, quoted } from "./printable.ts";
import { childShape, hidden } from "./redact.ts";

/** A value on one line, as a person would write it down; not cut. Expects masked values. */
export function inline(value: unknown, direction: "from" | "to" = "from"): string {
  if (value === hidden) return "(sensitive)";
  if (value instanceof Unknown) return `known when applied (${printable(value.sources.join(", "))})`;
  if (value === undefined) return "(none)";
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map((part) => inline(part)).join(", ")}]`;
  if (!isRecord(value)) return String(value);
  return ruleText(value, direction) ?? tagText(value) ?? recordText(value);
}

function recordText(record: Record<string, unknown>): string {
  const parts = Object.entries(record).map(([key, part]) => `${quoted(key)}: ${inline(part)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

function tagText(record: Record<string, unknown>): string | undefined {
  const isTag = Object.keys(record).length === 2 && typeof record.Key === "string" && "Value" in record;
  return isTag ? `${inline(record.Key)}=${inline(record.Value)}` : undefined;
}

const peers = [
  "CidrIp",
  "CidrIpv6",
  "SourcePrefixListId",
  "DestinationPrefixListId",
  "SourceSecurityGroupId",
  "DestinationSecurityGroupId",
  "SourceSecurityGroupName",
];
const ruleKeys = new Set(["IpProtocol", "FromPort", "ToPort", "Description", ...peers]);

/** A rule of a firewall as one says it: `tcp 22 from 0.0.0.0/0  "temporary"`. */
function ruleText(rule: Record<string, unknown>, direction: "from" | "to"): string | undefined {
  if (!("IpProtocol" in rule)) return undefined;
  const given = peers.filter((key) => rule[key] !== undefined);
  const word = given.some((key) => key.startsWith("Destination")) ? "to" : direction;
  const rest = Object.entries(rule).filter(([key, value]) => !ruleKeys.has(key) && value !== undefined);
  return [
    trafficText(rule),
    ...given.map((key) => `${word} ${inline(rule[key])}`),
    ...rest.map(([key, value]) => `${quoted(key)}=${inline(value)}`),
    ...(rule.Description === undefined
      ? []
      : [` ${rule.Description === hidden ? "(sensitive)" : alwaysQuoted(rule.Description)}`]),
  ].join(" ");
}

function alwaysQuoted(value: unknown): string {
  const text = inline(value);
  return typeof value === "string" && !text.startsWith('"') ? `"${text}"` : text;
}

/** Protocol and ports: `tcp 22`, `udp 1024-65535`, `all traffic`. */
export function trafficText(rule: Record<string, unknown>): string {
  const protocol = rule.IpProtocol;
  const { FromPort: from, ToPort: to } = rule;
  if (protocol === "-1" || protocol === -1) return "all traffic";
  const name = inline(protocol);
  if (name.startsWith("icmp")) return from === undefined || from === -1 ? name : `${name} type ${inline(from)}`;
  if ((from === undefined && to === undefined) || from === -1 || (from === 0 && to === 65535))
    return `${name} all ports`;
  return from === to || to === undefined ? `${name} ${inline(from)}` : `${name} ${inline(from)}-${inline(to)}`;
}

/** A pointer as people write it: `Rules[tcp|22].Description`, `Tags.Team`. A last `-` (an element that only one side has) is left out. */
export function pathText(path: Pointer, shape?: Shape): string {
  const segments = segmentsOf(path);
  if (segments.at(-1) === "-") segments.pop();
  let text = "";
  let at = shape;
  for (const segment of segments) {
    text += at?.type === "array" && at.annotation.tags !== true ? `[${printable(segment)}]` : dotted(text, segment);
    at = childShape(at, segment);
  }
  return text === "" ? "(all of it)" : text;
}

/** A path with one more name: bare where that is unambiguous. */
export function dotted(path: string, name: string): string {
  if (!/^[\w:/-]+$/.test(name)) return `[${JSON.stringify(printable(name))}]`;
  return path === "" ? name : `.${name}`;
}
