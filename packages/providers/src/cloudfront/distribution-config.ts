import type * as api from "@aws-sdk/client-cloudfront";
import { isRecord } from "@reconcile/core";
import { cacheTimes, isOwnCertificate } from "./distribution-normal-form.ts";
import type { Behavior, Config, ForwardedValues, Origin, OriginGroup } from "./distribution-schema.ts";

/**
 * A configuration as CloudFront takes it. Every member that the schema knows is there, undefined where nothing is declared, so that it also takes away.
 * What `live` has besides is kept: members that the schema does not know, and the caller reference.
 */
export function toApi(
  config: Config,
  live: api.DistributionConfig | undefined,
  CallerReference: string,
): api.DistributionConfig {
  const { IPV6Enabled, Aliases, CacheBehaviors, CustomErrorResponses, Logging, OriginGroups, Origins, ...rest } =
    config;
  const made = {
    ...rest,
    CallerReference: live?.CallerReference ?? CallerReference,
    Aliases: listed(Aliases),
    AnycastIpListId: config.AnycastIpListId || undefined,
    CacheBehaviors: listed(CacheBehaviors?.map((each) => ({ ...behaviorToApi(each), PathPattern: each.PathPattern }))),
    CacheTagConfig: config.CacheTagConfig,
    ConnectionFunctionAssociation: config.ConnectionFunctionAssociation,
    ContinuousDeploymentPolicyId: config.ContinuousDeploymentPolicyId ?? "",
    CustomErrorResponses: listed(
      CustomErrorResponses?.map((each) => ({
        ...each,
        ResponseCode: each.ResponseCode === undefined ? "" : String(each.ResponseCode),
        ResponsePagePath: each.ResponsePagePath ?? "",
      })),
    ),
    DefaultCacheBehavior: behaviorToApi(config.DefaultCacheBehavior),
    HttpVersion: config.HttpVersion,
    IsIPV6Enabled: IPV6Enabled,
    Logging: {
      Enabled: Logging?.Bucket !== undefined,
      IncludeCookies: Logging?.IncludeCookies ?? false,
      Bucket: Logging?.Bucket ?? "",
      Prefix: Logging?.Prefix ?? "",
    },
    OriginGroups: listed(OriginGroups?.Items),
    Origins: listed(Origins.map(originToApi)),
    Restrictions: {
      GeoRestriction: {
        RestrictionType: config.Restrictions.GeoRestriction.RestrictionType,
        ...listed(config.Restrictions.GeoRestriction.Locations),
      },
    },
    ViewerCertificate: certificateToApi(config.ViewerCertificate),
    ViewerMtlsConfig: config.ViewerMtlsConfig,
  };
  return over(live, made) as api.DistributionConfig;
}

