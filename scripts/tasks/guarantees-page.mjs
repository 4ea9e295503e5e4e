import { numbers, places, promises, tagOf } from "./promises.mjs";

/**
 * One row for each promise and place that a test has proven it in: `{ promise, place, command, failed, cases, casesInCi, boundaries, types, seeds, files, skipped }`.
 * A promise that no test proves has a row without a place. `tests`: `{ file, name, status, tags, tried, skipped }`.
 */
export function rowsOf(tests) {
  return numbers.flatMap((promise) => {
    const proofs = tests.filter((test) => test.tags.includes(tagOf(promise)));
    const rows = Object.keys(places)
      .map((place) => ({ place, of: proofs.filter((test) => test.tags.includes(place)) }))
      .filter(({ of }) => of.length > 0)
      .map(({ place, of }) => rowOf(promise, place, of));
    return rows.length > 0 ? rows : [{ promise }];
  });
}

function rowOf(promise, place, tests) {
  const run = tests.filter((test) => test.skipped === undefined);
  const passed = run.filter((test) => test.status === "passed");
  const sum = (count) => passed.reduce((total, test) => total + count(test.tried ?? {}), 0);
  return {
    promise,
    place,
    command: `npm run guarantees -- ${promise} ${place}`,
    failed: run.length - passed.length,
    cases: sum((tried) => tried.cases ?? 1),
    casesInCi: sum((tried) => tried.casesInCi ?? tried.cases ?? 1),
    boundaries: sum((tried) => tried.boundaries ?? 0),
    types: [...new Set(passed.flatMap((test) => test.tried?.types ?? []))].sort(),
    seeds: sum((tried) => tried.seeds ?? 0),
    files: [...new Set(run.map((test) => test.file))].sort(),
    skipped: tests
      .filter((test) => test.skipped !== undefined)
      .map(({ name, skipped }) => `${name.replace(` (skipped: ${skipped})`, "")}: ${skipped || "no reason is written"}`)
      .sort(),
  };
}

/** docs/guarantees.md. */
export function pageOf(tests, { cases, seed }) {
  const rows = rowsOf(tests);
  return [
    "<!-- Written by `npm run guarantees`, not by hand. -->",
    "",
    "# What is promised, and what was tried",
    "",
    "A promise without a test that could fail is not made. `npm run guarantees` runs the tests that prove one and writes this page from what they counted while they ran; the command",
    "beside a row runs its tests alone and prints the row. CI runs every one of them on each push, with fewer of the cases that are drawn at random.",
    "",
    "- **Cases** are stories with an end of their own: what was declared, what happened, and what has to hold then. *In CI*: how many of them each push has.",
    "- **Boundaries** are points at which a run was killed, before a call was sent or before its answer came, or at which a call failed.",
    "- **Seeds** are the cases that were drawn at random, each from a seed that its failure prints.",
    ...Object.entries(places).map(([place, meaning]) => `- **${place}**: ${meaning}.`),
    "",
    `Properties were tried with RECONCILE_CASES=${cases} from RECONCILE_SEED=${seed}; without a seed, as in CI, each run draws other cases.`,
    "",
    ...tableOf(rows),
    "",
    ...numbers.flatMap((number) => sectionOf(number, rows)),
    ...skipsOf(rows),
  ].join("\n");
}

export function tableOf(rows) {
  return [
    "| | promise | where | result | cases | in CI | boundaries | types | seeds | again |",
    "| --: | --- | --- | --- | --: | --: | --: | --: | --: | --- |",
    ...rows.map((row) => {
      const promise = [row.promise, promises[row.promise - 1].name];
      if (!row.place) return line(...promise, "", "**not proven**", 0, 0, 0, 0, 0, "");
      const { place, cases, casesInCi, boundaries, types, seeds, command } = row;
      return line(
        ...promise,
        place,
        resultOf(row),
        cases,
        casesInCi,
        boundaries,
        types.length,
        seeds,
        `\`${command}\``,
      );
    }),
  ];
}

function line(...cells) {
  return `| ${cells.join(" | ")} |`;
}

function resultOf({ failed, cases }) {
  if (failed > 0) return `**${failed} failed**`;
  return cases > 0 ? "holds" : "**not proven**";
}

function sectionOf(number, rows) {
  const { name, text } = promises[number - 1];
  const own = rows.filter((row) => row.promise === number && row.place);
  const types = [...new Set(own.flatMap((row) => row.types))].sort();
  return [
    `## ${number}. ${name}`,
    "",
    text,
    "",
    ...(own.length === 0 ? ["Not proven: no test says that it proves this."] : []),
    ...own.map(({ place, files }) => `- ${place}: ${files.map((file) => `[${file}](../${file})`).join(", ")}`),
    ...(types.length > 0 ? [`- types: ${types.join(", ")}`] : []),
    "",
  ];
}

/** What is not tried stands here with its reason, once however many promises it is of. */
function skipsOf(rows) {
  const skips = [...new Set(rows.flatMap((row) => row.skipped ?? []))].sort();
  return [
    "## What was not tried",
    "",
    ...(skips.length === 0 ? ["Nothing was left out."] : [`${skips.length} left out, each for a reason:`, ""]),
    ...skips.map((skip) => `- ${skip}`),
    "",
  ];
}
