import type * as api from "@aws-sdk/client-cloudfront";
import { cacheTimes } from "./distribution-normal-form.ts";
import type { Behavior, ForwardedValues } from "./distribution-schema.ts";
import { items, listed } from "./quantity-list.ts";

/** A cache behavior as CloudFront takes it. */
export function behaviorToApi(behavior: Behavior): api.DefaultCacheBehavior {
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

/** A cache behavior as CloudFormation writes it. */
export function behaviorOf(live: Partial<api.DefaultCacheBehavior>): Behavior {
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
