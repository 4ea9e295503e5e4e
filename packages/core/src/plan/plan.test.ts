import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  createOnly,
  generatedName,
  keyed,
  refersTo,
  sensitive,
  shared,
  slot,
  tagMap,
  unordered,
} from "../resource/annotations.ts";
import type { Tags } from "../resource/model.ts";
import { ownerTags } from "../resource/owner.ts";
import { shapeOf } from "../resource/shape.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { createMemoryCloud, type Thing } from "../testing/memory-cloud.ts";
import { Group, Policy, Rule, Server } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";
import { Unknown } from "../value.ts";
import type { Cause } from "./model.ts";

const owner = "test/app@us-east-1";
type World = ReturnType<typeof createMemoryCloud>;

const group = (Properties: object = {}, more: object = {}) => ({ Type: "Memory::Group", Properties, ...more });
const server = (Properties: object = {}, more: object = {}) => ({
  Type: "Memory::Server",
  Properties: { Image: "v1", ...Properties },
  ...more,
});
const rule = (parent: unknown, Port: number, more: object = {}) => ({
  Type: "Memory::Rule",
  Properties: { GroupId: parent, Port, ...more },
});
const ref = (Ref: string) => ({ Ref });

function thing(world: World, type: string): Thing {
  const found = world.store.all().find((each) => each.type === `Memory::${type}`);
  if (!found) throw new Error(`there is no ${type}`);
  return found;
}

describe("why something differs", () => {
  const described = (Description: string) => stackOf({ Web: group({ Name: "web", Description }) });

  it.each<[string, string | undefined, string, string, Cause]>([
    ["head says something new", "a", "b", "a", "change"],
    ["live moved", "a", "a", "c", "drift"],
    ["both", "a", "b", "c", "both"],
    ["no base is known", undefined, "a", "c", null],
  ])("%s", async (_, base, head, live, expected) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [described(live)]);
    const { change } = await planInMemory(
      world,
      described(head),
      base === undefined ? {} : { base: [described(base)] },
    );
    expect([change("Web").cause, change("Web").properties.map((each) => each.cause)]).toEqual([expected, [expected]]);
  });

  it("nothing, for what does not differ", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [described("a")]);
    const { change } = await planInMemory(world, described("a"), { base: [described("b")] });
    expect([change("Web").action, change("Web").cause]).toEqual(["none", null]);
  });

  it("it is new, or it was deleted behind our back, or nothing was ever made", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: group(), Old: server() });
    const stack = stackOf({ Web: group(), Old: server(), New: server() });
    const causesNow = async (options: object) => {
      const { change } = await planInMemory(world, stack, options);
      return [change("Old").cause, change("New").cause];
    };
    expect(await causesNow({ base: [before] })).toEqual(["change", "change"]);
    await reconcileInMemory(world, [before]);
    world.store.remove("Memory::Server", thing(world, "Server").id);
    expect(await causesNow({ base: [before] })).toEqual(["drift", "change"]);
    expect(await causesNow({})).toEqual([null, null]);
  });

  it("head no longer declares it, or it was never declared", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ Web: group(), App: server() })]);
    const rest = stackOf({ App: server() });
    const cause = async (options: object) => (await planInMemory(world, rest, options)).change("Web").cause;
    expect(await cause({ base: [stackOf({ Web: group(), App: server() })] })).toBe("change");
    expect(await cause({ base: [rest] })).toBe("drift");
    expect(await cause({})).toBeNull();
  });
});

