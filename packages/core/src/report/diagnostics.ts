import { codeFrameColumns } from "@babel/code-frame";
import { type Diagnostic, hasErrors, type Place, sortDiagnostics } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";
import { type Paint, paintFor, paragraph, type TextOptions, widthOf } from "./layout.ts";
import { printable, printableInPlace } from "./printable.ts";
import { fixText, plural } from "./words.ts";

/** How to lay out diagnostics as text. */
export interface DiagnosticOptions extends TextOptions {
  /** The text of a file as it was read; undefined: not at hand, and the place stands alone. */
  sources(file: string): string | undefined;
}

/** Diagnostics as a compiler gives them, sorted by place: a header, the source with carets under the exact range, what is wrong, what to do. "" for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: DiagnosticOptions): string {
  const paint = paintFor(options);
  const lines = linesWithoutSecrets(diagnostics, options.sources);
  const blocks = sortDiagnostics(diagnostics).map((diagnostic) =>
    diagnosticLines(diagnostic, lines, widthOf(options), paint).join("\n"),
  );
  if (blocks.length > 1) blocks.push(paint.bold(countText(diagnostics)));
  return blocks.join("\n\n");
}

/** More names would not be read. */
const mostNames = 8;

/** One line on what was looked at and found: `valid   a, b: 12 resources · 1 warning`. */
export function validationSummary(stacks: readonly Stack[], diagnostics: readonly Diagnostic[]): string {
  const names = stacks.map((stack) => printable(stack.name));
  const which = names.length > mostNames ? plural(names.length, "stack") : names.join(", ");
  const resources = stacks.reduce((sum, stack) => sum + stack.template.resources.size, 0);
  const parts = [which === "" ? "" : `${which}: ${plural(resources, "resource")}`, countText(diagnostics)];
  const verdict = hasErrors(diagnostics) ? "invalid" : "valid";
  return `${verdict}   ${parts.filter((part) => part !== "").join(" · ")}`;
}

/** `2 errors, 1 warning`. */
function countText(diagnostics: readonly Diagnostic[]): string {
  const words = (["error", "warning", "note"] as const).map((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return count === 0 ? "" : plural(count, severity);
  });
  return words.filter((word) => word !== "").join(", ");
}

/** Of a file; undefined: not at hand. */
type Lines = (file: string) => readonly string[] | undefined;

function diagnosticLines(diagnostic: Diagnostic, lines: Lines, width: number, paint: Paint): string[] {
  const frame = diagnostic.place ? codeFrame(diagnostic.place, lines(diagnostic.place.file), width, paint) : [];
  const body = messageLines(diagnostic, width, paint);
  return [...headerLines(diagnostic, width, paint), "", ...frame, ...body];
}

function headerLines(diagnostic: Diagnostic, width: number, paint: Paint): string[] {
  const style = { error: paint.red, warning: paint.yellow, note: paint.cyan }[diagnostic.severity];
  const place = diagnostic.place && placeText(diagnostic.place);
  const parts = [place, diagnostic.resource && printable(diagnostic.resource)].filter((part) => part !== undefined);
  const start = `${diagnostic.severity}  ${printable(diagnostic.code)}`;
  const painted = `${style(paint.bold(diagnostic.severity))}  ${paint.bold(printable(diagnostic.code))}`;
  // What has no room goes below, so that nothing is broken in the middle of a path.
  const lines = [{ length: start.length, text: painted }];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line && line.length + 3 + part.length <= width) {
      line.length += 3 + part.length;
      line.text += `   ${part}`;
    } else lines.push({ length: 2 + part.length, text: `  ${part}` });
  }
  return lines.map((line) => line.text);
}

function placeText({ file, line, column }: Place): string {
  return `${printable(file)}:${line}:${column}`;
}

