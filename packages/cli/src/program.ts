import { Argument, type Command, CommanderError } from "commander";
import {
  add,
  awsOptions,
  command,
  commonOptions,
  fileOptions,
  loadOptions,
  lockOptions,
  outputOptions,
  planOptions,
  skipUnsupported,
  stackOption,
} from "./command-options.ts";
import type { Context } from "./context.ts";
import { asPaths, misunderstood } from "./misunderstood.ts";
import {
  type AddressFlags,
  type ApplyFlags,
  type AwsFlags,
  type CommonFlags,
  type DestroyFlags,
  type DriftFlags,
  dayOf,
  type InitFlags,
  type LoadFlags,
  type OutputFlags,
  type PlanFlags,
  type PolicyFlags,
  portOf,
  regionOf,
  repositoryOf,
  type SandboxFlags,
  type SchemaFlags,
  several,
  type ValidateFlags,
} from "./options.ts";
import { UsageError } from "./usage.ts";
import { version } from "./version.ts";

/** A command that was understood: what to run, with what every command has. */
export interface Invocation {
  flags: LoadFlags;
  run(context: Context): Promise<number>;
}

/** What a command runs, with those flags of it that every command's context has. */
type Chosen = (flags: CommonFlags & Partial<LoadFlags>, run: Invocation["run"]) => void;

/** Of the design, and not there yet: refused by name, so that none is ever taken for a path. */
const notYetCommands = ["import", "graph", "matrix"] as const;

const textOrJson = ["text", "json"] as const;

const moreHelp = `
Without a command the options are those of apply: reconcile apply --help

Exit codes: 0 done or nothing to change · 1 error, nothing changed · 2 a plan
has changes · 3 some changes failed · 4 what is to go is still used · 5 refused
by a guard · 6 live AWS moved since the plan · 7 applied, and a check failed ·
8 another run holds the stack · 64 wrong usage · 130 interrupted before any
change`;

