import type { ResourceType, Stack } from "@reconcile/core";
import { type ContractOptions, proves, stackOf } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import type { Aws } from "../../aws/context.ts";
import { types } from "../../index.ts";
import { changesIn } from "../story.ts";
import { days, onDay, openStorm } from "./storm.ts";

type Options = Pick<ContractOptions<Aws>, "example" | "prerequisites" | "mutations" | "replacements" | "name">;

/** A type on bad days: made, changed and taken away again beside the same things of a stranger, who must not notice. One day in the ordinary run, many by RECONCILE_CASES. */
export function describeStorms(type: ResourceType<Aws>, options: Options, endpoint: () => string): void {
  const { example, prerequisites } = options;
  const stack = (properties: object, name = "app"): Stack =>
    stackOf({ ...prerequisites, Subject: { Type: type.type, Properties: { ...properties } } }, { name });
  const first = stack(example);
  const strange = stack({ ...example, ...elsewhere(options) }, "stranger");
  const names = new Set([...first.template.resources.values()].map((resource) => resource.type));
  const concerned = types.filter((each) => names.has(each.type));

  describe(`${type.type} on a bad day`, () => {
    it.for(days())(
      "is made, changed and destroyed all the same, on day %s",
      { timeout: 300_000, ...proves([1, 5, 6, 9], "handler") },
      async (seed, context) => {
        const storm = await openStorm({ endpoint: endpoint(), seed });
        await onDay(context, storm, [type.type], async () => {
          const empty = await storm.inventory(concerned);
          await storm.inPeace(strange);
          const before = await storm.inventory(concerned);
          await storm.reach(first);
          const both = Object.fromEntries(
            Object.entries(before).map(([name, count]) => [name, 2 * count - (empty[name] ?? 0)]),
          );
          expect(await storm.inventory(concerned), "doubled or lost").toEqual(both);
          const changed = stack(changedProperties(options));
          await storm.reach(changed, { base: first });
          expect(await storm.inventory(concerned), "doubled or lost").toEqual(both);
          await storm.reach(changed, { destroy: true });
          expect(await storm.inventory(concerned), "left behind").toEqual(before);
          const { diagnostics, ...plan } = await storm.plan(strange);
          expect([diagnostics, changesIn(plan)], "the stranger").toEqual([[], []]);
        });
      },
    );
  });
}

/** What the example names itself, a stranger has under another name. */
function elsewhere({ example, name = {}, replacements }: Options): object {
  const taken = Object.keys(name).filter((property) => property in example);
  return Object.fromEntries(taken.map((property) => [property, replacements[property]]));
}

/** Every property that can change in place, and where there is none, one that replaces. */
function changedProperties({ example, mutations, replacements }: Options): object {
  const kept = mutations.filter((mutation) => mutation.unset !== "replaces");
  const [replacement] = Object.entries(replacements);
  if (kept.length === 0 && replacement) return { ...example, [replacement[0]]: replacement[1] };
  return Object.assign({ ...example }, ...kept.map(({ property, to, with: more }) => ({ ...more, [property]: to })));
}
