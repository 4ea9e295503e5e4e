import type { Json } from "../value.ts";

/** What a check came to. A warning has passed; what was not tried has not. */
export type CheckOutcome = "passed" | "warning" | "failed" | "skipped";

/** How one check ended. Its message holds no sensitive value. */
export interface CheckResult {
  name: string;
  outcome: CheckOutcome;
  message: string;
  milliseconds: number;
}

/** One resource or check of a stack. */
export interface ComponentResult {
  success: boolean;
  /** `crypto-agent/AppInstance`, `crypto-agent/checks.health`. */
  component: string;
  message: string;
  /** Facts for programs. Sensitive values are not among them. */
  details: Readonly<Record<string, Json>>;
  nextSteps: readonly string[];
}

/** Whether what was declared is there, and works. */
export interface VerificationReport {
  /** ISO 8601, in UTC. */
  timestamp: string;
  /** passed: all of it. degraded: it works, and something needs attention. failed: a check has not passed. */
  overallStatus: "passed" | "degraded" | "failed";
  /** One for each resource, then one for each check. */
  componentResults: readonly ComponentResult[];
  /** Has it passed? By stack and check: `crypto-agent/health`. */
  connectivityTests: Readonly<Record<string, boolean>>;
  /** What to do, most pressing first. */
  recommendations: readonly string[];
}

/** What one look at something found. Its words and details hold no sensitive value. */
export interface Finding {
  outcome: "passed" | "warning" | "failed";
  message: string;
  details?: Readonly<Record<string, Json>>;
  /** What to do about it. */
  advice?: string;
}
