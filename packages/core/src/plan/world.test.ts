import { expect, it } from "vitest";
import type { Location } from "../resource/model.ts";
import { placedKey } from "./world.ts";

const home: Location = { account: "123456789012", region: "us-east-1", partition: "aws" };

function keyIn(location: Location, scope: "region" | "partition"): string {
  return placedKey({ location }, { type: "Memory::Group", scope }, { identifier: "web" });
}

it.each<["region" | "partition", string, Partial<Location>, boolean]>([
  ["region", "another region", { region: "eu-west-1" }, false],
  ["region", "another account", { account: "210987654321" }, false],
  ["partition", "another region", { region: "eu-west-1" }, true],
  ["partition", "another account", { account: "210987654321" }, false],
])("what there is one of by its name in a %s: in %s, %j, it is the same one: %s", (scope, _, place, isSame) => {
  expect(keyIn({ ...home, ...place }, scope) === keyIn(home, scope)).toBe(isSame);
});
