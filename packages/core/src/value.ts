/** What evaluation gives: JSON, but for `Unknown` where a value is not known yet. */
export type Value = string | number | boolean | null | Unknown | Value[] | { [key: string]: Value };
/** JSON without unknowns: what handlers see. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Properties = { [key: string]: Value };

/**
 * A value that is not known yet, with what it comes from. Any function over something unknown gives one Unknown with the sources of all its parts.
 *
 * - `unread`: nothing was looked up yet (offline validation).
 * - `changes`: an identifier of something that this plan creates or replaces: it differs from every live value.
 * - `may-change`: anything else of something that this plan touches: it may turn out to be equal.
 */
export class Unknown {
  /** `Vpc.VpcId`, `env:NAME`, `ssm:/name`, `prefix-list:name`: sorted, without repetition. */
  readonly sources: readonly string[];
  readonly certainty: "unread" | "changes" | "may-change";
  readonly sensitive: boolean;

  constructor(sources: readonly string[], certainty: Unknown["certainty"], sensitive = false) {
    this.sources = [...new Set(sources)].sort();
    this.certainty = certainty;
    this.sensitive = sensitive;
  }

  /** Text made from an unknown would look like a value: that is always a bug, or a prediction that needs what is not known. */
  [Symbol.toPrimitive](): never {
    throw new UnknownUsedError(this);
  }

  /** The form in which plans are printed and stored. */
  toJSON(): { unknown: readonly string[] } {
    return { unknown: this.sources };
  }
}

/** How an Unknown names what comes from a resource: `Vpc` for its Ref, `Vpc.VpcId` for an attribute. */
export function sourceOf(logicalId: string, attribute: string | undefined): string {
  return attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
}

/** The logical id in such a source; `stack/Vpc` for a resource of another stack. */
export function resourceIn(source: string): string {
  return source.split(".", 1).join();
}

/** Something computed with a value that is not known yet. */
export class UnknownUsedError extends Error {
  override readonly name = "UnknownUsedError";
  constructor(unknown: Unknown) {
    super(`${unknown.sources.join(", ")} is not known yet`);
  }
}

const certainties = ["may-change", "unread", "changes"] as const;

/** One Unknown for a function over several: all sources, and the strongest certainty. */
export function joinUnknowns(parts: readonly Unknown[]): Unknown {
  const certainty = certainties[Math.max(...parts.map((part) => certainties.indexOf(part.certainty)))] ?? "may-change";
  return new Unknown(
    parts.flatMap((part) => part.sources),
    certainty,
    parts.some((part) => part.sensitive),
  );
}

/** Is it a map of values: no list, no unknown? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);
}

/** A record with the same keys, `__proto__` among them, and other values. */
export function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (key: string, value: V) => W,
): Record<string, W> {
  const mapped: Record<string, W> = {};
  for (const key of Object.keys(record)) setOwn(mapped, key, change(key, record[key] as V));
  return mapped;
}

/** An assignment to `__proto__` would set the prototype; this always makes a key. */
export function setOwn<V>(record: Record<string, V>, key: string, value: V): void {
  if (key === "__proto__")
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  else record[key] = value;
}

/** Every Unknown in a value, at any depth. */
export function unknownsIn(value: unknown): Unknown[] {
  if (value instanceof Unknown) return [value];
  if (Array.isArray(value)) return value.flatMap(unknownsIn);
  return isRecord(value) ? Object.values(value).flatMap(unknownsIn) : [];
}

/** Is it, or does it hold at any depth, what is not known yet? */
export function containsUnknown(value: unknown): boolean {
  if (value instanceof Unknown) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isRecord(value) && Object.values(value).some(containsUnknown);
}

/**
 * As YAML spells them, 1.1 included, which CloudFormation reads: its templates say `yes` and `on`. Here these arrive as text, as from a parameter, which has no boolean type.
 */
const booleans: ReadonlyMap<string, boolean> = new Map(
  ["true", "yes", "on", "false", "no", "off"].flatMap((word, index) => {
    const spellings = [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()];
    return spellings.map((spelling) => [spelling, index < 3] as const);
  }),
);

/** What a text says that is meant as true or false; undefined: neither. */
export function booleanOf(text: string): boolean | undefined {
  return booleans.get(text);
}

/** JSON text with sorted keys: equal values give equal text. */
export function stableText(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (isRecord(part) ? sortKeys(part) : part)) ?? "undefined";
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  const sorted: [string, unknown][] = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(sorted);
}
