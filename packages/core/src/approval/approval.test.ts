import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DiagnosticError } from "../diagnostic.ts";
import { type PlanDocument, planDocument } from "../report/index.ts";
import { sensitive } from "../resource/annotations.ts";
import { shapeOf } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Group } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { parseApproval } from "./approval.ts";
import { preimageOf } from "./preimage.ts";

const group = (Name: string, more: object = {}) => ({ Type: "Memory::Group", Properties: { Name, ...more } });
const server = (Properties: object) => ({ Type: "Memory::Server", Properties });
const revision = "4f1c2ab";
type World = ReturnType<typeof createMemoryCloud>;

/** A saved plan, as another process reads it. */
async function saved(world: World, stacks: readonly Stack[], options: RunOptions = {}): Promise<PlanDocument> {
  const { plan } = await planInMemory(world, stacks, { revision, ...options });
  return parseApproval(JSON.stringify(planDocument(plan, { tool: "test", durationMs: {} })));
}

/** What a run of a saved plan does, a word for each step, and why it does not. */
async function applied(world: World, stacks: readonly Stack[], approved: PlanDocument, options: RunOptions = {}) {
  const { prepared, run } = await reconcileInMemory(world, stacks, { revision, approved, ...options });
  return {
    codes: prepared.plan.diagnostics.map((each) => each.code),
    steps: run?.results.map(({ step, outcome }) => `${step.operation} ${step.logicalId} ${outcome}`),
    why: run?.diagnostics.map((each) => each.code),
  };
}

function thing(world: World, name: string) {
  const found = world.store.all().find((each) => each.properties.Name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

const before = [stackOf({ A: group("a"), B: group("b") })];
const after = [
  stackOf({ A: group("a", { Description: "new" }), B: group("b", { Description: "new" }), C: group("c") }),
];

describe("a saved plan", proves(4, "memory"), () => {
  it("is applied as it was saved", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, before);
    const approved = await saved(world, after);
    expect((await applied(world, after, approved)).steps).toEqual(["update A done", "update B done", "create C done"]);
  });

  it("is applied to each of its stacks, with what depends on what", async () => {
    const world = createMemoryCloud();
    const app = (name: string) =>
      stackOf({ A: group(name), App: server({ Image: "v1", GroupIds: [{ Ref: "A" }] }) }, { name });
    const stacks = [app("one"), app("two")];
    const approved = await saved(world, stacks);
    expect((await applied(world, stacks, approved)).steps?.sort()).toEqual([
      "create A done",
      "create A done",
      "create App done",
      "create App done",
    ]);
  });

  it("leaves alone what has moved since, and what is needed by it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, before);
    const stacks = [
      stackOf({
        A: group("a", { Description: "new" }),
        B: group("b", { Description: "new" }),
        App: server({ Image: "v1", GroupIds: [{ Ref: "A" }] }),
      }),
    ];
    const approved = await saved(world, stacks);
    thing(world, "a").properties.Description = "by hand";
    const result = await applied(world, stacks, approved);
    expect(result.steps?.sort()).toEqual(["create App held", "update A held", "update B done"]);
    expect(result.why).toEqual(["approval.moved", "approval.depends"]);
    expect(thing(world, "a").properties.Description).toBe("by hand");
  });

  it.each<[string, (world: World) => void]>([
    ["its tags", (world) => Object.assign(thing(world, "a").tags ?? {}, { Team: "other" })],
    [
      "it is another one",
      (world) => {
        const old = thing(world, "a");
        world.store.remove(old.type, old.id);
        world.store.put({ ...old, id: "grp-other" });
      },
    ],
  ])("leaves alone what has moved in %s", async (_, move) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, before);
    const approved = await saved(world, after);
    move(world);
    expect((await applied(world, after, approved)).steps).toContain("update A held");
  });

  it("does not make what is not in it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, before);
    const approved = await saved(world, after);
    await reconcileInMemory(world, after);
    thing(world, "c").properties.Description = "by hand";
    const result = await applied(world, after, {
      ...approved,
      stacks: approved.stacks.map((each) => ({ ...each, changes: [] })),
    });
    expect(result).toMatchObject({ steps: ["update C held"], why: ["approval.not-approved"] });
  });

  it("has nothing to do where somebody else has done it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, before);
    const approved = await saved(world, after);
    await reconcileInMemory(world, after);
    expect((await applied(world, after, approved)).steps).toEqual([]);
  });

  it("allows no deletion without the last snapshot that it says", async () => {
    const types = typesWith(variant(Group, {}, { snapshot: async () => {} }));
    const data = (DeletionPolicy: string) => stackOf({ A: group("a"), B: { ...group("b"), DeletionPolicy } });
    const without = [stackOf({ A: group("a") })];
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("Delete")], { types });
    const approved = await saved(world, without, { types, base: [data("Snapshot")] });
    const options = { types, revision, approved, base: [data("Delete")] };
    const { run } = await reconcileInMemory(world, without, options);
    expect(run?.diagnostics).toMatchObject([
      {
        code: "approval.graver",
        message:
          "B would now be deleted without a last snapshot, which the saved plan does not say: it is left as it is.",
      },
    ]);
    expect(world.things()).toHaveLength(2);
    expect((await applied(world, without, approved, { types, base: [data("Snapshot")] })).steps).toEqual([
      "delete B done",
    ]);
  });

  it("allows what is less than it says, and nothing graver", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, before);
    const approved = await saved(world, after);
    const told = (action: "update" | "replace") => ({
      ...approved,
      stacks: approved.stacks.map((stack) => ({
        ...stack,
        changes: stack.changes.map((each) => (each.logicalId === "C" ? { ...each, action } : each)),
      })),
    });
    expect((await applied(world, after, told("update"))).why).toEqual(["approval.graver"]);
    expect((await applied(world, after, told("replace"))).steps).toContain("create C done");
  });

  it("holds for a deletion, and for letting go, each as it is", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ A: group("a"), B: group("b"), C: group("c") })]);
    const rest = [stackOf({ A: group("a") })];
    const approved = await saved(world, rest, { abandon: ["C"] });
    const result = await applied(world, rest, approved, { abandon: ["B"] });
    expect(result.steps?.sort()).toEqual(["delete C held", "release B held"]);
    expect((await applied(world, rest, approved, { abandon: ["C"] })).steps?.sort()).toEqual([
      "delete B done",
      "release C done",
    ]);
  });

  it.each([
    ["what is made", []],
    ["what is changed", before],
  ])("does not hold for another value from outside, of %s", async (_, first) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, first);
    world.inputs.set("ssm:/text", { value: "one" });
    const stack = stackOf(
      { A: group("a", { Description: { Ref: "Text" } }), B: group("b") },
      { template: { Parameters: { Text: { Type: "String" } } }, parameters: { Text: { kind: "ssm", name: "/text" } } },
    );
    const approved = await saved(world, [stack]);
    world.inputs.set("ssm:/text", { value: "two" });
    expect((await applied(world, [stack], approved)).why).toEqual(["approval.moved"]);
  });
});

