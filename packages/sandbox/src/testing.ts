import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import { sandboxRegion } from "./environment.ts";
import { type Sandbox, type StartOptions, startSandbox } from "./sandbox.ts";

/** A private sandbox for the tests of a file, emptied before each. */
export function useSandbox(options: StartOptions = {}): { client: ClientOptions; sandbox: () => Sandbox } {
  // A service's first call loads its part of moto, which on a busy machine takes longer than the usual five seconds.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  let running: Sandbox | undefined;
  const sandbox = () => {
    if (running === undefined) throw new Error("the sandbox runs only during a test");
    return running;
  };
  beforeAll(async () => {
    running = await startSandbox(options);
  }, 300_000); // the very first time it is installed
  beforeEach(() => sandbox().reset());
  afterAll(() => running?.stop());
  const endpoint = async () => new URL(sandbox().endpoint);
  return { sandbox, client: clientOptions(endpoint) };
}

export type ClientOptions = ReturnType<typeof clientOptions>;

export function clientOptions(endpoint: () => Promise<URL>) {
  return {
    region: sandboxRegion,
    endpoint: async () => {
      const { protocol, hostname, port, pathname } = await endpoint();
      return { protocol, hostname, port: Number(port), path: pathname };
    },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    // A test wants to see the first answer.
    maxAttempts: 1,
  };
}
