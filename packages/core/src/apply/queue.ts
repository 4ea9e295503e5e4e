/** Values pushed from anywhere, read in order by one reader. */
export interface Queue<T> extends AsyncIterable<T> {
  push(value: T): void;
  close(): void;
}

/** An empty queue. */
export function createQueue<T>(): Queue<T> {
  const waiting: T[] = [];
  let closed = false;
  let wake = (): void => {};
  return {
    push(value) {
      waiting.push(value);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift() as T;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
