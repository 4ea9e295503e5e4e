import { diffLines } from "diff";
import type { Change, PropertyChange } from "../plan/model.ts";
import { type Pointer, segmentsOf } from "../pointer.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord, stableText } from "../value.ts";
import { isPolicy, policyDifferences } from "./policy.ts";
import { cut, printable, quoted } from "./printable.ts";
import { childShape, hidden, mask } from "./redact.ts";
import { documentIn, leafDifferences } from "./structure.ts";
import { inline, pathText } from "./values.ts";

/** The differences of one property, ready to be laid out. */
export interface ShownDifference {
  label: string;
  lines: readonly DifferenceLine[];
  /** What a reader should know about it: `drift`, `forces the replacement`. */
  notes: readonly string[];
}

/** `+` is only wished for, `-` only live, `~` changed in part; "" holds both sides: `before → after`. */
export interface DifferenceLine {
  sign: "" | "+" | "-" | "~";
  text: string;
}

export interface DifferenceOptions {
  /** Columns a line may take. */
  room: number;
  /** Lines that one property may take; the rest is counted. */
  limit: number;
}

/** The changed properties of a resource in the plan's order; changes under one label are one difference. Redacted and printable. */
export function differencesOf(change: Change, options: DifferenceOptions): ShownDifference[] {
  const byLabel = new Map<string, { lines: DifferenceLine[]; notes: Set<string> }>();
  for (const property of change.properties) {
    const shape = shapeOfPath(change.type.shape, property.path);
    const label = cut(pathText(labelPath(property, change.type.shape), change.type.shape), options.room);
    const difference = byLabel.get(label) ?? { lines: [], notes: new Set() };
    difference.lines.push(...linesOf(property, shape, options));
    for (const note of notesOf(change, property)) difference.notes.add(note);
    byLabel.set(label, difference);
  }
  return [...byLabel].map(([label, { lines, notes }]) => ({
    label,
    lines: limited(lines, options.limit),
    notes: [...notes],
  }));
}

/** An element that only one side has says itself what it is: its key or index would say it twice. */
function labelPath({ path, before, after }: PropertyChange, shape: Shape): Pointer {
  const parent = path.slice(0, path.lastIndexOf("/"));
  const inList = shapeOfPath(shape, parent);
  const isElement =
    inList?.type === "array" && inList.annotation.tags !== true && (before === undefined || after === undefined);
  return isElement ? parent : path;
}

function shapeOfPath(shape: Shape, path: string): Shape | undefined {
  return segmentsOf(path).reduce<Shape | undefined>(childShape, shape);
}

function notesOf(change: Change, property: PropertyChange): string[] {
  const notes: string[] = [];
  if (property.requiresReplacement)
    notes.push(change.impact === "may-replace" ? "may force the replacement" : "forces the replacement");
  // Where the whole resource drifted its row says so.
  if (property.cause === "drift" && change.cause !== "drift") notes.push("drift");
  if (property.cause === "both") notes.push("also changed outside");
  if (property.cause === "input" && change.cause !== "input") notes.push("an outside value moved");
  return notes;
}

function limited(lines: readonly DifferenceLine[], limit: number): DifferenceLine[] {
  if (lines.length <= limit + 1) return [...lines];
  return [...lines.slice(0, limit), { sign: "", text: `… ${lines.length - limit} more lines` }];
}

function linesOf(property: PropertyChange, shape: Shape | undefined, options: DifferenceOptions): DifferenceLine[] {
  const before = mask(property.before, property.sensitive, shape);
  const after = mask(property.after, property.sensitive, shape);
  const direction = property.path.includes("Egress") ? "to" : "from";
  if (before === undefined || after === undefined) {
    const sign = before === undefined ? "+" : "-";
    return oneSided(sign, before ?? after, direction, options);
  }
  if (before === hidden && after === hidden) return [{ sign: "", text: "(sensitive) changed" }];
  return bothSided(before, after, direction, options);
}

