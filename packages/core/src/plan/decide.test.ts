import { describe, expect, it } from "vitest";
import { z } from "zod";
import { absent, createOnly, keyed, sensitive, slot } from "../resource/annotations.ts";
import { defineResource } from "../resource/define.ts";
import type { Handlers, Observed, ResourceFacts } from "../resource/model.ts";
import { ownerTags } from "../resource/owner.ts";
import { type Properties, Unknown } from "../value.ts";
import { type Circumstances, closest, decide } from "./decide.ts";
import type { Desired } from "./model.ts";

const owner = "test/app@us-east-1";
const properties = z.strictObject({
  Name: createOnly(z.string()),
  Image: createOnly(absent(z.string())),
  Size: z.string().default("small"),
  Secret: sensitive(absent(z.string())),
  Settings: absent(z.record(z.string(), z.string())),
  Rules: slot(
    "shared",
    keyed("Port", z.array(z.strictObject({ Port: z.number(), Text: z.string().default("") }))),
  ).default([]),
});

const unused = () => {
  throw new Error("not part of this test");
};
type Facts = Partial<
  ResourceFacts<typeof properties> & Pick<Handlers<z.output<typeof properties>, never>, "mustReplace">
>;

function typeWith({ mustReplace, ...facts }: Facts = {}) {
  return defineResource<typeof properties, never>({
    type: "Test::Thing",
    properties,
    identifier: "ThingId",
    absence: "tagged-list",
    scope: "region",
    actions: { read: [], write: [] },
    ...facts,
  } as ResourceFacts<typeof properties, never>).implement({
    list: unused,
    read: unused,
    create: unused,
    update: unused,
    delete: unused,
    tag: unused,
    ...(mustReplace && { mustReplace }),
  });
}

const ours = ownerTags(owner, "Thing", "Test::Thing");

function wish(
  changes: Properties,
  given: { facts?: Facts; tags?: Properties; sensitive?: string[] } = {},
): Desired<never> {
  return {
    logicalId: "Thing",
    type: typeWith(given.facts),
    properties: { Name: "n", ...changes },
    tags: given.tags ?? ours,
    evaluated: { sensitive: new Set(given.sensitive) } as never,
  };
}

function live(changes: Record<string, unknown> = {}, tags: Observed["tags"] = ours, identifier = "thing-1"): Observed {
  return { identifier, properties: { Name: "n", Size: "small", ...changes }, attributes: {}, tags };
}

const plain: Circumstances = { owner, children: new Map(), ignore: [], exclusive: [] };
const changes = new Unknown(["Other"], "changes");
const mayChange = new Unknown(["Other.Arn"], "may-change");
const unread = new Unknown(["ssm:/name"], "unread");

