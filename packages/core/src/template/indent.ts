/**
 * CloudFormation's reader does not mind where the further lines of a text in quotes, or of a list or map in brackets, begin. YAML does: they must be indented deeper than the key
 * that they belong to, and many templates that people deploy have lines that are not.
 */

/** The same text with the spaces that are missing, and where in the text as written something stands; undefined where none is missing. */
export function withIndentation(text: string): { text: string; original(offset: number): number } | undefined {
  const missing = missingSpaces(text);
  if (missing.length === 0) return undefined;
  const parts: string[] = [];
  let end = 0;
  for (const { at, count } of missing) {
    parts.push(text.slice(end, at), " ".repeat(count));
    end = at;
  }
  parts.push(text.slice(end));
  return { text: parts.join(""), original: (offset) => originalOf(missing, offset) };
}

interface Missing {
  /** Where in the text as written. */
  at: number;
  count: number;
  /** Spaces missing before, in all. */
  before: number;
}

function originalOf(missing: readonly Missing[], offset: number): number {
  let low = 0;
  let high = missing.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { at, before } = missing[middle] as Missing;
    if (at + before <= offset) low = middle + 1;
    else high = middle;
  }
  const last = missing[low - 1];
  if (!last) return offset;
  return Math.max(last.at, offset - last.before - last.count);
}

/** What a line starts in. */
interface State {
  /** Brackets that are open. */
  depth: number;
  quote: string | undefined;
  /** The least column of a further line of what is open. */
  least: number;
  /** Of the key of a block of text (`|`, `>`): its lines are deeper. */
  block: number | undefined;
}

function missingSpaces(text: string): Missing[] {
  const missing: Missing[] = [];
  const state: State = { depth: 0, quote: undefined, least: 0, block: undefined };
  let before = 0;
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    const indent = line.search(/[^ ]/);
    const isBlank = line.trim() === "";
    if (!isBlank && state.block !== undefined && indent <= state.block) state.block = undefined;
    if (!isBlank && state.block === undefined) {
      const isOpen = state.depth > 0 || state.quote !== undefined;
      if (isOpen && indent < state.least) {
        const count = state.least - indent;
        missing.push({ at: start, count, before });
        before += count;
      }
      if (isOpen) scanOpen(line, indent, state);
      else scanBlock(line, indent, state);
    }
    start = end + 1;
  }
  return missing;
}

/** A line outside quotes and brackets: what does it leave open? */
function scanBlock(line: string, indent: number, state: State): void {
  let parent = -1;
  for (let at = indent; at < line.length; ) {
    const rest = line.slice(at);
    const dash = /^[-?] +/.exec(rest);
    const mark = /^[!&][^\s]* +/.exec(rest);
    const key = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#[\]{}|>&*!%@`,][^#]*?) *:(?: +|$)/.exec(rest);
    const step = dash ?? mark ?? key;
    if (!step) {
      scanValue(line, at, parent, state);
      return;
    }
    if (!mark) parent = at;
    at += step[0].length;
  }
}

function scanValue(line: string, at: number, parent: number, state: State): void {
  const first = line.charAt(at);
  if (first === "|" || first === ">") state.block = parent;
  if (first !== "'" && first !== '"' && first !== "[" && first !== "{") return;
  state.least = parent + 1;
  scanOpen(line, at, state);
}

/** From within quotes or brackets, or at their start, to the end of the line. */
function scanOpen(line: string, from: number, state: State): void {
  let previous = " ";
  for (let at = from; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (state.quote !== undefined) {
      if (state.quote === '"' && character === "\\") at += 1;
      else if (state.quote === "'" && line.startsWith("''", at)) at += 1;
      else if (character === state.quote) state.quote = undefined;
    } else if (character === "#" && /\s/.test(previous)) return;
    else if ((character === '"' || character === "'") && /[\s[{,:]/.test(previous)) state.quote = character;
    else if (character === "[" || character === "{") state.depth += 1;
    else if (character === "]" || character === "}") state.depth -= 1;
    if (state.quote === undefined && state.depth <= 0) {
      state.depth = 0;
      return;
    }
    previous = character;
  }
}
