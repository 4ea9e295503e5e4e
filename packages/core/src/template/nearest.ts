import { distance } from "fastest-levenshtein";

/** The candidate that a misspelt name most likely means, or undefined when none is near. Letter case counts least. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    // The difference in length is a lower bound: most candidates of a large template need no closer look.
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const found = distance(wanted, candidate.toLowerCase()) + (candidate === name ? 0 : 0.5);
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

/** `Did you mean "X"?` where a name is near, else what `otherwise` says. */
export function didYouMean(name: string, candidates: Iterable<string>, otherwise?: string): string | undefined {
  const near = nearest(name, candidates);
  return near === undefined ? otherwise : `Did you mean "${near}"?`;
}
