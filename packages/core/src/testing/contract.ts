import { describe, expect, it, type TestContext } from "vitest";
import type { Prepared } from "../engine.ts";
import type { Cloud, ResourceType } from "../resource/model.ts";
import { isOwnTag } from "../resource/owner.ts";
import { generatedNameOf } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import type { ContractCase, ContractOptions, Mutation, Properties } from "./contract-model.ts";
import { notEmpty, openContract, subject } from "./contract-stage.ts";
import { interruptions } from "./interruptions.ts";
import { tried } from "./proofs.ts";

/** What each case proves, by the numbers of docs/guarantees.md. */
const proven: Record<ContractCase, readonly number[]> = {
  empties: [1, 3],
  budget: [],
  mutations: [1, 3],
  replaces: [1, 3],
  "name-taken": [7],
  recreates: [1],
  "refuses-other-owner": [6],
  adopts: [6],
  destroys: [1],
  "ignores-copies": [6],
  crashes: [2],
  "failed-reads": [5],
};

/**
 * The suite that every resource type must pass. A case that cannot be tried is skipped with a written reason, which the name of the test carries.
 */
export function describeResourceType<C extends Cloud>(type: ResourceType<C>, options: ContractOptions<C>): void {
  const contract = openContract(type, options);
  const { place, stack, run, plan, prepare } = contract;

  /** `proves`: what it proves besides. */
  const test = (
    name: ContractCase,
    story: string,
    body: (context: TestContext) => Promise<void>,
    proves: readonly number[] = [],
  ): void => {
    const tags = options.tags?.([...proven[name], ...proves], name) ?? [];
    const skipped = options.skips?.[name];
    if (skipped !== undefined) it.skip(`${story} (skipped: ${skipped})`, { tags, meta: { skipped } }, () => undefined);
    else
      it(story, { tags, timeout: 300_000 }, async (context) => {
        await body(context);
        tried(context, { types: [type.type] });
      });
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
      const { property, from, to, unset = "restores" } = mutation;
      test(
        "mutations",
        `${property} is set, changed, mended when it is changed behind our back, and taken away`,
        async () => {
          const here = await place();
          const set = (value: unknown): Stack => stack({ ...options.example, ...mutation.with, [property]: value });
          const first = from === undefined ? stack() : set(from);
          await run(here, first);
          const changed = await run(here, set(to), { base: first });
          expectOnly(changed.prepared, "update", mutation);
          const rest = stack(without(options.example, property, mutation.with));
          if (from === undefined) expectTaken(await prepare(here, rest, { base: set(to) }), unset, mutation);
          // What is live now is nothing that we declare: somebody else may have made it so.
          const mended = await run(here, first, { base: first });
          if (from !== undefined || unset !== "refused") {
            expectOnly(mended.prepared, from === undefined && unset === "replaces" ? "replace" : "update", mutation);
            expect(causeOf(mended.prepared)).toBe("drift");
          }
          if (from === undefined || unset === "required") return;
          const given = { base: first };
          const taken =
            unset === "refused" ? await prepare(here, rest, given) : (await run(here, rest, given)).prepared;
          expectTaken(taken, unset, mutation);
        },
        unset === "required" ? [] : [14],
      );
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
        const identifier = await contract.identifier(here, adopting);
        const rest = stackWithout(adopting);
        await run(here, rest, { base: adopting });
        expect(
          Object.keys((await contract.read(here, identifier))?.tags ?? { "reconcile:gone": "" }).filter(isOwnTag),
        ).toEqual([]);
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
      test(
        "crashes",
        `killed at any mutating call while it is ${name}, the next run ends the same`,
        async (context) => {
          const arrive = async () => {
            const here = await place();
            if (from) await run(here, from);
            return here;
          };
          const begin = await arrive();
          const again = async () => (await begin.copy?.()) ?? arrive();
          const untroubled = await again();
          await run(untroubled, to, { destroy });
          const living = await contract.listed(untroubled);
          await untroubled.close?.();
          let boundaries = 0;
          for await (const { here, kills } of interruptions(again, (process) =>
            contract.runIn(process, to, { destroy }),
          )) {
            boundaries += kills.length;
            const where = kills.map((kill) => `${kill.answer}, call ${kill.at}`).join("; ");
            const { run: next } = await run(here, to, { destroy });
            expect(next.diagnostics, where).toEqual([]);
            expect(await contract.listed(here), where).toBe(living);
          }
          expect(boundaries).toBeGreaterThan(1);
          tried(context, { boundaries });
        },
      );
    }

    test("failed-reads", "a read that fails never means that nothing is there", async (context) => {
      const here = await place();
      await run(here, stack());
      const reading = here.process();
      await contract.engine(reading).prepare([stack()]);
      for (const operation of new Set(reading.operations().map((each) => each.operation))) {
        for (const how of options.world.failures(operation)) {
          const process = here.process({ failing: { operation, how } });
          await expect(contract.engine(process).prepare([stack()]), `${operation} ${how}`).rejects.toThrow();
          expect(process.operations().filter((each) => each.mutating)).toEqual([]);
          tried(context, { boundaries: 1 });
        }
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

function causeOf<C extends Cloud>(prepared: Prepared<C>): string | null | undefined {
  return prepared.plan.stacks[0]?.changes.find((change) => change.logicalId === subject)?.cause;
}

/** What taking a value away does. */
function expectTaken<C extends Cloud>(prepared: Prepared<C>, unset: Mutation["unset"], mutation: Mutation): void {
  if (unset !== "refused") {
    expectOnly(prepared, unset === "replaces" ? "replace" : "update", mutation);
    return;
  }
  const codes = prepared.plan.diagnostics.map((each) => each.code);
  expect(new Set(codes), `taking ${mutation.property} away was declared to be refused`).toEqual(
    new Set(["unset.irreversible"]),
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
