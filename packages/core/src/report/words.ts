import { type Diagnostic, errorsIn } from "../diagnostic.ts";
import { labelOf } from "../plan/label.ts";
import type { Change, Plan, StackPlan } from "../plan/model.ts";
import { segmentsOf } from "../pointer.ts";
import type { CallCounts } from "../resource/model.ts";
import { dangersOf } from "./dangers.ts";
import { cut, printable } from "./printable.ts";
import { pathText } from "./values.ts";

/** What the reports have in common in words, so that a screen and a comment never say it differently. */

/** `0.8 s`, `42.0 s`, `2:51`, `1:02:51`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 59_950) return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
  return clock(milliseconds);
}

/** `0:42`, `2:51`, `1:02:51`. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** `1 stack`, `2 stacks`. */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Of a stack in which nothing changes: how many resources there are that are as declared. */
export function asDeclared(resources: number): string {
  // None, of a stack that declares some: they are refused, or gone already.
  return resources === 0 ? "nothing to change" : `${plural(resources, "resource")} as declared`;
}

export function shortRevision(revision: string): string {
  return printable(/^[0-9a-f]{12,}$/.test(revision) ? revision.slice(0, 7) : cut(revision, 24));
}

/** `crypto-agent · us-east-1 · 123456789012`, as far as is known; short: without the account. */
export function stackName({ stack }: StackPlan, form: "full" | "short" = "full"): string {
  const { region, account } = stack.location;
  return [stack.stack.name, region, form === "full" ? account : ""]
    .filter((part) => part !== "")
    .map(printable)
    .join(" · ");
}

export function callsText(calls: CallCounts | undefined): string {
  const throttled = calls?.throttled ? ` (${calls.throttled} throttled)` : "";
  return plural(calls?.total ?? 0, "call") + throttled;
}

/** Milliseconds from which on a wait is worth a line. */
const notable = 1000;

/** `waited 12.0 s because AWS throttled ec2:DescribeInstances and 2 more`; none: nothing worth a word was waited for. */
export function waitedTexts({ waited }: Pick<CallCounts, "waited"> = {}): string[] {
  if (!waited || waited.milliseconds < notable) return [];
  const [first, ...others] = waited.operations;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return [`waited ${duration(waited.milliseconds)} because AWS throttled ${first}${more}`];
}

export interface Counts {
  create: number;
  update: number;
  replace: number;
  delete: number;
  adopt: number;
  release: number;
  drifted: number;
  unchanged: number;
}

export function countsOf(changes: readonly Change[]): Counts {
  const counts: Counts = {
    create: 0,
    update: 0,
    replace: 0,
    delete: 0,
    adopt: 0,
    release: 0,
    drifted: 0,
    unchanged: 0,
  };
  for (const change of changes) {
    const word = actionWord(change);
    if (word === "none") counts.unchanged++;
    else counts[word]++;
    if (word !== "none" && isDrift(change)) counts.drifted++;
  }
  return counts;
}

function isDrift(change: Change): boolean {
  return change.cause === "drift" || change.cause === "both";
}

/** The action, and `release` for what leaves the stack without being deleted. */
export function actionWord(change: Change): Change["action"] | "release" {
  return change.released && change.action !== "none" ? "release" : change.action;
}

/** Of what is made, goes or is let go as a whole there is nothing to tell but that. */
export function showsProperties(change: Change): boolean {
  return ["update", "replace", "adopt"].includes(actionWord(change));
}

