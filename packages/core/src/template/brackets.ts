interface Open {
  bracket: string;
  at: number;
  /** Of the line that it stands in. */
  indent: number;
}

/** What follows a backslash begins no text: else a line of nothing but such quotes would be looked through from each of them. */
const tokens = /\n[ \t]*|(?<!\\)"(?:\\.|[^"\\\n])*"|'[^'\n]*'|(?<=\s)#[^\n]*|[[\]{}]/g;

/**
 * Where the bracket starts that has no end, in a text that is wrong from `end` on: the first for which another is closed, or whose end would stand less deep than its start;
 * else the last that is open. The library notices only where the text ends.
 */
export function openBracket(text: string, end: number): number | undefined {
  const open: Open[] = [];
  let indent = 0;
  let lineStart = 0;
  for (const { 0: token, index } of text.slice(0, end).matchAll(tokens)) {
    if (token.startsWith("\n")) {
      indent = token.length - 1;
      lineStart = index + token.length;
    } else if (token === "[" || token === "{") open.push({ bracket: token, at: index, indent });
    else if (token === "]" || token === "}") {
      const last = open.pop();
      const isOwn = last?.bracket === (token === "]" ? "[" : "{");
      if (last && (!isOwn || (index === lineStart && indent < last.indent))) return last.at;
    }
  }
  return open.at(-1)?.at;
}
