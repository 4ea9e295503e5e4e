import { STS } from "@aws-sdk/client-sts";
import type { ResourceType } from "@reconcile/core";
import {
  type ContractOptions,
  type ContractWorld,
  Crash,
  describeResourceType,
  type Kill,
} from "@reconcile/core/testing";
import { type Sandbox, startSandbox } from "@reconcile/sandbox";
import { afterAll, beforeAll } from "vitest";
import { type Aws, openSession } from "../aws/context.ts";
import type { Attempt } from "../aws/recorder.ts";
import { types } from "../index.ts";

const region = "us-east-1";

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

/** A sandbox in which every case gets an account of its own, so that cases neither see nor have to clean up after each other. */
export function sandboxWorld(endpoint: () => string): ContractWorld<Aws> {
  const clock = quickClock();
  let accounts = 0;
  return {
    clock,
    async open() {
      const account = String(200_000_000_000 + ++accounts);
      const sts = new STS({
        region,
        endpoint: endpoint(),
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      });
      const assumed = await sts.assumeRole({
        RoleArn: `arn:aws:iam::${account}:role/contract`,
        RoleSessionName: "contract",
      });
      const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = assumed.Credentials ?? {};
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      return { process: (faults) => openProcess(endpoint(), credentials, clock, faults) };
    },
  };
}

function openProcess(
  endpointUrl: string,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string },
  clock: ReturnType<typeof quickClock>,
  { kill, failing }: { kill?: Kill; failing?: string } = {},
): ReturnType<Awaited<ReturnType<ContractWorld<Aws>["open"]>>["process"]> {
  const operations: { operation: string; mutating: boolean }[] = [];
  let mutations = 0;
  let dead = false;
  const killedHere = (attempt: Attempt): boolean => attempt.mutating && kill?.at === mutations;
  const session = openSession({
    environment: { AWS_REGION: region },
    endpointUrl,
    credentials,
    wait: (milliseconds) => clock.wait(milliseconds),
    onRequest(attempt) {
      if (dead) throw new Crash("the process is dead");
      const operation = `${attempt.service}:${attempt.operation}`;
      operations.push({ operation, mutating: attempt.mutating });
      if (failing === operation) throw new Error(`${operation} fails in this test`);
      if (attempt.mutating) mutations++;
      dead = killedHere(attempt) && kill?.answer === "never-sent";
      if (dead) throw new Crash("killed before the request was sent");
    },
    onResponse(attempt) {
      if (dead || (killedHere(attempt) && kill?.answer === "lost")) {
        dead = true;
        throw new Crash("killed before the answer came");
      }
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
  options: Omit<ContractOptions<Aws>, "types" | "world">,
): void {
  if (!types.includes(type)) {
    throw new Error(
      `${type.type} is not in the list in packages/providers/src/index.ts: add it, in the order of names.`,
    );
  }
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    sandbox = await startSandbox();
  }, 300_000);
  afterAll(async () => {
    await sandbox?.stop();
  });
  describeResourceType(type, { ...options, types, world: sandboxWorld(() => sandbox?.endpoint ?? "") });
}
