import { z } from "zod";
import {
  absent,
  createOnly,
  generatedName,
  keyed,
  refersTo,
  slot,
  tagMap,
  unordered,
} from "../resource/annotations.ts";
import { defineResource } from "../resource/define.ts";
import type { Changed, Handlers, Observed, ResourceType, Wish } from "../resource/model.ts";
import { isOwnTag, resourceTag } from "../resource/owner.ts";
import { type MemoryCloud, Refusal, type Store, setTags, type Thing } from "./memory-cloud.ts";

/**
 * Types that live in the memory cloud, one for each shape that AWS has: named and taggable with rules inside (a security group), a rule on its own, a thing without a name
 * whose copies inherit its tags (an instance), and an untaggable child (an inline policy).
 */
const RuleElement = z.strictObject({ Port: z.number().int(), Text: z.string().default("") });
type RuleElement = z.output<typeof RuleElement>;

function observed(
  thing: Thing | undefined,
  attributes: Record<string, string> = {},
): Observed<Record<string, unknown>> | undefined {
  return thing && { identifier: thing.id, properties: thing.properties, attributes, tags: thing.tags };
}

/** What every type here has in common; `before` says what AWS refuses. */
function handlers<P extends Record<string, unknown>>(
  type: string,
  options: {
    naturalKey?(properties: Record<string, unknown>): string;
    attributes?(thing: Thing): Record<string, string>;
    create(store: Store, wish: Wish<P>): Thing;
    updated?(store: Store, thing: Thing, properties: P, changed: Changed): void;
    deletable?(store: Store, thing: Thing): void;
    read?(found: Observed<Record<string, unknown>>, cloud: MemoryCloud): Promise<Observed<Record<string, unknown>>>;
    taggable?: boolean;
  },
): Handlers<P, MemoryCloud> {
  const read = async (cloud: MemoryCloud, identifier: string): Promise<Observed<P> | undefined> => {
    const thing = await cloud.read(type, identifier);
    const found = observed(thing, thing && options.attributes?.(thing));
    return (found && options.read ? await options.read(found, cloud) : found) as Observed<P> | undefined;
  };
  return {
    async *list(cloud) {
      for (const found of await cloud.list(type)) {
        const thing = options.naturalKey && (await cloud.read(type, found.identifier));
        yield { ...found, ...(thing && options.naturalKey && { naturalKey: options.naturalKey(thing.properties) }) };
      }
    },
    read,
    create: (cloud, wish) =>
      cloud.mutate("memory:Create", (store) => {
        const thing = options.create(store, wish);
        store.put(thing);
        return thing.id;
      }),
    update: (cloud, live, wish, changed) =>
      cloud.mutate("memory:Update", (store) => {
        const thing = store.get(type, live.identifier);
        if (!thing) throw new Refusal("not-found", `${live.identifier} is not there`);
        for (const name of new Set([...Object.keys(thing.properties), ...Object.keys(wish.properties)])) {
          if (!changed.has(name)) continue;
          if (wish.properties[name] === undefined) delete thing.properties[name];
          else thing.properties[name] = structuredClone(wish.properties[name]);
        }
        options.updated?.(store, thing, wish.properties, changed);
      }),
    delete: (cloud, live) =>
      cloud.mutate("memory:Delete", (store) => {
        const thing = store.get(type, live.identifier);
        if (!thing) return;
        const user = store
          .all()
          .find((other) => other.id !== thing.id && refersToId(other, thing.id) && !isInside(other, thing));
        if (user) throw new Refusal("in-use", `${thing.id} is used by ${user.id}`);
        options.deletable?.(store, thing);
        store.remove(type, live.identifier);
        for (const other of store.all()) if (isInside(other, thing)) store.remove(other.type, other.id);
      }),
    ...(options.taggable !== false && {
      tag: (cloud: MemoryCloud, live: Observed<P>, set: Readonly<Record<string, string>>, remove: readonly string[]) =>
        cloud.mutate("memory:Tag", (store) => {
          const thing = store.get(type, live.identifier);
          if (!thing) throw new Refusal("not-found", `${live.identifier} is not there`);
          setTags(thing, set, remove);
        }),
    }),
  };
}

