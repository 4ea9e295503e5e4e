import type { DistributionSummary } from "@aws-sdk/client-cloudfront";
import { type Changed, DiagnosticError, type Tags } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { hasCode, ifFound } from "../aws/errors.ts";
import { layOver } from "../aws/lay-over.ts";
import { pages } from "../aws/pages.ts";
import { taggedResources, tagList, tagMap, writeTags } from "../aws/tags.ts";
import { defineResource } from "../define.ts";
import { plainOrigin, rootIsHealthCheck, unusedOpening } from "./distribution-checks.ts";
import { fromApi, toApi } from "./distribution-config.ts";
import { canonicalDistribution } from "./distribution-normal-form.ts";
import { type Config, Properties } from "./distribution-schema.ts";

const legacy = "it is of 2008: declare an element of Origins";
const multiTenant = "multi-tenant distributions are not supported yet";

export const Distribution = defineResource({
  type: "AWS::CloudFront::Distribution",
  properties: Properties,
  identifier: "Id",
  attributes: { Id: { from: "exists" }, DomainName: { from: "exists" } },
  absence: "index-and-list",
  scope: "partition",
  checks: [rootIsHealthCheck, plainOrigin, unusedOpening],
  deletionSteps: ["disable"],
  actions: {
    read: [
      "cloudfront:GetDistribution",
      "cloudfront:GetDistributionConfig",
      "cloudfront:ListDistributions",
      "cloudfront:ListTagsForResource",
      "tag:GetResources",
    ],
    write: [
      "cloudfront:CreateDistribution",
      "cloudfront:DeleteDistribution",
      "cloudfront:TagResource",
      "cloudfront:UntagResource",
      "cloudfront:UpdateDistribution",
    ],
  },
  unsupported: {
    "DistributionConfig/CNAMEs": "it is the former name of Aliases",
    "DistributionConfig/ConnectionMode": multiTenant,
    "DistributionConfig/CustomOrigin": legacy,
    "DistributionConfig/S3Origin": legacy,
    "DistributionConfig/TenantConfig": multiTenant,
  },
  departures: {
    "/DistributionConfig/Origins": "without the forms of 2008, a distribution has at least one element of Origins",
  },
}).implement({
  async *list(aws) {
    const [tagged, all] = await Promise.all([taggedHere(aws), everyDistribution(aws)]);
    // The index learns of a new distribution minutes later: of those that may be new, CloudFront itself is asked.
    const tagsFrom = async (summary: DistributionSummary) =>
      tagged.get(summary.ARN ?? "") ?? (isRecent(summary) ? await tagsOf(aws, summary.Id ?? "") : undefined);
    const tags = await Promise.all(all.map(tagsFrom));
    for (const [index, { Id: identifier = "" }] of all.entries()) {
      const known = tags[index];
      yield { identifier, ...(known && { tags: known }) };
    }
  },

  async read(aws, identifier) {
    const [answer, tagged] = await Promise.all([
      ifFound(aws.cloudfront.getDistribution({ Id: identifier }), "NoSuchDistribution"),
      taggedHere(aws),
    ]);
    const live = answer?.Distribution;
    if (!live?.DistributionConfig) return undefined;
    const indexed = tagged.get(arnOf(aws, identifier));
    const attributes = { Id: identifier, DomainName: live.DomainName ?? "" };
    const properties = { DistributionConfig: fromApi(live.DistributionConfig) };
    // Another one with every change of the configuration: it stands for the values of custom headers.
    const version = answer?.ETag !== undefined && { version: answer.ETag };
    if (indexed) return { identifier, properties, attributes, ...version, tags: indexed, tagsFromIndex: true };
    const tags = await tagsOf(aws, identifier);
    return tags && { identifier, properties, attributes, ...version, tags };
  },

  async create(aws, { properties, tags, token }) {
    const DistributionConfig = toApi(properties.DistributionConfig, undefined, token);
    const { Distribution } = await aws.cloudfront.createDistributionWithTags({
      DistributionConfigWithTags: { DistributionConfig, Tags: { Items: tagList(tags) } },
    });
    return Distribution?.Id ?? "";
  },

  async update(aws, { identifier }, { properties }, changed) {
    await change(aws, identifier, (live) => wished(live, properties.DistributionConfig, changed));
  },

  async delete(aws, { identifier: Id }) {
    try {
      await change(aws, Id, (live) => (live.Enabled ? { ...live, Enabled: false } : live));
      await untilDeployed(aws, Id);
      const { ETag: IfMatch } = await aws.cloudfront.getDistributionConfig({ Id });
      await aws.cloudfront.deleteDistribution({ Id, IfMatch });
    } catch (error) {
      if (!hasCode(error, "NoSuchDistribution")) throw error;
    }
  },

  tags: (aws, { identifier }) => tagsOf(aws, identifier),

  async tag(aws, { identifier }, set, remove) {
    const Resource = arnOf(aws, identifier);
    await writeTags(
      set,
      remove,
      (Items) => aws.cloudfront.tagResource({ Resource, Tags: { Items } }),
      (Items) => aws.cloudfront.untagResource({ Resource, TagKeys: { Items } }),
    );
  },

  canonical: canonicalDistribution,

  async settled(aws, { identifier }) {
    await untilDeployed(aws, identifier);
  },
});

