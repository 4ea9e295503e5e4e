import type { Aws } from "./context.ts";

/** What a list reads as a whole, once for an observation. */
export interface Listing<T> {
  /** All of it, read when needed. */
  all(aws: Aws): Promise<T>;
  /** All of it, if a list has asked for it and nothing was written since. Else undefined: then one resource is cheaper, and fresher, read by itself. */
  current(aws: Aws): Promise<T | undefined>;
}

/** `key` names the listing among all that is remembered for an observation. */
export function listing<T>(key: string, read: (aws: Aws) => Promise<T>): Listing<T> {
  const asked = (aws: Aws) => aws.memo(`${key}: asked for`, async () => ({ value: false }));
  const whole = (aws: Aws) => aws.memo(key, () => read(aws));
  return {
    async all(aws) {
      (await asked(aws)).value = true;
      return whole(aws);
    },
    async current(aws) {
      return (await asked(aws)).value ? whole(aws) : undefined;
    },
  };
}
