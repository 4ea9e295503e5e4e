import { describe, expect, it } from "vitest";
import { DiagnosticError } from "../diagnostic.ts";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf, typesWith, variant } from "../testing/harness.ts";
import { Crash, createMemoryCloud, Refusal } from "../testing/memory-cloud.ts";
import { Group } from "../testing/memory-types.ts";
import { proves } from "../testing/proofs.ts";

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties });
const server = (Image: string, Peer?: object) => ({
  Type: "Memory::Server",
  Properties: { Image, ...(Peer && { Peer }) },
});

/** The refusals of a plan that would take `before` to `after`. */
async function refusals(before: Stack, after: Stack, options: RunOptions = {}) {
  const world = createMemoryCloud();
  await reconcileInMemory(world, [before], { ...(options.types && { types: options.types }) });
  const { diagnostics } = await planInMemory(world, after, { allowDelete: [], ...options });
  return diagnostics;
}

describe("what holds data", proves(7, "memory"), () => {
  const always = typesWith(variant(Group, { holdsData: true }));
  const withData = stackOf({ Data: group(), App: server("v1") });
  const without = stackOf({ App: server("v1") });

  it("is not deleted unless that is allowed by name", async () => {
    const [refusal, ...others] = await refusals(withData, without, { types: always });
    expect(others).toEqual([]);
    expect(refusal).toMatchObject({
      code: "guard.holds-data",
      severity: "error",
      resource: "Data (Memory::Group)",
      remedy: "allow its deletion with --allow-delete Data",
      place: { file: "app.yaml" },
    });
  });

  it.each([["Data"], ["all"]])("is deleted when %s is allowed", async (allowed) => {
    expect(await refusals(withData, without, { types: always, allowDelete: [allowed] })).toEqual([]);
  });

  it("is not deleted because something else is allowed", async () => {
    expect(await refusals(withData, without, { types: always, allowDelete: ["App"] })).toHaveLength(1);
  });

  it("is not replaced either", async () => {
    const [refusal] = await refusals(stackOf({ Data: group() }), stackOf({ Data: group({ Kind: "fancy" }) }), {
      types: always,
    });
    expect(refusal).toMatchObject({
      code: "guard.holds-data",
      remedy: "allow its replacement with --allow-delete Data",
    });
  });

  it("may be updated", async () => {
    const after = stackOf({ Data: group({ Description: "new" }), App: server("v1") });
    expect(await refusals(withData, after, { types: always })).toEqual([]);
  });

  it("is not destroyed with its stack either", async () => {
    const codes = (await refusals(withData, withData, { types: always, destroy: true })).map((each) => each.code);
    expect(codes).toEqual(["guard.holds-data"]);
  });

  it.each([
    ["empty", false, []],
    ["full", true, ["guard.holds-data"]],
  ])("is asked for a proof, where it can give one: %s", async (_, full, expected) => {
    const asked: string[] = [];
    const types = typesWith(
      variant(Group, {
        async holdsData(_cloud, { identifier }) {
          asked.push(identifier);
          return full;
        },
      }),
    );
    const codes = (await refusals(withData, without, { types })).map((each) => each.code);
    expect(codes).toEqual(expected);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["by the cloud", new Refusal("throttled", "too many calls"), "memory.throttled"],
    ["in words", new DiagnosticError({ code: "memory.broken", severity: "error", message: "broken" }), "memory.broken"],
  ])("stops everything when the proof fails, explained %s", async (_, error, code) => {
    const types = typesWith(variant(Group, { holdsData: () => Promise.reject(error) }));
    const failure = await refusals(withData, without, { types }).catch((reason: unknown) => reason);
    expect((failure as DiagnosticError).diagnostics.map((each) => each.code)).toEqual([code]);
  });

  it.each([
    ["by the cloud", new Refusal("denied", "Listing was denied.")],
    ["in words", new DiagnosticError({ code: "memory.denied", severity: "error", message: "Listing was denied." })],
  ])("is taken to be full by who may not look, explained %s", async (_, error) => {
    const types = typesWith(variant(Group, { holdsData: () => Promise.reject(error) }));
    const [refusal] = await refusals(withData, without, { types });
    expect(refusal).toMatchObject({
      code: "guard.holds-data",
      message: expect.stringMatching(
        / may hold what cannot be made again: .* could not be seen \(Listing was denied\)\.$/,
      ),
    });
  });

  it("is deleted when the project allows it for its type, and the handler is told", async () => {
    const told: boolean[] = [];
    const types = typesWith(
      variant(
        Group,
        { holdsData: true },
        {
          delete(cloud, observed, allowed) {
            told.push(allowed.dataLoss);
            return Group.handlers.delete(cloud, observed, allowed);
          },
        },
      ),
    );
    const place = { file: "reconcile.yaml", line: 1, column: 1 };
    const guards = { ...without.project.guards, allowDataLossOf: [{ type: "Memory::Group", place }] };
    const world = createMemoryCloud();
    await reconcileInMemory(world, [withData], { types });
    const lenient = { ...without, project: { ...without.project, guards } };
    await reconcileInMemory(world, [lenient], { types, allowDelete: [] });
    expect(told).toEqual([true]);
  });

  it("is not deleted because the project allows it for another type", async () => {
    const place = { file: "reconcile.yaml", line: 1, column: 1 };
    const guards = { ...without.project.guards, allowDataLossOf: [{ type: "Memory::Server", place }] };
    const after = { ...without, project: { ...without.project, guards } };
    expect(await refusals(withData, after, { types: always })).toMatchObject([{ code: "guard.holds-data" }]);
  });

  it("is not asked when nothing is deleted", async () => {
    const types = typesWith(
      variant(Group, {
        async holdsData() {
          throw new Error("nobody should ask");
        },
      }),
    );
    expect(await refusals(withData, withData, { types })).toEqual([]);
  });
});