function isInside(child: Thing, parent: Thing): boolean {
  return (child.type === "Memory::Rule" || child.type === "Memory::Policy") && child.properties.GroupId === parent.id;
}

function refersToId(thing: Thing, id: string): boolean {
  return Object.values(thing.properties).some((value) => value === id || (Array.isArray(value) && value.includes(id)));
}

const actions = {
  read: ["memory:Read", "memory:List"],
  write: ["memory:Create", "memory:Update", "memory:Delete", "memory:Tag"],
};

/** Rules of a group live as things of their own, as in EC2: a group's property `Rules` is what its untagged and own rules are. */
export const Group = defineResource<z.ZodObject, MemoryCloud>({
  type: "Memory::Group",
  properties: z.strictObject({
    Name: createOnly(generatedName({ max: 40, characters: "A-Za-z0-9-" })),
    Kind: createOnly(z.string().default("plain")),
    Description: z.string().default(""),
    Uses: absent(refersTo("Memory::Group", unordered(z.array(z.string())))),
    Rules: slot("exclusive", keyed("Port", z.array(RuleElement))).default([]),
    Tags: tagMap(),
  }),
  identifier: "GroupId",
  attributes: { GroupId: {} },
  naturalKey: (properties) => properties.Name as string | undefined,
  absence: "tagged-list",
  scope: "region",
  actions,
}).implement({
  ...handlers("Memory::Group", {
    naturalKey: (properties) => String(properties.Name),
    attributes: (thing) => ({ GroupId: thing.id }),
    create(store, wish) {
      const { Name, Rules: _rules, ...rest } = wish.properties as Record<string, unknown>;
      if (store.all().some((other) => other.type === "Memory::Group" && other.properties.Name === Name))
        throw new Refusal("name-taken", `${String(Name)} exists`);
      return {
        type: "Memory::Group",
        id: store.newId("grp"),
        properties: { Name, Kind: rest.Kind, Description: rest.Description },
        tags: { ...wish.tags },
      };
    },
    updated(store, thing, properties, changed) {
      delete thing.properties.Rules;
      const find = (port: unknown): Thing | undefined =>
        store
          .all()
          .find(
            (other) =>
              other.type === "Memory::Rule" && other.properties.GroupId === thing.id && other.properties.Port === port,
          );
      for (const rule of changed.removed("Rules") as RuleElement[])
        store.remove("Memory::Rule", find(rule.Port)?.id ?? "");
      for (const rule of changed.added("Rules") as RuleElement[]) {
        store.put({
          type: "Memory::Rule",
          id: store.newId("rule"),
          properties: { GroupId: thing.id, ...rule },
          tags: { ...thing.tags },
        });
      }
      for (const key of changed.modified("Rules")) {
        const rule = find(Number(key));
        if (rule)
          rule.properties.Text = (properties.Rules as RuleElement[]).find((each) => String(each.Port) === key)?.Text;
      }
    },
    async read(found, cloud) {
      const rules: Thing[] = [];
      for (const { identifier } of await cloud.list("Memory::Rule")) {
        const rule = await cloud.read("Memory::Rule", identifier);
        if (rule?.properties.GroupId === found.identifier) rules.push(rule);
      }
      return {
        ...found,
        properties: { ...found.properties, Rules: rules.map(({ properties: { Port, Text } }) => ({ Port, Text })) },
        slotTags: { Rules: Object.fromEntries(rules.map((rule) => [String(rule.properties.Port), { ...rule.tags }])) },
      };
    },
  }),
  release: (cloud, { identifier, tags }) =>
    cloud.mutate("memory:Tag", (store) => {
      for (const rule of store.all()) {
        const own = rule.properties.GroupId === identifier && rule.tags?.[resourceTag] === tags?.[resourceTag];
        if (own) setTags(rule, {}, Object.keys({ ...rule.tags }).filter(isOwnTag));
      }
    }),
});

