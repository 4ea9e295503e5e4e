import type { RetryErrorType } from "@smithy/types";
import type { ServiceName } from "./services.ts";

/** One call of an operation. */
export interface Call {
  service: ServiceName;
  /** As AWS's API names it: `DescribeSecurityGroups`. */
  operation: string;
  region: string;
  mutating: boolean;
  /** The planned change that it is part of. */
  change?: { logicalId: string; type: string };
  /** It leaves word for other runs, and changes nothing of any stack. */
  bookkeeping?: true;
}

/** One attempt of a call. */
export interface Attempt extends Call {
  /** From 1. */
  attempt: number;
  /** The code of the error with which it ended. */
  error?: string;
}

/** One attempt of a call that has ended. */
export interface CallRecord extends Attempt {
  /** false: it was stopped before it reached the wire. */
  sent: boolean;
  ms: number;
}

/** For tests, demos and faults: what they throw reaches the caller as if it had come from AWS, and is retried like that. */
export interface CallHooks {
  /** Before each attempt is sent: what it throws keeps the request from being sent. */
  onRequest?(attempt: Attempt): Promise<void> | void;
  /** After AWS has answered, before the caller sees the answer. */
  onResponse?(attempt: Attempt): Promise<void> | void;
}

/** A call while it runs, with what retrying and explaining it needs. */
export interface RunningCall extends Call {
  input: Readonly<Record<string, unknown>>;
  /** Where the last attempt went: `https://ec2.us-east-1.amazonaws.com`. */
  endpoint?: string;
  attempts: number;
  /** How the SDK classes the last attempt's error. */
  failure?: RetryErrorType;
  throttled: number;
  /** With what waiting for the next attempt ended, when the run was told to stop. */
  stopped?: unknown;
  /** Milliseconds waited between attempts, by reason. */
  waited: { throttling: number; consistency: number };
}