function arnOf({ partition, account }: Aws, id: string): string {
  return `arn:${partition}:cloudfront::${account}:distribution/${id}`;
}

function taggedHere(aws: Aws): Promise<ReadonlyMap<string, Tags>> {
  return taggedResources(aws, "cloudfront:distribution", aws.globalRegion);
}

async function tagsOf(aws: Aws, id: string): Promise<Tags | undefined> {
  const answer = await ifFound(aws.cloudfront.listTagsForResource({ Resource: arnOf(aws, id) }), "NoSuchResource");
  return answer && tagMap(answer.Tags?.Items);
}

function everyDistribution(aws: Aws): Promise<DistributionSummary[]> {
  return aws.memo("cloudfront distributions", async () => {
    const list = pages(
      (Marker) => aws.cloudfront.listDistributions({ MaxItems: 100, Marker }),
      (page) => page.DistributionList?.NextMarker,
    );
    const found: DistributionSummary[] = [];
    for await (const { DistributionList } of list) found.push(...(DistributionList?.Items ?? []));
    return found;
  });
}

/** How long the tagging API may not know of something, in milliseconds: with room. */
const indexLag = 30 * 60_000;

function isRecent({ LastModifiedTime }: DistributionSummary): boolean {
  return LastModifiedTime === undefined || Date.now() - LastModifiedTime.getTime() < indexLag;
}

/** What is there with the changed places as declared. */
function wished(live: Config, wish: Config, changed: Changed): Config {
  const here = { DistributionConfig: live };
  return layOver(Distribution.shape, here, { DistributionConfig: wish }, changed.paths).DistributionConfig;
}

/**
 * CloudFront takes the whole configuration and nothing less: it is read, changed, and written under the ETag that it was read with. Read once more where somebody else was
 * faster.
 */
async function change(aws: Aws, Id: string, changing: (live: Config) => Config): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { DistributionConfig: live, ETag: IfMatch } = await aws.cloudfront.getDistributionConfig({ Id });
    if (!live) return;
    const before = fromApi(live);
    const after = changing(before);
    if (after === before) return;
    try {
      await aws.cloudfront.updateDistribution({ Id, IfMatch, DistributionConfig: toApi(after, live, "") });
      return;
    } catch (error) {
      if (attempt === 2 || !hasCode(error, "PreconditionFailed", "InvalidIfMatchVersion")) throw error;
    }
  }
}

/** How long a deployment takes at most, and how often it is looked at: milliseconds. */
const longest = 90 * 60_000;
const between = 20_000;

async function untilDeployed(aws: Aws, Id: string): Promise<void> {
  for (let waited = 0; waited <= longest; waited += between) {
    const { Distribution: live } = await aws.cloudfront.getDistribution({ Id });
    if (live?.Status === "Deployed") return;
    await aws.wait(between);
  }
  throw new DiagnosticError({
    code: "distribution.still-deploying",
    severity: "error",
    message: `${Id} is still being deployed after ${longest / 60_000} minutes.`,
    remedy: "Run again later: it goes on from there.",
  });
}