/** What the command line asks for; undefined: it asked for help, which has been given. Throws a UsageError. */
export async function parse(argv: readonly string[], write: (text: string) => void): Promise<Invocation | undefined> {
  let invocation: Invocation | undefined;
  const program = command("reconcile", write)
    .usage("[PATH…] [options]\n       reconcile COMMAND [options]")
    .description("Make live AWS match the YAML in your repository. Without a command: plan, ask, apply, confirm.")
    .version(version, "-V, --version")
    .addHelpText("after", moreHelp)
    .enablePositionalOptions();
  const chosen: Chosen = (flags, run) => {
    invocation = { flags: { stack: [], format: "text", ...flags }, run };
  };

  lockOptions(
    planOptions(
      awsOptions(loadOptions(add(program, "apply", "plan, ask, apply, confirm (the default)", { isDefault: true }))),
    ),
  )
    .option("--plan", "plan only; change nothing", false)
    .option("--yes", "apply without asking", false)
    .option(
      "--plan-file <file>",
      "apply what was saved with --plan --output FILE.json, where live AWS has not moved since",
    )
    .action((paths: string[], flags: ApplyFlags) =>
      chosen(flags, async (context) =>
        (await import("./commands/apply.ts")).apply(await asPaths(program, paths, flags), flags, context),
      ),
    );
  planOptions(awsOptions(loadOptions(add(program, "plan", "say what would be done; read-only")))).action(
    (paths: string[], flags: PlanFlags) =>
      chosen(flags, async (context) => (await import("./commands/plan.ts")).plan(paths, flags, context)),
  );
  loadOptions(add(program, "validate", "check the files, offline"), ["text", "json", "sarif", "github"])
    .option("--cloudformation", "list what would not go back to CloudFormation as it is; no error by itself", false)
    .option(...skipUnsupported)
    .action((paths: string[], flags: ValidateFlags) =>
      chosen(flags, async (context) => (await import("./commands/validate.ts")).validate(paths, flags, context)),
    );
  awsOptions(
    loadOptions(add(program, "outputs", "print the outputs of the stacks, as they are live"), textOrJson),
  ).action((paths: string[], flags: AwsFlags) =>
    chosen(flags, async (context) => (await import("./commands/outputs.ts")).outputs(paths, flags, context)),
  );
  awsOptions(loadOptions(add(program, "verify", "run the checks of the stacks, and report; read-only"))).action(
    (paths: string[], flags: AwsFlags) =>
      chosen(flags, async (context) => (await import("./commands/verify.ts")).verify(paths, flags, context)),
  );
  lockOptions(
    awsOptions(loadOptions(add(program, "destroy", "delete what the stacks own, in reverse order"), textOrJson)),
  )
    .option("--confirm <name>", "destroy the stack of this name without asking (repeatable)", several, [])
    .option("--allow-delete <id>", "allow deleting what holds data: logical ids, or all", several, [])
    .option("--skip-unsupported", "destroy what there is, whatever else the files declare", false)
    .option("--all", "show unchanged resources too", false)
    .action((paths: string[], flags: DestroyFlags) =>
      chosen(flags, async (context) => (await import("./commands/destroy.ts")).destroy(paths, flags, context)),
    );
  awsOptions(loadOptions(add(program, "drift", "compare live AWS with what was last applied; read-only")))
    .option("--all", "show unchanged resources too", false)
    .action((paths: string[], flags: DriftFlags) =>
      chosen(flags, async (context) => (await import("./commands/drift.ts")).drift(paths, flags, context)),
    );
  awsOptions(loadOptions(add(program, "history", "the last runs of the stacks; read-only"))).action(
    (paths: string[], flags: AwsFlags) =>
      chosen(flags, async (context) => (await import("./commands/history.ts")).history(paths, flags, context)),
  );
  const rollback = program.command("rollback").description("plan, ask, apply what an earlier commit declares");
  lockOptions(planOptions(awsOptions(outputOptions(stackOption(rollback), textOrJson))))
    .usage("[REV] [PATH…] [options]")
    .argument("[REV|PATH...]", "the commit (default: the one that was applied before the current one), and PATHs")
    .option("--yes", "apply without asking", false)
    .action((words: string[], flags: ApplyFlags) =>
      chosen(flags, async (context) => (await import("./commands/rollback.ts")).rollback(words, flags, context)),
    );
  loadOptions(add(program, "policy", "print the IAM policies that these stacks need; offline"), textOrJson)
    .option("--plan", "for planning only", false)
    .option("--apply", "for planning and applying (the default)", false)
    .option("--github <owner/repo>", "a template with the roles that workflows of a repository assume", repositoryOf)
    .option("--branch <name>", "whose workflows may apply (default: main)")
    .option("--environment <name>", "the GitHub environment whose workflows may apply, instead of a branch")
    .option("--region <region>", "of stacks that name none", regionOf)
    .action((paths: string[], flags: PolicyFlags) =>
      chosen(flags, async (context) => (await import("./commands/policy.ts")).policy(paths, flags, context)),
    );
  addAddresses(program, chosen);
  addSandbox(program, write, chosen);
  outputOptions(
    program.command("explain").description("what AWS says of a type, property or attribute; what a diagnostic means"),
  )
    .argument(
      "<name>",
      "AWS::EC2::SecurityGroup, AWS::EC2::SecurityGroup.SecurityGroupIngress.CidrIp, or ref.undefined",
    )
    .action((name: string, flags: OutputFlags) =>
      chosen(flags, async (context) => (await import("./commands/explain.ts")).explain(name, flags, context)),
    );
  addInit(program, chosen);
  fileOptions(
    program.command("schema").description("write JSON Schemas for editors; schema settings: what to tell them"),
  )
    .usage("[stack | project | template | settings] [PATH…] [options]")
    .argument("[KIND|PATH...]", "for which file (default: any of them); where the types in use are found")
    .option("--type <type>", "describe this resource type too (repeatable)", several, [])
    .action((words: string[], flags: SchemaFlags) =>
      chosen(flags, async (context) => (await import("./commands/schema.ts")).schema(words, flags, context)),
    );
  for (const name of notYetCommands) {
    program.addCommand(
      command(name, write)
        .argument("[args...]")
        .allowUnknownOption()
        .action(() => {
          throw new UsageError(`"${name}" is not built yet.`, `to use a folder of that name, write ./${name}`);
        }),
      { hidden: true },
    );
  }

  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw misunderstood(program, argv, error);
  }
  return invocation;
}

