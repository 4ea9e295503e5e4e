import { describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import type { Change } from "../plan/model.ts";
import { observe } from "../plan/observe.ts";
import { order } from "../plan/order.ts";
import type { ResourceType } from "../resource/model.ts";
import type { Stack } from "../stack/model.ts";
import {
  memoryEngine,
  planInMemory,
  type RunOptions,
  reconcileInMemory,
  stackOf,
  typesWith,
  variant,
} from "../testing/harness.ts";
import { createMemoryCloud, type MemoryCloud, Refusal, type Thing } from "../testing/memory-cloud.ts";
import { Group, Server } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { apply } from "./apply.ts";
import type { Run, RunEvent } from "./model.ts";

type World = ReturnType<typeof createMemoryCloud>;
type Type = ResourceType<MemoryCloud>;

const group = (Properties: object = {}, more: object = {}) => ({ Type: "Memory::Group", Properties, ...more });
const server = (Properties: object = {}, more: object = {}) => ({
  Type: "Memory::Server",
  Properties: { Image: "v1", ...Properties },
  ...more,
});
const ref = (Ref: string) => ({ Ref });
const attribute = (id: string, name: string) => ({ "Fn::GetAtt": [id, name] });
const refused = new Refusal("denied", "you may not");

function thing(world: World, type: string, at = 0): Thing {
  const found = world.store.all().filter((each) => each.type === `Memory::${type}`)[at];
  if (!found) throw new Error(`there is no ${type}`);
  return found;
}

/** Runs to the end, and says what came of each step. */
async function run(world: World, stacks: Stack | readonly Stack[], options: RunOptions = {}) {
  const events: RunEvent[] = [];
  const started = world.clock.now();
  const result = await reconcileInMemory(world, [stacks].flat(), { ...options, watch: (event) => events.push(event) });
  if (!result.run) throw new Error(result.prepared.plan.diagnostics.map((each) => each.message).join(" "));
  const outcomes = result.run.results.map(({ step, outcome }) => `${step.operation} ${step.logicalId}: ${outcome}`);
  const codes = result.run.diagnostics.map((each) => each.code);
  return { ...result, run: result.run, events, outcomes, codes, seconds: (world.clock.now() - started) / 1000 };
}

async function drained(events: AsyncGenerator<RunEvent, Run>): Promise<Run> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
  }
}

/** Servers of which those with this image cannot be made. */
const choosy = (image: string): Type =>
  variant(
    Server,
    {},
    {
      create: (cloud, wish) =>
        wish.properties.Image === image ? Promise.reject(refused) : Server.handlers.create(cloud, wish),
    },
  );

describe("a step that fails", () => {
  const stack = stackOf({
    Web: group(),
    Bad: server({ Image: "bad", GroupIds: [ref("Web")] }),
    Next: server({ Peer: attribute("Bad", "Address") }),
    Last: server({ Peer: attribute("Next", "Address") }),
    Other: server(),
  });
  const types = typesWith(choosy("bad"));

  it("blocks what depends on it, and nothing else", async () => {
    const { outcomes } = await run(createMemoryCloud(), stack, { types });
    expect(outcomes.sort()).toEqual([
      "create Bad: failed",
      "create Last: skipped",
      "create Next: skipped",
      "create Other: done",
      "create Web: done",
    ]);
  });

  it("says whose problem it is, and where it is declared", async () => {
    const { run: ended } = await run(createMemoryCloud(), stack, { types });
    expect(ended.diagnostics).toEqual([
      {
        code: "memory.denied",
        severity: "error",
        message: "you may not",
        resource: "Bad (Memory::Server)",
        place: stack.template.resources.get("Bad")?.place,
      },
    ]);
  });

  it("leaves a run without outputs, and with a plan that says what is left", async () => {
    const { run: ended } = await run(createMemoryCloud(), stack, { types });
    expect(ended.outputs).toEqual({});
    const left = ended.confirmed?.stacks[0]?.changes.filter((each) => each.action !== "none");
    expect(left?.map((each) => each.logicalId)).toEqual(["Bad", "Next", "Last"]);
    expect([ended.mutated, ended.interrupted]).toEqual([true, false]);
  });

  it("before anything was sent leaves nothing to confirm", async () => {
    const world = createMemoryCloud();
    const only = stackOf({ App: server({ Peer: attribute("Web", "Nowhere") }), Web: group() });
    await run(world, stackOf({ Web: group() }));
    const { run: ended, mutations } = await run(world, only);
    expect([ended.mutated, mutations, ended.confirmed]).toEqual([false, 0, undefined]);
  });

  it("that no cloud can explain is a bug, and ends the run, even when nobody is reading", async () => {
    const world = createMemoryCloud();
    const broken = variant(Server, {}, { create: () => Promise.reject(new Error("a bug")) });
    const stacks = [stackOf({ App: server() })];
    const { engine } = memoryEngine(world, { types: typesWith(broken) });
    const events = engine.run(await engine.prepare(stacks), stacks);
    await events.next();
    await new Promise((resolve) => setImmediate(resolve));
    await expect(drained(events)).rejects.toThrow("a bug");
  });
});