describe("what has to be done", () => {
  it.each<[string, ReturnType<typeof decide>["action"], string[], string, Properties, Observed | undefined]>([
    ["nothing lives", "create", ["not-found"], "none", {}, undefined],
    ["nothing differs", "none", [], "none", {}, live()],
    ["a property differs", "update", ["property-changed"], "none", { Size: "large" }, live()],
    ["a create-only property differs", "replace", ["must-replace"], "replaces", { Image: "b" }, live({ Image: "a" })],
    [
      "it names something new",
      "replace",
      ["dependency-replaced"],
      "replaces",
      { Image: changes },
      live({ Image: "a" }),
    ],
    [
      "it names something new beside what may change",
      "replace",
      ["dependency-replaced"],
      "replaces",
      { Image: [mayChange, changes] },
      live({ Image: "a" }),
    ],
    [
      "it depends on what may change",
      "replace",
      ["depends-on-unknown"],
      "may-replace",
      { Image: mayChange },
      live({ Image: "a" }),
    ],
    [
      "it depends on an outside value",
      "replace",
      ["depends-on-unknown"],
      "may-replace",
      { Image: unread },
      live({ Image: "a" }),
    ],
    ["an updatable property names something new", "update", ["depends-on-unknown"], "none", { Size: changes }, live()],
    [
      "something certain and something uncertain",
      "replace",
      ["must-replace", "depends-on-unknown"],
      "replaces",
      { Name: "m", Image: mayChange },
      live({ Image: "a" }),
    ],
    [
      "a replacement for one reason brings every difference along",
      "replace",
      ["must-replace"],
      "replaces",
      { Name: "m", Size: "large" },
      live(),
    ],
  ])("%s: %s", (_, action, reasons, impact, wanted, observed) => {
    expect(decide(wish(wanted), observed, plain)).toMatchObject({ action, reasons, impact });
  });

  it.each<[string, string[], Properties, Observed["tags"]]>([
    ["a tag of the user's", ["property-changed"], { ...ours, Team: "core" }, ours],
    ["another value of one", ["property-changed"], { ...ours, Team: "core" }, { ...ours, Team: "web" }],
    ["another logical id", ["renamed"], ours, { ...ours, "reconcile:resource": "Old/Test::Thing" }],
    ["a missing tag of ours", ["property-changed"], ours, {}],
    ["to be marked as adopted", ["adopted"], { ...ours, "reconcile:adopted": "true" }, ours],
  ])("tags, %s: %j", (_, reasons, tags, liveTags) => {
    const decision = decide(wish({}, { tags }), live({}, liveTags), plain);
    expect([decision.action, new Set(decision.reasons)]).toEqual(["update", new Set(reasons)]);
  });

  it("what cannot be tagged has no differences in tags", () => {
    expect(decide(wish({}, { tags: {} }), live({}, null), plain).action).toBe("none");
  });

  it("a type whose copies take tags along keeps its identifier in one", () => {
    const decision = decide(wish({}, { facts: { copiesInheritTags: true } }), live(), plain);
    expect(decision.differences).toMatchObject([{ path: "/Tags/reconcile:id", after: "thing-1" }]);
  });

  it("a type may say that more than create-only properties force a replacement", () => {
    const facts: Facts = { mustReplace: (_observed, { Size }) => (Size === "large" ? ["/Size"] : []) };
    const decision = decide(wish({ Size: "large" }, { facts }), live(), plain);
    expect(decision).toMatchObject({
      action: "replace",
      reasons: ["must-replace"],
      differences: [{ createOnly: true }],
    });
    expect(decide(wish({ Size: "medium" }, { facts }), live(), plain).action).toBe("update");
  });

  it("a type says what an update does to the running thing", () => {
    const facts: Facts = {
      impact: (changed) => ({ interrupts: changed.has("Size"), ...(changed.has("Size") && { steps: ["stop-start"] }) }),
    };
    expect(decide(wish({ Size: "large" }, { facts }), live(), plain)).toMatchObject({
      impact: "interrupts",
      steps: ["stop-start"],
    });
    const other = decide(wish({ Settings: { a: "b" } }, { facts }), live(), plain);
    expect([other.impact, other.steps]).toEqual(["none", []]);
  });
});

describe("what is left alone", () => {
  it.each<[string[], string[]]>([
    [[], ["/Size", "/Settings/a", "/Settings/b", "/Tags/Team"]],
    [["/Size"], ["/Settings/a", "/Settings/b", "/Tags/Team"]],
    [["/Settings"], ["/Size", "/Tags/Team"]],
    [["/Settings/b"], ["/Size", "/Settings/a", "/Tags/Team"]],
    [["/Tags/Team"], ["/Size", "/Settings/a", "/Settings/b"]],
    [["/Tags"], ["/Size", "/Settings/a", "/Settings/b"]],
    [["/Si"], ["/Size", "/Settings/a", "/Settings/b", "/Tags/Team"]],
  ])("ignoring %j, the rest is %j", (ignore, expected) => {
    const wanted = wish({ Size: "large", Settings: { a: "1", b: "1" } }, { tags: { ...ours, Team: "core" } });
    const decision = decide(wanted, live({ Settings: { a: "2", b: "2" } }), { ...plain, ignore });
    expect(decision.differences.map((each) => each.path)).toEqual(expected);
  });

  it("our own tags cannot be ignored: by them we find it again", () => {
    const decision = decide(wish({}), live({}, {}), { ...plain, ignore: ["/Tags"] });
    expect(decision.differences.map((each) => each.path)).toEqual([
      "/Tags/reconcile:owner",
      "/Tags/reconcile:resource",
    ]);
  });

  it("foreign tags are named, those that base declared go", () => {
    const observed = live({}, { ...ours, Owner: "jo", Stage: "test" });
    const decision = decide(wish({}), observed, { ...plain, base: { properties: {}, tags: { Stage: "test" } } });
    expect(decision.foreignTags).toEqual(["Owner"]);
    expect(decision.differences).toMatchObject([{ path: "/Tags/Stage", before: "test" }]);
  });

  it.each<[string, Partial<Circumstances>, string[], string[]]>([
    ["an element that nobody declares is reported", {}, [], ["22"]],
    ["where the property is exclusive, it goes", { exclusive: ["/Rules"] }, ["/Rules/-"], []],
    [
      "where base declared it, it goes",
      { base: { properties: { Name: "n", Rules: [{ Port: 22 }] }, tags: {} } },
      ["/Rules/-"],
      [],
    ],
    ["where a child declares it, it is the child's", { children: new Map([["Rules", new Set(["22"])]]) }, [], []],
  ])("%s", (_, circumstances, paths, unowned) => {
    const decision = decide(wish({}), live({ Rules: [{ Port: 22, Text: "" }] }), { ...plain, ...circumstances });
    expect(decision.differences.map((each) => each.path)).toEqual(paths);
    expect(decision.unowned.map((each) => each.key)).toEqual(unowned);
  });
});

