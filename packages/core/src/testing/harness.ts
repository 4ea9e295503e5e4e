import type { BookkeepingOptions } from "../apply/bookkeeping.ts";
import type { StackRecord } from "../apply/head-record.ts";
import type { LeaseClock } from "../apply/lease.ts";
import type { Run, RunEvent } from "../apply/model.ts";
import { hasErrors } from "../diagnostic.ts";
import { createEngine, type EngineOptions, type Prepared, type Verbs } from "../engine.ts";
import type { FoundBase } from "../plan/found-base.ts";
import type { WholeProject } from "../plan/orphan-stacks.ts";
import type { PlanDocument } from "../report/document.ts";
import type { Handlers, ResourceType } from "../resource/model.ts";
import { createRegistry } from "../resource/registry.ts";
import { defaultProject } from "../stack/index.ts";
import type { ParameterValue, Stack } from "../stack/model.ts";
import { parseTemplate } from "../template/index.ts";
import type { InputRequest } from "../template/model.ts";
import type { createMemoryCloud, Faults, MemoryCloud, MemoryRun } from "./memory-cloud.ts";
import { memoryTypes } from "./memory-types.ts";

/** A stack from resources as they would stand in a template. Throws when the template has errors: that is a mistake in the test. */
export function stackOf(
  resources: unknown,
  options: {
    name?: string;
    /** A text, or the outside value that it is. */
    parameters?: Record<string, string | Omit<InputRequest, "place">>;
    template?: Record<string, unknown>;
    tags?: Record<string, string>;
    dependsOn?: readonly string[];
  } = {},
): Stack {
  const name = options.name ?? "app";
  const file = `${name}.yaml`;
  const { value: template, diagnostics } = parseTemplate({
    path: file,
    text: JSON.stringify({ ...options.template, Resources: resources }, null, 1),
  });
  if (!template || hasErrors(diagnostics))
    throw new Error(diagnostics.map((each) => `${each.code}: ${each.message}`).join("\n"));
  const place = { file, line: 1, column: 1 };
  const parameters = new Map<string, ParameterValue>(
    Object.entries(options.parameters ?? {}).map(([key, given]) => [
      key,
      typeof given === "string"
        ? { kind: "literal", text: given, place }
        : { kind: "input", request: { ...given, place }, place },
    ]),
  );
  return {
    name,
    project: { ...defaultProject, name: "test" },
    file,
    template,
    parameters,
    tags: options.tags ?? {},
    region: "us-east-1",
    dependsOn: options.dependsOn ?? [],
    place,
  };
}

/** A type with other facts or handlers: one feature, without a type of its own for it. */
export function variant(
  type: ResourceType<MemoryCloud>,
  facts: Partial<ResourceType<MemoryCloud>>,
  handlers: Partial<Handlers<Record<string, unknown>, MemoryCloud>> = {},
): ResourceType<MemoryCloud> {
  const own = Object.entries({ ...facts, handlers: { ...type.handlers, ...handlers } });
  return Object.create(type, Object.fromEntries(own.map(([name, value]) => [name, { value, enumerable: true }])));
}

/** The types of the memory cloud with some of them replaced by variants, and with further ones. */
export function typesWith(...variants: readonly ResourceType<MemoryCloud>[]): readonly ResourceType<MemoryCloud>[] {
  const names = new Set(variants.map((each) => each.type));
  return [...memoryTypes.filter((each) => !names.has(each.type)), ...variants];
}

export interface RunOptions extends Faults {
  neighbours?: readonly Stack[];
  base?: readonly Stack[];
  destroy?: boolean;
  allowDelete?: readonly string[];
  abandon?: readonly string[];
  whole?: WholeProject;
  approved?: PlanDocument;
  revision?: string | null;
  types?: readonly ResourceType<MemoryCloud>[];
  verbs?: Partial<Verbs>;
  parallelism?: number;
  refreshInputs?: boolean;
  environment?: Readonly<Record<string, string>>;
  /** Default: 2030-06-15. */
  today?: string;
  signal?: AbortSignal;
  /** Regions that are other clouds. */
  regions?: Readonly<Record<string, ReturnType<typeof createMemoryCloud>>>;
  /** Runs know of one another. */
  bookkeeping?: Bookkeeping;
  /** Called with every event as it comes. */
  watch?: (event: RunEvent) => void;
}

export interface Bookkeeping extends Pick<BookkeepingOptions, "lockTimeout" | "purpose"> {
  actor?: string;
  /** Of the stacks that are applied; not given: none. */
  revision?: string;
  dirty?: boolean;
  /** What git knows: by revision, the stacks as they were. Given: the base is what was applied last. */
  commits?: Readonly<Record<string, readonly Stack[]>>;
}

