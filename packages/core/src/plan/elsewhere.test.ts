import { describe, expect, it } from "vitest";
import type { HeadRecord } from "../apply/head-record.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud, Refusal } from "../testing/memory-cloud.ts";
import { proves } from "../testing/proofs.ts";
import { findElsewhere } from "./elsewhere.ts";

const group = { Type: "Memory::Group", Properties: { Name: "web" } };
const there = stackOf({ Web: group });
const here = { ...there, region: "eu-west-1" };
const other = stackOf({ Own: { ...group, Properties: { Name: "own" } } }, { name: "other" });

const recordOf = async () => undefined;

/** The stack has lived in us-east-1. */
async function moved() {
  const east = createMemoryCloud();
  await reconcileInMemory(east, [there], { bookkeeping: {} });
  const west = createMemoryCloud({ region: "eu-west-1" });
  const regions = { "us-east-1": east };
  const see = (options: RunOptions = {}, stacks: Stack[] = [here]) =>
    planInMemory(west, stacks, { regions, ...options });
  return { east, west, see, regions };
}

describe("a stack whose files say another region now", proves(6, "memory"), () => {
  const commits = { old: [there], new: [here] };
  it.each<[string, RunOptions]>([
    ["made a second time", { base: [there] }],
    ["made a second time, where base is what was applied last", { bookkeeping: { commits, revision: "new" } }],
    ["destroyed where it is not", { base: [there], destroy: true }],
  ])("is not %s", async (_, options) => {
    const { see } = await moved();
    expect((await see(options)).diagnostics).toMatchObject([
      {
        code: "stack.elsewhere",
        severity: "error",
        message: expect.stringMatching(/^The stack app has resources in us-east-1, and its files say eu-west-1 now\. /),
        remedy: expect.stringContaining("region: us-east-1"),
        place: { file: "app.yaml" },
      },
    ]);
  });

  it.each<[string, RunOptions]>([
    ["as the record of its runs says", { bookkeeping: { commits } }],
    ["as no tag says otherwise", { base: [there] }],
  ])("moves once it is destroyed there, %s", async (_, options) => {
    const { east, see } = await moved();
    await reconcileInMemory(east, [there], { destroy: true, bookkeeping: {} });
    const { changes, codes } = await see(options);
    expect([changes, codes]).toEqual([["create Web"], []]);
  });

  it("is told of where it lives in both", async () => {
    const { see, west } = await moved();
    await reconcileInMemory(west, [here]);
    expect((await see({ base: [there] })).diagnostics).toMatchObject([
      { code: "stack.elsewhere", severity: "warning", remedy: expect.stringContaining("stack-name: app") },
    ]);
  });

  it("is found by a run of the whole project where its other stacks live, without git", async () => {
    const { see } = await moved();
    const whole = { whole: { names: ["app", "other"], prune: false } };
    expect((await see(whole, [here, other])).codes).toEqual(["stack.elsewhere"]);
    expect((await see({}, [here, other])).codes).toEqual([]);
  });

  it("is nobody's to find by its name alone in a project without one", async () => {
    const { see } = await moved();
    const nameless = [here, other].map((stack) => ({ ...stack, project: { ...stack.project, name: "default" } }));
    expect((await see({ whole: { names: ["app", "other"], prune: false } }, nameless)).codes).toEqual([]);
  });

  it.each<[string, object, object]>([
    ["the same", {}, {}],
    ["of another role in the same place", {}, { roleArn: "arn:aws:iam::123456789012:role/deployer" }],
    ["without an account, as in a sandbox", { account: "210987654321" }, {}],
  ])("is not looked for elsewhere where its place is %s", async (_, before, now) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [there]);
    const base = [{ ...there, ...before }];
    expect((await planInMemory(world, { ...there, ...now }, { base })).codes).toEqual([]);
  });

  it("is looked for in the account that its files named", async () => {
    const { cloud } = createMemoryCloud({ account: "210987654321" }).connect();
    const world = createMemoryCloud();
    const { worlds } = await planInMemory(world, { ...there, account: "123456789012" });
    const former = new Map([
      ["app", { ...there, account: "210987654321", roleArn: "arn:aws:iam::210987654321:role/r" }],
    ]);
    const owner = "test/app@us-east-1";
    const owned = { ...cloud, ownedStacks: async () => [owner], ownedTypes: async () => ["Memory::Group"] };
    const connect = async () => owned;
    expect(await findElsewhere(worlds, former, { connect, recordOf, isWhole: false })).toMatchObject([
      { message: expect.stringContaining("in us-east-1 of the account 210987654321") },
    ]);
  });

  it.each([
    ["is gone where its last run destroyed it, whatever an index of tags knows", "destroy", "done", 0],
    ["is there where destroying it failed", "destroy", "failed", 1],
    ["is there where it was applied last, though no index knows", undefined, "done", 1],
  ] as const)("%s", async (_, purpose, outcome, expected) => {
    const { cloud } = createMemoryCloud().connect();
    const { worlds } = await planInMemory(createMemoryCloud({ region: "eu-west-1" }), here);
    const head = { purpose, outcome } as unknown as HeadRecord;
    const types = outcome === "done" && purpose === undefined ? [] : ["Memory::Group"];
    const there = { ...cloud, ownedStacks: async () => ["test/app@us-east-1"], ownedTypes: async () => types };
    const options = { connect: async () => there, recordOf: async () => ({ head }), isWhole: false };
    expect(await findElsewhere(worlds, new Map([["app", stackOf({ Web: group })]]), options)).toHaveLength(expected);
  });

  it("is said to be unseen where nobody may look", async () => {
    const { cloud } = createMemoryCloud().connect();
    const { worlds } = await planInMemory(createMemoryCloud({ region: "eu-west-1" }), here);
    const ownedStacks = () => Promise.reject(new Refusal("denied", "not yours"));
    const found = findElsewhere(worlds, new Map([["app", there]]), {
      connect: async () => ({ ...cloud, ownedStacks }),
      recordOf,
      isWhole: false,
    });
    expect(await found).toMatchObject([
      { code: "stack.elsewhere", severity: "warning", message: expect.stringMatching(/could not be seen: not yours/) },
    ]);
    const broken = async () => {
      throw new TypeError("a bug");
    };
    await expect(
      findElsewhere(worlds, new Map([["app", there]]), { connect: broken, recordOf, isWhole: false }),
    ).rejects.toThrow("a bug");
  });
});
