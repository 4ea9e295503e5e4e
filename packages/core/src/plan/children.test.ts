import { expect, it } from "vitest";
import { planInMemory, reconcileInMemory, stackOf } from "../testing/harness.ts";
import { createMemoryCloud } from "../testing/memory-cloud.ts";
import { proves } from "../testing/proofs.ts";

const web = { Type: "Memory::Group", Properties: { Name: "web" } };
const policy = { Type: "Memory::Policy", Properties: { GroupId: { Ref: "Web" }, PolicyName: "p", Document: "X" } };

it("a child goes from one place, though another place has one like it", proves(6, "memory"), async () => {
  const [east, west] = [createMemoryCloud(), createMemoryCloud({ region: "eu-west-1" })];
  const options = { regions: { "eu-west-1": west } };
  const here = stackOf({ Web: web, Policy: policy }, { name: "here" });
  const there = (resources: object) => ({ ...stackOf(resources, { name: "there" }), region: "eu-west-1" });
  const before = there({ Web: web, Policy: policy });
  await reconcileInMemory(east, [here, before], options);
  expect(west.things().map((each) => each.id)).toEqual(east.things().map((each) => each.id));
  const { changes } = await planInMemory(east, [here, there({ Web: web })], { ...options, base: [here, before] });
  expect(changes).toEqual(["delete Policy"]);
});
