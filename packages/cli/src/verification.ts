import {
  redactVerification,
  renderVerification,
  renderVerificationMarkdown,
  type VerificationReport,
  verificationDocument,
} from "@reconcile/core";
import type { Context } from "./context.ts";
import type { Result } from "./output.ts";

/** Gives a report in the format that was asked for. */
export function showVerification(report: VerificationReport, result: Result, { terminal, flags }: Context): void {
  const shown = redactVerification(report, terminal.redact);
  if (flags.format === "text") result.text((style) => renderVerification(shown, style));
  else
    result.document(
      flags.format === "json"
        ? JSON.stringify(verificationDocument(shown), undefined, 2)
        : renderVerificationMarkdown(shown),
      (style) => renderVerification(shown, style),
    );
}
