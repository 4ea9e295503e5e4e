import { createEngine, createRegistry, DiagnosticError, hasErrors, type Plan, type Run } from "@reconcile/core";
import { type Kill, stackOf } from "@reconcile/core/testing";
import { type Sandbox, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Aws } from "../aws/context.ts";
import { types } from "../index.ts";
import { sandboxWorld } from "./sandbox-world.ts";

interface Given {
  kill?: Kill;
  destroy?: boolean;
  allowDelete?: readonly string[];
}

export interface Story {
  /** Of the account of this test. */
  aws(): Promise<Aws>;
  plan(resources: object): Promise<Plan<Aws>>;
  /** Plans and applies; the errors of a plan are thrown. */
  run(resources: object, given?: Given): Promise<Run>;
  /** Runs until it is killed at a mutating call. false: it was never reached. */
  killed(resources: object, kill: Kill): Promise<boolean>;
}

/** What happens to one stack, for what the contract kit does not ask of every type: on a sandbox of the file's own, every test in an account of its own. */
export function useStory(): Story {
  let sandbox: Sandbox | undefined;
  let runs = 0;
  const world = sandboxWorld(() => sandbox?.endpoint ?? "");
  let place = world.open();
  beforeAll(async () => {
    sandbox = await startSandbox();
  }, 300_000);
  beforeEach(() => {
    place = world.open();
  });
  afterAll(() => sandbox?.stop());

  async function open({ kill, destroy, allowDelete = ["all"] }: Given) {
    const process = (await place).process(kill ? { kill } : {});
    const engine = createEngine<Aws>({
      registry: createRegistry(types),
      connect: () => process.connect(),
      environment: {},
      clock: world.clock,
      nonce: `story-${++runs}`,
      parallelism: 4,
      allowDelete,
      revision: null,
      baseRevision: null,
      ...(destroy && { destroy }),
    });
    return { process, engine };
  }

  async function run(resources: object, given: Given): Promise<{ run: Run; dead: boolean }> {
    const { process, engine } = await open(given);
    const stack = stackOf(resources);
    try {
      const prepared = await engine.prepare([stack]);
      if (hasErrors(prepared.plan.diagnostics)) throw new DiagnosticError(prepared.plan.diagnostics);
      const events = engine.run(prepared, [stack]);
      for (;;) {
        const next = await events.next();
        if (next.done) return { run: next.value, dead: process.dead() };
      }
    } catch (error) {
      if (process.dead()) return { run: undefined as never, dead: true };
      throw error;
    }
  }

  return {
    aws: async () => (await place).process().connect(),
    plan: async (resources) => (await (await open({})).engine.prepare([stackOf(resources)])).plan,
    run: async (resources, given = {}) => (await run(resources, given)).run,
    killed: async (resources, kill) => (await run(resources, { kill })).dead,
  };
}
