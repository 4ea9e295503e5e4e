import { expect } from "vitest";
import type { Run } from "../apply/model.ts";
import { DiagnosticError, hasErrors } from "../diagnostic.ts";
import { createEngine, type Prepared } from "../engine.ts";
import { confirmTags } from "../plan/confirm-tags.ts";
import type { Cloud, Observed, ResourceType } from "../resource/model.ts";
import { isOwnTag } from "../resource/owner.ts";
import { createRegistry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import { isRecord } from "../value.ts";
import type { ContractOptions, ContractPlace, ContractProcess, Properties } from "./contract-model.ts";
import { stackOf } from "./harness.ts";

/** The logical id of the resource that is tested. */
export const subject = "Subject";

export function changesIn<C extends Cloud>({ stacks }: Prepared<C>["plan"]): string[] {
  const changes = stacks.flatMap((each) => each.changes).filter((change) => change.action !== "none");
  return changes.map((change) =>
    [change.action, change.logicalId, ...change.properties.map((each) => each.path)].join(" "),
  );
}

/** What to look at when a plan after an apply is not empty. */
export const notEmpty =
  "`read` does not give back what `update` wrote, `update` does not write it, `canonical` does not make the two equal, or the sandbox drops it";

/** What a run is given besides the stack. */
export interface Given {
  base?: Stack;
  destroy?: boolean;
  allowDelete?: readonly string[];
}

/** What the cases are made of: places, stacks, runs, and what others do behind our back. */
export function openContract<C extends Cloud>(type: ResourceType<C>, options: ContractOptions<C>) {
  const registry = createRegistry(options.types);
  type Here = ContractPlace<C>;
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
      today: "2030-06-15",
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
    given: Given = {},
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
    expect(done.run.confirmed && changesIn(done.run.confirmed), notEmpty).toEqual([]);
    return done;
  }

  function prepare(here: Here, wanted: Stack, given: Given = {}): Promise<Prepared<C>> {
    return engine(here.process(), given).prepare([wanted]);
  }

  async function plan(here: Here, wanted: Stack, given: Given = {}): Promise<string[]> {
    const { plan: planned } = await prepare(here, wanted, given);
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
    runIn,
    prepare,
    plan,

    async read(here: Here, identifier: string): Promise<Observed | undefined> {
      const cloud = await here.process().connect();
      const observed = await type.handlers.read(cloud, identifier);
      if (!observed || type.handlers.gone?.(observed)) return undefined;
      return confirmTags(type, cloud, observed);
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
