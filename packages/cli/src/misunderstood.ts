import { existsSync } from "node:fs";
import type { Command, CommanderError } from "commander";
import type { LoadFlags } from "./options.ts";
import { UsageError } from "./usage.ts";

/** Of the design, and not there yet. */
const notYetOptions = ["--target", "--wait"];

/** What commander says of a command line, in sentences, with what to do. */
export function misunderstood(program: Command, argv: readonly string[], error: CommanderError): UsageError {
  const message = error.code === "commander.help" ? "There is a command missing." : sentence(error.message);
  return new UsageError(message, remedyFor(program, argv, error));
}

/** Commander says `error: unknown option '--x'\n(Did you mean --y?)`. */
function sentence(message: string): string {
  const [first = ""] = message.replace(/^error: /, "").split("\n");
  const text = first.charAt(0).toUpperCase() + first.slice(1);
  return text.endsWith(".") ? text : `${text}.`;
}

function remedyFor(program: Command, argv: readonly string[], error: CommanderError): string {
  const [, suggestion] = /\(Did you mean (.+)\?\)/.exec(error.message) ?? [];
  if (suggestion !== undefined) return `did you mean ${suggestion}?`;
  const notYet = notYetOptions.find((option) => error.message.includes(`'${option}`));
  if (notYet !== undefined) return `${notYet} is not built yet; leave it out`;
  return `see ${["reconcile", ...commandsIn(program, argv)].join(" ")} --help`;
}

/** The command that was meant, with the one that it is a part of. */
function commandsIn({ commands }: Command, [first, ...others]: readonly string[]): string[] {
  const found = commands.find((each) => each.name() === first);
  return found ? [found.name(), ...commandsIn(found, others)] : [];
}

/** The paths of a line without a command. Rejects with a UsageError where one of them is none: `reconcile --debug plan`, where options came first, or a command that is misspelt. */
export async function asPaths(program: Command, paths: string[], { ref }: Pick<LoadFlags, "ref">): Promise<string[]> {
  const names = program.commands.map((each) => each.name());
  const found = paths.find((each) => names.includes(each));
  if (found !== undefined) {
    throw new UsageError(
      `"${found}" is a command and has to come first.`,
      `reconcile ${found} …; for a path, write ./${found}`,
    );
  }
  // A commit may have a folder that is not there now.
  const word = ref === undefined ? paths.find((each) => /^[a-z-]+$/.test(each) && !existsSync(each)) : undefined;
  if (word === undefined) return paths;
  const { nearest } = await import("@reconcile/core");
  const command = nearest(word, names);
  if (command === undefined) return paths;
  throw new UsageError(`There is no command and no file "${word}".`, `did you mean reconcile ${command}?`);
}
