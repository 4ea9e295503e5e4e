import { ledgerPath, ownerOf, ownerTag, parseResourceTag, resourceTag, stacksIn, type Tags } from "@reconcile/core";
import type { Aws } from "./context.ts";
import { parameterLedger } from "./ledger.ts";
import { pages } from "./pages.ts";

/** How an API spells the two members of a tag: `Key` (EC2, IAM, most), `key` (ECS, Batch), `TagKey` (KMS). */
const spellings = {
  Key: ["Key", "Value"],
  key: ["key", "value"],
  TagKey: ["TagKey", "TagValue"],
} as const;

type Spelling = keyof typeof spellings;

type Tag<S extends Spelling> = Record<(typeof spellings)[S][0] | (typeof spellings)[S][1], string>;

type AnyTag = { [S in Spelling]?: string | undefined } & {
  Value?: string | undefined;
  value?: string | undefined;
  TagValue?: string | undefined;
};

/** Tags of an answer, in any spelling. A tag without a value has an empty one. */
export function tagMap(list: readonly AnyTag[] | undefined): Tags {
  const tags = (list ?? []).map((tag) => [
    tag.Key ?? tag.key ?? tag.TagKey ?? "",
    tag.Value ?? tag.value ?? tag.TagValue ?? "",
  ]);
  return Object.fromEntries(tags);
}

/** Tags for a request, by key. */
export function tagList<S extends Spelling = "Key">(tags: Tags, spelling: S = "Key" as S): Tag<S>[] {
  const [key, value] = spellings[spelling];
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => ({ [key]: name, [value]: text }) as Tag<S>);
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