function oneSided(
  sign: "+" | "-",
  value: unknown,
  direction: "from" | "to",
  options: DifferenceOptions,
): DifferenceLine[] {
  const document = parsed(value);
  if (isPolicy(document)) {
    const lines = sign === "+" ? policyDifferences(undefined, document) : policyDifferences(document, undefined);
    return lines.map((line) => ({ ...line, text: cut(line.text, options.room) }));
  }
  const text = inline(value, direction);
  if (text.length <= options.room || !isStructure(document)) return [{ sign, text: cut(text, options.room) }];
  const empty = Array.isArray(document) ? [] : {};
  const leaves = sign === "+" ? leafDifferences(empty, document) : leafDifferences(document, empty);
  return leaves.map((leaf) => ({ sign, text: cut(leafText(leaf.path, leaf.before ?? leaf.after), options.room) }));
}

function bothSided(
  before: unknown,
  after: unknown,
  direction: "from" | "to",
  options: DifferenceOptions,
): DifferenceLine[] {
  const old = parsed(before);
  const now = parsed(after);
  if (isPolicy(old) || isPolicy(now)) {
    const lines = policyDifferences(old, now).map((line) => ({ ...line, text: cut(line.text, options.room) }));
    return lines.length > 0 ? lines : [sameMeaning];
  }
  if (isStructure(old) && isStructure(now) && Array.isArray(old) === Array.isArray(now)) {
    const lines = leafDifferences(old, now).flatMap((leaf): DifferenceLine[] => {
      if (leaf.sign !== "~")
        return [
          { sign: leaf.sign, text: cut(leafText(leaf.path, leaf.before ?? leaf.after, direction), options.room) },
        ];
      return scalarLines(leaf.path, leaf.before, leaf.after, direction, options.room);
    });
    if (lines.length > 0) return lines;
    // Equal but for what is hidden, or for how the document is written.
    return stableText(before) === stableText(after) ? [{ sign: "", text: "(sensitive) changed" }] : [sameMeaning];
  }
  if (typeof before === "string" && typeof after === "string" && (before.includes("\n") || after.includes("\n"))) {
    return textLines(before, after, options.room);
  }
  return scalarLines("", before, after, direction, options.room);
}

const sameMeaning: DifferenceLine = { sign: "", text: "written differently, with the same meaning" };

function leafText(path: string, value: unknown, direction: "from" | "to" = "from"): string {
  return path === "" ? inline(value, direction) : `${path}  ${inline(value, direction)}`;
}

/** `before → after`; what is too long for one line takes two, each cut around the first difference. */
function scalarLines(
  path: string,
  before: unknown,
  after: unknown,
  direction: "from" | "to",
  room: number,
): DifferenceLine[] {
  const [old, now] = [inline(before, direction), inline(after, direction)];
  const text = `${path === "" ? "" : `${path}  `}${old} → ${now}`;
  if (text.length <= room) return [{ sign: "", text }];
  const name = path === "" ? "" : `${cut(path, Math.floor(room / 2))}  `;
  const start = firstDifference(old, now);
  return [
    { sign: "-", text: name + around(old, start, room - name.length) },
    { sign: "+", text: name + around(now, start, room - name.length) },
  ];
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index;
}

function around(text: string, index: number, room: number): string {
  const start = index < room * 0.7 ? 0 : Math.max(0, Math.min(index - Math.floor(room / 3), text.length - room));
  return start === 0 ? cut(text, room) : `…${cut(text.slice(start + 1).replace(/^[\udc00-\udfff]/, ""), room - 1)}`;
}

/** Texts of several lines: the lines that changed. */
function textLines(before: string, after: string, room: number): DifferenceLine[] {
  const chunks = diffLines(before, after, { maxEditLength: 500 });
  if (!chunks) return [{ sign: "~", text: `${before.split("\n").length} lines → ${after.split("\n").length} lines` }];
  return chunks
    .filter((chunk) => chunk.added || chunk.removed)
    .flatMap((chunk) => {
      const lines = chunk.value.replace(/\n$/, "").split("\n");
      return lines.map(
        (line): DifferenceLine => ({
          sign: chunk.added ? "+" : "-",
          text: cut(line === "" ? quoted("") : printable(line), room),
        }),
      );
    });
}

function isStructure(value: unknown): value is unknown[] | Record<string, unknown> {
  return value !== hidden && (Array.isArray(value) || isRecord(value));
}

/** A document, also where it stands as JSON text. */
function parsed(value: unknown): unknown {
  return typeof value === "string" ? (documentIn(value) ?? value) : value;
}