describe("an interrupted run", proves(9, "memory"), () => {
  const stack = stackOf({
    A: group(),
    B: server({ GroupIds: [ref("A")] }),
    C: server({ Peer: attribute("B", "Address") }),
  });

  it("finishes what is under way, and starts nothing", async () => {
    const world = createMemoryCloud();
    const controller = new AbortController();
    const creating = variant(
      Group,
      {},
      {
        async create(cloud, wish) {
          const made = await Group.handlers.create(cloud, wish);
          controller.abort();
          return made;
        },
      },
    );
    const {
      outcomes,
      run: ended,
      events,
    } = await run(world, stack, { types: typesWith(creating), signal: controller.signal });
    expect(outcomes).toEqual(["create A: done", "create B: skipped", "create C: skipped"]);
    expect([ended.interrupted, ended.mutated, ended.diagnostics]).toEqual([true, true, []]);
    expect(ended.confirmed?.stacks[0]?.changes.map((each) => each.action)).toEqual(["none", "create", "create"]);
    expect(events.filter((each) => each.kind === "step-started")).toHaveLength(1);
    expect(world.things().map((each) => each.type)).toEqual(["Memory::Group"]);
  });

  /** Runs the stack with a group that stops the run in one of its handlers. */
  async function stoppedIn(own: (stop: () => void) => Partial<Type["handlers"]>, before?: Stack) {
    const world = createMemoryCloud();
    if (before) await run(world, before);
    const controller = new AbortController();
    const types = typesWith(
      variant(
        Group,
        {},
        own(() => controller.abort()),
      ),
    );
    return { world, ...(await run(world, stack, { types, signal: controller.signal })) };
  }

  it.each<[string, string, (stop: () => void) => Partial<Type["handlers"]>, Stack?]>([
    [
      "until what was made can be found",
      "create A",
      (stop) => ({
        async read() {
          stop();
          return undefined;
        },
      }),
    ],
    [
      "until it is usable",
      "create A",
      (stop) => ({
        async ready(cloud) {
          stop();
          await cloud.read("Memory::Group", "none");
          throw new DOMException("This operation was aborted", "AbortError");
        },
      }),
    ],
    [
      "until it is usable, in whatever words that is told",
      "create A",
      (stop) => ({
        async ready() {
          stop();
          throw new Error("the request was cut", { cause: new DOMException("stop", "AbortError") });
        },
      }),
    ],
    [
      "until a change shows",
      "update A",
      (stop) => ({
        async update() {
          stop();
        },
      }),
      stackOf({ A: group({ Description: "before" }) }),
    ],
  ])("waits no longer %s", async (_, step, own, before) => {
    const { seconds, outcomes, codes, run: ended } = await stoppedIn(own, before);
    expect(outcomes[0]).toBe(`${step}: skipped`);
    expect(codes).toEqual(["apply.stopped"]);
    expect([ended.interrupted, ended.results[0]?.diagnostics.map((each) => each.code)]).toEqual([
      true,
      ["apply.stopped"],
    ]);
    expect(seconds).toBe(0);
  });

  it("says of what it no longer waits to settle that it may be under way", async () => {
    const { outcomes, codes, seconds } = await stoppedIn((stop) => ({
      async settled() {
        stop();
        throw new DOMException("stop", "AbortError");
      },
    }));
    expect([outcomes[0], codes, seconds]).toEqual(["create A: done", ["apply.stopped"], 0]);
  });

  it("says of what failed by itself why it failed", async () => {
    const { outcomes, codes } = await stoppedIn((stop) => ({
      async ready() {
        stop();
        throw new Refusal("broken", "it does not start");
      },
    }));
    expect([outcomes[0], codes]).toEqual(["create A: failed", ["memory.broken"]]);
  });

  it("is not confirmed where that is cut, and this is no failure", async () => {
    let isStopped = false;
    const { run: ended, codes } = await stoppedIn((stop) => ({
      async *list(cloud) {
        if (isStopped) throw new DOMException("stop", "AbortError");
        yield* Group.handlers.list(cloud);
      },
      async settled() {
        isStopped = true;
        stop();
      },
    }));
    expect([ended.interrupted, ended.confirmed, codes]).toEqual([true, undefined, []]);
  });

  it("sends no second write for a step that is under way", async () => {
    const world = createMemoryCloud();
    const controller = new AbortController();
    const half = variant(
      Group,
      {},
      {
        async create(cloud, wish) {
          const made = await Group.handlers.create(cloud, {
            ...wish,
            properties: { ...wish.properties, Description: "" },
          });
          controller.abort();
          return made;
        },
      },
    );
    const whole = stackOf({ A: group({ Description: "whole" }) });
    const { outcomes, mutations } = await run(world, whole, { types: typesWith(half), signal: controller.signal });
    expect([outcomes, mutations]).toEqual([["create A: skipped"], 1]);
    expect((await run(world, whole)).outcomes).toEqual(["update A: done"]);
  });

  it("before it began changes nothing", async () => {
    const world = createMemoryCloud();
    const { outcomes, run: ended, mutations } = await run(world, stack, { signal: AbortSignal.abort() });
    expect(new Set(outcomes.map((each) => each.split(": ")[1]))).toEqual(new Set(["skipped"]));
    expect([ended.interrupted, ended.mutated, ended.confirmed, mutations]).toEqual([true, false, undefined, 0]);
  });
});

