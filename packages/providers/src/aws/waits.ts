import type { CallCounts } from "@reconcile/core";

/** How long was waited for throttling. Calls wait side by side: what counts is the time in which at least one of them does. */
export function createWaits() {
  const all = { until: 0, milliseconds: 0 };
  const byOperation = new Map<string, typeof all>();

  function extend(span: typeof all, from: number, to: number): void {
    span.milliseconds += Math.max(0, to - Math.max(from, span.until));
    span.until = Math.max(span.until, to);
  }

  return {
    add(operation: string, milliseconds: number): void {
      const now = performance.now();
      const own = byOperation.get(operation) ?? { until: 0, milliseconds: 0 };
      byOperation.set(operation, own);
      for (const span of [all, own]) extend(span, now, now + milliseconds);
    },
    total(): Pick<CallCounts, "waited"> {
      if (byOperation.size === 0) return {};
      const longestFirst = [...byOperation].sort(([, one], [, other]) => other.milliseconds - one.milliseconds);
      return { waited: { milliseconds: all.milliseconds, operations: longestFirst.map(([operation]) => operation) } };
    },
  };
}
