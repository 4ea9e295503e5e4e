import type * as api from "@aws-sdk/client-cloudfront";
import type { Origin } from "./distribution-schema.ts";
import { items, listed } from "./quantity-list.ts";

/** An origin as CloudFront takes it. */
export function originToApi({ OriginCustomHeaders, CustomOriginConfig: custom, ...origin }: Origin): api.Origin {
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

/** An origin as CloudFormation writes it. */
export function originOf(live: api.Origin): Origin {
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
