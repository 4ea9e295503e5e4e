import type { Diagnostic } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";

/** What a stack was like when it was last applied, as far as git can say. */
export type FoundBase =
  | {
      isKnown: true;
      /** null: its files are known, and in no commit. */
      revision: string | null;
      /** undefined: it was not there. */
      stack?: Stack;
      /** Where nothing was applied: the stack as git had it in another place. */
      former?: Stack;
    }
  /** Then nothing is called drift; the diagnostics say why, and what to do about it. */
  | { isKnown: false; diagnostics: readonly Diagnostic[] };

/** The one revision that all stacks are compared with; null: there is none, or there are several. */
export function commonRevision(bases: Iterable<FoundBase>): string | null {
  const revisions = new Set([...bases].map((base) => (base.isKnown ? base.revision : null)));
  const [revision = null] = revisions;
  return revisions.size === 1 ? revision : null;
}

/** The stacks of those bases that are known, by name. */
export function stacksAt(bases: ReadonlyMap<string, FoundBase>): Map<string, Stack> {
  const known = [...bases].flatMap(([name, base]) => (base.isKnown && base.stack ? [[name, base.stack] as const] : []));
  return new Map(known);
}

/** The stacks as git had them before, by name. */
export function formerAt(bases: ReadonlyMap<string, FoundBase>): Map<string, Stack> {
  const known = [...bases].flatMap(([name, base]) => {
    const former = base.isKnown ? (base.stack ?? base.former) : undefined;
    return former ? [[name, former] as const] : [];
  });
  return new Map(known);
}

/** Stands for a base that is known and is no commit. */
export const filesOnly = "files";

/** What stands for the base of each stack where only counts whether it is known. */
export function labelsOf(bases: ReadonlyMap<string, FoundBase>): Map<string, string | null> {
  return new Map([...bases].map(([name, base]) => [name, base.isKnown ? (base.revision ?? filesOnly) : null]));
}