describe("a replacement that was planned because something is not known", proves(3, "memory"), () => {
  /** Its address may change with every update, as far as anybody knows, and does with its size. */
  const First = variant(Server, { attributes: { ServerId: {}, Address: { varies: true } } });
  const stack = (first: object, second: object = {}, id = "Second") =>
    stackOf({
      Web: group({ Name: "web" }),
      First: server(first),
      [id]: server({ Peer: attribute("First", "Address"), ...second }),
    });
  const inGroup = { GroupIds: [ref("Web")] };
  const second = (world: World) => thing(world, "Server", 1);

  it("is none when it turns out equal", async () => {
    const world = createMemoryCloud();
    const types = typesWith(First);
    await run(world, stack({}), { types });
    const { id } = second(world);
    const { prepared, outcomes } = await run(world, stack(inGroup), { types });
    expect(prepared.plan.stacks[0]?.changes.at(-1)).toMatchObject({ action: "replace", impact: "may-replace" });
    expect(outcomes).toEqual(["update First: done", "create Second: done", "delete Second: unchanged"]);
    expect(second(world).id).toBe(id);
  });

  it("is an update when only that is left", async () => {
    const world = createMemoryCloud();
    const types = typesWith(First);
    await run(world, stack({}), { types });
    const { id } = second(world);
    await run(world, stack(inGroup, { Size: "large" }), { types });
    expect(second(world)).toMatchObject({ id, properties: { Size: "large" } });
  });

  it("is one when it turns out different", async () => {
    const world = createMemoryCloud();
    const types = typesWith(First);
    await run(world, stack({}), { types });
    const { id } = second(world);
    const { outcomes } = await run(world, stack({ Size: "large" }), { types });
    expect(outcomes).toEqual(["update First: done", "create Second: done", "delete Second: done"]);
    expect(second(world).id).not.toBe(id);
  });

  it.each([
    ["is not when it holds data, and nobody allowed that", [], ["guard.holds-data"], true],
    ["is when it holds data, and that was allowed", ["Second"], [], false],
  ])("that turns out different %s", async (_, allowDelete, codes, stays) => {
    const world = createMemoryCloud();
    await run(world, stack({}), { types: typesWith(First) });
    const { id } = second(world);
    const types = typesWith(variant(First, { holdsData: true }));
    const ended = await run(world, stack({ Size: "large" }), { types, allowDelete });
    expect(ended.codes).toEqual(codes);
    expect(world.store.get("Memory::Server", id) !== undefined).toBe(stays);
  });

  it.each([
    ["is to go", {}, ["create Second: failed", "delete Second: skipped"]],
    ["is to be kept", { UpdateReplacePolicy: "Retain" }, ["release Second: failed", "create Second: skipped"]],
  ])("that turns out different touches nothing where the old one %s and is protected", async (_, policy, refusals) => {
    const types = typesWith(First);
    const protect = { Metadata: { Reconcile: { protect: true } } };
    const keeping = (Size: string) =>
      stackOf({
        First: server({ Size }),
        Second: server({ Peer: attribute("First", "Address") }, { ...protect, ...policy }),
      });
    const world = createMemoryCloud();
    await run(world, keeping("small"), { types });
    const before = structuredClone(second(world));
    const { outcomes, codes } = await run(world, keeping("large"), { types });
    expect(outcomes).toEqual(["update First: done", ...refusals]);
    expect(codes).toEqual(["guard.protected"]);
    expect(second(world)).toEqual(before);
  });

  it("keeps an older outside value that the plan kept", async () => {
    const world = createMemoryCloud();
    const types = typesWith(First);
    world.inputs.set("ssm:/image", { value: "v1" });
    const withImage = (first: object) => stack(first, { Image: "{{resolve:ssm:/image}}" });
    await run(world, withImage({}), { types });
    const { id } = second(world);
    world.inputs.set("ssm:/image", { value: "v2" });
    const { prepared } = await run(world, withImage(inGroup), { types });
    expect(prepared.plan.stacks[0]?.changes.at(-1)?.properties.map((each) => each.path)).toEqual(["/Peer"]);
    expect(second(world)).toMatchObject({ id, properties: { Image: "v1" } });
  });

  describe("and whose name cannot be had twice", () => {
    /** A server with a name, which is free only when the old one is gone. */
    const Named = variant(First, { naturalKey: ({ Image }) => (typeof Image === "string" ? Image : undefined) });
    const types = typesWith(Named);
    const named = (first: object) => stack({ Image: "first", ...first }, { Image: "second" });

    it("is not deleted when it turns out equal", async () => {
      const world = createMemoryCloud();
      await run(world, named({}), { types });
      const { id } = second(world);
      const { outcomes } = await run(world, named(inGroup), { types });
      expect(outcomes).toEqual(["update First: done", "delete Second: unchanged", "create Second: done"]);
      expect(second(world).id).toBe(id);
    });

    it("goes first when it turns out different", async () => {
      const world = createMemoryCloud();
      await run(world, named({}), { types });
      const { id } = second(world);
      const { outcomes } = await run(world, named({ Size: "large" }), { types });
      expect(outcomes).toEqual(["update First: done", "delete Second: done", "create Second: done"]);
      expect(second(world).id).not.toBe(id);
    });

    it("stays when what it needs cannot be made", async () => {
      const world = createMemoryCloud();
      await run(world, named({}), { types });
      const { id } = second(world);
      const failing = typesWith(variant(Named, {}, { update: () => Promise.reject(refused) }));
      const { outcomes } = await run(world, named(inGroup), { types: failing });
      expect(outcomes).toEqual(["update First: failed", "delete Second: skipped", "create Second: skipped"]);
      expect(second(world).id).toBe(id);
    });
  });

  it("falls back to its name, too, where that is generated", async () => {
    const world = createMemoryCloud();
    const written: unknown[] = [];
    const update: typeof Group.handlers.update = (cloud, live, wish, changed) => {
      written.push(wish.properties.Name);
      return Group.handlers.update(cloud, live, wish, changed);
    };
    const types = typesWith(First, variant(Group, {}, { update }));
    const kind = (first: object, Description = "") =>
      stackOf({
        Web: group({ Name: "web" }),
        First: server(first),
        Made: group({ Kind: attribute("First", "Address"), Description }),
      });
    await run(world, kind({}), { types });
    const made = () =>
      world.store.all().find((each) => each.properties.Kind !== "plain" && each.type === "Memory::Group");
    const before = made();
    await run(world, kind(inGroup), { types });
    expect(made()).toEqual(before);
    await run(world, kind({}, "new"), { types });
    expect(written).toEqual([before?.properties.Name]);
    await run(world, kind({ Size: "large" }), { types });
    expect(made()?.properties.Name).not.toBe(before?.properties.Name);
  });
});

