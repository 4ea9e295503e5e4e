import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";

/** Like Promise.all, but waits for all, so that nothing still reads when the first failure is reported; the diagnostics of all failures are kept. */
export async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  const expected = failures.filter((each): each is DiagnosticError => each instanceof DiagnosticError);
  if (failures.length > expected.length) throw failures.find((each) => !(each instanceof DiagnosticError));
  if (expected.length > 0) throw new DiagnosticError(unique(expected.flatMap((each) => each.diagnostics)));
  return Promise.all(promises);
}

export function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [JSON.stringify(each), each])).values()];
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