describe("what must not be shown", () => {
  const hushed: Facts = { secrets: ({ Size }) => (Size === "hush" ? ["/Size"] : []) };
  const secretOf = (wanted: Properties, observed: Record<string, unknown>, given: Parameters<typeof wish>[1] = {}) =>
    Object.fromEntries(
      decide(wish(wanted, given), live(observed), plain).differences.map((each) => [each.path, each.sensitive]),
    );

  it.each<[string, Record<string, boolean>, Record<string, boolean>]>([
    ["by its place", secretOf({ Secret: "new" }, { Secret: "old" }), { "/Secret": true }],
    ["also when it goes", secretOf({}, { Secret: "old" }), { "/Secret": true }],
    ["by its source", secretOf({ Size: "hush" }, {}, { sensitive: ["/Size"] }), { "/Size": true }],
    [
      "the rest is shown",
      secretOf({ Size: "hush", Image: "b" }, {}, { sensitive: ["/Size"] }),
      { "/Image": false, "/Size": true },
    ],
    [
      "one entry of a map",
      secretOf({ Settings: { a: "hush", b: "c" } }, { Settings: { a: "x", b: "x" } }, { sensitive: ["/Settings/a"] }),
      { "/Settings/a": true, "/Settings/b": false },
    ],
    [
      "what holds a secret",
      secretOf({ Settings: { a: "hush" } }, {}, { sensitive: ["/Settings/a"] }),
      { "/Settings": true },
    ],
    [
      "everything below a secret",
      secretOf({ Settings: { a: "hush" } }, { Settings: { a: "x" } }, { sensitive: ["/Settings"] }),
      { "/Settings/a": true },
    ],
    [
      "every element of a list with one: keys are no indexes",
      secretOf(
        { Rules: [{ Port: 1, Text: "hush" }] },
        { Rules: [{ Port: 1, Text: "" }] },
        { sensitive: ["/Rules/10/Text"] },
      ),
      { "/Rules/1/Text": true },
    ],
    ["what the type calls a secret here", secretOf({ Size: "hush" }, {}, { facts: hushed }), { "/Size": true }],
    ["what it calls one that lives here", secretOf({}, { Size: "hush" }, { facts: hushed }), { "/Size": true }],
    ["what will come from a secret", secretOf({ Size: new Unknown(["env:X"], "unread", true) }, {}), { "/Size": true }],
    [
      "everything, where the whole resource is one",
      secretOf({ Size: "large" }, {}, { sensitive: [""] }),
      { "/Size": true },
    ],
  ])("%s", (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("of several that carry our tags, the closest is kept", () => {
  const named = (identifier: string, differing: Record<string, unknown> = {}) => live(differing, ours, identifier);
  const wanted = wish({ Size: "large", Image: "a" });

  it.each<[string, string, Observed[]]>([
    ["equal before updatable", "c", [named("a", { Image: "a" }), named("c", { Image: "a", Size: "large" })]],
    ["updatable before replaceable", "c", [named("a", { Size: "large", Image: "b" }), named("c", { Image: "a" })]],
    ["fewer differences first", "c", [named("a", { Image: "a", Settings: { x: "y" } }), named("c", { Image: "a" })]],
    [
      "by identifier in the end",
      "a",
      [named("c", { Image: "a" }), named("a", { Image: "a" }), named("b", { Image: "a" })],
    ],
  ])("%s", (_, kept, candidates) => {
    expect(closest(wanted, candidates, plain)?.identifier).toBe(kept);
    expect(closest(wanted, [...candidates].reverse(), plain)?.identifier).toBe(kept);
  });

  it("of none, none", () => {
    expect(closest(wanted, [], plain)).toBeUndefined();
  });
});
