import { expect, test } from "vitest";
import { commonRevision, type FoundBase } from "./found-base.ts";

const at = (revision: string | null): FoundBase => ({ isKnown: true, revision });
const unknown: FoundBase = { isKnown: false, diagnostics: [] };

test.each<[string, FoundBase[], string | null]>([
  ["all stacks were applied from one", [at("a"), at("a")], "a"],
  ["they were applied from several", [at("a"), at("b")], null],
  ["the files of one are in no commit", [at("a"), at(null)], null],
  ["that of one is not known", [at("a"), unknown], null],
  ["there are no stacks", [], null],
])("the revision that stacks are compared with where %s", (_, bases, revision) => {
  expect(commonRevision(bases)).toBe(revision);
});
