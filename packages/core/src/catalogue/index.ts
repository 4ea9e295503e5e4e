// What there is to say of every diagnostic: the source of docs/diagnostics. A module of its own, so that who only validates does not load it.
import { applying } from "./applying.ts";
import { cloudformation } from "./cloudformation.ts";
import { files } from "./files.ts";
import { functions } from "./functions.ts";
import type { Entry, Family } from "./model.ts";
import { planning } from "./planning.ts";
import { reviews } from "./reviews.ts";
import { stacks } from "./stacks.ts";
import { template } from "./template.ts";
import { values } from "./values.ts";

export type { Entry, Family } from "./model.ts";
export { diagnosticPage, diagnosticsIndex, diagnosticText, exampleFiles } from "./page.ts";

/** In the order in which they are met: from the file to live AWS. */
export const families: readonly Family[] = [
  files,
  stacks,
  template,
  functions,
  values,
  reviews,
  cloudformation,
  planning,
  applying,
];

const entries: ReadonlyMap<string, Entry> = new Map(families.flatMap((family) => Object.entries(family.entries)));

/** Every id there is a page for. */
export const diagnosticIds: readonly string[] = [...entries.keys()].sort();

/** What there is to say of a diagnostic; errors that only AWS has a name for share a page. */
export function entryOf(id: string): { id: string; entry: Entry } | undefined {
  const page = entries.has(id) || !/^aws\.[a-z0-9-]+$/.test(id) ? id : "aws.other";
  const entry = entries.get(page);
  return entry && { id: page, entry };
}
