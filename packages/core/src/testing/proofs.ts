import type { TestContext } from "vitest";

/** What a promise was tried on: core's cloud or none, a request handler that makes the weather, the embedded AWS. */
export type ProofPlace = "memory" | "handler" | "sandbox";

/** What one test tried, counted while it ran. */
export interface Tried {
  /** Stories with an end of their own; default: the test is one. */
  cases?: number;
  /** Of them, how many CI has; default: all. */
  casesInCi?: number;
  /** Points at which a run was killed, or a call of it failed. */
  boundaries?: number;
  /** Resource types, by name. */
  types?: readonly string[];
  /** Cases that were drawn at random, each from a seed of its own. */
  seeds?: number;
}

declare module "vitest" {
  interface TaskMeta {
    tried?: Tried;
    /** Why it is not run. */
    skipped?: string;
  }
}

/** The options of a test, or of a group of tests, that proves promises: docs/guarantees.md is made from them. */
export function proves(promises: number | readonly number[], place: ProofPlace): { tags: string[] } {
  return { tags: [...[promises].flat().map((number) => `promise-${number}`), place] };
}

/** Says what a test tried. Said again, it is added. */
export function tried({ task }: TestContext, { types = [], ...counts }: Tried): void {
  const before = task.meta.tried ?? {};
  const sum: Tried = { ...before, types: [...new Set([...(before.types ?? []), ...types])].sort() };
  for (const name of ["cases", "casesInCi", "boundaries", "seeds"] as const) {
    if (counts[name] !== undefined) sum[name] = (before[name] ?? 0) + counts[name];
  }
  task.meta.tried = sum;
}

/**
 * The parameters of a property test (fast-check): so many cases, or as many as RECONCILE_CASES says, from a seed that is new in every run, or from RECONCILE_SEED: then
 * every number can be had again.
 */
export function drawn(context: TestContext, usual: number): { numRuns: number; seed?: number } {
  const { RECONCILE_CASES, RECONCILE_SEED } = process.env;
  const numRuns = Number(RECONCILE_CASES ?? usual);
  tried(context, { cases: numRuns, casesInCi: usual, seeds: numRuns });
  return { numRuns, ...(RECONCILE_SEED && { seed: Number(RECONCILE_SEED) }) };
}