describe("why something goes", () => {
  it("an outside value turns it off, or a condition is new", async () => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/switch", { value: "off" });
    const before = stackOf({ Web: group(), App: server() });
    await reconcileInMemory(world, [before]);
    const switched = stackOf(
      { Web: group({}, { Condition: "On" }), App: server() },
      {
        template: {
          Parameters: { Switch: { Type: "String" } },
          Conditions: { On: { "Fn::Equals": [{ Ref: "Switch" }, "on"] } },
        },
        parameters: { Switch: { kind: "ssm", name: "/switch" } },
      },
    );
    const cause = async (base: Stack) => (await planInMemory(world, switched, { base: [base] })).change("Web").cause;
    expect([await cause(before), await cause(switched)]).toEqual(["change", "input"]);
  });

  it("it is left over, which is in no file", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: group({ Name: "web" }) });
    await reconcileInMemory(world, [stack]);
    world.store.put({ ...thing(world, "Group"), id: "grp-twin" });
    expect((await planInMemory(world, stack, { base: [stack] })).change("Web", "delete").cause).toBe("drift");
  });
});

describe("an outside value that moved", () => {
  const withImage = (more: object = {}) =>
    stackOf(
      {
        App: server({ Image: { Ref: "Image" }, ...more }),
        Uses: group({ Name: "uses", Description: { Ref: "Image" } }),
      },
      {
        template: { Parameters: { Image: { Type: "String" } } },
        parameters: { Image: { kind: "ssm", name: "/image" } },
      },
    );

  async function moved() {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/image", { value: "v1" });
    await reconcileInMemory(world, [withImage()]);
    world.inputs.set("ssm:/image", { value: "v2" });
    return world;
  }

  it("is taken where it can be set in place, and called an input", async () => {
    const seen = await planInMemory(await moved(), withImage(), { base: [withImage()] });
    expect(seen.changes).toEqual(["update Uses /Description"]);
    expect(seen.change("Uses").cause).toBe("input");
  });

  it.each([
    ["with a base", true],
    ["without one", false],
  ])("is left aside where it would replace, with a note, %s", async (_, hasBase) => {
    const world = await moved();
    const base = hasBase ? { base: [withImage()] } : {};
    const seen = await planInMemory(world, withImage(), base);
    expect(seen.change("App").action).toBe("none");
    expect(seen.stack.notes).toEqual([
      {
        logicalId: "App",
        message: expect.stringMatching(/^Image reads a newer outside value .* \(--refresh-inputs takes it\)$/),
      },
    ]);
    await reconcileInMemory(world, [withImage()], base);
    expect(thing(world, "Server").properties.Image).toBe("v1");
  });

  it("is left aside while something else is updated", async () => {
    const world = await moved();
    const seen = await planInMemory(world, withImage({ Size: "large" }));
    expect(seen.changes).toContain("update App /Size");
    await reconcileInMemory(world, [withImage({ Size: "large" })]);
    expect(thing(world, "Server").properties).toMatchObject({ Image: "v1", Size: "large" });
  });

  it("is taken when asked for, and called an input", async () => {
    const world = await moved();
    const seen = await planInMemory(world, withImage(), { refreshInputs: true });
    expect(seen.changes).toContain("replace App /Image");
    expect(seen.change("App").properties.map((each) => each.cause)).toEqual(["input"]);
    expect(seen.stack.notes).toEqual([]);
    await reconcileInMemory(world, [withImage()], { refreshInputs: true });
    expect(thing(world, "Server").properties.Image).toBe("v2");
  });

  it("is taken by what is replaced for another reason: there is nothing to keep", async () => {
    const world = await moved();
    const stack = withImage({ Peer: { Ref: "Uses" } });
    const seen = await planInMemory(world, stack);
    expect(seen.changes).toContain("replace App /Image /Peer");
    expect(seen.stack.notes).toEqual([]);
    await reconcileInMemory(world, [stack]);
    expect(thing(world, "Server").properties.Image).toBe("v2");
  });

  it("that is declared in another way now is a change like any other", async () => {
    const world = await moved();
    const fixed = stackOf({ App: server({ Image: "v3" }), Uses: group({ Name: "uses", Description: "v1" }) });
    const seen = await planInMemory(world, fixed, { base: [withImage()] });
    expect(seen.changes).toEqual(["replace App /Image"]);
    expect(seen.change("App").cause).toBe("change");
  });
});