describe("many deletions", proves(7, "memory"), () => {
  // A template needs a resource: one that is never part of the stack.
  const template = { Conditions: { Never: { "Fn::Equals": ["a", "b"] } } };
  const never = { ...server("v1"), Condition: "Never" };
  const servers = (...ids: string[]) =>
    stackOf({ Never: never, ...Object.fromEntries(ids.map((id) => [id, server("v1")])) }, { template });
  const ten = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];

  it.each([
    ["two of three: fewer than three", ["A", "B", "C"], ["A"], []],
    ["three of ten: not more than 30 %", ten, ten.slice(3), []],
    ["four of ten", ten, ten.slice(4), ["guard.too-many-deletions"]],
    ["three of nine", ten.slice(1), ten.slice(4), ["guard.too-many-deletions"]],
    ["all of two", ["A", "B"], [], ["guard.too-many-deletions"]],
    ["the only one", ["A"], [], ["guard.too-many-deletions"]],
    ["two of two, and a new one comes", ["A", "B"], ["C"], ["guard.too-many-deletions"]],
  ])("%s", async (_, before, after, expected) => {
    const codes = (await refusals(servers(...before), servers(...after))).map((each) => each.code);
    expect(codes).toEqual(expected);
  });

  it.each([
    ["two of four, of which two are many", { maxDeletePercent: 30, minDeletes: 2 }, ["guard.too-many-deletions"]],
    ["two of four, of which half is not too much", { maxDeletePercent: 50, minDeletes: 2 }, []],
  ])("as the project says: %s", async (_, limits, expected) => {
    const after = servers("A", "B");
    const guards = { ...limits, allowDataLossOf: [] };
    const codes = await refusals(servers("A", "B", "C", "D"), { ...after, project: { ...after.project, guards } });
    expect(codes.map((each) => each.code)).toEqual(expected);
  });

  it("are named, with what to do", async () => {
    const [refusal] = await refusals(servers("A", "B"), servers());
    expect(refusal).toEqual({
      code: "guard.too-many-deletions",
      severity: "error",
      message: "This run would delete 2 of the 2 resources of app: A, B.",
      remedy: expect.stringContaining("--allow-delete all"),
      place: { file: "app.yaml", line: 1, column: 1 },
    });
  });

  it("that are allowed by name do not count", async () => {
    expect(await refusals(servers(...ten), servers(...ten.slice(4)), { allowDelete: ["A"] })).toEqual([]);
    expect(await refusals(servers(...ten), servers(...ten.slice(4)), { allowDelete: ["all"] })).toEqual([]);
  });

  it("that would leave nothing are all to be allowed", async () => {
    const codes = async (...allowDelete: string[]) =>
      (await refusals(servers("A", "B", "C"), servers(), { allowDelete })).map((each) => each.code);
    expect(await codes("A", "B")).toEqual(["guard.too-many-deletions"]);
    expect(await codes("A", "B", "C")).toEqual([]);
  });

  it("are what destroying is for", async () => {
    expect(await refusals(servers(...ten), servers(...ten), { destroy: true })).toEqual([]);
  });

  it("do not count left-overs, nor what is released", async () => {
    const world = createMemoryCloud();
    const adopted = { ...server("v1"), Metadata: { Reconcile: { adopt: "srv-a" } } };
    world.store.put({
      type: "Memory::Server",
      id: "srv-a",
      properties: { Image: "v1", Size: "small", GroupIds: [] },
      tags: {},
    });
    await reconcileInMemory(world, [stackOf({ A: adopted, B: server("v1") })]);
    await expect(
      reconcileInMemory(world, [stackOf({ A: adopted, B: server("v2") })], {
        kill: { at: 3, answer: "never-sent" },
      }),
    ).rejects.toThrow(Crash);
    const seen = await planInMemory(world, stackOf({ B: server("v2") }), { allowDelete: [] });
    expect(seen.changes.map((each) => each.split(" ", 2).join(" "))).toEqual(["delete B", "update A"]);
    expect(seen.codes).toEqual([]);
  });

  it("are a share of what is there without left-overs", async () => {
    const of = (image: string, ...ids: string[]) =>
      stackOf({ Kept: server(image), ...Object.fromEntries(ids.map((id) => [id, server("v1")])) });
    const others = ["A", "B", "C", "D", "E", "F", "G", "H"];
    const world = createMemoryCloud();
    await reconcileInMemory(world, [of("v1", ...others)]);
    await expect(
      reconcileInMemory(world, [of("v2", ...others)], { kill: { at: 3, answer: "never-sent" } }),
    ).rejects.toThrow(Crash);
    const seen = await planInMemory(world, of("v2", ...others.slice(3)), { allowDelete: [] });
    expect(seen.reasons).toEqual(["left-over", "not-declared", "not-declared", "not-declared"]);
    expect(seen.diagnostics.map((each) => each.message)).toEqual([
      "This run would delete 3 of the 9 resources of app: A, B, C.",
    ]);
  });
});
