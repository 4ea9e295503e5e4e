import { describe, expect, it } from "vitest";
import type { Stack } from "../stack/model.ts";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { Rule } from "../testing/memory-types.ts";
import { expiryNote } from "./expiry.ts";

const web = { Type: "Memory::Group", Properties: { Name: "web" } };
const until = (expires: string) => ({ Metadata: { Reconcile: { expires } } });
const rule = (expires: string) => ({
  Type: "Memory::Rule",
  Properties: { GroupId: { Ref: "Web" }, Port: 22 },
  ...until(expires),
});
const policy = (expires: string) => ({
  Type: "Memory::Policy",
  Properties: { GroupId: { Ref: "Web" }, PolicyName: "p", Document: "X" },
  ...until(expires),
});
const stack = stackOf({ Web: web, Ssh: rule("2030-06-20") });

const groupOf = (world: ReturnType<typeof createMemoryCloud>) =>
  world.things().find((each) => each.type === "Memory::Group")?.id;

describe("what expires", () => {
  it.each([
    ["2030-06-19", []],
    ["2030-06-20", []],
    ["2030-06-21", ["delete Ssh"]],
    ["2031-01-01", ["delete Ssh"]],
  ])("counts as declared until its last day is over: on %s", async (today, expected) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    expect((await planInMemory(world, stack, { today })).changes).toEqual(expected);
  });

  it("is deleted because of that, at the place of its declaration, and by no change of anybody's", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const { change } = await planInMemory(world, stack, { today: "2030-06-21", base: [stack] });
    expect(change("Ssh")).toMatchObject({
      action: "delete",
      reasons: ["expired"],
      cause: "input",
      place: { file: "app.yaml", line: stack.template.resources.get("Ssh")?.place.line },
    });
  });

  it("is not made any more", async () => {
    expect((await planInMemory(createMemoryCloud(), stack, { today: "2030-06-21" })).changes).toEqual(["create Web"]);
  });

  it("and cannot be tagged is found where it was declared, with a base or without", async () => {
    const expiring = stackOf({ Web: web, Policy: policy("2030-06-20") });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [expiring]);
    for (const base of [{}, { base: [expiring] }]) {
      const seen = await planInMemory(world, expiring, { today: "2030-06-21", ...base });
      expect(seen.changes).toEqual(["delete Policy"]);
    }
  });

  it("is told by its own tag where a list carries none, and no base is known", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stack]);
    const Untold = variant(
      Rule,
      {},
      {
        async *list(cloud) {
          for await (const { tags: _, ...found } of Rule.handlers.list(cloud)) yield found;
        },
      },
    );
    const alone = stackOf({ Ssh: { ...rule("2030-06-20"), Properties: { GroupId: groupOf(world), Port: 22 } } });
    const past = { today: "2030-06-21", types: typesWith(Untold) };
    expect((await planInMemory(world, alone, past)).changes).toContain("delete Ssh");
  });

  describe("and was past already when it was written says nothing of what somebody has in that place", () => {
    const theirs = { Name: "web", Kind: "plain", Description: "" };
    async function deletions(GroupId: string, declared: Stack, options: { base?: Stack[] } = {}) {
      const world = createMemoryCloud();
      if (options.base) await reconcileInMemory(world, options.base);
      else world.store.put({ type: "Memory::Group", id: GroupId, properties: theirs, tags: {} });
      const [{ id } = { id: "" }] = world.things();
      const properties = { GroupId: id, PolicyName: "p", Document: "THEIRS" };
      world.store.put({ type: "Memory::Policy", id: `${id}|p`, properties, tags: null });
      return (await planInMemory(world, declared, options)).changes.filter((each) => each.startsWith("delete"));
    }
    const past = policy("2029-01-01");

    it("where base has not got it", async () => {
      expect(await deletions("", stackOf({ Web: web, Policy: past }), { base: [stackOf({ Web: web })] })).toEqual([]);
    });

    it.each([
      ["somebody else's", stackOf({ Policy: { ...past, Properties: { ...past.Properties, GroupId: "grp-theirs" } } })],
      ["declared as existing", stackOf({ Web: { ...web, Metadata: { Reconcile: { existing: true } } }, Policy: past })],
    ])("where no base is known and its parent is %s", async (_, declared) => {
      expect(await deletions("grp-theirs", declared)).toEqual([]);
    });
  });

  describe("and cannot be tagged, in a parent that is somebody else's", () => {
    const granted = (Document: string, Properties: object = {}) =>
      stackOf({
        Grant: {
          Type: "Memory::Policy",
          Properties: { GroupId: "grp-theirs", PolicyName: "p", Document, ...Properties },
          ...until("2030-06-20"),
        },
      });
    async function seen(Document: string, base?: Stack) {
      const world = createMemoryCloud();
      const properties = { Name: "theirs", Kind: "plain", Description: "" };
      world.store.put({ type: "Memory::Group", id: "grp-theirs", properties, tags: {} });
      const GroupId = "grp-theirs";
      world.store.put({
        type: "Memory::Policy",
        id: "grp-theirs|p",
        properties: { GroupId, PolicyName: "p", Document },
        tags: null,
      });
      const options = { today: "2030-06-21", ...(base && { base: [base] }) };
      const { changes, stack: planned } = await planInMemory(world, granted("GRANTED"), options);
      return [changes, planned.unowned.map((each) => each.identifier)];
    }

    it.each([
      ["goes where it is what was declared", "GRANTED", granted("GRANTED"), [["delete Grant"], []]],
      ["goes as base declared it", "EARLIER", granted("EARLIER"), [["delete Grant"], []]],
      ["goes also where no base is known", "GRANTED", undefined, [["delete Grant"], []]],
      [
        "is told of where it is another one: the line may never have held",
        "THEIRS",
        granted("GRANTED"),
        [[], ["grp-theirs|p"]],
      ],
      ["is told of where no base is known, either", "THEIRS", undefined, [[], ["grp-theirs|p"]]],
      ["is nothing to us where base has not got it", "GRANTED", stackOf({ Web: web }), [[], []]],
    ])("%s", async (_, document, base, expected) => {
      expect(await seen(document, base)).toEqual(expected);
    });
  });

  it("is said beforehand", async () => {
    const { stack: planned } = await planInMemory(createMemoryCloud(), stack, { today: "2030-06-14" });
    expect(planned.notes).toEqual([{ logicalId: "Ssh", message: "expires in 6 days (2030-06-20, UTC)" }]);
  });

  it.each([
    ["2030-06-05", undefined],
    ["2030-06-06", "expires in 14 days (2030-06-20, UTC)"],
    ["2030-06-19", "expires tomorrow (2030-06-20, UTC)"],
    ["2030-06-20", "expires today (2030-06-20, UTC)"],
  ])("on %s: %s", (today, expected) => {
    expect(expiryNote({ reconcile: { expires: "2030-06-20" } }, today)).toBe(expected);
  });
});