/** A configuration as CloudFormation writes it. */
export function fromApi(live: api.DistributionConfig): Config {
  const { Logging: logging, Restrictions, CustomErrorResponses, DefaultCacheBehavior } = live;
  const geo = Restrictions?.GeoRestriction;
  const groups = live.OriginGroups?.Items as OriginGroup[] | undefined;
  return {
    Aliases: items(live.Aliases),
    AnycastIpListId: live.AnycastIpListId || undefined,
    CacheBehaviors: items(live.CacheBehaviors)?.map((each) => ({
      ...behaviorOf(each),
      PathPattern: each.PathPattern ?? "",
    })),
    CacheTagConfig: live.CacheTagConfig as Config["CacheTagConfig"],
    Comment: live.Comment ?? "",
    ConnectionFunctionAssociation: live.ConnectionFunctionAssociation as Config["ConnectionFunctionAssociation"],
    ContinuousDeploymentPolicyId: live.ContinuousDeploymentPolicyId || undefined,
    CustomErrorResponses: items(CustomErrorResponses)?.map(({ ErrorCode = 0, ErrorCachingMinTTL, ...each }) => ({
      ErrorCode,
      ErrorCachingMinTTL,
      ResponseCode: each.ResponseCode ? Number(each.ResponseCode) : undefined,
      ResponsePagePath: each.ResponsePagePath || undefined,
    })),
    DefaultCacheBehavior: behaviorOf(DefaultCacheBehavior ?? {}),
    DefaultRootObject: live.DefaultRootObject ?? "",
    Enabled: live.Enabled ?? false,
    // GetDistribution spells it as declared, ListDistributions in capitals.
    HttpVersion: live.HttpVersion?.toLowerCase() as Config["HttpVersion"],
    IPV6Enabled: live.IsIPV6Enabled,
    Logging:
      logging?.Enabled || logging?.IncludeCookies
        ? {
            Bucket: logging.Bucket || undefined,
            IncludeCookies: logging.IncludeCookies ?? false,
            Prefix: logging.Prefix ?? "",
          }
        : undefined,
    OriginGroups: groups?.length
      ? {
          Quantity: groups.length,
          Items: groups.map((each) => ({ ...each, SelectionCriteria: each.SelectionCriteria ?? "default" })),
        }
      : undefined,
    Origins: (live.Origins?.Items ?? []).map(originOf),
    PriceClass: (live.PriceClass ?? "PriceClass_All") as Config["PriceClass"],
    Restrictions: { GeoRestriction: { RestrictionType: geo?.RestrictionType ?? "none", Locations: items(geo) } },
    Staging: live.Staging ?? false,
    ViewerCertificate: certificateOf(live.ViewerCertificate),
    ViewerMtlsConfig: live.ViewerMtlsConfig as Config["ViewerMtlsConfig"],
    WebACLId: live.WebACLId ?? "",
  };
}

function behaviorToApi(behavior: Behavior): api.DefaultCacheBehavior {
  const { CachePolicyId, ForwardedValues, AllowedMethods, CachedMethods } = behavior;
  const own = !CachePolicyId;
  return {
    AllowedMethods: { ...listed(AllowedMethods), CachedMethods: listed(CachedMethods) },
    CachePolicyId: CachePolicyId || undefined,
    Compress: behavior.Compress,
    FieldLevelEncryptionId: behavior.FieldLevelEncryptionId,
    ForwardedValues: own && ForwardedValues ? forwardedToApi(ForwardedValues) : undefined,
    FunctionAssociations: listed(behavior.FunctionAssociations) as api.FunctionAssociations,
    GrpcConfig: behavior.GrpcConfig,
    LambdaFunctionAssociations: listed(behavior.LambdaFunctionAssociations) as api.LambdaFunctionAssociations,
    MinTTL: own ? (behavior.MinTTL ?? cacheTimes.MinTTL) : undefined,
    DefaultTTL: own ? (behavior.DefaultTTL ?? cacheTimes.DefaultTTL) : undefined,
    MaxTTL: own ? (behavior.MaxTTL ?? cacheTimes.MaxTTL) : undefined,
    OriginRequestPolicyId: behavior.OriginRequestPolicyId || undefined,
    RealtimeLogConfigArn: behavior.RealtimeLogConfigArn || undefined,
    ResponseHeadersPolicyId: behavior.ResponseHeadersPolicyId || undefined,
    SmoothStreaming: behavior.SmoothStreaming,
    TargetOriginId: behavior.TargetOriginId,
    TrustedKeyGroups: { Enabled: Boolean(behavior.TrustedKeyGroups?.length), ...listed(behavior.TrustedKeyGroups) },
    TrustedSigners: { Enabled: Boolean(behavior.TrustedSigners?.length), ...listed(behavior.TrustedSigners) },
    ViewerProtocolPolicy: behavior.ViewerProtocolPolicy,
  };
}