function addAddresses(program: Command, chosen: Chosen): void {
  const address = "an address or a network (default: with which this machine is seen), and PATHs";
  const load = () => import("./commands/addresses.ts");
  const options = (to: Command): Command =>
    fileOptions(stackOption(to))
      .option("--group <id>", "the logical id of the security group (default: the only one)")
      .option("--port <port>", "TCP port (allow-ip: 22)", portOf)
      .option("--label <label>", "whose address it is (allow-ip: me)");
  options(program.command("allow-ip").description("write a rule for an address into a template"))
    .usage("[ADDRESS] [PATH…] [options]")
    .argument("[ADDRESS|PATH...]", address)
    .option("--expires <day>", "the last day on which it holds: 2030-01-31, or 7d", dayOf)
    .action((words: string[], flags: AddressFlags) =>
      chosen(flags, async (context) => (await load()).allowIp(words, flags, context)),
    );
  options(program.command("revoke-ip").description("take the rules of an address, or of a label, out of a template"))
    .usage("[ADDRESS] [PATH…] [options]")
    .argument("[ADDRESS|PATH...]", address)
    .action((words: string[], flags: AddressFlags) =>
      chosen(flags, async (context) => (await load()).revokeIp(words, flags, context)),
    );
  loadOptions(add(program, "list-ips", "the addresses that templates let in; offline"), textOrJson).action(
    (paths: string[], flags: LoadFlags) =>
      chosen(flags, async (context) => (await load()).listIps(paths, flags, context)),
  );
}

function addInit(program: Command, chosen: Chosen): void {
  commonOptions(
    program
      .command("init")
      .description("write the first files of a desired state, and workflows that plan and apply it")
      .addArgument(new Argument("[DIR]", "where desired-state/ is to be").default(".", "here"))
      .option("--project <name>", "the owner of everything (default: the repository's name)")
      .option("--stack <name>", "the first stack (default: app)")
      .option("--example <name>", "what it has: parameter, or images (default: parameter)")
      .option("--region <region>", "for every stack")
      .option("--account <id>", "the only account that is allowed")
      .option("--no-workflows", "no workflows for GitHub Actions")
      .option("--yes", "ask nothing", false),
  ).action((folder: string, flags: InitFlags) => {
    const { color, debug } = flags;
    chosen({ color, debug }, async (context) => (await import("./commands/init.ts")).init(folder, flags, context));
  });
}

function addSandbox(program: Command, write: (text: string) => void, chosen: Chosen): void {
  const sandbox = program
    .command("sandbox")
    .description("an embedded AWS on this machine: start, stop, status, reset, run");
  const load = () => import("./commands/sandbox.ts");
  outputOptions(sandbox.command("start").description("start it in the background"), textOrJson)
    .option("--port <port>", "default: a free one", portOf)
    .action((flags: SandboxFlags) => chosen(flags, async (context) => (await load()).start(flags, context)));
  outputOptions(sandbox.command("status").description("does it run, and where? (exit code 0 or 1)"), textOrJson).action(
    (flags: OutputFlags) => chosen(flags, async (context) => (await load()).status(context)),
  );
  commonOptions(sandbox.command("stop").description("stop it")).action((flags: CommonFlags) =>
    chosen(flags, async (context) => (await load()).stop(context)),
  );
  commonOptions(sandbox.command("reset").description("empty it")).action((flags: CommonFlags) =>
    chosen(flags, async (context) => (await load()).reset(context)),
  );
  commonOptions(sandbox.command("run").description("run a command with a sandbox of its own: run -- COMMAND"))
    .argument("<command...>")
    .passThroughOptions()
    .action((words: string[], flags: CommonFlags) =>
      chosen(flags, async (context) => (await load()).run(words, context)),
    );
  sandbox.exitOverride().configureOutput({ writeOut: write, writeErr: () => {} });
}
