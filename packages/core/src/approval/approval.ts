import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import { knownIn } from "../plan/known-in.ts";
import { labelOf } from "../plan/label.ts";
import type { Change, Plan } from "../plan/model.ts";
import type { Graph } from "../plan/order.ts";
import { type ChangeDocument, PlanDocument } from "../report/document.ts";
import { actionWord } from "../report/words.ts";
import { preimageOf } from "./preimage.ts";

/** Reads a plan that was saved with `--plan --output plan.json`. Rejects whatever else it may be: it comes from outside. */
export function parseApproval(text: string): PlanDocument {
  const parsed = PlanDocument.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` (at ${issue.path.join(".")})` : "";
  throw new DiagnosticError({
    code: "approval.form",
    severity: "error",
    message: `This is no plan that this version of Reconcile has saved${where}.`,
    remedy: "save one: reconcile --plan --output plan.json",
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What keeps a saved plan from being applied at all: it is of another revision, another place, or other stacks. */
export function refuseApproval(plan: Plan, approved: PlanDocument): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const refuse = (code: string, message: string, remedy: string): void => {
    problems.push({ code, severity: "error", message, remedy });
  };
  const again = "make the plan again, and have it approved";
  if (approved.revision === null) {
    refuse(
      "approval.no-revision",
      "The saved plan does not say which commit it was made from: its files were not committed.",
      "commit, and make the plan again",
    );
  } else if (plan.revision !== approved.revision) {
    const now = plan.revision === null ? "files that are not as committed" : plan.revision;
    refuse("approval.other-revision", `The saved plan was made from ${approved.revision}, and this is ${now}.`, again);
  }
  for (const stack of approved.stacks) {
    const now = plan.stacks.find((each) => each.stack.stack.name === stack.name);
    if (!now) {
      refuse(
        "approval.other-stacks",
        `The saved plan is of the stack ${stack.name}, too.`,
        "give the same PATHs and --stack",
      );
      continue;
    }
    const { location } = now.stack;
    const project = now.stack.stack.project.name;
    if (project !== stack.project || location.account !== stack.account || location.region !== stack.region) {
      refuse(
        "approval.other-place",
        `The saved plan is of ${stack.name} in ${stack.project}, ${stack.account}, ${stack.region}; this is ${project}, ${location.account}, ${location.region}.`,
        again,
      );
    }
  }
  return problems;
}

/** By the id of its node: why a write is not done, though the plan has it. */
export type Held = ReadonlyMap<string, Diagnostic>;

/** What a run that was approved must not do: what was not approved, what has moved since, and what needs that. */
export function holdUnapproved(graph: Graph, approved: PlanDocument, redact?: (text: string) => string): Held {
  const held = new Map<string, Diagnostic>();
  for (const id of graph.order) {
    const { change } = knownIn(graph.nodes, id);
    const waitsFor = graph.before(id).find((each) => held.has(each));
    const problem = problemOf(change, approved, redact) ?? (waitsFor !== undefined ? dependsOn(change) : undefined);
    if (problem) held.set(id, problem);
  }
  return held;
}

const gravity: Readonly<Record<ChangeDocument["action"], number>> = {
  none: 0,
  adopt: 1,
  update: 1,
  create: 2,
  delete: 3,
  replace: 3,
};

function problemOf(change: Change, approved: PlanDocument, redact?: (text: string) => string): Diagnostic | undefined {
  const stack = approved.stacks.find((each) => each.name === change.stack.stack.name);
  const isSame = (each: ChangeDocument): boolean =>
    each.logicalId === change.logicalId && each.type === change.type.type && each.action !== "none";
  const candidates = (stack?.changes ?? []).filter(isSame);
  const { fingerprint } = preimageOf(change, redact);
  if (candidates.length === 0) return problem(change, "not-approved", "is not in the saved plan");
  const seen = candidates.filter((each) => each.fingerprint === fingerprint);
  if (seen.length === 0) return problem(change, "moved", "is not as it was when the plan was saved");
  const isReleased = (each: ChangeDocument): boolean => each.steps.includes("release");
  const isCareless = (each: ChangeDocument): boolean => each.steps.includes("snapshot") && !change.snapshot;
  const covers = (each: ChangeDocument): boolean =>
    gravity[each.action] >= gravity[change.action] &&
    isReleased(each) === (change.released === true) &&
    !isCareless(each);
  if (seen.some(covers)) return undefined;
  const word = actionWord(change);
  const how = `${word === "adopt" ? "adopted" : `${word}d`}${seen.some(isCareless) ? " without a last snapshot" : ""}`;
  return problem(change, "graver", `would now be ${how}, which the saved plan does not say`);
}

function dependsOn(change: Change): Diagnostic {
  return problem(change, "depends", "depends on what is skipped");
}

function problem({ logicalId, type, place }: Change, code: string, what: string): Diagnostic {
  return {
    code: `approval.${code}`,
    severity: "warning",
    message: `${logicalId} ${what}: it is left as it is.`,
    remedy: "make the plan again, and have it approved",
    resource: labelOf({ logicalId, type }),
    place,
  };
}
