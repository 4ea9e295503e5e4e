import { setMaxListeners } from "node:events";
import { exitCodes } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Ctrl-C and SIGTERM. While planning, the first ends it. While applying, the first starts nothing more and lets what is under way finish; the second ends the process at once.
 */
export interface Interrupts {
  /** For what only reads. */
  readonly reading: AbortSignal;
  /** For the run. */
  readonly applying: AbortSignal;
  /** Ends what only reads, and nobody has asked for that. */
  endReading(): void;
  /** From now on things are changed. */
  beginApplying(): void;
  readonly received: boolean;
  close(): void;
}

const signals = ["SIGINT", "SIGTERM"] as const;
/** Ctrl-C reaches a program both from the terminal and from the npm that started it. */
const sameKeystroke = 300;

export function watchInterrupts(terminal: Terminal, hasMutated: () => boolean): Interrupts {
  const reading = new AbortController();
  const applying = new AbortController();
  // Every request and wait under way listens.
  setMaxListeners(0, reading.signal, applying.signal);
  let isApplying = false;
  let receivedAt: number | undefined;

  function onSignal(): void {
    const now = performance.now();
    if (receivedAt !== undefined) {
      if (now - receivedAt < sameKeystroke) return;
      terminal.err("\nstopped: what was under way may or may not be done. Run again to continue.");
      process.exit(hasMutated() ? exitCodes.incomplete : exitCodes.interrupted);
    }
    receivedAt = now;
    applying.abort();
    if (isApplying) {
      terminal.err("\ninterrupted: starting nothing more, finishing what is under way. Ctrl-C again stops at once.");
    } else {
      reading.abort();
    }
  }

  for (const signal of signals) process.on(signal, onSignal);
  return {
    reading: reading.signal,
    applying: applying.signal,
    endReading: () => reading.abort(),
    beginApplying() {
      isApplying = true;
    },
    get received() {
      return receivedAt !== undefined;
    },
    close() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

/** Ctrl-C while planning. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
