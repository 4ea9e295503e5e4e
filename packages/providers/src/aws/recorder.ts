import { AsyncLocalStorage } from "node:async_hooks";
import type { CallCounts } from "@reconcile/core";
import type { FinalizeRequestMiddleware, Pluggable } from "@smithy/types";
import type { Attempt, Call, CallHooks, CallRecord, RunningCall } from "./call.ts";
import { rememberCall } from "./failures.ts";
import { ledgerOperations, ledgerRoot } from "./ledger.ts";
import { actionOf, isMutating } from "./operations.ts";
import { hideSecrets } from "./secrets.ts";
import type { ServiceName } from "./services.ts";
import { createWaits } from "./waits.ts";

/** A planned change: the only place where a mutating call is allowed. */
interface Change {
  logicalId: string;
  type: string;
  operations: readonly string[];
  /** Asked before each request; what it throws keeps it from being sent. */
  permit?: () => void;
}

const running = new AsyncLocalStorage<RunningCall>();
// One storage for all recorders: Node 20 hands every storage that was ever used on at each promise, so one for each session made every session slower than the last.
const changes = new AsyncLocalStorage<{ change: Change | "bookkeeping"; recordedIn: readonly CallRecord[] }>();

/** The call as part of which this code runs. */
export function runningCall(): RunningCall | undefined {
  return running.getStore();
}

/** What knows of every call of a stack, and lets none out that it should not. */
export interface Recorder {
  /** Runs calls that leave word for other runs: the only ones that may write outside a planned change, and nothing but the ledger. */
  bookkeeping<T>(call: () => Promise<T>): Promise<T>;
  planned<T>(change: Change, write: () => Promise<T>): Promise<T>;
  calls(): CallCounts;
  /** Every attempt, in the order in which they ended. */
  log(): readonly CallRecord[];
  /** What a client needs so that its calls are guarded, counted and shown to the hooks. */
  plugin(service: ServiceName, region: string): Pluggable<object, object>;
  /** Has this run written to the service, apart from the running call? */
  hasWritten(service: ServiceName): boolean;
  /** Does the text name something that a write of this run answered with? */
  namesOwnWork(text: string): boolean;
  /** An earlier run did not finish: what it wrote counts as written just now. */
  resumed(): void;
  /** From now on for so many milliseconds a call waits, because it was throttled. */
  waits(call: Call, milliseconds: number): void;
}

/** What a recorder asks and tells. */
export interface RecorderOptions extends CallHooks {
  /** Runs one attempt when there is room for it: the limit of requests under way. */
  limit?<T>(attempt: () => Promise<T>): Promise<T>;
  /** No call starts after it has aborted. */
  signal?: AbortSignal | undefined;
  /** Before and after every attempt of a write: what was read before may no longer hold. */
  onWrite?(): void;
}

