import { type Plan, planDocument, redactDocument, redactPlan, renderComment, renderPlan } from "@reconcile/core";
import type { Format } from "../options.ts";
import type { Style, Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface PlanView {
  text(style: Style): string;
  /** As --format json: over several lines, or in one. */
  json(indent?: number): string;
  markdown(): string;
}

/** A plan in every form; secrets are taken out before it is laid out. */
export function viewOf(
  plan: Plan,
  durationMs: Readonly<Record<string, number>>,
  all: boolean,
  terminal: Terminal,
): PlanView {
  const redacted = redactPlan(plan, terminal.redact);
  return {
    text: (style) => renderPlan(redacted, { ...style, durationMs, all }),
    json(indent) {
      const document = planDocument(redacted, {
        tool: `reconcile ${version}`,
        durationMs,
        all,
        redact: terminal.redact,
      });
      return JSON.stringify(redactDocument(document, terminal.redact), undefined, indent);
    },
    markdown: () => renderComment(redacted, { durationMs }),
  };
}

export function documentOf(view: PlanView, format: Exclude<Format, "text">): string {
  return format === "json" ? view.json(2) : view.markdown();
}
