import type { Cloud } from "../resource/model.ts";
import type { ContractPlace, ContractProcess } from "./contract-model.ts";
import type { Kill } from "./memory-cloud.ts";

/** What a killed run leaves behind. */
export interface Interruption<C extends Cloud> {
  /** Where it was killed. Two that leave the same: the answer to a call is lost, or the next one is never sent. */
  kills: Kill[];
  here: ContractPlace<C>;
}

/**
 * What a run leaves behind that is killed at a mutating call: each of its calls, before it is sent and before its answer comes.
 * `arrive` gives the place where it begins, `go` is the run.
 */
export async function* interruptions<C extends Cloud>(
  arrive: () => Promise<ContractPlace<C>>,
  go: (process: ContractProcess<C>) => Promise<unknown>,
): AsyncGenerator<Interruption<C>> {
  const start = await arrive();
  const { copy } = start;
  if (copy) yield* copied(start, copy, go);
  else for (const answer of ["never-sent", "lost"] as const) yield* killed(arrive, go, answer);
}

/** One run goes through, and at each boundary the place is copied as it is: a process that is killed there leaves just that. */
async function* copied<C extends Cloud>(
  start: ContractPlace<C>,
  copy: () => Promise<ContractPlace<C>>,
  go: (process: ContractProcess<C>) => Promise<unknown>,
): AsyncGenerator<Interruption<C>> {
  const left: Interruption<C>[] = [];
  /** The last of them, as long as nothing was done but reading. */
  let unchanged: Interruption<C> | undefined;
  let underWay = 0;
  async function atBoundary(kill: Kill): Promise<void> {
    if (kill.answer === "lost") underWay--;
    if (unchanged && kill.answer === "never-sent") {
      unchanged.kills.push(kill);
    } else {
      const interruption = { kills: [kill], here: await copy() };
      left.push(interruption);
      if (kill.answer === "lost" && underWay === 0) unchanged = interruption;
    }
    if (kill.answer === "lost") return;
    unchanged = undefined;
    underWay++;
  }
  try {
    await go(start.process({ atBoundary }));
    while (left.length > 0) {
      const [first] = left;
      if (first) yield first;
      await left.shift()?.here.close?.();
    }
  } finally {
    for (const { here } of left) await here.close?.();
    await start.close?.();
  }
}

/** A run of its own is killed at each boundary. */
async function* killed<C extends Cloud>(
  arrive: () => Promise<ContractPlace<C>>,
  go: (process: ContractProcess<C>) => Promise<unknown>,
  answer: Kill["answer"],
): AsyncGenerator<Interruption<C>> {
  for (let at = 1; ; at++) {
    const here = await arrive();
    const kill = { at, answer };
    const process = here.process({ kill });
    // What the run ends with does not matter: its process is dead.
    await go(process).catch((error: unknown) => {
      if (!process.dead()) throw error;
    });
    if (!process.dead()) return;
    yield { kills: [kill], here };
  }
}
