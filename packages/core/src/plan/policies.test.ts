import { describe, expect, it } from "vitest";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { Crash, createMemoryCloud, type Thing } from "../testing/memory-cloud.ts";
import { Group, Policy } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { deletionPolicyOf } from "./policies.ts";

const group = (Properties: object = {}, more: object = {}) => ({ Type: "Memory::Group", Properties, ...more });
const other = { Type: "Memory::Server", Properties: { Image: "v1" } };
const reconciled = (Reconcile: object) => ({ Metadata: { Reconcile } });
const rest = stackOf({ Other: other });
type World = ReturnType<typeof createMemoryCloud>;

function groups(world: World): Thing[] {
  return world.things().filter((each) => each.type === "Memory::Group");
}

describe("what is protected", proves(7, "memory"), () => {
  const data = (protect: boolean | undefined, Kind = "plain") =>
    stackOf({ Data: group({ Kind }, protect === undefined ? {} : reconciled({ protect })), Other: other });

  async function live(protect: boolean | "no word" = true) {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data(protect === "no word" ? undefined : protect)]);
    return world;
  }

  it("says so itself, from the call on that makes it", async () => {
    const world = createMemoryCloud();
    await expect(reconcileInMemory(world, [data(true)], { kill: { at: 1, answer: "lost" } })).rejects.toThrow(Crash);
    expect(groups(world)[0]?.tags).toMatchObject({ "reconcile:protect": "true" });
  });

  it("says so from the next run on, when it was there before", async () => {
    const world = await live("no word");
    expect((await planInMemory(world, data(true))).changes).toEqual(["update Data /Tags/reconcile:protect"]);
  });

  it.each<[string, boolean | undefined, string[]]>([
    ["is not replaced", true, ["guard.protected"]],
    ["is not replaced, although its line is gone", undefined, ["guard.protected"]],
    ["is replaced once it is declared to be no longer", false, []],
  ])("%s", async (_, protect, expected) => {
    const seen = await planInMemory(await live(), data(protect, "fancy"));
    expect([seen.codes, seen.change("Data").action]).toEqual([expected, "replace"]);
  });

  it("is not deleted when it leaves the template, whoever allows it", async () => {
    const world = await live();
    const seen = await planInMemory(world, rest, { allowDelete: ["all"] });
    expect(seen.diagnostics).toEqual([
      {
        code: "guard.protected",
        severity: "error",
        message: `Data (${groups(world)[0]?.id}) is protected, and would be deleted.`,
        remedy: expect.stringMatching(/declare it again .* protect: false/),
        resource: "Data (Memory::Group)",
        place: { file: "app.yaml", line: 1, column: 1 },
      },
    ]);
    expect(seen.stack.orphans.map((each) => each.reason)).toEqual(["protected"]);
    expect(seen.changes).toEqual([]);
  });

  it("is not destroyed with its stack", async () => {
    expect((await planInMemory(await live(), data(true), { destroy: true })).codes).toEqual(["guard.protected"]);
    expect((await planInMemory(await live(), data(false), { destroy: true })).codes).toEqual(["guard.protected"]);
  });

  it("is deleted after a run in which it was declared to be no longer", async () => {
    const world = await live();
    await reconcileInMemory(world, [data(false)]);
    const seen = await planInMemory(world, rest);
    expect([seen.codes, seen.changes]).toEqual([[], ["delete Data"]]);
  });

  it("stays so when its line is gone, with a note", async () => {
    const seen = await planInMemory(await live(), data(undefined), { base: [data(true)] });
    expect(seen.changes).toEqual([]);
    expect(seen.stack.notes).toEqual([{ logicalId: "Data", message: "is still protected; protect: false lifts it" }]);
  });

  it("protects a second one that carries its tags, too", async () => {
    const world = await live();
    const [first] = groups(world);
    if (first) world.store.put({ ...first, id: "grp-twin", properties: { ...first.properties, Name: "twin" } });
    expect((await planInMemory(world, data(true))).codes).toEqual(["guard.protected"]);
    expect((await planInMemory(world, data(undefined))).codes).toEqual(["guard.protected"]);
    expect((await planInMemory(world, data(false))).codes).toEqual([]);
  });

  it("is not replaced when only the run tells that it has to be", async () => {
    const stack = (Image: string, Size: string) =>
      stackOf({
        Peer: { Type: "Memory::Server", Properties: { Image, Size } },
        App: {
          Type: "Memory::Server",
          Properties: { Image: "v1", Peer: { "Fn::GetAtt": ["Peer", "Address"] } },
          ...reconciled({ protect: true }),
        },
      });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack("v1", "small")]);
    const { prepared, run } = await reconcileInMemory(world, [stack("v1", "large")]);
    expect(prepared.plan.diagnostics).toEqual([]);
    expect(run?.diagnostics.map((each) => each.code)).toEqual(["guard.protected"]);
  });

  it("is not deleted for its name when only the run tells that it has to be replaced, whoever allows it", async () => {
    const stack = (Size: string) =>
      stackOf({
        Peer: { Type: "Memory::Server", Properties: { Image: "v1", Size } },
        Data: group({ Name: "data", Kind: { "Fn::GetAtt": ["Peer", "Address"] } }, reconciled({ protect: true })),
      });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack("small")]);
    const before = groups(world);
    const { run } = await reconcileInMemory(world, [stack("large")], { allowDelete: ["all"] });
    expect(run?.diagnostics.map((each) => each.code)).toEqual(["guard.protected"]);
    expect(groups(world)).toEqual(before);
  });

  it.each([
    ["its last day is past", { expires: "2030-06-01" }, {}],
    ["its condition does not hold", {}, { Condition: "Never" }],
  ])("is not deleted when %s, though the line is as new as that", async (_, word, more) => {
    const world = await live("no word");
    const changed = group({ Kind: "plain" }, { ...reconciled({ protect: true, ...word }), ...more });
    const stack = stackOf(
      { Data: changed, Other: other },
      { template: { Conditions: { Never: { "Fn::Equals": ["a", "b"] } } } },
    );
    const seen = await planInMemory(world, stack, { base: [data(undefined)] });
    expect([seen.changes, seen.codes]).toEqual([[], ["guard.protected"]]);
  });

  describe("and cannot be tagged", () => {
    const stack = (policies: object) => stackOf({ Web: group({ Name: "web" }), ...policies });
    const policy = {
      Type: "Memory::Policy",
      Properties: { GroupId: { Ref: "Web" }, PolicyName: "p", Document: "x" },
      ...reconciled({ protect: true }),
    };

    it("is protected as long as git says so, which a note says", async () => {
      const world = createMemoryCloud();
      await reconcileInMemory(world, [stack({ Policy: policy })]);
      const seen = await planInMemory(world, stack({ Policy: policy }));
      expect(seen.stack.notes).toEqual([
        { logicalId: "Policy", message: "cannot be tagged: it is protected as long as git says so" },
      ]);
      expect((await planInMemory(world, stack({}), { base: [stack({ Policy: policy })] })).codes).toEqual([
        "guard.protected",
      ]);
    });

    it("is not lost with its parent, which is replaced", async () => {
      const world = createMemoryCloud();
      const before = stack({ Policy: policy });
      await reconcileInMemory(world, [before]);
      const web = { Web: group({ Name: "site" }), Policy: policy };
      const seen = await planInMemory(world, stackOf(web), { base: [before] });
      expect(seen.codes).toEqual(["guard.protected"]);
      expect(seen.change("Policy")).toMatchObject({
        action: "replace",
        reasons: ["dependency-replaced"],
        cause: "change",
      });
    });

    it("is not replaced in the change that takes its line away", async () => {
      const world = createMemoryCloud();
      const before = stack({ Policy: policy });
      await reconcileInMemory(world, [before]);
      const renamed = (more: object) =>
        stack({ Policy: { Type: policy.Type, Properties: { ...policy.Properties, PolicyName: "q" }, ...more } });
      expect((await planInMemory(world, renamed({}), { base: [before] })).codes).toEqual(["guard.protected"]);
      const lifted = renamed(reconciled({ protect: false }));
      expect((await planInMemory(world, lifted, { base: [before] })).changes).toEqual(["replace Policy /PolicyName"]);
    });
  });
});

