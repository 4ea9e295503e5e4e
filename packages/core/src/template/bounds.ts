import type { Diagnostic, Place } from "../diagnostic.ts";

/** Lines, elements and brackets: twice those of a template with 5,000 resources. What has more would take seconds and hundreds of megabytes to read. */
const most = 150_000;
/** Brackets that are open at once, those in texts included; and marks of lists and keys in one line. Far more than any template has, and what the YAML library bears. */
const deepest = 1000;

/** What keeps a text from being read at all: found in one pass that knows nothing of YAML, and counts too much rather than too little. */
export function boundsProblem(text: string, placeAt: (offset: number) => Place): Diagnostic | undefined {
  let count = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case bracket:
      case brace:
        depth += 1;
        count += 1;
        if (depth > deepest) return tooDeep(placeAt(at));
        break;
      case bracketEnd:
      case braceEnd:
        if (depth > 0) depth -= 1;
        break;
      case comma:
      case newline:
        count += 1;
        break;
    }
    if (count > most) return tooMany(placeAt(at));
  }
  const marks = /^[ \t]*(?:[-?:][ \t]+){200}/m.exec(text);
  return marks ? tooDeep(placeAt(marks.index)) : undefined;
}

const [bracket, brace, bracketEnd, braceEnd, comma, newline] = [91, 123, 93, 125, 44, 10];

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
  return {
    code: "yaml.size",
    severity: "error",
    message: `The file has more than ${most.toLocaleString("en")} lines and elements.`,
    remedy: "Split it: into stacks that import from one another, or into nested stacks.",
    place,
  };
}
