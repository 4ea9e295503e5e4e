import {
  CloudFrontClient,
  CreateDistributionCommand,
  CreateDistributionWithTagsCommand,
  DeleteDistributionCommand,
  type Distribution,
  type DistributionConfig,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  ListTagsForResourceCommand,
  type Origin,
  paginateListDistributions,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { describe, expect, it } from "vitest";
import { useSandbox } from "../testing.ts";

const { client } = useSandbox();
const cloudfront = new CloudFrontClient(client);

const custom: Origin = {
  Id: "app",
  DomainName: "app.example.com",
  CustomOriginConfig: {
    HTTPPort: 8000,
    HTTPSPort: 443,
    OriginProtocolPolicy: "http-only",
    OriginSslProtocols: { Quantity: 1, Items: ["TLSv1.2"] },
  },
};

const forwarding = {
  TargetOriginId: "app",
  ViewerProtocolPolicy: "redirect-to-https",
  ForwardedValues: { QueryString: true, Cookies: { Forward: "none" } },
} as const;

function config(change: Partial<DistributionConfig> = {}): DistributionConfig {
  const Origins = { Quantity: 1, Items: [custom] };
  return { CallerReference: "once", Comment: "", Enabled: true, Origins, DefaultCacheBehavior: forwarding, ...change };
}

async function create(change: Partial<DistributionConfig> = {}) {
  const made = await cloudfront.send(new CreateDistributionCommand({ DistributionConfig: config(change) }));
  return { Id: made.Distribution?.Id ?? "", ETag: made.ETag ?? "", Distribution: made.Distribution };
}

async function read(Id: string): Promise<Distribution> {
  const { Distribution } = await cloudfront.send(new GetDistributionCommand({ Id }));
  if (Distribution === undefined) throw new Error("no distribution");
  return Distribution;
}

const update = (Id: string, IfMatch: string | undefined, change: Partial<DistributionConfig> = {}) =>
  cloudfront.send(new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig: config(change) }));

describe("what was sent comes back", () => {
  const s3: Origin = {
    Id: "app",
    DomainName: "b.s3.amazonaws.com",
    S3OriginConfig: { OriginAccessIdentity: "" },
    OriginAccessControlId: "E1",
  };
  const functions = {
    Quantity: 1,
    Items: [{ FunctionARN: "arn:aws:cloudfront::123456789012:function/f", EventType: "viewer-request" as const }],
  };
  const lambdas = {
    Quantity: 1,
    Items: [
      {
        LambdaFunctionARN: "arn:aws:lambda:us-east-1:123456789012:function:f:1",
        EventType: "origin-request" as const,
        IncludeBody: true,
      },
    ],
  };
  const groups = {
    Quantity: 1,
    Items: [
      {
        Id: "both",
        FailoverCriteria: { StatusCodes: { Quantity: 1, Items: [500] } },
        Members: { Quantity: 2, Items: [{ OriginId: "app" }, { OriginId: "other" }] },
      },
    ],
  };
  const cases: Record<string, Partial<DistributionConfig>> = {
    "the origin access control of an S3 origin": { Origins: { Quantity: 1, Items: [s3] } },
    "a custom origin": {
      Origins: {
        Quantity: 1,
        Items: [
          {
            ...custom,
            OriginPath: "/v1",
            CustomHeaders: { Quantity: 1, Items: [{ HeaderName: "X-A", HeaderValue: "b" }] },
          },
        ],
      },
    },
    "function associations": {
      DefaultCacheBehavior: { ...forwarding, FunctionAssociations: functions, LambdaFunctionAssociations: lambdas },
    },
    "further behaviours": {
      CacheBehaviors: {
        Quantity: 1,
        Items: [{ ...forwarding, PathPattern: "/health", FunctionAssociations: functions }],
      },
    },
    "an origin group": { Origins: { Quantity: 2, Items: [custom, { ...custom, Id: "other" }] }, OriginGroups: groups },
    "a certificate and aliases": {
      Aliases: { Quantity: 1, Items: ["www.example.com"] },
      ViewerCertificate: {
        ACMCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c",
        SSLSupportMethod: "sni-only",
        MinimumProtocolVersion: "TLSv1.2_2021",
      },
    },
    "error responses": {
      CustomErrorResponses: {
        Quantity: 1,
        Items: [{ ErrorCode: 404, ResponsePagePath: "/404.html", ResponseCode: "404", ErrorCachingMinTTL: 10 }],
      },
    },
    "a geographic restriction": {
      Restrictions: { GeoRestriction: { RestrictionType: "blacklist", Quantity: 1, Items: ["DE"] } },
    },
    logging: { Logging: { Enabled: true, IncludeCookies: false, Bucket: "b.s3.amazonaws.com", Prefix: "p/" } },
    "the simple settings": {
      Comment: "c",
      PriceClass: "PriceClass_100",
      HttpVersion: "http2and3",
      IsIPV6Enabled: false,
      DefaultRootObject: "health",
      WebACLId: "w",
    },
  };

  it.each(Object.entries(cases))("%s", async (_, sent) => {
    const { Id } = await create(sent);
    expect((await read(Id)).DistributionConfig).toMatchObject(sent);
    const { DistributionConfig } = await cloudfront.send(new GetDistributionConfigCommand({ Id }));
    expect(DistributionConfig).toMatchObject(sent);
  });
});

