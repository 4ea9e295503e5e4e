import type { Environment } from "./folders.ts";

/** The account that the sandbox's resources belong to. */
export const sandboxAccount = "123456789012";
/** The region where nothing else is said. */
export const sandboxRegion = "us-east-1";

/**
 * The variables that point the AWS CLI, every AWS SDK and Reconcile at a sandbox: merge them over `env`, the environment they are for.
 * `undefined` marks variables to remove, which would otherwise win, or reach out to the real AWS.
 */
export function sandboxEnvironment(
  endpoint: string,
  env: Environment = process.env,
): Record<string, string | undefined> {
  const ofOneService = Object.keys(env).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));
  return {
    ...Object.fromEntries(ofOneService.map((name) => [name, undefined])),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: sandboxRegion,
    AWS_DEFAULT_REGION: sandboxRegion,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
    AWS_ROLE_ARN: undefined,
    AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
  };
}
