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
    if (error instanceof UsageError) return refuse(error, context);
    const { reportFailure } = await import("./problems.ts");
    return reportFailure(error, context).catch((second: unknown) => {
      // What was wrong could not be written where it was to be.
      if (second instanceof UsageError) return refuse(second, context);
      throw second;
    });
  }
}

function refuse({ message, remedy }: UsageError, { terminal }: Context): number {
  terminal.err(`reconcile: ${message}\n  Fix: ${remedy}`);
  return progressOfRun.mutated ? exitCodes.incomplete : exitCodes.usage;
}
