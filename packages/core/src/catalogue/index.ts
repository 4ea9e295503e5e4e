// What there is to say of every diagnostic: the source of docs/diagnostics. A module of its own, so that who only validates does not load it.
import { didYouMean } from "../template/nearest.ts";
import { addresses } from "./addresses.ts";
import { applying } from "./applying.ts";
import { cloudformation } from "./cloudformation.ts";
import { files } from "./files.ts";
import { functions } from "./functions.ts";
import type { CatalogueEntry, Family } from "./model.ts";
import { otherStacks } from "./other-stacks.ts";
import { planning } from "./planning.ts";
import { reviews } from "./reviews.ts";
import { stacks } from "./stacks.ts";
import { template } from "./template.ts";
import { values } from "./values.ts";

export type { CatalogueEntry } from "./model.ts";
export { diagnosticPage, diagnosticsIndex, diagnosticText, exampleFiles } from "./page.ts";

/** In the order in which they are met: from the file to live AWS. */
export const families: readonly Family[] = [
  files,
  stacks,
  otherStacks,
  template,
  functions,
  values,
  reviews,
  cloudformation,
  planning,
  applying,
  addresses,
];

const entries: ReadonlyMap<string, CatalogueEntry> = new Map(
  families.flatMap(({ title, entries: ofFamily }) =>
    Object.entries(ofFamily).map(([id, entry]) => [id, { id, ...entry, family: title }]),
  ),
);

/** Every id there is a page for. */
export const diagnosticIds: readonly string[] = [...entries.keys()].sort();

/** What there is to say of a diagnostic; errors that only AWS has a name for share an entry. */
export function findEntry(id: string): CatalogueEntry | undefined {
  return entries.get(id) ?? (/^aws\.[a-z0-9-]+$/.test(id) ? entries.get("aws.other") : undefined);
}

/** What to do about an id that does not exist. */
export function nearestId(id: string): string {
  return didYouMean(id, diagnosticIds, "diagnostics show their code behind their severity: error  ref.undefined");
}
