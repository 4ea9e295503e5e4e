import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { SandboxOptions, SandboxStatus } from "@reconcile/sandbox";
import { sandboxed } from "../aws.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import type { SandboxFlags } from "../options.ts";
import { openResult } from "../output.ts";
import { UsageError } from "../usage.ts";

const load = () => import("@reconcile/sandbox");

function optionsFor({ terminal }: Context): SandboxOptions {
  return { onProgress: (message) => terminal.err(message) };
}

/** `reconcile sandbox start`: starts the background sandbox, or finds the one that runs. */
export async function start({ port }: Pick<SandboxFlags, "port">, context: Context): Promise<ExitCode> {
  const { startSandbox } = await load();
  await show(
    await startSandbox({ ...optionsFor(context), ...(port !== undefined && { port }), shared: true }),
    context,
  );
  return exitCodes.done;
}

/** `reconcile sandbox status`: 0 when it runs, else 1. */
export async function status(context: Context): Promise<ExitCode> {
  const { sandboxStatus } = await load();
  const running = await sandboxStatus(optionsFor(context));
  await show(running, context);
  return running ? exitCodes.done : exitCodes.error;
}

async function show(running: SandboxStatus | undefined, { terminal, flags }: Context): Promise<void> {
  const { sandboxEnvironment } = await load();
  const result = await openResult(flags.output, terminal);
  if (flags.format === "json") result.json(documentOf(running), { indent: 2 });
  else result.text(() => (running ? textOf(running, sandboxEnvironment(running.endpoint)) : noneRuns));
  await result.finish();
}

const noneRuns = "no sandbox is running; `reconcile sandbox start` starts one";

function documentOf(running: SandboxStatus | undefined) {
  if (!running) return null;
  const { endpoint, pid, port, startedAt, logFile } = running;
  return { endpoint, pid, port, startedAt, logFile };
}

function textOf(
  { endpoint, pid, startedAt, logFile }: SandboxStatus,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const set = Object.entries(variables).filter(([, value]) => value !== undefined);
  return [
    `sandbox   ${endpoint}   process ${pid}   since ${startedAt}   log ${logFile}`,
    "",
    "Reconcile uses it with --sandbox. For the AWS CLI and any AWS SDK:",
    ...set.map(([name, value]) => `  export ${name}=${value}`),
  ].join("\n");
}

/** `reconcile sandbox stop`. */
export async function stop(context: Context): Promise<ExitCode> {
  const { stopSandbox } = await load();
  const stopped = await stopSandbox(optionsFor(context));
  context.terminal.out(stopped ? "the sandbox is stopped, and what was in it is gone" : "no sandbox was running");
  return exitCodes.done;
}

/** `reconcile sandbox reset`: empties it. */
export async function reset(context: Context): Promise<ExitCode> {
  const { resetSandbox } = await load();
  const done = await resetSandbox(optionsFor(context));
  context.terminal.out(
    done ? "the sandbox is empty" : "no sandbox is running; `reconcile sandbox start` starts an empty one",
  );
  return exitCodes.done;
}

/** `reconcile sandbox run -- COMMAND`: runs it with a sandbox of its own that ends with it. Gives the command's exit code. */
export async function run(command: readonly string[], context: Context): Promise<number> {
  const [file, ...args] = command;
  if (file === undefined) throw new UsageError("There is no command to run.", "reconcile sandbox run -- COMMAND");
  const { sandboxEnvironment, startSandbox } = await load();
  const sandbox = await startSandbox(optionsFor(context));
  try {
    return await runChild(file, args, sandboxed(process.env, sandboxEnvironment(sandbox.endpoint)));
  } finally {
    await sandbox.stop();
  }
}

/** What the system says of a command that it does not run: why, and what to do. */
const refusals: Readonly<Record<string, readonly [why: string, remedy: string]>> = {
  ENOENT: ["there is no such command", "correct its name, or write its path"],
  EACCES: ["permission denied", "make it executable, or name the program that runs it first"],
};

function runChild(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, args, { env, stdio: "inherit" });
  // Ctrl-C reaches the child by itself; it decides what that means, and this process stays until it has ended.
  const ignore = (): void => {};
  const terminate = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", ignore);
  process.on("SIGTERM", terminate);
  return new Promise<number>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const [why, remedy] = refusals[error.code ?? ""] ?? [];
      if (why === undefined || remedy === undefined) reject(error);
      else reject(new UsageError(`"${file}" cannot be run: ${why}.`, remedy));
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    process.off("SIGINT", ignore);
    process.off("SIGTERM", terminate);
  });
}
