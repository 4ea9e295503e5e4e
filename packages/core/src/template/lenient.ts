/**
 * What CloudFormation's reader, which is of YAML 1.1, takes and YAML 1.2 does not; many templates that people deploy have it. The further lines of a text in quotes, or of a list or map
 * in brackets, may begin anywhere (in 1.2 deeper than the key that they belong to); a lone dash in brackets is a text (`!Join [-, [a, b]]`); a comment may follow a quote without a space.
 */

/** The same text with what is missing, and where in the text as written something stands; undefined where nothing is missing. */
export function withMissing(text: string): { text: string; original(offset: number): number } | undefined {
  const missing = allMissing(text);
  if (missing.length === 0) return undefined;
  const parts: string[] = [];
  let end = 0;
  for (const { at, characters } of missing) {
    parts.push(text.slice(end, at), characters);
    end = at;
  }
  parts.push(text.slice(end));
  return { text: parts.join(""), original: (offset) => originalOf(missing, offset) };
}

interface Missing {
  /** Where in the text as written. */
  at: number;
  characters: string;
  /** How many are missing before, in all. */
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
  return Math.max(last.at, offset - last.before - last.characters.length);
}

/** What a line starts in. */
interface State {
  /** Brackets that are open. */
  depth: number;
  quote: string | undefined;
  /** The least column of a further line of what is open. */
  least: number;
  /** Column of the last key or dash: what stands on a line of its own below it is its value. */
  parent: number;
  /** Of the key of a block of text (`|`, `>`): its lines are deeper. */
  block: number | undefined;
}

function allMissing(text: string): Missing[] {
  const missing: Missing[] = [];
  const state: State = { depth: 0, quote: undefined, least: 0, parent: -1, block: undefined };
  let before = 0;
  const insert = (at: number, characters: string) => {
    missing.push({ at, characters, before });
    before += characters.length;
  };
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    const indent = line.search(/[^ ]/);
    const isBlank = line.trim() === "";
    if (!isBlank && state.block !== undefined && indent <= state.block) state.block = undefined;
    if (!isBlank && state.block === undefined) {
      const isOpen = state.depth > 0 || state.quote !== undefined;
      if (isOpen && indent < state.least) insert(start, " ".repeat(state.least - indent));
      const insertInLine: Insert = (at, characters) => insert(start + at, characters);
      if (isOpen) scanOpen(line, indent, state, insertInLine);
      else scanBlock(line, indent, state, insertInLine);
    }
    start = end + 1;
  }
  return missing;
}

/** Before the character of a line. */
type Insert = (at: number, characters: string) => void;

/** A line outside quotes and brackets: what does it leave open? */
function scanBlock(line: string, indent: number, state: State, insert: Insert): void {
  if (state.parent >= indent) state.parent = indent - 1;
  for (let at = indent; at < line.length; ) {
    const rest = line.slice(at);
    const dash = /^[-?] +/.exec(rest);
    const mark = /^[!&][^\s]* +/.exec(rest);
    const key = /^(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*') *|[^\s"'#[\]{}|>&*!%@`,][^#]*?):(?: +|$)/.exec(rest);
    const step = dash ?? mark ?? key;
    if (!step) {
      scanValue(line, at, state, insert);
      return;
    }
    if (!mark) state.parent = at;
    at += step[0].length;
  }
}

function scanValue(line: string, at: number, state: State, insert: Insert): void {
  const first = line.charAt(at);
  if (first === "|" || first === ">") state.block = state.parent;
  if (first !== "'" && first !== '"' && first !== "[" && first !== "{") return;
  state.least = state.parent + 1;
  scanOpen(line, at, state, insert);
}

/** From within quotes or brackets, or at their start, to the end of the line. */
function scanOpen(line: string, from: number, state: State, insert: Insert): void {
  let previous = " ";
  let lastNotBlank = " ";
  for (let at = from; at < line.length; at += 1) {
    const character = line.charAt(at);
    const isLoneDash = character === "-" && /[[{,:]/.test(lastNotBlank) && /[,\]}]/.test(line.charAt(at + 1));
    if (state.quote === undefined && isLoneDash) {
      insert(at, "'");
      insert(at + 1, "'");
    }
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
      if (line.charAt(at + 1) === "#") insert(at + 1, " ");
      return;
    }
    previous = character;
    if (character !== " ") lastNotBlank = character;
  }
}
