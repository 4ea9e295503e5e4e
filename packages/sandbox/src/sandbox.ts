import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SandboxError } from "./errors.ts";
import { defaultCacheFolder, type Environment, makeFolder } from "./folders.ts";
import { hasCode, ifMissing, installMoto } from "./install.ts";
import { answers, copyOf, endpointOf, type Identity, launch } from "./launch.ts";

/** Where sandboxes live on this machine. */
export interface SandboxOptions {
  /** Where moto is installed and the shared sandbox keeps its state; the user's cache folder if not given. */
  readonly cacheFolder?: string;
  /** The environment of the run; process.env if not given. PATH decides which Python is found. */
  readonly env?: Environment;
  /** Told, in a line for a person, about whatever takes longer than a moment. */
  readonly onProgress?: (message: string) => void;
}

/** Which sandbox is started. */
export interface StartOptions extends SandboxOptions {
  /** A free one if not given. */
  readonly port?: number;
  /** The one background sandbox of this user, which outlives this process: started, or the one that runs. Otherwise a private one. */
  readonly shared?: boolean;
  /** Switches of moto itself, as environment variables, e.g. `{ INITIAL_NO_AUTH_ACTION_COUNT: "0" }`. */
  readonly switches?: Readonly<Record<string, string>>;
}

/** A sandbox that runs. */
export interface SandboxStatus {
  /** http://127.0.0.1:PORT */
  readonly endpoint: string;
  readonly pid: number;
  readonly port: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly logFile: string;
}

/** A sandbox that this process may use; `stop` ends it. */
export interface Sandbox extends SandboxStatus {
  /** Empties it: every account, every region. What AWS itself provides (images, managed policies, prefix lists) is there again. */
  reset(): Promise<void>;
  /**
   * From the `afterCalls`-th API call on, every request needs a signature by a known access key, and IAM's policies are enforced; Infinity ends
   * that. Make the users and keys in the calls before.
   */
  enforceIam(afterCalls: number): Promise<void>;
  /**
   * A private sandbox with everything that is in this one at the moment, in a few milliseconds: what is done in one does not show in the other.
   * Rejects with a SandboxError on Windows.
   */
  copy(): Promise<Sandbox>;
  /** As RECONCILE_SANDBOX_TEMPLATE in another program's environment: its private sandboxes are copies of this one. */
  readonly template: string;
  /** Ends it; when this resolves, the port is free. */
  stop(): Promise<void>;
}

/**
 * Starts an AWS of one's own on 127.0.0.1 and waits until it answers. Installs it first if this user never had one, which takes about half a minute.
 * A private sandbox ends with this process, however that ends; the shared one stays until `stopSandbox`.
 * Throws SandboxError where that cannot be done.
 */
export async function startSandbox(options: StartOptions = {}): Promise<Sandbox> {
  const { cacheFolder, env, onProgress } = complete(options);
  const { shared = false, port = 0, switches = {} } = options;
  const template = parseIdentity(env.RECONCILE_SANDBOX_TEMPLATE);
  const asItIs = !shared && port === 0 && options.switches === undefined && options.cacheFolder === undefined;
  if (template !== undefined && asItIs) return copy(template);
  const deadline = Date.now() + 60_000;
  const stateFolder = shared ? sharedFolder(cacheFolder) : undefined;
  while (true) {
    const running = shared ? await readShared(cacheFolder) : undefined;
    if (running !== undefined && port !== 0 && running.port !== port) {
      throw new SandboxError(`the sandbox is already running, on port ${running.port}`, "reconcile sandbox stop");
    }
    if (running !== undefined) return handle(running);
    const installation = await installMoto({ cacheFolder, env, onProgress });
    if (stateFolder !== undefined) await makeFolder(stateFolder);
    onProgress("starting the sandbox…");
    const logFile = await newLogFile(cacheFolder);
    const started = await launch({ installation, env, switches, logFile, port, stateFolder });
    if (started !== undefined) return handle(started);
    // Another process has just started the shared one: it is about to say so in its state file.
    if (Date.now() > deadline) {
      throw new SandboxError(
        "another sandbox has started but does not answer",
        `end the process that holds ${join(sharedFolder(cacheFolder), "lock")}`,
      );
    }
    await wait(100);
  }
}

