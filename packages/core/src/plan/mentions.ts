import type { Observed } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord } from "../value.ts";
import type { Change } from "./model.ts";

/** Something that a live value may name. `id`: what `mentioned` gives then. */
interface Target<T> {
  id: T;
  change: Pick<Change, "type" | "observed">;
}

/** By each of the names that it has. */
type Targets<T> = ReadonlyMap<string, readonly Target<T>[]>;

/** What values may name, by identifier, ARN and whatever else Ref or GetAtt returns. */
export function targetsOf<T>(resources: readonly Target<T>[]): Targets<T> {
  const targets = new Map<string, Target<T>[]>();
  for (const target of resources) {
    for (const name of new Set(namesOf(target.change.observed)))
      targets.set(name, [...(targets.get(name) ?? []), target]);
  }
  return targets;
}

/** The texts by which live values name a resource: its identifier, its ARN, what Ref returns. */
export function namesOf(observed: Observed | undefined): string[] {
  return [observed?.identifier, ...Object.values({ ...observed?.attributes })].filter(
    (value): value is string => typeof value === "string" && value.length > 2,
  );
}

/** The targets that a value names: an ARN anywhere, another name at a property that refers to such a type. `isMeant`: may such a name, which others may have as well, be that of a target? */
export function mentioned<T>(
  shape: Shape,
  value: unknown,
  targets: Targets<T>,
  isMeant: (id: T) => boolean = () => true,
): Set<T> {
  const found = new Set<T>();
  const visit = (at: Shape | undefined, part: unknown, refersTo: readonly string[]): void => {
    const here = at?.annotation.refersTo ?? refersTo;
    if (typeof part === "string") {
      for (const { id, change } of targets.get(part) ?? [])
        if (part.startsWith("arn:") || (here.includes(change.type.type) && isMeant(id))) found.add(id);
    } else if (Array.isArray(part)) {
      for (const each of part) visit(at?.items, each, here);
    } else if (isRecord(part)) {
      for (const [name, each] of Object.entries(part)) visit(at?.properties[name] ?? at?.items, each, here);
    }
  };
  visit(shape, value, []);
  return found;
}
