import { describe, expect, test } from "vitest";
import { attributes } from "./conformance/attributes.ts";
import { conditions } from "./conformance/conditions.ts";
import { functions } from "./conformance/functions.ts";
import { loops } from "./conformance/loops.ts";
import { network } from "./conformance/network.ts";
import { outcomeOf, type Row } from "./conformance/outcome.ts";
import { parameters } from "./conformance/parameters.ts";
import { references } from "./conformance/references.ts";
import { rules } from "./conformance/rules.ts";
import { sections } from "./conformance/sections.ts";
import { functions as built } from "./functions/index.ts";
import { attributes as resourceAttributes } from "./resource-declaration.ts";

const tables = {
  sections,
  parameters,
  conditions,
  rules,
  attributes,
  references,
  functions,
  network,
  loops,
};

/** What CloudFormation's documentation says of its language, one row a rule. */
describe.each(Object.entries(tables))("%s", (_, rows) => {
  test.each(rows.map((row): [string, string, Row] => [row.of, row.rule, row]))("%s: %s", (_of, _rule, row) => {
    const { properties, declares, resources, outputs, says } = outcomeOf(row);
    expect(says).toEqual(row.says ?? []);
    for (const [id, expected] of Object.entries(row.properties ?? {})) expect(properties[id]).toEqual(expected);
    for (const [id, expected] of Object.entries(row.declares ?? {})) {
      const named = Object.keys(expected).map((key) => [key, declares[id]?.[key]]);
      expect(Object.fromEntries(named)).toEqual(expected);
    }
    if (row.resources) expect(resources).toEqual(row.resources);
    if (row.outputs) expect(outputs).toEqual(row.outputs);
  });
});

const subjects = new Set(Object.values(tables).flatMap((rows) => rows.map((row) => row.of)));

test("every function has rows", () => {
  expect([...built.keys()].filter((name) => !subjects.has(name))).toEqual([]);
});

test("every attribute of a resource has rows", () => {
  expect(resourceAttributes.filter((name) => !subjects.has(name))).toEqual([]);
});
