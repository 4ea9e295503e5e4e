import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { LeaseClock } from "@reconcile/core";

interface Timer {
  at: number;
  wake: () => void;
  /** Does it make time go by, or only act when it does? */
  isAwaited: boolean;
}

export interface StormClock extends LeaseClock {
  /** Time stands still while this runs: a request takes none. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Time for tests in which much is waited, side by side: it stands still while anything is under way, and jumps to the next waiter when everybody waits. So a storm of hours
 * takes seconds, and who waits for how long comes out the same at every replay.
 */
export function createStormClock(): StormClock {
  const timers = new Set<Timer>();
  let now = 0;
  let underWay = 0;
  let isTurning = false;

  /** A turn of the event loop is not enough: between two requests a program does more than one thing. */
  async function quiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      await (underWay > 0 ? sleep(1) : nextTurn());
      if (underWay > 0) turns = -1;
      else await sleep(0);
    }
  }

  async function turn(): Promise<void> {
    if (isTurning) return;
    isTurning = true;
    while ([...timers].some((timer) => timer.isAwaited)) {
      await quiet();
      const [next] = [...timers].sort((a, b) => a.at - b.at);
      if (!next) break;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.wake();
    }
    isTurning = false;
  }

  return {
    now: () => now,
    wall: () => Date.UTC(2030, 5, 15) + now,
    wait(milliseconds, signal) {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const end = (): void => {
          timers.delete(timer);
          reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", end);
          resolve();
        };
        const timer: Timer = { at: now + milliseconds, wake, isAwaited: true };
        signal?.addEventListener("abort", end, { once: true });
        timers.add(timer);
        void turn();
      });
    },
    every(milliseconds, act) {
      let timer: Timer;
      const again = (): void => {
        timer = { at: now + milliseconds, wake, isAwaited: false };
        timers.add(timer);
      };
      const wake = (): void => {
        again();
        act();
      };
      again();
      return () => void timers.delete(timer);
    },
    async during(work) {
      underWay++;
      try {
        return await work();
      } finally {
        underWay--;
      }
    },
  };
}
