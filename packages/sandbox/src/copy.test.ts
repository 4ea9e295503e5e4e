import { once } from "node:events";
import { connect } from "node:net";
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { copyOf, type Identity } from "./launch.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";
import { clientOptions } from "./testing.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let original: Sandbox;
let copies: Sandbox[] = [];

beforeEach(async () => {
  original = await startSandbox();
}, 300_000);
afterEach(async () => {
  for (const sandbox of [original, ...copies]) await sandbox.stop();
  copies = [];
});

async function copy(of = original): Promise<Sandbox> {
  const made = await of.copy();
  copies.push(made);
  return made;
}

const ecr = ({ endpoint }: Sandbox) => new ECRClient(clientOptions(async () => new URL(endpoint)));
const create = (sandbox: Sandbox, repositoryName: string) =>
  ecr(sandbox).send(new CreateRepositoryCommand({ repositoryName }));

async function names(sandbox: Sandbox): Promise<(string | undefined)[]> {
  const { repositories = [] } = await ecr(sandbox).send(new DescribeRepositoriesCommand({}));
  return repositories.map((repository) => repository.repositoryName);
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  const opened = await once(socket, "connect").catch(() => undefined);
  socket.destroy();
  return opened !== undefined;
}

describe.skipIf(process.platform === "win32")("a copy of a sandbox", () => {
  it("has what was there when it was made, and neither sees what the other does then", async () => {
    await create(original, "before");
    const first = await copy();
    await create(first, "in-first");
    const second = await copy(first);
    await create(original, "in-original");
    await create(second, "in-second");

    expect(await names(original)).toEqual(["before", "in-original"]);
    expect(await names(first)).toEqual(["before", "in-first"]);
    expect(await names(second)).toEqual(["before", "in-first", "in-second"]);
  });

  it("is given to many who ask at once", async () => {
    await create(original, "before");
    await Promise.all(Array.from({ length: 20 }, () => copy()));
    expect(new Set(copies.map(({ port }) => port)).size).toBe(20);
    expect(await Promise.all(copies.map(names))).toEqual(Array(20).fill(["before"]));
  });

  it("is emptied by itself", async () => {
    await create(original, "before");
    const other = await copy();
    await other.reset();
    expect([await names(original), await names(other)]).toEqual([["before"], []]);
  });

  it("goes on when the original ends", async () => {
    const other = await copy();
    await original.stop();
    expect(await isOpen(original.port)).toBe(false);
    expect(await names(other)).toEqual([]);
  });

  it("leaves no port when it is stopped, and may be stopped twice", async () => {
    const other = await copy();
    expect(await isOpen(other.port)).toBe(true);
    await other.stop();
    expect(await isOpen(other.port)).toBe(false);
    await other.stop();
    expect(await isOpen(original.port)).toBe(true);
  });

  it("ends with the process that asked for it, whose connections the system closes", async () => {
    const { identity, connection } = await copyOf(JSON.parse(original.template) as Identity);
    connection.destroy();
    await vi.waitUntil(async () => !(await isOpen(identity.port)), { timeout: 10_000, interval: 20 });
  });

  it("is for those who know the sandbox, not for everybody who reaches its port", async () => {
    const identity = { ...(JSON.parse(original.template) as Identity), token: "guessed" };
    await expect(copyOf(identity)).rejects.toMatchObject({ message: "the sandbox answers 403" });
  });

  it("is what a program starts that has been given a template, unless it asks for a sandbox of another kind", async () => {
    await create(original, "before");
    const env = { ...process.env, RECONCILE_SANDBOX_TEMPLATE: original.template };
    copies.push(await startSandbox({ env }), await startSandbox({ env, switches: { MOTO_CORS: "" } }));
    expect(await Promise.all(copies.map(names))).toEqual([["before"], []]);
  });
});
