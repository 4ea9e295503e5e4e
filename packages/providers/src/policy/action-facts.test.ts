import { expect, test } from "vitest";
import { ledgerOperations } from "../aws/ledger.ts";
import { types } from "../index.ts";
import { readActionFacts } from "../testing/action-facts.ts";
import { kindOf } from "./kinds.ts";
import { always, inputReads, keyUses, passes, secretReads, tagsOnCreate } from "./tables.ts";

test("action-data.json is what AWS's reference says of every action that may be printed (`npx vitest run` of this file with `--update` at the end writes it)", async () => {
  const actions = [
    ...types.flatMap(({ actions: { read, write } }) => [...read, ...write]),
    ...[...tagsOnCreate, ...passes].flatMap(({ of, needs }) => [of, needs]),
    ...keyUses.flatMap(({ needs }) => needs),
    ...always,
    ...ledgerOperations.read,
    ...ledgerOperations.write,
    ...secretReads,
    ...Object.values(inputReads).flat(),
  ];
  const kinds = new Set(types.flatMap((type) => kindOf(type) ?? []));
  const facts = await readActionFacts(actions, kinds);
  await expect(`${JSON.stringify(facts, undefined, 2)}\n`).toMatchFileSnapshot("./action-data.json");
  expect([...kinds].filter((kind) => !Object.hasOwn(facts.arns, kind))).toEqual([]);
});
