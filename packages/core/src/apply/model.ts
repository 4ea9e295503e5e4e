import type { Diagnostic } from "../diagnostic.ts";
import type { Plan } from "../plan/model.ts";
import type { CallCounts } from "../resource/model.ts";
import type { CheckResult, VerificationReport } from "../verify/model.ts";

/** What is done to one resource: a replacement is two of them. */
export interface Step {
  stack: string;
  logicalId: string;
  type: string;
  operation: "create" | "update" | "delete" | "adopt" | "release";
  identifier?: string;
}

/** `skipped`: not begun, or left when the run was told to stop. `waiting`: a deletion that something else still uses; a later run does it. `held`: not approved, or live AWS moved since it was. */
export type StepOutcome = "done" | "unchanged" | "failed" | "skipped" | "waiting" | "held";

/** Typed, so that only a front end has to find words. `at`: milliseconds since the run began. */
export type RunEvent =
  /** Another run holds the stack, or one that did not finish was here a moment ago. */
  | { kind: "waiting"; at: number; stack: string; message: string }
  | { kind: "run-started"; at: number; steps: readonly Step[] }
  | { kind: "step-started"; at: number; step: Step }
  /** What the step is doing now: `creating`, `waiting until usable`, `settling`, `retrying: <why>`. */
  | { kind: "step-progress"; at: number; step: Step; message: string }
  | {
      kind: "step-finished";
      at: number;
      step: Step;
      outcome: StepOutcome;
      milliseconds: number;
      diagnostics: readonly Diagnostic[];
    }
  | { kind: "confirming"; at: number }
  | { kind: "checking"; at: number }
  | { kind: "check-finished"; at: number; stack: string; check: CheckResult }
  | { kind: "run-finished"; at: number; run: Run };

/** How a run ended. */
export interface Run {
  results: readonly { step: Step; outcome: StepOutcome; milliseconds: number; diagnostics: readonly Diagnostic[] }[];
  /** The plan after the run; undefined when it was not confirmed because something failed before any change, or it was interrupted. */
  confirmed?: Plan;
  /** What the checks found; undefined: there are none, or the run was not confirmed. */
  verification?: VerificationReport;
  /** True once a mutating call was sent. */
  mutated: boolean;
  interrupted: boolean;
  diagnostics: readonly Diagnostic[];
  /** Output values by stack and name; sensitive ones are marked. */
  outputs: Readonly<Record<string, readonly Output[]>>;
  calls: Readonly<Record<string, CallCounts>>;
  milliseconds: number;
}

export interface Output {
  name: string;
  value: unknown;
  sensitive: boolean;
  description?: string;
}