describe("a plan that no longer holds", proves(3, "memory"), () => {
  it("is not exceeded: what would have to be replaced now is refused", async () => {
    const world = createMemoryCloud();
    await run(world, stackOf({ App: server() }));
    const stacks = [stackOf({ App: server({ Size: "large" }) })];
    const { engine } = memoryEngine(world);
    const prepared = await engine.prepare(stacks);
    thing(world, "Server").properties.Image = "v9";
    const ended = await drained(engine.run(prepared, stacks));
    expect(ended.diagnostics).toMatchObject([
      { code: "plan.moved", resource: "App (Memory::Server)", place: stacks[0]?.template.resources.get("App")?.place },
    ]);
    expect(world.things()).toHaveLength(1);
  });

  it("with a value that turns out wrong is refused, with its place", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ First: server(), Web: group({ Name: attribute("First", "Address") }) });
    const { codes, outcomes, run: ended } = await run(world, stack);
    expect(codes).toEqual(["property.pattern"]);
    expect(outcomes).toEqual(["create First: done", "create Web: failed"]);
    expect(ended.diagnostics[0]).toMatchObject({ resource: "Web (Memory::Group)", place: { file: "app.yaml" } });
  });

  it("with a function that only then turns out wrong is refused: nothing is made without it", async () => {
    const world = createMemoryCloud();
    const parts = { "Fn::Split": [".", attribute("First", "Address")] };
    const { codes } = await run(
      world,
      stackOf({ First: server(), Second: server({ Peer: { "Fn::Select": [9, parts] } }) }),
    );
    expect([codes, world.things()]).toEqual([["select.range"], [expect.anything()]]);
  });

  it("with a value that is not known even then is refused, with its source", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ First: server(), Second: server({ Peer: attribute("First", "PublicIp") }) });
    const { run: ended } = await run(world, stack);
    expect(ended.diagnostics).toMatchObject([
      {
        code: "apply.still-unknown",
        message: expect.stringContaining("First.PublicIp"),
        resource: "Second (Memory::Server)",
      },
    ]);
    expect(ended.diagnostics[0]?.remedy).toBeTruthy();
  });
});

