import { describe, expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud, type Thing } from "../testing/memory-cloud.ts";
import { proves } from "../testing/proofs.ts";

const group = (Properties: object, Reconcile?: object) => ({
  Type: "Memory::Group",
  Properties,
  ...(Reconcile && { Metadata: { Reconcile } }),
});
const app = { Type: "Memory::Server", Properties: { Image: "v1", GroupIds: [{ Ref: "Web" }] } };
const existing = (Properties: object = { Name: "web" }, how: true | string = true) =>
  stackOf({ Web: group(Properties, { existing: how }), App: app });

function living(tags: Record<string, string> = { Team: "web" }) {
  const world = createMemoryCloud();
  const properties = { Name: "web", Kind: "plain", Description: "theirs" };
  world.store.put({ type: "Memory::Group", id: "grp-theirs", properties, tags });
  return world;
}
const theirs = (world: ReturnType<typeof createMemoryCloud>): Thing | undefined =>
  world.things().find((each) => each.id === "grp-theirs");

describe("what is declared as existing", proves(6, "memory"), () => {
  it.each<[string, object, true | string]>([
    ["by its name", { Name: "web", Description: "theirs" }, true],
    ["by its identifier", { Description: "theirs" }, "grp-theirs"],
  ])("is referred to, and never touched: found %s", async (_, properties, how) => {
    const world = living();
    const before = theirs(world);
    const stack = existing(properties, how);
    const seen = await planInMemory(world, stack);
    expect([seen.changes, seen.codes]).toEqual([["create App"], []]);
    await reconcileInMemory(world, [stack]);
    expect(theirs(world)).toEqual(before);
    expect((await planInMemory(world, stack)).changes).toEqual([]);
    await reconcileInMemory(world, [stack], { destroy: true });
    expect(world.things()).toEqual([before]);
  });

  it.each([
    ["another stack's", { "reconcile:owner": "other/x@us-east-1", "reconcile:resource": "Web/Memory::Group" }],
    ["CloudFormation's", { "aws:cloudformation:stack-name": "legacy" }],
  ])("may be %s", async (_, tags) => {
    expect((await planInMemory(living(tags), existing({ Name: "web", Description: "theirs" }))).codes).toEqual([]);
  });

  it("is said to differ where it does, but for what is ignored", async () => {
    const stack = existing({ Name: "web", Kind: "fancy", Description: "ours", Tags: { Team: "ours" } });
    const seen = await planInMemory(living(), stack);
    expect(seen.diagnostics).toMatchObject([
      { code: "existing.differs", severity: "warning", message: expect.stringMatching(/: Kind, Description\.$/) },
    ]);
    expect(seen.changes).toEqual(["create App"]);
    const ignoring = stackOf({
      Web: group({ Name: "web", Description: "ours" }, { existing: true, ignore: ["/Description"] }),
    });
    expect((await planInMemory(living(), ignoring)).codes).toEqual([]);
  });

  it.each<[string, object, true | string, string]>([
    ["its name is nobody's", { Name: "other" }, true, "existing.missing"],
    ["its identifier is nobody's", {}, "grp-404", "existing.missing"],
    ["nothing says which one it is", {}, true, "existing.no-name"],
  ])("is an error when %s", async (_, properties, how, code) => {
    const seen = await planInMemory(living(), existing(properties, how));
    expect(seen.codes).toEqual([code]);
    expect(seen.stack.changes.map((each) => each.logicalId)).toEqual(["App"]);
  });

  it("is let go, when it was ours", async () => {
    const world = createMemoryCloud();
    const managed = stackOf({ Web: group({ Name: "web", Rules: [{ Port: 22 }] }), App: app });
    await reconcileInMemory(world, [managed]);
    const stack = existing({ Name: "web", Rules: [{ Port: 22 }] });
    const seen = await planInMemory(world, stack);
    expect(seen.changes).toEqual(["update Web /Tags/reconcile:owner /Tags/reconcile:resource"]);
    await reconcileInMemory(world, [stack]);
    const left = world.things().filter((each) => each.type !== "Memory::Server");
    expect(left.map((each) => each.tags)).toEqual([{}, {}]);
    expect((await planInMemory(world, stack)).changes).toEqual([]);
  });

  it("may have children of ours, which is no difference", async () => {
    const rule = { Type: "Memory::Rule", Properties: { GroupId: { Ref: "Web" }, Port: 22 } };
    const stack = stackOf({ Web: group({ Name: "web", Description: "theirs" }, { existing: true }), Rule: rule });
    const world = living();
    await reconcileInMemory(world, [stack]);
    const next = await planInMemory(world, stack);
    expect([next.changes, next.codes]).toEqual([[], []]);
  });

  it("is not missed where it is gone by the time its declaration goes", async () => {
    const other = { Other: group({ Name: "other" }) };
    const before = stackOf({ ...other, Web: group({ Name: "web" }, { existing: true }) });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf(other)]);
    const { changes, codes } = await planInMemory(world, stackOf(other), { base: [before] });
    expect([changes, codes]).toEqual([[], []]);
  });

  it.each([
    ["while it is still declared", true, {}],
    ["with its own declaration", false, {}],
    ["when the stack is destroyed", true, { destroy: true }],
  ])("loses what was added to it and cannot be tagged when that leaves the template, %s", async (_, stays, options) => {
    const world = living();
    const policy = { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Web" }, PolicyName: "p", Document: "X" } };
    const other = { Other: group({ Name: "other" }) };
    const named = { template: { Parameters: { Name: { Type: "String", Default: "web" } } } };
    const web = { Web: group({ Name: { Ref: "Name" } }, { existing: true }) };
    const before = stackOf({ ...other, ...web, Policy: policy }, named);
    await reconcileInMemory(world, [before]);
    const stack = "destroy" in options ? before : stackOf({ ...other, ...(stays && web) }, named);
    await reconcileInMemory(world, [stack], { base: [before], ...options });
    expect(world.things().filter((each) => each.type === "Memory::Policy")).toEqual([]);
    expect(theirs(world)).toBeDefined();
  });

  it("is not removed with its declaration, child or not", async () => {
    const child = {
      Type: "Memory::Policy",
      Properties: { GroupId: "grp-theirs", PolicyName: "p", Document: "X" },
      Metadata: { Reconcile: { existing: true } },
    };
    const world = living();
    world.store.put({
      type: "Memory::Policy",
      id: "grp-theirs|p",
      properties: { GroupId: "grp-theirs", PolicyName: "p", Document: "X" },
      tags: null,
    });
    const both = { Web: group({ Name: "web", Description: "theirs" }, { existing: true }), P: child };
    const rest = stackOf({ App: { Type: "Memory::Server", Properties: { Image: "v1" } } });
    expect((await planInMemory(world, rest, { base: [stackOf(both)] })).changes).toEqual(["create App"]);
  });

  it("is let go, when it was ours under another logical id, and stays when its line goes", async () => {
    const world = createMemoryCloud();
    const keep = { Keep: group({ Name: "keep" }) };
    await reconcileInMemory(world, [stackOf({ ...keep, Owned: group({ Name: "web" }) })]);
    const changed = group({ Name: "web", Description: "another" }, { existing: true });
    await reconcileInMemory(world, [stackOf({ ...keep, Web: changed })]);
    expect(world.things().find((each) => each.properties.Name === "web")?.tags).toEqual({});
    expect((await planInMemory(world, stackOf(keep))).changes).toEqual([]);
  });

  it("is not deleted by the stack that owns it, in a run of both", async () => {
    const world = createMemoryCloud();
    const keep = { Keep: group({ Name: "keep" }) };
    await reconcileInMemory(world, [stackOf({ ...keep, Owned: group({ Name: "web" }) }, { name: "owner" })]);
    const stacks = [stackOf(keep, { name: "owner" }), stackOf({ Web: group({ Name: "web" }, { existing: true }) })];
    const seen = await planInMemory(world, stacks);
    expect([seen.changes, seen.codes]).toEqual([[], ["delete.used-elsewhere"]]);
    expect(seen.stack.orphans.map((each) => each.reason)).toEqual(["used-elsewhere"]);
  });

  it("keeps nothing else from being deleted by another stack", async () => {
    const world = living();
    const keep = { Keep: group({ Name: "keep" }) };
    await reconcileInMemory(world, [stackOf({ ...keep, Old: group({ Name: "old" }) }, { name: "owner" })]);
    const stacks = [stackOf(keep, { name: "owner" }), stackOf({ Web: group({ Name: "web" }, { existing: true }) })];
    expect((await planInMemory(world, stacks)).changes).toEqual(["delete Old"]);
  });

  it("does not count among what a run would leave", async () => {
    const stack = stackOf({ Web: group({ Name: "web" }, { existing: true }), Own: group({ Name: "own" }) });
    const world = living();
    await reconcileInMemory(world, [stack]);
    const seen = await planInMemory(world, stackOf({ Web: group({ Name: "web" }, { existing: true }) }), {
      allowDelete: [],
    });
    expect(seen.codes).toContain("guard.too-many-deletions");
  });
});

