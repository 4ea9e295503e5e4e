import { describe, expect, it } from "vitest";
import type { Change } from "../plan/model.ts";
import { calls, change, plan, property, stackPlan, types } from "./fixtures.ts";
import { callsText, clock, driftHeading, duration, notesOf, remarksOf, shortRevision } from "./words.ts";

describe("times", () => {
  it.each([
    [-5, "0.0 s", "0:00"],
    [840, "0.8 s", "0:01"],
    [59_949, "59.9 s", "1:00"],
    [59_950, "1:00", "1:00"],
    [171_000, "2:51", "2:51"],
    [3_771_000, "1:02:51", "1:02:51"],
  ])("%i ms took %s, and is %s on a clock", (milliseconds, took, time) => {
    expect([duration(milliseconds), clock(Math.max(0, milliseconds))]).toEqual([took, time]);
  });
});

it.each([
  ["9d03e71c0ffee0000000000000000000000000aa", "9d03e71"],
  ["main", "main"],
  ["a-branch-with-quite-a-long-name", "a-branch-with-quite-a-l…"],
])("the revision %s is shown as %s", (revision, text) => {
  expect(shortRevision(revision)).toBe(text);
});

it.each([
  [undefined, "0 calls"],
  [calls(1), "1 call"],
  [calls(31, { throttled: 2 }), "31 calls (2 throttled)"],
])("%o are %s", (count, text) => {
  expect(callsText(count)).toBe(text);
});

it("drift is told from the revision on that was applied, where there is one", () => {
  expect(driftHeading(plan([], { base: "4f1c2abc0ffee000" }))).toBe("drift since 4f1c2ab, reverted by this run");
  expect(driftHeading(plan([], { base: null }))).toBe("drift, reverted by this run");
  expect(driftHeading(plan([], { base: null }), true)).toBe("drift, which a run reverts");
});

describe("why something is done, in a few words", () => {
  const forced = (...paths: string[]): Partial<Change> => ({
    action: "replace",
    properties: paths.map((path) => property(path, { requiresReplacement: true })),
  });

  it.each<[Partial<Change>, string[]]>([
    [{}, []],
    [forced("/KeySchema/0/AttributeName", "/KeySchema/1/AttributeName"), ["KeySchema forces it"]],
    [forced("/A", "/B"), ["A and B force it"]],
    [forced("/A", "/B", "/C"), ["A and 2 more force it"]],
    [{ ...forced("/A"), impact: "may-replace", reasons: ["depends-on-unknown"] }, ["A may force it, once known"]],
    [{ reasons: ["depends-on-unknown"] }, ["depends on what is not known yet"]],
    [{ action: "replace", deleteFirst: true, keepsOld: true }, ["the old one is deleted first", "the old one is kept"]],
    [{ impact: "interrupts", steps: ["stop", "start"] }, ["interrupts", "with stop, start"]],
    [{ steps: ["release"] }, []],
    [{ cause: "drift" }, ["changed outside"]],
    [{ cause: "drift", action: "create" }, ["deleted outside"]],
    [{ cause: "drift", action: "delete" }, []],
    [{ cause: "both" }, ["also changed outside"]],
    [{ cause: "input" }, ["an outside value moved"]],
    [{ reasons: ["dependency-replaced", "renamed"] }, ["what it uses is replaced", "renamed, the same resource"]],
    [{ reasons: ["adopted"] }, ["takes over a-id"]],
    [{ action: "create", reasons: ["adopted"] }, ["takes over what is there"]],
    [{ action: "delete", reasons: ["not-declared"] }, ["no longer declared"]],
    [{ action: "delete", released: true, reasons: ["not-declared"] }, ["no longer declared, kept"]],
    [
      { action: "delete", reasons: ["left-over", "duplicate", "expired"] },
      ["left over from an earlier run", "a duplicate", "expired"],
    ],
    [{ reasons: ["property-changed", "not-found"] }, []],
  ])("%o: %j", (given, remarks) => {
    expect(remarksOf(change("A", types.alarm, given), false)).toEqual(remarks);
    expect(remarksOf(change("A", types.alarm, given), true)).toEqual(["refused", ...remarks]);
  });
});

it("what was found and is left as it is has a line each", () => {
  const notes = notesOf(
    stackPlan([], {
      unowned: [
        {
          logicalId: "Group",
          type: "AWS::EC2::SecurityGroup",
          path: "/SecurityGroupIngress/tcp,22",
          identifier: "rule-1",
          owner: "news/other@us-east-1",
        },
        { logicalId: "Table", type: "AWS::DynamoDB::Table", identifier: "table-1" },
      ],
      orphans: [
        { logicalId: "Disk", type: "AWS::EC2::Volume", identifier: "vol-1", reason: "retained" },
        { logicalId: "Key", type: "AWS::KMS::Key", identifier: "key-1", reason: "used-elsewhere" },
      ],
      notes: [
        { logicalId: "Name", message: "Name is 3 and not declared" },
        { logicalId: "App", message: "has 1 foreign tag" },
      ],
    }),
  );

  expect(notes).toEqual([
    'Group.SecurityGroupIngress["tcp,22"]: rule-1 is not ours (news/other@us-east-1)',
    "Table: table-1 is not ours",
    "Disk (AWS::EC2::Volume): vol-1 is no longer declared and stays: retained",
    "Key (AWS::KMS::Key): key-1 is no longer declared and stays: another stack uses it",
    "Name: Name is 3 and not declared",
    "App: has 1 foreign tag",
  ]);
});
