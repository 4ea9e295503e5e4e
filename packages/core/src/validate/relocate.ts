import { type Pointer, pointer, segmentsOf } from "../pointer.ts";
import type { Evaluated } from "../template/model.ts";

/** The pointers of lists for which the template has their only element alone. */
export type Wrapped = ReadonlySet<Pointer>;

/** `evaluated` as it speaks of the coerced properties: what stood alone is the first element of its list there. */
export function relocate(evaluated: Evaluated, wrapped: Wrapped): Evaluated {
  if (wrapped.size === 0) return evaluated;
  return {
    ...evaluated,
    sensitive: new Set([...evaluated.sensitive].map((path) => coercedPath(path, wrapped))),
    references: evaluated.references.map((reference) =>
      reference.at === undefined ? reference : { ...reference, at: coercedPath(reference.at, wrapped) },
    ),
    placeOf: (path) => evaluated.placeOf(writtenPath(path, wrapped)),
    placeOfKey: (path) => evaluated.placeOfKey(writtenPath(path, wrapped)),
    textOf: (path) => evaluated.textOf(writtenPath(path, wrapped)),
  };
}

function coercedPath(written: Pointer, wrapped: Wrapped): Pointer {
  let path = throughLists("", wrapped);
  for (const segment of segmentsOf(written)) path = throughLists(path + pointer(segment), wrapped);
  return path;
}

function throughLists(path: Pointer, wrapped: Wrapped): Pointer {
  let inner = path;
  while (wrapped.has(inner)) inner += "/0";
  return inner;
}

function writtenPath(coerced: Pointer, wrapped: Wrapped): Pointer {
  let path = "";
  let written = "";
  for (const segment of segmentsOf(coerced)) {
    if (!wrapped.has(path)) written += pointer(segment);
    path += pointer(segment);
  }
  return written;
}
