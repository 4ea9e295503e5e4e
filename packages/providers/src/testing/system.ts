import {
  createEngine,
  createRegistry,
  DiagnosticError,
  diskTree,
  hasErrors,
  loadStacks,
  type Prepared,
  type Run,
  type Stack,
} from "@reconcile/core";
import type { ContractProcess, ContractWorld } from "@reconcile/core/testing";
import type { Aws } from "../aws/context.ts";
import { types } from "../index.ts";
import { reconcile } from "./story.ts";

/** The repository's root, from here. */
const root = new URL("../../../..", import.meta.url).pathname;

/** What the crypto agent reads from the environment of its run. */
export const cryptoEnvironment = {
  CRYPTO_DATABASE_URL: "postgresql://agent:marker-database@localhost:5432/news",
  CRYPTO_AWS_ACCESS_KEY_ID: "AKIAMARKERACCESSKEY0",
  CRYPTO_AWS_SECRET_ACCESS_KEY: "marker-secret-access-key",
  CRYPTO_COINGECKO_API_KEY: "marker-coingecko",
};

/** A stack of desired-state/, as the command line loads it. */
export async function loadSystem(path: string): Promise<Stack> {
  const { stacks, diagnostics } = await loadStacks({ tree: diskTree(root), paths: [path] });
  const [stack] = stacks;
  if (!stack || hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
  // The account of a test is its own.
  const { account: _, ...anywhere } = stack;
  return anywhere;
}

export interface SystemOptions {
  environment: Readonly<Record<string, string>>;
  destroy?: boolean;
  /** The stack is what git has: every difference is drift. */
  committed?: boolean;
}

let runs = 0;

function engineOf(process: ContractProcess<Aws>, world: ContractWorld<Aws>, stack: Stack, options: SystemOptions) {
  return createEngine<Aws>({
    registry: createRegistry(types),
    connect: () => process.connect(),
    environment: options.environment,
    today: "2030-06-15",
    clock: world.clock,
    nonce: `system-${++runs}`,
    // One after the other, so that the n-th call is always the same.
    parallelism: 1,
    allowDelete: ["all"],
    revision: null,
    baseRevision: options.committed ? "head" : null,
    ...(options.committed && { base: new Map([[stack.name, stack]]) }),
    ...(options.destroy && { destroy: true }),
  });
}

/** Plans only. */
export function planSystem(
  process: ContractProcess<Aws>,
  world: ContractWorld<Aws>,
  stack: Stack,
  options: SystemOptions,
): Promise<Prepared<Aws>> {
  return engineOf(process, world, stack, options).prepare([stack]);
}

/** Plans and applies. Rejects with the plan's refusals. */
export function reconcileSystem(
  process: ContractProcess<Aws>,
  world: ContractWorld<Aws>,
  stack: Stack,
  options: SystemOptions,
): Promise<{ prepared: Prepared<Aws>; run: Run }> {
  return reconcile(engineOf(process, world, stack, options), [stack]);
}
