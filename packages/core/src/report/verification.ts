import type { CheckOutcome, CheckResult, ComponentResult, VerificationReport } from "../verify/model.ts";
import type { VerificationDocument } from "./document.ts";
import { paintFor, paragraph, type TextOptions, widthOf } from "./layout.ts";
import { codeSpan, escapeText } from "./markdown-escape.ts";
import { printable } from "./printable.ts";
import { duration, plural } from "./words.ts";

/** The document of `verify --format json`. */
export function verificationDocument(report: VerificationReport): VerificationDocument {
  return {
    formatVersion: "1.0",
    timestamp: report.timestamp,
    overallStatus: report.overallStatus,
    componentResults: report.componentResults.map(({ nextSteps, ...result }) => ({
      ...result,
      nextSteps: [...nextSteps],
    })),
    connectivityTests: { ...report.connectivityTests },
    recommendations: [...report.recommendations],
  };
}

/** `checks 2 of 3`. */
export function checksText(report: VerificationReport): string {
  const tests = Object.values(report.connectivityTests);
  return `checks ${tests.filter(Boolean).length} of ${tests.length}`;
}

const symbols: Readonly<Record<CheckOutcome, string>> = { passed: "✓", warning: "!", failed: "✗", skipped: "-" };

/** `checks.health  passed: GET https://… answered 200  0.3 s`. */
export function checkText({ name, outcome, message, milliseconds }: CheckResult): string {
  return `checks.${printable(name)}  ${outcome} in ${duration(milliseconds)}: ${printable(message)}`;
}

/** A report for a terminal: one line for each check, then resources that are not as declared, then what to do. */
export function renderVerification(report: VerificationReport, options: TextOptions): string {
  const paint = paintFor(options);
  const width = widthOf(options);
  const style =
    report.overallStatus === "passed" ? paint.green : report.overallStatus === "failed" ? paint.red : paint.yellow;
  const { resources } = partsOf(report);
  const same = resources.filter((each) => each.success).length;
  const head = [
    style(paint.bold(report.overallStatus)),
    checksText(report),
    `${same} of ${plural(resources.length, "resource")} as declared`,
    report.timestamp,
  ];
  return [
    head.join("   "),
    ...checkLines(report, options),
    ...resources
      .filter((each) => !each.success)
      .flatMap((each) => rowLines(symbols.warning, each.component, each.message, width)),
    ...(report.recommendations.length > 0 ? ["", "to do"] : []),
    ...report.recommendations.flatMap((each) => paragraph(`- ${printable(each)}`, 2, width)),
  ].join("\n");
}

/** One line for each check. `failing`: only those that have not passed. */
export function checkLines(report: VerificationReport, options: TextOptions & { failing?: boolean }): string[] {
  const paint = paintFor(options);
  const { checks } = partsOf(report);
  const shown = options.failing ? checks.filter((each) => outcomeOf(each) !== "passed") : checks;
  const styles = { passed: paint.green, warning: paint.yellow, failed: paint.red, skipped: paint.dim };
  return shown.flatMap((each) => {
    const outcome = outcomeOf(each);
    const words = outcome === "passed" ? each.message : `${outcome}: ${each.message}`;
    const steps = options.failing ? each.nextSteps.map((step) => ` Fix: ${step}`).join("") : "";
    return rowLines(styles[outcome](symbols[outcome]), each.component, words + steps, widthOf(options));
  });
}

function rowLines(symbol: string, component: string, message: string, width: number): string[] {
  const text = `${printable(component)}  ${printable(message)}`;
  if (4 + text.length <= width) return [`  ${symbol} ${text}`];
  return [`  ${symbol} ${printable(component)}`, ...paragraph(printable(message), 6, width)];
}

function partsOf({ componentResults }: VerificationReport) {
  const isCheck = (each: ComponentResult) => "outcome" in each.details;
  return {
    checks: componentResults.filter(isCheck),
    resources: componentResults.filter((each) => !isCheck(each)),
  };
}

function outcomeOf({ details }: ComponentResult): CheckOutcome {
  return details.outcome as CheckOutcome;
}

/** A report as Markdown, for an issue, a wiki or the summary of a workflow's run. Values show and do nothing. */
export function renderVerificationMarkdown(report: VerificationReport): string {
  const { checks, resources } = partsOf(report);
  const words = { passed: "✓ passed", warning: "⚠ warning", failed: "✗ failed", skipped: "− skipped" };
  const checkRows = checks.map(
    (each) => `| ${words[outcomeOf(each)]} | ${codeSpan(each.component)} | ${escapeText(each.message)} |`,
  );
  const resourceRows = resources.map(
    (each) =>
      `| ${each.success ? words.passed : "⚠ differs"} | ${codeSpan(each.component)} | ${escapeText(each.message)} |`,
  );
  const table = (title: string, rows: readonly string[]) =>
    rows.length === 0
      ? []
      : [`### ${title}`, ["| Result | Component | Found |", "| --- | --- | --- |", ...rows].join("\n")];
  return [
    `## Verification: ${report.overallStatus}`,
    `${checksText(report)} passed, ${report.timestamp}`,
    ...table("Checks", checkRows),
    ...table("Resources", resourceRows),
    ...(report.recommendations.length === 0
      ? []
      : ["### Recommendations", report.recommendations.map((each) => `- ${escapeText(each)}`).join("\n")]),
  ].join("\n\n");
}
