import type { Output, Run, RunEvent, Step, StepOutcome } from "../apply/model.ts";
import { remainingChanges } from "../apply/remaining.ts";
import { type Diagnostic, hasErrors } from "../diagnostic.ts";
import { type DiagnosticOptions, renderDiagnostics } from "./diagnostics.ts";
import { type Paint, paintFor, paragraph, widthOf } from "./layout.ts";
import { printable } from "./printable.ts";
import { inline } from "./values.ts";
import { checkLines, checksText, checkText } from "./verification.ts";
import { callsText, clock, countsOf, duration, plural, waitedTexts } from "./words.ts";

/** What is done to a resource, while it is done and afterwards. */
export const stepWords = {
  create: { present: "creating", past: "created" },
  update: { present: "updating", past: "updated" },
  delete: { present: "deleting", past: "deleted" },
  adopt: { present: "adopting", past: "adopted" },
  release: { present: "releasing", past: "released" },
} as const;

/** The end of a run: one line of facts, the outputs, what failed and why, what is left and how to go on. */
export function renderRunEnd(run: Run, options: DiagnosticOptions): string {
  const paint = paintFor(options);
  const failures = run.results.filter((result) => result.outcome === "failed");
  const problems = [...failures.flatMap((result) => result.diagnostics), ...run.diagnostics];
  const sections = [
    [
      ...verdictLines(run, widthOf(options), paint),
      ...waitedTexts(totalCalls(run)).flatMap((text) => paragraph(text, 2, widthOf(options))),
      ...outputLines(run),
    ].join("\n"),
    (run.verification ? checkLines(run.verification, { ...options, failing: true }) : []).join("\n"),
    renderDiagnostics(withoutRepetition(problems), options),
    leftLines(run, widthOf(options)).join("\n"),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function verdictLines(run: Run, width: number, paint: Paint): string[] {
  const verdict = verdictOf(run);
  const style = verdict === "done" && run.verification?.overallStatus !== "failed" ? paint.green : paint.red;
  const facts = [
    outcomeText(run),
    confirmedText(run),
    run.verification ? checksText(run.verification) : "",
    clock(run.milliseconds),
    callsText(totalCalls(run)),
  ].filter((fact) => fact !== "");
  const line = facts.join("   ");
  const painted = style(paint.bold(verdict));
  if (verdict.length + 3 + line.length <= width) return [`${painted}   ${line}`];
  return [painted, ...facts.map((fact) => `  ${fact}`)];
}

/** How a run ended, in one word. */
export function verdictOf(run: Run): "done" | "failed" | "interrupted" | "unconfirmed" | "held" | "waiting" {
  if (run.results.some((result) => result.outcome === "failed") || hasErrors(run.diagnostics)) return "failed";
  if (run.interrupted) return "interrupted";
  if (run.mutated && remaining(run) !== 0) return "unconfirmed";
  if (isHeld(run)) return "held";
  return isWaiting(run) ? "waiting" : "done";
}

/** Was it begun, and left when the run was told to stop? */
export function isCutShort({ outcome, diagnostics }: Pick<Run["results"][number], "outcome" | "diagnostics">): boolean {
  return outcome === "skipped" && diagnostics.length > 0;
}

/** Was something left as it is because it was not approved, or moved since? */
export function isHeld(run: Pick<Run, "results">): boolean {
  return run.results.some((result) => result.outcome === "held");
}

/** Does something that is to go wait for another stack, or for somebody, to let go of it? */
export function isWaiting(run: Pick<Run, "results" | "confirmed">): boolean {
  const orphans = (run.confirmed?.stacks ?? []).flatMap((stack) => stack.orphans);
  return (
    run.results.some((result) => result.outcome === "waiting") ||
    orphans.some((each) => each.reason === "used-elsewhere")
  );
}

/** Changes that the plan after the run still has; undefined: it was not planned again. */
function remaining(run: Run): number | undefined {
  return run.confirmed && remainingChanges({ ...run, confirmed: run.confirmed }).length;
}

function outcomeText(run: Run): string {
  const done = run.results.filter((result) => result.outcome === "done");
  const counts = (Object.keys(stepWords) as (keyof typeof stepWords)[]).map((operation) => {
    const count = done.filter((result) => result.step.operation === operation).length;
    return count === 0 ? "" : `${count} ${stepWords[operation].past}`;
  });
  const failed = run.results.filter((result) => result.outcome === "failed").length;
  const cut = run.results.filter(isCutShort).length;
  const skipped = run.results.filter((result) => result.outcome === "skipped").length - cut;
  const waiting = run.results.filter((result) => result.outcome === "waiting").length;
  const held = run.results.filter((result) => result.outcome === "held").length;
  const parts = [
    ...counts.filter((text) => text !== ""),
    `${failed} failed`,
    ...(cut === 0 ? [] : [`${cut} cut short`]),
    ...(skipped === 0 ? [] : [`${skipped} not started`]),
    ...(waiting === 0 ? [] : [`${waiting} still used`]),
    ...(held === 0 ? [] : [`${held} not approved or moved`]),
  ];
  return done.length === 0 && failed + cut + skipped + waiting + held === 0 ? "nothing was changed" : parts.join(", ");
}

function confirmedText(run: Run): string {
  if (!run.confirmed) return run.mutated ? "not confirmed" : "";
  const stacks = run.confirmed.stacks.map((stack) => countsOf(stack.changes));
  const left = remaining(run) ?? 0;
  const drifted = stacks.reduce((sum, counts) => sum + counts.drifted, 0);
  if (left === 0 && isHeld(run)) return "confirmed: the next plan has only what was left as it is";
  if (left === 0) return `confirmed: the next plan ${isWaiting(run) ? "only waits" : "is empty"}`;
  return `the next plan has ${plural(left, "change")}${drifted === 0 ? "" : ` (${drifted} drifted)`}`;
}

function totalCalls(run: Run) {
  const all = Object.values(run.calls);
  // Stacks of a region are waited for side by side.
  const [longest] = all
    .flatMap(({ waited }) => waited ?? [])
    .toSorted((one, other) => other.milliseconds - one.milliseconds);
  return {
    total: all.reduce((sum, calls) => sum + calls.total, 0),
    throttled: all.reduce((sum, calls) => sum + calls.throttled, 0),
    byService: {},
    ...(longest && { waited: longest }),
  };
}

/** Values are not cut: people copy them. */
function outputLines(run: Run): string[] {
  const stacks = Object.entries(run.outputs).filter(([, outputs]) => outputs.length > 0);
  return stacks.flatMap(([stack, outputs]) => {
    const indent = stacks.length > 1 ? "    " : "  ";
    const column = Math.max(...outputs.map((output) => output.name.length));
    const heading = stacks.length > 1 ? [`  ${printable(stack)}`] : [];
    return [
      ...heading,
      ...outputs.map((output) => `${indent}${printable(output.name).padEnd(column)}  ${outputText(output)}`),
    ];
  });
}

/** An output's value on one line, as it can be copied. */
export function outputText({ value, sensitive }: Pick<Output, "value" | "sensitive">): string {
  if (sensitive) return "(sensitive)";
  return typeof value === "string" && value !== "" ? printable(value) : inline(value);
}

function withoutRepetition(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const known = new Map(
    diagnostics.map((each) => [JSON.stringify([each.code, each.message, each.resource, each.place]), each]),
  );
  return [...known.values()];
}

function leftLines(run: Run, width: number): string[] {
  const left = run.results
    .filter((result) => result.outcome === "skipped" && !isCutShort(result))
    .map((result) => printable(result.step.logicalId));
  const isFinished = verdictOf(run) === "done";
  if (isFinished && left.length === 0) return [];
  const shown = left.slice(0, 20).join(", ");
  const more = left.length > 20 ? ` and ${left.length - 20} more` : "";
  const notStarted = left.length === 0 ? "" : `Not started: ${shown}${more}. `;
  const next = run.mutated ? "Run again to continue." : "Nothing was changed.";
  return paragraph(notStarted + next, 0, width);
}

/** One plain line for one event, for where no line can be redrawn. `0:42  crypto-agent/AppInstance  created in 21.0 s`. */
export function renderEvent(event: RunEvent): string {
  return `${clock(event.at).padStart(5)}  ${eventText(event)}`;
}

function eventText(event: RunEvent): string {
  switch (event.kind) {
    case "waiting":
      return printable(`${event.stack}  ${event.message}`);
    case "run-started":
      return `started: ${plural(event.steps.length, "step")}`;
    case "step-started":
      return `${stepName(event.step)}  ${stepWords[event.step.operation].present}`;
    case "step-progress":
      return `${stepName(event.step)}  ${printable(event.message)}`;
    case "step-finished":
      return `${stepName(event.step)}  ${finishedText(event)}`;
    case "confirming":
      return "confirming: planning again";
    case "checking":
      return "checking whether it works";
    case "check-finished":
      return `${printable(event.stack)}/${checkText(event.check)}`;
    case "run-finished":
      return `${verdictOf(event.run)}: ${[outcomeText(event.run), confirmedText(event.run)].filter((text) => text !== "").join("; ")}`;
  }
}

function stepName(step: Step): string {
  return printable(`${step.stack}/${step.logicalId}`);
}

function finishedText(event: RunEvent & { kind: "step-finished" }): string {
  const { step, outcome, milliseconds, diagnostics } = event;
  const words: Record<StepOutcome, string> = {
    done: stepWords[step.operation].past,
    unchanged: "already as declared",
    failed: `failed: ${stepWords[step.operation].present}`,
    skipped: isCutShort(event) ? "cut short" : "not started",
    waiting: "still used",
    held: "not done",
  };
  const why = diagnostics.map((each) => `: ${printable(each.message)}`).slice(0, 1);
  return `${words[outcome]}${outcome === "skipped" ? "" : ` ${outcome === "failed" ? "after" : "in"} ${duration(milliseconds)}`}${why.join("")}`;
}
