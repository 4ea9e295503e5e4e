import { type Diagnostic, gitTree, hasErrors, loadStacks, type Stack } from "@reconcile/core";
import type { DesiredState } from "./desired-state.ts";
import { headOf, isUnchanged } from "./git.ts";

/** What git knew of the desired state: tells what this revision changes from what moved live. */
export interface Base {
  /** The commit that is checked out; null: none. */
  revision: string | null;
  /** What head is compared with; undefined: nothing, and then nothing is called drift. */
  compared?: { revision: string; stacks: readonly Stack[] };
  diagnostics: readonly Diagnostic[];
}

/**
 * The base of a plan: the given revision; else HEAD when the files are as HEAD has them, and then every difference is drift; else none. Rejects with a DiagnosticError when
 * there is no such revision.
 */
export async function findBase(desired: DesiredState, given: string | undefined): Promise<Base> {
  const revision = await headOf(desired.root);
  const isCommitted = given === undefined && revision !== null && (await isUnchanged(desired.root, desired.files));
  const reference = given ?? (isCommitted ? revision : undefined);
  if (reference === undefined) return { revision, diagnostics: [] };
  const tree = await gitTree(desired.root, reference);
  const { stacks, diagnostics } = await loadStacks({ tree, paths: desired.paths });
  // A path that base does not have is new: base is known, and has nothing there.
  const problems = diagnostics.filter((each) => each.code !== "path.not-found" && each.code !== "stack.none");
  if (hasErrors(problems)) return { revision, diagnostics: [unavailable(tree.label, problems)] };
  return { revision, compared: { revision: tree.label, stacks }, diagnostics: [] };
}

function unavailable(commit: string, diagnostics: readonly Diagnostic[]): Diagnostic {
  const first = diagnostics.find((each) => each.severity === "error");
  const where = first?.place ? ` (${first.place.file}:${first.place.line})` : "";
  return {
    code: "base.unavailable",
    severity: "note",
    message: `The desired state at ${commit.slice(0, 7)} cannot be read, so nothing is called drift: ${first?.message ?? ""}${where}`,
    remedy: "Compare with another revision (--base), or leave it: the plan itself is complete.",
  };
}
