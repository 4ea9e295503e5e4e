import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply } from "./apply/apply.ts";
import type { Verbs } from "./engine.ts";
import { guard } from "./plan/guard.ts";
import { order } from "./plan/order.ts";
import { plan } from "./plan/plan.ts";
import type { ResourceType } from "./resource/model.ts";
import { identifierTag } from "./resource/owner.ts";
import type { MemoryCloud } from "./testing/memory-cloud.ts";
import { memoryTypes } from "./testing/memory-types.ts";
import { drawn, proves, tried } from "./testing/proofs.ts";
import { scenario, scenarios } from "./testing/scenario.ts";

const minutes = 60_000;

describe("whatever is declared, and wherever a run is killed", () => {
  it("the next run reaches what is declared, and touches nothing else", {
    ...proves([1, 2, 6], "memory"),
    timeout: 60 * minutes,
  }, async (context) => {
    let boundaries = 0;
    await fc.assert(
      fc.asyncProperty(scenarios, async ([first, second, kill]) => {
        const { problems, killed } = await scenario(first, second, kill);
        if (killed) boundaries++;
        expect(problems).toEqual([]);
      }),
      drawn(context, 150),
    );
    tried(context, { boundaries, types: memoryTypes.map((type) => type.type) });
  });
});

type Type = ResourceType<MemoryCloud>;

function withHandlers(change: (type: Type) => Partial<Type["handlers"]>): readonly Type[] {
  return memoryTypes.map(
    (type) => Object.create(type, { handlers: { value: { ...type.handlers, ...change(type) } } }) as Type,
  );
}

/** Each rule of the engine, broken on purpose. */
const broken: { rule: string; how: string; found: RegExp; fault: Parameters<typeof scenario>[3] }[] = [
  {
    rule: "1. desired and observed are compared in one canonical form",
    how: "types lose their normal form",
    found: /still differ/,
    fault: {
      types: memoryTypes.map(
        (type) => Object.create(type, { handlers: { value: { ...type.handlers, canonical: undefined } } }) as Type,
      ),
    },
  },
  {
    rule: "2. all writing is in apply",
    how: "a stage before it writes",
    found: /not part of a planned change/,
    fault: {
      verbs: {
        async guard(planned, options) {
          const [change] = planned.stacks.flatMap((stack) => stack.changes).filter((each) => each.observed);
          const cloud = change?.stack.cloud as MemoryCloud | undefined;
          await cloud?.mutate("memory:Delete", (store) =>
            store.remove(change?.type.type ?? "", change?.identifier ?? ""),
          );
          return guard(planned, options);
        },
      } satisfies Partial<Verbs>,
    },
  },
  {
    rule: "3. absence needs proof",
    how: "a list that fails counts as empty",
    found: /live: |name-taken|exists/,
    fault: { types: withHandlers(() => ({ async *list() {} })) },
  },
  {
    rule: "4. only what is ours is touched",
    how: "the copy of our tags on somebody's copy counts",
    found: /strangers: |next plan is not empty/,
    fault: {
      types: withHandlers((type) => ({
        async *list(cloud) {
          for await (const found of type.handlers.list(cloud)) yield { ...found, tags: unmarked(found.tags) };
        },
        async read(cloud, identifier) {
          const observed = await type.handlers.read(cloud, identifier);
          return observed && { ...observed, tags: unmarked(observed.tags) };
        },
      })),
    },
  },
  {
    rule: "5. create makes it exist, update does the rest",
    how: "what exists counts as finished",
    found: /next plan is not empty/,
    fault: {
      verbs: {
        apply: ((graph, worlds, options) => {
          const nodes = new Map([...graph.nodes].filter(([, node]) => node.step.operation !== "update"));
          return apply({ ...graph, nodes }, worlds, options);
        }) as Verbs["apply"],
      },
    },
  },
  {
    rule: "6. order is derived",
    how: "nothing waits for anything, deletions first",
    found: /is used by|not known|is not there/,
    fault: {
      verbs: {
        order: ((planned, worlds) => {
          const graph = order(planned, worlds);
          return { ...graph, before: () => [], order: [...graph.order].reverse() };
        }) as Verbs["order"],
      },
    },
  },
  {
    rule: "7. Unknown is a value of its own",
    how: "what is unknown counts as equal",
    found: /is used by|next plan is not empty/,
    fault: {
      verbs: {
        plan: ((worlds, options) => {
          const planned = plan(worlds, options);
          const unknown = ["dependency-replaced", "depends-on-unknown"];
          const stacks = planned.stacks.map((stack) => ({
            ...stack,
            changes: stack.changes.map((change) =>
              change.reasons.length > 0 && change.reasons.every((reason) => unknown.includes(reason))
                ? { ...change, action: "none" as const }
                : change,
            ),
          }));
          return { ...planned, stacks };
        }) as Verbs["plan"],
      },
    },
  },
];

function unmarked<T extends Readonly<Record<string, string>> | null | undefined>(tags: T): T {
  if (!tags) return tags;
  const { [identifierTag]: _, ...rest } = tags;
  return rest as T;
}

describe("a rule of the engine, broken on purpose, is found out", () => {
  it.each(broken)(
    "$rule: $how",
    async ({ fault }) => {
      const result = await fc.check(
        fc.asyncProperty(scenarios, async ([first, second, kill]) => {
          expect((await scenario(first, second, kill, fault)).problems).toEqual([]);
        }),
        { numRuns: 300, endOnFailure: true, markInterruptAsFailure: false },
      );
      expect(result.failed).toBe(true);
    },
    10 * minutes,
  );
});