/** Why this is done and what it means, in a few words each, the most telling first. Nothing for a plain change. */
export function remarksOf(change: Change, refused: boolean): string[] {
  const remarks: string[] = [];
  if (refused) remarks.push("refused");
  remarks.push(
    ...dangersOf(change)
      .filter((danger) => danger.kind === "exposure" || danger.kind === "widening")
      .map((danger) => danger.text),
  );
  const forcing = change.properties
    .filter((property) => property.requiresReplacement)
    .map((property) => printable(segmentsOf(property.path)[0] ?? ""));
  const isUncertain = change.impact === "may-replace";
  if (change.action === "replace" && forcing.length > 0) remarks.push(forcedBy([...new Set(forcing)], isUncertain));
  if (change.action === "replace" && change.deleteFirst) remarks.push("the old one is deleted first");
  if (change.keepsOld) remarks.push("the old one is kept");
  if (change.impact === "interrupts") remarks.push("interrupts");
  const steps = change.steps.filter((step) => step !== "release");
  if (steps.length > 0) remarks.push(`with ${steps.map(printable).join(", ")}`);
  if (change.cause === "drift" && change.action !== "delete")
    remarks.push(`${change.action === "create" ? "deleted" : "changed"} outside`);
  if (change.cause === "both") remarks.push("also changed outside");
  if (change.cause === "input") remarks.push("an outside value moved");
  remarks.push(...change.reasons.map((reason) => reasonWords(reason, change)).filter((text) => text !== undefined));
  return [...new Set(remarks)];
}

/** Which properties need a new resource, in a few words. */
function forcedBy(names: readonly string[], isUncertain: boolean): string {
  const others = names.length > 2 ? `${names.length - 1} more` : names[1];
  const subject = names.length === 1 ? `${names[0]}` : `${names[0]} and ${others}`;
  if (isUncertain) return `${subject} may force it, once known`;
  return `${subject} ${names.length === 1 ? "forces" : "force"} it`;
}

/** Why something is deleted that nobody asked to delete by name. */
export const notDeclared = "no longer declared";

function reasonWords(reason: Change["reasons"][number], change: Change): string | undefined {
  const words: Partial<Record<typeof reason, string | undefined>> = {
    "depends-on-unknown": change.impact === "may-replace" ? undefined : "depends on what is not known yet",
    "dependency-replaced": "what it uses is replaced",
    renamed: "renamed, the same resource",
    adopted: `takes over ${cut(printable(change.identifier ?? "what is there"), 60)}`,
    "not-declared": change.released ? `${notDeclared}, kept` : notDeclared,
    "left-over": "left over from an earlier run",
    duplicate: "a duplicate",
    expired: "expired",
  };
  return words[reason];
}

/** Refusals of a plan: its errors. */
export function refusalsOf(plan: Plan): Diagnostic[] {
  return errorsIn(plan.diagnostics);
}

/** The message with its remedy. */
export function withFix({ message, remedy }: Diagnostic): string {
  return remedy === undefined ? message : `${message} ${fixText(remedy)}`;
}

/** `Fix: Correct the path.` Some remedies are written as the rest of a sentence, some as one; what begins with a command is to be copied. */
export function fixText(remedy: string): string {
  const words = /^(?!(?:aws|git|node|npm|npx|pnpm|reconcile)\b)[a-z]+(?=[ ,.;]|$)/;
  return `Fix: ${remedy.replace(words, (word) => word.charAt(0).toUpperCase() + word.slice(1))}`;
}

/** Drift is counted from the base. `readOnly`: there is no run. */
export function driftHeading({ base }: Plan, readOnly = false): string {
  return `drift${base === null ? "" : ` since ${shortRevision(base)}`}, ${readOnly ? "which a run reverts" : "reverted by this run"}`;
}

export function isRefused(change: Change, refusals: readonly Diagnostic[]): boolean {
  return refusals.some((refusal) => refusal.resource === labelOf(change));
}

/** What was found and is left as it is: one line each. */
export function notesOf(plan: StackPlan): string[] {
  return [
    ...plan.unowned.map((each) => {
      const where = each.path ? `.${pathText(each.path)}` : "";
      return `${each.logicalId}${where}: ${each.identifier} is not ours${each.owner === undefined ? "" : ` (${each.owner})`}`;
    }),
    ...plan.orphans.map(
      (each) =>
        `${each.logicalId} (${each.type}): ${each.identifier} is no longer declared and stays: ${orphanWords[each.reason]}`,
    ),
    ...plan.notes.map((note) => `${note.logicalId}: ${note.message}`),
  ].map(printable);
}

const orphanWords = {
  retained: "retained",
  protected: "protected",
  guard: "stopped by a guard",
  "used-elsewhere": "another stack uses it",
};