describe("what was adopted", () => {
  it("and cannot be tagged is as declared at once, and stays when its declaration goes", async () => {
    const web = { Web: group({ Name: "web" }) };
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf(web)]);
    const [{ id: GroupId } = { id: "" }] = world.things();
    const properties = { GroupId, PolicyName: "p", Document: "X" };
    world.store.put({ type: "Memory::Policy", id: `${GroupId}|p`, properties, tags: null });
    const policy = (Reconcile: object) => ({
      Type: "Memory::Policy",
      Properties: { GroupId: { Ref: "Web" }, PolicyName: "p", Document: "X" },
      Metadata: { Reconcile },
    });
    const adopting = stackOf({ ...web, Policy: policy({ adopt: true }) });
    expect((await planInMemory(world, adopting)).changes).toEqual([]);
    for (const after of [web, { ...web, Policy: policy({ expires: "2030-06-01" }) }]) {
      const left = await planInMemory(world, stackOf(after), { base: [adopting] });
      expect([left.changes, left.stack.orphans.map((each) => each.reason)]).toEqual([[], ["retained"]]);
    }
  });

  it("is let go with what was added to it", async () => {
    const world = living();
    const adopting = stackOf({
      Web: group({ Name: "web", Rules: [{ Port: 22 }] }, { adopt: true }),
      Other: group({ Name: "other" }),
    });
    await reconcileInMemory(world, [adopting]);
    await reconcileInMemory(world, [stackOf({ Other: group({ Name: "other" }) })]);
    const left = world.things().filter((each) => each.properties.Name !== "other");
    expect(left.map((each) => each.tags)).toEqual([{ Team: "web" }, { Team: "web" }]);
  });
});
