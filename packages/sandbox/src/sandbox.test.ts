import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, symlinkSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { sandboxEnvironment } from "./environment.ts";
import { SandboxError } from "./errors.ts";
import { defaultCacheFolder } from "./folders.ts";
import { installSandbox, resetSandbox, type Sandbox, sandboxStatus, startSandbox, stopSandbox } from "./sandbox.ts";
import { clientOptions } from "./testing.ts";

// A cache folder of this file's own, so that no sandbox of the user is touched; moto itself is the user's.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let folder: string;
let cacheFolder: string;
const running: Sandbox[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  await installSandbox();
  folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  cacheFolder = join(folder, "cache");
  await mkdir(cacheFolder);
  const installed = defaultCacheFolder(process.env);
  for (const name of await readdir(installed)) {
    if (name.startsWith("moto-")) symlinkSync(join(installed, name), join(cacheFolder, name));
  }
  await bundleStarter();
}, 300_000);

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const sandbox of running.splice(0)) await sandbox.stop();
  await stopSandbox({ cacheFolder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(options = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ cacheFolder, ...options });
  running.push(sandbox);
  return sandbox;
}

const options = (sandbox: { endpoint: string }) => clientOptions(async () => new URL(sandbox.endpoint));

async function isOpen(port: number, host = "127.0.0.1"): Promise<boolean> {
  const socket = connect({ port, host });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A program that starts a sandbox, bundled as the command line is, with moto's folder beside it. */
async function bundleStarter(): Promise<void> {
  const sources = fileURLToPath(new URL(".", import.meta.url));
  const program = `
    import { startSandbox } from ${JSON.stringify(join(sources, "index.ts"))};
    const shared = process.argv[2] === "shared";
    const sandbox = await startSandbox({ cacheFolder: ${JSON.stringify(cacheFolder)}, shared });
    console.log(JSON.stringify(sandbox));
    if (process.argv[2] === "waits") setInterval(() => {}, 1000);`;
  await build({
    stdin: { contents: program, resolveDir: sources, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: join(folder, "starter.mjs"),
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  cpSync(join(sources, "..", "moto"), join(folder, "moto"), { recursive: true });
}

/** Starts a sandbox in another process. */
async function startElsewhere(how: "shared" | "waits" | "ends"): Promise<{ sandbox: Sandbox; starter: ChildProcess }> {
  const starter = spawn(process.execPath, [join(folder, "starter.mjs"), how], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(starter);
  const [line] = await once(createInterface({ input: starter.stdout }), "line");
  return { sandbox: JSON.parse(String(line)) as Sandbox, starter };
}

describe("a private sandbox", () => {
  it("answers AWS's clients, and is empty after a reset", async () => {
    const sandbox = await start();
    const ecr = new ECRClient(options(sandbox));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
    expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toHaveLength(1);
    await sandbox.reset();
    expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });

  it("shares nothing with another", async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await new ECRClient(options(one)).send(new CreateRepositoryCommand({ repositoryName: "app" }));
    expect((await new ECRClient(options(other)).send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
    expect(await sandboxStatus({ cacheFolder })).toBeUndefined();
  });

  it("listens to this machine only", async () => {
    const { port } = await start();
    const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const hosts = [
      "::1",
      ...others.filter((address) => !address.internal && address.family === "IPv4").map((address) => address.address),
    ];
    expect(await isOpen(port)).toBe(true);
    for (const host of hosts) expect(await isOpen(port, host)).toBe(false);
  });

  it("leaves neither port nor log when it is stopped, and may be stopped twice", async () => {
    const sandbox = await start();
    expect(existsSync(sandbox.logFile)).toBe(true);
    await sandbox.stop();
    expect(await isOpen(sandbox.port)).toBe(false);
    expect(existsSync(sandbox.logFile)).toBe(false);
    await sandbox.stop();
  });

  it("says in its log's words why it did not start", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const failure = await start({ port }).catch((error: unknown) => error);
    server.close();
    expect(failure).toBeInstanceOf(SandboxError);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/in use/i),
      remedy: expect.stringContaining(cacheFolder),
    });
  });

  it.each(["SIGKILL", "SIGTERM"] as const)("ends with a parent that is killed by %s", async (signal) => {
    const { sandbox, starter } = await startElsewhere("waits");
    expect(await isOpen(sandbox.port)).toBe(true);
    starter.kill(signal);
    await vi.waitUntil(async () => !(await isOpen(sandbox.port)), { timeout: 10_000, interval: 20 });
  });

  it("does not keep its parent from ending, and ends with it", async () => {
    const { sandbox, starter } = await startElsewhere("ends");
    if (starter.exitCode === null) await once(starter, "exit");
    await vi.waitUntil(async () => !(await isOpen(sandbox.port)), { timeout: 10_000, interval: 20 });
  });

  it("takes switches of moto's own", async () => {
    const sandbox = await start({ switches: { INITIAL_NO_AUTH_ACTION_COUNT: "0" } });
    const describe = new ECRClient(options(sandbox)).send(new DescribeRepositoriesCommand({}));
    await expect(describe).rejects.toMatchObject({ name: "UnrecognizedClientException" });
  });
});

it("answers 501 with a page to what it does not implement", async () => {
  const { endpoint } = await start();
  const authorization =
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/ec2/aws4_request, SignedHeaders=x, Signature=y";
  const body = new URLSearchParams({ Action: "DescribeTrunkInterfaceAssociations", Version: "2016-11-15" });
  const response = await fetch(endpoint, { method: "POST", headers: { authorization }, body });
  expect(response.status).toBe(501);
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(await response.text()).toContain("does not implement");
});

it("serves many requests on one connection", async () => {
  const sandbox = await start();
  const socket = connect({ port: sandbox.port, host: "127.0.0.1" });
  let answers = "";
  socket.on("data", (data) => {
    answers += data.toString();
  });
  const answered = () => answers.match(/HTTP\/1\.1 200 OK/g)?.length ?? 0;
  for (let sent = 1; sent <= 3; sent++) {
    socket.write("GET /moto-api/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await vi.waitUntil(() => answered() === sent, { interval: 10, timeout: 5000 });
  }
  expect(socket.closed).toBe(false);
  socket.destroy();
});

describe("the shared sandbox", () => {
  it("is one, whoever starts it", async () => {
    const [one, other] = await Promise.all([startSandbox({ cacheFolder, shared: true }), startElsewhere("shared")]);
    expect(other.sandbox.pid).toBe(one.pid);
    expect((await startSandbox({ cacheFolder, shared: true })).pid).toBe(one.pid);
  });

  it("outlives its starter, and is stopped", async () => {
    const { sandbox, starter } = await startElsewhere("shared");
    if (starter.exitCode === null) await once(starter, "exit");
    expect(await sandboxStatus({ cacheFolder })).toMatchObject({
      endpoint: sandbox.endpoint,
      pid: sandbox.pid,
      startedAt: expect.stringMatching(/Z$/),
    });
    expect(await stopSandbox({ cacheFolder })).toBe(true);
    expect(await isOpen(sandbox.port)).toBe(false);
    expect(await sandboxStatus({ cacheFolder })).toBeUndefined();
    expect(await stopSandbox({ cacheFolder })).toBe(false);
  });

  it("is reset", async () => {
    expect(await resetSandbox({ cacheFolder })).toBe(false);
    const ecr = new ECRClient(options(await startSandbox({ cacheFolder, shared: true })));
    await ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
    expect(await resetSandbox({ cacheFolder })).toBe(true);
    expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });

  it("is not asked for on a second port", async () => {
    const { port } = await startSandbox({ cacheFolder, shared: true });
    expect((await startSandbox({ cacheFolder, shared: true, port })).port).toBe(port);
    await expect(startSandbox({ cacheFolder, shared: true, port: port + 1 })).rejects.toMatchObject({
      message: expect.stringContaining(String(port)),
      remedy: "reconcile sandbox stop",
    });
  });

  it("starts anew where the last one was killed", async () => {
    const killed = await startSandbox({ cacheFolder, shared: true });
    process.kill(killed.pid, "SIGKILL");
    await vi.waitUntil(async () => !(await isOpen(killed.port)), { interval: 10 });
    const state = join(cacheFolder, "shared", "state.json");
    expect(JSON.parse(await readFile(state, "utf8"))).toMatchObject({ pid: killed.pid });
    expect(await sandboxStatus({ cacheFolder })).toBeUndefined();
    expect(existsSync(state)).toBe(false);
    expect((await startSandbox({ cacheFolder, shared: true })).pid).not.toBe(killed.pid);
  });
});

describe("a state file is not believed", () => {
  const stranger = createServer((_, response) => response.end(JSON.stringify({ token: "another", pid: process.pid })));
  beforeAll(async () => {
    stranger.listen(0, "127.0.0.1");
    await once(stranger, "listening");
  });
  afterAll(() => stranger.close());

  it.each<[string, () => string]>([
    ["when it is no JSON", () => "{"],
    ["when it is empty", () => ""],
    ["when it is of another form", () => "null"],
    ["when nothing listens", () => JSON.stringify({ port: 1, pid: process.pid, token: "t" })],
    [
      "when another program has its port",
      () => JSON.stringify({ port: (stranger.address() as AddressInfo).port, pid: process.pid, token: "t" }),
    ],
  ])("%s", async (_, text) => {
    const file = join(cacheFolder, "shared", "state.json");
    await mkdir(join(cacheFolder, "shared"), { recursive: true });
    await writeFile(file, text());
    expect(await sandboxStatus({ cacheFolder })).toBeUndefined();
    expect(existsSync(file)).toBe(false);
    expect(await stopSandbox({ cacheFolder })).toBe(false); // and nobody is killed for it
  });
});

it("gives clients an environment that leads nowhere else", () => {
  const environment = sandboxEnvironment("http://127.0.0.1:1", {
    AWS_ENDPOINT_URL_S3: "https://elsewhere",
    PATH: "/bin",
  });
  expect(environment).toMatchObject({
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_REGION: "us-east-1",
  });
  for (const name of ["AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_WEB_IDENTITY_TOKEN_FILE"]) {
    expect(Object.entries(environment)).toContainEqual([name, undefined]);
  }
  expect(environment).not.toHaveProperty("PATH");
});
