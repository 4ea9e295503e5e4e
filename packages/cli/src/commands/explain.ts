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

/** `reconcile explain NAME`: AWS's documentation, and what Reconcile makes of a type, a property or an attribute; or what a diagnostic means. */
export async function explain(name: string, flags: OutputFlags, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  if (/^[a-z0-9-]+\./.test(name)) return explainDiagnostic(name, flags, context);
  const result = await openResult(flags.output, terminal);
  const explanation = explainName(name, { registry: createRegistry(types), specification: specification() });
  if (isUnknownName(explanation)) throw new UsageError(explanation.message, explanation.remedy);
  if (flags.format === "json") result.json(explanation, { indent: 2 });
  else if (flags.format === "markdown") result.document(explanationPage(explanation));
  else result.text((style) => renderExplanation(explanation, style));
  await result.finish();
  return exitCodes.done;
}

async function explainDiagnostic(code: string, flags: OutputFlags, { terminal }: Context): Promise<ExitCode> {
  const { diagnosticPage, diagnosticText, findEntry, nearestId } = await import("@reconcile/core/catalogue");
  const found = findEntry(code);
  if (!found) throw new UsageError(`There is no diagnostic "${code}".`, nearestId(code));
  const result = await openResult(flags.output, terminal);
  if (flags.format === "json") result.json({ kind: "diagnostic", ...found }, { indent: 2 });
  else if (flags.format === "markdown") result.document(diagnosticPage(found));
  else result.text((style) => diagnosticText(found, style));
  await result.finish();
  return exitCodes.done;
}
