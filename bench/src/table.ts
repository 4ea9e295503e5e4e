export type Cell = string | number;

/** Markdown, in columns that line up: fit for a terminal and for the documentation. Numbers are at the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map(String));
  const widths = head.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const isNumeric = head.map((_, column) => rows.every((row) => /^[-\d.,]+( [a-zA-Z×%]+)?$/.test(String(row[column]))));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, column) => (isNumeric[column] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [line(head), line(rule), ...cells.map(line)].join("\n");
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

export function seconds(value: number): string {
  return `${(value / 1000).toFixed(2)} s`;
}

export function megabytes(value: number): string {
  return `${value.toFixed(0)} MB`;
}

export function times(value: number): string {
  return `${value.toFixed(2)} ×`;
}

/** `yes`, or by how much it is missed. */
export function held(value: number, budget: number): string {
  return value <= budget ? "yes" : `no: ${(value / budget).toFixed(2)} of it`;
}