describe("an outside value in a list that moved", () => {
  const stack = (GroupIds: unknown) =>
    stackOf(
      { App: server({ GroupIds }) },
      {
        template: { Parameters: { Groups: { Type: "CommaDelimitedList" } } },
        parameters: { Groups: { kind: "ssm", name: "/groups" } },
      },
    );

  it.each<[string, unknown, string[], string[]]>([
    ["takes the old one's place", ["{{resolve:ssm:/group}}", "grp-c"], [], ["- grp-a input", "+ grp-b input"]],
    [
      "is told from what somebody else put there",
      ["{{resolve:ssm:/group}}", "grp-c"],
      ["grp-x"],
      ["- grp-a input", "- grp-x drift", "+ grp-b input"],
    ],
    [
      "and what is written out was taken away by somebody",
      ["{{resolve:ssm:/group}}", "grp-c"],
      ["-grp-c"],
      ["- grp-a input", "+ grp-b input", "+ grp-c drift"],
    ],
    ["is the whole list", { Ref: "Groups" }, [], ["- grp-a input", "+ grp-b input"]],
  ])("%s", async (_, GroupIds, byHand, expected) => {
    const world = createMemoryCloud();
    world.inputs.set("ssm:/group", { value: "grp-a" }).set("ssm:/groups", { value: "grp-a,grp-c" });
    await reconcileInMemory(world, [stack(GroupIds)]);
    world.inputs.set("ssm:/group", { value: "grp-b" }).set("ssm:/groups", { value: "grp-b,grp-c" });
    const live = thing(world, "Server").properties;
    const gone = byHand.flatMap((id) => (id.startsWith("-") ? [id.slice(1)] : []));
    live.GroupIds = [...(live.GroupIds as string[]), ...byHand.filter((id) => !id.startsWith("-"))].filter(
      (id) => !gone.includes(id),
    );
    const { change } = await planInMemory(world, stack(GroupIds), { base: [stack(GroupIds)] });
    const found = change("App").properties.map(
      ({ before, after, cause }) => `${before ? "-" : "+"} ${String(before ?? after)} ${cause}`,
    );
    expect(found).toEqual(expected);
  });
});

describe("a declared name cannot be had twice", () => {
  const named = (Kind: string, Name = "web") => stackOf({ Web: group({ Name, Kind }) });

  async function live() {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [named("plain")]);
    return world;
  }

  it("so that a replacement is refused, with what can be done", async () => {
    const world = await live();
    const seen = await planInMemory(world, named("fancy"), { allowDelete: [] });
    expect(seen.diagnostics).toEqual([
      {
        code: "replace.name-taken",
        severity: "error",
        message: `Web has to be replaced (Kind can only be set when it is made), and ${thing(world, "Group").id} has its name until it is deleted.`,
        remedy: expect.stringContaining("--allow-delete Web"),
        resource: "Web (Memory::Group)",
        place: expect.objectContaining({ file: "app.yaml", line: 3 }),
      },
    ]);
  });

  it.each([["Web"], ["all"]])(
    "unless the deletion is allowed: then the old one goes first (--allow-delete %s)",
    async (allowed) => {
      const world = await live();
      const { id } = thing(world, "Group");
      const { prepared, run } = await reconcileInMemory(world, [named("fancy")], { allowDelete: [allowed] });
      expect(prepared.graph.order).toEqual([`app/Web delete ${id}`, "app/Web"]);
      expect(run?.diagnostics).toEqual([]);
      expect(thing(world, "Group").properties).toMatchObject({ Name: "web", Kind: "fancy" });
    },
  );

  it.each<[string, object, object]>([
    ["uses it", { App: server({ GroupIds: [ref("Web")] }) }, {}],
    ["is a part of it", { Ssh: rule(ref("Web"), 22) }, {}],
    ["used it, and is taken out first", { App: server({ GroupIds: [ref("Web")] }) }, { App: server() }],
  ])("nor freed while there is something that %s", async (_, before, after) => {
    const world = createMemoryCloud();
    const stack = (Kind: string, more: object) => stackOf({ Web: group({ Name: "web", Kind }), ...more });
    await reconcileInMemory(world, [stack("plain", before)]);
    const { prepared, run } = await reconcileInMemory(world, [stack("fancy", { ...before, ...after })], {
      allowDelete: ["all"],
    });
    const isUsed = Object.keys(after).length === 0;
    expect(prepared.plan.diagnostics.map((each) => each.code)).toEqual(isUsed ? ["replace.name-taken"] : []);
    expect(run?.results.map((each) => each.outcome)).toEqual(isUsed ? undefined : ["done", "done", "done"]);
  });

  it("but another name can stand beside it", async () => {
    const seen = await planInMemory(await live(), named("fancy", "other"), { allowDelete: [] });
    expect([seen.changes, seen.codes]).toEqual([["replace Web /Name /Kind"], []]);
  });

  it("and the refusal is told even where using it closes a circle, which is the other reason", async () => {
    const world = createMemoryCloud();
    const stack = (Kind: string) => stackOf({ Web: group({ Name: "web", Kind }), App: server({ Peer: ref("Web") }) });
    await reconcileInMemory(world, [stack("plain")]);
    const seen = await planInMemory(world, stack("fancy"), { allowDelete: [], base: [stack("plain")] });
    expect(seen.codes).toEqual(["replace.name-taken", "replace.name-taken"]);
    expect(seen.changes).toEqual(["replace Web /Kind", "replace App /Peer"]);
  });
});

