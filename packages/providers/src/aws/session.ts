import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type CallCounts, DiagnosticError } from "@reconcile/core";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import pLimit from "p-limit";
import { type Aws, once, openAws, type SessionOptions, type Shared } from "./context.ts";
import { chainedCredentials, defaultRegion } from "./credentials.ts";
import { toDiagnostic } from "./diagnose.ts";
import { refuseAccount } from "./identity.ts";
import { createNetwork, parallelRequests } from "./network.ts";
import type { Wait } from "./retries.ts";

/** What one stack asks for. */
export interface Target {
  /** Default: of the environment, or of the profile. */
  region?: string | undefined;
  /** Assumed for this stack. */
  roleArn?: string | undefined;
  /** Any other account is refused. */
  account?: string | undefined;
}

/** AWS for the stacks of a run. */
export interface Session {
  /**
   * AWS for a stack, at the beginning of an observation. Stacks of the same region and role share it.
   * Rejects with a DiagnosticError: no region, no credentials or wrong ones, another account, no connection.
   */
  connect(target: Target): Promise<Aws>;
  /** Of all its stacks. */
  calls(): CallCounts;
  /** Closes idle connections, so that a program can end at once. */
  close(): void;
}

/** AWS for one stack. For several stacks of a run: `openSession`. */
export function connect(options: SessionOptions & Target): Promise<Aws> {
  return openSession(options).connect(options);
}

/** AWS for the stacks of a run: they share connections, the limit of requests, and what is known of who calls. */
export function openSession(options: SessionOptions): Session {
  // The SDK prints a warning about the version of Node to the users of every program that contains it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { environment, profile } = options;
  const shared: Shared = {
    options,
    ...waiting(options),
    limit: pLimit(parallelRequests),
    credentials: options.credentials ? providing(options.credentials) : chainedCredentials(environment, profile),
    recorders: [],
    identities: new Map(),
    namedProfile: profile ?? environment.AWS_PROFILE,
  };
  const opened = new Map<string, Promise<Aws>>();
  const handler = options.requestHandler ? Promise.resolve(options.requestHandler) : undefined;
  let network = handler;

  async function open(target: Target): Promise<Aws> {
    try {
      const region = target.region ?? (await defaultRegion(environment, profile));
      network ??= createNetwork();
      const requestHandler = await network;
      const { roleArn } = target;
      const aws = await once(opened, `${region} ${roleArn ?? ""}`, () =>
        openAws(shared, region, roleArn, requestHandler),
      );
      if (target.account) refuseAccount(target.account, aws);
      aws.fresh();
      return aws;
    } catch (error) {
      const diagnostic = toDiagnostic(error, { profile: shared.namedProfile, roleArn: target.roleArn });
      throw diagnostic ? new DiagnosticError(diagnostic, { cause: error }) : error;
    }
  }

  return {
    connect: open,
    calls: () => total(shared.recorders.map((recorder) => recorder.calls())),
    close: () => void network?.then((each) => each.destroy?.()),
  };
}

/** What ends a wait: `signal` every one, `stop` none of those with which a run that was told to stop comes to its end. */
function waiting({ signal, stop, wait }: SessionOptions): Pick<Shared, "wait" | "waitForCall"> {
  const both = AbortSignal.any([signal, stop].filter((each) => each !== undefined));
  // Every wait under way listens.
  setMaxListeners(0, both);
  const always: Wait = wait ?? ((ms, until) => sleep(ms, undefined, until && { signal: until }));
  return {
    wait: (ms) => always(ms, both),
    waitForCall(ms, { bookkeeping, mutating }) {
      const comesToItsEnd = bookkeeping || (stop?.aborted && !mutating);
      return always(ms, comesToItsEnd ? signal : both);
    },
  };
}

function providing(credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  return typeof credentials === "function" ? credentials : async () => credentials;
}

function total(counts: readonly CallCounts[]): CallCounts {
  const byService: Record<string, number> = {};
  for (const each of counts) {
    for (const [service, count] of Object.entries(each.byService))
      byService[service] = (byService[service] ?? 0) + count;
  }
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  // Regions and roles are asked side by side.
  const [waited] = counts.flatMap((each) => each.waited ?? []).sort((a, b) => b.milliseconds - a.milliseconds);
  return {
    total: sum(counts.map((each) => each.total)),
    throttled: sum(counts.map((each) => each.throttled)),
    byService,
    ...(waited && { waited }),
  };
}
