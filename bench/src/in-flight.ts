interface Request {
  service: string;
  operation: string;
}

/** Counts calls, and the time in which at least one of them is under way: an upper bound of what the other side and the way there take. */
export function inFlight() {
  const calls: Record<string, number> = {};
  let open = 0;
  let since = 0;
  let total = 0;
  return {
    hooks: {
      onRequest({ service, operation }: Request): void {
        const name = `${service}:${operation}`;
        calls[name] = (calls[name] ?? 0) + 1;
        if (open === 0) since = performance.now();
        open += 1;
      },
      onResponse(): void {
        open -= 1;
        if (open === 0) total += performance.now() - since;
      },
    },
    calls: () => calls,
    milliseconds: () => total,
  };
}
