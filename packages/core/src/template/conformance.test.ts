import { describe, expect, test } from "vitest";
import { attributes } from "./conformance/attributes.ts";
import { functions } from "./conformance/functions.ts";
import { loops } from "./conformance/loops.ts";
import { outcomeOf, type Row } from "./conformance/outcome.ts";
import { parameters } from "./conformance/parameters.ts";
import { sections } from "./conformance/sections.ts";
import { functions as built } from "./functions/index.ts";
import { attributes as resourceAttributes } from "./resource-declaration.ts";

/** What CloudFormation's documentation says of its language, one row a rule. */
describe.each(Object.entries({ functions, loops, parameters, sections, attributes }))("%s", (_, rows) => {
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

const subjects = new Set([...functions, ...loops, ...parameters, ...sections, ...attributes].map((row) => row.of));

test("every function has rows", () => {
  expect([...built.keys()].filter((name) => !subjects.has(name))).toEqual([]);
});

test("every attribute of a resource has rows", () => {
  expect(resourceAttributes.filter((name) => !subjects.has(name))).toEqual([]);
});
