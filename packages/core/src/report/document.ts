import { z } from "zod";

// The contract of `--format json`. Additive only: a name that is here stays, with its meaning. Schemas are strict, so that a test notices a name that is not here;
// a program that reads documents of later versions should ignore what it does not know.

const json = z.json();

/** A place in a file. Lines and columns begin at 1. */
export const PlaceDocument = z.strictObject({
  /** Relative to the repository's root, with forward slashes. */
  file: z.string(),
  line: z.int(),
  column: z.int(),
});
export type PlaceDocument = z.infer<typeof PlaceDocument>;

/** What is wrong, where, and what to do. */
export const DiagnosticDocument = z.strictObject({
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/),
  severity: z.enum(["error", "warning", "note"]),
  message: z.string(),
  remedy: z.string().nullable(),
  resource: z.string().nullable(),
  place: PlaceDocument.nullable(),
  related: z.array(z.strictObject({ message: z.string(), place: PlaceDocument })),
});
export type DiagnosticDocument = z.infer<typeof DiagnosticDocument>;

const cause = z.enum(["change", "drift", "both", "input"]).nullable();

/** A property that differs. */
export const PropertyDocument = z.strictObject({
  /** A JSON pointer into the declared properties; keyed lists by key; `-` for an element that only one side has. */
  path: z.string().regex(/^(\/.*)?$/s),
  /** Not there: only the wish has it. `{"unknown": […]}` is not known yet, `{"sensitive": true}` is never shown. */
  before: json.optional(),
  /** Not there: only live has it. */
  after: json.optional(),
  cause,
  sensitive: z.boolean(),
  requiresReplacement: z.boolean(),
});
export type PropertyDocument = z.infer<typeof PropertyDocument>;

/** What a plan does with one resource, or that it does nothing. */
export const ChangeDocument = z.strictObject({
  logicalId: z.string(),
  type: z.string(),
  action: z.enum(["create", "update", "replace", "delete", "adopt", "none"]),
  /** Of the live resource; null: there is none yet. */
  identifier: z.string().nullable(),
  reasons: z.array(
    z.enum([
      "not-found",
      "property-changed",
      "must-replace",
      "depends-on-unknown",
      "dependency-replaced",
      "renamed",
      "adopted",
      "not-declared",
      "left-over",
      "duplicate",
      "expired",
    ]),
  ),
  cause,
  impact: z.enum(["none", "interrupts", "replaces", "may-replace"]),
  /** Side effects with a name of their own. `release`: the resource leaves the stack and stays; our tags are taken off. */
  steps: z.array(z.string()),
  place: PlaceDocument,
  properties: z.array(PropertyDocument),
  /** Of the resource as it was, and of what would become of it: a saved plan is applied only where this is still the same. */
  fingerprint: z.string(),
  /** Secret properties of which nothing tells whether they moved: they are not part of the fingerprint. */
  fingerprintExcludes: z.array(z.string()),
});
export type ChangeDocument = z.infer<typeof ChangeDocument>;

/** The calls to AWS, by service as IAM names it: every attempt counts. */
export const CallsDocument = z.strictObject({
  total: z.int(),
  byService: z.record(z.string(), z.int()),
  throttled: z.int(),
  /** Only where something was waited for. The operations: `ec2:DescribeInstances`, the longest wait first. */
  waited: z.strictObject({ durationMs: z.int(), operations: z.array(z.string()) }).optional(),
});
export type CallsDocument = z.infer<typeof CallsDocument>;

/** The plan of one stack. */
export const StackDocument = z.strictObject({
  name: z.string(),
  project: z.string(),
  account: z.string(),
  region: z.string(),
  changes: z.array(ChangeDocument),
  unowned: z.array(
    z.strictObject({
      logicalId: z.string(),
      type: z.string(),
      identifier: z.string(),
      path: z.string().nullable(),
      owner: z.string().nullable(),
    }),
  ),
  orphans: z.array(
    z.strictObject({
      logicalId: z.string(),
      type: z.string(),
      identifier: z.string(),
      reason: z.enum(["retained", "protected", "guard", "used-elsewhere"]),
    }),
  ),
  /** Rows by action; `unchanged` counts what is only listed on demand. */
  summary: z.strictObject({
    create: z.int(),
    update: z.int(),
    replace: z.int(),
    delete: z.int(),
    adopt: z.int(),
    unchanged: z.int(),
  }),
  calls: CallsDocument,
  durationMs: z.int(),
});
export type StackDocument = z.infer<typeof StackDocument>;

