import type { CommanderError } from "commander";
import { UsageError } from "./usage.ts";

/** Of the design, and not there yet. */
const notYetOptions = ["--target", "--wait"];

/** What commander says of a command line, in sentences, with what to do. */
export function misunderstood(argv: readonly string[], error: CommanderError): UsageError {
  const message = error.code === "commander.help" ? "There is a command missing." : sentence(error.message);
  return new UsageError(message, remedyFor(argv, error));
}

/** Commander says `error: unknown option '--x'\n(Did you mean --y?)`. */
function sentence(message: string): string {
  const [first = ""] = message.replace(/^error: /, "").split("\n");
  const text = first.charAt(0).toUpperCase() + first.slice(1);
  return text.endsWith(".") ? text : `${text}.`;
}

function remedyFor(argv: readonly string[], error: CommanderError): string {
  const [, suggestion] = /\(Did you mean (.+)\?\)/.exec(error.message) ?? [];
  if (suggestion !== undefined) return `did you mean ${suggestion}?`;
  const notYet = notYetOptions.find((option) => error.message.includes(`'${option}`));
  if (notYet !== undefined) return `${notYet} is not built yet; leave it out`;
  const [first = ""] = argv;
  const isCommand = /^[a-z]/.test(first) && !first.includes("/") && !first.includes(".");
  return `see reconcile ${isCommand ? `${first} ` : ""}--help`;
}
