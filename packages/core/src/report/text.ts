import type { Change, Plan, StackPlan } from "../plan/model.ts";
import { nameOf } from "../stack/path.ts";
import { dangersOf } from "./dangers.ts";
import { type DifferenceLine, differencesOf, type ShownDifference } from "./differences.ts";
import { bothEnds, type Paint, paintFor, paragraph, type Row, type TextOptions, tableOf, widthOf } from "./layout.ts";
import { columns, cut, cutStart, printable } from "./printable.ts";
import {
  actionWord,
  asDeclared,
  callsText,
  countsOf,
  driftHeading,
  duration,
  isRefused,
  notDeclared,
  notesOf,
  refusalsOf,
  remarksOf,
  shortRevision,
  showsProperties,
  stackName,
  waitedTexts,
  withFix,
} from "./words.ts";

/** What is known of a plan beyond its content. */
export interface PlanFacts {
  /** How long planning took, by stack name, in milliseconds. */
  durationMs: Readonly<Record<string, number>>;
}

/** How to lay out a plan as text. */
export interface PlanTextOptions extends TextOptions, PlanFacts {
  /** Unchanged resources, every note and every line of a difference too. */
  all?: boolean;
  /** The plan is made to be looked at, and not to be applied. */
  readOnly?: boolean;
  /** Names of stacks whose files are not as the revision has them. */
  dirty?: ReadonlySet<string>;
}

/**
 * A plan for a terminal: per stack what is dangerous, what is made, changed and let go, drift apart, what is left alone, and one line of counts; then what was refused.
 * A stack without changes is one line. Lines end without a newline at the end of the text.
 */
export function renderPlan(plan: Plan, options: PlanTextOptions): string {
  const blocks = plan.stacks.map((stack) => stackLines(plan, stack, options).join("\n"));
  const closing = diagnosticLines(plan, options);
  const end = closing.length === 0 ? [] : [closing.join("\n")];
  const isQuiet =
    plan.stacks.every((stack) => !hasChanges(stack) && notesOf(stack).length === 0) && options.all !== true;
  const text = blocks.join(isQuiet ? "\n" : "\n\n");
  return [text, ...end].join(plan.stacks.length > 1 ? "\n\n" : "\n");
}

function hasChanges(stack: StackPlan): boolean {
  return stack.changes.some((change) => change.action !== "none");
}

function stackLines(plan: Plan, stack: StackPlan, options: PlanTextOptions): string[] {
  const paint = paintFor(options);
  const width = widthOf(options);
  const calls = plan.calls[stack.stack.stack.name];
  const waited = waitedTexts(calls)
    .flatMap((text) => paragraph(text, 2, width))
    .map(paint.dim);
  const facts = `${callsText(calls)} · ${duration(options.durationMs[stack.stack.stack.name] ?? 0)}`;
  const quiet = !hasChanges(stack);
  const noted = notedLines(stack, options, paint);
  if (quiet && options.all !== true) {
    const counts = `${stackName(stack, "short")} · ${asDeclared(stack.changes.length)}`;
    return [...closingLine(counts, facts, width, paint), ...waited, ...(noted.length === 0 ? [] : ["", ...noted])];
  }
  const sections = [...changeSections(plan, stack, options, paint), noted].filter((section) => section.length > 0);
  return [
    ...bothEnds(
      paint.bold(stackName(stack)),
      paint.dim(revisions(plan, options.dirty?.has(stack.stack.stack.name))),
      width,
    ),
    ...sections.flatMap((section) => ["", ...section]),
    "",
    ...closingLine(countsText(stack), facts, width, paint),
    ...waited,
  ];
}

function revisions({ base, revision }: Plan, dirty = false): string {
  const changes = dirty ? " + changes" : "";
  if (base === null) return revision === null ? "" : `at ${shortRevision(revision)}${changes}`;
  if (revision === null || revision === base) return `at ${shortRevision(base)}${changes}`;
  return `base ${shortRevision(base)} → head ${shortRevision(revision)}${changes}`;
}

/** What the run would do, by how much a reader has to look at it. */
function changeSections(plan: Plan, stack: StackPlan, options: PlanTextOptions, paint: Paint): string[][] {
  const refusals = refusalsOf(plan);
  // Where everything goes, the reason is the command.
  const silent = stack.changes.every((change) => change.action === "delete") ? notDeclared : undefined;
  const entries = stack.changes.map((change) => {
    const remarks = remarksOf(change, isRefused(change, refusals)).filter((each) => each !== silent);
    const remark = remarks.map(printable).join(", ");
    const group = groupOf(change);
    return { change, group, row: rowOf(change, symbols[group === "danger" ? "danger" : actionWord(change)], remark) };
  });
  const visible = entries.filter((entry) => entry.group !== "unchanged" || options.all === true);
  const lines = tableOf(
    visible.map((entry) => entry.row),
    widthOf(options),
    paint,
    (symbol) => styleOf(symbol, paint),
  );
  const section = (wanted: Group, heading: string | undefined): string[] => {
    const found = visible.filter((entry) => entry.group === wanted).sort((a, b) => order(a.change) - order(b.change));
    if (found.length === 0) return [];
    const body = found.flatMap(({ change, row }) => [
      ...(lines.get(row) ?? []),
      ...propertyLines(change, options, paint),
    ]);
    return heading === undefined ? body : [`  ${paint.bold(heading)}`, ...body];
  };
  return [
    section("danger", undefined),
    section("change", undefined),
    section("drift", driftHeading(plan, options.readOnly)),
    section("unchanged", "as declared"),
  ];
}

