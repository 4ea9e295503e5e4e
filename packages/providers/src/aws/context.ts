import type { Cloud } from "@reconcile/core";
import type { HttpHandler } from "@smithy/core/protocols";
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import type { CallHooks, CallRecord, RunningCall } from "./call.ts";
import { assumedRole, type Variables } from "./credentials.ts";
import { diagnosticOf } from "./diagnose.ts";
import type { Caller } from "./explanations.ts";
import { isUnanswered } from "./failures.ts";
import { globalRegionOf, type Identity, identify, partitionGroup } from "./identity.ts";
import { lookUpInput } from "./inputs.ts";
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

/** What the connections of a session have in common. */
export interface Shared {
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

/** AWS for one region and role. Rejects with what the SDK says where it cannot be told who calls. */
export async function openAws(
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
    ownedStacks: (project) => aws.memo(`stacks of ${project}`, () => ownedStacks(aws, project)),
    memo: <T>(key: string, make: () => Promise<T>) => once(cache as Map<string, Promise<T>>, key, make),
    fresh: () => cache.clear(),
    mayHaveHappened: isUnanswered,
    diagnose: (error, resource) => diagnosticOf(error, caller, resource),
  };
  return aws;
}

/** The value under a key, made at most once; a failure is not kept. */
export function once<T>(values: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = values.get(key);
  if (known) return known;
  const made = make();
  values.set(key, made);
  made.catch(() => {
    if (values.get(key) === made) values.delete(key);
  });
  return made;
}
