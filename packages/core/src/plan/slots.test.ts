import { describe, expect, it } from "vitest";
import { z } from "zod";
import { absent, keyed, slot, unordered } from "../resource/annotations.ts";
import { defineResource } from "../resource/define.ts";
import type { ResourceType, Tags } from "../resource/model.ts";
import { ownSlots } from "./slots.ts";

const unused = () => {
  throw new Error("not part of this test");
};
const handlers = { list: unused, read: unused, create: unused, update: unused, delete: unused };

function parent(properties: z.ZodObject): ResourceType {
  return defineResource({
    type: "Test::Parent",
    properties,
    identifier: "Id",
    absence: "tagged-list",
    scope: "region",
    actions: { read: [], write: [] },
  }).implement(handlers);
}

const Rule = z.strictObject({ Port: z.number() });
const Group = parent(z.strictObject({ Rules: slot("exclusive", keyed("Port", z.array(Rule))).default([]) }));
const Address = parent(z.strictObject({ Target: slot("shared", absent(z.string())) }));
const Role = parent(z.strictObject({ PolicyArns: slot("shared", unordered(z.array(z.string()))).default([]) }));

const ours = "test/app@us-east-1";
const tagged = (resource: string, owner = ours): Tags => ({
  "reconcile:owner": owner,
  "reconcile:resource": resource,
});

describe("what a parent's diff sees of an exclusive list", () => {
  it.each([
    ["carries no tag: nobody else's, so it is in the way", undefined, true],
    ["carries our tag", tagged("Group/Test::Parent"), true],
    ["carries the tag of the group under an earlier logical id", tagged("OldGroup/Test::Parent"), true],
    ["carries the tag of a child: it goes with the child", tagged("Child/Test::Child"), false],
    ["carries another owner's tag", tagged("Group/Test::Parent", "test/other@us-east-1"), false],
  ])("an element that nobody declares and that %s", (_story, tags, seen) => {
    const { observed } = ownSlots({
      type: Group,
      desired: { Rules: [] },
      observed: { Rules: [{ Port: 22 }] },
      slotTags: tags && { Rules: { "22": tags } },
      children: new Map(),
      exclusive: [],
      owner: ours,
    });
    expect(observed.Rules).toEqual(seen ? [{ Port: 22 }] : []);
  });
});

describe("what a parent's diff sees of a property that holds one thing", () => {
  const options = {
    type: Address,
    desired: {},
    observed: { Target: "i-before" },
    slotTags: undefined,
    base: { Target: "i-before" },
    exclusive: [],
    owner: ours,
  };

  it("shows what base declared and nobody declares any more", () => {
    const { observed } = ownSlots({ ...options, children: new Map() });
    expect(observed).toEqual({ Target: "i-before" });
  });

  it("shows nothing while a child declares it, even where it holds something else", () => {
    const { observed, unowned } = ownSlots({ ...options, children: new Map([["Target", new Set(["i-after"])]]) });
    expect(observed).toEqual({});
    expect(unowned).toEqual([]);
  });
});

describe("what a parent's diff sees of a list of names", () => {
  const options = {
    type: Role,
    desired: { PolicyArns: [] },
    observed: { PolicyArns: ["arn:old", "arn:by-hand"] },
    slotTags: undefined,
    children: new Map(),
    exclusive: [],
    owner: ours,
  };

  it("shows the name of something that is about to be deleted, as it has to go first", () => {
    const { observed, unowned } = ownSlots({ ...options, leaving: new Set(["arn:old"]) });
    expect(observed).toEqual({ PolicyArns: ["arn:old"] });
    expect(unowned).toEqual([{ property: "PolicyArns", key: '"arn:by-hand"' }]);
  });

  it("shows none that a child declares", () => {
    const children = new Map([["PolicyArns", new Set(['"arn:old"', '"arn:by-hand"'])]]);
    const { observed, unowned } = ownSlots({ ...options, children, leaving: new Set(["arn:old"]) });
    expect(observed).toEqual({ PolicyArns: [] });
    expect(unowned).toEqual([]);
  });
});