describe("what leaves the template", proves(7, "memory"), () => {
  const kept = (DeletionPolicy: string) =>
    stackOf({ Data: group({ Name: "data" }, { DeletionPolicy }), App: server() });
  const rest = stackOf({ App: server() });

  it("and was to be retained stays, as an orphan", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [kept("Retain")]);
    const seen = await planInMemory(world, rest);
    expect(seen.changes).toEqual([]);
    expect(seen.stack.orphans).toEqual([
      { logicalId: "Data", type: "Memory::Group", identifier: thing(world, "Group").id, reason: "retained" },
    ]);
  });

  it("and is to be retained survives its stack", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [kept("Retain")]);
    await reconcileInMemory(world, [kept("Retain")], { destroy: true });
    expect(world.things().map((each) => each.properties.Name)).toEqual(["data"]);
  });

  it("no longer to be retained, first loses the tag that says so", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [kept("Retain")]);
    expect((await planInMemory(world, kept("Delete"))).changes).toEqual(["update Data /Tags/reconcile:retained"]);
  });

  it("by becoming another type is made anew, and the old one goes", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: group(), Other: server() });
    const after = stackOf({ Web: server(), Other: server() });
    await reconcileInMemory(world, [before]);
    const seen = await planInMemory(world, after, { base: [before] });
    expect(seen.changes).toEqual(["create Web", "delete Web"]);
    expect(seen.change("Web", "delete")).toMatchObject({ reasons: ["not-declared"], type: { type: "Memory::Group" } });
    await reconcileInMemory(world, [after], { base: [before] });
    expect(world.things().map((each) => each.type)).toEqual(["Memory::Server", "Memory::Server"]);
    expect((await planInMemory(world, after, { base: [after] })).changes).toEqual([]);
  });

  it("is shown at the place where it was declared, or at the stack", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ App: server(), Web: group() });
    await reconcileInMemory(world, [before]);
    const seen = await planInMemory(world, rest, { base: [before] });
    expect(seen.change("Web").place).toEqual(before.template.resources.get("Web")?.place);
    expect((await planInMemory(world, rest)).change("Web").place).toEqual(rest.place);
  });
});