function behaviorOf(live: Partial<api.DefaultCacheBehavior>): Behavior {
  const { AllowedMethods, ForwardedValues } = live;
  return {
    AllowedMethods: (AllowedMethods?.Items ?? ["GET", "HEAD"]) as Behavior["AllowedMethods"],
    CachePolicyId: live.CachePolicyId || undefined,
    CachedMethods: (AllowedMethods?.CachedMethods?.Items ?? ["GET", "HEAD"]) as Behavior["CachedMethods"],
    Compress: live.Compress ?? false,
    DefaultTTL: live.DefaultTTL,
    FieldLevelEncryptionId: live.FieldLevelEncryptionId ?? "",
    ForwardedValues: ForwardedValues && forwardedOf(ForwardedValues),
    FunctionAssociations: items(live.FunctionAssociations),
    GrpcConfig: { Enabled: live.GrpcConfig?.Enabled ?? false },
    LambdaFunctionAssociations: items(live.LambdaFunctionAssociations)?.map((each) => ({
      ...each,
      IncludeBody: each.IncludeBody ?? false,
    })),
    MaxTTL: live.MaxTTL,
    MinTTL: live.MinTTL,
    OriginRequestPolicyId: live.OriginRequestPolicyId || undefined,
    RealtimeLogConfigArn: live.RealtimeLogConfigArn || undefined,
    ResponseHeadersPolicyId: live.ResponseHeadersPolicyId || undefined,
    SmoothStreaming: live.SmoothStreaming ?? false,
    TargetOriginId: live.TargetOriginId ?? "",
    TrustedKeyGroups: items(live.TrustedKeyGroups),
    TrustedSigners: items(live.TrustedSigners),
    ViewerProtocolPolicy: live.ViewerProtocolPolicy ?? "allow-all",
  };
}

function forwardedToApi({ Cookies, Headers, QueryString, QueryStringCacheKeys }: ForwardedValues): api.ForwardedValues {
  const { Forward, WhitelistedNames } = Cookies;
  return {
    Cookies: { Forward, WhitelistedNames: Forward === "whitelist" ? listed(WhitelistedNames) : undefined },
    Headers: listed(Headers),
    QueryString,
    QueryStringCacheKeys: listed(QueryStringCacheKeys),
  };
}

function forwardedOf({ Cookies, Headers, QueryString, QueryStringCacheKeys }: api.ForwardedValues): ForwardedValues {
  return {
    Cookies: { Forward: Cookies?.Forward ?? "none", WhitelistedNames: items(Cookies?.WhitelistedNames) },
    Headers: items(Headers),
    QueryString: QueryString ?? false,
    QueryStringCacheKeys: items(QueryStringCacheKeys),
  };
}

function originToApi({ OriginCustomHeaders, CustomOriginConfig: custom, ...origin }: Origin): api.Origin {
  return {
    ...origin,
    CustomHeaders: listed(OriginCustomHeaders),
    CustomOriginConfig: custom && {
      HTTPPort: custom.HTTPPort,
      HTTPSPort: custom.HTTPSPort,
      IpAddressType: custom.IpAddressType,
      OriginKeepaliveTimeout: custom.OriginKeepaliveTimeout,
      OriginMtlsConfig: custom.OriginMtlsConfig,
      OriginProtocolPolicy: custom.OriginProtocolPolicy,
      OriginReadTimeout: custom.OriginReadTimeout,
      OriginSslProtocols: custom.OriginSSLProtocols && listed(custom.OriginSSLProtocols),
    },
    OriginAccessControlId: origin.OriginAccessControlId ?? "",
    OriginShield: origin.OriginShield.Enabled ? origin.OriginShield : { Enabled: false, OriginShieldRegion: undefined },
    ResponseCompletionTimeout: origin.ResponseCompletionTimeout,
    S3OriginConfig: origin.S3OriginConfig,
    VpcOriginConfig: origin.VpcOriginConfig,
  };
}

