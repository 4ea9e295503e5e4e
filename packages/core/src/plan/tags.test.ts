import { describe, expect, it } from "vitest";
import { Unknown, type Value } from "../value.ts";
import { declaredTags, tagDifferences } from "./tags.ts";

const unknown = new Unknown(["Vpc.VpcId"], "may-change");

describe("the tags of a declaration", () => {
  it.each<[string, Value | undefined, object]>([
    [
      "a list",
      [
        { Key: "Team", Value: "core" },
        { Key: "Stage", Value: "test" },
      ],
      { Team: "core", Stage: "test" },
    ],
    ["a map", { Team: "core" }, { Team: "core" }],
    ["nothing", undefined, {}],
    ["a value that is not known yet", [{ Key: "Vpc", Value: unknown }], { Vpc: unknown }],
    ["elements without a name", [unknown, { Key: unknown, Value: "a" }, { Key: "Half" }] as Value[], {}],
    ["all of it unknown", unknown, {}],
  ])("as %s", (_, written, expected) => {
    expect(declaredTags(written)).toEqual(expected);
  });
});

describe("tag keys are owned one by one", () => {
  const wished = { Team: "core" };

  it.each([
    ["missing", {}, [{ path: "/Tags/Team", after: "core" }]],
    ["another value", { Team: "other" }, [{ path: "/Tags/Team", before: "other", after: "core" }]],
    ["equal", { Team: "core" }, []],
    ["of AWS", { Team: "core", "aws:cloudformation:stack-name": "old" }, []],
    ["declared at base, and no longer", { Team: "core", Stage: "test" }, [{ path: "/Tags/Stage", before: "test" }]],
    [
      "ours, and no longer wished for",
      { Team: "core", "reconcile:retained": "true" },
      [{ path: "/Tags/reconcile:retained", before: "true" }],
    ],
    ["that says it was adopted", { Team: "core", "reconcile:adopted": "true" }, []],
    ["of somebody else", { Team: "core", Owner: "jo" }, []],
  ])("a tag that is %s", (_, live, expected) => {
    const { differences } = tagDifferences(wished, live, new Set(["Stage", "Team"]));
    expect(differences).toEqual(expected.map((each) => ({ ...each, sensitive: false, createOnly: false })));
  });

  it("what is left alone is named", () => {
    const live = { Team: "core", Owner: "jo", Stage: "test", "aws:a": "b", "reconcile:adopted": "true" };
    expect(tagDifferences(wished, live, new Set(["Stage"])).foreign).toEqual(["Owner"]);
  });

  it("a key is no path, whatever is in it", () => {
    const { differences } = tagDifferences({ "a/b~c": "x" }, {}, new Set());
    expect(differences.map((each) => each.path)).toEqual(["/Tags/a~1b~0c"]);
  });

  it("a value that is not known yet differs from every other", () => {
    const { differences } = tagDifferences({ Vpc: unknown }, { Vpc: "vpc-1" }, new Set());
    expect(differences).toMatchObject([{ path: "/Tags/Vpc", before: "vpc-1", after: unknown }]);
  });

  it("a key of the language's own is a key like any other", () => {
    expect(tagDifferences({ toString: "x" }, {}, new Set()).differences).toHaveLength(1);
    expect(tagDifferences({}, { constructor: "x" }, new Set()).foreign).toEqual(["constructor"]);
  });
});