describe("what is to be retained", proves(7, "memory"), () => {
  const data = (DeletionPolicy: string) => stackOf({ Data: group({ Name: "data" }, { DeletionPolicy }), Other: other });

  it("stays, and is told to say so itself, where only base says it", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("Delete")]);
    const seen = await reconcileInMemory(world, [rest], { base: [data("RetainExceptOnCreate")] });
    expect(seen.prepared.plan.stacks[0]?.orphans.map((each) => each.reason)).toEqual(["retained"]);
    expect(groups(world)[0]?.tags).toMatchObject({ "reconcile:retained": "true" });
    const next = await planInMemory(world, rest);
    expect([next.changes, next.stack.orphans.map((each) => each.reason)]).toEqual([[], ["retained"]]);
  });

  const past = reconciled({ expires: "2030-06-01" });
  it.each([
    ["its last day is past, though the line is as new as that", "Retain", past, "Delete"],
    ["its condition does not hold, though the line is as new as that", "Retain", { Condition: "Never" }, "Delete"],
    ["its last day is past, though it is only base that says so", "Delete", past, "Retain"],
  ])("stays when %s", async (_, DeletionPolicy, word, before) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("Delete")]);
    const stack = stackOf(
      { Data: group({ Name: "data" }, { DeletionPolicy, ...word }), Other: other },
      { template: { Conditions: { Never: { "Fn::Equals": ["a", "b"] } } } },
    );
    const seen = await planInMemory(world, stack, { base: [data(before)] });
    expect(seen.stack.orphans.map((each) => each.reason)).toEqual(["retained"]);
    expect(seen.changes).toEqual(["update Data /Tags/reconcile:retained"]);
  });

  it("is taken up again when it is declared again", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("Retain")]);
    await reconcileInMemory(world, [rest]);
    expect((await planInMemory(world, data("Retain"))).changes).toEqual([]);
  });
});

