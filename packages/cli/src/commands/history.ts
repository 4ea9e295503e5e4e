import {
  type HeadRecord,
  historyDocument,
  renderHistory,
  renderHistoryMarkdown,
  type Stack,
  type StackHistory,
} from "@reconcile/core";
import { awsSettings } from "../aws.ts";
import { findBase } from "../base.ts";
import type { Context } from "../context.ts";
import type { DesiredState } from "../desired-state.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { AwsFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { openConnection, reading } from "../planning.ts";
import { checkedState } from "../state.ts";

/** `reconcile history [PATH…]`: the last hundred runs of the stacks; read-only. */
export async function history(paths: readonly string[], flags: AwsFlags, context: Context): Promise<ExitCode> {
  const result = await openResult(flags.output, context.terminal);
  const desired = await checkedState(paths, context);
  const stacks = await readHistory(desired, flags, context);
  if (flags.format === "json") result.json(historyDocument(stacks), { indent: 2 });
  else if (flags.format === "markdown") result.document(renderHistoryMarkdown(stacks));
  else result.text(() => renderHistory(stacks));
  await result.finish();
  return exitCodes.done;
}

/** The last runs of the stacks. Rejects with a DiagnosticError when they cannot be read. */
export async function readHistory(desired: DesiredState, flags: AwsFlags, context: Context): Promise<StackHistory[]> {
  const { terminal } = context;
  const base = await findBase(desired, { given: undefined, purpose: "apply", environment: process.env });
  const settings = await awsSettings(flags, terminal);
  const options = { ...desired, base, settings, allowDelete: [], bookkeeping: {} };
  const connection = openConnection(options, flags, terminal);
  const found = await reading(connection, connection.reconciler.history(), terminal);
  connection.close();
  return connection.stacks.map((stack) => historyOf(stack, found.get(stack.name) ?? []));
}

function historyOf({ name, project }: Stack, runs: readonly HeadRecord[]): StackHistory {
  return { name, project: project.name, runs };
}
