import { describe, expect, it } from "vitest";
import type { Handlers, ResourceType } from "../resource/model.ts";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud, type MemoryCloud, NoAnswer, Refusal } from "../testing/memory-cloud.ts";
import { Group, Policy, Server } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";

type Write = "create" | "update" | "delete" | "tag";
type AnyHandlers = Handlers<Record<string, unknown>, MemoryCloud>;

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties: { Name: "web", ...Properties } });
const server = (Properties: object = {}) => ({ Type: "Memory::Server", Properties: { Image: "v1", ...Properties } });

/** The type with a write whose first answers do not come, although (or because not) it was done. `sent` counts its requests. */
function unanswered(type: ResourceType<MemoryCloud>, write: Write, isDone: boolean, times = 1) {
  const requests = { sent: 0 };
  const handler = async (...given: unknown[]): Promise<unknown> => {
    const isLost = ++requests.sent <= times;
    const usual = type.handlers[write] as (...args: unknown[]) => Promise<unknown>;
    const answer = !isLost || isDone ? await usual(...given) : undefined;
    if (isLost) throw new NoAnswer("No answer came.");
    return answer;
  };
  return { types: typesWith(variant(type, {}, { [write]: handler } as Partial<AnyHandlers>)), requests };
}

async function run(
  world: ReturnType<typeof createMemoryCloud>,
  resources: Parameters<typeof stackOf>[0],
  rest: object = {},
) {
  const stack = stackOf(resources);
  const { run: ended, prepared } = await reconcileInMemory(world, [stack], rest);
  const { changes } = await planInMemory(world, stack, "destroy" in rest ? { destroy: true } : {});
  return { codes: [...prepared.plan.diagnostics, ...(ended?.diagnostics ?? [])].map((each) => each.code), changes };
}

describe("a write without an answer", proves(2, "memory"), () => {
  it.each([
    ["what was made with a name is found", Group, { Web: group() }, true, 1],
    ["what was made without a name is found by its tags", Server, { App: server() }, true, 1],
    ["what was made in a place of its parent is found there", Policy, policy(), true, 1],
    ["what was not made is asked for again, where AWS refuses a second one", Group, { Web: group() }, false, 2],
  ] as const)("that should create: %s", async (_story, type, resources, isDone, sent) => {
    const world = createMemoryCloud();
    const { types, requests } = unanswered(type, "create", isDone);
    expect(await run(world, resources, { types })).toEqual({ codes: [], changes: [] });
    expect(requests.sent).toBe(sent);
    expect(world.things()).toHaveLength(Object.keys(resources).length);
  });

  it.each<[Write, object]>([
    ["create", { More: group({ Name: "more" }) }],
    ["update", { Web: group({ Description: "new" }) }],
    ["tag", { Web: group({ Tags: { Team: "web" } }) }],
    ["delete", { Web: server() }],
  ])("is another thing than one that was refused, which is not sent again: %s", async (write, changed) => {
    const world = createMemoryCloud();
    await run(world, { Web: group() });
    let sent = 0;
    const handler = () => Promise.reject(new Refusal("denied", `It is denied: ${++sent}.`));
    const types = typesWith(variant(Group, {}, { [write]: handler }));
    const { codes } = await run(world, { Web: group(), ...changed }, { types });
    expect([codes, sent]).toEqual([["memory.denied"], 1]);
  });

  it("that should create something without a name is never sent again, but left to the next run", async () => {
    const world = createMemoryCloud();
    const { types, requests } = unanswered(Server, "create", false);
    expect(await run(world, { App: server() }, { types })).toEqual({
      codes: ["memory.no-answer"],
      changes: ["create App"],
    });
    expect(requests.sent).toBe(1);
  });

  it("that should create what takes the place of another is not taken for that other", async () => {
    const world = createMemoryCloud();
    await run(world, { App: server() });
    const { types } = unanswered(Server, "create", false);
    const { codes } = await run(world, { App: server({ Image: "v2" }) }, { types });
    expect(codes).toEqual(["memory.no-answer"]);
  });

  it.each([
    ["left over", {}],
    ["left by a replacement, to be kept", { "reconcile:retained": "replaced" }],
  ])("that should create something is not taken for what is %s", async (_, tags) => {
    const world = createMemoryCloud();
    await run(world, { App: server() });
    const [app] = world.things();
    const twin = { ...app?.tags, "reconcile:id": "srv-twin", ...tags };
    if (app) world.store.put({ ...app, id: "srv-twin", tags: twin });
    const Stuck = variant(Server, {}, { delete: () => Promise.reject(new Refusal("in-use", "It is used.")) });
    const { types } = unanswered(Stuck, "create", false);
    const { codes } = await run(world, { App: server({ Image: "v2" }) }, { types });
    expect(codes.filter((each) => each !== "memory.in-use")).toEqual(["memory.no-answer"]);
  });

  it("finds what somebody else made under the name meanwhile, and leaves it alone", async () => {
    const world = createMemoryCloud();
    const taken = variant(
      Group,
      {},
      {
        create: (cloud, wish) =>
          cloud.mutate("memory:Create", (store) => {
            store.put({ type: "Memory::Group", id: "theirs", properties: { ...wish.properties }, tags: {} });
            throw new NoAnswer("No answer came.");
          }),
      },
    );
    await reconcileInMemory(world, [stackOf({ Web: group() })], { types: typesWith(taken) });
    expect(world.things()).toMatchObject([{ id: "theirs", tags: {} }]);
  });

  it.each([
    ["was done", true, 1],
    ["was not done", false, 2],
  ])("that should update and %s: what lives now decides", async (_story, isDone, sent) => {
    const world = createMemoryCloud();
    await run(world, { App: server() });
    const { types, requests } = unanswered(Server, "update", isDone);
    expect(await run(world, { App: server({ Size: "large" }) }, { types })).toEqual({ codes: [], changes: [] });
    expect(requests.sent).toBe(sent);
  });

  it("that should update, twice: says that no answer came", async () => {
    const world = createMemoryCloud();
    await run(world, { App: server() });
    const { types, requests } = unanswered(Server, "update", false, 9);
    const { codes } = await run(world, { App: server({ Size: "large" }) }, { types });
    expect([codes, requests.sent]).toEqual([["memory.no-answer"], 2]);
  });

  it.each([
    ["was done", true, 1],
    ["was not done", false, 2],
  ])("that should delete and %s: what is gone is gone", async (_story, isDone, sent) => {
    const world = createMemoryCloud();
    await run(world, { App: server() });
    const { types, requests } = unanswered(Server, "delete", isDone);
    expect(await run(world, { App: server() }, { types, destroy: true })).toEqual({ codes: [], changes: [] });
    expect(requests.sent).toBe(sent);
    expect(world.things()).toEqual([]);
  });
});

function policy() {
  const Properties = { GroupId: { Ref: "Web" }, PolicyName: "read", Document: "x" };
  return { Web: group(), Read: { Type: "Memory::Policy", Properties } };
}
