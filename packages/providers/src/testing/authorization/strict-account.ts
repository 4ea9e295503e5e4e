import { createRegistry, DiagnosticError, hasErrors, type Plan, type Stack } from "@reconcile/core";
import { expect } from "vitest";
import type { Aws } from "../../aws/context.ts";
import { createNetwork } from "../../aws/network.ts";
import { openSession } from "../../aws/session.ts";
import { policiesFor, types } from "../../index.ts";
import type { PolicyDocument } from "../../policy/documents.ts";
import { openReconciler } from "../../reconciler.ts";
import { openAccount, region } from "../account.ts";
import { changesIn } from "../story.ts";
import { enforce } from "./enforce.ts";

const network = await createNetwork();

interface Given {
  base?: Stack;
  destroy?: boolean;
  abandon?: readonly string[];
  /** Default: all. */
  allowDelete?: readonly string[];
  /** Whose policies the run has; default: those of the stack itself. */
  printedFor?: Stack;
  neighbours?: readonly Stack[];
  /** An action that the policies do not have, although they were printed with it. */
  without?: string;
  environment?: Readonly<Record<string, string>>;
}

/** An account in which every run may do exactly what the printed policies say. */
export async function openStrictAccount(endpointUrl: string, account: string) {
  const credentials = await openAccount(endpointUrl, account);
  const session = { endpointUrl, credentials, wait: () => new Promise<void>((resolve) => setTimeout(resolve, 5)) };
  const owner = await openSession({ ...session, environment: {}, requestHandler: network }).connect({ region });
  const registry = createRegistry(types);
  const used = new Set<string>();
  const here = (stack: Stack): Stack => ({ ...stack, account, region });

  function printed(stack: Stack, mode: "plan" | "apply", { neighbours = [] }: Given = {}): PolicyDocument[] {
    const policies = policiesFor([here(stack)], mode, { registry, neighbours: neighbours.map(here) });
    return policies.map(({ document }) => document);
  }

  function open(stack: Stack, mode: "plan" | "apply", given: Given) {
    const { base, destroy, abandon = [], allowDelete = ["all"], neighbours = [], environment = {} } = given;
    const documents = printed(given.printedFor ?? stack, mode, given).map((each) => without(each, given.without));
    const { handler, allowed, denied } = enforce(network, documents, owner);
    const reconciler = openReconciler({
      ...session,
      environment: { ...environment, AWS_REGION: region },
      requestHandler: handler,
      types,
      stacks: [here(stack)],
      neighbours: neighbours.map(here),
      whole: { names: [stack.name], prune: false },
      allowDelete,
      abandon,
      destroy: destroy === true,
      ...(base && { base: { revision: "base", stacks: [here(base)] } }),
    });
    const done = () => {
      for (const { action } of allowed) used.add(action);
      if (given.without !== undefined) return;
      const refused = denied.map(({ action, resource }) => `${action} ${resource}`);
      expect(refused, "called, and not granted").toEqual([]);
    };
    return { reconciler, done };
  }

  return {
    /** Of somebody who may do everything. */
    owner,
    /** Actions that were asked for so far. */
    used,
    /** Every action of the policies that are printed for a stack. */
    granted(stack: Stack, given: Given = {}): string[] {
      const statements = printed(stack, "apply", given).flatMap((document) => document.Statement);
      return [...new Set(statements.flatMap((each) => each.Action))].sort();
    },
    async plan(stack: Stack, given: Given = {}): Promise<Plan<Aws>> {
      const { reconciler, done } = open(stack, "plan", given);
      return (await reconciler.plan().finally(done)).plan;
    },
    /** Plans and applies. What was changed. Rejects with a DiagnosticError when not everything could be done. */
    async apply(stack: Stack, given: Given = {}): Promise<string[]> {
      const { reconciler, done } = open(stack, "apply", given);
      const prepared = await reconciler.plan().finally(done);
      if (hasErrors(prepared.plan.diagnostics)) throw new DiagnosticError(prepared.plan.diagnostics);
      for await (const event of reconciler.apply(prepared)) {
        if (event.kind !== "run-finished") continue;
        done();
        const { diagnostics, confirmed } = event.run;
        if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
        expect(confirmed && changesIn(confirmed)).toEqual([]);
      }
      return changesIn(prepared.plan);
    },
  };
}

function without(document: PolicyDocument, action: string | undefined): PolicyDocument {
  const Statement = document.Statement.map((each) => ({ ...each, Action: each.Action.filter((it) => it !== action) }));
  return { ...document, Statement };
}
