// For the tests of this folder only: a shop as AWS's specification would have it, and as a provider does. No such service exists, so that every fact here is a test's own.
import { z } from "zod";
import {
  absent,
  createOnly,
  generatedName,
  json,
  keyed,
  oneOf,
  policyDocument,
  sensitive,
  shared,
  slot,
  tags,
  unordered,
  writeOnly,
} from "../resource/annotations.ts";
import { createRegistry } from "../resource/registry.ts";
import { typeOf } from "../validate/fixture.ts";
import type { SpecifiedValue } from "../validate/specification.ts";
import type { DocumentedProperty, DocumentedSpecification, DocumentedType } from "./specification.ts";

const textValue: SpecifiedValue = { kind: "string" };
const tagList: SpecifiedValue = { kind: "list", of: { kind: "object", definition: "Tag" } };
const tagDefinition = {
  properties: { Key: { type: textValue, required: true }, Value: { type: textValue, required: true } },
} as const;

const store: DocumentedType = {
  type: "AWS::Shop::Store",
  ref: ["Id"],
  attributes: { Id: {}, Queue: {}, "Till.Number": {} },
  properties: {
    StoreName: { type: textValue, createOnly: "yes" },
    City: { type: textValue, required: true, createOnly: "maybe" },
    Kind: { type: { kind: "string", values: ["corner", "market"] }, default: "corner" },
    Floors: { type: { kind: "integer" } },
    Doors: { type: { kind: "integer", values: [1, 2] } },
    Area: { type: { kind: "number" } },
    Open: { type: { kind: "boolean" } },
    Plan: { type: { kind: "json" } },
    Rules: { type: { kind: "json" } },
    Notes: { type: { kind: "json" } },
    Owner: { type: textValue, references: [{ type: "AWS::Shop::Person", property: "Name" }] },
    Shelves: { type: { kind: "list", of: { kind: "object", definition: "Shelf" } } },
    Labels: { type: { kind: "map", of: textValue } },
    Days: { type: { kind: "list", of: { kind: "string", values: ["saturday", "sunday"] } } },
    // AWS takes one of two forms.
    Lease: { type: { kind: "union", of: [textValue, { kind: "object", definition: "Lease" }] } },
    Signs: { type: { kind: "union", of: [{ kind: "list", of: { kind: "object", definition: "Sign" } }, textValue] } },
    Garage: { type: { kind: "object", definition: "Garage" } },
    Fax: { type: textValue, deprecated: true },
    SafeCode: { type: textValue },
    Tags: { type: tagList },
  },
  definitions: {
    Shelf: {
      properties: {
        Label: { type: textValue, required: true },
        Boards: { type: { kind: "list", of: { kind: "object", definition: "Board" } } },
      },
    },
    // A board may hold smaller ones.
    Board: {
      properties: {
        Width: { type: { kind: "integer" } },
        Boards: { type: { kind: "list", of: { kind: "object", definition: "Board" } } },
      },
    },
    Lease: { properties: { Years: { type: { kind: "integer" } } } },
    Sign: { properties: { Text: { type: textValue } } },
    Garage: { properties: { Gate: { type: textValue } } },
    Tag: tagDefinition,
  },
};

/** AWS has it, and there is no provider. */
const supplier: DocumentedType = {
  type: "AWS::Shop::Supplier",
  ref: [],
  attributes: { Rating: {} },
  properties: {
    Name: { type: textValue, createOnly: "yes" },
    Routes: { type: { kind: "map", of: { kind: "list", of: { kind: "object", definition: "Route" } } } },
    Notes: { type: { kind: "list", of: { kind: "union", of: [textValue, { kind: "boolean" }] } } },
    Minimum: { type: { kind: "integer" }, default: 10 },
    Grids: { type: { kind: "list", of: { kind: "list", of: { kind: "integer" } } } },
    Prices: { type: { kind: "list", of: { kind: "map", of: { kind: "number" } } } },
    Papers: { type: { kind: "list", of: { kind: "json" } } },
  },
  definitions: { Route: { properties: { Road: { type: textValue } } } },
};

const bare = (type: string): DocumentedType => ({ type, ref: [], attributes: {}, properties: {}, definitions: {} });

const theirs: ReadonlyMap<string, DocumentedType> = new Map(
  [store, bare("AWS::Shop::Shelf"), supplier, bare("AWS::CloudFormation::WaitCondition")].map((each) => [
    each.type,
    each,
  ]),
);

