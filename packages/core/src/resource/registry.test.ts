import { expect, test } from "vitest";
import { z } from "zod";
import { typeOf } from "../validate/fixture.ts";
import { createRegistry } from "./registry.ts";

const properties = z.strictObject({});
const group = typeOf({ type: "Test::Group", properties });
const rule = typeOf({
  type: "Test::Rule",
  properties,
  within: { type: "Test::Group", identifiedBy: "Group", property: "Rules", element: () => ({}) },
});
const entry = typeOf({
  type: "Test::Entry",
  properties,
  within: { type: "Test::Group", identifiedBy: "Group", property: "Entries", element: () => ({}) },
});

test("finds types by name", () => {
  const registry = createRegistry([group, rule]);
  expect(registry.get("Test::Rule")).toBe(rule);
  expect([registry.has("Test::Group"), registry.has("Test::Other"), registry.get("Test::Other")]).toEqual([
    true,
    false,
    undefined,
  ]);
  expect(registry.all()).toEqual([group, rule]);
});

test("knows what can be declared inside a type", () => {
  const registry = createRegistry([group, rule, entry]);
  expect(registry.slotTypes("Test::Group")).toEqual([rule, entry]);
  expect(registry.slotTypes("Test::Rule")).toEqual([]);
});

test("refuses two of one name", () => {
  expect(() => createRegistry([group, group])).toThrow("Two resource types are named Test::Group.");
});