describe("a rule that is declared elsewhere now", () => {
  const rules = (...ports: number[]) => ports.map((Port) => ({ Port, Text: "" }));

  it.each<[string, object, object, string[]]>([
    ["by its group", { Web: group(), Ssh: rule(ref("Web"), 22) }, { Web: group({ Rules: rules(22) }) }, []],
    [
      "by a rule of its own",
      { Web: group({ Rules: rules(22) }) },
      { Web: group(), Ssh: rule(ref("Web"), 22) },
      ["Ssh"],
    ],
    [
      "by another rule",
      { Web: group(), Ssh: rule(ref("Web"), 22) },
      { Web: group(), Shell: rule(ref("Web"), 22) },
      ["Shell"],
    ],
  ])("%s is not closed for a moment", async (_, before, after, renamed) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf(before)]);
    const { id } = thing(world, "Rule");
    const { prepared } = await reconcileInMemory(world, [stackOf(after)], { base: [stackOf(before)] });
    expect(thing(world, "Rule").id).toBe(id);
    const changes = prepared.plan.stacks[0]?.changes.filter((each) => each.action !== "none") ?? [];
    expect(changes.map((each) => [each.logicalId, each.action, each.reasons])).toEqual(
      renamed.map((each) => [each, "update", ["renamed"]]),
    );
  });

  it("by nobody, is deleted, and its group is not concerned", async () => {
    const world = createMemoryCloud();
    const before = stackOf({ Web: group(), Ssh: rule(ref("Web"), 22) });
    await reconcileInMemory(world, [before]);
    const after = stackOf({ Web: group() });
    expect((await planInMemory(world, after, { base: [before] })).changes).toEqual(["delete Ssh"]);
    expect((await planInMemory(world, after)).changes).toEqual(["delete Ssh"]);
  });

  it("by a stack of the same run, in a group of another stack, is left to it", async () => {
    const world = createMemoryCloud();
    const network = stackOf({ Web: group({ Name: "web" }) }, { name: "network" });
    await reconcileInMemory(world, [network]);
    const app = stackOf({ Ssh: rule(thing(world, "Group").id, 22) });
    await reconcileInMemory(world, [network, app]);
    const { prepared } = await reconcileInMemory(world, [network, app]);
    expect(prepared.plan.stacks.flatMap((each) => each.changes.map((change) => change.action))).toEqual([
      "none",
      "none",
    ]);
    expect(thing(world, "Rule").tags?.["reconcile:owner"]).toBe(owner);
  });

  it("is replaced where what it lets in is made anew, and nothing waits for the old one", async () => {
    const properties = z.strictObject({
      GroupId: createOnly(refersTo("Memory::Group", z.string())),
      Port: createOnly(refersTo("Memory::Group", z.string())),
    });
    const naturalKey = ({ GroupId, Port }: Record<string, unknown>) =>
      typeof GroupId === "string" && typeof Port === "string" ? `${GroupId}|${Port}` : undefined;
    const FromGroup = variant(Rule, { properties, shape: shapeOf(properties), naturalKey } as never);
    const types = typesWith(FromGroup);
    const declared = (Kind: string) =>
      stackOf({ Clients: group({ Kind }), Web: group(), In: rule(ref("Web"), ref("Clients") as never) });
    const world = createMemoryCloud();
    await reconcileInMemory(world, [declared("a")], { types });
    const { id } = thing(world, "Rule");
    const seen = await planInMemory(world, declared("b"), { types, base: [declared("a")] });
    expect(seen.changes).toEqual(["replace Clients /Kind", "replace In /Port"]);
    expect(seen.change("In").cause).toBe("change");
    const { run } = await reconcileInMemory(world, [declared("b")], { types });
    expect(run?.results.map((each) => each.outcome)).not.toContain("failed");
    expect(thing(world, "Rule").id).not.toBe(id);
    expect((await planInMemory(world, declared("b"), { types })).changes).toEqual([]);
  });

  it("is deleted with what it was in, also where that type is not known", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ Web: group({ Name: "web" }), Ssh: rule(ref("Web"), 22) })]);
    const types = [Rule, Server, Policy];
    const before = stackOf({ Ssh: rule("grp-1", 22), App: server() });
    const seen = await planInMemory(world, stackOf({ App: server() }), { types, base: [before] });
    expect(seen.changes).toEqual(["create App", "delete Ssh"]);
  });
});

