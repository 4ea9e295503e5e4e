import { describe, expect, it } from "vitest";
import type { Run } from "../apply/model.ts";
import { DiagnosticError, hasErrors } from "../diagnostic.ts";
import { createEngine, type EngineOptions, type Prepared } from "../engine.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { isOwnTag } from "../resource/owner.ts";
import { createRegistry } from "../resource/registry.ts";
import { generatedNameOf } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import { isRecord } from "../value.ts";
import { stackOf } from "./harness.ts";
import type { Kill } from "./memory-cloud.ts";

/** One process: it is killed, or calls of it fail, as asked. */
export interface ContractProcess<C extends Cloud> {
  connect(): Promise<C>;
  /** Mutating calls that were sent, or would have been. */
  mutations(): number;
  /** Was the kill reached? */
  dead(): boolean;
  /** Operations that were called, `ec2:DescribeSecurityGroups`, in their order. */
  operations(): readonly { operation: string; mutating: boolean }[];
}

/** Where a type is put to the test: each `open` gives an empty place of its own. */
export interface ContractWorld<C extends Cloud> {
  clock: EngineOptions<C>["clock"];
  open(): Promise<{ process(faults?: { kill?: Kill; failing?: string }): ContractProcess<C> }>;
}

type Properties = Record<string, unknown>;

/** A property that takes a value, another, and is taken away again. */
export interface Mutation {
  /** What changes; the pointer that the plan must name is made from it, or is `path`. */
  property: string;
  /** First value; undefined: the property is added to the example. */
  from?: unknown;
  to: unknown;
  /** Every pointer in the plan must begin with this. Default: the property. */
  path?: string;
  /** What else has to be declared along with the value. */
  with?: Properties;
  /** What taking it away does. Default: restores what a resource has that never declared it. */
  unset?: "restores" | "keeps" | "replaces" | "required";
}

export interface ContractOptions<C extends Cloud> {
  types: readonly ResourceType<C>[];
  world: ContractWorld<C>;
  /** Properties that make a resource, and no more than that. */
  example: Properties;
  /** What the example refers to, by logical id. The tested resource is `Subject`. */
  prerequisites?: Record<string, { Type: string; Properties?: Properties; DependsOn?: string }>;
  mutations: readonly Mutation[];
  /** Create-only properties, each with another value that it can have. */
  replacements: Properties;
  /** The natural key as declared properties, where the example leaves it to a generated name. */
  name?: Properties;
  /** Read calls that a plan of the example may need, prerequisites included. */
  budget: number;
  /** By case: why it cannot be tried here. */
  skips?: Partial<Record<ContractCase, string>>;
}

export type ContractCase =
  | "empties"
  | "budget"
  | "mutations"
  | "replaces"
  | "name-taken"
  | "drift"
  | "recreates"
  | "refuses-other-owner"
  | "adopts"
  | "destroys"
  | "ignores-copies"
  | "crashes"
  | "failed-reads";

const subject = "Subject";

/** What to look at when a plan after an apply is not empty. */
const notEmpty =
  "`read` does not give back what `update` wrote, `update` does not write it, `canonical` does not make the two equal, or the sandbox drops it";

/**
 * The suite that every resource type must pass. A case that cannot be tried is skipped with a written reason, which the name of the test carries.
 */
