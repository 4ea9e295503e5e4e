/** JSON pointers (RFC 6901) as the plan uses them: into declared properties, keyed lists by key, `-` for an element that only one side has. */
export type Pointer = string;

/** The pointer of these names and indexes. */
export function pointer(...segments: readonly (string | number)[]): Pointer {
  let path = "";
  for (const segment of segments) path += `/${escaped(String(segment))}`;
  return path;
}

/** Hardly any name holds either, and this is asked for with each value of a template. */
function escaped(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll("~", "~0").replaceAll("/", "~1") : segment;
}

/** The names and indexes of a pointer. */
export function segmentsOf(path: Pointer): string[] {
  if (path === "") return [];
  const segments = path.slice(1).split("/");
  return path.includes("~") ? segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~")) : segments;
}

/** Is `path` the same place as `ancestor`, or below it? */
export function isWithin(path: Pointer, ancestor: Pointer): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}

/** The value at a pointer, through arrays by index; undefined where there is none. Own keys only: `__proto__` is a name like any other. */
export function valueAt(value: unknown, path: Pointer): unknown {
  let current: unknown = value;
  for (const segment of segmentsOf(path)) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<string, unknown>)[segment];
  }
  return current;
}
