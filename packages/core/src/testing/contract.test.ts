import { describeResourceType } from "./contract.ts";
import type { Faults } from "./contract-model.ts";
import { createMemoryCloud, type MemoryCloud } from "./memory-cloud.ts";
import { Group, memoryTypes, Policy, Rule, Server } from "./memory-types.ts";
import { proves } from "./proofs.ts";

// The contract kit itself, on types whose every behaviour is known.
const world = {
  clock: createMemoryCloud().clock,
  async open() {
    const memory = createMemoryCloud();
    return {
      process({ failing, ...faults }: Faults = {}) {
        const run = memory.connect({ ...faults, ...(failing && { failing: failing.operation }) });
        return { ...run, connect: async (): Promise<MemoryCloud> => run.cloud };
      },
    };
  },
  failures: () => ["denied"],
};
const tags = (promises: readonly number[]) => proves(promises, "memory").tags;
const given = { types: memoryTypes, world, budget: 30, tags };
const prerequisites = { Parent: { Type: "Memory::Group", Properties: { Name: "parent" } } };

describeResourceType(Group, {
  ...given,
  example: {},
  name: { Name: "named" },
  mutations: [
    { property: "Description", from: "one", to: "two" },
    { property: "Rules", from: [{ Port: 22 }], to: [{ Port: 22, Text: "why" }, { Port: 80 }] },
  ],
  replacements: { Kind: "fancy" },
});

describeResourceType(Rule, {
  ...given,
  prerequisites,
  example: { GroupId: { Ref: "Parent" }, Port: 22 },
  mutations: [{ property: "Text", from: "one", to: "two" }],
  replacements: { Port: 80 },
});

describeResourceType(Server, {
  ...given,
  prerequisites,
  example: { Image: "v1" },
  mutations: [
    { property: "Size", to: "large" },
    { property: "GroupIds", to: [{ Ref: "Parent" }] },
  ],
  replacements: { Image: "v2" },
});

describeResourceType(Policy, {
  ...given,
  prerequisites,
  example: { GroupId: { Ref: "Parent" }, PolicyName: "read", Document: "x" },
  mutations: [{ property: "Document", from: "y", to: "z", unset: "required" }],
  replacements: {},
});
