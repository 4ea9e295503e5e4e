import type { Run } from "../apply/model.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Plan, StackPlan } from "../plan/model.ts";
import type { VerificationReport } from "../verify/model.ts";
import { redactDocument } from "./redact.ts";

// Before a plan is laid out: a line's end, or a cut, in the middle of a secret would hide it from the filter on the finished text. That filter is still needed
// after it, for what is not a value (names, paths).

type Redact = (text: string) => string;

/** The plan with every known secret in its values and messages replaced. Everything else, what the engine works with included, is as it was. */
export function redactPlan(plan: Plan, redact: Redact): Plan {
  return {
    ...plan,
    stacks: plan.stacks.map((stack) => redactStack(stack, redact)),
    diagnostics: redactDiagnostics(plan.diagnostics, redact),
  };
}

function redactStack(stack: StackPlan, redact: Redact): StackPlan {
  const changes = stack.changes.map((change) => ({
    ...change,
    properties: change.properties.map((property) =>
      redactDocument(property, (text) => (text === property.path ? text : redact(text))),
    ),
  }));
  return { ...stack, changes, notes: redactDocument(stack.notes, redact) };
}

/** The same for how a run ended. */
export function redactRun(run: Run, redact: Redact): Run {
  return {
    ...run,
    results: run.results.map((result) => ({ ...result, diagnostics: redactDiagnostics(result.diagnostics, redact) })),
    ...(run.confirmed && { confirmed: redactPlan(run.confirmed, redact) }),
    diagnostics: redactDiagnostics(run.diagnostics, redact),
    outputs: redactDocument(run.outputs, redact),
    ...(run.verification && { verification: redactVerification(run.verification, redact) }),
  };
}

/** The same for a report. */
export function redactVerification(report: VerificationReport, redact: Redact): VerificationReport {
  const { overallStatus, componentResults, connectivityTests } = report;
  return {
    ...redactDocument(report, redact),
    overallStatus,
    connectivityTests,
    componentResults: componentResults.map((each) => ({ ...redactDocument(each, redact), component: each.component })),
  };
}

/** The same for diagnostics. */
export function redactDiagnostics(diagnostics: readonly Diagnostic[], redact: Redact): Diagnostic[] {
  return diagnostics.map((diagnostic) => redactDocument(diagnostic, redact));
}
