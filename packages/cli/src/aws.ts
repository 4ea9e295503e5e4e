import { devNull } from "node:os";
import type { Stack } from "@reconcile/core";
import type { AwsFlags } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

/** Where the stacks of this run live, as the session to AWS is told. */
export interface AwsSettings {
  environment: Readonly<Record<string, string | undefined>>;
  profile?: string;
  endpointUrl?: string;
  /** An embedded AWS of the user's own: account numbers mean nothing there. */
  sandbox: boolean;
}

/** Starts the sandbox where it was asked for; from then on nothing of the real AWS environment is seen by this process. */
export async function awsSettings(flags: AwsFlags, terminal: Terminal): Promise<AwsSettings> {
  if (flags.region !== undefined) process.env.AWS_REGION = flags.region;
  if (!flags.sandbox) {
    return {
      environment: process.env,
      sandbox: false,
      ...(flags.profile !== undefined && { profile: flags.profile }),
      ...(flags.endpointUrl !== undefined && { endpointUrl: flags.endpointUrl }),
    };
  }
  if (flags.profile !== undefined || flags.endpointUrl !== undefined) {
    const other = flags.profile === undefined ? "--endpoint-url" : "--profile";
    throw new UsageError(`--sandbox and ${other} name two different places.`, "leave one of them out");
  }
  const { sandboxEnvironment, startSandbox, sandboxStatus } = await import("@reconcile/sandbox");
  const running = await sandboxStatus();
  const { endpoint } = await startSandbox({ shared: true, onProgress: (message) => terminal.err(message) });
  terminal.err(
    running
      ? `sandbox   ${endpoint}, an AWS of your own on this machine`
      : `sandbox   ${endpoint}, started: an AWS of your own on this machine; \`reconcile sandbox stop\` ends it`,
  );
  const environment = sandboxed(process.env, sandboxEnvironment(endpoint), flags.region);
  // The SDK reads the process's environment by itself.
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  return { environment: process.env, sandbox: true };
}

/** An environment from which nothing of the real AWS can be reached: no variable, and none of the user's configuration files. */
export function sandboxed(
  environment: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string | undefined>>,
  region?: string,
): Record<string, string | undefined> {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith("AWS_"));
  const set = Object.entries(variables).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries([...others, ...set]),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    ...(region !== undefined && { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
  };
}

/** --region says where stacks live that say nothing themselves. One that does is never planned elsewhere: there, it would be another stack. */
export function placed(stacks: readonly Stack[], flags: AwsFlags, settings: AwsSettings): Stack[] {
  for (const stack of stacks) {
    if (flags.region !== undefined && stack.region !== undefined && stack.region !== flags.region) {
      throw new UsageError(
        `--region ${flags.region} contradicts the stack ${stack.name}, which lives in ${stack.region}.`,
        "leave out --region, or change the region in the stack file or reconcile.yaml",
      );
    }
  }
  return withoutAccounts(stacks, settings);
}

/** In a sandbox account numbers mean nothing. */
export function withoutAccounts(stacks: readonly Stack[], { sandbox }: Pick<AwsSettings, "sandbox">): Stack[] {
  return stacks.map((stack) => {
    const { account, ...rest } = stack;
    return sandbox || account === undefined ? rest : stack;
  });
}
