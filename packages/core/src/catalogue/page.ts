import { paintFor, paragraph, type TextOptions, widthOf } from "../report/layout.ts";
import { codeBlock } from "../report/markdown-escape.ts";
import { cut } from "../report/printable.ts";
import type { CatalogueEntry, Entry, Family } from "./model.ts";

/** The files that a diagnostic is said of, by path; none where it takes more than files. */
export function exampleFiles({ example }: Pick<Entry, "example">): Readonly<Record<string, string>> {
  return typeof example === "string" ? { "template.yaml": example } : (example ?? {});
}

/** A diagnostic's page in the documentation, as Markdown. `screen`: how it is shown for the example. */
export function diagnosticPage(entry: CatalogueEntry, screen?: string): string {
  const blocks = [
    `# ${entry.id}`,
    ...bodyOf(entry),
    ...(screen === undefined ? [] : [codeBlock(screen.split("\n"), "text")]),
    `[${entry.family}](README.md#${anchorOf(entry.family)})`,
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The same without its heading and what leads to other pages, for viewers that show it beside a diagnostic. */
export function diagnosticHelp(entry: Entry): string {
  return bodyOf(entry).join("\n\n");
}

function bodyOf(entry: Entry): string[] {
  const files = Object.entries(exampleFiles(entry)).map(([path, text]) => `\`${path}\`\n\n${shown(text)}`);
  return [
    prose(entry.says),
    prose(entry.why),
    `**What to do.** ${prose(entry.mend)}`,
    ...(entry.see === undefined ? [] : [`**See** <${entry.see}>`]),
    ...(files.length === 0 ? [] : ["## Example", ...files]),
  ];
}

/** The page that lists all others, by family. */
export function diagnosticsIndex(families: readonly Family[]): string {
  const sections = families.map(({ title, about, entries }) => {
    const rows = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = rows.map(([id, { says }]) => `| [${id}](${id}.md) | ${prose(says)} |`);
    return [`## ${title}`, prose(about), ["| | |", "| --- | --- |", ...lines].join("\n")].join("\n\n");
  });
  const about =
    "Every problem that Reconcile tells has a code. `reconcile explain CODE` prints its page. These pages are made from the table in packages/core/src/catalogue.";
  return `${["# Diagnostics", about, ...sections].join("\n\n")}\n`;
}

/** A diagnostic's page for a terminal. */
export function diagnosticText(entry: CatalogueEntry, options: TextOptions): string {
  const width = widthOf(options);
  const paint = paintFor(options);
  const files = Object.entries(exampleFiles(entry)).flatMap(([path, text]) => [
    "",
    `  ${paint.bold(path)}`,
    ...linesOf(text).map((line) => cut(`    ${line}`, width)),
  ]);
  return [
    paint.bold(entry.id),
    "",
    ...paragraph(entry.says, 2, width),
    "",
    ...paragraph(entry.why, 2, width),
    "",
    ...paragraph(`What to do: ${entry.mend}`, 2, width),
    ...(entry.see === undefined ? [] : ["", `  See ${entry.see}`]),
    ...files,
  ].join("\n");
}

/** Longer examples are there to be run, not to be read. */
const most = { lines: 30, columns: 140 };

function linesOf(text: string): string[] {
  const lines = text.trimEnd().split("\n");
  if (lines.length <= most.lines) return lines;
  return [...lines.slice(0, most.lines - 10), `# … and ${lines.length - most.lines + 10} more lines`];
}

function shown(text: string): string {
  return codeBlock(
    linesOf(text).map((line) => cut(line, most.columns)),
    "yaml",
  );
}

/** Text with `code` in it, as Markdown that shows it as it is. */
function prose(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[*_<>|\\]/g, "\\$&")))
    .join("`");
}

/** As GitHub makes it from a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
