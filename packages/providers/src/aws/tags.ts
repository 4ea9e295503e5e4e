import { ledgerPath, ownerOf, ownerTag, parseResourceTag, resourceTag, stacksIn, type Tags } from "@reconcile/core";
import type { Aws } from "./context.ts";
import { parameterLedger } from "./ledger.ts";
import { pages } from "./pages.ts";

/** A tag of a request. */
interface Tag {
  Key: string;
  Value: string;
}

/** Tags of an answer. A tag without a value has an empty one. */
export function tagMap(list: readonly { [Member in keyof Tag]?: string | undefined }[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Tags for a request, by key. */
export function tagList(tags: Tags): Tag[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** Sets and removes tags by a service's own calls, each where there is something for it: AWS refuses empty lists. */
export async function writeTags(
  set: Tags,
  remove: readonly string[],
  tag: (tags: Tag[]) => Promise<unknown>,
  untag: (keys: string[]) => Promise<unknown>,
): Promise<void> {
  if (Object.keys(set).length > 0) await tag(tagList(set));
  if (remove.length > 0) await untag([...remove]);
}

/**
 * Tags of everything of a type (`ecr:repository`, as the Resource Groups Tagging API names it) that carries an owner tag of ours, by ARN. Read once for an observation.
 * An index: it may be late, knows things that are gone, and never proves that something is absent. Global services are asked in `aws.globalRegion`.
 */
export function taggedResources(
  aws: Aws,
  resourceType: string,
  region = aws.region,
): Promise<ReadonlyMap<string, Tags>> {
  return aws.memo(`tagging ${region} ${resourceType}`, async () => {
    const filters = { ResourceTypeFilters: [resourceType], TagFilters: [{ Key: ownerTag }] };
    return new Map(await indexed(aws, region, filters));
  });
}

/** Types of which the owner has resources, as the tags say that the index knows, in the stack's region and among the global services. */
export async function ownedTypes(aws: Aws, owner: string): Promise<readonly string[]> {
  const regions = [...new Set([aws.region, aws.globalRegion])];
  const filters = { TagFilters: [{ Key: ownerTag, Values: [owner] }] };
  const found = (await Promise.all(regions.map((region) => indexed(aws, region, filters)))).flat();
  const types = found.flatMap(([, tags]) => parseResourceTag(tags[resourceTag])?.type ?? []);
  // A tag that was too long ends in a hash, and may have lost its type.
  return [...new Set(types)].filter((type) => /^\w+(?:::\w+)+$/.test(type)).sort();
}

/** Owners of a project in the stack's region: those that have resources, as the index knows; and, as it knows nothing of IAM there, those that have left a record. */
export async function ownedStacks(aws: Aws, project: string): Promise<readonly string[]> {
  const [found, entries] = await Promise.all([
    indexed(aws, aws.region, { TagFilters: [{ Key: ownerTag }] }),
    parameterLedger(aws).list(ledgerPath(project)),
  ]);
  const tagged = found.flatMap(([, tags]) => tags[ownerTag] ?? []);
  const names = entries.map((entry) => entry.name);
  const recorded = stacksIn(project, names).map((stack) => ownerOf(project, stack, aws.region));
  const owners = new Set([...tagged, ...recorded]);
  return [...owners].filter((owner) => owner.startsWith(`${project}/`)).sort();
}

interface Filters {
  ResourceTypeFilters?: string[];
  TagFilters: { Key: string; Values?: string[] }[];
}

async function indexed(aws: Aws, region: string, filters: Filters): Promise<[arn: string, tags: Tags][]> {
  const found: [string, Tags][] = [];
  const { tagging } = aws.at(region);
  const list = pages(
    (PaginationToken) => tagging.getResources({ ...filters, ResourcesPerPage: 100, PaginationToken }),
    (page) => page.PaginationToken,
  );
  for await (const { ResourceTagMappingList = [] } of list) {
    for (const { ResourceARN, Tags: tags } of ResourceTagMappingList)
      if (ResourceARN) found.push([ResourceARN, tagMap(tags)]);
  }
  return found;
}
