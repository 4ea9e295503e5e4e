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
  const { startSandbox, sandboxStatus } = await import("@reconcile/sandbox");
  const running = await sandboxStatus();
  const { endpoint } = await startSandbox({ shared: true, onProgress: (message) => terminal.err(message) });
  terminal.err(
    running
      ? `sandbox   ${endpoint}, an AWS of your own on this machine`
      : `sandbox   ${endpoint}, started: an AWS of your own on this machine; \`reconcile sandbox stop\` ends it`,
  );
  const { sandboxEnvironment } = await import("@reconcile/sandbox");
  leaveRealAws(sandboxEnvironment(endpoint), flags.region);
  return { environment: process.env, sandbox: true };
}

/** The SDK reads the process's environment and the user's files by itself, so both have to go. */
function leaveRealAws(replaced: Readonly<Record<string, string | undefined>>, region: string | undefined): void {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  const regions = region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
  const files = { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull };
  for (const [name, value] of Object.entries({ ...replaced, ...files, ...regions })) {
    if (value !== undefined) process.env[name] = value;
  }
}

/** --region says where stacks live that say nothing themselves. One that does is never planned elsewhere: there, it would be another stack. */
export function placed(stacks: readonly Stack[], flags: AwsFlags, settings: AwsSettings): Stack[] {
  return stacks.map((stack) => {
    if (flags.region !== undefined && stack.region !== undefined && stack.region !== flags.region) {
      throw new UsageError(
        `--region ${flags.region} contradicts the stack ${stack.name}, which lives in ${stack.region}.`,
        "leave out --region, or change the region in the stack file or reconcile.yaml",
      );
    }
    const { account, ...rest } = stack;
    return settings.sandbox || account === undefined ? rest : stack;
  });
}