describe("in a slot that others write to as well", () => {
  const properties = z.strictObject({
    Name: createOnly(generatedName({ max: 40, characters: "A-Za-z0-9-" })),
    Kind: createOnly(z.string().default("plain")),
    Description: z.string().default(""),
    Rules: slot(
      "shared",
      keyed("Port", z.array(z.strictObject({ Port: z.number(), Text: z.string().default("") }))),
    ).default([]),
    Tags: tagMap(),
  });
  const shared = typesWith(variant(Group, { properties, shape: shapeOf(properties) }));

  async function withStranger(tags: Tags, types = shared) {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: group({ Name: "web", Rules: [{ Port: 22 }] }) });
    await reconcileInMemory(world, [stack], { types });
    const GroupId = thing(world, "Group").id;
    world.store.put({
      type: "Memory::Rule",
      id: "rule-x",
      properties: { GroupId, Port: 80, Text: "" },
      tags: { ...tags },
    });
    return planInMemory(world, stack, { types });
  }

  it("what nobody declares is reported and left alone", async () => {
    const seen = await withStranger({});
    expect(seen.changes).toEqual([]);
    expect(seen.stack.unowned).toEqual([{ logicalId: "Web", type: "Memory::Group", identifier: "80", path: "/Rules" }]);
  });

  it("what nobody declares is left alone without a word, where AWS makes some itself", async () => {
    const open = z.strictObject({ ...properties.shape, Rules: slot("open", properties.shape.Rules) });
    const seen = await withStranger({}, typesWith(variant(Group, { properties: open, shape: shapeOf(open) })));
    expect([seen.changes, seen.stack.unowned]).toEqual([[], []]);
  });

  it("and whose it is, where it says so", async () => {
    const seen = await withStranger({ "reconcile:owner": "test/other@us-east-1" });
    expect(seen.stack.unowned[0]?.owner).toBe("test/other@us-east-1");
  });
});

describe("a list that still holds what leaves, whoever put it there", proves(7, "memory"), () => {
  const properties = z.strictObject({
    Image: createOnly(z.string()),
    GroupIds: slot("shared", unordered(z.array(z.string()))).default([]),
    Tags: tagMap(),
  });
  const types = typesWith(variant(Server, { properties, shape: shapeOf(properties) }));

  async function held(old: object, { tags = {}, id = "" }: { tags?: Tags; id?: string } = {}, options = {}) {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ App: server(), Old: group({ Name: "old" }) })], { types });
    const before = thing(world, "Group");
    const live = { ...before, id: id || before.id, tags: { ...before.tags, ...tags } };
    world.store.put(live);
    thing(world, "Server").properties.GroupIds = [live.id];
    return (await planInMemory(world, stackOf({ App: server(), ...old }), { types, ...options })).changes;
  }

  it.each<[string, object, { id?: string }]>([
    ["is declared no more", {}, {}],
    ["is left over", { Old: group({ Name: "old" }) }, { id: "grp-twin" }],
  ])("lets go of it first: what %s", async (_, old, twin) => {
    expect(await held(old, twin)).toEqual(["update App /GroupIds/-", "delete Old"]);
  });

  it.each<[string, Tags, object]>([
    ["retained", { "reconcile:retained": "true" }, {}],
    ["protected", { "reconcile:protect": "true" }, {}],
    ["adopted", { "reconcile:adopted": "true" }, {}],
    ["abandoned", {}, { abandon: ["Old"] }],
  ])("keeps what stays: %s", async (_, tags, options) => {
    expect((await held({}, { tags }, options)).filter((each) => !each.includes("Old"))).toEqual([]);
  });
});

