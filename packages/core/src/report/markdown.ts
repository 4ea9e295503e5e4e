import type { Diagnostic } from "../diagnostic.ts";
import type { Change, Plan, StackPlan } from "../plan/model.ts";
import { nameOf } from "../stack/path.ts";
import { dangersOf } from "./dangers.ts";
import { differencesOf } from "./differences.ts";
import { codeBlock, codeSpan, escapeText } from "./markdown-escape.ts";
import type { PlanFacts } from "./text.ts";
import {
  actionWord,
  asDeclared,
  callsText,
  countsOf,
  duration,
  isRefused,
  notesOf,
  plural,
  refusalsOf,
  remarksOf,
  showsProperties,
  waitedTexts,
  withFix,
} from "./words.ts";

/** What a comment needs besides the plan. */
export interface CommentOptions extends PlanFacts {
  /** Characters a comment may have. Default 65,536, which is GitHub's. */
  limit?: number;
}

/**
 * A plan as a comment on a pull request: the verdict, the dangers and refusals, then each stack's changes folded. Values show and do nothing. Where it would
 * be too long, differences go first, then rows; the verdict stays, and as many dangers as fit, with the number of the others.
 */
export function renderComment(plan: Plan, options: CommentOptions): string {
  const limit = options.limit ?? 65_536;
  const verdicts = plan.stacks.map((stack) => verdictLine(plan, stack, options));
  const warnings = warningLines(plan);
  const head = (count: number) =>
    join([listed(verdicts, limit / 4, "stack").join("\n\n"), cautionBlock(warnings, count)]);
  const levels: Detail[] = [
    { lines: 40, rows: Number.POSITIVE_INFINITY },
    { lines: 5, rows: Number.POSITIVE_INFINITY },
    { lines: 0, rows: Number.POSITIVE_INFINITY },
    { lines: 0, rows: 25 },
  ];
  for (const [index, level] of levels.entries()) {
    const shortened = index === 0 ? "" : "_Shortened to fit: `reconcile --plan` shows all of it._";
    const text = join([
      head(warnings.length),
      ...plan.stacks.map((stack) => detailBlock(plan, stack, level)),
      noteBlock(plan),
      shortened,
    ]);
    if (text.length <= limit) return text;
  }
  let count = warnings.length;
  while (count > 0 && head(count).length > limit) count = Math.min(count - 1, Math.floor(count * 0.9));
  return head(count).slice(0, limit);
}

interface Detail {
  /** Of one property's difference; 0: none. */
  lines: number;
  /** Of one stack. */
  rows: number;
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}

/** As many lines as have room, and how many there are besides. */
function listed(lines: readonly string[], room: number, word: string): string[] {
  let used = 0;
  const shown = lines.filter((line) => {
    used += line.length + 2;
    return used <= room;
  });
  const rest = lines.length - shown.length;
  return rest === 0 ? shown : [...shown, `… and ${plural(rest, `more ${word}`)}`];
}

/** `crypto-agent (us-east-1): 1 create · 2 update · … · 31 calls · 1.2 s`. */
function verdictLine(plan: Plan, stack: StackPlan, options: CommentOptions): string {
  const { name } = stack.stack.stack;
  const counts = countsOf(stack.changes);
  const calls = plan.calls[name];
  const facts = [callsText(calls), duration(options.durationMs[name] ?? 0), ...waitedTexts(calls).map(escapeText)];
  const title = `**${escapeText(name)}** (${escapeText(stack.stack.location.region)}): `;
  if (counts.unchanged === stack.changes.length) return title + [asDeclared(counts.unchanged), ...facts].join(" · ");
  const refused = stack.changes.filter((change) => isRefused(change, refusalsOf(plan))).length;
  const parts = [
    `${counts.create} create`,
    `${counts.update} update`,
    `${counts.replace} replace`,
    `${counts.delete} delete`,
    ...(counts.adopt > 0 ? [`${counts.adopt} adopt`] : []),
    ...(counts.release > 0 ? [`${counts.release} release`] : []),
    ...(counts.drifted > 0 ? [`${plural(counts.drifted, "drift")} would be reverted`] : []),
    ...(refused > 0 ? [`⚠ ${refused} refused`] : []),
  ];
  return title + [...parts, ...facts].join(" · ");
}

