import { type Diagnostic, sortDiagnostics } from "../diagnostic.ts";
import { printable } from "./printable.ts";
import { withFix } from "./words.ts";

const commands = { error: "error", warning: "warning", note: "notice" } as const;

/**
 * Diagnostics as workflow commands of GitHub Actions, one a line: a run that prints them has annotations at the lines of a pull request. "" for none. Follows "Workflow
 * commands for GitHub Actions", and for the escapes the toolkit's own (@actions/core).
 */
export function renderWorkflowCommands(diagnostics: readonly Diagnostic[]): string {
  return sortDiagnostics(diagnostics).map(commandOf).join("\n");
}

function commandOf(diagnostic: Diagnostic): string {
  const { code, severity, resource, place } = diagnostic;
  const end = place?.end;
  const title = resource === undefined ? code : `${code}: ${resource}`;
  const properties: Readonly<Record<string, string | number | undefined>> = {
    file: place?.file,
    line: place?.line,
    endLine: end?.line,
    col: place?.column,
    // GitHub refuses columns of a range over several lines. Its last column is part of the range.
    endColumn: end && end.line === place.line ? Math.max(place.column, end.column - 1) : undefined,
    title,
  };
  const written = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${propertyText(String(value))}`,
  );
  return `::${commands[severity]} ${written.join(",")}::${messageText(withFix(diagnostic))}`;
}

/** A line end in it would begin another command; what else a terminal would act on is shown in logs. */
function messageText(text: string): string {
  return printable(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function propertyText(text: string): string {
  return messageText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
