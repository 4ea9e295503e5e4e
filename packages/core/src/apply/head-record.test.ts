import { describe, expect, test } from "vitest";
import { headName, historyIn, recordIn, typesOf } from "./head-record.ts";

const path = "/reconcile/news/app";

const entry = (name: string, text: string) => ({ name, text, version: 1, writtenAt: 0 });

describe("what somebody else wrote", () => {
  test.each(["", "{", "[]", '{ "run": 1 }'])("is no record of a run: %j", (text) => {
    expect(recordIn(path, [entry(headName(path), text)])).toEqual({});
    expect(historyIn([entry(headName(path), text)])).toEqual([]);
  });

  test("in the place of a lease still counts as one, that nobody can read", () => {
    const { lease } = recordIn(path, [entry(`${path}/lease/00000007`, "{")]);
    expect(lease).toMatchObject({ number: 7, text: undefined });
  });
});

describe("the types of a run", () => {
  const unfinished = { run: "r", actor: "a", since: "", source: { revision: null, tree: "", dirty: false } };

  test("are also those of the runs before it that nobody finished", () => {
    expect(typesOf({ ...unfinished, types: ["B", "A"] }, ["C", "A"])).toEqual(["A", "B", "C"]);
  });

  test.each([
    ["they would fill the entry", ["A".repeat(1501)]],
    ["they were all before", ["*", "A"]],
  ])("are all there are where %s", (_, types) => {
    expect(typesOf({ ...unfinished, types }, [])).toEqual(["*"]);
  });
});
