import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { bundleCurrent } from "./bundle.mjs";
import { pageOf, rowsOf, tableOf } from "./guarantees-page.mjs";
import { cache, root } from "./paths.mjs";
import { runNode, TaskFailed } from "./process.mjs";
import { numbers, places, tagOf } from "./promises.mjs";
import { proofFiles } from "./proof-files.mjs";

const results = join(cache, "guarantees.json");
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

/**
 * Runs the tests that prove what is promised, with thousands of random cases instead of hundreds, and writes docs/guarantees.md. With numbers of promises and places, only
 * their tests: then it only prints what they tried.
 */
export async function guarantees(args) {
  const chosen = numbers.filter((number) => args.includes(String(number)));
  const where = Object.keys(places).filter((place) => args.includes(place));
  const unknown = args.filter((arg) => !chosen.includes(Number(arg)) && !where.includes(arg));
  if (unknown.length > 0) {
    const known = `promises 1 to ${numbers.length} and of ${Object.keys(places).join(", ")}`;
    throw new TaskFailed(`"${unknown[0]}" is none of ${known}.\n  Fix: npm run guarantees -- 2 memory`);
  }
  process.env.RECONCILE_CASES ??= "3000";
  process.env.RECONCILE_SEED ??= "1";
  await bundleCurrent();
  const code = await prove([(chosen.length > 0 ? chosen : numbers).map(tagOf), where]);
  const tests = readTests();
  if (args.length > 0) {
    const isAsked = ({ promise, place }) =>
      (chosen.length === 0 || chosen.includes(promise)) && (where.length === 0 || where.includes(place));
    console.log(`\n${tableOf(rowsOf(tests).filter(isAsked)).join("\n")}`);
    return code;
  }
  const { RECONCILE_CASES: cases, RECONCILE_SEED: seed } = process.env;
  writeFileSync(join(root, "docs", "guarantees.md"), pageOf(tests, { cases, seed }));
  return code;
}

/** Runs the tests that have a tag of each list that is not empty. */
async function prove(wanted) {
  rmSync(results, { force: true });
  mkdirSync(dirname(results), { recursive: true });
  const either = wanted.filter((each) => each.length > 0).map((each) => `(${each.join(" || ")})`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const chosen = ["--tags-filter", either.join(" && "), ...proofFiles()];
  // Ten times the cases take ten times as long.
  const { code } = await runNode([vitest, "run", ...reporters, "--testTimeout=3600000", ...chosen]);
  return code;
}

/** What vitest wrote of the tests that prove something. */
function readTests() {
  const { testResults } = JSON.parse(readFileSync(results, "utf8"));
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ tags }) => tags.length > 0)
      .map(({ fullName, status, tags, meta }) => ({
        file: relative(root, name).replaceAll("\\", "/"),
        name: fullName,
        status,
        tags,
        tried: meta.tried,
        skipped: status === "skipped" || status === "pending" ? (meta.skipped ?? "") : undefined,
      })),
  );
}