describe("a saved plan is refused", proves(4, "memory"), () => {
  const place = (change: Partial<PlanDocument["stacks"][number]>) => (plan: PlanDocument) => ({
    ...plan,
    stacks: plan.stacks.map((each) => ({ ...each, ...change })),
  });
  it.each<[string, (plan: PlanDocument) => PlanDocument, string]>([
    ["of another revision", (plan) => ({ ...plan, revision: "9d03e71" }), "approval.other-revision"],
    ["of files that were not committed", (plan) => ({ ...plan, revision: null }), "approval.no-revision"],
    ["of another account", place({ account: "999999999999" }), "approval.other-place"],
    ["of another region", place({ region: "eu-west-1" }), "approval.other-place"],
    ["of another project", place({ project: "other" }), "approval.other-place"],
    ["of another stack", place({ name: "other" }), "approval.other-stacks"],
  ])("%s", async (_, change, code) => {
    const world = createMemoryCloud();
    const approved = change(await saved(world, before));
    const result = await applied(world, before, approved);
    expect([result.codes, result.steps]).toEqual([[code], undefined]);
  });

  it("when the files are not as committed now", async () => {
    const world = createMemoryCloud();
    const approved = await saved(world, before);
    const { codes } = await applied(world, before, approved, { revision: null });
    expect(codes).toEqual(["approval.other-revision"]);
  });

  it.each([
    ["no JSON", "{", ""],
    ["another document", '{"diagnostics": []}', " (at formatVersion)"],
    ["more than it may hold", '{"formatVersion":"1.0","__proto__":{"a":1}}', " (at tool)"],
    ["nothing", "null", ""],
  ])("%s", (_, text, where) => {
    expect(() => parseApproval(text)).toThrow(DiagnosticError);
    expect(() => parseApproval(text)).toThrow(`has saved${where}.`);
  });
});

