import { type Diagnostic, DiagnosticError } from "@reconcile/core";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, Pluggable } from "@smithy/types";
import type { ClientSettings } from "./services.ts";
import { refuseWebPages } from "./web-page.ts";

/** Variables of the environment, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Credentials as the AWS CLI finds them: a named profile, else the keys in the environment, else the profile of `AWS_PROFILE`, web identity, SSO, container and instance. They are looked
 * up at the first call, and again when they are about to expire.
 */
export function chainedCredentials(environment: Variables, profile: string | undefined): AwsCredentialIdentityProvider {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = environment;
  if (!profile && accessKeyId && secretAccessKey) {
    return async () => ({
      accessKeyId,
      secretAccessKey,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    });
  }
  return remembered(async () => {
    const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    const named = profile ?? environment.AWS_PROFILE;
    return fromNodeProviderChain({ ...(named && { profile: named }) });
  });
}

/** Credentials of a role that `source` may assume. All clients share them: one call of STS an hour. */
export function assumedRole(
  roleArn: string,
  source: ClientSettings,
  plugin: Pluggable<object, object>,
): AwsCredentialIdentityProvider {
  return remembered(async () => {
    const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
    const { credentials, ...clientConfig } = source;
    return fromTemporaryCredentials({
      masterCredentials: credentials,
      params: { RoleArn: roleArn, RoleSessionName: "reconcile" },
      clientConfig,
      clientPlugins: [plugin, refuseWebPages],
    });
  });
}

/** One look-up for all clients at a time, kept until five minutes before it expires. A failed one is not kept. */
function remembered(load: () => Promise<AwsCredentialIdentityProvider>): AwsCredentialIdentityProvider {
  let provider: Promise<AwsCredentialIdentityProvider> | undefined;
  let current: Promise<AwsCredentialIdentity> | undefined;
  async function look(): Promise<AwsCredentialIdentity> {
    try {
      provider ??= load();
      return await (await provider)();
    } catch (error) {
      current = undefined;
      throw error;
    }
  }
  return async () => {
    const known = current && (await current);
    const expires = known?.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
    if (known && expires - Date.now() > 300_000) return known;
    // Only the first of those who find it expired looks again.
    if (!current || (await current) === known) current = look();
    return current;
  };
}

/** The region of the environment or of the profile in AWS's configuration files. */
export async function defaultRegion(environment: Variables, profile: string | undefined): Promise<string> {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  if (region) return region;
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  const named = profile ?? environment.AWS_PROFILE ?? "default";
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    ...(environment.AWS_CONFIG_FILE && { configFilepath: environment.AWS_CONFIG_FILE }),
    ...(environment.AWS_SHARED_CREDENTIALS_FILE && { filepath: environment.AWS_SHARED_CREDENTIALS_FILE }),
  });
  const configured = configFile[named]?.region ?? credentialsFile[named]?.region;
  if (!configured) throw new DiagnosticError(regionMissing);
  return configured;
}

const regionMissing: Diagnostic = {
  code: "aws.region-missing",
  severity: "error",
  message: "Neither the stack nor the AWS configuration names a region.",
  remedy: "set `region` in the stack file or under `defaults` in reconcile.yaml, pass --region, or set AWS_REGION.",
};
