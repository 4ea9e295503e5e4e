import type { Diagnostic } from "../../diagnostic.ts";
import { resourceLabel } from "../../template/label.ts";
import type { IgnoredCheck, Template } from "../../template/model.ts";
import { didYouMean } from "../../template/nearest.ts";
import { templatesIn } from "../../template/nested.ts";
import { settableIds } from "./settable.ts";

/** What silences a check, with its reason: a comment for one line, or `Metadata.Reconcile.ignore-checks` for a resource. */
export interface Silencer extends IgnoredCheck {
  file: string;
  /** The line that a comment is for. */
  line?: number;
  /** The resource that metadata are for, as diagnostics name it. */
  resource?: string;
}

const word = "reconcile-ignore";
/** Nothing in it can match in two ways: a line may be a megabyte of blanks. */
const comment = new RegExp(`#[ \\t]*${word}\\b([^:]*)(?::(.*))?$`, "s");

/** The silencers in a template. */
export function silencersIn(template: Template): Silencer[] {
  const ofResources = [...template.resources.values()].flatMap((declaration) =>
    (declaration.reconcile.ignoreChecks ?? []).map((ignored) => ({
      ...ignored,
      file: declaration.place.file,
      resource: resourceLabel(declaration),
    })),
  );
  return [...templatesIn(template).flatMap(comments), ...ofResources];
}

/** `# reconcile-ignore <id>, <id>: reason`, at the end of the line that it is for, or on a line of its own above it. */
function comments({ source: { path, text } }: Template): Silencer[] {
  if (!text.includes(word)) return [];
  const lines = text.split("\n");
  const meant = linesMeant(lines);
  return lines.flatMap((text, index) => {
    const found = comment.exec(text);
    if (!found) return [];
    const [all, ids = "", reason = ""] = found;
    const line = meant[index] ?? index;
    const start = found.index + all.indexOf(ids, all.indexOf(word) + word.length);
    return idsIn(ids).map(({ id, at }) => {
      const column = start + at + 1;
      const place = { file: path, line: index + 1, column, end: { line: index + 1, column: column + id.length } };
      return { id, reason: reason.trim(), file: path, line: line + 1, place };
    });
  });
}

/** For what a message quotes. */
const longestId = 100;

function idsIn(text: string): { id: string; at: number }[] {
  const ids = [...text.matchAll(/[^\s,]+/g)].map((match) => ({ id: match[0].slice(0, longestId), at: match.index }));
  return ids.length > 0 ? ids : [{ id: "", at: 0 }];
}

/** For each line the first one from there on that is neither empty nor a comment. From the end, so that a file of comments is walked once. */
function linesMeant(lines: readonly string[]): number[] {
  const meant: number[] = [];
  for (let index = lines.length - 1; index >= 0; index -= 1)
    meant[index] = /^\s*(#|$)/.test(lines[index] ?? "") ? (meant[index + 1] ?? index) : index;
  return meant;
}

/** What is wrong with a silencer itself. One without a reason silences nothing. */
export function silencerProblem({ id, reason, place, resource }: Silencer, isUsed: boolean): Diagnostic[] {
  if (!settableIds.includes(id)) {
    return [
      {
        code: "ignore.unknown-check",
        severity: "warning",
        message: id === "" ? "This names no check." : `There is no check "${id}" that could be silenced.`,
        remedy: didYouMean(id, settableIds, `Write # ${word} <check>: reason. An error cannot be silenced.`),
        place,
      },
    ];
  }
  if (reason === "") {
    const message = `"${id}" is not silenced here: no reason is given.`;
    const remedy = `Write why it may be so: ${resource === undefined ? `# ${word} ` : ""}${id}: reason.`;
    return [{ code: "ignore.no-reason", severity: "warning", message, remedy, place }];
  }
  if (isUsed) return [];
  const message = `There is nothing to silence here: "${id}" is not said of this ${resource === undefined ? "line" : "resource"}.`;
  return [{ code: "ignore.unused", severity: "note", message, remedy: "Remove it.", place }];
}
