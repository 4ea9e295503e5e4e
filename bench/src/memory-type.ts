import { absent, createOnly, defineResource, generatedName, keyed, refersTo, tagMap } from "@reconcile/core";
import type { MemoryCloud } from "@reconcile/core/testing";
import { z } from "zod";

const Rule = z.strictObject({ Port: z.number().int(), Text: z.string().default("") });

/** A type of a usual shape whose reads cost the memory cloud next to nothing, so that what is measured is the engine. */
export const Node = defineResource<z.ZodObject, MemoryCloud>({
  type: "Bench::Node",
  properties: z.strictObject({
    Name: createOnly(generatedName({ max: 64, characters: "A-Za-z0-9-" })),
    Description: absent(z.string()),
    Size: z.enum(["small", "large"]).default("small"),
    Rules: keyed("Port", z.array(Rule)).default([]),
    Parent: absent(refersTo("Bench::Node", z.string())),
    Tags: tagMap(),
  }),
  identifier: "NodeId",
  attributes: { NodeId: {} },
  naturalKey: ({ Name }) => (typeof Name === "string" ? Name : undefined),
  absence: "tagged-list",
  scope: "region",
  actions: { read: ["memory:Read", "memory:List"], write: [] },
}).implement({
  async *list(cloud) {
    for (const found of await cloud.list("Bench::Node")) yield { ...found, naturalKey: nameOf(found.identifier) };
  },
  async read(cloud, identifier) {
    const thing = await cloud.read("Bench::Node", identifier);
    return thing && { identifier, properties: thing.properties, attributes: { NodeId: identifier }, tags: thing.tags };
  },
  create: neverWritten,
  update: neverWritten,
  delete: neverWritten,
  tag: neverWritten,
});

/** A hundred nodes have one parent, so that there is a graph to order. */
export function resourcesOf(count: number): Record<string, unknown> {
  const entries = Array.from({ length: count }, (_, index) => {
    const parent = index % 100 === 0 ? {} : { Parent: { Ref: logicalId(index - (index % 100)) } };
    return [
      logicalId(index),
      { Type: Node.type, Properties: { ...propertiesOf(index), ...parent, Tags: { Team: "core" } } },
    ];
  });
  return Object.fromEntries(entries);
}

/** The same, as it lives. */
export function thingsOf(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const parent = index % 100 === 0 ? {} : { Parent: identifierOf(index - (index % 100)) };
    const tags = {
      "reconcile:owner": "test/app@us-east-1",
      "reconcile:resource": `${logicalId(index)}/${Node.type}`,
      Team: "core",
    };
    return { type: Node.type, id: identifierOf(index), properties: { ...propertiesOf(index), ...parent }, tags };
  });
}

function propertiesOf(index: number) {
  return {
    Name: `node-${index}`,
    Description: `The node number ${index}`,
    Size: "small",
    Rules: [22, 80, 443].map((Port) => ({ Port, Text: `port ${Port}` })),
  };
}

function logicalId(index: number): string {
  return `Node${index}`;
}

function identifierOf(index: number): string {
  return `id-${index}`;
}

function nameOf(identifier: string): string {
  return identifier.replace("id-", "node-");
}

function neverWritten(): never {
  throw new Error("Benchmarks of the engine only plan.");
}