/** One line for each dangerous resource, then the refusals that are about nothing listed. */
function warningLines(plan: Plan): string[] {
  const refusals = refusalsOf(plan);
  const told = new Set<Diagnostic>();
  const dangers = plan.stacks.flatMap((stack) =>
    stack.changes.flatMap((change) => {
      const own = refusals.filter((refusal) => isRefused(change, [refusal]));
      const would = dangersOf(change).map((danger) => escapeText(danger.would));
      if (would.length === 0) return [];
      for (const refusal of own) told.add(refusal);
      const forcing = change.action === "replace" ? forcedText(change) : "";
      const sentence = `**${escapeText(change.logicalId)}** would ${joinWords(would)}${forcing} (${placeText(change)}).`;
      return [[sentence, ...own.map((refusal) => `**Refused**: ${refusalText(refusal)}`)].join(" ")];
    }),
  );
  return [
    ...dangers,
    ...refusals.filter((refusal) => !told.has(refusal)).map((refusal) => `**Refused**: ${refusalText(refusal)}`),
  ];
}

function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function forcedText(change: Change): string {
  const paths = change.properties
    .filter((property) => property.requiresReplacement)
    .map((property) => property.path.split("/")[1] ?? "");
  const names = [...new Set(paths)].filter((name) => name !== "").map(codeSpan);
  const verb = change.impact === "may-replace" ? "may force" : names.length === 1 ? "forces" : "force";
  return names.length === 0 ? "" : `: ${joinWords(names)} ${verb} it`;
}

/** Most messages name the resource themselves. */
function refusalText(refusal: Diagnostic): string {
  const [logicalId = ""] = (refusal.resource ?? "").split(" ");
  const whose = refusal.message.includes(logicalId) ? "" : `${refusal.resource}: `;
  return escapeText(whose + withFix(refusal));
}

function placeText(change: Change): string {
  return codeSpan(`${nameOf(change.place.file)}:${change.place.line}`);
}

function cautionBlock(warnings: readonly string[], count: number): string {
  if (warnings.length === 0) return "";
  const rest = warnings.length - count;
  const lines = [...warnings.slice(0, count), ...(rest > 0 ? [`… and ${rest} more, not shown here.`] : [])];
  // A backslash at the end of the line keeps the lines of one paragraph apart.
  return `> [!CAUTION]\n${lines.map((line) => `> ${line}`).join("\\\n")}`;
}

const icons = { danger: "⚠", create: "+", update: "~", replace: "±", delete: "−", release: "−", adopt: "»" } as const;

function detailBlock(plan: Plan, stack: StackPlan, detail: Detail): string {
  const changes = stack.changes.filter((change) => change.action !== "none");
  const notes = notesOf(stack);
  if (changes.length === 0 && notes.length === 0) return "";
  const refusals = refusalsOf(plan);
  const rows = changes.slice(0, detail.rows).map((change) => {
    const action = actionWord(change);
    const icon = dangersOf(change).length > 0 ? icons.danger : action === "none" ? "" : icons[action];
    const remark = remarksOf(change, isRefused(change, refusals)).join(", ");
    return `| ${icon} ${action} | ${codeSpan(change.logicalId)} | ${codeSpan(change.type.type)} | ${escapeText(remark)} | ${placeText(change)} |`;
  });
  const more = changes.length > rows.length ? [`\n… and ${changes.length - rows.length} more.`] : [];
  const table =
    rows.length === 0
      ? ""
      : ["| Action | Resource | Type | Why | Place |", "| --- | --- | --- | --- | --- |", ...rows, ...more].join("\n");
  const noted =
    notes.length === 0
      ? ""
      : join([
          "Noted, left alone:",
          listed(
            notes.map((note) => `- ${escapeText(note)}`),
            4000,
            "note",
          ).join("\n"),
        ]);
  const summary = `${escapeText(stack.stack.stack.name)}: ${plural(changes.length, "change")}`;
  return join([`<details><summary>${summary}</summary>`, table, differenceBlock(changes, detail), noted, "</details>"]);
}

/** In a block of code no value can do anything, and `diff` colours lines by their first character. */
function differenceBlock(changes: readonly Change[], detail: Detail): string {
  if (detail.lines === 0) return "";
  const lines = changes.flatMap((change) => {
    if (!showsProperties(change)) return [];
    const differences = differencesOf(change, { room: 160, limit: detail.lines });
    const body = differences.flatMap(({ label, lines: own, notes }) => {
      const note = notes.length === 0 ? "" : `  (${notes.join(", ")})`;
      return own.map(
        (line, index) =>
          `${line.sign === "" || line.sign === "~" ? " " : line.sign} ${label}  ${line.text}${index === 0 ? note : ""}`,
      );
    });
    return body.length === 0 ? [] : [`# ${change.logicalId}`, ...body];
  });
  return lines.length === 0 ? "" : codeBlock(lines, "diff");
}

function noteBlock(plan: Plan): string {
  const others = plan.diagnostics.filter((diagnostic) => diagnostic.severity !== "error");
  const lines = others.map((diagnostic) => `- ${diagnostic.severity}: ${refusalText(diagnostic)}`);
  return listed(lines, 8000, "message").join("\n");
}
