import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

export const bundle = fileURLToPath(new URL("../../dist/reconcile.js", import.meta.url));

export interface Ran {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** What the process reads; by default nothing. */
  input?: string;
  /** In a process of its own: for what a process does as a whole, and for its children, which write where it does. */
  alone?: boolean;
}

/** Runs the bundled command line with no more of this environment than it needs, in a process that has run it before where there is one: to load it takes longer than most runs. */
export function reconcile(args: readonly string[], options: RunOptions): Promise<Ran> {
  return options.alone ? start(args, options).ended : inHost(args, options);
}

const idle: ChildProcess[] = [];
let runs = 0;

async function inHost(args: readonly string[], { cwd, env, input }: RunOptions): Promise<Ran> {
  const host = idle.pop() ?? startHost();
  const variables = Object.entries({ ...plainEnvironment(), ...env }).filter(([, value]) => value !== undefined);
  const answered = Promise.race([once(host, "message"), once(host, "exit").then(([code]) => refuse(code))]);
  host.send({ number: ++runs, args, cwd, env: Object.fromEntries(variables), input });
  const [{ exitCode, stdout, stderr }] = (await answered) as [Ran];
  idle.push(host);
  // As a program's output is given: without its last line's end.
  return { exitCode, stdout: stdout.replace(/\r?\n$/, ""), stderr: stderr.replace(/\r?\n$/, "") };
}

function refuse(code: unknown): never {
  throw new Error(`the command line has ended its process, with ${code}: run it alone`);
}

function startHost(): ChildProcess {
  const host = fork(fileURLToPath(new URL("./host.mjs", import.meta.url)), [bundle], { execArgv: [] });
  host.setMaxListeners(0);
  host.unref();
  host.channel?.unref();
  return host;
}

/** A process of its own, for who has to do something meanwhile. */
export function start(args: readonly string[], { cwd, env = {}, input }: RunOptions) {
  const stdin = input === undefined ? ({ stdin: "ignore" } as const) : { input };
  const options = { cwd, env: { ...plainEnvironment(), ...env }, extendEnv: false, reject: false } as const;
  const child = execa(process.execPath, [bundle, ...args], { ...options, ...stdin });
  let output = "";
  const seen = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      child.stdout?.on("data", (data) => {
        output += String(data);
        if (pattern.test(output)) resolve();
      });
      child.on("close", () => reject(new Error(`it ended without ${pattern}: ${output}`)));
    });
  const ended = child.then(
    ({ exitCode, stdout, stderr }): Ran => ({ exitCode, stdout: String(stdout), stderr: String(stderr) }),
  );
  return { child, seen, ended };
}

/** No credentials, no configuration files, no colours of whoever runs the tests. */
function plainEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, XDG_CACHE_HOME, TMPDIR, SystemRoot } = process.env;
  const configuration = {
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return { PATH, HOME, XDG_CACHE_HOME, TMPDIR, SystemRoot, ...configuration };
}

let base: string | undefined;

/** Gone when this process is: tests that run side by side have no other end in common. */
function baseFolder(): string {
  if (base === undefined) {
    const made = realpathSync(mkdtempSync(join(tmpdir(), "reconcile-test-")));
    process.on("exit", () => rmSync(made, { recursive: true, force: true }));
    base = made;
  }
  return base;
}

/** A new folder with these files; with `git`, a repository in which they are committed. */
export function makeFolder(files: Readonly<Record<string, string | Uint8Array>>, { git = true } = {}): string {
  const folder = mkdtempSync(join(baseFolder(), "r-"));
  writeFiles(folder, files);
  if (git) {
    runGit(folder, "init", "--quiet");
    commit(folder);
  }
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

export function commit(folder: string): string {
  runGit(folder, "add", ".");
  runGit(
    folder,
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@example.com",
    "-c",
    "commit.gpgsign=false",
    "commit",
    "--quiet",
    "--allow-empty",
    "-m",
    "x",
  );
  return runGit(folder, "rev-parse", "HEAD");
}

function runGit(folder: string, ...args: string[]): string {
  return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}