describe("what takes its time", () => {
  it("is used when it says that it is ready", async () => {
    const told: string[] = [];
    const slow = variant(
      Server,
      {},
      {
        async ready(_cloud, { properties }) {
          told.push(`ready ${String(properties.Image)}`);
        },
        create(cloud, wish) {
          told.push(`create ${String(wish.properties.Image)}`);
          return Server.handlers.create(cloud, wish);
        },
      },
    );
    const stack = stackOf({ A: server({ Image: "a" }), B: server({ Image: "b", Peer: attribute("A", "Address") }) });
    const { events } = await run(createMemoryCloud(), stack, { types: typesWith(slow) });
    expect(told).toEqual(["create a", "ready a", "create b", "ready b"]);
    expect(events.filter((each) => each.kind === "step-progress").map((each) => each.message)).toContain(
      "waiting until usable",
    );
  });

  it("is read again when it is ready, as it may only then have what others use", async () => {
    let reads = 0;
    const counting = variant(
      Server,
      {},
      {
        ready: async () => undefined,
        async read(cloud, identifier) {
          const found = await Server.handlers.read(cloud, identifier);
          reads += 1;
          return found && { ...found, attributes: { ...found.attributes, Reads: String(reads) } };
        },
      },
    );
    const stack = stackOf({ A: server() }, { template: { Outputs: { Reads: { Value: attribute("A", "Reads") } } } });
    const { run: ended } = await run(createMemoryCloud(), stack, { types: typesWith(counting) });
    // Read when it was there, when its own tag was on it, and when it was ready.
    expect(ended.outputs.app?.[0]?.value).toBe("3");
  });

  it("settles side by side, after what depends on it", async () => {
    const settled: string[] = [];
    const slow = variant(
      Server,
      {},
      {
        async settled(_cloud, { properties }) {
          settled.push(String(properties.Image));
        },
      },
    );
    const stack = stackOf({ A: server({ Image: "a" }), B: server({ Image: "b", Peer: attribute("A", "Address") }) });
    const { events, codes } = await run(createMemoryCloud(), stack, { types: typesWith(slow) });
    expect([settled.sort(), codes]).toEqual([["a", "b"], []]);
    expect(events.filter((each) => each.kind === "step-progress" && each.message === "settling")).toHaveLength(2);
  });

  it("and does not settle is a problem of the run, not of the step", async () => {
    const never = variant(Server, {}, { settled: () => Promise.reject(refused) });
    const stack = stackOf({ A: server() }, { template: { Outputs: { Id: { Value: ref("A") } } } });
    const { outcomes, run: ended } = await run(createMemoryCloud(), stack, { types: typesWith(never) });
    expect(outcomes).toEqual(["create A: done"]);
    expect(ended.diagnostics).toMatchObject([{ code: "memory.denied", resource: "A (Memory::Server)" }]);
    expect(ended.outputs).toEqual({});
    expect(ended.confirmed).toBeDefined();
  });

  it("is not waited for when it is deleted, released, or as it was", async () => {
    const world = createMemoryCloud();
    world.store.put({
      type: "Memory::Server",
      id: "srv-x",
      properties: { Image: "v1", Size: "small", GroupIds: [] },
      tags: {},
    });
    const before = stackOf({
      Web: group(),
      A: server(),
      B: { ...server(), Metadata: { Reconcile: { adopt: "srv-x" } } },
    });
    await run(world, before);
    const never = variant(Server, {}, { settled: () => Promise.reject(refused) });
    const { outcomes, codes } = await run(world, stackOf({ Web: group() }), { types: typesWith(never) });
    expect(outcomes.sort()).toEqual(["delete A: done", "release B: done"]);
    expect(codes).toEqual([]);
  });
});

