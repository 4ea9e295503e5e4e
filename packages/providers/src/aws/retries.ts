import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from "@smithy/types";
import type { RunningCall } from "./call.ts";
import { type Failure, neverSent } from "./failures.ts";
import { type Recorder, runningCall } from "./recorder.ts";
import { type RetryRow, retryTable } from "./retry-table.ts";

/** Waits so many milliseconds. Rejects when the signal is aborted first. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

/** AWS's "standard" mode has 3, too few for a plan of a thousand resources. */
const maxAttempts = 10;
/** Throttling alone never fails a plan: it goes on until whoever started it stops it, or this long for one call. */
const longestThrottling = 600_000;
/** A host that has no name or refuses to talk will hardly change its mind in a minute. */
const unreachableAttempts = 3;

type History = Pick<Recorder, "hasWritten" | "namesOwnWork" | "waits">;

/**
 * Decides after every failed attempt whether there is another one, and waits for it. It serves the SDK's own retry loop, so that each attempt is signed anew, counted and
 * seen by the hooks. Unlike the SDK's standard strategy it has no quota of retries over all calls, which fails a large plan for nothing but throttling.
 *
 * - Throttling: again, for reads and writes.
 * - An error of the table: again while it lasts, for writes inside a planned change.
 * - No connection: again, for reads and writes, a few times.
 * - A failure on the way (time-out, reset, 5xx): again for reads and for writes with a client token. Any other write may have happened: nobody but the engine can find out.
 */
export function retryStrategy(
  history: History,
  wait: (ms: number, call: RunningCall) => Promise<void>,
): RetryStrategyV2 {
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(previous, info) {
      const call = runningCall();
      const delay = call && delayBefore(call, info, history);
      if (!call || delay === undefined) throw new Error("No further attempt.");
      if (call.failure === "THROTTLING") history.waits(call, delay);
      await wait(delay, call).catch((error: unknown) => {
        // The SDK goes on with the error of the last attempt.
        call.stopped = error;
        throw error;
      });
      return token(previous.getRetryCount() + 1, delay);
    },
    recordSuccess() {},
  };
}

function token(count: number, acquisitionDelay: number): RetryToken {
  return { getRetryCount: () => count, getRetryDelay: () => 0, $retryLog: { acquisitionDelay } };
}

/** Milliseconds until the next attempt; undefined: there is none. */
function delayBefore(call: RunningCall, info: RetryErrorInfo, history: History): number | undefined {
  const { error, retryAfterHint } = info;
  call.failure = isFullQuota(error) ? "CLIENT_ERROR" : info.errorType;
  if (call.failure === "THROTTLING") {
    call.throttled += 1;
    const asked = retryAfterHint ? Math.min(retryAfterHint.getTime() - Date.now(), 60_000) : 0;
    return within(call, "throttling", longestThrottling, Math.max(backoff(call.throttled, 1000, 20_000), asked));
  }
  const row = rowFor(call, error, history);
  if (row) return within(call, "consistency", row[2] * 1000, backoff(call.attempts, 1000, 15_000));
  if (error && neverSent(error))
    return call.attempts < unreachableAttempts ? backoff(call.attempts, 200, 2000) : undefined;
  if (call.failure !== "TRANSIENT" || call.attempts >= maxAttempts || !canBeSentAgain(call, error)) return undefined;
  return backoff(call.attempts, 100, 20_000);
}

/** Exponential, with a random half: calls that failed together do not come back together. */
function backoff(attempt: number, first: number, longest: number): number {
  return Math.round(Math.min(longest, first * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2));
}

function within(call: RunningCall, reason: keyof RunningCall["waited"], limit: number, ms: number): number | undefined {
  if (call.waited[reason] + ms > limit) return undefined;
  call.waited[reason] += ms;
  return ms;
}

function rowFor(call: RunningCall, error: Failure | undefined, history: History): RetryRow | undefined {
  if (!call.mutating || !error) return undefined;
  const operation = `${call.service}:${call.operation}`;
  return retryTable.find(
    ([operations, codes, , when, message]) =>
      operations.test(operation) &&
      codes.test(error.name) &&
      (!message || message.test(error.message)) &&
      (when === "always" || (when === "named" ? history.namesOwnWork(error.message) : history.hasWritten(when))),
  );
}

/** The SDK takes this code for throttling, but IAM and others say with it that a quota is full, which no waiting will change. */
function isFullQuota(error: Failure | undefined): boolean {
  return error?.name === "LimitExceededException" && !/rate|throttl/i.test(error.message);
}

/** Members of requests by which AWS knows a repeated request for the same. */
const clientTokens = ["ClientToken", "clientToken", "ClientRequestToken", "clientRequestToken"];

function canBeSentAgain(call: RunningCall, error: Failure | undefined): boolean {
  // Word that is left twice is the same word.
  if (!call.mutating || call.bookkeeping || error?.$metadata?.clockSkewCorrected) return true;
  return clientTokens.some((name) => typeof call.input[name] === "string");
}
