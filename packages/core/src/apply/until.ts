import pRetry from "p-retry";
import type { Cloud } from "../resource/model.ts";
import type { Clock } from "./clock.ts";

/** Not yet as it should be: worth another look. */
class NotYet extends Error {
  override readonly name = "NotYet";
}

/**
 * Looks until there is something to see, with these waits (milliseconds) between one look and the next. undefined: there was nothing in the end. What `look` throws ends it at
 * once: only what is not there yet is a matter of time. Rejects when the signal is aborted while it waits.
 */
export async function until<T>(
  look: () => Promise<T | undefined>,
  waits: readonly number[],
  clock: Clock,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const attempt = async (): Promise<T> => {
    const seen = await look();
    if (seen === undefined) throw new NotYet();
    return seen;
  };
  try {
    return await pRetry(attempt, {
      retries: waits.length,
      // The waiting is the clock's, so that tests have a time of their own.
      minTimeout: 0,
      maxTimeout: 0,
      async shouldRetry({ error, attemptNumber }) {
        if (!(error instanceof NotYet)) return false;
        await clock.wait(Number(waits[attemptNumber - 1]), signal);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof NotYet) return undefined;
    throw error;
  }
}

/** Waits that double from the first to the longest, and end when they add up to the whole. Milliseconds. */
export function growing(first: number, longest: number, whole: number): number[] {
  const waits: number[] = [];
  let left = whole;
  for (let wait = first; left > 0; wait = Math.min(wait * 2, longest)) {
    waits.push(wait);
    left -= wait;
  }
  return waits;
}

/** How long what a read shows may lag behind a write, as the waits between two reads in milliseconds. */
export const untilEqual = growing(200, 3000, 6000);

/** Looks until there is something to see; nothing that was seen before is believed again. */
export function lookUntil<C extends Cloud, T>(
  cloud: C,
  look: () => Promise<T | undefined>,
  waits: readonly number[],
  clock: Clock,
): Promise<T | undefined> {
  return until(
    () => {
      cloud.fresh?.();
      return look();
    },
    waits,
    clock,
  );
}
