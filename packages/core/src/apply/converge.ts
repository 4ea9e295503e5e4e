import { type Diagnostic, DiagnosticError } from "../diagnostic.ts";
import { confirmTags } from "../plan/confirm-tags.ts";
import { type Circumstances, type Decision, decide } from "../plan/decide.ts";
import { changedBy, type Difference } from "../plan/diff.ts";
import { findMade, naturalKey } from "../plan/find.ts";
import { labelOf } from "../plan/label.ts";
import type { Desired } from "../plan/model.ts";
import { segmentsOf } from "../pointer.ts";
import type { Cloud, Observed, ResourceType, Tags, Wish } from "../resource/model.ts";
import type { Clock } from "./clock.ts";
import { withIgnored } from "./ignored.ts";
import { growing, lookUntil, untilEqual } from "./until.ts";

/** What every step writes and tells with. */
export interface Tools<C extends Cloud> {
  cloud: C;
  clock: Clock;
  type: ResourceType<C>;
  progress(message: string): void;
  /** Runs a mutating call as part of the planned change. */
  write<T>(call: () => Promise<T>): Promise<T>;
}

/** One write of one resource: what it needs besides the resource. */
export interface Writing<C extends Cloud> extends Tools<C> {
  desired: Desired<C>;
  wish: Wish;
  circumstances: Circumstances;
  /** Identifiers of what carries the same tags, and is not what a create makes: the one that is replaced, left-overs. */
  others: ReadonlySet<string>;
  /** A graver decision than the planned one: not taken. */
  refuse(decision: Decision): never;
}

/** How long what was made may be hidden, as the waits between two looks in milliseconds. */
const untilThere = growing(200, 15_000, 2 * 60_000);
/** How long to look for what a write without an answer may have done. */
const untilKnown = growing(200, 5000, 30_000);

/** `create` makes it exist; `update` does the rest. */
export async function createAndConverge<C extends Cloud>(writing: Writing<C>): Promise<Observed> {
  writing.progress("creating");
  const identifier = await create(writing);
  const observed = await readUntilThere(writing, identifier);
  return converge(writing, observed, atCreation(writing, observed));
}

/** What is ignored afterwards is used at creation: by the first update, too, which does what creating cannot. */
function atCreation<C extends Cloud>(writing: Writing<C>, observed: Observed): Writing<C> {
  const circumstances = { ...writing.circumstances, ignore: [] };
  return decide(writing.desired, observed, circumstances).action === "replace"
    ? writing
    : { ...writing, circumstances };
}

/** Without an answer it is not sent again, but looked for. Where AWS itself refuses a second one of that name, there is one more try. */
async function create<C extends Cloud>(writing: Writing<C>): Promise<string> {
  const { cloud, type, wish, desired, clock } = writing;
  const send = (): Promise<string> => writing.write(() => type.handlers.create(cloud, wish));
  try {
    return await send();
  } catch (error) {
    if (!cloud.mayHaveHappened?.(error)) throw error;
    writing.progress("no answer: looking whether it was made");
    const made = await lookUntil(cloud, () => findMade(writing), untilKnown, clock);
    if (made) return made.identifier;
    if (naturalKey(type, desired.properties) === undefined) throw error;
    return send();
  }
}

/**
 * Brings a live resource in line: an update, and at most one more if the read still differs. A third is never sent: then something else writes it too, or a normalisation
 * is missing, and both need a person.
 */
export async function converge<C extends Cloud>(
  writing: Writing<C>,
  live: Observed,
  initial = writing,
): Promise<Observed> {
  const first = await trusted(writing, live);
  if (!first) throw new DiagnosticError(vanished(writing, live.identifier));
  let observed = first;
  let decision = decided(initial, observed);
  let unanswered: { error: unknown } | undefined;
  for (let attempt = 0; attempt < 2 && decision.differences.length > 0; attempt++) {
    writing.progress("updating");
    unanswered = await update(attempt === 0 ? initial : writing, observed, decision).catch((error: unknown) => {
      if (!writing.cloud.mayHaveHappened?.(error)) throw error;
      return { error };
    });
    observed = await readUntilEqual(writing, observed.identifier);
    decision = decided(writing, observed);
  }
  if (decision.differences.length > 0 && unanswered) throw unanswered.error;
  if (decision.differences.length > 0) throw new DiagnosticError(notEqual(writing, decision));
  const { ready } = writing.type.handlers;
  if (!ready) return observed;
  writing.progress("waiting until usable");
  await ready(writing.cloud, observed);
  return (await read(writing, observed.identifier)) ?? observed;
}

