import {
  createRegistry,
  explain as explainName,
  explanationPage,
  isUnknownName,
  renderExplanation,
} from "@reconcile/core";
import { types } from "@reconcile/providers";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { OutputFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { specification } from "../specification.ts";
import { UsageError } from "../usage.ts";

/** `reconcile explain NAME`: AWS's documentation, and what Reconcile makes of a type, a property or an attribute. */
export async function explain(name: string, flags: OutputFlags, { terminal }: Context): Promise<ExitCode> {
  const result = await openResult(flags.output, terminal);
  const explanation = explainName(name, { registry: createRegistry(types), specification: specification() });
  if (isUnknownName(explanation)) throw new UsageError(explanation.message, explanation.remedy);
  if (flags.format === "json") result.document(JSON.stringify(explanation, undefined, 2));
  else if (flags.format === "markdown") result.document(explanationPage(explanation));
  else result.text((style) => renderExplanation(explanation, style));
  await result.finish();
  return exitCodes.done;
}
