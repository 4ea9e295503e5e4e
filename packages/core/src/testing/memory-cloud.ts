import { stacksIn } from "../apply/head-record.ts";
import type { Ledger } from "../apply/ledger.ts";
import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import type { CallCounts, Cloud, Found, Tags } from "../resource/model.ts";
import { ownerOf, parseResourceTag, resourceTag } from "../resource/owner.ts";
import { inputKey } from "../stack/input-key.ts";
import type { InputRequest, Known } from "../template/model.ts";
import { createHandClock } from "./hand-clock.ts";
import { createMemoryLedger } from "./memory-ledger.ts";

/** A thing that lives in the memory cloud. */
export interface Thing {
  type: string;
  id: string;
  properties: Record<string, unknown>;
  tags: Record<string, string> | null;
}

/** Thrown by every call once the process is dead. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** Where a run is killed: at its n-th mutating call (from 1), before it is sent or after its answer is lost. */
export interface Kill {
  at: number;
  answer: "never-sent" | "lost";
}

/** What goes wrong in one run. */
export interface Faults {
  kill?: Kill;
  /** The operation that is denied: `memory:List`. */
  failing?: string;
  /** For how many milliseconds after a write reads still show what was before. */
  lag?: number;
  /** Where it is killed at its n-th call of the ledger (from 1). */
  killAtLedger?: Kill;
}

/**
 * A cloud in memory: names are taken, what is used cannot be deleted, ids never come again, and a run can be killed at any write. It knows no type; `testing/memory-types.ts`
 * holds those that live in it.
 */
