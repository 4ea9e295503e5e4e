import picocolors from "picocolors";
import { columns, cut, wrap } from "./printable.ts";

export type Paint = ReturnType<typeof picocolors.createColors>;

/** For which terminal a text is. */
export interface TextOptions {
  /** Escape sequences for colours; nothing is told by colour alone. */
  color: boolean;
  /** Columns of the terminal. Default 100; at least 40. */
  width?: number;
}

/** Colours, or functions that leave a text as it is. */
export function paintFor(options: TextOptions): Paint {
  return picocolors.createColors(options.color);
}

/** Columns. */
export function widthOf(options: TextOptions): number {
  return Math.max(40, options.width ?? 100);
}

/** A text at both ends of a line; the second goes below where there is no room. */
export function bothEnds(left: string, right: string, width: number): string[] {
  if (right === "") return [left];
  const gap = width - columns(left) - columns(right);
  return gap >= 2 ? [left + " ".repeat(gap) + right] : [left, right];
}

/** A paragraph with every line indented, words kept whole. */
export function paragraph(text: string, indent: number, width: number): string[] {
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + line);
}

export interface Row {
  symbol: string;
  name: string;
  type: string;
  action: string;
  remark: string;
  place: string;
}

type Style = (text: string) => string;
/** Wider names and types push their row; most resources are below, and all the others stay in line. */
const widest = { name: 28, type: 34 };

/**
 * Rows in columns: symbol, name, type, action, remark, place. A remark that has no room goes below its row, a place that has none as well: no line is
 * wider than `width`. Where all is in one file, and there is no room to name it in every row, a place is the number of its line.
 */
export function tableOf(
  rows: readonly Row[],
  width: number,
  paint: Paint,
  styleOf: (symbol: string) => Style,
): Map<Row, string[]> {
  const name = Math.min(widest.name, longest(rows.map((row) => row.name)));
  const type = Math.min(widest.type, longest(rows.map((row) => row.type)));
  const action = longest(rows.map((row) => row.action));
  const besides = width - (4 + name + 2 + type + 2 + action + 2) - 2;
  const isNarrow = besides < longest(rows.map((row) => row.place)) && new Set(rows.map(fileOf)).size === 1;
  const placeOf = ({ place }: Row): string => (isNarrow ? place.slice(place.lastIndexOf(":")) : place);
  const room = besides - longest(rows.map(placeOf));
  const remark = longest(rows.map((row) => row.remark).filter((text) => text.length <= room));
  const lines = new Map<Row, string[]>();
  for (const row of rows) {
    const beside = row.remark.length <= room ? row.remark : "";
    const head = [row.name.padEnd(name), row.type.padEnd(type), row.action.padEnd(action)];
    const cells = [...head, beside.padEnd(remark), placeOf(row)];
    lines.set(
      row,
      rowLines(row, cells, { head: 4 + head.join("  ").trimEnd().length, all: 4 + cells.join("  ").length }),
    );
  }
  return lines;

  function rowLines(row: Row, cells: readonly string[], length: { head: number; all: number }): string[] {
    const style = styleOf(row.symbol);
    if (length.head > width) return narrowRow(row, width, style);
    const [first = "", second = "", third = "", fourth = "", last = ""] = cells;
    const head = `  ${style(row.symbol)} ${paint.bold(first)}  ${paint.dim(second)}  ${style(third)}`;
    const below = (text: string) => (text === "" ? [] : paragraph(text, 6, width).map((line) => cut(line, width)));
    if (length.all > width)
      return [head.trimEnd(), ...below([row.remark, row.place].filter((part) => part !== "").join("  "))];
    return [`${head}  ${fourth}  ${paint.dim(last)}`.trimEnd(), ...(fourth.trim() === "" ? below(row.remark) : [])];
  }
}

function narrowRow(row: Row, width: number, style: Style): string[] {
  const rest = [row.type, row.action, row.remark, row.place].filter((part) => part !== "").join("  ");
  return [
    `  ${style(row.symbol)} ${cut(row.name, width - 4)}`,
    ...paragraph(rest, 6, width).map((line) => cut(line, width)),
  ];
}

function fileOf({ place }: Row): string {
  return place.slice(0, place.lastIndexOf(":"));
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}
