import type { LeaseClock } from "../apply/lease.ts";

/** A clock that moves when somebody waits, or a test says so. What is to be done every so often is done on the way. */
export function createHandClock(): LeaseClock & {
  pass(milliseconds: number): Promise<void>;
  /** Time goes by and nothing is done: the process is suspended. */
  sleep(milliseconds: number): void;
} {
  let now = 0;
  const tickers = new Set<{ next: number; period: number; act: () => void }>();

  async function pass(milliseconds: number): Promise<void> {
    const end = now + milliseconds;
    for (;;) {
      const [first] = [...tickers].sort((a, b) => a.next - b.next);
      if (!first || first.next > end) break;
      now = Math.max(now, first.next);
      first.next += first.period;
      first.act();
      // What it began is done before the time goes on.
      await new Promise((resolve) => setImmediate(resolve));
    }
    now = Math.max(now, end);
  }

  return {
    now: () => now,
    wall: () => Date.UTC(2027, 0, 15, 8) + now,
    async wait(milliseconds, signal) {
      signal?.throwIfAborted();
      await pass(milliseconds);
    },
    every(period, act) {
      const ticker = { next: now + period, period, act };
      tickers.add(ticker);
      return () => void tickers.delete(ticker);
    },
    pass,
    sleep(milliseconds) {
      now += milliseconds;
    },
  };
}
