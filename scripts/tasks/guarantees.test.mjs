import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pageOf, rowsOf } from "./guarantees-page.mjs";
import { root } from "./paths.mjs";
import { numbers, places, promises } from "./promises.mjs";
import { proofFiles } from "./proof-files.mjs";

const page = readFileSync(join(root, "docs", "guarantees.md"), "utf8");

/** `5 memory`, of every `proves(5, "memory")` and of what the contract kit says of its cases. */
function proofsInTests() {
  const kit = readFileSync(join(root, "packages/core/src/testing/contract.ts"), "utf8");
  const ofKit = [...kit.matchAll(/^ {2}"?[a-z-]+"?: \[([\d, ]+)\],$/gm)].flatMap(([, list]) => list.split(", "));
  const files = [...proofFiles(), "packages/providers/src/testing/weather/type-storms.ts"];
  const texts = files.map((file) => readFileSync(join(root, file), "utf8"));
  const said = [...texts.join("\n").matchAll(/proves\(\[?([\d, ]+)\]?, "(\w+)"\)/g)];
  return new Set([
    ...said.flatMap(([, list, place]) => list.split(", ").map((number) => `${number} ${place}`)),
    ...ofKit.flatMap((number) => [`${number} memory`, `${number} ${number === "5" ? "handler" : "sandbox"}`]),
    "14 sandbox",
  ]);
}

describe("docs/guarantees.md", () => {
  it("tells of every promise, in its words, and of no other", () => {
    const headings = [...page.matchAll(/^## (\d+)\. (.*)\n\n(.*)$/gm)].map(([, number, name, text]) => [
      Number(number),
      { name, text },
    ]);
    expect(headings).toEqual(promises.map((promise, index) => [index + 1, promise]));
  });

  it("has commands that run what tests say that they prove, all of it and nothing else", () => {
    const commands = [...page.matchAll(/`npm run guarantees -- (\d+ \w+)`/g)].map(([, row]) => row);
    expect(commands.sort()).toEqual([...proofsInTests()].sort());
  });
});

describe("the page", () => {
  const test = (tags, more = {}) => ({ file: "a.test.ts", name: "A is", status: "passed", tags, ...more });
  const settings = { cases: "10", seed: "1" };
  const lineOf = (text, number) => text.split("\n").find((line) => line.startsWith(`| ${number} |`));

  it("adds up what tests tried, by promise and place", () => {
    const tests = [
      test(["promise-1", "promise-2", "memory"], { tried: { cases: 10, casesInCi: 3, seeds: 10, types: ["B", "A"] } }),
      test(["promise-1", "memory"], { tried: { boundaries: 4, types: ["A"] } }),
      test(["promise-1", "sandbox"], { file: "b.test.ts" }),
    ];
    const [memory, sandbox, two] = rowsOf(tests);
    expect(memory).toMatchObject({ cases: 11, casesInCi: 4, boundaries: 4, types: ["A", "B"], seeds: 10, failed: 0 });
    expect([sandbox, two]).toMatchObject([
      { promise: 1, place: "sandbox", cases: 1, files: ["b.test.ts"] },
      { promise: 2, place: "memory", cases: 10 },
    ]);
  });

  it("hides nothing: what no test proves, what failed, and what was left out", () => {
    const reason = { name: "A is not (skipped: it cannot be)", status: "skipped", skipped: "it cannot be" };
    const text = pageOf(
      [test(["promise-1", "memory"], { status: "failed" }), test(["promise-2", "memory"], reason)],
      settings,
    );
    expect(lineOf(text, 1)).toContain("**1 failed**");
    expect(lineOf(text, 2)).toContain("**not proven**");
    expect(lineOf(text, 3)).toContain("**not proven**");
    expect(text).toContain("1 left out, each for a reason:\n\n- A is not: it cannot be");
  });

  it("has a section for each promise, whatever was proven", () => {
    expect(pageOf([], settings).match(/^## \d+\. /gm)).toHaveLength(numbers.length);
    expect(Object.keys(places)).toEqual(["memory", "handler", "sandbox"]);
  });
});
