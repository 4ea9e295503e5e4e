// For the tests of this folder only: a group of rules, its rules on their own, and things with names.
import { z } from "zod";
import { absent, createOnly, generatedName, keyed, sensitive, slot } from "../resource/annotations.ts";
import { createRegistry } from "../resource/registry.ts";
import { isRecord, Unknown } from "../value.ts";
import { type Check, slotElements } from "./check.ts";
import { typeOf } from "./fixture.ts";
import type { Specification, SpecifiedProperties } from "./specification.ts";

const rule = {
  Protocol: z.string().default("tcp"),
  Port: z.int(),
  Source: z.string(),
  Description: absent(z.string()),
};

/** A managed list counts for as many rules as it may have entries. */
const weight = (element: unknown) => {
  const source = isRecord(element) ? element.Source : undefined;
  return source instanceof Unknown && source.sources.includes("prefix-list:com.example.edges") ? 55 : 1;
};

const quota: Check = ({ resource, all, quotas }) => {
  const elements = slotElements(resource, "Rules", all);
  const sum = elements.reduce((total, { element }) => total + weight(element), 0);
  const last = elements.at(-1);
  if (sum <= quotas.rulesPerSecurityGroup || !last) return [];
  const message = `"${resource.logicalId}" has ${sum} rules, and ${quotas.rulesPerSecurityGroup} are allowed.`;
  return [{ code: "quota.rules", severity: "error", message, place: last.place }];
};

const Group = typeOf({
  type: "Test::Group",
  properties: z.strictObject({
    GroupName: createOnly(generatedName({ max: 64, characters: "a-zA-Z0-9-" })),
    Network: z.string().optional(),
    Rules: slot("exclusive", keyed(["Protocol", "Port", "Source"], z.array(z.strictObject(rule)))).default([]),
    Owner: z.string().optional(),
  }),
  identifier: "GroupId",
  attributes: { GroupId: {}, Network: {} },
  naturalKey: ({ GroupName, Network }) =>
    GroupName === undefined ? undefined : `${Network ?? "default"}/${GroupName}`,
  checks: [quota],
});

const Rule = typeOf({
  type: "Test::Rule",
  properties: z.strictObject({ ...rule, Group: z.string() }),
  identifier: "RuleId",
  within: {
    type: "Test::Group",
    identifiedBy: "Group",
    property: "Rules",
    element: ({ Group: _, ...element }) => element,
  },
});

const Role = typeOf({
  type: "Test::Role",
  scope: "partition",
  properties: z.strictObject({
    RoleName: z.string().optional(),
    Trust: z.string().optional(),
    Profile: z.string().optional(),
  }),
  identifier: "RoleName",
  attributes: { Arn: {} },
});

/** At most one to a role: the property is no list. */
const Profile = typeOf({
  type: "Test::Profile",
  properties: z.strictObject({ Role: z.string(), Name: z.string() }),
  identifier: "ProfileId",
  within: { type: "Test::Role", identifiedBy: "Role", property: "Profile", element: ({ Name }) => Name },
});

/** Its element needs the value itself. */
const Note = typeOf({
  type: "Test::Note",
  properties: z.strictObject({ Role: z.string(), Text: z.string() }),
  identifier: "NoteId",
  within: { type: "Test::Role", identifiedBy: "Role", property: "Trust", element: ({ Text }) => `note ${Text}` },
});

const Parameter = typeOf({
  type: "Test::Parameter",
  properties: z.strictObject({
    Name: sensitive(z.string()),
    Value: z.string(),
    Mode: z.enum(["Standard", "Advanced"]).default("Standard"),
  }),
  identifier: "Name",
  attributes: { Value: {} },
});

/** Its name is made of two properties, and AWS's identifier is neither. */
const Route = typeOf({
  type: "Test::Route",
  properties: z.strictObject({ Host: z.string(), Path: z.string() }),
  identifier: "RouteId",
  naturalKey: ({ Host, Path }) => `${Host}${Path}`,
});

export const registry = createRegistry([Group, Rule, Role, Profile, Note, Parameter, Route]);

const theirs: Record<string, readonly string[]> = {
  "Test::Group": ["GroupId", "Network", "Fingerprint"],
  "Test::Parameter": ["Value"],
  "Test::Queue": ["Arn", "QueueUrl"],
  "Test::Topic": ["Arn"],
};

function named(type: string): SpecifiedProperties {
  return type === "Test::Group" ? { GroupName: { type: { kind: "string" } } } : {};
}

export const specification: Specification = {
  has: (type) => Object.hasOwn(theirs, type),
  nearestType: (name) =>
    ({ "Test::Qeue": "Test::Queue", "AW::Shop::Store": "AWS::Shop::Store", "AWSQS::Shop::Store": "AWS::Shop::Store" })[
      name
    ],
  resource: (type) =>
    theirs[type] && {
      type,
      properties: named(type),
      attributes: Object.fromEntries(theirs[type].map((name) => [name, {}])),
      definitions: {},
    },
  propertyAt: () => undefined,
  propertiesAt: () => undefined,
  actionServices: () => [],
  actions: () => undefined,
};