it("fills in the defaults that AWS shows", async () => {
  const { Id } = await create();
  expect((await read(Id)).DistributionConfig).toMatchObject({
    Aliases: { Quantity: 0 },
    CacheBehaviors: { Quantity: 0 },
    DefaultRootObject: "",
    HttpVersion: "http2",
    IsIPV6Enabled: true,
    PriceClass: "PriceClass_All",
    Restrictions: { GeoRestriction: { RestrictionType: "none", Quantity: 0 } },
    Staging: false,
    ViewerCertificate: { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: "TLSv1" },
    Origins: {
      Items: [
        {
          ConnectionAttempts: 3,
          ConnectionTimeout: 10,
          CustomOriginConfig: { OriginReadTimeout: 30, OriginKeepaliveTimeout: 5 },
        },
      ],
    },
    DefaultCacheBehavior: {
      AllowedMethods: { Quantity: 2, Items: ["HEAD", "GET"], CachedMethods: { Quantity: 2, Items: ["HEAD", "GET"] } },
      Compress: false,
      MinTTL: 0,
      DefaultTTL: 86400,
      MaxTTL: 31536000,
      ForwardedValues: { QueryString: true, Headers: { Quantity: 0 } },
    },
  });
});

it("gives a behaviour with a cache policy no forwarded values and no times to live", async () => {
  const { Id } = await create({
    DefaultCacheBehavior: {
      TargetOriginId: "app",
      ViewerProtocolPolicy: "https-only",
      CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    },
  });
  const behavior = (await read(Id)).DistributionConfig?.DefaultCacheBehavior;
  expect(behavior).toMatchObject({ CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6" });
  for (const name of ["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"] as const)
    expect(behavior?.[name]).toBeUndefined();
});

it.each<[string, Partial<DistributionConfig>, string]>([
  [
    "neither a cache policy nor forwarded values",
    { DefaultCacheBehavior: { ...forwarding, ForwardedValues: undefined } },
    "InvalidArgument",
  ],
  ["both", { DefaultCacheBehavior: { ...forwarding, CachePolicyId: "p" } }, "InvalidArgument"],
  [
    "a quantity that is not the number of items",
    { Aliases: { Quantity: 2, Items: ["a.example.com"] } },
    "InconsistentQuantities",
  ],
  [
    "a behaviour of an unknown origin",
    { CacheBehaviors: { Quantity: 1, Items: [{ ...forwarding, PathPattern: "/x", TargetOriginId: "no" }] } },
    "NoSuchOrigin",
  ],
])("refuses %s", async (_, change, name) => {
  await expect(create(change)).rejects.toMatchObject({ name });
});

describe("an update", () => {
  it("needs the current ETag and gives a new one", async () => {
    const { Id, ETag } = await create();
    const second = await update(Id, ETag, { Comment: "second" });
    expect(second.ETag).not.toBe(ETag);
    await expect(update(Id, ETag)).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    await expect(update(Id, undefined)).rejects.toMatchObject({ name: "InvalidIfMatchVersion" });
    expect((await read(Id)).DistributionConfig?.Comment).toBe("second");
    expect((await cloudfront.send(new GetDistributionConfigCommand({ Id }))).ETag).toBe(second.ETag);
  });

  it("is in progress until it is deployed", async () => {
    const { Id, ETag, Distribution } = await create();
    expect(Distribution?.Status).toBe("InProgress");
    expect((await read(Id)).Status).toBe("Deployed");
    expect((await update(Id, ETag)).Distribution?.Status).toBe("InProgress");
    expect((await read(Id)).Status).toBe("Deployed");
  });

  it("does not change the caller reference", async () => {
    const { Id, ETag } = await create();
    await expect(update(Id, ETag, { CallerReference: "twice" })).rejects.toMatchObject({ name: "IllegalUpdate" });
  });

  it("has a time of its own", async () => {
    const before = Date.now() - 1000; // AWS's times have no fractions
    const { Id } = await create();
    expect((await read(Id)).LastModifiedTime?.getTime()).toBeGreaterThanOrEqual(before);
  });
});

describe("a delete", () => {
  const remove = (Id: string, IfMatch?: string) => cloudfront.send(new DeleteDistributionCommand({ Id, IfMatch }));

  it("waits for the distribution to be disabled and deployed", async () => {
    const { Id, ETag } = await create();
    await read(Id);
    await expect(remove(Id, ETag)).rejects.toMatchObject({
      name: "DistributionNotDisabled",
      $metadata: { httpStatusCode: 409 },
    });
    const disabled = await update(Id, ETag, { Enabled: false });
    await expect(remove(Id, disabled.ETag)).rejects.toMatchObject({ name: "DistributionNotDisabled" });
    await read(Id);
    await remove(Id, disabled.ETag);
    await expect(read(Id)).rejects.toMatchObject({ name: "NoSuchDistribution" });
  });

  it("needs the current ETag", async () => {
    const { Id } = await create({ Enabled: false });
    await read(Id);
    await expect(remove(Id, "stale")).rejects.toMatchObject({ name: "PreconditionFailed" });
    await expect(remove(Id)).rejects.toMatchObject({ name: "InvalidIfMatchVersion" });
  });
});

it("lists summaries with ETag, page by page", async () => {
  const made = [await create(), await create({ CallerReference: "two" }), await create({ CallerReference: "three" })];
  const pages: string[][] = [];
  for await (const page of paginateListDistributions({ client: cloudfront, pageSize: 2 }, {})) {
    pages.push((page.DistributionList?.Items ?? []).map((summary) => `${summary.Id} ${summary.ETag}`));
  }
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
  expect(pages.flat()).toEqual(made.map(({ Id, ETag }) => `${Id} ${ETag}`));
});

it("gives in a summary what the configuration has", async () => {
  const { Id, Distribution } = await create({ Comment: "c", Aliases: { Quantity: 1, Items: ["a.example.com"] } });
  const { DistributionList } = await cloudfront.send(new ListDistributionsCommand({}));
  expect(DistributionList?.Items).toEqual([
    expect.objectContaining({
      Id,
      ARN: Distribution?.ARN,
      DomainName: Distribution?.DomainName,
      Comment: "c",
      Enabled: true,
      Aliases: { Quantity: 1, Items: ["a.example.com"] },
      HttpVersion: "HTTP2",
    }),
  ]);
  expect(DistributionList?.Items?.[0]?.Origins?.Items?.[0]).toMatchObject(custom);
});

it("keeps tags from the creation on", async () => {
  const DistributionConfigWithTags = { DistributionConfig: config(), Tags: { Items: [{ Key: "a", Value: "1" }] } };
  const { Distribution } = await cloudfront.send(new CreateDistributionWithTagsCommand({ DistributionConfigWithTags }));
  const Resource = Distribution?.ARN;
  await cloudfront.send(new TagResourceCommand({ Resource, Tags: { Items: [{ Key: "b", Value: "2" }] } }));
  await cloudfront.send(new UntagResourceCommand({ Resource, TagKeys: { Items: ["a"] } }));
  const { Tags } = await cloudfront.send(new ListTagsForResourceCommand({ Resource }));
  expect(Tags?.Items).toEqual([{ Key: "b", Value: "2" }]);
});

it("makes no second distribution of one caller reference", async () => {
  await create();
  await expect(create()).rejects.toMatchObject({ name: "DistributionAlreadyExists" });
});
