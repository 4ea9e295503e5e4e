import { proves, stackOf } from "@reconcile/core/testing";
import { describe, expect, it } from "vitest";
import { types } from "./index.ts";
import { changesIn } from "./testing/story.ts";
import { cryptoEnvironment as environment, loadSystem } from "./testing/system.ts";
import { useSandbox } from "./testing/use-sandbox.ts";
import { days, onDay, openStorm } from "./testing/weather/storm.ts";

const sandbox = useSandbox();
const endpoint = (): string => sandbox().endpoint;

const stack = await loadSystem("desired-state/crypto-agent.yaml");
const names = new Set([...stack.template.resources.values()].map((resource) => resource.type));
const concerned = types.filter((type) => names.has(type.type));

describe("the crypto agent on a bad day", () => {
  it.for(days())(
    "is made and destroyed all the same, on day %s",
    { timeout: 300_000, ...proves([1, 5, 9], "handler") },
    async (seed, context) => {
      const storm = await openStorm({ endpoint: endpoint(), seed, environment });
      await onDay(context, storm, [...names], async () => {
        const before = await storm.inventory(concerned);
        await storm.reach(stack);
        expect((await storm.plan(stack)).stacks[0]?.changes.map((change) => change.action)).toEqual(
          Array(18).fill("none"),
        );
        await storm.reach(stack, { destroy: true });
        expect(await storm.inventory(concerned), "left behind").toEqual(before);
        expect(storm.counted(), "refusals that were counted").toBe(storm.weather.throttled());
      });
    },
  );
});

describe("throttling at AWS's rates", () => {
  it("fails no plan and no apply, and is counted", { timeout: 300_000, ...proves(9, "handler") }, async () => {
    const parameter = (Value: string) => ({ Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value } });
    const many = stackOf(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`P${n}`, parameter(`${n}`)])));
    const storm = await openStorm({ endpoint: endpoint(), seed: 1, likelihood: 0 });

    const { runs } = await storm.reach(many);

    expect(runs).toBe(1);
    expect(storm.weather.throttled()).toBeGreaterThan(40);
    expect(storm.counted()).toBe(storm.weather.throttled());
    expect(changesIn(await storm.plan(many))).toEqual([]);
  });
});
