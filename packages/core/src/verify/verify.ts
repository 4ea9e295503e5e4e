import type { Clock } from "../apply/clock.ts";
import { until } from "../apply/until.ts";
import { DiagnosticError, errorsIn } from "../diagnostic.ts";
import type { Prepared } from "../engine.ts";
import { environmentOf } from "../plan/environment.ts";
import type { StackWorld } from "../plan/observe.ts";
import type { Cloud } from "../resource/model.ts";
import { parse } from "../validate/schema.ts";
import { isSecret, listed } from "../validate/words.ts";
import { unknownsIn } from "../value.ts";
import { type CheckFacts, type EvaluatedCheck, evaluateChecks } from "./declared-checks.ts";
import { unreachable } from "./failures.ts";
import { lookAt, targetOf } from "./look.ts";
import { lookAtResource } from "./look-at-resource.ts";
import type { CheckOutcome, CheckResult, ComponentResult, Finding, VerificationReport } from "./model.ts";
import type { Network } from "./network.ts";
import { reportOf, resourceResults } from "./report-of.ts";
import { checkType, type Settings } from "./settings.ts";

export interface VerifyOptions extends CheckFacts {
  network: Network;
  clock: Clock;
  /** The day and the time of day: certificates end by it. */
  date(): Date;
  /** Ends what is being tried: what was not tried to its end is `skipped`. */
  signal?: AbortSignal;
  /** Called as each check ends. */
  onCheck?(stack: string, check: CheckResult): void;
}

/**
 * Says whether what was declared is there, as a plan just found it, and works: runs every check of its stacks, side by side, each with its own delay, tries and time.
 * Changes nothing. Never rejects for what the network or AWS says: that is in the report.
 */
export async function verify<C extends Cloud>(
  { plan, worlds }: Pick<Prepared<C>, "plan" | "worlds">,
  options: VerifyOptions,
): Promise<VerificationReport> {
  const timestamp = options.date().toISOString();
  const checks = await Promise.all(worlds.map((world) => runChecks(world, options)));
  return reportOf({ timestamp, resources: plan.stacks.flatMap(resourceResults), checks: checks.flat() });
}

async function runChecks<C extends Cloud>(world: StackWorld<C>, options: VerifyOptions): Promise<Checked[]> {
  const { stack } = world.instance;
  const environment = environmentOf(world.instance, world.liveAttributes);
  const checks = evaluateChecks(stack, environment, options);
  return Promise.all(
    checks.map(async (check) => {
      const started = options.clock.now();
      const tried = await tryCheck(check, world, options);
      const milliseconds = Math.round(options.clock.now() - started);
      options.onCheck?.(stack.name, { name: check.name, outcome: tried.outcome, message: tried.message, milliseconds });
      return resultOf(stack.name, check, tried, milliseconds);
    }),
  );
}

/** A check's row in the report. */
export interface Checked {
  test: string;
  outcome: CheckOutcome;
  result: ComponentResult;
}

interface Tried extends Omit<Finding, "outcome"> {
  outcome: CheckOutcome;
  target?: string;
  tries: number;
}

function resultOf(stack: string, { name }: EvaluatedCheck, tried: Tried, milliseconds: number): Checked {
  const { outcome, message, target, tries, advice } = tried;
  return {
    test: `${stack}/${name}`,
    outcome,
    result: {
      success: outcome === "passed" || outcome === "warning",
      component: `${stack}/checks.${name}`,
      message: target === undefined ? message : `${target}: ${message}`,
      details: { outcome, ...(target !== undefined && { target }), tries, durationMs: milliseconds, ...tried.details },
      nextSteps: advice === undefined ? [] : [advice],
    },
  };
}

async function tryCheck<C extends Cloud>(
  check: EvaluatedCheck,
  world: StackWorld<C>,
  options: VerifyOptions,
): Promise<Tried> {
  const { value, diagnostics } = knownSettings(check);
  if (!value) {
    const [first] = diagnostics;
    return { outcome: "failed", message: first?.message ?? "", advice: first?.remedy ?? "", tries: 0 };
  }
  const settings = value as Settings;
  const show = (path: string, text: string): string =>
    isSecret(checkType.shape, check.evaluated, path) ? "(sensitive)" : text;
  const target = targetOf(settings, show);
  const { clock, signal } = options;
  let tries = 0;
  let last: Finding | undefined;
  async function look(): Promise<Finding | undefined> {
    signal?.throwIfAborted();
    tries += 1;
    last = await lookOnce(settings, world, options, show);
    return last.outcome === "failed" ? undefined : last;
  }
  const waits = new Array<number>(settings.retries).fill(settings.interval * 1000);
  try {
    if (settings.delay > 0) await clock.wait(settings.delay * 1000, signal);
    const found = (await until(look, waits, clock, signal)) ?? (last as Finding | undefined);
    if (!found) throw new Error(`The check ${check.name} came to nothing.`);
    return { ...found, target, tries };
  } catch (error) {
    if (!signal?.aborted) throw error;
    const message = last ? `interrupted; so far: ${last.message}` : "interrupted before the first try ended";
    return { outcome: "skipped", message, advice: "Run `reconcile verify`.", target, tries };
  }
}

/** Settings of which nothing is unknown any more, or why there are none. */
function knownSettings(check: EvaluatedCheck): ReturnType<typeof parse> {
  const errors = errorsIn(check.diagnostics);
  if (errors.length > 0) return { diagnostics: errors };
  const sources = [...new Set(unknownsIn(check.properties).flatMap((each) => each.sources))];
  if (sources.length === 0) return parse(checkType, check.properties, check.evaluated);
  const message = `${listed(sources)} ${sources.length === 1 ? "is" : "are"} not known: what gives it is not there`;
  return {
    diagnostics: [
      { code: "check.unknown", severity: "error", message, remedy: "Run reconcile: it makes what is declared." },
    ],
  };
}

async function lookOnce<C extends Cloud>(
  settings: Settings,
  world: StackWorld<C>,
  { network, date, signal }: VerifyOptions,
  show: (path: string, text: string) => string,
): Promise<Finding> {
  const timeout = settings.timeout * 1000;
  const { aws } = settings;
  if (aws) return lookAtLive(aws, world, show);
  try {
    const limits = { timeout, ...(signal && { signal }) };
    return await lookAt(settings, { network, limits, now: date(), show });
  } catch (error) {
    if (signal?.aborted) throw error;
    return unreachable(error, timeout);
  }
}

async function lookAtLive<C extends Cloud>(
  aws: NonNullable<Settings["aws"]>,
  { instance, types, live }: StackWorld<C>,
  show: (path: string, text: string) => string,
): Promise<Finding> {
  const type = types.get(aws.resource);
  if (!type)
    return {
      outcome: "failed",
      message: `${aws.resource} is not part of this stack`,
      advice: "Its condition does not hold: remove the check, or change the condition.",
    };
  const { cloud } = instance;
  try {
    return await lookAtResource(aws, { cloud, type, identifier: live.get(aws.resource)?.identifier }, show);
  } catch (error) {
    const [first] = error instanceof DiagnosticError ? error.diagnostics : [cloud.diagnose(error, aws.resource)];
    if (!first) throw error;
    return { outcome: "failed", message: first.message, ...(first.remedy !== undefined && { advice: first.remedy }) };
  }
}
