import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createEngine,
  createRegistry,
  type Diagnostic,
  DiagnosticError,
  hasErrors,
  isWaiting,
  type Plan,
  type ResourceType,
  type Run,
  type Stack,
} from "@reconcile/core";
import { tried } from "@reconcile/core/testing";
import { expect, type TestContext, vi } from "vitest";
import type { Aws } from "../../aws/context.ts";
import { parameterLedger } from "../../aws/ledger.ts";
import { createNetwork } from "../../aws/network.ts";
import { openSession } from "../../aws/session.ts";
import { types } from "../../index.ts";
import { type Credentials, openAccount, region } from "../account.ts";
import { changesIn } from "../story.ts";
import { createStormClock } from "./storm-clock.ts";
import { chanceOf, createWeather, type Weather } from "./weather.ts";

export interface StormOptions {
  /** Of the sandbox. */
  endpoint: string;
  seed: number;
  environment?: Readonly<Record<string, string>>;
  /** Default: 1 in 8 of the first 8 attempts of each operation. */
  likelihood?: number;
  attempts?: number;
}

interface Given {
  base?: Stack;
  destroy?: boolean;
}

export interface Reached {
  runs: number;
  /** What the runs that did not end well said. */
  problems: readonly Diagnostic[];
}

/** An account on which storms come down. */
export interface Storm {
  weather: Weather;
  /** Runs again and again until a run ends well, and then looks whether the next plan is empty. */
  reach(stack: Stack, given?: Given): Promise<Reached>;
  /** Applies on a quiet day. */
  inPeace(stack: Stack): Promise<void>;
  /** Plans on a quiet day. */
  plan(stack: Stack, given?: Given): Promise<Plan<Aws>>;
  /** How many of each of these types live, whoever owns them. */
  inventory(of: readonly ResourceType<Aws>[]): Promise<Record<string, number>>;
  seed: number;
  /** Refusals for too many requests that the runs have counted. */
  counted(): number;
}

let accounts = 0;

/** More than any storm needs: whoever has not come to the end by then never will. */
const mostRuns = 20;