describe("the old one of a replacement that is to be retained", proves(7, "memory"), () => {
  const data = (Kind: string, more: object = { UpdateReplacePolicy: "Retain" }, Name?: string) =>
    stackOf({ Data: group({ Kind, ...(Name && { Name }) }, more), Other: other });
  const kinds = (world: World) =>
    groups(world).map((each) => [each.properties.Kind, each.tags?.["reconcile:retained"]]);

  it.each([
    ["never killed", undefined],
    ["killed before the old one says so", { at: 1, answer: "never-sent" as const }],
    ["killed after it", { at: 1, answer: "lost" as const }],
    ["killed before the new one is there", { at: 2, answer: "never-sent" as const }],
    ["killed after it", { at: 2, answer: "lost" as const }],
  ])("stays and says so: %s", async (_, kill) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain")]);
    const first = reconcileInMemory(world, [data("fancy")], kill ? { kill } : {});
    await (kill ? expect(first).rejects.toThrow(Crash) : first);
    const { run } = await reconcileInMemory(world, [data("fancy")], { allowDelete: [] });
    expect(run?.diagnostics).toEqual([]);
    expect(kinds(world)).toEqual([
      ["plain", "replaced"],
      ["fancy", undefined],
    ]);
    const seen = await planInMemory(world, data("fancy"));
    expect([seen.changes, seen.stack.orphans.map((each) => each.reason)]).toEqual([[], ["retained"]]);
  });

  it("is taken up again when the change is taken back before the new one was made", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain")]);
    await expect(reconcileInMemory(world, [data("fancy")], { kill: { at: 2, answer: "never-sent" } })).rejects.toThrow(
      Crash,
    );
    await reconcileInMemory(world, [data("plain")]);
    expect(kinds(world)).toEqual([["plain", undefined]]);
  });

  it("has its name as long as it lives: another one has to be declared, whoever allows what", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain", undefined, "data")]);
    const seen = await planInMemory(world, data("fancy", undefined, "data"), { allowDelete: ["all"] });
    expect(seen.codes).toEqual(["replace.name-taken"]);
    expect(seen.diagnostics[0]?.remedy).toBe("declare another name, or none so that one is generated");
  });

  it("loses nothing: no guard asks", async () => {
    const types = typesWith(variant(Group, { holdsData: true }));
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain")], { types });
    expect((await planInMemory(world, data("fancy"), { types, allowDelete: [] })).codes).toEqual([]);
    expect((await planInMemory(world, data("fancy", {}), { types, allowDelete: [] })).codes).toEqual([
      "guard.holds-data",
    ]);
  });

  it("is no old one when nothing is replaced after all", async () => {
    const stack = (Size: string) =>
      stackOf({
        Peer: { Type: "Memory::Server", Properties: { Image: "v1", Size } },
        App: {
          Type: "Memory::Server",
          Properties: {
            Image: "v1",
            Peer: { "Fn::Select": [0, { "Fn::Split": [".", { "Fn::GetAtt": ["Peer", "Address"] }] }] },
          },
          UpdateReplacePolicy: "Retain",
        },
      });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack("small")]);
    const { prepared, run } = await reconcileInMemory(world, [stack("large")]);
    expect(prepared.plan.stacks[0]?.changes.map((each) => each.impact)).toContain("may-replace");
    expect(run?.results.map((each) => [each.step.operation, each.outcome])).toContainEqual(["release", "unchanged"]);
    expect(world.things()).toHaveLength(2);
  });

  it("cannot be kept where nothing can be written on it", async () => {
    const stack = (name: string) =>
      stackOf({
        A: group({ Name: "a" }),
        P: {
          Type: "Memory::Policy",
          Properties: { GroupId: { Ref: "A" }, PolicyName: "p", Document: name },
          UpdateReplacePolicy: "Retain",
        },
      });
    const types = typesWith(variant(Policy, {}, { mustReplace: () => ["/Document"] }));
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack("x")], { types });
    expect((await planInMemory(world, stack("y"), { types })).codes).toContain("replace.cannot-retain");
  });

  it.each([
    ["retained", { DeletionPolicy: "Retain" }, {}],
    ["adopted", reconciled({ adopt: true }), {}],
    ["abandoned", {}, { abandon: ["P"] }],
  ])("is not lost with what it is a part of: %s", async (_, word, options) => {
    const policy = {
      Type: "Memory::Policy",
      Properties: { GroupId: { Ref: "A" }, PolicyName: "p", Document: "X" },
      ...word,
    };
    const parent = (more: object) => ({ A: group({ Name: "a" }, more) });
    const stack = (more: object) => stackOf({ ...parent(more), P: policy, Other: other });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack({})]);
    const lost = await planInMemory(world, rest, { base: [stack({})], ...options });
    expect(lost.codes).toEqual(["deletion-policy.lost-with-parent"]);
    const both = await planInMemory(world, rest, { base: [stack({ DeletionPolicy: "Retain" })], ...options });
    expect(both.codes).toEqual([]);
    const alone = stackOf({ ...parent({}), Other: other });
    expect((await planInMemory(world, alone, { base: [stack({})], ...options })).codes).toEqual([]);
  });

  it("is not lost with what it is a part of where that is replaced", async () => {
    const policy = {
      Type: "Memory::Policy",
      Properties: { GroupId: { Ref: "A" }, PolicyName: "p", Document: "X" },
      DeletionPolicy: "Retain",
    };
    const stack = (Kind: string, more: object, resources: object = {}) =>
      stackOf({ A: group({ Kind }, more), Other: other, ...resources });
    const before = stack("plain", {}, { P: policy });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [before]);
    const lost = await planInMemory(world, stack("fancy", {}), { base: [before] });
    expect(lost.codes).toEqual(["deletion-policy.lost-with-parent"]);
    expect(lost.diagnostics[0]?.remedy).toMatch(/^let A stay too \(UpdateReplacePolicy: Retain\)/);
    const kept = await planInMemory(world, stack("fancy", { UpdateReplacePolicy: "Retain" }), { base: [before] });
    expect(kept.codes).toEqual([]);
  });

  it("is not deleted as one that is left over where something lives under the new name", async () => {
    const stack = (PolicyName: string) =>
      stackOf({
        A: group({ Name: "a" }),
        P: {
          Type: "Memory::Policy",
          Properties: { GroupId: { Ref: "A" }, PolicyName, Document: "X" },
          UpdateReplacePolicy: "Retain",
        },
      });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack("p")]);
    const [{ id: GroupId } = { id: "" }] = groups(world);
    const properties = { GroupId, PolicyName: "q", Document: "X" };
    world.store.put({ type: "Memory::Policy", id: `${GroupId}|q`, properties, tags: null });
    const seen = await planInMemory(world, stack("q"), { base: [stack("p")] });
    expect([seen.changes, seen.stack.orphans.map((each) => each.reason)]).toEqual([[], ["retained"]]);
  });
});

