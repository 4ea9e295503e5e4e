import type { Diagnostic } from "../diagnostic.ts";
import { reviews } from "./review/index.ts";

const ofReviews: ReadonlySet<string> = new Set(reviews.map(({ id }) => id));

/**
 * One mistake is told once. Left out are: what is said not to be used and stands in a remedy as what a misspelt name means; a review of a value that its type does not take; what a resource refers to
 * although it may not be there, while its own condition is not known.
 */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const meant = new Set<string>();
  const refused = new Set<string>();
  const open = new Set<string>();
  for (const { code, remedy, place, resource } of diagnostics) {
    const name = /^Did you mean "([^"]+)"/.exec(remedy ?? "")?.[1];
    if (name !== undefined) meant.add(name);
    if (code === "condition.undefined" && resource !== undefined) open.add(resource);
    if (code.startsWith("property.") && place) refused.add(keyOf(place));
  }
  return diagnostics.filter(({ code, message, place, resource }) => {
    if (code === "ref.inactive") return !open.has(resource ?? "");
    if (code.startsWith("unused.")) return !meant.has(/"([^"]+)"/.exec(message)?.[1] ?? "");
    return !(ofReviews.has(code) && place && refused.has(keyOf(place)));
  });
}

function keyOf({ file, line, column }: NonNullable<Diagnostic["place"]>): string {
  return `${line}:${column} ${file}`;
}
