import type { Change, StackPlan } from "../plan/model.ts";
import type { Cloud } from "../resource/model.ts";
import { listed, propertyName } from "../validate/words.ts";
import type { ComponentResult, VerificationReport } from "./model.ts";
import type { Checked } from "./verify.ts";

/** The rows of a stack's resources: is each there, as declared? */
export function resourceResults<C extends Cloud>({ stack, changes }: StackPlan<C>): ComponentResult[] {
  return changes.map((change) => {
    const message = differenceOf(change);
    return {
      success: message === undefined,
      component: `${stack.stack.name}/${change.logicalId}`,
      message: message ?? "as declared",
      details: { type: change.type.type, identifier: change.identifier ?? null },
      nextSteps:
        message === undefined
          ? []
          : ["Run `reconcile --plan` to see the difference, and `reconcile` to make it as declared."],
    };
  });
}

function differenceOf<C extends Cloud>({ action, properties }: Change<C>): string | undefined {
  switch (action) {
    case "none":
      return undefined;
    case "create":
      return "does not exist";
    case "delete":
      return "is there, and no longer declared";
    case "adopt":
      return "is there, and not taken over yet";
    default:
      return `differs from what is declared: ${listed([...new Set(properties.map(({ path }) => propertyName(path)))], 5)}`;
  }
}

/** The whole: passed only if everything has. */
export function reportOf({
  timestamp,
  resources,
  checks,
}: {
  timestamp: string;
  resources: readonly ComponentResult[];
  checks: readonly Checked[];
}): VerificationReport {
  const isFailed = checks.some((check) => !check.result.success);
  const isWhole = resources.every((each) => each.success) && checks.every((check) => check.outcome === "passed");
  const componentResults = [...resources, ...checks.map((check) => check.result)];
  const byUrgency = [
    ...componentResults.filter((each) => !each.success),
    ...componentResults.filter((each) => each.success),
  ];
  return {
    timestamp,
    overallStatus: isFailed ? "failed" : isWhole ? "passed" : "degraded",
    componentResults,
    connectivityTests: Object.fromEntries(checks.map((check) => [check.test, check.result.success])),
    recommendations: [
      ...new Set(byUrgency.flatMap((each) => each.nextSteps.map((step) => `${each.component}: ${step}`))),
    ],
  };
}