describe("notes", () => {
  async function notesWith(tags: Record<string, string>) {
    const world = createMemoryCloud();
    const stack = stackOf({ App: server() });
    await reconcileInMemory(world, [stack]);
    Object.assign(thing(world, "Server").tags ?? {}, tags);
    return (await planInMemory(world, stack)).stack.notes;
  }

  it.each([
    [{}, []],
    [{ Team: "x" }, ["has 1 foreign tag (Team)"]],
    [{ Team: "x", Stage: "y", "aws:a": "b" }, ["has 2 foreign tags (Team, Stage)"]],
  ])("on foreign tags %j", async (tags, expected) => {
    expect(await notesWith(tags)).toEqual(expected.map((message) => ({ logicalId: "App", message })));
  });

  it("on what is shared and not declared, without what is secret", async () => {
    const properties = z.strictObject({
      Image: createOnly(z.string()),
      Count: shared(z.number()),
      Token: shared(sensitive(z.string())),
      Other: shared(z.string()),
    });
    const types = typesWith(variant(Server, { properties, shape: shapeOf(properties) }));
    const world = createMemoryCloud();
    const stack = stackOf({ App: server() });
    await reconcileInMemory(world, [stack], { types });
    const app = thing(world, "Server");
    app.properties = { Image: "v1", Count: 3, Token: "hush" };
    const { stack: planned, changes } = await planInMemory(world, stack, { types });
    expect(changes).toEqual([]);
    expect(planned.notes.map((each) => each.message)).toEqual([
      "Count is 3 and not declared",
      "Token is set and not declared",
    ]);
  });
});

describe("what one resource knows of another before anything is done", () => {
  const peer = (attribute?: string) => (attribute ? { "Fn::GetAtt": ["First", attribute] } : ref("First"));

  it.each<[string, object, object, string | undefined, string, Unknown["certainty"] | "known"]>([
    ["it is replaced: Ref", { Image: "v1" }, { Image: "v2" }, undefined, "replace", "changes"],
    ["it is replaced: an attribute", { Image: "v1" }, { Image: "v2" }, "Address", "replace", "may-change"],
    [
      "it is updated, and the attribute varies with that",
      { Size: "small" },
      { Size: "large" },
      "Address",
      "replace",
      "may-change",
    ],
    ["it is updated: Ref stays", { Size: "small" }, { Size: "large" }, undefined, "none", "known"],
    ["it stays", {}, {}, "Address", "none", "known"],
  ])("%s", async (_, before, after, attribute, action, certainty) => {
    const world = createMemoryCloud();
    const stack = (first: object) => stackOf({ First: server(first), Second: server({ Peer: peer(attribute) }) });
    await reconcileInMemory(world, [stack(before)]);
    const seen = await planInMemory(world, stack(after));
    const second = seen.change("Second");
    expect(second.action).toBe(action);
    const known = second.desired?.properties.Peer;
    expect(known instanceof Unknown ? known.certainty : "known").toBe(certainty);
  });

  it("it may be replaced, and may not: what uses it may be, too", async () => {
    const world = createMemoryCloud();
    const types = typesWith(variant(Server, { attributes: { ServerId: {}, Address: { varies: true } } }));
    const stack = (Tags: object) =>
      stackOf({
        First: server({ Tags }),
        Second: server({ Peer: peer("Address") }),
        Third: server({ Peer: ref("Second") }),
      });
    await reconcileInMemory(world, [stack({})], { types });
    const seen = await planInMemory(world, stack({ Team: "x" }), { types });
    expect(["Second", "Third"].map((id) => [seen.change(id).action, seen.change(id).impact])).toEqual([
      ["replace", "may-replace"],
      ["replace", "may-replace"],
    ]);
    const ids = world.things().map((each) => each.id);
    await reconcileInMemory(world, [stack({ Team: "x" })], { types });
    expect(world.things().map((each) => each.id)).toEqual(ids);
  });

  it("it is refused: nothing is known of it", async () => {
    const world = createMemoryCloud();
    world.store.put({
      type: "Memory::Group",
      id: "grp-1",
      properties: { Name: "web", Kind: "plain", Description: "" },
      tags: {},
    });
    const seen = await planInMemory(world, stackOf({ Web: group({ Name: "web" }), App: server({ Peer: ref("Web") }) }));
    expect(seen.codes).toEqual(["exists.not-ours"]);
    expect(seen.changes).toEqual(["create App"]);
    expect(seen.change("App").desired?.properties.Peer).toEqual(new Unknown(["Web"], "may-change"));
  });

  it("it will have an attribute that follows from what is declared", async () => {
    const predicting = variant(Group, {
      attributes: {
        GroupId: {},
        Arn: { predict: ({ Name }: { Name?: string }) => `arn:memory:${String(Name)}` } as never,
      },
    });
    const stack = stackOf({ Web: group({ Name: "web" }), App: server({ Peer: { "Fn::GetAtt": ["Web", "Arn"] } }) });
    const seen = await planInMemory(createMemoryCloud(), stack, { types: typesWith(predicting) });
    expect(seen.change("App").desired?.properties.Peer).toBe("arn:memory:web");
  });

  it("it lacks an attribute that it could have", async () => {
    const world = createMemoryCloud();
    const first = stackOf({ First: server() });
    await reconcileInMemory(world, [first]);
    const stack = stackOf({ First: server(), Second: server({ Peer: peer("PublicIp") }) });
    expect((await planInMemory(world, stack)).change("Second").desired?.properties.Peer).toEqual(
      new Unknown(["First.PublicIp"], "may-change"),
    );
    const updated = stackOf({ First: server({ Size: "large" }), Second: server({ Peer: peer("PublicIp") }) });
    expect((await planInMemory(world, updated)).change("Second").desired?.properties.Peer).toEqual(
      new Unknown(["First.PublicIp"], "may-change"),
    );
  });
});

