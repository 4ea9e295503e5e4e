import { createHash } from "node:crypto";
import type { HttpHandler, HttpRequest, HttpResponse } from "@smithy/core/protocols";
import type { RunningCall } from "../../aws/call.ts";
import { runningCall } from "../../aws/recorder.ts";
import { denial, emptyPage, give, type Kept, keep, refusal, throttling } from "./answers.ts";
import { createLag } from "./lag.ts";
import { createRates } from "./rates.ts";
import type { StormClock } from "./storm-clock.ts";
import { createTransitions } from "./transitions.ts";

/** What goes wrong on the way to AWS and back. */
const faults = [
  "throttled",
  "unavailable",
  "refused",
  "reset",
  "timed-out",
  "lost",
  "failed",
  "denied",
  "cut",
] as const;
export type Fault = (typeof faults)[number];

export interface WeatherOptions {
  seed: number;
  clock: StormClock;
  /** AWS itself. */
  network: HttpHandler;
  /** Of the first so many attempts of each operation, this share fails (0 to 1). */
  likelihood: number;
  attempts: number;
}

/** A request handler between the SDK and AWS. It belongs to an account: what it has seen, every process of that account meets. */
export interface Weather {
  handler: HttpHandler;
  /** What it did, in order: `ec2:RunInstances 1: lost`. */
  log: readonly string[];
  /** Requests that were refused for being too many. */
  throttled(): number;
}

/**
 * AWS on a bad day. Every decision depends on the seed, the operation and how often that was asked, on nothing else: the same seed gives the same day. Throttling at AWS's
 * rates, answers that come late or never, reads that lag behind writes, lists in pages of which one fails, calls that are denied, states that take a while.
 */
export function createWeather(options: WeatherOptions): Weather {
  const { seed, clock, network } = options;
  const log: string[] = [];
  const counts = new Map<string, number>();
  const continued = new Map<string, { request: HttpRequest; isCut: boolean }>();
  const chance = (...of: (string | number)[]): number => chanceOf(seed, ...of);
  const hasRoom = createRates(clock.now);
  const lag = createLag({ now: clock.now, chance });
  const transitions = createTransitions(chance);
  let throttled = 0;

  function note(text: string): void {
    log.push(text);
  }

  function faultFor(call: RunningCall, count: number): Fault | undefined {
    const name = `${call.service}:${call.operation}`;
    if (call.service === "sts" || count > options.attempts) return undefined;
    if (chance(name, count) >= options.likelihood) return undefined;
    const fault = faults[Math.floor(chance("which", name, count) * faults.length)];
    return fault === "cut" && !isPaged(call) ? undefined : fault;
  }

  async function answer(request: HttpRequest, settings: unknown): Promise<HttpResponse> {
    const call = runningCall();
    if (!call) throw new Error("A request was sent outside a call.");
    const { service, operation } = call;
    const name = `${service}:${operation}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (!hasRoom(call)) {
      throttled++;
      return throttling(service);
    }
    const token = tokenIn(call);
    const more = token === undefined ? undefined : continued.get(token);
    if (more?.isCut) return denial(service, operation);
    const fault = faultFor(call, count);
    if (fault) note(`${name} ${count}: ${fault}`);
    switch (fault) {
      case "throttled":
        throttled++;
        return throttling(service);
      case "unavailable":
        return refusal(service, "ServiceUnavailable", "The service is unavailable. Please try again shortly.", 503);
      case "refused":
        throw failure("ECONNREFUSED", "connect ECONNREFUSED");
      case "reset":
        throw failure("ECONNRESET", "socket hang up");
      case "denied":
        return denial(service, operation);
      default:
    }
    const paged = more ? undefined : firstPage(call, count, request, fault === "cut");
    if (paged) return paged;
    const state = transitions.refuse(call) ?? lag.refuse(call);
    if (state) {
      note(`${name} ${count}: ${state.note}`);
      return state.answer;
    }
    const old = lag.before(call);
    if (old) {
      note(`${name} ${count}: as it was before`);
      return give(old);
    }
    const kept = await sent(more?.request ?? request, settings);
    if (kept.status < 300) transitions.seen(call, kept);
    const shown = transitions.shown(call, kept);
    // What is told once more later is what was told.
    if (kept.status < 300) lag.seen(call, shown);
    switch (fault) {
      case "timed-out":
        throw Object.assign(new Error("The request timed out."), { name: "TimeoutError" });
      case "lost":
        throw failure("ECONNRESET", "socket hang up");
      case "failed":
        return refusal(service, "InternalError", "An internal error has occurred.", 500);
      default:
        return give(shown);
    }
  }

  /** EC2 gives pages to who asks for them. */
  function isPaged({ service, operation, mutating, input }: RunningCall): boolean {
    if (mutating || (service === "ec2" && input.MaxResults === undefined)) return false;
    return emptyPage(service, operation) !== undefined;
  }

  /** A list may begin with an empty page; when the next one fails, nothing was seen. */
  function firstPage(call: RunningCall, count: number, request: HttpRequest, isCut: boolean): HttpResponse | undefined {
    const { service, operation } = call;
    const name = `${service}:${operation}`;
    if (!isPaged(call) || !(isCut || chance("pages", name, count) < 0.1)) return undefined;
    const next = `page-${continued.size + 1}`;
    continued.set(next, { request, isCut });
    return emptyPage(service, operation, next);
  }

  async function sent(request: HttpRequest, settings: unknown): Promise<Kept> {
    const { response } = await network.handle(request, settings as Parameters<HttpHandler["handle"]>[1]);
    return keep(response);
  }

  return {
    handler: {
      ...network,
      handle: (request, settings) => clock.during(async () => ({ response: await answer(request, settings) })),
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    },
    log,
    throttled: () => throttled,
  };
}

function tokenIn({ input }: RunningCall): string | undefined {
  const { NextToken, nextToken, Marker, PaginationToken } = input;
  const token = [NextToken, nextToken, Marker, PaginationToken].find((each) => typeof each === "string" && each !== "");
  return token as string | undefined;
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** From 0 to 1, the same for the same words. */
export function chanceOf(...words: readonly (string | number)[]): number {
  return createHash("sha1").update(words.join("|")).digest().readUInt32BE(0) / 2 ** 32;
}
