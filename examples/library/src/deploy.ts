import {
  createRegistry,
  type Diagnostic,
  diskTree,
  hasErrors,
  loadStacks,
  type Plan,
  type Run,
  type RunEvent,
  validateStacks,
  verdictOf,
} from "@reconcile/core";
import { openReconciler, types } from "@reconcile/providers";
import { openSpecification } from "@reconcile/spec";

export interface DeployOptions {
  /** The repository; nothing outside it is read. */
  root: string;
  /** Stack files, templates or folders, relative to `root`. */
  paths: readonly string[];
  /** Credentials, region, and what the stack files ask the environment for. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Another place than AWS. */
  endpointUrl?: string;
  /** Is asked once, with a plan that has changes and no refusals. */
  approve(plan: Plan): boolean | Promise<boolean>;
  onEvent?(event: RunEvent): void;
  /** Stops what has not begun; what is under way is finished. */
  stop?: AbortSignal;
}

export type Deployment =
  /** The files have errors; AWS was not contacted. */
  | { outcome: "invalid"; diagnostics: readonly Diagnostic[] }
  /** Live AWS is as declared. */
  | { outcome: "unchanged"; plan: Plan }
  /** A guard said no: see the plan's diagnostics. */
  | { outcome: "refused"; plan: Plan }
  | { outcome: "declined"; plan: Plan }
  | { outcome: ReturnType<typeof verdictOf>; plan: Plan; run: Run };

/**
 * Makes AWS what the files say: loads, validates, plans, asks, applies, and plans again. Everything that can be expected is in the result; it rejects with a
 * DiagnosticError when AWS cannot be read.
 */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const { root, paths, environment, endpointUrl, approve, onEvent, stop } = options;
  const specification = openSpecification();

  const loaded = await loadStacks({ tree: diskTree(root), paths });
  const diagnostics = validateStacks(loaded, { registry: createRegistry(types), specification, environment });
  if (hasErrors(diagnostics)) return { outcome: "invalid", diagnostics };

  const { stacks } = loaded;
  const reconciler = openReconciler({ types, stacks, specification, environment, endpointUrl, ...(stop && { stop }) });
  try {
    const prepared = await reconciler.plan();
    const { plan } = prepared;
    if (hasErrors(plan.diagnostics)) return { outcome: "refused", plan };
    if (!hasChanges(plan)) return { outcome: "unchanged", plan };
    if (!(await approve(plan))) return { outcome: "declined", plan };

    const events = reconciler.apply(prepared);
    for (;;) {
      const next = await events.next();
      if (next.done) return { outcome: verdictOf(next.value), plan, run: next.value };
      onEvent?.(next.value);
    }
  } finally {
    reconciler.close();
  }
}

function hasChanges(plan: Plan): boolean {
  return plan.stacks.some(({ changes }) => changes.some(({ action }) => action !== "none"));
}
