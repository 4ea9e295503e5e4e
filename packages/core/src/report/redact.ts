import { pointer } from "../pointer.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord, type Json, Unknown } from "../value.ts";
import { escapeText } from "./markdown-escape.ts";
import { printable } from "./printable.ts";

/** Stands for a value that must not be shown. One object, compared by identity: a property that happens to look the same is not it. */
export const hidden = Object.freeze({ sensitive: true as const });
const replacement = "(sensitive)";

/** The value with `hidden` in place of everything that its shape calls sensitive, or of all of it. `paths`: pointers that are sensitive by their source. */
export function mask(value: unknown, sensitive: boolean, shape?: Shape, paths?: ReadonlySet<string>, at = ""): unknown {
  if (value === undefined) return undefined;
  if (sensitive || shape?.annotation.sensitive || paths?.has(at)) return hidden;
  if (Array.isArray(value))
    return value.map((part, index) => mask(part, false, childShape(shape, String(index)), paths, at + pointer(index)));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, part]) => [key, mask(part, false, childShape(shape, key), paths, at + pointer(key))]),
  );
}

/** The parts of a value that `mask` takes out of it. */
export function collectHidden(
  value: unknown,
  shape: Shape | undefined,
  paths: ReadonlySet<string>,
  at = "",
): unknown[] {
  if (shape?.annotation.sensitive || paths.has(at)) return [value];
  if (Array.isArray(value))
    return value.flatMap((part, index) =>
      collectHidden(part, childShape(shape, String(index)), paths, at + pointer(index)),
    );
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    collectHidden(part, childShape(shape, key), paths, at + pointer(key)),
  );
}

/** The shape of a part: a property, an element or a map's value. Own names only. */
export function childShape(shape: Shape | undefined, segment: string): Shape | undefined {
  if (shape?.type === "union")
    return shape.branches.map((branch) => childShape(branch, segment)).find((child) => child !== undefined);
  if (shape?.type === "object") return Object.hasOwn(shape.properties, segment) ? shape.properties[segment] : undefined;
  return shape?.items;
}

/** A value as output shows it: `{"unknown": […]}` for what is not known yet, `{"sensitive": true}` for what must not be shown. */
export function shown(value: unknown, sensitive: boolean, shape?: Shape): Json {
  return plain(mask(value, sensitive, shape));
}

function plain(value: unknown): Json {
  if (value === hidden) return { sensitive: true };
  if (value instanceof Unknown) return { unknown: [...value.sources] };
  if (Array.isArray(value)) return value.map(plain);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  return typeof value === "number" && Number.isFinite(value) ? value : String(value);
}

/**
 * The last filter before any sink: gives the text with every secret replaced by "(sensitive)", plain or as JSON, URLs, HTML, Markdown, the terminal or base64
 * (at any of its three alignments) write it. Values under four characters are left: they are part of too many words. Lines of a secret count by themselves.
 */
export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const part of partsOf(secret)) {
      for (const form of formsOf(part)) forms.add(form);
    }
  }
  return (text) => replaceAll(text, forms);
}

/**
 * The redactor over a JSON document, value by value: names and structure stay as they are, so that it is a document of the contract whatever the secrets are. `words`: the
 * names under which there are words of closed lists.
 */
export function redactDocument<T>(document: T, redact: (text: string) => string, words = closedLists): T {
  return redactPart(document, { redact, words }, false) as T;
}

/** What a sink filters with: texts, and documents. */
export const filters = { createRedactor, redactDocument };

/** Words of the contract's closed lists: a secret that is called `update` must not break every document. */
const closedLists: ReadonlySet<string> = new Set([
  "formatVersion",
  "fingerprint",
  "event",
  "action",
  "reasons",
  "reason",
  "cause",
  "impact",
  "severity",
  "code",
  "operation",
  "outcome",
  "verdict",
  "overallStatus",
  "steps",
]);
/** Below these, names are people's own as well. */
const free = new Set(["before", "after", "value"]);

interface Filter {
  redact: (text: string) => string;
  words: ReadonlySet<string>;
}

function redactPart(part: unknown, filter: Filter, isFree: boolean): unknown {
  const { redact, words } = filter;
  if (typeof part === "string") return redact(part);
  // Lines, counts and durations are ours; a number that somebody declared may be a secret PIN.
  if (typeof part === "number") return !isFree || redact(String(part)) === String(part) ? part : replacement;
  if (Array.isArray(part)) return part.map((each) => redactPart(each, filter, isFree));
  // An Unknown holds names of things, and stays an Unknown.
  if (!isRecord(part)) return part;
  const entries = Object.entries(part).map(([key, value]) => {
    if (isFree) return [redact(key), redactPart(value, filter, true)];
    return [key, words.has(key) && isWord(value) ? value : redactPart(value, filter, free.has(key))];
  });
  return Object.fromEntries(entries);
}

/** One word, or several. */
function isWord(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((each) => typeof each === "string"));
}

const shortest = 4;
/** A line of a key or a certificate is telling by itself, and text diffs show lines. Shorter ones (`{`, `---`) are in too many texts. */
const shortestLine = 8;

function partsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const telling = lines.length > 1 ? lines.filter((line) => line.length >= shortestLine) : [];
  return [secret, secret.trim(), ...telling].filter((part) => part.length >= shortest);
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const jsonTwice = JSON.stringify(json).slice(1, -1);
  // A lone half of a surrogate pair cannot be URL-encoded.
  const wellFormed = secret.replace(/\p{Cs}/gu, "\ufffd");
  const percent = encodeURIComponent(wellFormed);
  const rfc3986 = percent.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ s: wellFormed }).toString().slice("s=".length);
  const urls = [percent, rfc3986, encodeURI(wellFormed), rfc3986.replaceAll("%20", "+"), form];
  const html = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const htmlQuoted = [
    html.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    html.replaceAll('"', "&#34;").replaceAll("'", "&#x27;"),
  ];
  return [
    secret,
    json,
    json.replaceAll("/", "\\/"),
    jsonTwice,
    printable(secret),
    printable(secret.replaceAll("\\", "\\\\").replaceAll('"', '\\"')),
    // As services quote it that are not written in JSON's relatives.
    printable(secret.replaceAll("\\", "\\\\").replaceAll("'", "\\'")),
    escapeText(secret),
    escapeText(`x${secret}`).slice(1),
    html,
    ...htmlQuoted,
    ...urls,
    ...urls.map((url) => url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    ...[0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
  ];
}

/** What base64 of a text contains when the secret stands in it after `offset` (modulo 3) bytes: the characters that depend on the secret alone. */
function base64Forms(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, "utf8")]);
  const text = bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
}

/** All places of all forms are found first and overlapping ones joined: replacing one after the other would leave the tail of the second. */
function replaceAll(text: string, forms: ReadonlySet<string>): string {
  const hits: { start: number; end: number }[] = [];
  for (const form of forms) {
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1))
      hits.push({ start, end: start + form.length });
  }
  if (hits.length === 0) return text;
  hits.sort((a, b) => a.start - b.start);
  let result = "";
  let position = 0;
  for (const { start, end } of hits) {
    if (start >= position) result += text.slice(position, start) + replacement;
    position = Math.max(position, end);
  }
  return result + text.slice(position);
}
