import type { ServiceName } from "./services.ts";

const readVerbs =
  /^(?:BatchDescribe|BatchGet|Describe|Estimate|Filter|Get|Head|List|Lookup|Preview|Search|Simulate|Validate)(?=[A-Z]|$)/;

/** Operations that change nothing although their names do not say so. */
const reads: ReadonlySet<string> = new Set([
  "ecr:BatchCheckLayerAvailability",
  "sts:AssumeRole",
  "sts:AssumeRoleWithSAML",
  "sts:AssumeRoleWithWebIdentity",
  "sts:DecodeAuthorizationMessage",
]);

/** Does this operation change something? What is not known to be a read is a write. */
export function isMutating(service: ServiceName, operation: string): boolean {
  return !readVerbs.test(operation) && !reads.has(`${service}:${operation}`);
}

/** AWS's name of an operation (`DescribeVpcs`) from that of its method (`describeVpcs`). Waiters only read. */
export function operationNamed(method: string): string {
  if (method.startsWith("waitUntil")) return "Describe";
  return method.charAt(0).toUpperCase() + method.slice(1);
}

/** Operations whose IAM action has another name. */
const actions: Readonly<Record<string, string>> = {
  "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
};

/** The IAM action that allows an operation: `ec2:RunInstances`. */
export function actionOf(service: ServiceName, operation: string): string {
  const name = `${service === "tagging" ? "tag" : service}:${operation}`;
  return actions[name] ?? name;
}