/** Installs what the sandbox needs, so that a later start takes a second. Does nothing if that has been done. */
export async function installSandbox(options: SandboxOptions = {}): Promise<void> {
  await installMoto(complete(options));
}

/** The shared sandbox, if it runs. */
export async function sandboxStatus(options: SandboxOptions = {}): Promise<SandboxStatus | undefined> {
  const running = await readShared(complete(options).cacheFolder);
  return running === undefined ? undefined : statusOf(running);
}

/** Stops the shared sandbox. False: none was running. */
export async function stopSandbox(options: SandboxOptions = {}): Promise<boolean> {
  const running = await readShared(complete(options).cacheFolder);
  if (running !== undefined) await stop(running);
  return running !== undefined;
}

/** Empties the shared sandbox. False: none is running. */
export async function resetSandbox(options: SandboxOptions = {}): Promise<boolean> {
  const running = await readShared(complete(options).cacheFolder);
  if (running !== undefined) await handle(running).reset();
  return running !== undefined;
}

function complete(options: SandboxOptions): Required<SandboxOptions> {
  const { env = process.env, onProgress = () => {} } = options;
  return { env, onProgress, cacheFolder: options.cacheFolder ?? defaultCacheFolder(env) };
}

function sharedFolder(cacheFolder: string): string {
  return join(cacheFolder, "shared");
}

/** The shared sandbox that runs. A state file whose launcher is gone (the machine went down, say) is removed. */
async function readShared(cacheFolder: string): Promise<Identity | undefined> {
  const file = join(sharedFolder(cacheFolder), "state.json");
  const text = await readFile(file, "utf8").catch(ifMissing(undefined));
  if (text === undefined) return undefined;
  const identity = parseIdentity(text);
  if (identity !== undefined && (await answers(identity))) return identity;
  // Only if it is still the same: meanwhile another process may have started a new one.
  const now = await readFile(file, "utf8").catch(ifMissing(undefined));
  if (now === text) await rm(file, { force: true });
  return undefined;
}

function parseIdentity(text = ""): Identity | undefined {
  try {
    const value = JSON.parse(text) as Partial<Identity> | null;
    return typeof value?.port === "number" && typeof value.token === "string" ? (value as Identity) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const keepLogsFor = 7 * 24 * 60 * 60 * 1000;

async function newLogFile(cacheFolder: string): Promise<string> {
  const folder = join(cacheFolder, "logs");
  await makeFolder(folder);
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const state = await stat(file).catch(ifMissing(undefined));
    if (state !== undefined && Date.now() - state.mtimeMs > keepLogsFor) await rm(file, { force: true });
  }
  return join(folder, `${randomUUID()}.log`);
}

function statusOf(identity: Identity): SandboxStatus {
  const { pid, port, startedAt, logFile } = identity;
  return { endpoint: endpointOf(identity), pid, port, startedAt, logFile };
}

function handle(identity: Identity): Sandbox {
  const status = statusOf(identity);
  return {
    ...status,
    reset: () => post(`${status.endpoint}/moto-api/reset`, ""),
    enforceIam: (afterCalls) => post(`${status.endpoint}/moto-api/reset-auth`, String(afterCalls)),
    copy: () => copy(identity),
    template: JSON.stringify(identity),
    stop: () => stop(identity),
  };
}

async function copy(original: Identity): Promise<Sandbox> {
  const { identity, connection } = await copyOf(original);
  async function stop() {
    if (connection.closed) return;
    connection.end();
    await once(connection, "close");
  }
  return { ...handle(identity), stop };
}

async function post(url: string, body: string): Promise<void> {
  // A content type of a form would make moto take the body apart instead of reading it.
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": "text/plain" } });
  const text = await response.text();
  if (!response.ok)
    throw new SandboxError(
      `the sandbox answers ${response.status} to ${url}: ${text.slice(0, 200)}`,
      "stop the sandbox and start it again",
    );
}

async function stop(identity: Identity): Promise<void> {
  const started = Date.now();
  while (await answers(identity)) {
    try {
      process.kill(identity.pid, Date.now() - started > 5_000 ? "SIGKILL" : "SIGTERM");
    } catch (error) {
      if (!hasCode(error, "ESRCH")) throw error;
    }
    await wait(30);
  }
}
