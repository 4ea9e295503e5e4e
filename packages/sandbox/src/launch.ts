import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { SandboxError } from "./errors.ts";
import { type Environment, launcherFile } from "./folders.ts";
import type { Installation } from "./install.ts";
import { pythonEnvironment } from "./python.ts";

/** What a running launcher says of itself, in its state file and over HTTP. `token` tells it from any other process. */
export interface Identity {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Removed when the sandbox ends in order. */
  readonly logFile: string;
}

export interface LaunchOptions {
  readonly installation: Installation;
  readonly env: Environment;
  /** moto's own switches, such as INITIAL_NO_AUTH_ACTION_COUNT. */
  readonly switches: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** 0: any free one. */
  readonly port: number;
  /** Shared: the folder of its lock and state file. Without it the sandbox is private and ends with this process. */
  readonly stateFolder: string | undefined;
}

const readyWithin = 60_000;

/** Starts the launcher and waits until moto answers. `undefined`: another shared sandbox holds the lock. */
export async function launch(options: LaunchOptions): Promise<Identity | undefined> {
  const log = openSync(options.logFile, "a", 0o600);
  const shared = options.stateFolder !== undefined;
  const lifetime = shared ? ["--state-folder", options.stateFolder] : ["--until-stdin-ends"];
  const files = ["--log-file", options.logFile, ...lifetime];
  const args = ["-s", launcherFile(), "--port", String(options.port), "--token", randomUUID(), ...files];
  const child = spawn(options.installation.python, args, {
    env: { ...pythonEnvironment(options.env), ...options.installation.env, ...options.switches },
    stdio: [shared ? "ignore" : "pipe", "pipe", log],
    // A process group of its own: Ctrl-C in the terminal is for the program that uses the sandbox, which may still need it.
    detached: true,
    windowsHide: true,
  });
  closeSync(log);
  try {
    const announced = await announcement(child, options.logFile);
    if ("busy" in announced) return undefined;
    await ready(announced);
    return announced;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    // Nothing of the child keeps this process alive; a private one's stdin stays open and tells it when we are gone.
    child.stdout?.destroy();
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
  }
}

async function announcement(child: ChildProcess, logFile: string): Promise<Identity | { busy: true }> {
  if (child.stdout === null) throw new Error("the launcher's stdout is a pipe");
  const lines = createInterface({ input: child.stdout });
  const others = new AbortController();
  const { signal } = others;
  try {
    const first = await Promise.race([
      once(lines, "line", { signal }).then(([line]) => JSON.parse(String(line)) as Identity | { busy: true }),
      once(child, "close", { signal }).then(([code]) => `the sandbox ended before it was ready (code ${code})`),
      wait(readyWithin, `the sandbox was not ready within ${readyWithin / 1000} s`, { signal }),
    ]);
    if (typeof first !== "string") return first;
    throw new SandboxError(await withLog(first, logFile), `see ${logFile}; then run the command again`);
  } finally {
    others.abort();
    lines.close();
  }
}

async function withLog(message: string, logFile: string): Promise<string> {
  const log = await readFile(logFile, "utf8");
  const lines = log.trim().split("\n").slice(-12).join("\n");
  return lines === "" ? message : `${message}; the last lines of its log:\n${lines}`;
}

async function ready(identity: Identity): Promise<void> {
  const response = await fetch(`${endpointOf(identity)}/moto-api/`, { signal: AbortSignal.timeout(readyWithin) });
  await response.arrayBuffer();
  if (!response.ok)
    throw new SandboxError(
      `the sandbox answers ${response.status}`,
      "run `reconcile sandbox stop`, then start it again",
    );
}

/** Another launcher with everything that this one has at the moment. It lives as long as the connection. Not on Windows, where no process can be copied. */
export function copyOf(original: Identity): Promise<{ identity: Identity; connection: Duplex }> {
  const headers = { connection: "Upgrade", upgrade: "sandbox", "x-reconcile-token": original.token };
  return new Promise((resolve, reject) => {
    const asked = request(`${endpointOf(original)}/_reconcile/copy`, { headers, agent: false });
    asked.on("error", reject);
    asked.setTimeout(readyWithin, () => {
      const message = `the sandbox did not give a copy of itself within ${readyWithin / 1000} s`;
      asked.destroy(new SandboxError(message, "stop the sandbox and start it again"));
    });
    asked.on("response", ({ statusCode }) => {
      reject(new SandboxError(`the sandbox answers ${statusCode}`, "start another sandbox instead of a copy"));
      asked.destroy();
    });
    asked.on("upgrade", (answer, connection) => {
      const identity = JSON.parse(String(answer.headers["x-reconcile-identity"])) as Identity;
      // It keeps no program from ending, and is read, because its end would not be seen otherwise.
      if (connection instanceof Socket) connection.setTimeout(0).unref();
      connection.resume();
      resolve({ identity, connection });
    });
    asked.end();
  });
}

/** http://127.0.0.1:PORT */
export function endpointOf({ port }: { port: number }): string {
  return `http://127.0.0.1:${port}`;
}

/** Whether the process that answers on the port is that very launcher, and not another program that got its port or its pid. */
export async function answers(identity: Identity): Promise<boolean> {
  try {
    const response = await fetch(`${endpointOf(identity)}/_reconcile/identity`, { signal: AbortSignal.timeout(5_000) });
    const found = (await response.json()) as Partial<Identity>;
    return found.token === identity.token && found.pid === identity.pid;
  } catch {
    return false; // refused, reset, too slow, or not JSON: whatever is there, it is not our launcher
  }
}
