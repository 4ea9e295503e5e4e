import { createHash } from "node:crypto";
import type { Run, RunEvent, Step } from "../apply/model.ts";
import { preimageOf } from "../approval/preimage.ts";
import { type Diagnostic, type Place, sortDiagnostics } from "../diagnostic.ts";
import type { Change, Plan, PropertyChange, StackPlan } from "../plan/model.ts";
import { segmentsOf } from "../pointer.ts";
import type { CallCounts } from "../resource/model.ts";
import type { Shape } from "../resource/shape.ts";
import { stableText } from "../value.ts";
import type {
  CallsDocument,
  ChangeDocument,
  DiagnosticDocument,
  EventDocument,
  PlaceDocument,
  PlanDocument,
  PropertyDocument,
  RunDocument,
  StackDocument,
  StepDocument,
} from "./document.ts";
import { childShape, shown } from "./redact.ts";
import { verdictOf } from "./run.ts";
import type { PlanFacts } from "./text.ts";
import { verificationDocument } from "./verification.ts";

const formatVersion = "1.0";

/** What the document of a plan says besides the plan. */
export interface PlanDocumentOptions extends PlanFacts {
  /** Name and version: `reconcile 0.1.0`. */
  tool: string;
  /** Unchanged resources too, as rows with the action `none`. */
  all?: boolean;
  /** Takes out what must not be part of a fingerprint, wherever it stands. */
  redact?: (text: string) => string;
}

/** A plan as the document of `--plan --format json`. */
export function planDocument(plan: Plan, options: PlanDocumentOptions): PlanDocument {
  return {
    formatVersion,
    tool: options.tool,
    revision: plan.revision,
    base: plan.base,
    fingerprint: fingerprintOf(plan),
    stacks: plan.stacks.map((stack) => stackDocument(plan, stack, options)),
    diagnostics: sortDiagnostics(plan.diagnostics).map(diagnosticPart),
  };
}

/** Diagnostics as `validate --format json` prints them. */
export function diagnosticDocument(diagnostics: readonly Diagnostic[]): { diagnostics: DiagnosticDocument[] } {
  return { diagnostics: sortDiagnostics(diagnostics).map(diagnosticPart) };
}

/**
 * Tells two plans apart by what they would do. Of the redacted changes: a hash over a secret could be tried out until it fits. Without places, causes and
 * revisions: another comment in the template or another base is the same plan.
 */
export function fingerprintOf(plan: Plan): string {
  const content = plan.stacks.map((stack) => ({
    ...identityOf(stack),
    changes: stack.changes.filter(isChange).map((change) => {
      const { place: _, cause: __, ...row } = changeDocument(change);
      return { ...row, properties: row.properties.map(({ cause: ___, ...property }) => property) };
    }),
  }));
  return `sha256:${createHash("sha256").update(stableText(content)).digest("hex")}`;
}

function isChange(change: Change): boolean {
  return change.action !== "none";
}

function identityOf({ stack }: StackPlan) {
  return {
    name: stack.stack.name,
    project: stack.stack.project.name,
    account: stack.location.account,
    region: stack.location.region,
  };
}

function stackDocument(plan: Plan, stack: StackPlan, options: PlanDocumentOptions): StackDocument {
  const { name } = stack.stack.stack;
  return {
    ...identityOf(stack),
    changes: stack.changes
      .filter((change) => isChange(change) || options.all === true)
      .map((change) => approvable(change, options.redact)),
    unowned: stack.unowned.map(({ logicalId, type, identifier, path, owner }) => ({
      logicalId,
      type,
      identifier,
      path: path ?? null,
      owner: owner ?? null,
    })),
    orphans: stack.orphans.map(({ logicalId, type, identifier, reason }) => ({ logicalId, type, identifier, reason })),
    summary: summaryOf(stack.changes),
    calls: callsDocument(plan.calls[name]),
    durationMs: Math.round(options.durationMs[name] ?? 0),
  };
}

function summaryOf(changes: readonly Change[]): StackDocument["summary"] {
  const count = (action: Change["action"]) => changes.filter((change) => change.action === action).length;
  return {
    create: count("create"),
    update: count("update"),
    replace: count("replace"),
    delete: count("delete"),
    adopt: count("adopt"),
    unchanged: count("none"),
  };
}

function approvable(change: Change, redact: PlanDocumentOptions["redact"]): ChangeDocument {
  const { fingerprint, excluded } = preimageOf(change, redact);
  return { ...changeDocument(change), fingerprint, fingerprintExcludes: [...excluded] };
}