export const Rule = defineResource<z.ZodObject, MemoryCloud>({
  type: "Memory::Rule",
  properties: z.strictObject({
    GroupId: createOnly(refersTo("Memory::Group", z.string())),
    Port: createOnly(z.number().int()),
    Text: z.string().default(""),
  }),
  identifier: "RuleId",
  attributes: { RuleId: {} },
  naturalKey: ({ GroupId, Port }) =>
    typeof GroupId === "string" && typeof Port === "number" ? `${GroupId}|${Port}` : undefined,
  within: {
    type: "Memory::Group",
    identifiedBy: "GroupId",
    property: "Rules",
    element: ({ Port, Text }) => ({ Port, Text }) as never,
  },
  absence: "tagged-list",
  scope: "region",
  actions,
}).implement(
  handlers("Memory::Rule", {
    naturalKey: ({ GroupId, Port }) => `${String(GroupId)}|${String(Port)}`,
    attributes: (thing) => ({ RuleId: thing.id }),
    create(store, wish) {
      const { GroupId, Port } = wish.properties as Record<string, unknown>;
      const twin = store
        .all()
        .find(
          (other) =>
            other.type === "Memory::Rule" && other.properties.GroupId === GroupId && other.properties.Port === Port,
        );
      if (twin) throw new Refusal("name-taken", `port ${String(Port)} is in ${String(GroupId)}`);
      if (!store.get("Memory::Group", String(GroupId)))
        throw new Refusal("not-found", `${String(GroupId)} is not there`);
      return {
        type: "Memory::Rule",
        id: store.newId("rule"),
        properties: { GroupId, Port, Text: "" },
        tags: { ...wish.tags },
      };
    },
  }),
);

export const Server = defineResource<z.ZodObject, MemoryCloud>({
  type: "Memory::Server",
  properties: z.strictObject({
    Image: createOnly(z.string()),
    Size: z.string().default("small"),
    GroupIds: refersTo("Memory::Group", unordered(z.array(z.string()))).default([]),
    Peer: createOnly(absent(refersTo("Memory::Group", z.string()))),
    Tags: tagMap(),
  }),
  identifier: "ServerId",
  attributes: { ServerId: {}, Address: { varies: (changed) => changed.has("Size") } },
  absence: "tagged-list",
  scope: "region",
  copiesInheritTags: true,
  actions,
}).implement(
  handlers("Memory::Server", {
    attributes: (thing) => ({ ServerId: thing.id, Address: `10.${thing.id}.${String(thing.properties.Size)}` }),
    create(store, wish) {
      const { Image, Peer } = wish.properties as Record<string, unknown>;
      return {
        type: "Memory::Server",
        id: store.newId("srv"),
        properties: { Image, Size: "small", GroupIds: [], ...(Peer !== undefined && { Peer }) },
        tags: { ...wish.tags },
      };
    },
  }),
);

/** Cannot be tagged: it is its parent's, under a name. The cloud keeps its document in capitals. */
export const Policy = defineResource<z.ZodObject, MemoryCloud>({
  type: "Memory::Policy",
  properties: z.strictObject({
    GroupId: createOnly(refersTo("Memory::Group", z.string())),
    PolicyName: createOnly(z.string()),
    Document: z.string(),
  }),
  identifier: ["GroupId", "PolicyName"],
  within: {
    type: "Memory::Group",
    identifiedBy: "GroupId",
    property: "Policies",
    element: ({ PolicyName }) => PolicyName as never,
  },
  absence: "read-by-name",
  scope: "region",
  actions,
}).implement({
  ...handlers("Memory::Policy", {
    taggable: false,
    updated(_store, thing) {
      thing.properties.Document = String(thing.properties.Document).toUpperCase();
    },
    create(store, wish) {
      const { GroupId, PolicyName } = wish.properties as Record<string, unknown>;
      if (!store.get("Memory::Group", String(GroupId)))
        throw new Refusal("not-found", `${String(GroupId)} is not there`);
      return {
        type: "Memory::Policy",
        id: `${String(GroupId)}|${String(PolicyName)}`,
        properties: { GroupId, PolicyName, Document: "" },
        tags: null,
      };
    },
  }),
  canonical: (properties) => ({
    ...properties,
    Document: typeof properties.Document === "string" ? properties.Document.toUpperCase() : properties.Document,
  }),
});

export const memoryTypes: readonly ResourceType<MemoryCloud>[] = [Group, Rule, Server, Policy];
