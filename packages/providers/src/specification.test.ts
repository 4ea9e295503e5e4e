import { readdirSync, readFileSync } from "node:fs";
import type { AttributeFacts, ResourceType, Shape } from "@reconcile/core";
import { openSpecification, type PropertyFacts, type PropertyType, type ResourceFacts } from "@reconcile/spec";
import { describe, expect, it } from "vitest";
import type { Aws } from "./aws/context.ts";
import { types } from "./index.ts";

const specification = openSpecification();

/** Where a schema and AWS's specification do not say the same: pointer (lists as `*`, attributes as `@Name`, Ref as `@Ref`) to what is different. */
function differences(type: ResourceType<Aws>, facts: ResourceFacts): Map<string, string> {
  const found = new Map<string, string>();
  compareObjects(facts, facts.properties, type.shape.properties, "", { found, createOnly: false, seen: [] });
  const attributes: Readonly<Record<string, AttributeFacts>> = type.attributes;
  for (const name of Object.keys(facts.attributes)) {
    if (!(name in attributes) && !(name in type.shape.properties)) found.set(`@${name}`, "the attribute is missing");
  }
  for (const name of Object.keys(attributes)) {
    if (!(name in facts.attributes) && !facts.primaryIdentifier.includes(name))
      found.set(`@${name}`, "the specification has no such attribute");
  }
  const ref = type.ref === undefined ? type.identifier : [type.ref];
  if (ref.join("|") !== facts.ref.join("|"))
    found.set("@Ref", `Ref returns ${facts.ref.join("|")}, not ${ref.join("|")}`);
  return found;
}

interface Walk {
  found: Map<string, string>;
  createOnly: boolean;
  /** Definitions above: a recursive one is compared once. */
  seen: readonly string[];
}

type Shapes = Readonly<Record<string, Shape>>;

function compareObjects(
  facts: ResourceFacts,
  wanted: Readonly<Record<string, PropertyFacts>>,
  shapes: Shapes,
  path: string,
  walk: Walk,
): void {
  for (const [name, property] of Object.entries(wanted)) {
    const at = `${path}/${name}`;
    const shape = shapes[name];
    if (!shape)
      walk.found.set(
        at,
        "AWS has this property, the schema has not: add it, or name it in `unsupported` with a reason",
      );
    else if (!shape.annotation.tags) compareProperty(facts, property, shape, at, walk);
  }
  for (const name of Object.keys(shapes))
    if (!(name in wanted)) walk.found.set(`${path}/${name}`, "the schema has this property, AWS has not");
}

function compareProperty(facts: ResourceFacts, property: PropertyFacts, shape: Shape, at: string, walk: Walk): void {
  const required = shape.undeclared === "required";
  if (required !== (property.required === true))
    walk.found.set(at, property.required ? "AWS requires it" : "AWS does not require it");
  const createOnly = walk.createOnly || shape.annotation.createOnly === true;
  if (property.createOnly === "yes" && !createOnly) walk.found.set(at, "a change replaces the resource");
  if (property.createOnly === undefined && createOnly && !walk.createOnly)
    walk.found.set(at, "a change does not replace the resource");
  if (!shape.annotation.document) compareTypes(facts, property.type, shape, at, { ...walk, createOnly });
}

function compareTypes(facts: ResourceFacts, type: PropertyType, shape: Shape, at: string, walk: Walk): void {
  if (type.kind === "union") {
    for (const each of type.of)
      if (each.kind === "object" || each.kind === "list") compareTypes(facts, each, shape, at, walk);
  } else if ((type.kind === "list" || type.kind === "map") && shape.items) {
    compareTypes(facts, type.of, shape.items, `${at}/*`, walk);
  } else if (type.kind === "object" && shape.type === "object" && !walk.seen.includes(type.definition)) {
    const definition = facts.definitions[type.definition];
    if (definition)
      compareObjects(facts, definition.properties, shape.properties, at, {
        ...walk,
        seen: [...walk.seen, type.definition],
      });
  }
}

function asPointer(key: string): string {
  return key.startsWith("/") || key.startsWith("@") ? key : `/${key}`;
}

describe("every type and AWS's own specification", () => {
  it.each(types.map((type) => [type.type, type] as const))("%s says the same, or says why not", (name, type) => {
    const facts = specification.resource(name);
    expect(facts, `AWS has no type ${name}`).toBeDefined();
    const found = facts ? differences(type, facts) : new Map<string, string>();
    const excused = [...Object.keys(type.departures ?? {}), ...Object.keys(type.unsupported ?? {})].map(asPointer);
    const unexplained = [...found]
      .filter(([path]) => !excused.includes(path))
      .map(([path, what]) => `${path}: ${what}`);
    expect(unexplained, "follow the specification, or say in `departures` why not").toEqual([]);
    expect(
      excused.filter((path) => !found.has(path)),
      "stale departures",
    ).toEqual([]);
  });
});

describe("the registry", () => {
  it("is the folder listing", () => {
    const folder = new URL(".", import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
    );
    const defining = files.filter(
      (file) =>
        /\bdefineResource\((?!\s*facts)/.test(readFileSync(new URL(file, folder), "utf8")) && file !== "define.ts",
    );
    expect(types.map((type) => fileOf(type.type)).sort()).toEqual(
      defining.map((file) => file.replaceAll("\\", "/")).sort(),
    );
  });

  it("is sorted by the name of the type, so that everybody adds a line at its own place", () => {
    const names = types.map((type) => type.type);
    expect(names).toEqual([...names].sort());
  });
});

/** `AWS::EC2::EIPAssociation` lives in `ec2/eip-association.ts`. */
function fileOf(type: string): string {
  const [, service = "", name = ""] = type.split("::");
  const file = name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2");
  return `${service.toLowerCase()}/${file.toLowerCase()}.ts`;
}
