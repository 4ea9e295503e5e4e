import { CST, Lexer } from "yaml";
import type { Diagnostic, Place } from "../diagnostic.ts";

/** Lines, elements and brackets: nearly twice those of a template with 5,000 resources. What has more would take seconds and hundreds of megabytes to read. */
const most = 150_000;
/** Lines of one map, list or text, twice as many as there may be resources: a resource in JSON begins and ends with one. */
const widest = 20_000;
/** Brackets that are open at once, and columns that a line is indented by. Far more than any template has, and what the YAML library bears. */
const deepest = 1000;
/** Marks of lists and keys that nest in one line: each may be a level. */
const mostMarks = 200;

/** What keeps a text from being read at all: found in one pass that knows nothing of YAML, and counts too much rather than too little. Only what seems too deep is looked at closely. */
export function boundsProblem(text: string, placeAt: (offset: number) => Place): Diagnostic | undefined {
  let count = 0;
  let depth = 0;
  let seemsDeep = false;
  const siblings: number[] = [];
  let at = 0;
  let lineStart = 0;
  let indent: number | undefined;
  for (; at < text.length && count <= most; at++) {
    switch (text.charCodeAt(at)) {
      case bracket:
      case brace:
        depth += 1;
        count += 1;
        if (depth > deepest) seemsDeep = true;
        break;
      case bracketEnd:
      case braceEnd:
        if (depth > 0) depth -= 1;
        break;
      case comma:
        count += 1;
        break;
      case asterisk:
        // An alias takes twice the memory of another element.
        if (" ,[".includes(text.charAt(at - 1))) count += 1;
        break;
      case newline:
        // JSON ends its lines with commas.
        if (text.charCodeAt(at - 1) !== comma) count += 1;
        if (hasMarks(text, lineStart, at)) seemsDeep = true;
        lineStart = at + 1;
        indent = indentAt(text, lineStart);
        if (indent === deepest) return tooDeep(placeAt(lineStart));
        if (countSiblings(siblings, indent) > widest) return tooWide(placeAt(lineStart));
        break;
    }
  }
  if (hasMarks(text, lineStart, at)) seemsDeep = true;
  const deep = seemsDeep ? deepPlace(text) : undefined;
  if (deep !== undefined) return tooDeep(placeAt(deep));
  return count > most ? tooMany(placeAt(at - 1)) : undefined;
}

/** What may be so many marks: nearly always it is a long text. */
function hasMarks(text: string, start: number, end: number): boolean {
  if (end - start < 2 * mostMarks) return false;
  return (text.slice(start, end).match(/[-?:][ \t]/g)?.length ?? 0) >= mostMarks;
}

/** Spaces before a line, no more than matter; undefined: it is empty, or a comment. */
function indentAt(text: string, start: number): number | undefined {
  let at = start;
  while (text.charCodeAt(at) === space) at += 1;
  const isBlank = at === text.length || "\r\n#".includes(text.charAt(at));
  return isBlank ? undefined : Math.min(at - start, deepest);
}

/** How many lines, this one included, are indented so since one that is less. `siblings`: the same by indentation, for the lines before. */
function countSiblings(siblings: number[], indent: number | undefined): number {
  if (indent === undefined) return 0;
  siblings.length = indent + 1;
  const count = (siblings[indent] ?? 0) + 1;
  siblings[indent] = count;
  return count;
}

const [bracket, brace, bracketEnd, braceEnd, asterisk, comma, newline, space] = [91, 123, 93, 125, 42, 44, 10, 32];

/** Where brackets, or marks in a line, that are YAML's are too deep. Those in texts do not count: a script in UserData has many brackets that are never closed. */
function deepPlace(text: string): number | undefined {
  let depth = 0;
  let marks = 0;
  let offset = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    const isMark = token === CST.DOCUMENT || token === CST.FLOW_END || token === CST.SCALAR;
    if (isMark && !isScalar) {
      isScalar = token === CST.SCALAR;
      if (token === CST.FLOW_END) depth = 0;
      continue;
    }
    if (!isScalar && (token === "[" || token === "{")) depth += 1;
    if (!isScalar && (token === "]" || token === "}")) depth -= 1;
    if (token.endsWith("\n")) marks = 0;
    else if (!isScalar && depth === 0 && /^[-?:]$/.test(token)) marks += 1;
    if (depth > deepest || marks >= mostMarks) return offset;
    offset += token.length;
    isScalar = false;
  }
  return undefined;
}

function tooDeep(place: Place): Diagnostic {
  return {
    code: "yaml.depth",
    severity: "error",
    message: "This is nested too deep to be read.",
    remedy: "Flatten the structure; no template needs as many levels.",
    place,
  };
}

function tooMany(place: Place): Diagnostic {
  return tooLarge(`The file has more than ${most.toLocaleString("en")} lines and elements.`, place);
}

function tooWide(place: Place): Diagnostic {
  return tooLarge(`More than ${widest.toLocaleString("en")} lines of the file belong together.`, place);
}

function tooLarge(message: string, place: Place): Diagnostic {
  const remedy = "Split it: into stacks that import from one another, or into nested stacks.";
  return { code: "yaml.size", severity: "error", message, remedy, place };
}