function messageLines(diagnostic: Diagnostic, width: number, paint: Paint): string[] {
  const message = diagnostic.message.split("\n").flatMap((line) => paragraph(printable(line), 2, width));
  const [fix = "", ...more] =
    diagnostic.remedy === undefined
      ? []
      : paragraph(fixText(diagnostic.remedy.split("\n").map(printable).join(" ")), 2, width);
  const remedy = fix === "" ? [] : [fix.replace("Fix:", paint.green("Fix:")), ...more];
  const related = (diagnostic.related ?? []).flatMap((each) =>
    paragraph(`see ${placeText(each.place)}: ${printable(each.message)}`, 2, width),
  );
  return [...message, ...remedy, ...related];
}

/** The lines of each file, cut once, without the secrets that diagnostics found in them: the lines above another place may hold one as well. */
function linesWithoutSecrets(diagnostics: readonly Diagnostic[], sources: DiagnosticOptions["sources"]): Lines {
  const places = diagnostics.flatMap(({ code, place }) =>
    place && ["secret.literal", "secret.key"].includes(code) ? place : [],
  );
  const known = new Map<string, string[] | undefined>();
  return (file) => {
    if (known.has(file)) return known.get(file);
    const lines = sources(file)?.split("\n");
    for (const place of places) if (lines && place.file === file) blot(lines, place);
    known.set(file, lines);
    return lines;
  };
}

function blot(lines: string[], { line, column, end }: Place): void {
  const last = end?.line ?? line;
  for (let number = line; number <= last; number += 1) {
    const text = lines[number - 1] ?? "";
    const from = number === line ? column - 1 : 0;
    const to = number === end?.line ? end.column - 1 : text.length;
    lines[number - 1] = text.slice(0, from) + "•".repeat(Math.max(0, to - from)) + text.slice(to);
  }
}

const linesAbove = 2;

/** The line, two above it, and carets; lines that are too long are cut around the carets, all at the same column. */
function codeFrame(place: Place, lines: readonly string[] | undefined, width: number, paint: Paint): string[] {
  const line = lines?.[place.line - 1]?.replace(/\r$/, "");
  if (!lines || line === undefined) return [];
  const first = Math.max(1, place.line - linesAbove);
  const room = Math.max(20, width - `> ${place.line} | `.length);
  const column = Math.min(Math.max(1, place.column), line.length + 1);
  // A range over several lines is marked to the end of its first.
  const end = place.end?.line === place.line ? place.end.column : place.end ? line.length + 1 : column + 1;
  const offset =
    Math.max(column, Math.min(end, column + room)) - 1 <= room
      ? 0
      : Math.max(0, Math.min(column - 1 - Math.floor(room / 3), line.length - room));
  const window = lines
    .slice(first - 1, place.line)
    .map((text) => cutAt(printableInPlace(text.replace(/\r$/, "")), offset, room));
  const [from, to] = [column - offset, Math.max(column + 1, Math.min(end, line.length + 1)) - offset];
  const location = {
    start: { line: place.line, column: from },
    end: { line: place.line, column: Math.min(to, room + 1) },
  };
  // Its types do not know startLine yet: a variable may have more properties than they name.
  const frameOptions = { startLine: first, linesAbove, linesBelow: 0 };
  const frame = codeFrameColumns(window.join("\n"), location, frameOptions);
  return frame.split("\n").map((text) => paintFrameLine(text.trimEnd(), paint));
}

function cutAt(text: string, offset: number, room: number): string {
  const start = offset > 0 && text.length > 0 ? `…${text.slice(offset + 1)}` : text;
  return start.length <= room ? start : `${start.slice(0, room - 1)}…`;
}

/** The library would colour YAML as if it were JavaScript. */
function paintFrameLine(line: string, paint: Paint): string {
  const [, gutter = "", rest = ""] = /^([> ] *\d* \|)(.*)$/.exec(line) ?? [];
  if (/^ *\^+$/.test(rest) && !/\d/.test(gutter)) return paint.dim(gutter) + paint.red(rest);
  return gutter === "" ? line : gutter.startsWith(">") ? paint.bold(gutter) + rest : paint.dim(gutter) + rest;
}
