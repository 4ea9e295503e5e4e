import { stripVTControlCharacters } from "node:util";

// Values come from templates and from AWS: a control character in one could move the cursor, rewrite what was printed or answer for the
// person at the terminal; a bidirectional one shows another text than the one that is there.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line, with everything that a terminal would act on written as an escape: `\n`, `\u001b`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => named[character] ?? escaped(character.codePointAt(0) ?? 0));
}

function escaped(code: number): string {
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** Like `printable`, one column for each UTF-16 unit, so that columns of a source line still count: a tab is `→`, anything else `·`. */
export function printableInPlace(text: string): string {
  return text.replace(unsafe, (character) => (character === "\t" ? "→" : "·".repeat(character.length)));
}

/** Quoted where bare text would not show where it begins and ends. */
export function quoted(text: string): string {
  if (text !== "" && !/[\s"'`]/.test(text) && printable(text) === text) return text;
  return `"${printable(text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'))}"`;
}

/** At most `room` columns; what was cut shows as `…`. */
export function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  return `${whole(text.slice(0, Math.max(0, room - 1)))}…`;
}

/** The last `room` columns. */
export function cutStart(text: string, room: number): string {
  if (text.length <= room) return text;
  return `…${text.slice(text.length - Math.max(0, room - 1)).replace(/^[\udc00-\udfff]/, "")}`;
}

function whole(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, "");
}

/** Lines of at most `room` columns, broken between words; a longer word (an ARN, a path) stays whole, so that it can be copied. */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
      continue;
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Columns that a text takes, colours aside. */
export function columns(text: string): number {
  return stripVTControlCharacters(text).length;
}
