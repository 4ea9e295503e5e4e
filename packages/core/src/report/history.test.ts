import { describe, expect, it } from "vitest";
import type { HeadRecord } from "../apply/head-record.ts";
import { HistoryDocument, historyDocument, renderHistory, renderHistoryMarkdown } from "./history.ts";

const run: HeadRecord = {
  run: "3f2a1b9c",
  actor: "octocat",
  source: { revision: "9d03e71".padEnd(40, "0"), tree: "abc", dirty: false },
  began: "2026-11-21T02:16:00.000Z",
  ended: "2026-11-21T02:17:05.123Z",
  outcome: "done",
  counts: { create: 2, update: 1 },
  account: "123456789012",
  region: "us-east-1",
};
const dirty: HeadRecord = {
  ...run,
  purpose: "rollback",
  outcome: "failed",
  counts: {},
  source: { ...run.source, dirty: true },
};
const nowhere: HeadRecord = {
  ...run,
  outcome: "killed",
  counts: {},
  actor: "@all | <b>",
  source: { ...run.source, revision: null },
};

const stacks = [
  { name: "app", project: "news", runs: [run, dirty, nowhere] },
  { name: "new", project: "news", runs: [] },
];

describe("the history of stacks", () => {
  it("is a line for each run", () => {
    expect(renderHistory(stacks)).toBe(`app · 3 runs
  2026-11-21 02:17:05  9d03e71            done             2 create, 1 update  octocat
  2026-11-21 02:17:05  9d03e71 + changes  rollback failed  nothing changed     octocat
  2026-11-21 02:17:05  (no commit)        killed           changes not known   @all | <b>

new · no run is recorded`);
  });

  it("is a table in Markdown, in which what people wrote does nothing", () => {
    const markdown = renderHistoryMarkdown(stacks);
    expect(markdown).toContain("| `2026-11-21 02:17:05` | `9d03e71` | done | 2 create, 1 update | octocat |");
    expect(markdown).not.toMatch(/@all|<b>/);
    expect(markdown).toContain("### new\n\nNo run is recorded.");
  });

  it("is a document", () => {
    const document = HistoryDocument.parse(historyDocument(stacks));
    expect(document.stacks[0]?.runs.map((each) => [each.outcome, each.purpose, each.revision?.slice(0, 7)])).toEqual([
      ["done", null, "9d03e71"],
      ["failed", "rollback", "9d03e71"],
      ["killed", null, undefined],
    ]);
  });
});
