import { diagnosed } from "../plan/diagnosed.ts";
import { settleAll } from "../plan/settle.ts";
import type { Cloud } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import { type HeadRecord, headName, historyIn, recordIn, type StackRecord } from "./head-record.ts";
import { type Ledger, ledgerPath } from "./ledger.ts";

interface Reading<C extends Cloud> {
  ledger(cloud: C): Ledger;
  connect(stack: Stack): Promise<C>;
}

/** What the ledger says of each stack, by name. Rejects with a DiagnosticError when it cannot be read. */
export function readRecords<C extends Cloud>(
  stacks: readonly Stack[],
  reading: Reading<C>,
): Promise<ReadonlyMap<string, StackRecord>> {
  return readEach(stacks, reading, async (ledger, path) => recordIn(path, await ledger.list(path)));
}

/** The last runs of each stack, by name, the newest first. Rejects with a DiagnosticError when they cannot be read. */
export function readHistory<C extends Cloud>(
  stacks: readonly Stack[],
  reading: Reading<C>,
): Promise<ReadonlyMap<string, readonly HeadRecord[]>> {
  return readEach(stacks, reading, async (ledger, path) => historyIn(await ledger.history(headName(path))));
}

async function readEach<C extends Cloud, T>(
  stacks: readonly Stack[],
  { ledger, connect }: Reading<C>,
  read: (ledger: Ledger, path: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const found = stacks.map(async (stack) => {
    const cloud = await connect(stack);
    return [stack.name, await diagnosed(cloud, read(ledger(cloud), pathOf(stack)))] as const;
  });
  return new Map(await settleAll(found));
}

/** Where the entries of a stack stand in its ledger: `/reconcile/<project>/<stack>`. */
export function pathOf({ project, name }: Stack): string {
  return ledgerPath(project.name, name);
}
