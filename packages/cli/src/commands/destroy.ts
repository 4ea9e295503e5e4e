import { ask } from "../ask.ts";
import { awsSettings } from "../aws.ts";
import { findBase } from "../base.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit.ts";
import { type DestroyFlags, lockOf } from "../options.ts";
import { checkTarget } from "../output.ts";
import { openPlanning } from "../planning.ts";
import { showAndRun } from "../run.ts";
import { checkedState } from "../state.ts";
import { UsageError } from "../usage.ts";

/** `reconcile destroy [PATH…]`: deletes what the stacks own, in reverse order, once their names have been said. */
export async function destroy(paths: readonly string[], flags: DestroyFlags, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  if (flags.confirm.length === 0 && !terminal.interactive) {
    throw new UsageError(
      "There is no terminal to ask on.",
      "--confirm NAME, with the name of the stack, destroys without asking",
    );
  }
  await checkTarget(flags.output);
  const desired = await checkedState(paths, context);
  const names = desired.stacks.map((stack) => stack.name);
  checkConfirmed(names, flags.confirm);
  const base = await findBase(desired, { given: undefined, purpose: "apply", environment: process.env });
  const settings = await awsSettings(flags, terminal);
  const bookkeeping = { ...lockOf(flags), purpose: "destroy" as const };
  const { stacks, neighbours } = desired;
  const options = { ...flags, stacks, neighbours, base, settings, bookkeeping, destroy: true };
  const planning = await openPlanning(options, flags, terminal);
  try {
    return await showAndRun({
      planning,
      context,
      all: flags.all,
      destroys: true,
      agree: () => agreeByName(names, flags.confirm),
    });
  } finally {
    planning.close();
  }
}

/** Names that are given must be exactly those of the stacks: nobody destroys more than was said, or believes to have destroyed another. */
function checkConfirmed(names: readonly string[], confirmed: readonly string[]): void {
  if (confirmed.length === 0) return;
  const missing = names.filter((name) => !confirmed.includes(name));
  const strange = confirmed.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new UsageError(
      `This would also destroy ${missing.join(", ")}, which --confirm does not name.`,
      "name every stack (--confirm a,b), or choose with --stack or a PATH",
    );
  }
  if (strange.length > 0) {
    throw new UsageError(
      `--confirm names ${strange.join(", ")}, which is no stack of this run.`,
      `the stacks are: ${names.join(", ")}`,
    );
  }
}

async function agreeByName(names: readonly string[], confirmed: readonly string[]): Promise<boolean> {
  for (const name of names) {
    if (confirmed.includes(name)) continue;
    const answer = await ask(`\nThis cannot be undone. To destroy it, type the name of the stack, ${name}: `);
    if (answer !== name) return false;
  }
  return true;
}