/** A difference in tags that an index shows is not believed before the service itself has said so. */
async function trusted<C extends Cloud>(writing: Writing<C>, observed: Observed): Promise<Observed | undefined> {
  const differs = observed.tagsFromIndex && decided(writing, observed).differences.some((each) => isTag(each.path));
  return differs ? confirmTags(writing.type, writing.cloud, observed) : observed;
}

function isTag(path: string): boolean {
  return path.startsWith("/Tags/");
}

function decided<C extends Cloud>(writing: Writing<C>, observed: Observed): Decision {
  const decision = decide(writing.desired, observed, writing.circumstances);
  if (decision.action === "replace") writing.refuse(decision);
  return decision;
}

async function update<C extends Cloud>(
  writing: Writing<C>,
  observed: Observed,
  decision: Decision,
): Promise<undefined> {
  const { cloud, type } = writing;
  const wish = withIgnored(writing.wish, observed, { shape: type.shape, ignore: writing.circumstances.ignore });
  const properties = decision.differences.filter((each) => !isTag(each.path));
  if (properties.length > 0)
    await writing.write(() => type.handlers.update(cloud, observed, wish, changedBy(properties)));
  const { set, remove } = tagsOf(decision.differences);
  if (remove.length > 0 || Object.keys(set).length > 0)
    await writing.write(() => changeTags(type, cloud, observed, set, remove));
}

/** What differences say of tags, as a handler takes it. */
export function tagsOf(differences: readonly Pick<Difference, "path" | "after">[]): {
  set: Record<string, string>;
  remove: string[];
} {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const each of differences.filter((difference) => isTag(difference.path))) {
    const [, key = ""] = segmentsOf(each.path);
    if (each.after === undefined) remove.push(key);
    else set[key] = String(each.after);
  }
  return { set, remove };
}

/** Sets and removes tags of a resource that has some. */
export async function changeTags<C extends Cloud>(
  type: ResourceType<C>,
  cloud: C,
  observed: Observed,
  set: Tags,
  remove: readonly string[],
): Promise<void> {
  const { tag } = type.handlers;
  if (!tag) throw new Error(`${type.type} has tags and cannot change them`);
  await tag(cloud, observed, set, remove);
}

function read<C extends Cloud>(writing: Writing<C>, identifier: string): Promise<Observed | undefined> {
  return writing.type.handlers.read(writing.cloud, identifier);
}

async function readUntilThere<C extends Cloud>(writing: Writing<C>, identifier: string): Promise<Observed> {
  const observed = await lookUntil(writing.cloud, () => read(writing, identifier), untilThere, writing.clock);
  if (observed) return observed;
  throw new DiagnosticError({
    code: "converge.not-found",
    severity: "error",
    message: `${identifier} was created and cannot be found.`,
    remedy: "run again: what exists by then is taken up",
    resource: labelOf(writing.desired),
  });
}

/** The last that was read, when it never becomes equal. */
async function readUntilEqual<C extends Cloud>(writing: Writing<C>, identifier: string): Promise<Observed> {
  let last: Observed | undefined;
  const look = async (): Promise<Observed | undefined> => {
    const found = await read(writing, identifier);
    last = (found && (await trusted(writing, found))) ?? last;
    return last && decided(writing, last).differences.length === 0 ? last : undefined;
  };
  await lookUntil(writing.cloud, look, untilEqual, writing.clock);
  if (last) return last;
  throw new DiagnosticError(vanished(writing, identifier));
}

function vanished<C extends Cloud>(writing: Writing<C>, identifier: string): Diagnostic {
  return {
    code: "converge.vanished",
    severity: "error",
    message: `${identifier} vanished while it was updated.`,
    remedy: "run again: it is created anew",
    resource: labelOf(writing.desired),
  };
}

function notEqual<C extends Cloud>(writing: Writing<C>, decision: Decision): Diagnostic {
  const paths = decision.differences.map((each) => each.path);
  return {
    code: "converge.not-equal",
    severity: "error",
    message: `After two updates these still differ from what is declared: ${paths.map((path) => path.slice(1)).join(", ")}.`,
    remedy: "something else may be writing them, or AWS does not accept the value as it is written",
    resource: labelOf(writing.desired),
    place: writing.desired.evaluated.placeOf(paths.slice(0, 1).join("")),
  };
}
