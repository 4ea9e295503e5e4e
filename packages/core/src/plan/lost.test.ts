import { describe, expect, it } from "vitest";
import type { Stack } from "../stack/model.ts";
import { planInMemory, type RunOptions, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { proves } from "../testing/proofs.ts";

const group = (Properties: object = {}, more: object = {}) => ({
  Type: "Memory::Group",
  Properties: { Name: "web", ...Properties },
  ...more,
});
const Outputs = { Web: { Value: { Ref: "Web" }, Export: { Name: "web" } } };
const network = (resources: object) =>
  stackOf(resources, { name: "network", template: "Web" in resources ? { Outputs } : {} });
const web = network({ Web: group() });
const keep = { Keep: { Type: "Memory::Server", Properties: { Image: "v1" } } };
const app = (resources: object = {}) => stackOf({ ...keep, ...resources }, { name: "app" });
const GroupId = { "Fn::ImportValue": "web" };
const rule = { Type: "Memory::Rule", Properties: { GroupId, Port: 22 } };

/** What a run of both stacks would do after one of others. */
async function seen(before: readonly Stack[], after: readonly Stack[], options: RunOptions = {}) {
  const world = createMemoryCloud();
  await reconcileInMemory(world, before);
  return planInMemory(world, after, { base: [...before], ...options });
}

describe(
  "a child that one stack declares no more, in a parent of another stack of the run",
  proves(6, "memory"),
  () => {
    it.each([
      ["in whatever order", (stacks: Stack[]) => stacks],
      ["the other way round", (stacks: Stack[]) => stacks.toReversed()],
    ])("stays when that declares it itself now, %s", async (_, ordered) => {
      const world = createMemoryCloud();
      const before = [web, app({ Ssh: rule })];
      await reconcileInMemory(world, before);
      const after = ordered([network({ Web: group({ Rules: [{ Port: 22 }] }) }), app()]);
      const { changes, codes } = await planInMemory(world, after, { base: before });
      expect([changes, codes]).toEqual([[], []]);
    });

    it("goes when nobody declares it", async () => {
      const { changes } = await seen([web, app({ Ssh: rule })], [web, app()]);
      expect(changes).toEqual(["delete Ssh"]);
    });

    it.each([
      ["is deleted", network({ Other: group({ Name: "other" }) }), {}, ["deletion-policy.lost-with-parent"]],
      ["is replaced", network({ Web: group({ Name: "other" }) }), {}, ["deletion-policy.lost-with-parent"]],
      ["is let go of", network({ Other: group({ Name: "other" }) }), { abandon: ["network/Web"] }, []],
    ])("cannot be retained when its parent %s", async (_, after, options, codes) => {
      const retained = app({ Ssh: { ...rule, DeletionPolicy: "Retain" } });
      expect((await seen([web, retained], [after, app()], options)).codes).toEqual(codes);
    });

    it("cannot be let go of while its parent deletes what nobody declares", async () => {
      const { diagnostics } = await seen([web, app({ Ssh: rule })], [web, app()], { abandon: ["app/Ssh"] });
      expect(diagnostics).toMatchObject([
        { code: "deletion-policy.lost-to-parent", message: expect.stringContaining("Web would delete it") },
      ]);
    });
  },
);

it("a child in what is declared as existing may be let go of: nothing is deleted there", async () => {
  const world = createMemoryCloud();
  world.store.put({ type: "Memory::Group", id: "grp-theirs", properties: { Name: "web", Kind: "plain" }, tags: {} });
  const existing = { Web: group({}, { Metadata: { Reconcile: { existing: true } } }) };
  const ssh = { Ssh: { ...rule, Properties: { GroupId: { Ref: "Web" }, Port: 22 } } };
  const before = app({ ...existing, ...ssh });
  await reconcileInMemory(world, [before]);
  const { codes } = await planInMemory(world, app(existing), { base: [before], abandon: ["Ssh"] });
  expect(codes).toEqual([]);
});