export async function openStorm(options: StormOptions): Promise<Storm> {
  const { endpoint, seed, environment = {}, likelihood = 1 / 8, attempts = 8 } = options;
  // The SDK waits for a random time between attempts.
  let drawn = 0;
  vi.spyOn(Math, "random").mockImplementation(() => chanceOf(seed, "random", ++drawn));
  const clock = createStormClock();
  const credentials = await openAccount(endpoint, String(300_000_000_000 + ++accounts));
  const network = await createNetwork();
  const weather = createWeather({ seed, clock, network, likelihood, attempts });
  const clear = createWeather({ seed, clock, network, likelihood: 0, attempts: 0 });
  let runs = 0;
  let counted = 0;

  function sessionUnder({ handler }: Pick<Weather, "handler">) {
    const wait = (milliseconds: number): Promise<void> => clock.wait(milliseconds);
    return openSession({
      environment: { AWS_REGION: region },
      endpointUrl: endpoint,
      wait,
      requestHandler: handler,
      credentials: credentials satisfies Credentials,
    });
  }

  function engineOn(session: ReturnType<typeof openSession>, { base, destroy }: Given) {
    return createEngine<Aws>({
      registry: createRegistry(types),
      connect: () => session.connect({ region }),
      environment,
      today: "2030-06-15",
      clock,
      nonce: `${seed}-${++runs}`,
      parallelism: 4,
      allowDelete: ["all"],
      revision: null,
      baseRevision: base ? "base" : null,
      ...(base && { base: new Map([[base.name, base]]) }),
      ...(destroy && { destroy }),
      bookkeeping: {
        ledger: parameterLedger,
        actor: () => "storm",
        clock,
        source: () => ({ revision: null, dirty: false, tree: `${runs}` }),
      },
    });
  }

  /** By then AWS knows everything, everywhere. */
  const nextDay = (): Promise<void> => clock.wait(86_400_000);

  /** One run, as the command line would make it. */
  async function attempt(stack: Stack, given: Given, sky: Weather): Promise<readonly Diagnostic[]> {
    const session = sessionUnder(sky);
    try {
      const engine = engineOn(session, given);
      const prepared = await engine.prepare([stack]);
      if (hasErrors(prepared.plan.diagnostics)) return prepared.plan.diagnostics;
      const updates = new Map<string, number>();
      const events = engine.run(prepared, [stack]);
      for (;;) {
        const next = await events.next();
        if (next.done) return problemsOf(next.value);
        if (next.value.kind !== "step-progress" || next.value.message !== "updating") continue;
        const { logicalId } = next.value.step;
        updates.set(logicalId, (updates.get(logicalId) ?? 0) + 1);
        expect(updates.get(logicalId), `${logicalId} was updated a third time in a run`).toBeLessThanOrEqual(2);
      }
    } catch (error) {
      if (error instanceof DiagnosticError) return error.diagnostics;
      throw error;
    } finally {
      counted += session.calls().throttled;
    }
  }

  async function plan(stack: Stack, given: Given = {}): Promise<Plan<Aws>> {
    await nextDay();
    const session = sessionUnder(clear);
    return (await engineOn(session, given).prepare([stack])).plan;
  }

  return {
    weather,
    seed,
    plan,
    async inPeace(stack) {
      expect(await attempt(stack, {}, clear)).toEqual([]);
    },
    counted: () => counted,
    async reach(stack, given = {}) {
      const problems: Diagnostic[] = [];
      for (let run = 1; ; run++) {
        const found = await attempt(stack, given, weather);
        for (const each of found) expect(isSentence(each), JSON.stringify(each)).toBe(true);
        problems.push(...found);
        if (found.length === 0) {
          const next = await plan(stack, given);
          expect(next.diagnostics).toEqual([]);
          expect(changesIn(next)).toEqual([]);
          return { runs: run, problems };
        }
        if (run === mostRuns)
          throw new Error(`no end after ${run} runs: ${found.map((each) => each.message).join(" ")}`);
      }
    },
    async inventory(of) {
      await nextDay();
      const cloud = await sessionUnder(clear).connect({ region });
      const counts: Record<string, number> = {};
      for (const type of of) {
        for await (const found of type.handlers.list(cloud)) {
          const observed = await type.handlers.read(cloud, found.identifier);
          if (observed && !type.handlers.gone?.(observed)) counts[type.type] = (counts[type.type] ?? 0) + 1;
        }
      }
      return counts;
    },
  };
}

/** Why a run has to be repeated. */
function problemsOf(run: Run): readonly Diagnostic[] {
  const errors = run.diagnostics.filter((each) => each.severity === "error");
  if (errors.length > 0) return errors;
  const left = run.confirmed ? changesIn(run.confirmed as Plan<Aws>) : ["it was not made"];
  if (left.length === 0 && !isWaiting(run)) return [];
  const message = `The plan after the run was not empty: ${left.join(", ")}.`;
  return [{ code: "storm.not-done", severity: "error", message, remedy: "run again" }];
}

/** What a person is told: never a bug, always with what to do. */
function isSentence({ code, message, remedy }: Diagnostic): boolean {
  return code !== "internal.error" && /[.!?)]$/.test(message.trim()) && remedy !== undefined && remedy !== "";
}

/** Days on which something is tried: from RECONCILE_SEED on, one, or as many more as RECONCILE_CASES asks for. */
export function days(): number[] {
  const { RECONCILE_CASES = 0, RECONCILE_SEED = 1 } = process.env;
  const length = Math.max(1, Math.floor(Number(RECONCILE_CASES) / 300));
  return Array.from({ length }, (_, day) => Number(RECONCILE_SEED) + day);
}

/** A day of a storm, as a test. What fails says which day it was, what happened, and how to see it again. */
export async function onDay(
  context: TestContext,
  storm: Storm,
  of: readonly string[],
  story: () => Promise<void>,
): Promise<void> {
  tried(context, { types: of, seeds: 1, casesInCi: storm.seed === 1 ? 1 : 0, cases: 1 });
  try {
    await story();
  } catch (error) {
    const file = relative(root, context.task.file.filepath);
    const again = `RECONCILE_SEED=${storm.seed} npx vitest run ${file} -t "bad day"`;
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}\n\nDay ${storm.seed}; again: ${again}\n${storm.weather.log.join("\n")}`, { cause: error });
  }
}

/** The repository's. */
const root = fileURLToPath(new URL("../../../../..", import.meta.url));
