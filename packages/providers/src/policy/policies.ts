import { linksOffline, type Registry, type Stack } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { documentsOf, type PolicyDocument } from "./documents.ts";
import type { Grant } from "./grant.ts";
import { grantsOf, neighbourGrants } from "./grants.ts";

/** An IAM policy, and who needs it. */
export interface Policy {
  /** `reconcile-plan`, `reconcile-apply-2`: one for each document. */
  name: string;
  /** The role that needs it; null: whoever runs Reconcile. */
  role: string | null;
  /** For which it is, those among them that are only read for others. */
  stacks: readonly string[];
  document: PolicyDocument;
}

/** What is known besides the stacks. */
export interface PolicyOptions {
  registry: Registry<Aws>;
  /** The project's stacks that are not among these: what these import from them is read. */
  neighbours?: readonly Stack[];
  /** Of stacks that name none. */
  region?: string;
}

/** The policies that planning or applying these stacks needs: all of it, and nothing else. A stack's own role needs what the stack does, and who runs needs to assume it. */
export function policiesFor(stacks: readonly Stack[], mode: "plan" | "apply", options: PolicyOptions): Policy[] {
  const { neighbours, isGiven } = linksOffline(stacks, options.neighbours ?? [], options.registry);
  const place = { ...options, isGiven };
  const needed = [
    ...stacks.map((stack) => ({ stack, grants: grantsOf(stack, mode, place) })),
    ...neighbours.map((stack) => ({ stack, grants: neighbourGrants(stack, place) })),
  ];
  const roles = [...new Set(needed.flatMap(({ stack }) => stack.roleArn ?? []))].sort();
  return [null, ...roles].flatMap((role) => {
    const of = needed.filter(({ stack }) => (stack.roleArn ?? null) === role);
    const assumed = role === null ? roles : [];
    const documents = documentsOf([...assumed.flatMap(assuming), ...of.flatMap((each) => each.grants)]);
    return documents.map((document, index) => ({
      name: `reconcile-${mode}${documents.length > 1 ? `-${index + 1}` : ""}`,
      role,
      stacks: of.map(({ stack }) => stack.name),
      document,
    }));
  });
}

function assuming(role: string): Grant[] {
  return [
    { purpose: "Read", action: "sts:AssumeRole", resource: role, condition: {} },
    { purpose: "Read", action: "sts:GetCallerIdentity", resource: "*", condition: {} },
  ];
}
