/** Time, passed in: tests have their own. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Resolves after that many milliseconds, or rejects when the signal is aborted first. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
