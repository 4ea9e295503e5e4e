import {
  type Plan,
  type PlanDocument,
  type PlanTextOptions,
  planDocument,
  redactPlan,
  renderComment,
  renderPlan,
} from "@reconcile/core";
import type { Format } from "../options.ts";
import type { Result } from "../output.ts";
import type { Style, Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface PlanView {
  text(style: Style): string;
  document(): PlanDocument;
  markdown(): string;
}

/** A plan in every form; secrets are taken out before it is laid out. */
export function viewOf(
  plan: Plan,
  options: Pick<PlanTextOptions, "durationMs" | "all" | "readOnly" | "dirty">,
  terminal: Terminal,
): PlanView {
  const { durationMs, all } = options;
  const redacted = redactPlan(plan, terminal.redact);
  return {
    text: (style) => renderPlan(redacted, { ...style, ...options }),
    document: () => planDocument(redacted, { tool: `reconcile ${version}`, durationMs, all, redact: terminal.redact }),
    markdown: () => renderComment(redacted, { durationMs }),
  };
}

/** Gives a plan in the format that was asked for. */
export function showPlan(view: PlanView, format: Format, result: Result): void {
  if (format === "json") result.json(view.document(), { indent: 2 }, view.text);
  else if (format === "markdown") result.document(view.markdown(), view.text);
  else result.text(view.text);
}
