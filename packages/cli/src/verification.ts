import {
  redactVerification,
  renderVerification,
  renderVerificationMarkdown,
  type VerificationReport,
  verificationDocument,
} from "@reconcile/core";
import type { Context } from "./context.ts";
import type { Result } from "./output.ts";
import type { Style } from "./terminal.ts";

/** Gives a report in the format that was asked for. `line`: as one of several documents, each on a line, with the text for people on stderr. */
export function showVerification(
  report: VerificationReport,
  result: Result,
  { terminal, flags }: Context,
  { line = false } = {},
): void {
  const shown = redactVerification(report, terminal.redact);
  const text = (style: Style) => renderVerification(shown, style);
  if (flags.format === "text") {
    result.text(text);
  } else if (flags.format === "markdown") {
    result.document(renderVerificationMarkdown(shown), text);
  } else {
    result.json(verificationDocument(shown), line ? {} : { indent: 2 }, line ? undefined : text);
    if (line) terminal.err(text(terminal.errStyle));
  }
}
