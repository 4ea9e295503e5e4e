import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { Cloud } from "../resource/model.ts";
import { type Allowances, allows } from "./allows.ts";
import { labelOf } from "./label.ts";
import type { Change, Plan, StackPlan } from "./model.ts";
import { protectedRefusal } from "./policies.ts";
import { settleAll } from "./settle.ts";

export interface GuardOptions extends Allowances {
  /** `destroy` asks for the stack's name instead of counting. */
  destroy?: boolean;
  /** Names of stacks that have no file any more: that everything of them goes is what was asked for. */
  pruned?: ReadonlySet<string>;
}

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
  if (change.keepsOld || mayLoseData(change, options)) return [];
  const finding = await dataIn(change);
  if (finding === undefined) return [];
  const verb = change.action === "delete" ? "deletion" : "replacement";
  return [
    {
      code: "guard.holds-data",
      severity: "error",
      message: `${change.logicalId} (${change.identifier}) ${finding}.`,
      remedy: `allow its ${verb} with --allow-delete ${change.logicalId}`,
      resource: labelOf(change),
      place: change.place,
    },
  ];
}

/** By name, or by its type in reconcile.yaml. */
export function mayLoseData(change: Change, options: Allowances): boolean {
  const { allowDataLossOf } = change.stack.stack.project.guards;
  return allows(options, change) || allowDataLossOf.some((each) => each.type === change.type.type);
}

/** What is lost with it, as it goes on after its name; undefined: nothing. */
async function dataIn<C extends Cloud>(change: Change<C>): Promise<string | undefined> {
  const { holdsData: proof } = change.type;
  const certain = "holds what cannot be made again";
  if (!proof || !change.observed) return undefined;
  if (proof === true) return certain;
  const { cloud } = change.stack;
  try {
    return (await proof(cloud, change.observed)) ? certain : undefined;
  } catch (error) {
    const resource = labelOf(change);
    const problems = error instanceof DiagnosticError ? error.diagnostics : [cloud.diagnose(error, resource)];
    // Whoever may not look cannot know that nothing is there.
    const [denied, ...others] = problems;
    if (denied?.code.endsWith("denied") && others.length === 0)
      return `may hold what cannot be made again: that it is empty could not be seen (${denied.message.replace(/\.$/, "")})`;
    throw error instanceof DiagnosticError ? error : new DiagnosticError(problems, { cause: error });
  }
}

function countGuard<C extends Cloud>(stack: StackPlan<C>, options: GuardOptions): Diagnostic[] {
  const { name, project, place } = stack.stack.stack;
  if (options.destroy || options.pruned?.has(name)) return [];
  const { maxDeletePercent, minDeletes } = project.guards;
  const live = stack.changes.filter(
    (change) =>
      change.identifier !== undefined && !change.released && !change.existing && !change.reasons.includes("left-over"),
  );
  const deletions = live.filter((change) => change.action === "delete");
  const losses = deletions.filter((change) => !allows(options, change));
  const everything = losses.length > 0 && deletions.length === live.length;
  const many = losses.length >= minDeletes && losses.length * 100 > live.length * maxDeletePercent;
  if (!everything && !many) return [];
  return [
    {
      code: "guard.too-many-deletions",
      severity: "error",
      message: `This run would delete ${losses.length} of the ${live.length} resources of ${name}: ${losses.map((each) => each.logicalId).join(", ")}.`,
      remedy:
        "check that the right stack file and branch are used; then allow each with --allow-delete ID, or all with --allow-delete all",
      place,
    },
  ];
}