function bookkeepingOf(
  given: Bookkeeping,
  run: MemoryRun,
  clock: LeaseClock,
): Pick<EngineOptions<MemoryCloud>, "bookkeeping" | "findBase"> {
  const { actor = "tester", revision = null, dirty = false, commits } = given;
  const bookkeeping: BookkeepingOptions<MemoryCloud> = {
    ...given,
    clock,
    ledger: () => run.ledger,
    actor: () => actor,
    source: (stack) => ({ revision, dirty, tree: JSON.stringify([stack.template.source.text]) }),
  };
  async function findBase(stack: Stack, { head }: StackRecord): Promise<FoundBase> {
    const at = head?.applied?.revision;
    const former = Object.values(commits ?? {}).flatMap(
      (each) => each.find(({ name }) => name === stack.name) ?? [],
    )[0];
    if (!head) return { isKnown: true, revision: null, ...(former && { former }) };
    const committed = at && !head.applied?.dirty ? commits?.[at] : undefined;
    if (!at || !committed) return { isKnown: false, diagnostics: [] };
    const found = committed.find((each) => each.name === stack.name);
    return { isKnown: true, revision: at, ...(found && { stack: found }) };
  }
  return { bookkeeping, ...(commits && { findBase }) };
}

let runs = 0;

/** An engine on the memory cloud, as a new process would have it. */
export function memoryEngine(world: ReturnType<typeof createMemoryCloud>, options: RunOptions = {}) {
  const run = world.connect({
    ...(options.kill && { kill: options.kill }),
    ...(options.failing !== undefined && { failing: options.failing }),
    ...(options.lag !== undefined && { lag: options.lag }),
    ...(options.killAtLedger && { killAtLedger: options.killAtLedger }),
  });
  const engineOptions: EngineOptions<MemoryCloud> = {
    registry: createRegistry(options.types ?? memoryTypes),
    connect: async ({ region = "" }) => options.regions?.[region]?.connect().cloud ?? run.cloud,
    environment: options.environment ?? {},
    today: options.today ?? "2030-06-15",
    clock: world.clock,
    nonce: `run-${++runs}`,
    parallelism: options.parallelism ?? 4,
    allowDelete: options.allowDelete ?? ["all"],
    ...(options.abandon && { abandon: options.abandon }),
    ...(options.whole && { whole: options.whole }),
    ...(options.approved && { approved: options.approved }),
    revision: options.revision ?? null,
    baseRevision: options.base ? "base" : null,
    ...(options.base && { base: new Map(options.base.map((stack) => [stack.name, stack])) }),
    ...(options.neighbours && { neighbours: options.neighbours }),
    ...(options.destroy && { destroy: true }),
    ...(options.refreshInputs && { refreshInputs: true }),
    ...(options.signal && { signal: options.signal }),
    ...(options.bookkeeping && bookkeepingOf(options.bookkeeping, run, world.clock)),
  };
  return { engine: createEngine(engineOptions, options.verbs), run };
}

/** Plans and applies; a plan with refusals is not applied. */
export async function reconcileInMemory(
  world: ReturnType<typeof createMemoryCloud>,
  stacks: readonly Stack[],
  options: RunOptions = {},
): Promise<{ prepared: Prepared<MemoryCloud>; run?: Run; mutations: number }> {
  const { engine, run } = memoryEngine(world, options);
  const prepared = await engine.prepare(stacks);
  if (hasErrors(prepared.plan.diagnostics)) return { prepared, mutations: run.mutations() };
  const events = engine.run(prepared, stacks);
  for (;;) {
    const next = await events.next();
    if (next.done) return { prepared, run: next.value, mutations: run.mutations() };
    options.watch?.(next.value);
  }
}

/** Plans only, and says it in few words. */
export async function planInMemory(
  world: ReturnType<typeof createMemoryCloud>,
  stacks: Stack | readonly Stack[],
  options: RunOptions = {},
) {
  const { engine } = memoryEngine(world, options);
  const prepared = await engine.prepare([stacks].flat());
  const { diagnostics } = prepared.plan;
  const [first] = prepared.plan.stacks;
  if (!first) throw new Error("a plan of no stack");
  return {
    ...prepared,
    diagnostics,
    changes: changesOf(prepared),
    codes: diagnostics.map((each) => each.code),
    reasons: prepared.plan.stacks.flatMap((stack) => stack.changes.flatMap((change) => change.reasons)),
    stack: first,
    /** Of the first stack: a change that must be there. */
    change(logicalId: string, action?: string) {
      const found = first.changes.find(
        (each) => each.logicalId === logicalId && (action === undefined || each.action === action),
      );
      if (!found) throw new Error(`${logicalId} is not in the plan`);
      return found;
    },
  };
}

/** What a plan would do, a word for each change: `update Web /Description`. */
export function changesOf(prepared: Pick<Prepared<MemoryCloud>, "plan">): string[] {
  return prepared.plan.stacks.flatMap((stack) =>
    stack.changes
      .filter((change) => change.action !== "none")
      .map((change) => [change.action, change.logicalId, ...change.properties.map((each) => each.path)].join(" ")),
  );
}
