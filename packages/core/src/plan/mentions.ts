import type { Observed } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import { isRecord } from "../value.ts";
import type { Change } from "./model.ts";

/** Something that a live value may name. */
interface Target {
  id: string;
  type: string;
}

/** By each of the names that it has. */
export type Targets = ReadonlyMap<string, readonly Target[]>;

/** What values may name, by identifier, ARN and whatever else Ref or GetAtt returns. `id`: what `mentioned` gives where it is named. */
export function targetsOf(resources: readonly { id: string; change: Pick<Change, "type" | "observed"> }[]): Targets {
  const targets = new Map<string, Target[]>();
  for (const { id, change } of resources) {
    for (const name of new Set(namesOf(change.observed)))
      targets.set(name, [...(targets.get(name) ?? []), { id, type: change.type.type }]);
  }
  return targets;
}

/** The texts by which live values name a resource: its identifier, its ARN, what Ref returns. */
export function namesOf(observed: Observed | undefined): string[] {
  return [observed?.identifier, ...Object.values({ ...observed?.attributes })].filter(
    (value): value is string => typeof value === "string" && value.length > 2,
  );
}

/** The targets that a value names: an ARN anywhere, another name at a property that refers to such a type. */
export function mentioned(shape: Shape, value: unknown, targets: Targets): Set<string> {
  const found = new Set<string>();
  const visit = (at: Shape | undefined, part: unknown, refersTo: readonly string[]): void => {
    const here = at?.annotation.refersTo ?? refersTo;
    if (typeof part === "string") {
      for (const target of targets.get(part) ?? [])
        if (part.startsWith("arn:") || here.includes(target.type)) found.add(target.id);
    } else if (Array.isArray(part)) {
      for (const each of part) visit(at?.items, each, here);
    } else if (isRecord(part)) {
      for (const [name, each] of Object.entries(part)) visit(at?.properties[name] ?? at?.items, each, here);
    }
  };
  visit(shape, value, []);
  return found;
}