export function describeResourceType<C extends Cloud>(type: ResourceType<C>, options: ContractOptions<C>): void {
  const contract = openContract(type, options);
  const { place, stack, run, plan } = contract;

  const test = (name: ContractCase, story: string, body: () => Promise<void>): void => {
    const reason = options.skips?.[name];
    if (reason === undefined) it(story, body, 300_000);
    else it.skip(`${story} (skipped: ${reason})`, () => undefined);
  };

  describe(type.type, () => {
    test("empties", "is created, and the next plan is empty", async () => {
      const here = await place();
      const first = await run(here, stack());
      expect(actionOf(first.prepared)).toBe("create");
      expect(first.run.diagnostics).toEqual([]);
      expect(await plan(here, stack()), notEmpty).toEqual([]);
    });

    test("budget", `is planned with at most ${options.budget} calls`, async () => {
      const here = await place();
      await run(here, stack());
      const process = here.process();
      await contract.engine(process).prepare([stack()]);
      const calls = process.operations().map((each) => each.operation);
      expect(calls.length, calls.join(" ")).toBeLessThanOrEqual(options.budget);
      const declared = new Set(options.types.flatMap((each) => [...each.actions.read, ...each.actions.write]));
      const undeclared = calls.filter((operation) => !isCommon(operation) && !declared.has(operation));
      expect(undeclared, "called, but not in actions.read").toEqual([]);
    });

    for (const mutation of options.mutations) {
      test("mutations", `${mutation.property} is set, changed and taken away, and nothing else`, async () => {
        const here = await place();
        const states = [
          stack({
            ...options.example,
            ...(mutation.from !== undefined && { ...mutation.with, [mutation.property]: mutation.from }),
          }),
          stack({ ...options.example, ...mutation.with, [mutation.property]: mutation.to }),
        ];
        const never =
          mutation.unset === "required" ? states[0] : stack(without(options.example, mutation.property, mutation.with));
        const [first, second] = states as [Stack, Stack];
        await run(here, first);
        const seen = await run(here, second, { base: first });
        expectOnly(seen.prepared, "update", mutation);
        expect(await plan(here, second), notEmpty).toEqual([]);
        const unset = mutation.unset ?? "restores";
        const third = await run(here, never as Stack, { base: second });
        if (unset === "keeps") expect(actionOf(third.prepared)).toBe("none");
        else expectOnly(third.prepared, unset === "replaces" ? "replace" : "update", mutation);
        expect(await plan(here, never as Stack, { base: second }), notEmpty).toEqual([]);
      });

      test("drift", `${mutation.property} changed behind our back is named and repaired`, async () => {
        const here = await place();
        const declared = {
          ...options.example,
          ...(mutation.from !== undefined && { ...mutation.with, [mutation.property]: mutation.from }),
        };
        await run(here, stack(declared));
        await contract.changeBehindOurBack(
          here,
          stack(declared),
          stack({ ...declared, ...mutation.with, [mutation.property]: mutation.to }),
        );
        const wanted =
          mutation.from === undefined && mutation.unset === "keeps"
            ? stack({ ...declared, [mutation.property]: mutation.to })
            : stack(declared);
        if (mutation.unset === "keeps" && mutation.from === undefined)
          return expect(await plan(here, wanted), notEmpty).toEqual([]);
        const repaired = await run(here, wanted, { base: wanted });
        expectOnly(
          repaired.prepared,
          mutation.from === undefined && mutation.unset === "replaces" ? "replace" : "update",
          mutation,
        );
        expect(repaired.prepared.plan.stacks[0]?.changes.find((each) => each.logicalId === subject)?.cause).toBe(
          "drift",
        );
        return expect(await plan(here, wanted), notEmpty).toEqual([]);
      });
    }

    for (const [property, value] of Object.entries(options.replacements)) {
      test(
        "replaces",
        `${property} can only be set at creation: a new one is made, then the old one goes`,
        async () => {
          const here = await place();
          await run(here, stack());
          const before = await contract.identifier(here, stack());
          const other = stack({ ...options.example, [property]: value });
          // What cannot be tagged is found where base had it.
          const seen = await run(here, other, type.handlers.tag ? {} : { base: stack() });
          expect(actionOf(seen.prepared)).toBe("replace");
          expect(await plan(here, other), notEmpty).toEqual([]);
          expect(await contract.identifier(here, other)).not.toBe(before);
          expect(await contract.read(here, before)).toBeUndefined();
        },
      );
    }

    const named = options.name ?? (generatedNameOf(type.shape) ? undefined : {});
    if (named && Object.keys(options.replacements).length > 0 && type.naturalKey && !type.within) {
      test("name-taken", "a declared name cannot be had twice: the replacement is refused", async () => {
        const here = await place();
        const first = { ...options.example, ...named };
        await run(here, stack(first));
        const [[property, value] = ["", undefined]] = Object.entries(options.replacements).filter(
          ([name]) => !(name in named),
        );
        const seen = await contract
          .engine(here.process(), { allowDelete: [] })
          .prepare([stack({ ...first, [property]: value })]);
        expect(seen.plan.diagnostics.map((each) => each.code)).toContain("replace.name-taken");
      });
    }

    test("recreates", "deleted behind our back, it is made again", async () => {
      const here = await place();
      await run(here, stack());
      await contract.deleteBehindOurBack(here, stack());
      const seen = await run(here, stack());
      expect(actionOf(seen.prepared)).toBe("create");
      expect(await plan(here, stack()), notEmpty).toEqual([]);
    });

    if (type.naturalKey && !type.within && type.handlers.tag) {
      const declared = { ...options.example, ...options.name };
      test("refuses-other-owner", "what another stack owns under its name is not touched", async () => {
        const here = await place();
        await run(here, stack(declared, "other"));
        const seen = await contract.engine(here.process()).prepare([stack(declared)]);
        expect(seen.plan.diagnostics.map((each) => each.code)).toContain("exists.other-owner");
        expect(seen.plan.stacks[0]?.unowned.map((each) => each.logicalId)).toContain(subject);
      });

      test("adopts", "is adopted when asked for, and released when it leaves", async () => {
        const here = await place();
        await run(here, stack(declared));
        await contract.disownBehindOurBack(here, stack(declared));
        const refused = await contract.engine(here.process()).prepare([stack(declared)]);
        expect(refused.plan.diagnostics.map((each) => each.code)).toContain("exists.not-ours");
        const adopting = stack(declared, "app", { Metadata: { Reconcile: { adopt: true } } });
        const seen = await run(here, adopting);
        expect(actionOf(seen.prepared)).toBe("adopt");
        expect(await plan(here, adopting), notEmpty).toEqual([]);
        const identifier = await contract.identifier(here, adopting);
        const rest = stackWithout(adopting);
        await run(here, rest, { base: adopting });
        expect(
          Object.keys((await contract.read(here, identifier))?.tags ?? { "reconcile:gone": "" }).filter(isOwnTag),
        ).toEqual([]);
        expect(await plan(here, rest), notEmpty).toEqual([]);
      });
    }

    test("destroys", "is destroyed, and destroying it again does nothing", async () => {
      const here = await place();
      await run(here, stack());
      const identifier = await contract.identifier(here, stack());
      const destroyed = await run(here, stack(), { destroy: true });
      expect(destroyed.run.diagnostics).toEqual([]);
      expect(await contract.read(here, identifier)).toBeUndefined();
      const again = await run(here, stack(), { destroy: true });
      expect(again.mutations).toBe(0);
    });

    if (type.copiesInheritTags) {
      test("ignores-copies", "a copy that carries our tags is not ours", async () => {
        const here = await place();
        await run(here, stack());
        const copy = await contract.copyBehindOurBack(here, stack());
        expect(await plan(here, stack()), notEmpty).toEqual([]);
        await run(here, stack(), { destroy: true });
        expect(await contract.read(here, copy)).toBeDefined();
      });
    }

    const [replacement] = Object.entries(options.replacements);
    const full = stack(allProperties(options));
    const journeys: { name: string; from?: Stack; to: Stack; destroy?: boolean }[] = [
      { name: "created with everything", to: full },
      ...(replacement
        ? [{ name: "replaced", from: stack(), to: stack({ ...options.example, [replacement[0]]: replacement[1] }) }]
        : []),
      { name: "destroyed", from: full, to: full, destroy: true },
    ];
    for (const { name, from, to, destroy = false } of journeys) {
      test("crashes", `killed at any mutating call while it is ${name}, the next run ends the same`, async () => {
        const arrive = async () => {
          const here = await place();
          if (from) await run(here, from);
          return here;
        };
        const untroubled = await arrive();
        await run(untroubled, to, { destroy });
        const living = await contract.listed(untroubled);
        let boundaries = 0;
        for (const answer of ["never-sent", "lost"] as const) {
          for (let at = 1; ; at++) {
            const here = await arrive();
            const process = await contract.killed(here, to, { kill: { at, answer }, destroy });
            if (!process.dead()) break;
            boundaries++;
            const { run: again } = await run(here, to, { destroy });
            expect(again.diagnostics, `${answer}, call ${at}`).toEqual([]);
            expect(again.confirmed && changesIn(again.confirmed), `${answer}, call ${at}`).toEqual([]);
            expect(await contract.listed(here), `${answer}, call ${at}`).toBe(living);
          }
        }
        expect(boundaries).toBeGreaterThan(1);
      });
    }

    test("failed-reads", "a read that fails never means that nothing is there", async () => {
      const here = await place();
      await run(here, stack());
      const reading = here.process();
      await contract.engine(reading).prepare([stack()]);
      for (const failing of new Set(reading.operations().map((each) => each.operation))) {
        const process = here.process({ failing });
        await expect(contract.engine(process).prepare([stack()]), failing).rejects.toThrow();
        expect(process.operations().filter((each) => each.mutating)).toEqual([]);
      }
    });
  });
}