type Group = "danger" | "change" | "drift" | "unchanged";

function groupOf(change: Change): Group {
  if (change.action === "none") return "unchanged";
  if (dangersOf(change).length > 0) return "danger";
  return change.cause === "drift" ? "drift" : "change";
}

const symbols = {
  danger: "!",
  create: "+",
  update: "~",
  replace: "!",
  delete: "-",
  release: "-",
  adopt: "»",
  none: "=",
} as const;
const actions = ["replace", "delete", "create", "update", "release", "adopt", "none"];

function order(change: Change): number {
  return actions.indexOf(actionWord(change));
}

function styleOf(symbol: string, paint: Paint): (text: string) => string {
  if (symbol === "!") return paint.red;
  if (symbol === "+") return paint.green;
  if (symbol === "=") return paint.dim;
  return symbol === "-" ? paint.red : paint.yellow;
}

function rowOf(change: Change, symbol: string, remark: string): Row {
  const action = change.action === "none" ? "" : actionWord(change);
  const place = `${cutStart(printable(nameOf(change.place.file)), 24)}:${change.place.line}`;
  return { symbol, name: printable(change.logicalId), type: printable(change.type.type), action, remark, place };
}

const labelWidth = 28;

/** Of a changed resource what changes; one that is made or goes as a whole is one line. */
function propertyLines(change: Change, options: PlanTextOptions, paint: Paint): string[] {
  if (!showsProperties(change)) return [];
  const width = widthOf(options);
  const differences = differencesOf(change, {
    room: width - 10,
    limit: options.all === true ? Number.POSITIVE_INFINITY : 10,
  });
  const labels = differences.map((difference) => difference.label.length).filter((length) => length <= labelWidth);
  const column = Math.max(0, ...labels);
  return differences.flatMap((difference) => differenceLines(difference, column, width, paint));
}

function differenceLines(difference: ShownDifference, column: number, width: number, paint: Paint): string[] {
  const note = difference.notes.length === 0 ? "" : `  (${difference.notes.join(", ")})`;
  const noted = note === "" ? "" : paint.dim(note);
  const [only, ...more] = difference.lines;
  if (only && more.length === 0 && difference.label.length <= column) {
    const line = `      ${difference.label.padEnd(column)}  ${signed(only, paint)}${noted}`;
    if (columns(line) <= width) return [line];
  }
  const fits = 6 + difference.label.length + note.length <= width;
  const heading = fits ? [difference.label + noted] : [difference.label, noted];
  const body = difference.lines.map((line) => `        ${signed(line, paint)}`);
  return [...heading.map((line) => `      ${line}`), ...body];
}

function signed({ sign, text }: DifferenceLine, paint: Paint): string {
  if (sign === "") return text;
  const style = sign === "+" ? paint.green : sign === "-" ? paint.red : paint.yellow;
  return style(`${sign} ${text}`);
}

const noteLimit = 8;

function notedLines(stack: StackPlan, options: PlanTextOptions, paint: Paint): string[] {
  const notes = notesOf(stack);
  if (notes.length === 0) return [];
  const shown = options.all === true || notes.length <= noteLimit + 1 ? notes : notes.slice(0, noteLimit);
  const rest = notes.length - shown.length;
  const width = widthOf(options);
  const lines = shown.flatMap((note) => paragraph(note, 4, width).map((line) => cut(line, width)));
  return [
    `  ${paint.bold("noted, left alone")}`,
    ...lines,
    ...(rest > 0 ? [`    … ${rest} more (--all shows them)`] : []),
  ];
}

function countsText(stack: StackPlan): string {
  const counts = countsOf(stack.changes);
  const always = [
    `${counts.create} to create`,
    `${counts.update} to update`,
    `${counts.replace} to replace`,
    `${counts.delete} to delete`,
  ];
  const others = [
    [counts.adopt, "to adopt"],
    [counts.release, "to release"],
    [counts.drifted, "drifted"],
    [counts.unchanged, "unchanged"],
  ] as const;
  return [...always, ...others.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`)].join(" · ");
}

function closingLine(counts: string, facts: string, width: number, paint: Paint): string[] {
  if (counts.length + 5 + facts.length <= width) return [`${counts}     ${paint.dim(facts)}`];
  return [...paragraph(counts, 0, width), paint.dim(facts)];
}

const severityWords = { error: "refused", warning: "warning", note: "note" };

function diagnosticLines(plan: Plan, options: PlanTextOptions): string[] {
  const paint = paintFor(options);
  const style = { error: paint.red, warning: paint.yellow, note: paint.dim };
  const ranked = (["error", "warning", "note"] as const).flatMap((severity) =>
    plan.diagnostics.filter((each) => each.severity === severity),
  );
  return ranked.flatMap((diagnostic) => {
    const word = severityWords[diagnostic.severity];
    const { place, severity } = diagnostic;
    // What was refused is in the plan above, with its place.
    const where = place && severity !== "error" ? `${nameOf(place.file)}:${place.line} ` : "";
    const text = printable(`${where}${withFix(diagnostic)}`);
    const [first = "", ...rest] = paragraph(text, word.length + 2, widthOf(options));
    return [`${style[diagnostic.severity](`${word}:`)} ${first.trimStart()}`, ...rest];
  });
}