function changeDocument(change: Change): Omit<ChangeDocument, "fingerprint" | "fingerprintExcludes"> {
  return {
    logicalId: change.logicalId,
    type: change.type.type,
    action: change.action,
    identifier: change.identifier ?? null,
    reasons: [...change.reasons],
    cause: change.cause,
    impact: change.impact,
    steps: change.released && !change.steps.includes("release") ? [...change.steps, "release"] : [...change.steps],
    place: placeDocument(change.place),
    properties: change.properties.map((property) => propertyDocument(property, change.type.shape)),
  };
}

function propertyDocument(property: PropertyChange, root: Shape): PropertyDocument {
  const shape = segmentsOf(property.path).reduce<Shape | undefined>(childShape, root);
  return {
    path: property.path,
    ...(property.before !== undefined && { before: shown(property.before, property.sensitive, shape) }),
    ...(property.after !== undefined && { after: shown(property.after, property.sensitive, shape) }),
    cause: property.cause,
    sensitive: property.sensitive,
    requiresReplacement: property.requiresReplacement,
  };
}

function placeDocument({ file, line, column }: Place): PlaceDocument {
  return { file, line, column };
}

function diagnosticPart(diagnostic: Diagnostic): DiagnosticDocument {
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    remedy: diagnostic.remedy ?? null,
    resource: diagnostic.resource ?? null,
    place: diagnostic.place ? placeDocument(diagnostic.place) : null,
    related: (diagnostic.related ?? []).map(({ message, place }) => ({ message, place: placeDocument(place) })),
  };
}

function callsDocument(calls: CallCounts | undefined): CallsDocument {
  const services = Object.entries(calls?.byService ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const { total = 0, throttled = 0, waited } = calls ?? {};
  return {
    total,
    byService: Object.fromEntries(services),
    throttled,
    ...(waited && { waited: { durationMs: Math.round(waited.milliseconds), operations: [...waited.operations] } }),
  };
}

/** One event of an apply, as one line of NDJSON. */
export function eventDocument(event: RunEvent): EventDocument {
  const at = Math.round(event.at);
  switch (event.kind) {
    case "waiting":
      return { event: event.kind, at, stack: event.stack, message: event.message };
    case "run-started":
      return { event: event.kind, at, steps: event.steps.map(stepDocument) };
    case "step-started":
      return { event: event.kind, at, step: stepDocument(event.step) };
    case "step-progress":
      return { event: event.kind, at, step: stepDocument(event.step), message: event.message };
    case "step-finished":
      return { event: event.kind, at, step: stepDocument(event.step), ...finishedPart(event) };
    case "confirming":
    case "checking":
      return { event: event.kind, at };
    case "check-finished": {
      const { name, outcome, message, milliseconds } = event.check;
      return { event: event.kind, at, stack: event.stack, check: name, outcome, durationMs: milliseconds, message };
    }
    case "run-finished":
      return { event: event.kind, at, run: runDocument(event.run) };
  }
}

/** How a run ended, as one document. */
export function runDocument(run: Run): RunDocument {
  return {
    formatVersion,
    verdict: verdictOf(run),
    mutated: run.mutated,
    interrupted: run.interrupted,
    results: run.results.map((result) => ({ ...stepDocument(result.step), ...finishedPart(result) })),
    confirmed: run.confirmed ? confirmedPart(run.confirmed) : null,
    outputs: Object.fromEntries(
      Object.entries(run.outputs).map(([stack, outputs]) => [stack, outputs.map(outputPart)]),
    ),
    verification: run.verification ? verificationDocument(run.verification) : null,
    calls: Object.fromEntries(Object.entries(run.calls).map(([stack, calls]) => [stack, callsDocument(calls)])),
    durationMs: Math.round(run.milliseconds),
    diagnostics: sortDiagnostics(run.diagnostics).map(diagnosticPart),
  };
}

function confirmedPart(plan: Plan): NonNullable<RunDocument["confirmed"]> {
  const changes = plan.stacks.flatMap((stack) =>
    stack.changes.filter(isChange).map((change) => ({ stack: stack.stack.stack.name, ...changeDocument(change) })),
  );
  return { empty: changes.length === 0, changes };
}

function stepDocument({ stack, logicalId, type, operation, identifier }: Step): StepDocument {
  return { stack, logicalId, type, operation, identifier: identifier ?? null };
}

function finishedPart({
  outcome,
  milliseconds,
  diagnostics,
}: Pick<Run["results"][number], "outcome" | "milliseconds" | "diagnostics">) {
  return { outcome, durationMs: Math.round(milliseconds), diagnostics: diagnostics.map(diagnosticPart) };
}

function outputPart({
  name,
  value,
  sensitive,
  description,
}: Run["outputs"][string][number]): RunDocument["outputs"][string][number] {
  return { name, value: shown(value ?? null, sensitive), sensitive, description: description ?? null };
}
