import type { ResourceType } from "@reconcile/core";
import {
  type ContractCase,
  type ContractOptions,
  type ContractPlace,
  type ContractProcess,
  type ContractWorld,
  Crash,
  describeResourceType,
  type Faults,
  type Kill,
  proves,
} from "@reconcile/core/testing";
import type { Sandbox } from "@reconcile/sandbox";
import type { Attempt } from "../aws/call.ts";
import type { Aws } from "../aws/context.ts";
import { createNetwork } from "../aws/network.ts";
import { openSession } from "../aws/session.ts";
import { types } from "../index.ts";
import { type Credentials, openAccount, region } from "./account.ts";
import { describeLeastPrivilege, type LeastPrivilegeOptions } from "./authorization/least-privilege.ts";
import { failingHandler, isPaged, readFailures } from "./failing-handler.ts";
import { useSandbox } from "./use-sandbox.ts";
import { describeStorms } from "./weather/type-storms.ts";

/** Waiting is not what is tested: every wait is short, and time moves by what was asked for. */
function quickClock() {
  let now = 0;
  return {
    now: () => now,
    async wait(milliseconds: number) {
      now += milliseconds;
      await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 5)));
    },
  };
}

type QuickClock = ReturnType<typeof quickClock>;

/** The processes of a test share connections: those of its own cost each of them as much as two calls. */
const network = await createNetwork();

/** A sandbox in which every case gets an account of its own, so that cases neither see nor have to clean up after each other. */
export function sandboxWorld(started: () => Sandbox): ContractWorld<Aws> {
  const clock = quickClock();
  let accounts = 0;
  return {
    clock,
    async open() {
      const sandbox = started();
      const credentials = await openAccount(sandbox.endpoint, String(200_000_000_000 + ++accounts));
      return placeIn(sandbox, credentials, clock);
    },
    failures: (operation) => readFailures.filter((how) => how !== "cut" || isPaged(operation)),
  };
}

function placeIn(sandbox: Sandbox, credentials: Credentials, clock: QuickClock): ContractPlace<Aws> {
  return {
    process: (faults) => openProcess(sandbox.endpoint, credentials, clock, faults),
    // Windows cannot copy a process.
    ...(process.platform !== "win32" && {
      async copy() {
        const other = await sandbox.copy();
        return { ...placeIn(other, credentials, clock), close: () => other.stop() };
      },
    }),
  };
}

function openProcess(
  endpointUrl: string,
  credentials: Credentials,
  clock: QuickClock,
  { kill, failing, atBoundary }: Faults = {},
): ContractProcess<Aws> {
  const operations: { operation: string; mutating: boolean }[] = [];
  const numbers = new WeakMap<Attempt, number>();
  let mutations = 0;
  let dead = false;

  /** A mutating call, before it is sent or when its answer has come: is the process killed there? */
  async function boundary(attempt: Attempt, answer: Kill["answer"]): Promise<void> {
    const at = numbers.get(attempt);
    if (at === undefined) return;
    await atBoundary?.({ at, answer });
    if (kill?.at === at && kill.answer === answer) dead = true;
  }

  const session = openSession({
    environment: { AWS_REGION: region },
    endpointUrl,
    credentials,
    wait: (milliseconds) => clock.wait(milliseconds),
    requestHandler: failing ? failingHandler(network, failing.operation, failing.how) : network,
    async onRequest(attempt) {
      if (dead) throw new Crash("the process is dead");
      const operation = `${attempt.service}:${attempt.operation}`;
      operations.push({ operation, mutating: attempt.mutating });
      if (attempt.mutating) numbers.set(attempt, ++mutations);
      await boundary(attempt, "never-sent");
      if (dead) throw new Crash("killed before the request was sent");
    },
    async onResponse(attempt) {
      if (!dead) await boundary(attempt, "lost");
      if (dead) throw new Crash("killed before the answer came");
    },
  });
  return {
    connect: () => session.connect({ region }),
    mutations: () => mutations,
    dead: () => dead,
    operations: () => operations,
  };
}

/** The contract kit on a sandbox of this test file's own. */
export function describeOnSandbox(
  type: ResourceType<Aws>,
  options: Omit<ContractOptions<Aws>, "types" | "world" | "tags"> & Pick<LeastPrivilegeOptions, "further">,
): void {
  if (!types.includes(type)) {
    throw new Error(
      `${type.type} is not in the list in packages/providers/src/index.ts: add it, in the order of names.`,
    );
  }
  const sandbox = useSandbox();
  const tags = (promises: readonly number[], name: ContractCase): string[] =>
    proves(promises, name === "failed-reads" ? "handler" : "sandbox").tags;
  describeResourceType(type, { ...options, types, world: sandboxWorld(sandbox), tags });
  describeStorms(type, options, () => sandbox().endpoint);
  describeLeastPrivilege(type, options, () => sandbox().endpoint);
}
