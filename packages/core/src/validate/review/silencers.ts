import type { Diagnostic, Place } from "../../diagnostic.ts";
import type { Template } from "../../template/model.ts";
import { didYouMean } from "../../template/nearest.ts";
import { settableIds } from "./settable.ts";

/** A comment `# reconcile-ignore <id>: reason`, at the end of the line that it is for, or on a line of its own above it. */
export interface Silencer {
  id: string;
  reason: string;
  file: string;
  /** The line that it is for. */
  line: number;
  /** Of the id in the comment. */
  place: Place;
}

const word = "reconcile-ignore";
const comment = new RegExp(`#[ \\t]*${word}\\b[ \\t]*([^:\\r\\n]*)(?::[ \\t]*(.*?))?[ \\t\\r]*$`);

/** The silencers in a template; several ids may share a reason. JSON has no comments: there it is `Metadata.Reconcile.ignore-checks`. */
export function silencersIn({ source: { path, text } }: Template): Silencer[] {
  if (!text.includes(word)) return [];
  const lines = text.split("\n");
  return lines.flatMap((text, index) => {
    const found = comment.exec(text);
    if (!found) return [];
    const [all, ids = "", reason = ""] = found;
    const alone = text.slice(0, found.index).trim() === "";
    const line = alone ? nextLine(lines, index) : index;
    const start = found.index + all.indexOf(ids, all.indexOf(word) + word.length);
    return idsIn(ids).map(({ id, at }) => {
      const column = start + at + 1;
      const place = { file: path, line: index + 1, column, end: { line: index + 1, column: column + id.length } };
      return { id, reason, file: path, line: line + 1, place };
    });
  });
}

function idsIn(text: string): { id: string; at: number }[] {
  const ids = [...text.matchAll(/[^\s,]+/g)].map((match) => ({ id: match[0], at: match.index }));
  return ids.length > 0 ? ids : [{ id: "", at: 0 }];
}

/** Past other comments and empty lines. */
function nextLine(lines: readonly string[], from: number): number {
  const next = lines.findIndex((line, index) => index > from && !/^\s*(#|$)/.test(line));
  return next < 0 ? from : next;
}

/** What is wrong with a silencer itself. One without a reason silences nothing. */
export function silencerProblem({ id, reason, place }: Silencer, isUsed: boolean): Diagnostic[] {
  if (!settableIds.includes(id)) {
    return [
      {
        code: "ignore.unknown-check",
        severity: "warning",
        message: id === "" ? "This comment names no check." : `There is no check "${id}" that could be silenced.`,
        remedy: didYouMean(id, settableIds, `Write # ${word} <check>: reason. An error cannot be silenced.`),
        place,
      },
    ];
  }
  if (reason === "") {
    const message = `"${id}" is not silenced here: the comment gives no reason.`;
    const remedy = `Write why it may be so: # ${word} ${id}: reason.`;
    return [{ code: "ignore.no-reason", severity: "warning", message, remedy, place }];
  }
  if (isUsed) return [];
  const message = `There is nothing to silence here: "${id}" is not said of this line.`;
  return [{ code: "ignore.unused", severity: "note", message, remedy: "Remove the comment.", place }];
}
