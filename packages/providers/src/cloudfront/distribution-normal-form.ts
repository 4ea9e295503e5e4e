import { isRecord } from "@reconcile/core";
import type { Behavior, Config, ForwardedValues, Origin } from "./distribution-schema.ts";

type Members = Record<string, unknown>;

/** What holds without a cache policy where nothing is said. Seconds. */
export const cacheTimes = { MinTTL: 0, DefaultTTL: 86_400, MaxTTL: 31_536_000 };

/** A distribution's properties in the form in which they are compared. What is not known yet stays. */
export function canonicalDistribution<P extends { DistributionConfig: Config }>(properties: P): P {
  const { DistributionConfig: config } = properties;
  if (!isRecord(config)) return properties;
  const { AnycastIpListId, ContinuousDeploymentPolicyId, ...rest } = config;
  return {
    ...properties,
    DistributionConfig: {
      ...rest,
      ...told({ AnycastIpListId, ContinuousDeploymentPolicyId }),
      CacheBehaviors: each(config.CacheBehaviors, canonicalBehavior),
      DefaultCacheBehavior: one(config.DefaultCacheBehavior, canonicalBehavior),
      Origins: each(config.Origins, canonicalOrigin),
      ViewerCertificate: one(config.ViewerCertificate, canonicalCertificate),
    },
  };
}

/**
 * A cache policy decides what is kept, and how long: CloudFront then shows neither forwarded values nor times. Without one, times that are not declared have their defaults.
 * An empty identifier is none.
 */
function canonicalBehavior<B extends Behavior>(behavior: B): B {
  const { CachePolicyId, OriginRequestPolicyId, RealtimeLogConfigArn, ResponseHeadersPolicyId, ...rest } = behavior;
  const { ForwardedValues, MinTTL, DefaultTTL, MaxTTL, ...others } = rest;
  const policies = told({ CachePolicyId, OriginRequestPolicyId, RealtimeLogConfigArn, ResponseHeadersPolicyId });
  if (CachePolicyId) return { ...others, ...policies } as unknown as B;
  const times = { ...cacheTimes, ...told({ MinTTL, DefaultTTL, MaxTTL }) };
  const forwarded = told({ ForwardedValues: one(ForwardedValues, canonicalForwarded) });
  return { ...others, ...policies, ...times, ...forwarded } as unknown as B;
}

/** Names of cookies count only where some are forwarded, and not all or none. */
function canonicalForwarded(values: ForwardedValues): ForwardedValues {
  const { Cookies } = values;
  const named = isRecord(Cookies) && Cookies.Forward !== "none" && Cookies.Forward !== "all";
  return named || !isRecord(Cookies) ? values : { ...values, Cookies: { Forward: Cookies.Forward } };
}

/** A shield that is off has no region. */
function canonicalOrigin(origin: Origin): Origin {
  const { OriginAccessControlId, OriginShield, ...rest } = origin;
  const off = isRecord(OriginShield) && OriginShield.Enabled === false;
  return {
    ...rest,
    ...told({ OriginAccessControlId }),
    OriginShield: off ? { Enabled: false } : OriginShield,
  } as Origin;
}

/** With CloudFront's own certificate, which it takes where none is named, it chooses the rest. */
function canonicalCertificate(certificate: Config["ViewerCertificate"]): Config["ViewerCertificate"] {
  const { CloudFrontDefaultCertificate, AcmCertificateArn, IamCertificateId, ...rest } = certificate;
  const own = isOwnCertificate(certificate);
  if (own) return { CloudFrontDefaultCertificate: true };
  return {
    ...rest,
    ...told({ AcmCertificateArn, IamCertificateId }),
    CloudFrontDefaultCertificate: CloudFrontDefaultCertificate ?? false,
  };
}

/** CloudFront's own certificate, for its own domain names. */
export function isOwnCertificate(certificate: Config["ViewerCertificate"]): boolean {
  const { CloudFrontDefaultCertificate: own, AcmCertificateArn, IamCertificateId } = certificate;
  return own === true || (own === undefined && !AcmCertificateArn && !IamCertificateId);
}

function each<T>(list: T[] | undefined, change: (element: NonNullable<T>) => T): T[] {
  return (Array.isArray(list) ? list.map((element) => one(element, change)) : list) as T[];
}

function one<T>(value: T, change: (value: NonNullable<T>) => T): T {
  return isRecord(value) ? change(value as NonNullable<T>) : value;
}

/** Without what is empty or not there. */
function told<T extends Members>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== "")) as T;
}
