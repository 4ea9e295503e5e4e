import type { Failure } from "./failures.ts";

/**
 * Is it an answer of AWS with one of these codes? They are named as AWS's API reference names them (`InvalidGroup.NotFound`), with or without the ending `Exception` that
 * the SDK adds to some.
 */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const { name, Code } = error as Failure;
  return codes.some((code) => name === code || Code === code || name === `${code}Exception`);
}

/** The answer; undefined when AWS says with one of these codes that there is no such thing. */
export async function ifFound<T>(answer: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
}