export const PlanDocument = z.strictObject({
  formatVersion: z.literal("1.0"),
  tool: z.string(),
  revision: z.string().nullable(),
  base: z.string().nullable(),
  /** Of what would be done: the same for the same changes, whoever plans them, whenever, and however many calls that takes. */
  fingerprint: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  stacks: z.array(StackDocument),
  diagnostics: z.array(DiagnosticDocument),
});
/** `--plan --format json`. */
export type PlanDocument = z.infer<typeof PlanDocument>;

/** One write of a run. */
export const StepDocument = z.strictObject({
  stack: z.string(),
  logicalId: z.string(),
  type: z.string(),
  operation: z.enum(["create", "update", "delete", "adopt", "release"]),
  identifier: z.string().nullable(),
});
export type StepDocument = z.infer<typeof StepDocument>;

export const VerificationDocument = z.strictObject({
  formatVersion: z.literal("1.0"),
  /** ISO 8601, in UTC. */
  timestamp: z.iso.datetime(),
  overallStatus: z.enum(["passed", "degraded", "failed"]),
  /** One for each resource, then one for each check. */
  componentResults: z.array(
    z.strictObject({
      success: z.boolean(),
      component: z.string(),
      message: z.string(),
      details: z.record(z.string(), json),
      nextSteps: z.array(z.string()),
    }),
  ),
  /** Has it passed? By stack and check. */
  connectivityTests: z.record(z.string(), z.boolean()),
  recommendations: z.array(z.string()),
});
/** `verify --format json`. */
export type VerificationDocument = z.infer<typeof VerificationDocument>;

const outcome = z.enum(["done", "unchanged", "failed", "skipped", "waiting", "held"]);
const finished = { outcome, durationMs: z.int(), diagnostics: z.array(DiagnosticDocument) };

export const RunDocument = z.strictObject({
  formatVersion: z.literal("1.0"),
  verdict: z.enum(["done", "failed", "interrupted", "unconfirmed", "held", "waiting"]),
  mutated: z.boolean(),
  interrupted: z.boolean(),
  results: z.array(z.strictObject({ ...StepDocument.shape, ...finished })),
  /** The plan after the run; null: it was not planned again. */
  confirmed: z
    .strictObject({
      empty: z.boolean(),
      changes: z.array(
        z.strictObject({
          stack: z.string(),
          ...ChangeDocument.omit({ fingerprint: true, fingerprintExcludes: true }).shape,
        }),
      ),
    })
    .nullable(),
  /** By stack. The value of a sensitive one is `{"sensitive": true}`. */
  outputs: z.record(
    z.string(),
    z.array(
      z.strictObject({ name: z.string(), value: json, sensitive: z.boolean(), description: z.string().nullable() }),
    ),
  ),
  /** null: no check was run. */
  verification: VerificationDocument.nullable(),
  calls: z.record(z.string(), CallsDocument),
  durationMs: z.int(),
  diagnostics: z.array(DiagnosticDocument),
});
/** How a run ended. */
export type RunDocument = z.infer<typeof RunDocument>;

/** Milliseconds since the run began. */
const at = z.int();

export const EventDocument = z.discriminatedUnion("event", [
  z.strictObject({ event: z.literal("waiting"), at, stack: z.string(), message: z.string() }),
  z.strictObject({ event: z.literal("run-started"), at, steps: z.array(StepDocument) }),
  z.strictObject({ event: z.literal("step-started"), at, step: StepDocument }),
  z.strictObject({ event: z.literal("step-progress"), at, step: StepDocument, message: z.string() }),
  z.strictObject({ event: z.literal("step-finished"), at, step: StepDocument, ...finished }),
  z.strictObject({ event: z.literal("confirming"), at }),
  z.strictObject({ event: z.literal("checking"), at }),
  z.strictObject({
    event: z.literal("check-finished"),
    at,
    stack: z.string(),
    check: z.string(),
    outcome: z.enum(["passed", "warning", "failed", "skipped"]),
    durationMs: z.int(),
    message: z.string(),
  }),
  z.strictObject({ event: z.literal("run-finished"), at, run: RunDocument }),
]);
/** One line of the NDJSON of an apply. */
export type EventDocument = z.infer<typeof EventDocument>;
