/** A place in a file that a person can open: lines and columns count from 1; `end` is exclusive. */
export interface Place {
  /** Relative to the repository's root, with forward slashes. */
  file: string;
  line: number;
  column: number;
  end?: { line: number; column: number };
}

export type Severity = "error" | "warning" | "note";

/** Something a person should know, with its place, its cause and its remedy. Expected problems are these, never exceptions. */
export interface Diagnostic {
  /** Stable, lower-case, dotted: `ref.undefined`, `property.unknown`. `not-yet.*` is promised but not built, `unsupported.*` only CloudFormation's service can honour. */
  code: string;
  severity: Severity;
  /** What is wrong, in one or two sentences that end with a full stop. */
  message: string;
  /** What to do about it; the renderer puts "Fix: " before it. */
  remedy?: string;
  /** Whose problem it is, as people read it: `AppInstance (AWS::EC2::Instance)`. */
  resource?: string;
  place?: Place;
  related?: { message: string; place: Place }[];
}

/** A value, or the reasons why there is none. `value` may be there beside errors when the rest can still be checked. */
export interface Result<T> {
  value?: T;
  diagnostics: Diagnostic[];
}

/** Is there anything that stops what was asked for? */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return errorsIn(diagnostics).length > 0;
}

/** What stops what was asked for. */
export function errorsIn(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.severity === "error");
}

/** Adds to a list what another holds. A call with each of them as an argument (`push(...)`) ends the stack at a hundred thousand. */
export function append<T>(list: T[], more: readonly T[]): void {
  for (const each of more) list.push(each);
}

/** By file, line and column; what has no place comes last. Stable. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    if (!a.place || !b.place) return a.place ? -1 : b.place ? 1 : 0;
    return a.place.file.localeCompare(b.place.file) || a.place.line - b.place.line || a.place.column - b.place.column;
  });
}

/** Nobody reads more, and to show fifty thousand takes seconds. */
const mostAlike = 1000;

/** At most a thousand of one code in one file, the last of which says how many there are more. */
export function fewAlike(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const kindOf = ({ code, place }: Diagnostic) => `${code} ${place?.file}`;
  const totals = new Map<string, number>();
  for (const each of diagnostics) totals.set(kindOf(each), (totals.get(kindOf(each)) ?? 0) + 1);
  const counts = new Map<string, number>();
  return diagnostics.flatMap((each) => {
    const kind = kindOf(each);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const more = (totals.get(kind) ?? 0) - mostAlike;
    if (more <= 0 || count < mostAlike) return [each];
    const message = `${each.message} There are ${more.toLocaleString("en")} more like it in this file.`;
    return count === mostAlike ? [{ ...each, message }] : [];
  });
}

/** Carries diagnostics through code that cannot return them: a handler, or a callback of a library. */
export class DiagnosticError extends Error {
  override readonly name = "DiagnosticError";
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostic: Diagnostic | readonly Diagnostic[], options?: ErrorOptions) {
    const list = Array.isArray(diagnostic) ? (diagnostic as readonly Diagnostic[]) : [diagnostic as Diagnostic];
    super(list.map((each) => each.message).join("\n"), options);
    this.diagnostics = list;
  }
}