export function createMemoryCloud(options: { account?: string; region?: string } = {}) {
  const things = new Map<string, Thing>();
  /** What lived before each write of a run: reads that lag see it. */
  const history: { until: number; things: Map<string, Thing> }[] = [];
  const inputs = new Map<string, Known>();
  let counter = 0;
  const clock = createHandClock();
  const ledger = createMemoryLedger(clock.wall);

  /** One run's view: it counts calls, refuses mutations outside a planned change, and can be killed. */
  function connect(run: Faults = {}): MemoryRun {
    let dead = false;
    const operations: { operation: string; mutating: boolean }[] = [];
    let mutations = 0;
    let reads = 0;
    let ledgerCalls = 0;
    let planned: { operations: readonly string[]; permit?: () => void } | undefined;
    const alive = (): void => {
      if (dead) throw new Crash("the process is dead");
    };
    const visible = (): Map<string, Thing> =>
      history.find(({ until }) => until > clock.now() - (run.lag ?? 0))?.things ?? things;
    const reading = (operation: string): void => {
      alive();
      reads++;
      operations.push({ operation, mutating: false });
      if (run.failing === operation) {
        throw new DiagnosticError({ code: "memory.denied", severity: "error", message: `${operation} was denied.` });
      }
    };
    const cloud: MemoryCloud = {
      account: options.account ?? "123456789012",
      region: options.region ?? "us-east-1",
      partition: "aws",
      async planned(change, write) {
        planned = change;
        return write();
      },
      async input(request: InputRequest): Promise<Known> {
        const known = inputs.get(inputKey(request));
        if (known) return known;
        throw new DiagnosticError({
          code: request.kind === "export" || request.kind === "stack-output" ? "import.undefined" : "input.not-found",
          severity: "error",
          message: `There is no ${request.kind} ${request.name}.`,
        });
      },
      async ownedTypes(owner) {
        alive();
        const owned = [...things.values()].filter((thing) => thing.tags?.["reconcile:owner"] === owner);
        return [...new Set(owned.flatMap((thing) => parseResourceTag(thing.tags?.[resourceTag])?.type ?? []))];
      },
      async ownedStacks(project) {
        alive();
        const owners = [...things.values()].flatMap((thing) => thing.tags?.["reconcile:owner"] ?? []);
        const recorded = stacksIn(project, ledger.names()).map((stack) => ownerOf(project, stack, cloud.region));
        return [...new Set([...owners, ...recorded])].filter((owner) => owner.startsWith(`${project}/`));
      },
      calls: (): CallCounts => callCounts(reads + mutations + ledgerCalls),
      mayHaveHappened: (error) => error instanceof NoAnswer,
      diagnose: (error, resource): Diagnostic => {
        if (error instanceof NoAnswer)
          return { code: "memory.no-answer", severity: "error", message: error.message, ...(resource && { resource }) };
        if (error instanceof Refusal)
          return {
            code: `memory.${error.code}`,
            severity: "error",
            message: error.message,
            ...(resource && { resource }),
          };
        throw error;
      },
      async read(type, id) {
        reading("memory:Read");
        const thing = visible().get(`${type}|${id}`);
        return thing && structuredClone(thing);
      },
      async list(type): Promise<Found[]> {
        reading("memory:List");
        return [...visible().values()]
          .filter((thing) => thing.type === type)
          .map((thing) => ({ identifier: thing.id, ...(thing.tags && { tags: { ...thing.tags } }) }));
      },
      async mutate(operation, change) {
        alive();
        if (!planned?.operations.includes(operation)) throw new Error(`${operation} is not part of a planned change`);
        planned.permit?.();
        mutations++;
        operations.push({ operation, mutating: true });
        const kill = run.kill?.at === mutations ? run.kill : undefined;
        if (kill?.answer === "never-sent") dead = true;
        alive();
        if (run.lag) history.push({ until: clock.now(), things: structuredClone(things) });
        const result = change(store);
        if (kill) dead = true;
        alive();
        return result;
      },
    };
    /** Counted like every other call; the process can be killed there, too. */
    async function keeping<T>(call: () => Promise<T>): Promise<T> {
      alive();
      ledgerCalls++;
      const kill = run.killAtLedger?.at === ledgerCalls ? run.killAtLedger : undefined;
      if (kill?.answer === "never-sent") dead = true;
      alive();
      const result = await call();
      if (kill) dead = true;
      alive();
      return result;
    }
    const own: Ledger = {
      list: (path) => keeping(() => ledger.list(path)),
      create: (name, text) => keeping(() => ledger.create(name, text)),
      overwrite: (name, text) => keeping(() => ledger.overwrite(name, text)),
      remove: (names) => keeping(() => ledger.remove(names)),
      history: (name) => keeping(() => ledger.history(name)),
    };
    return {
      cloud,
      ledger: own,
      mutations: () => mutations,
      ledgerCalls: () => ledgerCalls,
      dead: () => dead,
      operations: () => operations,
    };
  }

  const store: Store = {
    newId: (prefix) => `${prefix}-${(++counter).toString(16).padStart(8, "0")}`,
    get: (type, id) => things.get(`${type}|${id}`),
    put: (thing) => {
      things.set(`${thing.type}|${thing.id}`, thing);
    },
    remove: (type, id) => {
      things.delete(`${type}|${id}`);
    },
    all: () => [...things.values()],
  };

  return {
    clock,
    connect,
    ledger,
    /** Outside values by `inputKey`: `ssm:/name`. */
    inputs,
    /** Everything that lives, for arranging and asserting. */
    things: (): Thing[] => structuredClone([...things.values()]),
    /** What a person or another tool does behind our back. */
    store,
  };
}

/** AWS's own refusals: a name that is taken, a thing that is in use. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A call that may have happened or not. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export interface Store {
  newId(prefix: string): string;
  get(type: string, id: string): Thing | undefined;
  put(thing: Thing): void;
  remove(type: string, id: string): void;
  all(): Thing[];
}

export interface MemoryCloud extends Cloud {
  read(type: string, id: string): Promise<Thing | undefined>;
  list(type: string): Promise<Found[]>;
  mutate<T>(operation: string, change: (store: Store) => T): Promise<T>;
}

export interface MemoryRun {
  cloud: MemoryCloud;
  ledger: Ledger;
  mutations(): number;
  /** Calls of the ledger so far. */
  ledgerCalls(): number;
  dead(): boolean;
  operations(): readonly { operation: string; mutating: boolean }[];
}

function callCounts(total: number): CallCounts {
  return { total, byService: { memory: total }, throttled: 0 };
}

export function setTags(thing: Thing, set: Tags, remove: readonly string[]): void {
  if (!thing.tags) throw new Refusal("untaggable", `${thing.id} cannot be tagged`);
  Object.assign(thing.tags, set);
  for (const key of remove) delete thing.tags[key];
}
