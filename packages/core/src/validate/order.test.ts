import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createRegistry } from "../resource/registry.ts";
import type { Reference } from "../template/model.ts";
import { typeOf } from "./fixture.ts";
import { dependencyOrder } from "./order.ts";

function use(logicalId: string, line = 1, at?: string): Reference {
  return { logicalId, place: { file: "t.yaml", line, column: 1 }, ...(at !== undefined && { at }) };
}

function usesOf(graph: Record<string, readonly string[]>): Map<string, Reference[]> {
  return new Map(Object.entries(graph).map(([id, used]) => [id, used.map((each) => use(each))]));
}

describe("order", () => {
  test.each([
    ["nothing depends on anything", ["C", "A", "B"], {}, ["C", "A", "B"]],
    ["already in order", ["A", "B", "C"], { B: ["A"], C: ["A"] }, ["A", "B", "C"]],
    ["a user before what it uses", ["A", "B", "C"], { A: ["C"] }, ["C", "A", "B"]],
    ["several ways", ["A", "B", "C", "D"], { A: ["D", "B"], B: ["D"] }, ["D", "B", "A", "C"]],
    ["ids that no template may have", [" 1", " 0"], { " 1": [" 0"] }, [" 0", " 1"]],
    ["twice the same use, and one of nothing here", ["A", "B"], { A: ["B", "B", "Elsewhere"] }, ["B", "A"]],
  ])("%s", (_, ids, graph: Record<string, string[]>, expected) => {
    expect(dependencyOrder(ids, usesOf(graph))).toEqual({ order: expected, cycles: [] });
  });

  test("every dependency comes before its dependents, each id once, whatever the graph", () => {
    const graphs = fc.integer({ min: 2, max: 30 }).chain((size) =>
      fc.record({
        // Edges go from a higher to a lower number: no cycle. The order of the template is any.
        edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([a, b]) => a !== b)),
        template: fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      }),
    );
    fc.assert(
      fc.property(graphs, ({ edges, template }) => {
        const references = new Map<string, Reference[]>();
        for (const [a, b] of edges) {
          const from = `R${Math.max(a, b)}`;
          references.set(from, [...(references.get(from) ?? []), use(`R${Math.min(a, b)}`)]);
        }
        const ids = template.map((number) => `R${number}`);
        const { order, cycles } = dependencyOrder(ids, references);
        expect(cycles).toEqual([]);
        expect([...order].sort()).toEqual([...ids].sort());
        for (const [from, used] of references) {
          for (const { logicalId } of used) expect(order.indexOf(logicalId)).toBeLessThan(order.indexOf(from));
        }
      }),
    );
  });

  test("a chain of 10,000 costs no stack", () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `R${index}`);
    const chain = new Map(ids.slice(0, -1).map((id, index) => [id, [use(`R${index + 1}`)]]));
    expect(dependencyOrder(ids, chain).order).toEqual([...ids].reverse());
  });
});

describe("cycles", () => {
  test("are spelled out, with every reference", () => {
    const references = new Map([
      ["Start", [use("A", 1)]],
      ["A", [use("B", 2)]],
      ["B", [use("C", 3)]],
      ["C", [use("A", 4)]],
    ]);
    const { order, cycles } = dependencyOrder(["Start", "A", "B", "C"], references);
    expect(cycles).toEqual([
      {
        code: "ref.cycle",
        severity: "error",
        message: "These resources use each other in a circle, so none can be made first: A → B → C → A.",
        remedy: "Remove one of the references or DependsOn.",
        resource: "A",
        place: { file: "t.yaml", line: 2, column: 1 },
        related: [
          { message: '"B" uses "C" here.', place: { file: "t.yaml", line: 3, column: 1 } },
          { message: '"C" uses "A" here.', place: { file: "t.yaml", line: 4, column: 1 } },
        ],
      },
    ]);
    expect([...order].sort()).toEqual(["A", "B", "C", "Start"]);
  });

  test("of one", () => {
    expect(dependencyOrder(["A"], usesOf({ A: ["A"] })).cycles.map((each) => each.message)).toEqual([
      '"A" uses itself.',
    ]);
  });

  test("are all found", () => {
    const graph = usesOf({ A: ["B"], B: ["A"], C: ["D"], D: ["C"] });
    expect(dependencyOrder(["A", "B", "C", "D"], graph).cycles).toHaveLength(2);
  });

  test("that are long are shortened, many are cut", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `R${index}`);
    const ring = new Map(ids.map((id, index) => [id, [use(`R${(index + 1) % ids.length}`)]]));
    const pairs = new Map(ids.map((id, index) => [id, [use(`R${index ^ 1}`)]]));
    expect(dependencyOrder(ids, ring).cycles[0]?.message).toContain(
      "R0 → R1 → R2 → R3 → R4 → R5 → … → R0 (1000 in all)",
    );
    expect(dependencyOrder(ids, pairs).cycles).toHaveLength(20);
  });

  describe("name the types that break them", () => {
    const properties = z.strictObject({});
    const within = { type: "Test::Group", identifiedBy: "Group", element: () => ({}) };
    const registry = createRegistry([
      typeOf({ type: "Test::Group", properties }),
      typeOf({ type: "Test::Ingress", properties, within: { ...within, property: "Ingress" } }),
      typeOf({ type: "Test::Egress", properties, within: { ...within, property: "Egress" } }),
    ]);
    const types = { registry, typeOf: () => "Test::Group" };

    test("those for the place of a reference", () => {
      const references = new Map([
        ["A", [use("B", 1, "/Ingress/0/Source")]],
        ["B", [use("A", 2, "/Name")]],
      ]);
      const [cycle] = dependencyOrder(["A", "B"], references, types).cycles;
      expect(cycle?.remedy).toBe("Declare what closes the circle as a resource of its own: Test::Ingress.");
      expect(cycle?.resource).toBe("A (Test::Group)");
    });

    test("none, where a resource is of no type that is known", () => {
      const [cycle] = dependencyOrder(["A", "B"], usesOf({ A: ["B"], B: ["A"] }), {
        ...types,
        typeOf: () => undefined,
      }).cycles;
      expect(cycle).toMatchObject({ resource: "A", remedy: "Remove one of the references or DependsOn." });
    });

    test("all, where no reference stands in such a place", () => {
      const [cycle] = dependencyOrder(["A", "B"], usesOf({ A: ["B"], B: ["A"] }), types).cycles;
      expect(cycle?.remedy).toContain("Test::Ingress, Test::Egress");
    });
  });
});
