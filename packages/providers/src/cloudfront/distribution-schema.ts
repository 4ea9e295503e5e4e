import { absent, keyed, refersTo, sensitive, tags, unordered } from "@reconcile/core";
import { z } from "zod";

const names = unordered(z.array(z.string()));
const methods = unordered(z.array(z.enum(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"])));
const eventType = z.enum(["viewer-request", "viewer-response", "origin-request", "origin-response"]);

const ForwardedValues = z.strictObject({
  Cookies: z
    .strictObject({ Forward: z.enum(["none", "whitelist", "all"]), WhitelistedNames: absent(names) })
    .default({ Forward: "none" }),
  Headers: absent(names),
  QueryString: z.boolean(),
  QueryStringCacheKeys: absent(names),
});

/** The times have defaults (distribution-normal-form.ts), but only without a cache policy, which decides them. */
const behavior = {
  AllowedMethods: methods.default(["GET", "HEAD"]),
  CachePolicyId: absent(refersTo("AWS::CloudFront::CachePolicy", z.string())),
  CachedMethods: methods.default(["GET", "HEAD"]),
  Compress: z.boolean().default(false),
  DefaultTTL: z.number().min(0).optional(),
  FieldLevelEncryptionId: z.string().default(""),
  ForwardedValues: absent(ForwardedValues),
  FunctionAssociations: absent(
    unordered(
      z.array(
        z.strictObject({
          EventType: eventType.optional(),
          FunctionARN: refersTo("AWS::CloudFront::Function", z.string()).optional(),
        }),
      ),
    ),
  ),
  GrpcConfig: z.strictObject({ Enabled: z.boolean() }).default({ Enabled: false }),
  LambdaFunctionAssociations: absent(
    unordered(
      z.array(
        z.strictObject({
          EventType: eventType.optional(),
          IncludeBody: z.boolean().default(false),
          LambdaFunctionARN: refersTo("AWS::Lambda::Version", z.string()).optional(),
        }),
      ),
    ),
  ),
  MaxTTL: z.number().min(0).optional(),
  MinTTL: z.number().min(0).optional(),
  OriginRequestPolicyId: absent(refersTo("AWS::CloudFront::OriginRequestPolicy", z.string())),
  RealtimeLogConfigArn: absent(refersTo("AWS::CloudFront::RealtimeLogConfig", z.string())),
  ResponseHeadersPolicyId: absent(refersTo("AWS::CloudFront::ResponseHeadersPolicy", z.string())),
  SmoothStreaming: z.boolean().default(false),
  TargetOriginId: z.string(),
  TrustedKeyGroups: absent(unordered(z.array(refersTo("AWS::CloudFront::KeyGroup", z.string())))),
  TrustedSigners: absent(names),
  ViewerProtocolPolicy: z.enum(["allow-all", "https-only", "redirect-to-https"]),
};

const byPolicy = ["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"] as const;

/** Whether something is cached, and for how long, says either a cache policy or the behaviour itself. */
function oneCacheRule<S extends z.ZodObject<typeof behavior>>(schema: S): S {
  return schema
    .refine((one) => Boolean(one.CachePolicyId) || one.ForwardedValues !== undefined, {
      error: "A cache behavior needs CachePolicyId or ForwardedValues.",
      params: {
        remedy: "Add CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6 (AWS's CachingOptimized), or another.",
      },
    })
    .refine((one) => !one.CachePolicyId || byPolicy.every((name) => one[name] === undefined), {
      error: `With CachePolicyId, a cache behavior cannot have ${byPolicy.join(", ")}: the policy decides them.`,
      params: { remedy: "Remove them, or CachePolicyId." },
    });
}

const DefaultCacheBehavior = oneCacheRule(z.strictObject(behavior));
const CacheBehavior = oneCacheRule(z.strictObject({ ...behavior, PathPattern: z.string() }));

const seconds = z.int().min(1);
const kinds = ["CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"] as const;

const Origin = z
  .strictObject({
    ConnectionAttempts: z.int().min(1).max(3).default(3),
    ConnectionTimeout: z.int().min(1).max(10).default(10),
    CustomOriginConfig: absent(
      z.strictObject({
        HTTPPort: z.int().default(80),
        HTTPSPort: z.int().default(443),
        IpAddressType: z.enum(["ipv4", "ipv6", "dualstack"]).optional(),
        OriginKeepaliveTimeout: seconds.default(5),
        OriginMtlsConfig: absent(z.strictObject({ ClientCertificateArn: z.string() })),
        OriginProtocolPolicy: z.enum(["http-only", "match-viewer", "https-only"]),
        OriginReadTimeout: seconds.default(30),
        OriginSSLProtocols: unordered(z.array(z.enum(["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"]))).optional(),
      }),
    ),
    DomainName: z.string(),
    Id: z.string(),
    OriginAccessControlId: absent(refersTo("AWS::CloudFront::OriginAccessControl", z.string())),
    // Often a secret by which the origin knows its distribution.
    OriginCustomHeaders: absent(
      keyed("HeaderName", z.array(z.strictObject({ HeaderName: z.string(), HeaderValue: sensitive(z.string()) }))),
    ),
    OriginPath: z.string().default(""),
    OriginShield: z
      .strictObject({ Enabled: z.boolean().default(false), OriginShieldRegion: absent(z.string()) })
      .prefault({}),
    ResponseCompletionTimeout: absent(seconds),
    S3OriginConfig: absent(
      z.strictObject({ OriginAccessIdentity: z.string().default(""), OriginReadTimeout: seconds.default(30) }),
    ),
    VpcOriginConfig: absent(
      z.strictObject({
        OriginKeepaliveTimeout: seconds.default(5),
        OriginReadTimeout: seconds.default(30),
        OwnerAccountId: z.string().optional(),
        VpcOriginId: refersTo("AWS::CloudFront::VpcOrigin", z.string()),
      }),
    ),
  })
  .refine((origin) => kinds.filter((kind) => origin[kind] !== undefined).length === 1, {
    error: `An origin needs exactly one of ${kinds.join(", ")}.`,
    params: {
      remedy: "Take S3OriginConfig: {} for a bucket, CustomOriginConfig for anything else with a domain name.",
    },
  });

/** CloudFormation leaves the API's form with its quantities as it is, here alone. */
function counted<S extends z.ZodType>(items: S) {
  return z.strictObject({ Items: items, Quantity: z.int() }).refine(
    (list) => {
      const { Items, Quantity } = list as { Items?: unknown; Quantity: number };
      return !Array.isArray(Items) || Items.length === Quantity;
    },
    { error: "Quantity must be the number of Items." },
  );
}

const OriginGroup = z.strictObject({
  FailoverCriteria: z.strictObject({ StatusCodes: counted(unordered(z.array(z.int()))) }),
  Id: z.string(),
  Members: counted(z.array(z.strictObject({ OriginId: z.string() })).length(2)),
  SelectionCriteria: z.enum(["default", "media-quality-based"]).default("default"),
});

const Config = z
  .strictObject({
    Aliases: absent(names),
    AnycastIpListId: absent(z.string()),
    CacheBehaviors: absent(z.array(CacheBehavior)),
    CacheTagConfig: absent(z.strictObject({ HeaderName: z.string() })),
    Comment: z.string().max(128).default(""),
    ConnectionFunctionAssociation: absent(z.strictObject({ Id: z.string() })),
    ContinuousDeploymentPolicyId: absent(refersTo("AWS::CloudFront::ContinuousDeploymentPolicy", z.string())),
    CustomErrorResponses: absent(
      keyed(
        "ErrorCode",
        z.array(
          z.strictObject({
            // 300 by CloudFormation's documentation, 10 by CloudFront's.
            ErrorCachingMinTTL: z.number().min(0).optional(),
            ErrorCode: z.int(),
            ResponseCode: absent(z.int()),
            ResponsePagePath: absent(z.string()),
          }),
        ),
      ),
    ),
    DefaultCacheBehavior,
    DefaultRootObject: z.string().default(""),
    Enabled: z.boolean(),
    // http1.1 by CloudFormation's documentation, http2 by CloudFront's.
    HttpVersion: z.enum(["http1.1", "http2", "http3", "http2and3"]).optional(),
    IPV6Enabled: z.boolean().optional(),
    Logging: absent(
      z.strictObject({
        Bucket: z.string().optional(),
        IncludeCookies: z.boolean().default(false),
        Prefix: z.string().default(""),
      }),
    ),
    OriginGroups: absent(counted(keyed("Id", z.array(OriginGroup)).optional())),
    Origins: keyed("Id", z.array(Origin).min(1)),
    PriceClass: z.enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).default("PriceClass_All"),
    Restrictions: z
      .strictObject({
        GeoRestriction: z.strictObject({
          Locations: absent(names),
          RestrictionType: z.enum(["none", "blacklist", "whitelist"]),
        }),
      })
      .default({ GeoRestriction: { RestrictionType: "none" } }),
    Staging: z.boolean().default(false),
    ViewerCertificate: z
      .strictObject({
        AcmCertificateArn: absent(refersTo("AWS::CertificateManager::Certificate", z.string())),
        CloudFrontDefaultCertificate: z.boolean().optional(),
        IamCertificateId: absent(z.string()),
        MinimumProtocolVersion: z.string().optional(),
        SslSupportMethod: z.enum(["sni-only", "vip", "static-ip"]).optional(),
      })
      .default({ CloudFrontDefaultCertificate: true }),
    ViewerMtlsConfig: absent(
      z.strictObject({
        Mode: z.enum(["required", "optional", "passthrough"]).optional(),
        TrustStoreConfig: z
          .strictObject({
            AdvertiseTrustStoreCaNames: z.boolean().optional(),
            IgnoreCertificateExpiry: z.boolean().optional(),
            TrustStoreId: z.string(),
          })
          .optional(),
      }),
    ),
    WebACLId: z.string().default(""),
  })
  .superRefine(originsExist);

export const Properties = z.strictObject({ DistributionConfig: Config, Tags: tags() });

export type Config = z.output<typeof Config>;
export type Origin = z.output<typeof Origin>;
export type OriginGroup = z.output<typeof OriginGroup>;
export type Behavior = z.output<typeof DefaultCacheBehavior>;
export type ForwardedValues = z.output<typeof ForwardedValues>;

interface References {
  Origins: readonly { Id: string }[];
  OriginGroups?:
    | { Items?: readonly { Id: string; Members: { Items: readonly { OriginId: string }[] } }[] | undefined }
    | undefined;
  DefaultCacheBehavior: { TargetOriginId: string };
  CacheBehaviors?: readonly { TargetOriginId: string }[] | undefined;
}

/** Every origin that a behaviour or a group names is there. Said of the name, so that it is found although other things are not known yet. */
function originsExist(config: References, context: z.core.$RefinementCtx): void {
  const groups = config.OriginGroups?.Items ?? [];
  const origins = new Set(config.Origins.map((origin) => origin.Id));
  const targets = new Set([...origins, ...groups.map((group) => group.Id)]);
  // NUL is in no name: it stands for one that is not known yet.
  if ([...targets].some((name) => name.includes("\0"))) return;
  const check = (known: ReadonlySet<string>, name: string, path: (string | number)[]) => {
    if (known.has(name)) return;
    const error = `There is no origin ${JSON.stringify(name)} in this distribution.`;
    const remedy = `Name one of ${[...known].join(", ")}, or add it to Origins.`;
    context.addIssue({ code: "custom", message: error, path, params: { remedy } });
  };
  check(targets, config.DefaultCacheBehavior.TargetOriginId, ["DefaultCacheBehavior", "TargetOriginId"]);
  for (const [index, { TargetOriginId }] of (config.CacheBehaviors ?? []).entries())
    check(targets, TargetOriginId, ["CacheBehaviors", index, "TargetOriginId"]);
  for (const [index, { Members }] of groups.entries())
    for (const [member, { OriginId }] of Members.Items.entries())
      check(origins, OriginId, ["OriginGroups", "Items", index, "Members", "Items", member, "OriginId"]);
}