const documented: Readonly<Record<string, string>> = {
  "AWS::Shop::Store":
    "Makes a **shop** , which sells *things* .\n\nSee [the guide](https://example.com/guide) .\n\n> Notes are paragraphs.",
  "AWS::Shop::Store/StoreName": "The name. It is shown to customers.",
  "AWS::Shop::Store/Shelves": "What stands | in it,\nrow by row. <b>Heavy</b> ones below.",
  "AWS::Shop::Store/Shelves/*/Label": "What the shelf holds.",
  "AWS::Shop::Store.Queue": "How many wait. It changes.",
};

function shapeAt(type: string, path: string): { value: SpecifiedValue | undefined; property?: DocumentedProperty } {
  const facts = theirs.get(type);
  let properties: Readonly<Record<string, DocumentedProperty>> | undefined = facts?.properties;
  let value: SpecifiedValue | undefined;
  let property: DocumentedProperty | undefined;
  for (const segment of path.split("/").slice(1)) {
    if (value?.kind === "union") value = value.of.find((each) => each.kind === "list" || each.kind === "object");
    if (value?.kind === "list" || value?.kind === "map") value = value.of;
    else {
      if (value) properties = value.kind === "object" ? facts?.definitions[value.definition]?.properties : undefined;
      property = properties && Object.hasOwn(properties, segment) ? properties[segment] : undefined;
      value = property?.type;
    }
    if (!value) return { value };
  }
  return { value, ...(property && { property: { ...property, ...(value && { type: value }) } }) };
}

export const specification: DocumentedSpecification = {
  has: (type) => theirs.has(type),
  types: () => [...theirs.keys()].sort(),
  nearestType: (name) => (name === "AWS::Shop::Stor" ? "AWS::Shop::Store" : undefined),
  resource: (type) => theirs.get(type),
  propertyAt: (type, path) => shapeAt(type, path).property,
  propertiesAt: (type, path) => {
    if (path === "") return theirs.get(type)?.properties;
    const { value } = shapeAt(type, path);
    const object = value?.kind === "union" ? value.of.find((each) => each.kind === "object") : value;
    return object?.kind === "object" ? theirs.get(type)?.definitions[object.definition]?.properties : undefined;
  },
  documentation: (type, path = "") => documented[type + path],
  attributeDocumentation: (type, attribute) => documented[`${type}.${attribute}`],
  actionServices: () => [],
  actions: () => undefined,
};

const Store = typeOf({
  type: "AWS::Shop::Store",
  properties: z.strictObject({
    StoreName: createOnly(generatedName({ max: 40, characters: "a-z" })),
    City: z.string(),
    Kind: z.enum(["corner", "market"]).default("corner"),
    Floors: absent(z.int()),
    Doors: oneOf(z.int(), [1, 2]),
    Area: shared(z.number()),
    Open: z.boolean().optional(),
    Rules: policyDocument().optional(),
    Notes: json().optional(),
    Owner: createOnly(z.string()).optional(),
    Shelves: slot("exclusive", keyed("Label", z.array(z.strictObject({ Label: z.string() })))).default([]),
    Labels: z.record(z.string(), z.string()).default({}),
    Days: unordered(z.array(z.enum(["saturday", "sunday"]))).optional(),
    Lease: z.strictObject({ Years: z.int().default(5) }).prefault({}),
    Fax: z.string().optional(),
    SafeCode: writeOnly(sensitive(z.string())).optional(),
    Tags: tags(),
    // AWS's specification does not have it.
    Cat: z.boolean().optional(),
    Baskets: z.array(z.strictObject({ Colour: z.string() })).optional(),
  }),
  identifier: "Id",
  attributes: { Id: {}, Queue: {}, Mood: {} },
  holdsData: async () => true,
  unsupported: { Plan: "it is drawn by hand", Garage: "cars are not sold", "Shelves/Boards": "shelves come whole" },
  departures: { "/Kind": "AWS says that it is required" },
  actions: { read: ["shop:DescribeStores"], write: ["shop:CreateStore", "shop:DeleteStore"] },
});

const Shelf = typeOf({
  type: "AWS::Shop::Shelf",
  scope: "partition",
  properties: z.strictObject({ Store: z.string(), Label: z.string() }),
  identifier: ["Store", "Label"],
  holdsData: true,
  actions: { read: ["shop:DescribeShelves"], write: ["shop:PutShelf"] },
  within: {
    type: "AWS::Shop::Store",
    identifiedBy: "Store",
    property: "Shelves",
    element: ({ Store: _, ...element }) => element,
  },
});

export const registry = createRegistry([Store, Shelf]);
