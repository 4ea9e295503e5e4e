import { awsSettings } from "./aws.ts";
import { findBase } from "./base.ts";
import type { Context } from "./context.ts";
import type { AwsFlags } from "./options.ts";
import { openPlanning, type Planning } from "./planning.ts";
import { checkedState } from "./state.ts";

/** What lives of the stacks, for commands that only look at it: compared with nothing. */
export async function openLooking(paths: readonly string[], flags: AwsFlags, context: Context): Promise<Planning> {
  const { terminal } = context;
  const desired = await checkedState(paths, context);
  const base = await findBase(desired, { given: undefined, purpose: "look", environment: process.env });
  const settings = await awsSettings(flags, terminal);
  return openPlanning({ ...desired, base, settings, allowDelete: [] }, flags, terminal);
}
