import type { Change } from "../plan/model.ts";
import { type Pointer, pointer, segmentsOf } from "../pointer.ts";
import { isRecord, stableText } from "../value.ts";
import { isPolicy, listOf, statementsOf } from "./policy.ts";
import { mask } from "./redact.ts";
import { documentIn } from "./structure.ts";
import { trafficText } from "./values.ts";

/** Why a person should look twice. `text` goes on after the resource's name: `opens tcp 22 to 0.0.0.0/0`; `would`: the same after "would". */
export interface Danger {
  kind: "replace" | "delete" | "interrupts" | "exposure" | "widening";
  text: string;
  would: string;
}

/** What is dangerous about a change: what it takes away, interrupts, opens to the world or allows to everyone. Taking such a thing back is no danger. */
export function dangersOf(change: Change): Danger[] {
  if (change.action === "none" || change.released) return [];
  const dangers: Danger[] = [];
  if (change.action === "replace") dangers.push(replacement(change));
  if (change.action === "delete") dangers.push({ kind: "delete", text: "is deleted", would: "be deleted" });
  if (change.impact === "interrupts")
    dangers.push({ kind: "interrupts", text: "is interrupted", would: "be interrupted" });
  if (change.action === "delete") return dangers;
  const { before, after } = sides(change);
  for (const [kind, find] of [
    ["exposure", exposures],
    ["widening", widenings],
  ] as const) {
    const known = new Set(before.flatMap(find).map((finding) => finding.key));
    const texts = new Set(
      after
        .flatMap(find)
        .filter((finding) => !known.has(finding.key))
        .map((finding) => finding.text),
    );
    for (const text of texts)
      dangers.push({ kind, text: `${verbs[kind].text} ${text}`, would: `${verbs[kind].would} ${text}` });
  }
  return dangers;
}

function replacement(change: Change): Danger {
  if (change.impact === "may-replace")
    return { kind: "replace", text: "may be replaced", would: "perhaps be replaced" };
  return { kind: "replace", text: "is replaced", would: "be replaced" };
}

const verbs = { exposure: { text: "opens", would: "open" }, widening: { text: "allows", would: "allow" } };

/** `key` tells two findings apart that read alike. */
interface Finding {
  key: string;
  text: string;
}

/** The values that go and the values that come. Both are canonical; a sensitive value is never looked into, since a finding would tell it. */
function sides(change: Change): { before: unknown[]; after: unknown[] } {
  const changes = change.properties.filter((property) => !property.sensitive);
  const wish =
    change.desired && mask(change.desired.properties, false, change.type.shape, change.desired.evaluated.sensitive);
  // A rule that is a resource of its own, or new as a whole: its parts only mean something together.
  const whole = change.action === "create" || (isRecord(wish) && "IpProtocol" in wish && changes.length > 0);
  if (whole) {
    const place = pointer(change.type.type);
    return { before: [named(place, change.observed?.properties)], after: [named(place, wish)] };
  }
  return {
    before: changes.map((property) => named(property.path, property.before)),
    after: changes.map((property) => named(property.path, property.after)),
  };
}

/** A value under the names that tell what it is for: outgoing rules are no exposure. */
function named(path: Pointer, value: unknown): unknown {
  return value === undefined
    ? undefined
    : segmentsOf(path).reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

/** Firewall rules that let the whole world in. */
function exposures(value: unknown): Finding[] {
  return walk(value).flatMap(({ part, path }) => {
    if (!isRecord(part) || path.some((name) => name.includes("Egress"))) return [];
    const ranges = ["CidrIp", "CidrIpv6"]
      .map((key) => part[key])
      .filter((range) => typeof range === "string" && range.endsWith("/0"));
    const traffic = "IpProtocol" in part ? trafficText(part) : "a rule";
    return ranges.map((range) => ({ key: `${traffic} ${range}`, text: `${traffic} to the world` }));
  });
}

/** Statements that allow everyone, or everything. */
function widenings(value: unknown): Finding[] {
  return walk(value).flatMap(({ part }) => {
    if (typeof part === "string" && /^arn:[\w-]+:iam::aws:policy\/AdministratorAccess$/.test(part)) {
      return [{ key: part, text: "every action (AdministratorAccess)" }];
    }
    if (!isPolicy(part)) return [];
    const allowed = statementsOf(part).filter((statement) => statement.Effect === "Allow");
    return allowed.flatMap((statement) => widthsOf(statement).map((text) => ({ key: stableText(statement), text })));
  });
}

function widthsOf(statement: Record<string, unknown>): string[] {
  const found: string[] = [];
  const everyone = listOf(statement.Principal).some(
    (principal) => principal === "*" || (isRecord(principal) && listOf(principal.AWS).includes("*")),
  );
  const suffix = statement.Condition === undefined ? "" : ", under a condition";
  if (everyone || "NotPrincipal" in statement) found.push(`everyone${suffix}`);
  if (listOf(statement.Action).some((action) => action === "*" || action === "*:*"))
    found.push(`every action${suffix}`);
  if ("NotAction" in statement) found.push(`every action but a few${suffix}`);
  return found;
}

/** Every part of a value, documents in JSON text included, with the names that lead to it. */
function walk(value: unknown, path: readonly string[] = []): { part: unknown; path: readonly string[] }[] {
  const here = [{ part: value, path }];
  if (Array.isArray(value)) return here.concat(value.flatMap((part) => walk(part, path)));
  if (isRecord(value)) return here.concat(Object.entries(value).flatMap(([name, part]) => walk(part, [...path, name])));
  const document = typeof value === "string" ? documentIn(value) : undefined;
  return document === undefined ? here : here.concat(walk(document, path));
}
