import type { Diagnostic, FoundBase, Stack, StackRecord } from "@reconcile/core";
import { awsSettings } from "../aws.ts";
import { appliedBase, findBase } from "../base.ts";
import type { Context } from "../context.ts";
import { type ExitCode, planExitCode } from "../exit.ts";
import type { DriftFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { openPlanning } from "../planning.ts";
import { showPlan, viewOf } from "../render/plan.ts";
import { checkedState } from "../state.ts";

/** `reconcile drift [PATH…]`: compares live AWS with what git says was last applied; read-only. With --ref, with what that commit says. */
export async function drift(paths: readonly string[], flags: DriftFlags, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const result = await openResult(flags.output, terminal);
  const desired = await checkedState(paths, context);
  const given = await findBase(desired, { given: undefined, purpose: "apply", environment: process.env });
  const asked = (stack: Stack): FoundBase => ({ isKnown: true, revision: given.revision, stack });
  const find = flags.ref === undefined ? appliedBase(desired, given.source) : async (stack: Stack) => asked(stack);
  const found = new Map<string, FoundBase>();
  const base = { ...given, findBase: async (stack: Stack) => found.get(stack.name) ?? asked(stack) };
  const settings = await awsSettings(flags, terminal);
  const planning = await openPlanning(
    {
      ...desired,
      base,
      settings,
      allowDelete: [],
      bookkeeping: {},
      async prepare(reconciler, stacks) {
        const records = await reconciler.records();
        for (const stack of stacks) found.set(stack.name, await find(stack, records.get(stack.name) ?? {}));
        const prepared = await reconciler.planAt(
          stacks.map((stack) => asApplied(stack, found.get(stack.name))),
          records,
        );
        const notes = flags.ref === undefined ? stacks.flatMap((stack) => neverApplied(stack, records)) : [];
        const diagnostics = [...prepared.plan.diagnostics, ...notes];
        return { ...prepared, plan: { ...prepared.plan, revision: prepared.plan.base, diagnostics } };
      },
    },
    flags,
    terminal,
  );
  planning.close();
  const { plan } = planning.prepared;
  const view = viewOf(plan, { durationMs: planning.durationMs, all: flags.all, readOnly: true }, terminal);
  showPlan(view, flags.format, result);
  await result.finish();
  return planExitCode(plan, false);
}

/** The stack as it was applied; as the files have it, where that is not known. It lives where it lives now. */
function asApplied(stack: Stack, base: FoundBase | undefined): Stack {
  if (!base?.isKnown || !base.stack) return stack;
  const { account: _, ...applied } = base.stack;
  return { ...applied, ...(stack.account !== undefined && { account: stack.account }) };
}

function neverApplied(stack: Stack, records: ReadonlyMap<string, StackRecord>): Diagnostic[] {
  if (records.get(stack.name)?.head?.applied) return [];
  return [
    {
      code: "drift.never-applied",
      severity: "note",
      message: `No run that applied the stack ${stack.name} is recorded, so it is compared with the files as they are.`,
      remedy: "apply it once, and what moves afterwards is drift",
    },
  ];
}
