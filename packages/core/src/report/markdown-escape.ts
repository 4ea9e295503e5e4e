import { printable } from "./printable.ts";

// `@`, `#`, `:`, `www` and `GH-` are looked for in the finished text as well, where a reference is already a character: only something between helps.
const telling = /[\\`*_{}[\]<>&|~$!"']|[@#]|:(?=\/\/|[\w+-]+:)|www(?=\.)|GH-(?=\d)/gi;

/**
 * Text for the running text of a Markdown comment, on one line: it shows as it is and does nothing. No emphasis, link, image, HTML, table cell,
 * mention (`@name`), issue (`#1`), link by itself (`https://…`, `www.…`) or emoji (`:name:`).
 */
export function escapeText(text: string): string {
  return (
    printable(text)
      .replace(telling, (found) => (/^[@#:wG]/i.test(found) ? `${found}&#8203;` : reference(found)))
      // At the beginning of a line: a list, a heading's underline, a block of code.
      .replace(/^\s+/, (spaces) => "&#32;".repeat(spaces.length))
      .replace(/^[-+=]/, reference)
      .replace(/^(\d+)([.)])/, (_all, digits: string, mark: string) => digits + reference(mark))
  );
}

/** A character reference is never structure in Markdown, in a table cell or in HTML, and survives a stage that takes backslashes away. */
function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** The text as code, for running text and table cells. */
export function codeSpan(text: string): string {
  const line = printable(text);
  // In a table cell no way of writing a pipe inside code is safe from every parser.
  if (line.trim() === "" || line.includes("|")) return line === "" ? "(empty)" : escapeText(line);
  const fence = "`".repeat(longestRun(line) + 1);
  const padding = /^[` ]|[` ]$/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Lines as a block of code that nothing inside can close. */
export function codeBlock(lines: readonly string[], language: string): string {
  const fence = "`".repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
  return [fence + language, ...lines.map(printable), fence].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}