/** Counts every attempt of every call, and lets no mutating call out that no planned change has declared. */
export function createRecorder(options: RecorderOptions = {}): Recorder {
  const { limit = (attempt) => attempt(), signal } = options;
  const log: CallRecord[] = [];
  const sentTo = new Map<ServiceName, number>();
  const writes = new Map<ServiceName, number>();
  const made = new Set<string>();
  const waits = createWaits();
  let throttled = 0;
  let resumed = false;

  /** What is under way in this recorder and may write: another one's allows nothing here. */
  function underWay(): Change | "bookkeeping" | undefined {
    const planned = changes.getStore();
    return planned?.recordedIn === log ? planned.change : undefined;
  }

  function begin(service: ServiceName, region: string, operation: string, input: object): RunningCall {
    const mutating = isMutating(service, operation);
    const cause = underWay();
    const common = {
      service,
      operation,
      region,
      mutating,
      input: input as Readonly<Record<string, unknown>>,
      attempts: 0,
      throttled: 0,
      waited: { throttling: 0, consistency: 0 },
    };
    if (cause === "bookkeeping") {
      if (mutating) refuseOutsideLedger(service, operation, input);
      return { ...common, bookkeeping: true };
    }
    if (mutating) refuseUnplanned(cause, service, operation);
    if (mutating) increase(writes, service);
    return { ...common, ...(cause && { change: { logicalId: cause.logicalId, type: cause.type } }) };
  }

  async function attempt<T extends { output: object }>(call: RunningCall, send: () => Promise<T>): Promise<T> {
    call.attempts += 1;
    const { service, operation, region, mutating, change, bookkeeping } = call;
    const shown: Attempt = {
      service,
      operation,
      region,
      mutating,
      attempt: call.attempts,
      ...(change && { change }),
      ...(bookkeeping && { bookkeeping }),
    };
    const started = performance.now();
    // What was read of a stack still holds when a run leaves word for others.
    const writesToStack = mutating && !bookkeeping;
    let sent = false;
    if (writesToStack) options.onWrite?.();
    try {
      if (writesToStack) permitIn(underWay())?.();
      await options.onRequest?.(shown);
      sent = true;
      increase(sentTo, service);
      const answer = await seen(shown, send);
      if (writesToStack) rememberNames(answer.output, made);
      return answer;
    } catch (error) {
      shown.error = codeOf(error);
      throw error;
    } finally {
      if (writesToStack) options.onWrite?.();
      log.push({ ...shown, sent, ms: Math.round(performance.now() - started) });
    }
  }

  async function seen<T>(shown: Attempt, send: () => Promise<T>): Promise<T> {
    const answer = await send().catch(async (error: unknown) => {
      shown.error = codeOf(error);
      await options.onResponse?.(shown);
      throw error;
    });
    await options.onResponse?.(shown);
    return answer;
  }

  const eachAttempt: FinalizeRequestMiddleware<object, object> = (next) => (args) => {
    const call = runningCall();
    if (!call) throw new Error("A request was sent outside a call.");
    call.endpoint = endpointOf(args.request);
    return limit(() => attempt(call, () => next(args)));
  };

  return {
    bookkeeping: (call) => changes.run({ change: "bookkeeping", recordedIn: log }, call),
    planned: (change, write) => changes.run({ change, recordedIn: log }, write),
    calls() {
      const total = [...sentTo.values()].reduce((sum, count) => sum + count, 0);
      return { total, byService: Object.fromEntries([...sentTo].sort()), throttled, ...waits.total() };
    },
    log: () => log,
    hasWritten(service) {
      const call = runningCall();
      const own = call?.mutating && call.service === service ? 1 : 0;
      return resumed || (writes.get(service) ?? 0) > own;
    },
    namesOwnWork: (text) => resumed || [...made].some((name) => text.includes(name)),
    resumed() {
      resumed = true;
    },
    waits: ({ service, operation }, milliseconds) => waits.add(`${service}:${operation}`, milliseconds),
    plugin: (service, region) => ({
      applyToStack(stack) {
        stack.add(
          (next, context) => async (args) => {
            signal?.throwIfAborted();
            const operation = (context.commandName ?? "").replace(/Command$/, "");
            const call = begin(service, region, operation, args.input);
            try {
              return await running.run(call, () => next(args));
            } catch (error) {
              if (call.stopped !== undefined) throw call.stopped;
              hideSecrets(error, args.input, context.inputFilterSensitiveLog);
              rememberCall(error, call);
              throw error;
            } finally {
              throttled += call.throttled;
            }
          },
          { step: "initialize", name: "reconcileCall", priority: "high", override: true },
        );
        stack.addRelativeTo(eachAttempt, {
          relation: "after",
          toMiddleware: "retryMiddleware",
          name: "reconcileAttempt",
          override: true,
        });
      },
    }),
  };
}

/** A bug in a resource type or in the engine, not something that a person did: it is thrown, and nothing is sent. */
function refuseUnplanned(change: Change | undefined, service: ServiceName, operation: string): void {
  const name = `${service}:${operation}`;
  if (!change) throw new Error(`${name} changes AWS, but it was called outside a planned change. It was not sent.`);
  if (change.operations.includes(name) || change.operations.includes(actionOf(service, operation))) return;
  throw new Error(
    `${name} is not among the writes that ${change.type} declares (for ${change.logicalId}). It was not sent.`,
  );
}

function refuseOutsideLedger(service: ServiceName, operation: string, input: object): void {
  const { Name, Names = [Name] } = input as { Name?: unknown; Names?: readonly unknown[] };
  const name = `${service}:${operation}`;
  const isAllowed = ledgerOperations.write.some((each) => each === name);
  if (isAllowed && Names.every((each) => typeof each === "string" && each.startsWith(ledgerRoot))) return;
  throw new Error(`${name} of ${Names.join(", ")} is no bookkeeping. It was not sent.`);
}

function permitIn(cause: Change | "bookkeeping" | undefined): Change["permit"] {
  return cause === "bookkeeping" ? undefined : cause?.permit;
}

function increase(counts: Map<ServiceName, number>, service: ServiceName): void {
  counts.set(service, (counts.get(service) ?? 0) + 1);
}

function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

function endpointOf(request: unknown): string {
  const { protocol = "", hostname = "", port } = request as { protocol?: string; hostname?: string; port?: number };
  return `${protocol}//${hostname}${port ? `:${port}` : ""}`;
}

/** Identifiers, names and ARNs in an answer, at any depth: an error that names one of them soon after is a matter of time. */
function rememberNames(answer: unknown, names: Set<string>): void {
  if (typeof answer !== "object" || answer === null) return;
  for (const [key, value] of Object.entries(answer)) {
    if (key === "$metadata") continue;
    if (typeof value === "string" && value.length > 2 && /(?:Id|Arn|Name)$/i.test(key)) names.add(value);
    rememberNames(value, names);
  }
}
