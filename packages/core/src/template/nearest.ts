import { distance } from "fastest-levenshtein";

const maxLength = 300;
/** Names that are looked at closely: in a template of ten thousand, with as many slips, all of them would take minutes. */
const maxCompared = 500;

/** The candidate that a misspelt name most likely means, or undefined when none is near. Letter case does not count. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  // Comparing takes the product of both lengths, and no name is as long.
  if (name.length > maxLength) return undefined;
  const wanted = name.toLowerCase();
  // Of a name of one letter any other is as near.
  const limit = Math.min(name.length - 1, Math.max(1, Math.floor(name.length / 3)));
  const letters = sortedLetters(wanted);
  let best: string | undefined;
  let bestDistance = limit + 1;
  let compared = 0;
  for (const candidate of candidates) {
    // The difference in length is a lower bound: most candidates of a large template need no closer look.
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    if (++compared > maxCompared) break;
    const lower = candidate.toLowerCase();
    const steps = distance(wanted, lower);
    if (steps > bestDistance) continue;
    // Two letters in the wrong order are one slip, not two.
    const swapped = lower.length === wanted.length && sortedLetters(lower) === letters;
    const found = steps - (swapped ? 1 : 0);
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}

function sortedLetters(text: string): string {
  return [...text].sort().join("");
}

/** With more slips than that in a template, it is something else than spelling; and each is compared with all names there are. */
const maxLooked = 200;
const looked = new WeakMap<object, Map<string, string | undefined>>();

/** What `look` finds for a key among names, looked for once; undefined past so many keys that all of them would take long. */
export function nearestIn(names: object, key: string, look: () => string | undefined): string | undefined {
  const known = looked.get(names) ?? new Map<string, string | undefined>();
  looked.set(names, known);
  if (!known.has(key) && known.size < maxLooked) known.set(key, look());
  return known.get(key);
}

/** `Did you mean "X"?` where a name is near, else what `otherwise` says. */
export function didYouMean(name: string, candidates: Iterable<string>, otherwise: string): string {
  const near = nearest(name, candidates);
  return near === undefined ? otherwise : `Did you mean "${near}"?`;
}
