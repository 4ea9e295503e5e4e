import { elementKey, isRecord, type Pointer, type Shape, segmentsOf } from "@reconcile/core";

/**
 * A copy of `live` that is as `wish` at the places that `paths` name, and as it was everywhere else: for APIs that take a whole document. The paths are those of a comparison:
 * through keyed lists by key, `-` for an element that one side has not. A set is one place.
 */
export function layOver<T>(shape: Shape, live: T, wish: T, paths: readonly Pointer[]): T {
  return laid(shape, live, wish, paths.map(segmentsOf)) as T;
}

type Path = readonly string[];

function laid(shape: Shape | undefined, live: unknown, wish: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0) return live;
  if (!shape || paths.some((path) => path.length === 0)) return wish;
  if (Array.isArray(live) && Array.isArray(wish)) return laidList(shape, live, wish, paths);
  if (!isRecord(live) || !isRecord(wish)) return wish;
  const result: Record<string, unknown> = { ...live };
  for (const name of new Set(paths.map(([first = ""]) => first))) {
    const child = shape.type === "object" ? shape.properties[name] : shape.items;
    result[name] = laid(child, live[name], wish[name], below(paths, name));
  }
  return result;
}

function laidList(shape: Shape, live: unknown[], wish: unknown[], paths: readonly Path[]): unknown[] {
  const { list } = shape.annotation;
  if (list === "unordered") return wish;
  const keyOf = (element: unknown, index: number) => (list ? elementKey(list.keyed, element) : String(index));
  const wanted = new Map(wish.map((element, index) => [keyOf(element, index), element]));
  const there = new Set(live.map(keyOf));
  const dropping = below(paths, "-").length > 0;
  const kept = live.flatMap((element, index) => {
    const key = keyOf(element, index);
    if (!wanted.has(key)) return dropping ? [] : [element];
    return [laid(shape.items, element, wanted.get(key), below(paths, key))];
  });
  const added = [...wanted].filter(([key]) => !there.has(key) && below(paths, key).length > 0);
  return [...kept, ...added.map(([, element]) => element)];
}

/** What is left of the paths that begin with a name. */
function below(paths: readonly Path[], name: string): Path[] {
  return paths.flatMap(([first, ...rest]) => (first === name ? [rest] : []));
}