describe("a plan", () => {
  it("lists changes as the template does, deletions last, and counts its calls by stack", async () => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [stackOf({ Gone: group(), B: server() })]);
    const seen = await planInMemory(world, stackOf({ C: server({ Peer: ref("A") }), B: server(), A: group() }));
    expect(seen.stack.changes.map((each) => `${each.action} ${each.logicalId}`)).toEqual([
      "create C",
      "none B",
      "create A",
      "delete Gone",
    ]);
    expect(seen.plan.calls.app?.total).toBeGreaterThan(0);
    expect([seen.plan.revision, seen.plan.base]).toEqual([null, null]);
  });

  it("says that a tag of ours is to be mended", async () => {
    const world = createMemoryCloud();
    const stack = stackOf({ Web: group({ Name: "web" }) });
    await reconcileInMemory(world, [stack]);
    thing(world, "Group").tags = { ...ownerTags(owner, "Web", "Memory::Group"), "reconcile:old": "x" };
    expect((await planInMemory(world, stack)).changes).toEqual(["update Web /Tags/reconcile:old"]);
  });
});

describe("what was declared with a secret", proves(10, "memory"), () => {
  const secret = {
    template: { Parameters: { Text: { Type: "String", NoEcho: true } } },
    parameters: { Text: "hunter2" },
  };
  const before = stackOf({ Web: group({ Name: "web", Description: ref("Text") }) }, secret);

  it.each([
    ["is declared without one", group({ Name: "web", Description: "plain" })],
    ["is not declared any more", group({ Name: "web" })],
  ])("is secret still when it %s", async (_, declaration) => {
    const world = createMemoryCloud();
    await reconcileInMemory(world, [before]);
    const seen = await planInMemory(world, stackOf({ Web: declaration }), { base: [before] });
    expect(seen.change("Web").properties).toMatchObject([{ path: "/Description", before: "hunter2", sensitive: true }]);
  });
});
