import type * as api from "@aws-sdk/client-cloudfront";
import { isRecord } from "@reconcile/core";
import { behaviorOf, behaviorToApi } from "./distribution-behavior.ts";
import { isOwnCertificate } from "./distribution-normal-form.ts";
import { originOf, originToApi } from "./distribution-origin.ts";
import type { Config, OriginGroup } from "./distribution-schema.ts";
import { items, listed } from "./quantity-list.ts";

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
