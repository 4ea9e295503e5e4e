import { Command, Option } from "commander";
import { endpointOf, type Format, parallelismOf, regionOf, secondsOf, several } from "./options.ts";

/** A command that throws a CommanderError instead of ending the process, and writes its help with `write`. */
export function command(name: string, write: (text: string) => void): Command {
  return (
    new Command(name)
      .exitOverride()
      .configureOutput({ writeOut: write, writeErr: () => {} })
      // What a command takes, its own help says: with it, the list would be wider than a terminal.
      .configureHelp({ optionDescription: describe, subcommandTerm: (each) => each.name() })
      .showHelpAfterError(false)
  );
}

/** Without the defaults of flags and lists, which say nothing. */
function describe({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices && `${argChoices.join(", ")}; default: ${defaultValue}`;
  const plain = typeof defaultValue === "number" ? `default: ${defaultValue}` : undefined;
  const more = choices ?? plain;
  return more === undefined ? description : `${description} (${more})`;
}

/** A command that takes stacks by their paths. */
export function add(
  program: Command,
  name: string,
  description: string,
  options: { isDefault?: boolean } = {},
): Command {
  const added = program.command(name, options).description(description);
  return added.argument("[PATH...]", "stack files, templates, or folders that hold them (default: desired-state/)");
}

/** Of commands that read the desired state. */
export function loadOptions(to: Command, formats?: readonly Format[]): Command {
  stackOption(to).option("--ref <git-ref>", "read the desired state at this commit, instead of from disk");
  return outputOptions(to, formats);
}

/** Of commands that work on stacks, wherever their files are read. */
export function stackOption(to: Command): Command {
  return to.option("--stack <name>", "only this stack (repeatable)", several, []);
}

/** Of commands that take the stacks. */
export function lockOptions(to: Command): Command {
  const leaseTime = new Option("--lease-time <seconds>", "after which a run that shows no sign of life is dead");
  return to
    .option("--lock-timeout <seconds>", "how long to wait for another run (default: 60)", secondsOf)
    .addOption(leaseTime.argParser(secondsOf).hideHelp());
}

/** Of commands that have a result. `formats`: those that it can be written in. */
export function outputOptions(to: Command, formats: readonly Format[] = ["text", "json", "markdown"]): Command {
  const format = new Option("--format <format>", "of the result");
  return fileOptions(to.addOption(format.choices(formats).default("text")));
}

/** Of commands that have a result in one form. */
export function fileOptions(to: Command): Command {
  return commonOptions(to.option("--output <file>", "write the result to a file"));
}

/** Of every command. */
export function commonOptions(to: Command): Command {
  return to.option("--no-color", "no colours").option("--debug", "show internals of unexpected errors", false);
}

/** Of commands that contact AWS. */
export function awsOptions(to: Command): Command {
  return to
    .option("--region <region>", "for stacks that name none", regionOf)
    .option("--profile <name>", "of the AWS configuration files")
    .option("--endpoint-url <url>", "of another AWS, for every service", endpointOf)
    .option("--sandbox", "use an embedded AWS on this machine; the real one is never contacted", false)
    .option("--parallelism <n>", "changes under way at a time", parallelismOf, 10)
    .option("--timeout <seconds>", "how long reading live AWS may take (default: as long as it takes)", secondsOf);
}

/** As commander takes an option. */
export const skipUnsupported = [
  "--skip-unsupported",
  "go on without what is not supported; it is listed, and stays as it lives",
] as const;

/** Of commands that plan. */
export function planOptions(to: Command): Command {
  return to
    .option(
      "--base <ref>",
      "the git revision to compare with (default: what was applied last; for a plan in CI, where the branch left its target)",
    )
    .option("--all", "show unchanged resources too", false)
    .option("--allow-delete <id>", "allow deleting or replacing what holds data: ID, stack/ID, or all", several, [])
    .option(
      "--abandon <id>",
      "let go of what is no longer declared instead of deleting it: ID or stack/ID",
      several,
      [],
    )
    .option("--prune-stacks", "delete what stacks own that have no file any more", false)
    .option("--refresh-inputs", "take newer outside values also where that replaces", false)
    .option(...skipUnsupported)
    .option("--strict", "a plan with refusals exits with 5 instead of 2", false);
}
