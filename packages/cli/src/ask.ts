import { createInterface } from "node:readline/promises";

/** What a person answers on the terminal, trimmed; undefined: Ctrl-C or the end of the input. */
export async function ask(question: string): Promise<string | undefined> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  // In a line editor Ctrl-C is a key like any other, and the end of the input no answer at all.
  prompt.on("SIGINT", () => gone.abort());
  prompt.on("close", () => gone.abort());
  try {
    return (await prompt.question(question, { signal: gone.signal })).trim();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    process.stderr.write("\n");
    return undefined;
  } finally {
    prompt.close();
  }
}

/** Is it agreed to? */
export function isYes(answer: string | undefined): boolean {
  return answer !== undefined && /^y(es)?$/i.test(answer);
}
