import { describe, expect, it } from "vitest";
import { createRegistry } from "../resource/registry.ts";
import type { Stack } from "../stack/model.ts";
import { stackOf } from "../testing/harness.ts";
import { memoryTypes } from "../testing/memory-types.ts";
import { linksOffline } from "./links-offline.ts";

const group = (Properties: object = {}) => ({ Type: "Memory::Group", Properties });
const imported = (name: string) => ({ "Fn::ImportValue": name });
const exporting = (outputs: Record<string, unknown>) => ({
  Outputs: Object.fromEntries(
    Object.entries(outputs).map(([name, Value]) => [name, { Value, Export: { Name: name } }]),
  ),
});

const network = stackOf(
  { Base: group(), Other: group(), Unused: group() },
  { name: "network", template: exporting({ base: { Ref: "Base" }, other: { Ref: "Other" } }) },
);
/** Hands on what it imports from the network, and something of its own. */
const middle = stackOf(
  { Own: group(), Deaf: group({ Description: imported("other") }) },
  { name: "middle", template: exporting({ through: imported("base"), own: { Ref: "Own" } }) },
);
const using = (...names: string[]) => stackOf({ App: group({ Uses: names.map(imported) }) }, { name: "app" });

const inEurope = (stack: Stack): Stack => ({ ...stack, name: `${stack.name}-eu`, region: "eu-west-1" });
const byName = stackOf(
  { App: group({ Description: { "Fn::GetStackOutput": { StackName: "network", OutputName: "base" } } }) },
  { name: "by-name" },
);
const round = (name: string, other: string) =>
  stackOf({ Own: group() }, { name, template: exporting({ [name]: imported(other) }) });

function readOf(stacks: readonly Stack[], neighbours: readonly Stack[]) {
  const links = linksOffline(stacks, neighbours, createRegistry(memoryTypes));
  return Object.fromEntries(links.neighbours.map(({ name, template }) => [name, [...template.resources.keys()]]));
}

describe("what is read of the project's other stacks", () => {
  it.each<[string, readonly Stack[], readonly Stack[], Record<string, string[]>]>([
    ["is nothing where nothing is imported", [using()], [network], {}],
    ["is what outputs that are imported are made of", [using("base")], [network], { network: ["Base"] }],
    [
      "is all that several imports need, each once",
      [using("base", "other", "base")],
      [network],
      { network: ["Base", "Other"] },
    ],
    [
      "is also what they import in turn, for that",
      [using("through")],
      [middle, network],
      { middle: [], network: ["Base"] },
    ],
    ["is nothing of stacks that are part of the run", [using("base"), network], [], {}],
    [
      "is what uses the exports of a stack of the run",
      [network],
      [using("other"), middle],
      { app: ["App"], middle: ["Deaf"] },
    ],
    ["is nothing of what others use of one another", [using()], [middle, network], {}],
    [
      "is nothing of other regions",
      [using("base")],
      [network, inEurope(network), inEurope(middle)],
      { network: ["Base"] },
    ],
    ["is nothing of what takes an output by its name", [network], [byName], {}],
    [
      "ends where stacks import from one another",
      [using("one")],
      [round("one", "two"), round("two", "one")],
      { one: [], two: [] },
    ],
  ])("%s", (_, stacks, neighbours, expected) => {
    expect(readOf(stacks, neighbours)).toEqual(expected);
  });

  it("is not CloudFormation's", () => {
    const app = using("base");
    const { isGiven } = linksOffline([app], [network], createRegistry(memoryTypes));
    const ask = (name: string) => isGiven(app, { kind: "export", name, place: app.place });
    expect([ask("base"), ask("theirs")]).toEqual([true, false]);
  });
});