describe("a run", () => {
  it("is told event by event", async () => {
    const { events } = await run(createMemoryCloud(), stackOf({ Web: group({ Name: "web", Description: "x" }) }));
    expect(events.map((each) => (each.kind === "step-progress" ? each.message : each.kind))).toEqual([
      "run-started",
      "step-started",
      "creating",
      "step-finished",
      "confirming",
      "run-finished",
    ]);
    expect(events[0]).toMatchObject({
      at: 0,
      steps: [{ stack: "app", logicalId: "Web", type: "Memory::Group", operation: "create" }],
    });
    expect(events.at(-1)).toMatchObject({
      kind: "run-finished",
      run: { results: [{ outcome: "done" }], mutated: true },
    });
  });

  it("with nothing to do is a confirmed one", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: group() }, { template: { Outputs: { Id: { Value: ref("Web") } } } });
    await run(world, stack);
    const { run: ended, mutations } = await run(world, stack);
    expect([ended.results, ended.mutated, mutations]).toEqual([[], false, 0]);
    expect(ended.confirmed?.stacks).toHaveLength(1);
    expect(ended.outputs.app?.[0]?.value).toBe(thing(world, "Group").id);
  });

  it("does at most as much at once as it may", async () => {
    let [now, most] = [0, 0];
    const counted = variant(
      Server,
      {},
      {
        async create(cloud, wish) {
          most = Math.max(most, ++now);
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
          now--;
          return Server.handlers.create(cloud, wish);
        },
      },
    );
    const many = stackOf(Object.fromEntries(["A", "B", "C", "D", "E"].map((id) => [id, server()])));
    await run(createMemoryCloud(), many, { types: typesWith(counted), parallelism: 3 });
    expect(most).toBe(3);
  });

  it("gives every wish a token of its own", async () => {
    const tokens: string[] = [];
    const noting = variant(
      Server,
      {},
      {
        create(cloud, wish) {
          tokens.push(wish.token);
          return Server.handlers.create(cloud, wish);
        },
      },
    );
    const types = typesWith(noting);
    await run(createMemoryCloud(), stackOf({ A: server(), B: server() }), { types });
    await run(createMemoryCloud(), stackOf({ A: server() }), { types });
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9-]{1,64}$/);
  });

  it("tells a type whether losing data was allowed", async () => {
    const told: boolean[] = [];
    const asked = variant(
      Group,
      {},
      {
        delete(cloud, observed, { dataLoss }) {
          told.push(dataLoss);
          return Group.handlers.delete(cloud, observed, { dataLoss });
        },
      },
    );
    for (const allowDelete of [[], ["Web"], ["all"], ["App"]]) {
      const world = createMemoryCloud();
      await run(world, stackOf({ App: server(), Web: group() }));
      await run(world, stackOf({ App: server() }), { types: typesWith(asked), allowDelete });
    }
    expect(told).toEqual([false, true, true, false]);
  });

  it("knows a resource that became another type, under an identifier that both have", async () => {
    const world = createMemoryCloud();
    /** Whatever is made is called `web`, as a role and its instance profile may be. */
    const called = (type: Type) =>
      variant(
        type,
        {},
        {
          async create(cloud, wish) {
            const id = await type.handlers.create(cloud, wish);
            return cloud.mutate("memory:Update", (store) => {
              const made = store.get(type.type, id) as Thing;
              store.remove(type.type, id);
              store.put({ ...made, id: "web" });
              return "web";
            });
          },
        },
      );
    const types = typesWith(called(Group), called(Server));
    await run(world, stackOf({ Web: group() }), { types });
    const outputs = { Id: { Value: ref("Web") } };
    const { run: ended } = await run(world, stackOf({ Web: server() }, { template: { Outputs: outputs } }), {
      types,
      parallelism: 1,
    });
    expect(ended.results.map((each) => each.outcome)).toEqual(["done", "done"]);
    expect(ended.outputs.app?.[0]?.value).toBe("web");
  });

  it("removes the tags that are no longer wished for, and no others", async () => {
    const world = createMemoryCloud();
    const tagged = (Tags: object) => stackOf({ Web: group({ Name: "web", Tags }) });
    await run(world, tagged({ Team: "core", Stage: "test" }));
    const { tags } = thing(world, "Group");
    if (tags) tags.Foreign = "x";
    await run(world, tagged({ Team: "web" }), { base: [tagged({ Team: "core", Stage: "test" })] });
    expect(thing(world, "Group").tags).toMatchObject({ Team: "web", Foreign: "x" });
    expect(Object.keys(thing(world, "Group").tags ?? {})).not.toContain("Stage");
  });
});