describe("a last snapshot", proves(7, "memory"), () => {
  function snapshots() {
    const made: string[] = [];
    const types = typesWith(
      variant(
        Group,
        {},
        {
          async snapshot(_cloud, { identifier }) {
            made.push(identifier);
          },
        },
      ),
    );
    return { made, types };
  }
  const data = (Kind: string, more: object) => stackOf({ Data: group({ Kind }, more), Other: other });
  const asked = { DeletionPolicy: "Snapshot", UpdateReplacePolicy: "Snapshot" };

  const anotherType = stackOf({ Data: { ...other, DeletionPolicy: "Delete" }, Other: other });
  it.each<[string, (RunOptions & object) | undefined]>([
    ["as base says", { base: [data("plain", asked)] }],
    ["as its own tag says", {}],
    ["as its own tag says, whatever base says of another type under its name", { base: [anotherType] }],
  ])("is made before it is deleted, %s", async (_, options) => {
    const { made, types } = snapshots();
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain", asked)], { types });
    const [{ id } = { id: "" }] = groups(world);
    const seen = await planInMemory(world, rest, { types, ...options });
    expect(seen.change("Data").steps).toEqual(["snapshot"]);
    await reconcileInMemory(world, [rest], { types, ...options });
    expect([made, groups(world)]).toEqual([[id], []]);
  });

  it("is not made where nobody asked for one", async () => {
    const { made, types } = snapshots();
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain", {})], { types });
    await reconcileInMemory(world, [rest], { types });
    expect([made, groups(world)]).toEqual([[], []]);
  });

  it("is made as base says where a line that says nothing is past its last day", async () => {
    const { types } = snapshots();
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain", {})], { types });
    const past = data("plain", reconciled({ expires: "2030-06-01" }));
    const seen = await planInMemory(world, past, { types, base: [data("plain", asked)] });
    expect(seen.change("Data").steps).toEqual(["snapshot"]);
  });

  it("is made before the old one of a replacement goes", async () => {
    const { made, types } = snapshots();
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain", asked)], { types });
    const [{ id } = { id: "" }] = groups(world);
    const { prepared } = await reconcileInMemory(world, [data("fancy", asked)], { types });
    expect(made).toEqual([id]);
    expect(prepared.plan.stacks[0]?.changes.map((each) => [each.action, each.steps])).toContainEqual([
      "replace",
      ["snapshot"],
    ]);
  });

  it("that cannot be made stops the deletion, and the replacement", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [data("plain", asked)]);
    for (const seen of [await planInMemory(world, rest), await planInMemory(world, data("fancy", asked))]) {
      expect(seen.codes).toEqual(["deletion-policy.no-snapshot"]);
    }
  });

  it.each([
    ["AWS::RDS::DBCluster", {}, "Snapshot"],
    ["AWS::RDS::DBInstance", {}, "Snapshot"],
    ["AWS::RDS::DBInstance", { DBClusterIdentifier: "c" }, "Delete"],
    ["AWS::EC2::Volume", {}, "Delete"],
  ])("is CloudFormation's default for %s %j: %s", (type, properties, expected) => {
    expect(deletionPolicyOf(undefined, { type }, { properties, tags: {} })).toBe(expected);
    expect(deletionPolicyOf({ deletionPolicy: "Delete" }, { type }, { properties, tags: {} })).toBe("Delete");
  });
});
