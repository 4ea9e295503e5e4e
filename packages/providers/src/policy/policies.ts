import type { Registry, Stack } from "@reconcile/core";
import type { Aws } from "../aws/context.ts";
import { documentsOf, type PolicyDocument } from "./documents.ts";
import type { Grant } from "./grant.ts";
import { grantsOf } from "./grants.ts";

export interface Policy {
  /** `reconcile-plan`, `reconcile-apply-2`: one for each document. */
  name: string;
  /** The role that needs it; null: whoever runs Reconcile. */
  role: string | null;
  stacks: readonly string[];
  document: PolicyDocument;
}

export interface PolicyOptions {
  registry: Registry<Aws>;
  /** Of stacks that name none. */
  region?: string;
}

/** The policies that planning or applying these stacks needs: all of it, and nothing else. A stack's own role needs what the stack does, and who runs needs to assume it. */
export function policiesFor(stacks: readonly Stack[], mode: "plan" | "apply", options: PolicyOptions): Policy[] {
  const roles = [...new Set(stacks.map((stack) => stack.roleArn ?? null))].sort();
  const own = stacks.filter((stack) => stack.roleArn === undefined);
  return [...new Set([null, ...roles])].flatMap((role) => {
    const of = role === null ? own : stacks.filter((stack) => stack.roleArn === role);
    const assumed = role === null ? roles.filter((each) => each !== null) : [];
    const grants = [...assumed.flatMap(assuming), ...of.flatMap((stack) => grantsOf(stack, mode, options))];
    const documents = documentsOf(grants);
    return documents.map((document, index) => ({
      name: `reconcile-${mode}${documents.length > 1 ? `-${index + 1}` : ""}`,
      role,
      stacks: of.map((stack) => stack.name),
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
