import { isRecord, stableText } from "../value.ts";
import { inline } from "./values.ts";

export interface StatementLine {
  sign: "+" | "-" | "~";
  text: string;
}

/** An IAM policy document, told by its form: documents also stand inside lists and maps. */
export function isPolicy(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    statementsOf(value).some((statement) => statement.Effect === "Allow" || statement.Effect === "Deny")
  );
}

export function statementsOf(document: unknown): Record<string, unknown>[] {
  return isRecord(document) ? listOf(document.Statement).filter(isRecord) : [];
}

/** One value or a list of them: IAM reads both alike. */
export function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** What changed between two policies, by statement; undefined stands for no policy. Statements that differ in one list only are shown by that list. */
export function policyDifferences(before: unknown, after: unknown): StatementLine[] {
  const removed = new Map(statementsOf(before).map((statement) => [stableText(statement), statement]));
  const added = new Map(statementsOf(after).map((statement) => [stableText(statement), statement]));
  for (const text of [...removed.keys()]) {
    if (added.delete(text)) removed.delete(text);
  }
  const lines: StatementLine[] = [];
  for (const [text, statement] of removed) {
    const partner = [...added].find(([, candidate]) => listThatDiffers(statement, candidate));
    if (!partner) continue;
    lines.push({ sign: "~", text: listChange(statement, partner[1]) });
    removed.delete(text);
    added.delete(partner[0]);
  }
  lines.push(
    ...[...removed.values()].map((statement): StatementLine => ({ sign: "-", text: statementText(statement) })),
  );
  lines.push(...[...added.values()].map((statement): StatementLine => ({ sign: "+", text: statementText(statement) })));
  return [...lines, ...otherParts(before, after)];
}

function otherParts(before: unknown, after: unknown): StatementLine[] {
  if (!isRecord(before) || !isRecord(after)) return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== "Statement");
  const changed = names.filter((name) => stableText(before[name]) !== stableText(after[name]));
  return changed.map((name) => ({ sign: "~", text: `${name}  ${inline(before[name])} → ${inline(after[name])}` }));
}

/** `Allow s3:GetObject, s3:PutObject on arn:aws:s3:::b/* to lambda.amazonaws.com when StringEquals aws:SourceAccount 123456789012`. */
function statementText(statement: Record<string, unknown>): string {
  const known = new Set([
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Principal",
    "NotPrincipal",
    "Resource",
    "NotResource",
    "Condition",
  ]);
  const rest = Object.entries(statement).filter(([key]) => !known.has(key));
  return [
    inline(statement.Effect),
    words(statement.Action),
    words(statement.NotAction, "everything but"),
    words(statement.Resource, "on"),
    words(statement.NotResource, "on everything but"),
    words(principals(statement.Principal), "to"),
    words(principals(statement.NotPrincipal), "to everyone but"),
    conditionWords(statement.Condition),
    ...rest.map(([key, value]) => `${key}=${inline(value)}`),
    statement.Sid === undefined ? "" : `(${inline(statement.Sid)})`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function words(value: unknown, before = ""): string {
  const list = listOf(value).map((part) => inline(part));
  return list.length === 0 ? "" : `${before} ${list.join(", ")}`.trim();
}

/** `{ Service: "ec2.amazonaws.com" }` is `ec2.amazonaws.com`; an account's kind goes without saying. */
function principals(value: unknown): unknown[] {
  return isRecord(value) ? Object.values(value).flatMap(listOf) : listOf(value);
}

function conditionWords(value: unknown): string {
  if (!isRecord(value)) return value === undefined ? "" : `when ${inline(value)}`;
  const parts = Object.entries(value).flatMap(([operator, tests]) => {
    if (!isRecord(tests)) return [`${operator} ${inline(tests)}`];
    return Object.entries(tests).map(([key, wanted]) => `${operator} ${key} ${words(wanted)}`);
  });
  return `when ${parts.join(" and ")}`;
}

const lists = ["Action", "NotAction", "Resource", "NotResource"] as const;
/** From this many on, the two lists side by side no longer show what changed. */
const longList = 3;

/** The one list in which two statements differ, where it is long enough and most of it stays. */
function listThatDiffers(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): (typeof lists)[number] | undefined {
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => stableText(before[key]) !== stableText(after[key]),
  );
  const name = lists.find((list) => differing.length === 1 && differing[0] === list);
  if (!name || Math.max(listOf(before[name]).length, listOf(after[name]).length) < longList) return undefined;
  return intersects(listOf(before[name]), listOf(after[name])) ? name : undefined;
}

function intersects(a: readonly unknown[], b: readonly unknown[]): boolean {
  const texts = new Set(b.map(stableText));
  return a.some((part) => texts.has(stableText(part)));
}

function listChange(before: Record<string, unknown>, after: Record<string, unknown>): string {
  const name = listThatDiffers(before, after) ?? "Action";
  const { [name]: _, ...rest } = after;
  const old = new Set(listOf(before[name]).map((part) => inline(part)));
  const now = new Set(listOf(after[name]).map((part) => inline(part)));
  const added = [...now].filter((part) => !old.has(part)).map((part) => `+ ${part}`);
  const removed = [...old].filter((part) => !now.has(part)).map((part) => `- ${part}`);
  return `${statementText(rest)}: ${name} ${[...removed, ...added].join(", ")}`;
}