describe("confirming", proves(1, "memory"), () => {
  const stack = stackOf({ Web: group({ Name: "web" }) });

  /** Observes as usual, but the n-th time (from 1) what `fails` says. */
  function failingAt(n: number, error: unknown): RunOptions {
    let times = 0;
    return {
      verbs: {
        observe: ((...args: Parameters<typeof observe>) =>
          ++times === n ? Promise.reject(error) : observe(...args)) as never,
      },
    };
  }

  it.each([
    [
      "in words",
      new DiagnosticError({ code: "memory.list", severity: "error", message: "the list failed" }),
      "memory.list",
    ],
    ["by what the cloud says", refused, "memory.denied"],
  ])("that fails is told %s, and the run is as it is", async (_, error, code) => {
    const { run: ended } = await run(createMemoryCloud(), stack, failingAt(2, error));
    expect(ended.diagnostics.map((each) => each.code)).toEqual([code]);
    expect([ended.confirmed, ended.mutated, ended.results[0]?.outcome]).toEqual([undefined, true, "done"]);
  });

  it("waits for lists that lag behind the last write", async () => {
    const { run: ended, seconds } = await run(createMemoryCloud(), stack, { lag: 3000 });
    expect(ended.confirmed?.stacks[0]?.changes.map((each) => each.action)).toEqual(["none"]);
    expect(seconds).toBeGreaterThanOrEqual(3);
  });

  it("does not wait forever for what stays different", async () => {
    const world = createMemoryCloud();
    const forgetful = variant(
      Group,
      {},
      {
        async *list() {
          yield* [];
        },
      },
    );
    const { run: ended, seconds } = await run(world, stack, { types: typesWith(forgetful) });
    expect(ended.confirmed?.stacks[0]?.changes.map((each) => each.action)).toEqual(["create"]);
    expect(seconds).toBeLessThan(60);
  });
});

