import DataLoader from "dataloader";
import type { Aws } from "./context.ts";

const loaders = new WeakMap<Aws, Map<string, DataLoader<string, unknown>>>();

/**
 * Reads by identifier, many at a time: what is asked for side by side goes out in requests of at most `max` identifiers. Nothing is kept: the next question is asked anew.
 *
 * `key` names the read and its place (`ec2:DescribeSecurityGroups`); there is one loader of that name for each `aws`, so that two reads which make different things of one answer need two names. `batch` gives what was found by identifier, and must
 * not fail because one of them is missing: ask with a filter, not with ids that AWS insists on. What it leaves out is undefined.
 */
export function loader<V>(
  aws: Aws,
  key: string,
  batch: (identifiers: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  max: number,
): (identifier: string) => Promise<V | undefined> {
  const ofAws = loaders.get(aws) ?? new Map<string, DataLoader<string, unknown>>();
  loaders.set(aws, ofAws);
  const known = ofAws.get(key) ?? batching(batch, max);
  ofAws.set(key, known);
  return (identifier) => known.load(identifier) as Promise<V | undefined>;
}

function batching<V>(
  batch: (identifiers: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  max: number,
): DataLoader<string, unknown> {
  return new DataLoader<string, unknown>(
    async (identifiers) => {
      const found = await batch([...new Set(identifiers)]);
      return identifiers.map((identifier) => found.get(identifier));
    },
    // A turn of the event loop, so that callers a few awaits apart still share a request.
    { cache: false, maxBatchSize: max, batchScheduleFn: (send) => setImmediate(send) },
  );
}
