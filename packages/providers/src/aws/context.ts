import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type CallCounts, type Cloud, DiagnosticError } from "@reconcile/core";
import type { HttpHandler } from "@smithy/core/protocols";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import pLimit from "p-limit";
import type { CallHooks, CallRecord, RunningCall } from "./call.ts";
import { assumedRole, chainedCredentials, defaultRegion, type Variables } from "./credentials.ts";
import { diagnosticOf, toDiagnostic } from "./diagnose.ts";
import type { Caller } from "./explanations.ts";
import { isUnanswered } from "./failures.ts";
import { globalRegionOf, type Identity, identify, partitionGroup, refuseAccount } from "./identity.ts";
import { lookUpInput } from "./inputs.ts";
import { createNetwork, parallelRequests } from "./network.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { retryStrategy, type Wait } from "./retries.ts";
import { type ClientSettings, createServices, endpointFor, type ServiceName, type Services } from "./services.ts";
import { ownedStacks, ownedTypes } from "./tags.ts";

/**
 * AWS for one stack: one account, region and role. A handler calls an operation by its name, and the SDK's errors reach it as they are:
 *
 * ```ts
 * const { GroupId } = await aws.ec2.createSecurityGroup({ … });
 * ```
 */
export interface Aws extends Cloud, Services {
  /** Who calls, by ARN. */
  principal: string;
  /** Where this partition's global services (IAM, CloudFront) and their tags are asked: `us-east-1`. */
  globalRegion: string;
  /** The services in another region, with the same credentials. */
  at(region: string): Services;
  /** Waits so many milliseconds; rejects when the run is stopped. A handler waits in no other way. */
  wait(ms: number): Promise<void>;
  /** What `make` gives, once for an observation: until `fresh` is called or anything is written. A failure is not kept. */
  memo<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Runs calls that leave word for other runs: they change nothing of any stack, and are part of no planned change. */
  bookkeeping<T>(call: () => Promise<T>): Promise<T>;
  /** Begins a new observation: nothing that was read before is used again. */
  fresh(): void;
  /** An earlier run of this stack did not finish: what it wrote counts as written just now where an error may be a matter of time. */
  resumed(): void;
  /** Every attempt of a call so far. */
  log(): readonly CallRecord[];
}

/** What all stacks of a run have in common. */
export interface SessionOptions extends CallHooks {
  /** Where the standard AWS variables are looked up: the process's environment. */
  environment: Variables;
  profile?: string | undefined;
  /** For every service; wins over `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`. */
  endpointUrl?: string | undefined;
  /** Instead of the chain of credentials. */
  credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** Ends waits and reads, and lets no call start. Writes under way are left to end. */
  signal?: AbortSignal | undefined;
  /** Ends waits of what is under way, and no call: what is read afterwards, and word for other runs, waits as ever. */
  stop?: AbortSignal | undefined;
  /** For tests: how to wait. */
  wait?: Wait;
  /** For tests: instead of the network. */
  requestHandler?: HttpHandler;
}

/** What one stack asks for. */
export interface Target {
  /** Default: of the environment, or of the profile. */
  region?: string | undefined;
  /** Assumed for this stack. */
  roleArn?: string | undefined;
  /** Any other account is refused. */
  account?: string | undefined;
}

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

interface Shared {
  options: SessionOptions;
  /** A handler's wait. */
  wait: Aws["wait"];
  /** A call's wait for its next attempt. */
  waitForCall(ms: number, call: RunningCall): Promise<void>;
  limit: <T>(attempt: () => Promise<T>) => Promise<T>;
  credentials: AwsCredentialIdentityProvider;
  recorders: Recorder[];
  identities: Map<string, Promise<Identity>>;
  namedProfile: string | undefined;
}

async function openAws(
  shared: Shared,
  region: string,
  roleArn: string | undefined,
  requestHandler: HttpHandler,
): Promise<Aws> {
  const { options, wait, waitForCall } = shared;
  const { environment, profile, endpointUrl, signal } = options;
  const cache = new Map<string, Promise<unknown>>();
  const recorder = createRecorder({ ...options, limit: shared.limit, onWrite: () => cache.clear() });
  shared.recorders.push(recorder);
  const strategy = retryStrategy(recorder, waitForCall);

  function settingsFor(
    service: ServiceName,
    where: string,
    credentials: AwsCredentialIdentityProvider,
  ): ClientSettings {
    const endpoint = endpointUrl ?? endpointFor(service, environment);
    return {
      region: where,
      credentials,
      ...(endpoint && { endpoint }),
      ...(profile && { profile }),
      requestHandler,
      retryStrategy: strategy,
    };
  }
  const { credentials: own } = shared;
  const credentials = roleArn
    ? assumedRole(roleArn, settingsFor("sts", region, own), recorder.plugin("sts", region))
    : own;

  const regions = new Map<string, Services>();
  function at(where: string): Services {
    const services =
      regions.get(where) ??
      createServices((service) => ({
        settings: () => settingsFor(service, where, credentials),
        plugin: recorder.plugin(service, where),
        signal,
      }));
    regions.set(where, services);
    return services;
  }

  const services = at(region);
  const identity = await once(shared.identities, `${roleArn ?? ""} ${partitionGroup(region)}`, () =>
    identify(services),
  );
  const caller: Caller = { principal: identity.principal, profile: shared.namedProfile, roleArn };
  const aws: Aws = {
    ...services,
    ...identity,
    region,
    globalRegion: globalRegionOf(identity.partition, region),
    at,
    wait,
    planned: recorder.planned,
    bookkeeping: recorder.bookkeeping,
    calls: recorder.calls,
    log: recorder.log,
    resumed: recorder.resumed,
    input: (request) => lookUpInput(aws, request),
    ownedTypes: (owner) => ownedTypes(aws, owner),
    ownedStacks: (project) => ownedStacks(aws, project),
    memo: <T>(key: string, make: () => Promise<T>) => once(cache as Map<string, Promise<T>>, key, make),
    fresh: () => cache.clear(),
    mayHaveHappened: isUnanswered,
    diagnose: (error, resource) => diagnosticOf(error, caller, resource),
  };
  return aws;
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

/** The value under a key, made at most once; a failure is not kept. */
function once<T>(values: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = values.get(key);
  if (known) return known;
  const made = make();
  values.set(key, made);
  made.catch(() => {
    if (values.get(key) === made) values.delete(key);
  });
  return made;
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