describe("what is secret", proves(10, "memory"), () => {
  const properties = z.strictObject({
    Name: z.string(),
    Description: sensitive(z.string()),
    Kind: z.string().default("plain"),
  });
  const facts = { properties, shape: shapeOf(properties) } as never;
  let version = 1;
  const versionedRead: typeof Group.handlers.read = async (cloud, identifier) => {
    const observed = await Group.handlers.read(cloud, identifier);
    return observed && { ...observed, version: String(version) };
  };
  const versioned = typesWith(variant(Group, facts, { read: versionedRead }));
  const stack = (Kind: string) => [stackOf({ A: group("a", { Description: "hunter2", Kind }) })];

  async function moved(types: typeof versioned, move: (world: World) => void) {
    const world = createMemoryCloud();
    await reconcileInMemory(world, stack("plain"), { types });
    const rest = [stackOf({ B: group("b", { Description: "x" }) })];
    const approved = await saved(world, rest, { types });
    move(world);
    const result = await applied(world, rest, approved, { types });
    return { approved, result };
  }

  it("is told by its version, never by what it is", async () => {
    const { approved, result } = await moved(versioned, () => {
      version++;
    });
    expect(result.why).toEqual(["approval.moved"]);
    expect(approved.stacks[0]?.changes.map((each) => each.fingerprintExcludes)).toEqual([[], []]);
    const unmoved = await moved(versioned, (world) => {
      thing(world, "a").properties.Description = "hunter3";
    });
    expect(unmoved.result.why).toEqual([]);
  });

  it("is left out where its source says that it is", async () => {
    const hidden = (Text: string) =>
      stackOf(
        { A: group("a", { Description: { Ref: "Text" } }) },
        { template: { Parameters: { Text: { Type: "String", NoEcho: true } } }, parameters: { Text } },
      );
    const planned = async (text: string) => (await planInMemory(createMemoryCloud(), hidden(text))).change("A");
    expect(preimageOf(await planned("hunter2"))).toEqual(preimageOf(await planned("hunter3")));
  });

  it("is left out with the whole list that its source is in: live elements may stand elsewhere", async () => {
    const text = { template: { Parameters: { Text: { Type: "String", NoEcho: true } } } };
    const rules = (Text: string) =>
      stackOf({ A: group("a", { Rules: [{ Port: 1, Text: { Ref: "Text" } }] }) }, { ...text, parameters: { Text } });
    const [one, two] = await Promise.all(
      ["hunter2", "hunter3"].map(async (secret) =>
        preimageOf((await planInMemory(createMemoryCloud(), rules(secret))).change("A")),
      ),
    );
    expect(one).toEqual(two);
  });

  it("tells nothing where it stands without being declared secret, and the plan is filtered", async () => {
    const planned = async (text: string) => {
      const { change } = await planInMemory(createMemoryCloud(), stackOf({ A: group("a", { Description: text }) }));
      return preimageOf(change("A"), (each) => each.replaceAll(text, "(sensitive)")).fingerprint;
    };
    expect(await planned("hunter2")).toBe(await planned("hunter3"));
  });

  it("is what a version stands for, and nothing else is", async () => {
    const open = typesWith(variant(Group, {}, { read: versionedRead }));
    const { result } = await moved(open, () => {
      version++;
    });
    expect(result.why).toEqual([]);
  });

  it.each([
    ["by its place", facts],
    [
      "as the type says",
      { secrets: ({ Description }: Record<string, unknown>) => (Description ? ["/Description"] : []) },
    ],
  ])("is left out where nothing tells, and that is said: %s", async (_, secret) => {
    const { approved, result } = await moved(typesWith(variant(Group, secret)), (world) => {
      thing(world, "a").properties.Description = "hunter3";
    });
    expect(result.why).toEqual([]);
    expect(approved.stacks[0]?.changes.map((each) => [each.logicalId, each.fingerprintExcludes])).toEqual([
      ["B", []],
      ["A", ["/Description"]],
    ]);
  });
});
