import type { Context } from "./context.ts";
import { exitCodes } from "./exit.ts";
import type { LoadFlags } from "./options.ts";
import { parse } from "./program.ts";
import { progressOfRun } from "./progress.ts";
import { openTerminal } from "./terminal.ts";
import { UsageError } from "./usage.ts";

/** Runs one command line. Gives the exit code; never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr, env: environment } = process;
  progressOfRun.mutated = false;
  // Known before the command line is: what is wrong with that has to be said as well.
  const flags: LoadFlags = {
    stack: [],
    format: "text",
    color: !argv.includes("--no-color"),
    debug: argv.includes("--debug"),
  };
  const terminal = openTerminal({ environment, stdin, stdout, stderr, color: flags.color });
  const context: Context = { terminal, flags, sources: () => undefined, diagnostics: [] };
  try {
    const invocation = await parse(argv, (text) => terminal.out(text.trimEnd()));
    if (!invocation) return exitCodes.done;
    context.flags = invocation.flags;
    return await invocation.run(context);
  } catch (error) {
    if (!(error instanceof UsageError)) return (await import("./problems.ts")).reportFailure(error, context);
    terminal.err(`reconcile: ${error.message}${error.remedy === undefined ? "" : `\n  Fix: ${error.remedy}`}`);
    return exitCodes.usage;
  }
}
