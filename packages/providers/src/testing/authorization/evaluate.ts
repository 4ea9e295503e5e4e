import type { PolicyDocument, Statement } from "../../policy/documents.ts";

/** One of the questions that a call is to IAM: may this be done with this thing? */
export interface AccessRequest {
  action: string;
  resource: string;
  /** What AWS knows of the call and of the thing, by condition key. */
  context: Readonly<Record<string, string | undefined>>;
  /** The tags that the thing has count as well. */
  byItsTags?: true;
}

/** Do these policies allow it? As IAM evaluates statements that allow, as far as ours have operators: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function isAllowed(documents: readonly PolicyDocument[], request: AccessRequest): boolean {
  return documents.some(({ Statement }) => Statement.some((each) => matches(each, request)));
}

function matches(
  { Action, Resource, Condition = {} }: Statement,
  { action, resource, context }: AccessRequest,
): boolean {
  return (
    // Names of actions are the only thing of which IAM does not mind the case.
    Action.some((each) => each.toLowerCase() === action.toLowerCase()) &&
    Resource.some((each) => isLike(each, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => values.some((value) => holds(operator, value, context[key]))),
    )
  );
}

function holds(operator: string, wanted: string, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  if (operator === "StringEquals") return wanted === actual;
  if (operator === "StringLike") return isLike(wanted, actual);
  throw new Error(`The operator ${operator} is not known here: add it.`);
}

/** `*`: any text; `?`: any character. */
function isLike(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => ({ "*": ".*", "?": "." })[sign] ?? `\\${sign}`);
  return new RegExp(`^${expression}$`, "s").test(text);
}
