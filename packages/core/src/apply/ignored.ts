import { elementKey } from "../plan/canonical.ts";
import { type Pointer, segmentsOf } from "../pointer.ts";
import type { Observed, Wish } from "../resource/model.ts";
import { type Shape, shapeAt } from "../resource/shape.ts";
import { isRecord } from "../value.ts";

/** What is ignored as it lives, in the place of what is declared: an update that writes a whole document writes that, too. */
export function withIgnored(
  wish: Wish,
  observed: Pick<Observed, "properties">,
  { shape, ignore }: { shape: Shape; ignore: readonly Pointer[] },
): Wish {
  const properties = ignore.reduce<unknown>(
    (wished, path) => laidOver(shape, wished, observed.properties, segmentsOf(path)),
    wish.properties,
  );
  return { ...wish, properties: properties as Wish["properties"] };
}

function laidOver(shape: Shape | undefined, wished: unknown, live: unknown, path: readonly string[]): unknown {
  const [name, ...below] = path;
  if (name === undefined) return live;
  if (isRecord(wished)) {
    const value = laidOver(
      shape && shapeAt(shape, [name]),
      wished[name],
      isRecord(live) ? live[name] : undefined,
      below,
    );
    const { [name]: _, ...others } = wished;
    return value === undefined ? others : { ...others, [name]: value };
  }
  const list = shape?.annotation.list;
  if (!Array.isArray(wished) || !Array.isArray(live)) return wished;
  const isNamed = (element: unknown, index: number): boolean =>
    typeof list === "object" ? elementKey(list.keyed, element) === name : String(index) === name;
  const other = live.find(isNamed);
  return wished.flatMap((element, index) => {
    if (!isNamed(element, index)) return [element];
    const value = laidOver(shape?.items, element, other, below);
    return value === undefined ? [] : [value];
  });
}