describe("mistakes of whoever calls", () => {
  const options = { parallelism: 1, clock: createMemoryCloud().clock, nonce: "n", allowDelete: [] };
  it("a graph with a node that it does not hold runs without it", async () => {
    const graph = { nodes: new Map(), before: () => [], order: ["app/Gone"] };
    const { plan } = await planInMemory(createMemoryCloud(), stackOf({ Web: group() }));
    const ended = await drained(apply(graph, [], { ...options, confirm: async () => plan }));
    expect(ended.results).toEqual([]);
  });

  it("a run of nothing that cannot be confirmed has no cloud to explain it", async () => {
    const graph = { nodes: new Map(), before: () => [], order: [] };
    const confirm = () => Promise.reject(new Error("a bug"));
    await expect(drained(apply(graph, [], { ...options, confirm }))).rejects.toThrow("a bug");
  });

  it.each<[string, (change: Change<MemoryCloud>) => Change<MemoryCloud>, RegExp]>([
    [
      "an update of what does not live",
      (change) => ({ ...change, observed: undefined as never }),
      /update of Web without a live resource/,
    ],
    [
      "an update of what is not declared",
      (change) => ({ ...change, desired: undefined as never }),
      /Web has no declaration/,
    ],
    [
      "an update in a stack that is not there",
      (change) => ({ ...change, stack: { ...change.stack } }),
      /Web is of no stack of this run/,
    ],
  ])("%s", async (_, change, message) => {
    const world = createMemoryCloud();
    await run(world, stackOf({ Web: group({ Name: "web" }) }));
    const { plan, worlds } = await planInMemory(world, stackOf({ Web: group({ Name: "web", Description: "x" }) }));
    const wrong = { ...plan, stacks: plan.stacks.map((each) => ({ ...each, changes: each.changes.map(change) })) };
    const events = apply(order(wrong, worlds), worlds, { ...options, confirm: async () => plan });
    await expect(drained(events)).rejects.toThrow(message);
  });
});
