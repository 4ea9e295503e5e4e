import type { RunningCall } from "./call.ts";

/** What errors of the SDK, of Node's network and of the SDK's credentials have in common. */
export interface Failure extends Error {
  /** Of Node: `ECONNREFUSED`. */
  code?: unknown;
  /** Of AWS, where the SDK's name differs from it. */
  Code?: unknown;
  $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean } | undefined;
}

const failedCalls = new WeakMap<object, RunningCall>();

/** Keeps with an error which call it ended. */
export function rememberCall(error: unknown, call: RunningCall): void {
  if (typeof error === "object" && error !== null) failedCalls.set(error, call);
}

/** The call that ended with this error. */
export function callOf(error: object): RunningCall | undefined {
  return failedCalls.get(error);
}

const connectionErrors: ReadonlySet<unknown> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
]);

/** Did the request certainly not reach AWS? */
export function neverSent(error: Failure): boolean {
  return connectionErrors.has(error.code) || /did not establish a connection/.test(error.message);
}

/** Did a write end without an answer of AWS, so that it may have happened? */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const call = callOf(error);
  const isNetwork = typeof (error as Failure).code === "string" || error.name === "TimeoutError";
  return call?.mutating === true && !neverSent(error) && (call.failure === "TRANSIENT" || isNetwork);
}
