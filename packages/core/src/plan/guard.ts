import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { type Allowances, allows } from "./allows.ts";
import type { Change, Plan, StackPlan } from "./model.ts";
import { protectedRefusal } from "./policies.ts";
import { settleAll } from "./settle.ts";

export interface GuardOptions extends Allowances {
  /** `destroy` asks for the stack's name instead of counting. */
  destroy?: boolean;
}

/** A run that would delete more than this share of a stack stops, once it is at least this many. */
const largestShare = 0.3;
const smallestCount = 3;

/**
 * What a plan may not do without being told so by name, all reasons at once. The only live reads are the proofs of emptiness of what is about to be deleted.
 */
export async function guard<C extends Cloud>(plan: Plan<C>, options: GuardOptions): Promise<Diagnostic[]> {
  const perStack = plan.stacks.map(async (stack) => [
    ...protectionGuard(stack),
    ...(await dataGuard(stack, options)),
    ...countGuard(stack, options),
  ]);
  return (await settleAll(perStack)).flat();
}

function protectionGuard(stack: StackPlan): Diagnostic[] {
  return stack.changes.flatMap((change) => (change.impact === "may-replace" ? [] : refuseProtected(change)));
}

/** What is protected is never deleted or replaced, whoever allows it by name. What left the template is refused where that is seen. */
export function refuseProtected(change: Change): Diagnostic[] {
  const remedy = "declare Metadata: { Reconcile: { protect: false } } if that is meant";
  return change.protected ? [protectedRefusal(change, change.action, remedy)] : [];
}

async function dataGuard<C extends Cloud>(stack: StackPlan<C>, options: GuardOptions): Promise<Diagnostic[]> {
  const losses = stack.changes.filter(
    (change) => (change.action === "delete" || change.action === "replace") && change.impact !== "may-replace",
  );
  return (await settleAll(losses.map((change) => refuseDataLoss(change, options)))).flat();
}

/** Why the deletion or replacement of one resource is refused: it holds data, and nobody allowed it by name. Empty: it may go. */
export async function refuseDataLoss<C extends Cloud>(change: Change<C>, options: Allowances): Promise<Diagnostic[]> {
  if (change.keepsOld || allows(options, change) || !(await holdsData(change))) return [];
  const verb = change.action === "delete" ? "deletion" : "replacement";
  return [
    {
      code: "guard.holds-data",
      severity: "error",
      message: `${change.logicalId} (${change.identifier}) holds what cannot be made again.`,
      remedy: `allow its ${verb} with --allow-delete ${change.logicalId}`,
      resource: `${change.logicalId} (${change.type.type})`,
      place: change.place,
    },
  ];
}

async function holdsData<C extends Cloud>(change: Change<C>): Promise<boolean> {
  const { holdsData: proof } = change.type;
  if (!proof || !change.observed) return false;
  if (proof === true) return true;
  const { cloud } = change.stack;
  try {
    return await proof(cloud, change.observed);
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw new DiagnosticError(cloud.diagnose(error, `${change.logicalId} (${change.type.type})`), { cause: error });
  }
}

function countGuard<C extends Cloud>(stack: StackPlan<C>, options: GuardOptions): Diagnostic[] {
  if (options.destroy) return [];
  const live = stack.changes.filter(
    (change) => change.identifier !== undefined && !change.released && !change.existing,
  );
  const losses = live.filter(
    (change) => change.action === "delete" && !change.reasons.includes("left-over") && !allows(options, change),
  );
  const everything = losses.length > 0 && losses.length === live.length;
  const many = losses.length >= smallestCount && losses.length > live.length * largestShare;
  if (!everything && !many) return [];
  return [
    {
      code: "guard.too-many-deletions",
      severity: "error",
      message: `This run would delete ${losses.length} of the ${live.length} resources of ${stack.stack.stack.name}: ${losses.map((each) => each.logicalId).join(", ")}.`,
      remedy:
        "check that the right stack file and branch are used; then allow each with --allow-delete ID, or all with --allow-delete all",
      place: stack.stack.stack.place,
    },
  ];
}