function isCommon(operation: string): boolean {
  return (
    operation === "sts:GetCallerIdentity" || operation === "tagging:GetResources" || operation === "tag:GetResources"
  );
}

/** Every property that the mutations know, at once: the most mutating calls that a type can make. */
function allProperties<C extends Cloud>({ example, mutations }: ContractOptions<C>): Properties {
  const kept = mutations.filter((mutation) => mutation.unset !== "replaces");
  return Object.assign(
    { ...example },
    ...kept.map((mutation) => ({ ...mutation.with, [mutation.property]: mutation.to })),
  );
}

function without(properties: Properties, property: string, and: Properties | undefined): Properties {
  const dropped = new Set([property, ...Object.keys(and ?? {})]);
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !dropped.has(name)));
}

function stackWithout(stack: Stack): Stack {
  const resources = new Map(stack.template.resources);
  resources.delete(subject);
  return { ...stack, template: { ...stack.template, resources } };
}

function actionOf<C extends Cloud>(prepared: Prepared<C>): string | undefined {
  return prepared.plan.stacks[0]?.changes.find((change) => change.logicalId === subject)?.action;
}

function changesIn<C extends Cloud>({ stacks }: Prepared<C>["plan"]): string[] {
  const changes = stacks.flatMap((each) => each.changes).filter((change) => change.action !== "none");
  return changes.map((change) =>
    [change.action, change.logicalId, ...change.properties.map((each) => each.path)].join(" "),
  );
}