function originOf(live: api.Origin): Origin {
  const { CustomOriginConfig: custom, S3OriginConfig: bucket, VpcOriginConfig: vpc, OriginShield: shield } = live;
  return {
    ConnectionAttempts: live.ConnectionAttempts ?? 3,
    ConnectionTimeout: live.ConnectionTimeout ?? 10,
    CustomOriginConfig: custom && {
      HTTPPort: custom.HTTPPort ?? 80,
      HTTPSPort: custom.HTTPSPort ?? 443,
      IpAddressType: custom.IpAddressType,
      OriginKeepaliveTimeout: custom.OriginKeepaliveTimeout ?? 5,
      OriginMtlsConfig: custom.OriginMtlsConfig as { ClientCertificateArn: string } | undefined,
      OriginProtocolPolicy: custom.OriginProtocolPolicy ?? "match-viewer",
      OriginReadTimeout: custom.OriginReadTimeout ?? 30,
      OriginSSLProtocols: items(custom.OriginSslProtocols),
    },
    DomainName: live.DomainName ?? "",
    Id: live.Id ?? "",
    OriginAccessControlId: live.OriginAccessControlId || undefined,
    OriginCustomHeaders: items(live.CustomHeaders) as Origin["OriginCustomHeaders"],
    OriginPath: live.OriginPath ?? "",
    OriginShield: { Enabled: shield?.Enabled ?? false, OriginShieldRegion: shield?.OriginShieldRegion },
    ResponseCompletionTimeout: live.ResponseCompletionTimeout || undefined,
    S3OriginConfig: bucket && {
      OriginAccessIdentity: bucket.OriginAccessIdentity ?? "",
      OriginReadTimeout: bucket.OriginReadTimeout ?? 30,
    },
    VpcOriginConfig: vpc && {
      OriginKeepaliveTimeout: vpc.OriginKeepaliveTimeout ?? 5,
      OriginReadTimeout: vpc.OriginReadTimeout ?? 30,
      OwnerAccountId: vpc.OwnerAccountId,
      VpcOriginId: vpc.VpcOriginId ?? "",
    },
  };
}

function certificateToApi(certificate: Config["ViewerCertificate"]): api.ViewerCertificate {
  const own = isOwnCertificate(certificate);
  return {
    CloudFrontDefaultCertificate: own,
    ACMCertificateArn: own ? undefined : certificate.AcmCertificateArn || undefined,
    IAMCertificateId: own ? undefined : certificate.IamCertificateId || undefined,
    MinimumProtocolVersion: own ? undefined : (certificate.MinimumProtocolVersion as api.MinimumProtocolVersion),
    SSLSupportMethod: own ? undefined : certificate.SslSupportMethod,
    // The former spelling, which CloudFront shows beside the present one.
    Certificate: undefined,
    CertificateSource: undefined,
  };
}

function certificateOf(live: api.ViewerCertificate | undefined): Config["ViewerCertificate"] {
  if (!live || live.CloudFrontDefaultCertificate) return { CloudFrontDefaultCertificate: true };
  return {
    AcmCertificateArn: live.ACMCertificateArn,
    IamCertificateId: live.IAMCertificateId,
    MinimumProtocolVersion: live.MinimumProtocolVersion,
    SslSupportMethod: live.SSLSupportMethod as Config["ViewerCertificate"]["SslSupportMethod"],
  };
}

/** A list as the API wraps it. */
function listed<T>(list: readonly T[] | undefined): { Quantity: number; Items: T[] | undefined } & { Items: T[] } {
  const Items = list?.length ? [...list] : undefined;
  return { Quantity: list?.length ?? 0, Items: Items as T[] };
}

/** What is in the wrapping; undefined: nothing. */
function items<T>(list: { Items?: T[] | undefined } | undefined): T[] | undefined {
  return list?.Items?.length ? list.Items : undefined;
}

/** `made` with what `live` has besides. Elements of a list are the same by their Id or path. */
function over(live: unknown, made: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(made))
    return made.map((element) =>
      over(
        live.find((each) => isSame(each, element)),
        element,
      ),
    );
  if (!isRecord(live) || !isRecord(made)) return made;
  const merged = Object.entries(made).map(([name, value]) => [name, over(live[name], value)]);
  return { ...live, ...Object.fromEntries(merged) };
}

function isSame(live: unknown, made: unknown): boolean {
  const keyOf = (value: unknown) => (isRecord(value) ? (value.Id ?? value.PathPattern ?? value.ErrorCode) : undefined);
  return keyOf(made) !== undefined && keyOf(live) === keyOf(made);
}