/** Exactly this action, at exactly this property, and nothing else in the plan but what depends on a replacement. */
function expectOnly<C extends Cloud>(
  prepared: Prepared<C>,
  action: string,
  { property, path = `/${property}` }: Mutation,
): void {
  expect(prepared.plan.diagnostics).toEqual([]);
  const changes = prepared.plan.stacks.flatMap((each) => each.changes).filter((change) => change.action !== "none");
  expect(changes.map((change) => `${change.action} ${change.logicalId}`)).toEqual([`${action} ${subject}`]);
  const paths = changes.flatMap((change) => change.properties.map((each) => each.path));
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((each) => each !== path && !each.startsWith(`${path}/`))).toEqual([]);
}

/** What the cases are made of: places, stacks, runs, and what others do behind our back. */
function openContract<C extends Cloud>(type: ResourceType<C>, options: ContractOptions<C>) {
  const registry = createRegistry(options.types);
  type Here = Awaited<ReturnType<ContractWorld<C>["open"]>>;
  interface Given {
    base?: Stack;
    destroy?: boolean;
    allowDelete?: readonly string[];
  }
  let runs = 0;

  function stack(properties: Properties = options.example, name = "app", attributes: Properties = {}): Stack {
    return stackOf(
      { ...options.prerequisites, [subject]: { Type: type.type, Properties: properties, ...attributes } },
      { name },
    );
  }

  function engine(process: ContractProcess<C>, given: Given = {}) {
    return createEngine<C>({
      registry,
      connect: () => process.connect(),
      environment: {},
      clock: options.world.clock,
      nonce: `run-${++runs}`,
      parallelism: 4,
      allowDelete: given.allowDelete ?? ["all"],
      revision: null,
      baseRevision: given.base ? "base" : null,
      ...(given.base && { base: new Map([[given.base.name, given.base]]) }),
      ...(given.destroy && { destroy: true }),
    });
  }

  async function runIn(
    process: ContractProcess<C>,
    wanted: Stack,
    given: Given,
  ): Promise<{ prepared: Prepared<C>; run: Run; mutations: number }> {
    const reconciler = engine(process, given);
    const prepared = await reconciler.prepare([wanted]);
    if (hasErrors(prepared.plan.diagnostics)) throw new DiagnosticError(prepared.plan.diagnostics);
    const events = reconciler.run(prepared, [wanted]);
    for (;;) {
      const next = await events.next();
      if (next.done) return { prepared, run: next.value, mutations: process.mutations() };
    }
  }

  async function run(here: Here, wanted: Stack, given: Given = {}) {
    const done = await runIn(here.process(), wanted, given);
    if (hasErrors(done.run.diagnostics)) throw new DiagnosticError(done.run.diagnostics);
    return done;
  }

  async function plan(here: Here, wanted: Stack, given: Given = {}): Promise<string[]> {
    const { plan: planned } = await engine(here.process(), given).prepare([wanted]);
    expect(planned.diagnostics).toEqual([]);
    return changesIn(planned);
  }

  /** What lives as the subject, from a plan: `change.observed`. */
  async function subjectIn(
    here: Here,
    wanted: Stack,
  ): Promise<{ cloud: C; observed: Observed; prepared: Prepared<C> }> {
    const process = here.process();
    const prepared = await engine(process).prepare([wanted]);
    const change = prepared.plan.stacks[0]?.changes.find(
      (each) => each.logicalId === subject && each.action !== "create",
    );
    if (!change?.observed) throw new Error("the subject does not live");
    return { cloud: change.stack.cloud, observed: change.observed, prepared };
  }

  async function behindOurBack(
    here: Here,
    wanted: Stack,
    act: (cloud: C, observed: Observed, prepared: Prepared<C>) => Promise<void>,
  ): Promise<void> {
    const { cloud, observed, prepared } = await subjectIn(here, wanted);
    await cloud.planned({ logicalId: subject, type: type.type, operations: type.actions.write }, () =>
      act(cloud, observed, prepared),
    );
  }

  return {
    place: () => options.world.open(),
    stack,
    engine,
    run,
    plan,

    /** Kills a run at a mutating call. What it ends with does not matter: its process is dead. */
    async killed(here: Here, wanted: Stack, given: Given & { kill: Kill }): Promise<ContractProcess<C>> {
      const process = here.process({ kill: given.kill });
      await runIn(process, wanted, given).catch((error: unknown) => {
        if (!process.dead()) throw error;
      });
      return process;
    },

    async read(here: Here, identifier: string): Promise<Observed | undefined> {
      const cloud = await here.process().connect();
      const observed = await type.handlers.read(cloud, identifier);
      if (!observed || type.handlers.gone?.(observed)) return undefined;
      return observed.tagsFromIndex && type.handlers.tags
        ? { ...observed, tags: await type.handlers.tags(cloud, observed) }
        : observed;
    },

    async identifier(here: Here, wanted: Stack): Promise<string> {
      return (await subjectIn(here, wanted)).observed.identifier;
    },

    /** How many of the type live, ours or not: a duplicate that lost its tags counts. */
    async listed(here: Here): Promise<number> {
      const cloud = await here.process().connect();
      let living = 0;
      for await (const found of type.handlers.list(cloud)) {
        const observed = await type.handlers.read(cloud, found.identifier);
        if (observed && !type.handlers.gone?.(observed)) living++;
      }
      return living;
    },

    async changeBehindOurBack(here: Here, before: Stack, other: Stack): Promise<void> {
      // Through the type's own handlers, by a process that is not ours: the engine of the other declaration. It knows what was there, so that it also takes away from a list
      // of which it would leave alone what nobody declares.
      await run(here, other, { base: before });
    },

    deleteBehindOurBack: (here: Here, wanted: Stack) =>
      behindOurBack(here, wanted, async (cloud, observed) => {
        await type.handlers.delete(cloud, observed, { dataLoss: true });
        // What is not there is as good as deleted.
        await type.handlers.delete(cloud, observed, { dataLoss: true });
      }),

    disownBehindOurBack: (here: Here, wanted: Stack) =>
      behindOurBack(here, wanted, async (cloud, observed) => {
        await type.handlers.tag?.(cloud, observed, {}, Object.keys(observed.tags ?? {}).filter(isOwnTag));
      }),

    async copyBehindOurBack(here: Here, wanted: Stack): Promise<string> {
      let copy = "";
      await behindOurBack(here, wanted, async (cloud, observed) => {
        const properties = isRecord(observed.properties) ? observed.properties : {};
        copy = await type.handlers.create(cloud, { properties, tags: observed.tags ?? {}, token: "a-copy" });
      });
      return copy;
    },
  };
}
